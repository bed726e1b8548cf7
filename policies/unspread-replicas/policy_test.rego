package unspread_replicas_test

# cases.yaml has no word for notes.

_notes(kind, columns) := found if {
	found := data.policies["unspread-replicas"].note with input as {
		"review": {"object": {
			"apiVersion": "apps.kruise.io/v1alpha1",
			"kind": kind,
			"metadata": {"namespace": "n", "name": "web"},
			"spec": {"replicas": 3, "template": {"spec": {}}},
		}},
		"parameters": {
			"components": [],
			"otherWorkloads": object.union({"nodeRole": "worker"}, columns),
		},
	}
}

test_another_custom_resource_is_not_judged if {
	_notes("CloneSet", {"antiAffinity": true}) == {{
		"code": "REPLICAS_UNKNOWN",
		"path": [],
		"message": concat("", [
			"whether pods of a CloneSet of apps.kruise.io are kept on different nodes was not judged: ",
			"how many it runs is not known",
		]),
	}}
}

test_another_custom_resource_of_which_nothing_is_demanded if _notes("CloneSet", {}) == set()

test_a_kind_with_replicas_is_judged if _notes("StatefulSet", {"antiAffinity": true}) == set()
