package lib.nodes.roles_test

import data.lib.nodes.nodes
import data.lib.nodes.roles

_roles := [
	{"name": "master", "labels": [{"key": "m", "value": ""}], "taints": [{"key": "m", "value": "", "effect": "NoSchedule"}]},
	{"name": "worker", "labels": [{"key": "w", "exists": true}], "taints": []},
]

_both := {"name": "master or worker", "parts": _roles, "labels": []}

_none := {"name": "unreserved", "parts": [], "labels": []}

_node(name, labels) := {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels}}

_inventory := {"v1": {"Node": {
	"a": _node("a", {"m": ""}),
	"b": _node("b", {"w": "x"}),
	"c": _node("c", {}),
	"d": object.union(_node("d", {"m": ""}), {"spec": {"taints": [{"key": "x", "effect": "Never"}]}}),
}}}

_facts := facts if {
	facts := data.entry.node_facts with data.inventory.cluster as _inventory
		with data.bulkhead.table as {"nodeRoles": _roles}
}

test_facts if _facts == {
	"present": ["a", "b", "c"],
	"roles": {
		"master": {"members": ["a"], "others": ["b", "c"]},
		"worker": {"members": ["b"], "others": ["a", "c"]},
	},
	"reserved": ["master"],
}

_answers(role) := {
	"given": count({true | nodes.given}),
	"present": count(nodes.present),
	"members": {nodes.name(node) | some node in roles.members(role)},
	"others": {nodes.name(node) | some node in roles.others(role)},
	"has_members": count({true | roles.has_members(role)}),
	"has_others": count({true | roles.has_others(role)}),
	"reserved": count({true | roles.reserved(role)}),
}

test_same_with_the_index[role.name] if {
	some role in array.concat(_roles, [_both, _none])
	scanned := _answers(role) with data.inventory as {"cluster": _inventory}
	indexed := _answers(role) with data.inventory as {"cluster": _inventory, "index": {"nodes": _facts}}
	scanned == indexed
}

test_the_roles_of_a_profile_are_those_of_the_index if {
	index := {"roles": [{"name": "of the index"}]}
	of_profile := roles.of({"nodeRoles": []}) with input.ofProfile as true
		with data.inventory.index as index
	of_profile == index.roles
	written := roles.of({"nodeRoles": []}) with data.inventory.index as index
	written == []
}
