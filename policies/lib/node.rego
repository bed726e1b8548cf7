# METADATA
# title: Nodes
# description: Whether a Node carries the labels and taints that its role declares.
package lib.node

import data.lib.inventory
import data.lib.taint
import data.lib.value

# METADATA
# description: true if the object is a Node.
known(object_) if {
	object_.kind == "Node"
	inventory.group(object_.apiVersion) == ""
}

# METADATA
# description: returns the words by which a message names the node.
title(node) := concat(" ", [
	"Node",
	value.text(value.at(node, ["metadata", "name"], "without a name")),
])

# METADATA
# description: returns the Nodes of the inventory that carry a label of the role.
members(role) := [node |
	some node in inventory.in_cluster({""}, "Node")
	carries(node, role)
]

# METADATA
# description: returns the Nodes of the inventory that carry no label of the role.
others(role) := [node |
	some node in inventory.in_cluster({""}, "Node")
	not carries(node, role)
]

# METADATA
# description: true if the node carries a label of the role.
carries(node, role) if {
	some pair in role.labels
	_label(node, pair.key) == pair.value
}

# METADATA
# description: >-
#   true if the node's labels decide whether it has the role: it carries one, or has none of their
#   keys. With another value it may be meant to have the role.
decided(node, role) if carries(node, role)

decided(node, role) if {
	every pair in role.labels {
		not is_string(_label(node, pair.key))
	}
}

# METADATA
# description: >-
#   returns the class of this one node (lib.node_role): its name, labels and taints, a cordon among
#   them as the scheduler has it. Only of a Node that an API server has shown are all labels known: a
#   kubelet adds to those of a manifest.
class(node) := {
	"name": value.text(value.at(node, ["metadata", "name"], "")),
	"forced": value.text_map(value.map(value.map(node, "metadata"), "labels")),
	"forbidden": set(),
	"closed": value.at(node, ["metadata", "uid"], "") != "",
	"taints": _all_taints(node) | _cordon(node),
}

_all_taints(node) := {mark |
	some item in _taints(node)
	mark := {
		"key": value.field_text(item.value, "key"),
		"value": value.field_text(item.value, "value"),
		"effect": value.field_text(item.value, "effect"),
	}
}

_cordon(node) := {{"key": "node.kubernetes.io/unschedulable", "value": "", "effect": "NoSchedule"} |
	value.at(node, ["spec", "unschedulable"], false) == true
}

# METADATA
# description: >-
#   returns the class of this one node without the taints that Kubernetes itself sets and lifts as
#   the state of the node changes: who can be there is another question than who can be there now.
lasting_class(node) := object.union(all, {"taints": {mark |
	some mark in all.taints
	not mark.key in _conditions
}}) if {
	all := class(node)
}

# METADATA
# description: >-
#   returns the classes of the inventory's Nodes of the role, each with the role's own taints: a Node
#   that lacks one is a finding of its own, and not to be counted on.
member_classes(role) := [object.union(class, {"taints": union({class.taints, declared})}) |
	declared := {mark | some mark in role.taints; taint.blocks(mark)}
	some member in members(role)
	class := lasting_class(member)
]

_conditions := {
	"node.kubernetes.io/not-ready",
	"node.kubernetes.io/unreachable",
	"node.kubernetes.io/disk-pressure",
	"node.kubernetes.io/memory-pressure",
	"node.kubernetes.io/pid-pressure",
	"node.kubernetes.io/network-unavailable",
	"node.kubernetes.io/unschedulable",
	"node.kubernetes.io/out-of-service",
	"node.cloudprovider.kubernetes.io/uninitialized",
}

# METADATA
# description: returns where the node does not carry what its role declares, each with its path.
faults(node, roles) := union({
	_missing_taints(node, roles),
	_other_values(node, roles),
	label_faults(node, roles),
})

# METADATA
# description: >-
#   returns where the node's labels are not those of its roles: one is missing beside the role's taint,
#   or has a value that is of no role. Each has its path.
label_faults(node, roles) := _missing_labels(node, roles) | _strange_values(node, roles)

_missing_taints(node, roles) := {{
	"path": ["spec", "taints"],
	"reason": concat("", [
		"carries the label ",
		_pair_name(pair),
		" of the role ",
		role.name,
		" without the taint ",
		taint.name(mark),
	]),
} |
	some role in roles
	some pair in role.labels
	_label(node, pair.key) == pair.value
	some mark in role.taints
	taint.blocks(mark)
	count([item | some item in _taints(node); _same(item.value, mark)]) == 0
}

# METADATA
# description: >-
#   returns the reserved roles that the node gives up by a change: it carried a label of the role before,
#   and has neither that nor a taint of the role after.
lost_roles(before, after, roles) := {role |
	some role in roles
	carries(before, role)
	not carries(after, role)
	blocking := [mark | some mark in role.taints; taint.blocks(mark)]
	count(blocking) > 0
	every mark in blocking {
		count([item | some item in _taints(after); _same(item.value, mark)]) == 0
	}
}

_other_values(node, roles) := {{
	"path": array.concat(item.path, ["value"]),
	"reason": concat("", [
		"has the taint of the role ",
		role.name,
		" with the value ",
		value.quoted(value.field_text(item.value, "value")),
		", not ",
		value.quoted(mark.value),
	]),
} |
	some role in roles
	some mark in role.taints
	taint.blocks(mark)
	some item in _taints(node)
	_same(item.value, mark)
	value.field_text(item.value, "value") != mark.value
}

_missing_labels(node, roles) := {{
	"path": item.path,
	"reason": concat("", [
		"carries the taint ",
		taint.name(mark),
		" of the role ",
		role.name,
		" without its label ",
		concat(" or ", sort([_pair_name(pair) | some pair in role.labels])),
	]),
} |
	some role in roles
	some mark in role.taints
	taint.blocks(mark)
	some item in _taints(node)
	_same(item.value, mark)
	count([pair | some pair in role.labels; is_string(_label(node, pair.key))]) == 0
}

_strange_values(node, roles) := {{
	"path": ["metadata", "labels", pair.key],
	"reason": concat("", [
		"has the label of the role ",
		role.name,
		" with the value ",
		value.quoted(_label(node, pair.key)),
		", not ",
		concat(" or ", sort(_known_values(roles, pair.key))),
	]),
} |
	some role in roles
	some pair in role.labels
	is_string(_label(node, pair.key))
	not value.quoted(_label(node, pair.key)) in _known_values(roles, pair.key)
}

_known_values(roles, key) := {value.quoted(pair.value) |
	some role in roles
	some pair in role.labels
	pair.key == key
}

_pair_name(pair) := concat("=", [pair.key, value.quoted(pair.value)])

_label(node, key) := object.get(
	value.text_map(value.map(value.map(node, "metadata"), "labels")),
	key,
	null,
)

_taints(node) := value.items(value.list(value.map(node, "spec"), "taints"), ["spec", "taints"])

# A taint's identity is its key and effect (MatchTaint); its value is not part of it.
_same(found, declared) if {
	value.field_text(found, "key") == declared.key
	value.field_text(found, "effect") == declared.effect
}
