# METADATA
# title: Nodes
# description: Whether a Node carries the labels and taints that its role declares.
# custom:
#   reads: [node]
package lib.nodes.nodes

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.nodes.taints

# METADATA
# description: true if the object is a Node.
known(obj) if {
	obj.kind == "Node"
	inventory.group(obj.apiVersion) == ""
}

# METADATA
# description: returns the words by which a message names the node.
title(node) := concat(" ", [
	"Node",
	fields.text(fields.at(node, ["metadata", "name"], "without a name")),
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
#   returns the class of this one node (lib.nodes.roles): its name, labels and taints, a cordon among
#   them as the scheduler has it. Only of a Node that an API server has shown are all labels known: a
#   kubelet adds to those of a manifest.
class(node) := {
	"name": fields.text(fields.at(node, ["metadata", "name"], "")),
	"forced": fields.text_map(fields.map(fields.map(node, "metadata"), "labels")),
	"forbidden": set(),
	"closed": fields.at(node, ["metadata", "uid"], "") != "",
	"taints": _all_taints(node) | _cordon(node),
}

_all_taints(node) := {taint |
	some item in _taints(node)
	taint := {
		"key": fields.field_text(item.value, "key"),
		"value": fields.field_text(item.value, "value"),
		"effect": fields.field_text(item.value, "effect"),
	}
}

_cordon(node) := {{"key": "node.kubernetes.io/unschedulable", "value": "", "effect": "NoSchedule"} |
	fields.at(node, ["spec", "unschedulable"], false) == true
}

# METADATA
# description: >-
#   returns the class of this one node without the taints that Kubernetes itself sets and lifts as
#   the state of the node changes: who can be there is another question than who can be there now.
lasting_class(node) := object.union(all, {"taints": {taint |
	some taint in all.taints
	not taint.key in _conditions
}}) if {
	all := class(node)
}

# METADATA
# description: >-
#   returns the classes of the inventory's Nodes of the role, each with the role's own taints: a Node
#   that lacks one is a finding of its own, and not to be counted on.
member_classes(role) := [object.union(class, {"taints": union({class.taints, declared})}) |
	declared := {taint | some taint in role.taints; taints.blocks(taint)}
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
		taints.name(taint),
	]),
} |
	some role in roles
	some pair in role.labels
	_label(node, pair.key) == pair.value
	some taint in role.taints
	taints.blocks(taint)
	count([item | some item in _taints(node); _same(item.value, taint)]) == 0
}

# METADATA
# description: >-
#   returns the reserved roles that the node gives up by a change: it carried a label of the role before,
#   and has neither that nor a taint of the role after.
lost_roles(before, after, roles) := {role |
	some role in roles
	carries(before, role)
	not carries(after, role)
	blocking := [taint | some taint in role.taints; taints.blocks(taint)]
	count(blocking) > 0
	every taint in blocking {
		count([item | some item in _taints(after); _same(item.value, taint)]) == 0
	}
}

_other_values(node, roles) := {{
	"path": array.concat(item.path, ["value"]),
	"reason": concat("", [
		"has the taint of the role ",
		role.name,
		" with the value ",
		fields.quoted(fields.field_text(item.value, "value")),
		", not ",
		fields.quoted(taint.value),
	]),
} |
	some role in roles
	some taint in role.taints
	taints.blocks(taint)
	some item in _taints(node)
	_same(item.value, taint)
	fields.field_text(item.value, "value") != taint.value
}

_missing_labels(node, roles) := {{
	"path": item.path,
	"reason": concat("", [
		"carries the taint ",
		taints.name(taint),
		" of the role ",
		role.name,
		" without its label ",
		concat(" or ", sort([_pair_name(pair) | some pair in role.labels])),
	]),
} |
	some role in roles
	some taint in role.taints
	taints.blocks(taint)
	some item in _taints(node)
	_same(item.value, taint)
	count([pair | some pair in role.labels; is_string(_label(node, pair.key))]) == 0
}

_strange_values(node, roles) := {{
	"path": ["metadata", "labels", pair.key],
	"reason": concat("", [
		"has the label of the role ",
		role.name,
		" with the value ",
		fields.quoted(_label(node, pair.key)),
		", not ",
		concat(" or ", sort(_known_values(roles, pair.key))),
	]),
} |
	some role in roles
	some pair in role.labels
	is_string(_label(node, pair.key))
	not fields.quoted(_label(node, pair.key)) in _known_values(roles, pair.key)
}

_known_values(roles, key) := {fields.quoted(pair.value) |
	some role in roles
	some pair in role.labels
	pair.key == key
}

_pair_name(pair) := concat("=", [pair.key, fields.quoted(pair.value)])

_label(node, key) := object.get(
	fields.text_map(fields.map(fields.map(node, "metadata"), "labels")),
	key,
	null,
)

_taints(node) := fields.items(fields.list(fields.map(node, "spec"), "taints"), ["spec", "taints"])

# A taint's identity is its key and effect (MatchTaint); its value is not part of it.
_same(found, declared) if {
	fields.field_text(found, "key") == declared.key
	fields.field_text(found, "effect") == declared.effect
}
