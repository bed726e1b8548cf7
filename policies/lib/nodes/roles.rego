# METADATA
# title: Node roles and classes of nodes
# description: >-
#   The node roles that a profile declares, and the classes of nodes that they divide a cluster
#   into. A class is what is known of its nodes: labels that they have (`forced`) and pairs of label
#   and value that they do not have (`forbidden`); every other label is free. The class of one node
#   (lib.nodes.nodes) has its name and taints, and is `closed` if it has no other label.
package lib.nodes.roles

import data.lib.nodes.taints

# METADATA
# description: >-
#   returns the world that the parameters describe: its roles, the labels that every node has, and
#   for each label that marks a role, by value, the taints that reserve the roles it marks. Only
#   taints that keep pods away count.
world(parameters) := {
	"roles": parameters.nodeRoles,
	"labels": {pair.key: pair.value | some pair in object.get(parameters, "nodeLabels", [])},
	"marks": _marks([[pair, blocking] |
		some role in parameters.nodeRoles
		blocking := {taints.name(taint): taint | some taint in role.taints; taints.blocks(taint)}
		some pair in role.labels
	]),
}

# Where no label marks two roles, as is usual, nothing has to be brought together.
_marks(marked) := {pair.key: {pair.value: blocking} | some [pair, blocking] in marked} if {
	count({pair.key | some [pair, _] in marked}) == count(marked)
} else := object.union_n([{pair.key: {pair.value: blocking}} | some [pair, blocking] in marked])

# METADATA
# description: returns the roles of the world by this name; none for a name it does not know.
named(name, roles) := [role | some role in roles; role.name == name]

# METADATA
# description: true if a taint keeps pods off the role's nodes unless they tolerate it.
reserved(role) if {
	some taint in role.taints
	taints.blocks(taint)
}

# METADATA
# description: >-
#   returns the classes of nodes that have the role, one for each label that marks it. A node that
#   also has the label of a reserved role is reserved, so that it is not of an unreserved role.
classes(role, world_) := [class |
	some pair in role.labels
	class := {
		"forced": object.union(world_.labels, {pair.key: pair.value}),
		"forbidden": _forbidden(role, world_.roles),
	}
]

_forbidden(role, _) := set() if reserved(role)

_forbidden(role, roles) := {pair |
	some other in roles
	reserved(other)
	some pair in other.labels
} if {
	not reserved(role)
}

# METADATA
# description: returns the class of nodes that lack every label of the role.
outside(role, world_) := {
	"forced": world_.labels,
	"forbidden": {pair | some pair in role.labels},
}

# METADATA
# description: >-
#   returns the taints that a node of the class carries when a label is in this state: those of the
#   roles that the label marks.
taints(key, state, world_) := object.get(
	world_.marks,
	[key, object.get(state, "value", null)],
	{},
)
