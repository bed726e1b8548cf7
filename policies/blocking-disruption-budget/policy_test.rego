package blocking_disruption_budget_test

# cases.yaml has no word for notes.

_labels := {"app": "x"}

_budget(spec) := {
	"apiVersion": "policy/v1",
	"kind": "PodDisruptionBudget",
	"metadata": {"namespace": "n", "name": "b"},
	"spec": object.union({"selector": {"matchLabels": _labels}}, spec),
}

_daemon_set := {
	"apiVersion": "apps/v1",
	"kind": "DaemonSet",
	"metadata": {"namespace": "n", "name": "proxy"},
	"spec": {"template": {"metadata": {"labels": _labels}}},
}

_without_nodes := {"namespace": {"n": {"apps/v1": {"DaemonSet": {"proxy": _daemon_set}}}}}

_with_nodes := object.union(_without_nodes, {"cluster": {"v1": {"Node": {"a": {
	"apiVersion": "v1",
	"kind": "Node",
	"metadata": {"name": "a"},
}}}}})

_notes(spec, inventory) := found if {
	found := data.policies["blocking-disruption-budget"].note with input as {
		"review": {"object": _budget(spec)},
		"parameters": {"components": [{"name": "proxy", "match": {"namespace": "n", "name": "proxy"}}]},
	}
		with data.inventory as inventory
}

test_a_daemon_set_is_not_counted_without_nodes if {
	_notes({"minAvailable": 3}, _without_nodes) == {{
		"code": "DAEMONSET_PODS_UNKNOWN",
		"path": ["spec", "minAvailable"],
		"message": concat("", [
			"whether it lets a pod of proxy be evicted was not judged: ",
			"it counts pods of a DaemonSet, give the Nodes too",
		]),
	}}
}

test_a_daemon_set_is_counted_on_nodes if _notes({"minAvailable": 3}, _with_nodes) == set()

test_a_daemon_set_has_no_scale if _notes({"maxUnavailable": 1}, _without_nodes) == set()
