package lib.api.inventory_test

import data.lib.api.inventory

test_of_a_kind_that_the_cluster_lacks_there_are_no_names if {
	inventory.by_name_in_cluster("v1", "Node") == {} with data.inventory as {}
	inventory.by_name_in_cluster("v1", "Node") == {} with data.inventory as {"cluster": {"v1": {"Namespace": {}}}}
	inventory.by_name_in_cluster("v1", "Node") == {"a": 1} with data.inventory as {"cluster": {"v1": {"Node": {"a": 1}}}}
}

_labelled := {"namespace": {"n": {"apps/v1": {"Deployment": {name: object.union({"name": name}, part) |
	some name, part in {
		"both": {"labels": {"a": "1", "b": "2"}},
		"first": {"labels": {"a": "1", "b": "3"}},
		"second": {"labels": {"b": "2"}},
		"neither": {},
		"null": {"labels": null},
	}
}}}}}

test_having_all_pairs[pairs] if {
	some [pairs, names] in [
		[{"a": "1", "b": "2"}, {"both"}],
		[{"a": "1"}, {"both", "first"}],
		[{"b": "2"}, {"both", "second"}],
		[{"c": "1"}, set()],
		[{}, {"both", "first", "second", "neither", "null"}],
	]
	wanted := {"path": ["labels"], "pairs": pairs}
	found := inventory.having_in_namespace("n", {"apps"}, "Deployment", wanted) with data.inventory as _labelled
	{obj.name | some obj in found} == names
}

test_kinds_of_a_namespace if {
	inventory.kinds_in("n") == {"Deployment"} with data.inventory as _labelled
	inventory.kinds_in("m") == set() with data.inventory as _labelled
}
