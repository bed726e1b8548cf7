package lib.api.limits_test

import data.lib.api.limits

test_least_is_the_least_of_the_limits if limits.least == min([number | some number in limits.most])

test_just_the_number_over_a_limit_is_an_excess[name] if {
	some name, most in limits.most
	limits.excess(name, most, []) == set()
	limits.excess(name, most + 1, ["spec"]) == {{"limit": name, "count": most + 1, "path": ["spec"]}}
}
