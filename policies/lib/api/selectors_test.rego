package lib.api.selectors_test

import data.lib.api.selectors

_labels := {"app": "x", "tier": ""}

_expression(key, operator, values) := {"matchExpressions": [{"key": key, "operator": operator, "values": values}]}

_cases := {
	"absent": [null, false],
	"empty": [{}, true],
	"null fields": [{"matchLabels": null, "matchExpressions": null}, true],
	"a pair": [{"matchLabels": {"app": "x"}}, true],
	"a null pair is empty": [{"matchLabels": {"tier": null}}, true],
	"another value": [{"matchLabels": {"app": "y"}}, false],
	"In": [_expression("app", "In", ["y", "x"]), true],
	"In of nothing": [_expression("app", "In", []), false],
	"NotIn of a label that is not there": [_expression("zone", "NotIn", ["a"]), true],
	"NotIn of nothing": [_expression("zone", "NotIn", []), false],
	"Exists": [_expression("tier", "Exists", []), true],
	"Exists with values": [_expression("tier", "Exists", ["a"]), false],
	"DoesNotExist": [_expression("zone", "DoesNotExist", null), true],
	"an operator of node selectors": [_expression("app", "Gt", ["1"]), false],
	"an unknown operator": [_expression("app", "in", ["x"]), false],
	"a key that is no label": [_expression("a b", "DoesNotExist", []), false],
	"a value that is no label": [_expression("app", "NotIn", ["a b"]), false],
	"a null expression": [{"matchExpressions": [null]}, false],
}

test_matches[name] if {
	some name, [selector, expected] in _cases
	count({true | selectors.matches(selector, _labels)}) == 1 == expected
}

test_one_part_that_cannot_be_parsed_spoils_the_selector if {
	not selectors.matches(_spoilt, _labels)
	not selectors.valid(_spoilt)
	selectors.valid(null)
	selectors.valid({"matchLabels": {"app": "other"}})
}

_spoilt := {"matchLabels": {"app": "x"}, "matchExpressions": [{"key": "zone", "operator": "NotIn", "values": ["-"]}]}

test_unmet_names_the_part if {
	selector := {
		"matchLabels": {"app": "y"},
		"matchExpressions": [
			{"key": "app", "operator": "NotIn", "values": ["x"]},
			{"key": "app", "operator": "In", "values": ["z", "y"]},
			{"key": "app", "operator": "DoesNotExist"},
			{"key": "zone", "operator": "Exists"},
		],
	}
	{[part.path, part.requirement] | some part in selectors.unmet(selector, _labels)} == {
		[["matchLabels", "app"], {"key": "app", "operator": "In", "values": ["y"]}],
		[["matchExpressions", 0, "values", 0], {"key": "app", "operator": "NotIn", "values": ["x"]}],
		[["matchExpressions", 1], {"key": "app", "operator": "In", "values": ["z", "y"]}],
		[["matchExpressions", 2], {"key": "app", "operator": "DoesNotExist", "values": []}],
		[["matchExpressions", 3], {"key": "zone", "operator": "Exists", "values": []}],
	}
}
