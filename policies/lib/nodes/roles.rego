# METADATA
# title: Node roles and classes of nodes
# description: >-
#   The node roles that a profile declares, the classes of nodes that they divide a cluster into, and the
#   Nodes that have them. A class is what is known of its nodes: labels that they have (`forced`), that have
#   one of several states (`states`), that have any value (`present`) or that they lack (`absent`), pairs of
#   label and value that they do not have (`forbidden`), the labels of which every value that a node can have
#   is known (`known`), the taints that come with labels (`taints_by_label`, `taints_by_key` with any value),
#   and those of the role itself (`guards`). Every other label is free, that of another role included: its
#   nodes can have a value that the profile does not know. The class of one node (lib.nodes.nodes) has its
#   name and taints, and is `closed` if it has no other label.
package lib.nodes.roles

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.api.requests
import data.lib.nodes.nodes
import data.lib.nodes.taints

# METADATA
# description: >-
#   returns the roles of the parameters, each with the classes of nodes that have it: one for each of its labels
#   in each of the `worlds`, which are what the taints of the roles may be.
of(parameters) := inventory.table_roles if {
	requests.of_profile
} else := [_with_classes(role, scene) |
	scene := _scene(parameters)
	some role in parameters.nodeRoles
]

# METADATA
# description: >-
#   returns the role of this name, or the one role of nodes that have one of these names, as of() does; none if
#   there is no such role.
named(name, parameters) := [_with_classes(role, _scene(parameters)) |
	some role in parameters.nodeRoles
	role.name == name
] if {
	is_string(name)
} else := [_merged(parts, scene) |
	scene := _scene(parameters)
	parts := [_with_classes(role, scene) |
		some part in name
		some role in parameters.nodeRoles
		role.name == part
	]
	count(parts) > 0
]

# METADATA
# description: holds the words that a component may have as its node role in place of the name of one.
words := {"all", "any", "unreserved"}

# METADATA
# description: >-
#   returns the roles on whose nodes a component with this node role must be able to run, as of() does. Roles
#   that a cluster may lack do not count for a word, unless the inventory has Nodes of them; nor do those whose
#   nodes may have taints, for `unreserved`.
demanded(node_role, parameters) := [role | some role in of(parameters); _exists(role)] if {
	node_role in {"all", "any"}
} else := [role | some role in of(parameters); _exists(role); count(blocking_taints(role)) == 0] if {
	node_role == "unreserved"
} else := named(node_role, parameters)

_exists(role) if not role.optional

_exists(role) if has_members(role)

# METADATA
# description: >-
#   returns the role whose nodes a component with this node role must not leave; none for `all` and `any`. For
#   `unreserved` only the nodes of reserved roles are outside.
confining(node_role, parameters) := [] if {
	node_role in {"all", "any"}
} else := [{"name": "unreserved", "labels": [], "parts": []}] if {
	node_role == "unreserved"
} else := named(node_role, parameters)

# METADATA
# description: >-
#   returns those of the roles whose nodes do not count as nodes of this role, even with its label: the reserved
#   ones, unless it is reserved itself.
apart_from(role, all_roles) := [other |
	not reserved(role)
	some other in all_roles
	reserved(other)
	not other.name in {part.name | some part in _parts(role)}
]

_parts(role) := object.get(role, "parts", [role])

# METADATA
# description: >-
#   true if a taint keeps pods off the role's nodes unless they tolerate it. Of a role whose nodes may have no
#   taints, only if the inventory has a Node with one of them; of several, if each is reserved.
reserved(role) if role.name in role.scene.reserved

reserved(role) if {
	not role.scene
	_reserved(role)
}

reserved(role) if {
	count(role.parts) > 0
	every part in role.parts {
		part.name in part.scene.reserved
	}
}

_reserved(role) if role.name in nodes.facts.reserved

_reserved(role) if {
	not nodes.facts
	some taint in role.taints
	taints.blocks(taint)
	_taken(role)
}

_taken(role) if not role.optionalTaints

_taken(role) if {
	some node in nodes.present
	has(node, role)
	_guarded(node, role)
}

_guarded(node, role) if {
	some taint in blocking_taints(role)
	some item in nodes.listed_taints(node)
	taints.same(item.value, taint)
}

# METADATA
# description: returns the taints of the role that keep pods off its nodes, those of all sets that it may have.
blocking_taints(role) := {taint | some listed in sets(role); some taint in listed}

# METADATA
# description: >-
#   returns the sets of taints of which every node of the role has one, each with those that keep pods off: the
#   first is that of the table, the others may take its place. A taint that may have any value is `lenient`:
#   a toleration of any value is taken for one of it.
sets(role) := [listed |
	some part in _parts(role)
	some written in array.concat([fields.list(part, "taints")], fields.list(part, "alternativeTaints"))
	listed := {_lenient(taint) | some taint in written; taints.blocks(taint)}
]

_lenient(taint) := {"key": taint.key, "value": null, "effect": taint.effect, "lenient": true} if {
	taint.exists
} else := taint

_strict(taint) := object.remove(taint, ["lenient"])

# What the taints of the role may be. A component must be right in each of these cases, an intruder needs one.
_variants(role) := array.concat(
	array.concat(given, [strict |
		some listed in given
		strict := {_strict(taint) | some taint in listed}
		strict != listed
	]),
	[set() | role.optionalTaints],
) if {
	given := sets(role)
}

_has_one_set(role) if {
	not role.alternativeTaints
	not role.optionalTaints
	count([taint | some taint in role.taints; taint.exists]) == 0
}

# What is known of the nodes of every role: the worlds, the labels of the roles, and those of the reserved ones.
# A node that has a label of a reserved role is reserved, and does not count as unreserved.
_scene(parameters) := {
	"worlds": _worlds(parameters),
	"reserved": {role.name | some role in held},
	"forbidden": forbidden,
	"forbidden_keys": {pair.key | some pair in forbidden},
	"absent": {label.key | some role in held; some label in role.labels; label.exists},
	"profile_labels": {label.key | some role in parameters.nodeRoles; some label in role.labels},
	"valued_keys": {label.key | some role in parameters.nodeRoles; some label in role.labels; _ = label.value},
} if {
	held := [role | some role in parameters.nodeRoles; _reserved(role)]
	forbidden := {label | some role in held; some label in role.labels; _ = label.value}
}

# The sets of all roles, in every combination, each with what is known of any node. Almost always there is one.
_worlds(parameters) := [{"taints": chosen, "any_node": _any_node(parameters, chosen)}] if {
	chosen := {role.name: guarding |
		some role in parameters.nodeRoles
		_has_one_set(role)
		guarding := {taint | some taint in role.taints; taints.blocks(taint)}
	}
	count(chosen) == count(parameters.nodeRoles)
} else := [{"taints": chosen, "any_node": _any_node(parameters, chosen)} |
	variants := [_variants(role) | some role in parameters.nodeRoles]
	sizes := [count(some_variants) | some some_variants in variants]
	some number in numbers.range(0, product(sizes) - 1)
	chosen := {role.name: variants[index][_digit(number, sizes, index)] |
		some index, role in parameters.nodeRoles
	}
]

_digit(number, sizes, index) := ((number - (number % stride)) / stride) % sizes[index] if {
	stride := product(array.slice(sizes, 0, index))
}

_with_classes(role, scene) := object.union(role, {
	"scene": scene,
	"worlds": worlds,
	"classes": [class | some classes in worlds; some class in classes],
	"profile_labels": scene.profile_labels,
}) if {
	limits := _limits(role, scene)
	worlds := [[_class(role, label, [world, limits]) | some label in _marks(role)] |
		some world in scene.worlds
	]
}

# One for each label that marks a node of the role; for a role that is known by what its nodes lack, just one.
_marks(role) := found if {
	found := marks(role)
	found != []
} else := [{}]

# METADATA
# description: returns the labels that mark the role's nodes, with a value or with any.
marks(role) := [label | some label in role.labels; object.get(label, "exists", true)]

# What the nodes of the role do not have. An unreserved one lacks the labels of the reserved ones.
_limits(role, scene) := {
	"absent": lacked_keys(role),
	"forbidden": set(),
	"known": _valued_keys(role),
} if {
	role.name in scene.reserved
} else := {
	"absent": (lacked_keys(role) | (scene.absent - marking_keys(role))),
	"forbidden": scene.forbidden,
	"known": (_valued_keys(role) | scene.forbidden_keys),
}

_class(role, label, [world, limits]) := object.union(object.union(world.any_node, limits), object.union(
	_mark(label, world.any_node),
	{"guards": world.taints[role.name]},
))

_mark(label, any_node) := {"forced": object.union(any_node.forced, {label.key: label.value})} if {
	is_string(label.value)
} else := {"present": union({any_node.present, {label.key}})} if {
	label.exists
} else := {}

# METADATA
# description: returns the labels that the role's nodes lack.
lacked_keys(role) := {label.key | some label in role.labels; label.exists == false}

# METADATA
# description: >-
#   returns the pairs of label and value that mark the role's nodes, of which each has one or another mark.
pairs(role) := [label | some label in role.labels; is_string(label.value)]

_valued_keys(role) := {label.key | some label in role.labels; is_string(label.value)}

# METADATA
# description: returns the labels that mark the role's nodes whatever their value is.
marking_keys(role) := {label.key | some label in role.labels; label.exists == true}

_any_node(parameters, chosen) := {
	"forced": {key: state.value | some key, states in given; count(states) == 1; some state in states},
	"states": {key: states | some key, states in given; count(states) > 1},
	"present": {label.key | some label in node_labels; label.exists},
	"taints_by_label": _taints_by_label([[pair, by_name] |
		some role in parameters.nodeRoles
		by_name := _by_name(chosen[role.name])
		some pair in role.labels
		_ = pair.value
	]),
	"taints_by_key": {key: guarding |
		some key in {label.key | some role in parameters.nodeRoles; some label in role.labels; label.exists}
		guarding := object.union_n([_by_name(chosen[role.name]) |
			some role in parameters.nodeRoles
			key in marking_keys(role)
		])
	},
} if {
	node_labels := object.get(parameters, "nodeLabels", [])
	given := {key: states |
		some key in {label.key | some label in node_labels; is_string(label.value)}
		states := {{"value": label.value} | some label in node_labels; label.key == key}
	}
}

_by_name(listed) := {taints.name(taint): taint | some taint in listed}

# Usually no label identifies two roles, and nothing has to be merged.
_taints_by_label(labels) := {pair.key: {pair.value: reserving} | some [pair, reserving] in labels} if {
	count({pair.key | some [pair, _] in labels}) == count(labels)
} else := object.union_n([{pair.key: {pair.value: reserving}} | some [pair, reserving] in labels])

# METADATA
# description: returns the classes of nodes that do not have the role, in each world.
outside(role) := [object.union(object.union(any_node, limits), {"present": union(present)}) |
	some world in role.scene.worlds
	all_limits := _outside_all([_outside(part, role.scene) | some part in _parts(role)])
	any_node := world.any_node
	some limits in all_limits
	present := {any_node.present, limits.present}
]

# A node without the role lacks all labels that mark it, or has one that the role's nodes lack: with a value
# that the profile knows, where it knows any.
_outside(role, scene) := array.concat(
	[{
		"forbidden": {pair | some pair in pairs(role)},
		"absent": marking_keys(role),
		"present": set(),
		"known": _valued_keys(role),
	} |
		_marks(role) != [{}]
	],
	[{
		"forbidden": set(),
		"absent": set(),
		"present": {key},
		"known": {key} & scene.valued_keys,
	} |
		some key in lacked_keys(role)
	],
)

# What is outside of several roles is outside of each. At most one of them has several ways of being outside.
_outside_all(lists) := lists[0] if {
	count(lists) == 1
} else := [_joined(array.concat(common, [other])) |
	common := [limits | some list in lists; count(list) == 1; some limits in list]
	some list in lists
	count(list) > 1
	some other in list
] if {
	some list in lists
	count(list) > 1
} else := [_joined([limits | some list in lists; some limits in list])]

_joined(all_limits) := {field: union({limits[field] | some limits in all_limits}) |
	some field in ["present", "absent", "forbidden", "known"]
}

# The role of nodes that have one of the roles. At most one of them is known by what its nodes lack.
_merged(parts, scene) := {
	"name": concat(" or ", [part.name | some part in parts]),
	"parts": parts,
	"scene": scene,
	"labels": [label | some part in parts; some label in part.labels],
	"classes": [class | some part in parts; some class in part.classes],
	"worlds": [[class | some part in parts; some class in part.worlds[index]] |
		some index, _ in scene.worlds
	],
	"profile_labels": scene.profile_labels,
}

# METADATA
# description: returns the Nodes of the inventory that have the role.
members(role) := nodes.of_keys(_known(role).members) if {
	nodes.facts
} else := [node | some node in nodes.present; has(node, role)]

# METADATA
# description: returns the Nodes of the inventory that do not have the role.
others(role) := nodes.of_keys(_known(role).others) if {
	nodes.facts
} else := [node | some node in nodes.present; not has(node, role)]

# METADATA
# description: true if the inventory has Nodes of the role.
has_members(role) if count(_known(role).members) > 0

has_members(role) if {
	not nodes.facts
	count(members(role)) > 0
}

# METADATA
# description: true if the inventory has Nodes that do not have the role.
has_others(role) if count(_known(role).others) > 0

has_others(role) if {
	not nodes.facts
	count(others(role)) > 0
}

# The keys of the Nodes by the index. One has a role of several parts if it has one of these.
_known(role) := nodes.facts.roles[role.name] if {
	not role.parts
} else := {
	"members": [key | some key in nodes.facts.present; key in held],
	"others": [key | some key in nodes.facts.present; not key in held],
} if {
	held := {key | some part in role.parts; some key in nodes.facts.roles[part.name].members}
}

# METADATA
# description: >-
#   returns what the index has of the Nodes (lib.api.inventory): the keys of those that an API server would
#   accept, and of those that have each role and that do not; and the names of the reserved roles.
facts(parameters) := {
	"present": [key | some key, _ in nodes.present_by_key],
	"roles": {role.name: keys |
		some role in parameters.nodeRoles
		keys := {
			"members": [key | some key, node in nodes.present_by_key; has(node, role)],
			"others": [key | some key, node in nodes.present_by_key; not has(node, role)],
		}
	},
	"reserved": [role.name | some role in parameters.nodeRoles; _reserved(role)],
}

# METADATA
# description: true if the node has a label that marks the role, and none that the role's nodes lack.
has(node, role) if {
	labels := nodes.labels(node)
	some part in _parts(role)
	_marked(labels, part)
	count(lacked_keys(part) & object.keys(labels)) == 0
}

_marked(labels, role) if count(marks_in(labels, role)) > 0

_marked(_, role) if _marks(role) == [{}]

# METADATA
# description: returns the keys of the node's labels that mark it as one of the role.
marks_of(node, role) := marks_in(nodes.labels(node), role)

# METADATA
# description: returns the keys of these labels that mark a node as one of the role.
marks_in(labels, role) := {pair.key | some pair in pairs(role); labels[pair.key] == pair.value} | {key |
	some key in marking_keys(role)
	is_string(labels[key])
}

# METADATA
# description: >-
#   true if the node's labels decide whether it has the role: it has it, or has none of the labels that mark it.
#   With another value it may be meant to have the role.
decided(node, role) if has(node, role)

decided(node, role) if {
	labels := nodes.labels(node)
	every pair in pairs(role) {
		not labels[pair.key]
	}
}

# METADATA
# description: >-
#   returns the class of one node as the profile of the role knows it, without the taints of its condition.
class(node, role) := nodes.lasting_class(node, role.profile_labels)

# METADATA
# description: >-
#   returns the classes of the inventory's Nodes of the role, each with the taints that it must have: a Node
#   without them is a finding of its own, and is not relied on.
member_classes(role) := [found |
	some part in _parts(role)
	some member in members(part)
	found := _member_class(member, part)[_]
]

# METADATA
# description: returns those of the role's classes whose nodes a taint guards.
guarded_classes(role) := [class | some class in role.classes; count(class.guards) > 0]

# METADATA
# description: >-
#   returns those of the member classes that a taint guards. A role may have other Nodes, which anyone may use.
guarded_member_classes(role) := member_classes(role) if {
	not role.optionalTaints
} else := [found |
	some member in members(role)
	_guarded(member, role)
	found := _member_class(member, role)[_]
]

_member_class(member, role) := [class(member, role)] if {
	_complete(member, role)
} else := [object.union(own, {"taints": union({own.taints, listed})}) | some listed in _variants(role)] if {
	own := class(member, role)
}

_complete(_, role) if role.optionalTaints

_complete(member, role) if {
	some listed in sets(role)
	every taint in listed {
		has_taint(member, taint)
	}
}

# METADATA
# description: true if the Node has the taint, with a value that the role allows.
has_taint(node, taint) if {
	some item in nodes.listed_taints(node)
	taints.same(item.value, taint)
	_same_value(item.value, taint)
}

_same_value(_, taint) if taint.value == null

_same_value(given, taint) if given.value == taint.value
