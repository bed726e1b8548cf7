package lib.findings.edits_test

import data.lib.findings.edits

_path := ["spec", "strategy", "rollingUpdate", "maxUnavailable"]

# The object, and the edit that sets the path to 1.
_cases := {
	"a field": [
		{"spec": {"strategy": {"rollingUpdate": {"maxUnavailable": 0}}}},
		{"op": "set", "path": _path, "value": 1},
	],
	"a null": [
		{"spec": {"strategy": {"rollingUpdate": {"maxUnavailable": null}}}},
		{"op": "set", "path": _path, "value": 1},
	],
	"no field": [
		{"spec": {"strategy": {"rollingUpdate": {"maxSurge": 1}}}},
		{"op": "add", "path": _path, "value": 1},
	],
	"a parent that is null": [
		{"spec": {"strategy": {"rollingUpdate": null}}},
		{"op": "set", "path": ["spec", "strategy", "rollingUpdate"], "value": {"maxUnavailable": 1}},
	],
	"no parents": [
		{"spec": {"replicas": 1}},
		{"op": "add", "path": ["spec", "strategy"], "value": {"rollingUpdate": {"maxUnavailable": 1}}},
	],
	"nothing": [
		{},
		{"op": "add", "path": ["spec"], "value": {"strategy": {"rollingUpdate": {"maxUnavailable": 1}}}},
	],
}

_items := ["spec", "terms", 0, "values", 0]

# The object, and the edit that sets the item of a list to 1.
_list_cases := {
	"an item": [
		{"spec": {"terms": [{"values": ["a", "b"]}]}},
		{"op": "set", "path": _items, "value": 1},
	],
	"a list that is missing": [
		{"spec": {"terms": [{}]}},
		{"op": "add", "path": ["spec", "terms", 0, "values"], "value": [1]},
	],
	"an item that is not a mapping": [
		{"spec": {"terms": [null]}},
		{"op": "set", "path": ["spec", "terms", 0], "value": {"values": [1]}},
	],
}

test_put_item[name] if {
	some name, [obj, expected] in _list_cases
	edits.put(obj, _items, 1) == expected
}

test_put[name] if {
	some name, [obj, expected] in _cases
	edits.put(obj, _path, 1) == expected
}
