package lib.api.served_test

import data.lib.api.served

_workload(api_version, name) := {"apiVersion": api_version, "kind": "Deployment", "metadata": {"name": name}}

test_of_other_kinds_only_version_and_name_are_checked if {
	served.accepted(_workload("apps/v1", "web"))
	not served.accepted(_workload("apps/v1beta1", "web"))
	not served.accepted(_workload("apps/v1", ""))
}

_since := {"newer": 27, "newest": 31}

_value := {"old": 1, "newer": 2, "newest": 3}

test_each_version_of_the_profile_reads_what_it_knows if {
	served.readings(_value, _since) == {_value}
	served.readings(_value, _since) == {{"old": 1}, {"old": 1, "newer": 2}, _value} with input.parameters.kubernetes as "1.26"
	served.readings(_value, _since) == {{"old": 1, "newer": 2}, _value} with input.parameters.kubernetes as "1.30"
	served.readings(_value, _since) == {_value} with input.parameters.kubernetes as "1.31"
	served.readings(null, _since) == {null} with input.parameters.kubernetes as "1.26"
}
