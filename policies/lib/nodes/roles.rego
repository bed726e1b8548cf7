# METADATA
# title: Node roles and classes of nodes
# description: >-
#   The node roles that a profile declares, the classes of nodes that they divide a cluster into, and the
#   Nodes that have them. A class is what is known of its nodes: labels that they have (`forced`), pairs
#   of label and value that they do not have (`forbidden`), the labels of which every value that a node
#   can have is known (`known`), and the taints that come with them (`taints_by_label`); every other label
#   is free, that of another role included: its nodes can have a value that the profile does not know. The
#   class of one node (lib.nodes.nodes) has its name and taints, and is `closed` if it has no other label.
package lib.nodes.roles

import data.lib.nodes.nodes
import data.lib.nodes.taints

# METADATA
# description: >-
#   returns the roles of the parameters, each with the classes of nodes that have it, one for each of its
#   labels, and the class of those `outside` it, which lack them all.
of(parameters) := [_with_classes(role, parameters) | some role in parameters.nodeRoles]

# METADATA
# description: returns the role of this name, as of() does; none if there is no such role.
named(name, parameters) := [_with_classes(role, parameters) |
	some role in parameters.nodeRoles
	role.name == name
]

# METADATA
# description: >-
#   returns those of the roles whose nodes do not count as nodes of this role, even with its label: the reserved
#   ones, unless it is reserved itself.
apart_from(role, all_roles) := [other |
	not reserved(role)
	some other in all_roles
	reserved(other)
]

# METADATA
# description: true if a taint keeps pods off the role's nodes unless they tolerate it.
reserved(role) if {
	some taint in role.taints
	taints.blocks(taint)
}

# METADATA
# description: returns the taints of the role that keep pods off its nodes.
blocking_taints(role) := {taint | some taint in role.taints; taints.blocks(taint)}

# A node that also has the label of a reserved role is reserved, and does not count as unreserved; neither does
# one that has it with a value which the profile does not know.
_with_classes(role, parameters) := object.union(role, {
	"classes": [object.union(any_node, {
		"forced": object.union(any_node.forced, {pair.key: pair.value}),
		"forbidden": forbidden,
		"known": (any_node.known | {other.key | some other in forbidden}),
	}) |
		some pair in role.labels
	],
	"outside": object.union(any_node, {"forbidden": {pair | some pair in role.labels}}),
	"profile_labels": {pair.key | some other in parameters.nodeRoles; some pair in other.labels},
}) if {
	forbidden := _forbidden(role, parameters.nodeRoles)
	any_node := object.union(_any_node(parameters), {"known": {pair.key | some pair in role.labels}})
}

_any_node(parameters) := {
	"forced": {pair.key: pair.value | some pair in object.get(parameters, "nodeLabels", [])},
	"taints_by_label": _taints_by_label([[pair, reserving] |
		some role in parameters.nodeRoles
		reserving := {taints.name(taint): taint | some taint in role.taints; taints.blocks(taint)}
		some pair in role.labels
	]),
}

# Usually no label identifies two roles, and nothing has to be merged.
_taints_by_label(labels) := {pair.key: {pair.value: reserving} | some [pair, reserving] in labels} if {
	count({pair.key | some [pair, _] in labels}) == count(labels)
} else := object.union_n([{pair.key: {pair.value: reserving}} | some [pair, reserving] in labels])

_forbidden(role, _) := set() if reserved(role)

_forbidden(role, roles) := {pair |
	some other in roles
	reserved(other)
	some pair in other.labels
} if {
	not reserved(role)
}

# METADATA
# description: returns the Nodes of the inventory that have a label of the role.
members(role) := [node | some node in nodes.present; has(node, role)]

# METADATA
# description: returns the Nodes of the inventory that have no label of the role.
others(role) := [node | some node in nodes.present; not has(node, role)]

# METADATA
# description: true if the node has a label of the role.
has(node, role) if {
	some pair in role.labels
	nodes.labels(node)[pair.key] == pair.value
}

# METADATA
# description: >-
#   true if the node's labels decide whether it has the role: it has one, or has none of their keys.
#   With another value it may be meant to have the role.
decided(node, role) if has(node, role)

decided(node, role) if {
	every pair in role.labels {
		not nodes.labels(node)[pair.key]
	}
}

# METADATA
# description: >-
#   returns the class of one node as the profile of the role knows it, without the taints of its condition.
class(node, role) := nodes.lasting_class(node, role.profile_labels)

# METADATA
# description: >-
#   returns the classes of the inventory's Nodes of the role, each with the role's own taints: a Node
#   that lacks one is a finding of its own, and is not relied on.
member_classes(role) := [object.union(found, {"taints": union({found.taints, blocking_taints(role)})}) |
	some member in members(role)
	found := class(member, role)
]
