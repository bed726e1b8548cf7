package untainted_control_plane_node_test

_roles := [{
	"name": "master",
	"labels": [{"key": "m", "value": ""}],
	"taints": [{"key": "m", "value": "", "effect": "NoSchedule"}],
}]

_node(labels, taints) := {
	"apiVersion": "v1",
	"kind": "Node",
	"metadata": {"name": "m-1", "labels": labels},
	"spec": {"taints": taints},
}

_master := _node({"m": ""}, [{"key": "m", "effect": "NoSchedule"}])

_reasons(review) := {found.msg |
	some found in data.policies["untainted-control-plane-node"].violation with input as {"review": review, "parameters": {"nodeRoles": _roles}}
}

test_a_node_that_is_made_gives_nothing_up if {
	_reasons({"object": _node({}, [])}) == set()
}

test_a_change_that_takes_label_and_taint_gives_the_role_up if {
	_reasons({"object": _node({}, []), "oldObject": _master}) == {
		"Node m-1 gives up the label and the taint of the role master",
	}
}

test_a_change_that_leaves_the_taint_is_told_by_it if {
	_reasons({"object": _node({}, _master.spec.taints), "oldObject": _master}) == {
		`Node m-1 carries the taint m:NoSchedule of the role master without its label m=""`,
	}
}

test_a_change_of_something_else_gives_nothing_up if {
	_reasons({"object": _master, "oldObject": _master}) == set()
}
