# METADATA
# title: Placement of components
# description: >-
#   What stands between the pods of a workload and the nodes of a role, or fails to, in
#   words and with the place to change. Where the inventory has Nodes of the role they are all of
#   them, and the question is put to each; else to every node that could have the role.
package lib.findings.placement

import data.lib.api.fields
import data.lib.nodes.nodes
import data.lib.nodes.roles
import data.lib.nodes.taints
import data.lib.scheduling.feasibility
import data.lib.scheduling.node_affinity

# METADATA
# description: >-
#   returns why the pod can run on no node of the role: each taint that it does not tolerate, and
#   that no term of its node selection can be met. None if it can run on some node of it.
obstacles(pod, role, world) := set() if {
	_reaches_some(pod, role, world)
} else := found if {
	found := _taint_obstacles(pod, role, world) | _selection_obstacles(pod, role, world)
	count(found) > 0
} else := found if {
	found := _node_obstacles(pod, role, world)
	count(found) > 0
} else := {{
	"path": _selection_path(pod, role, world),
	"reason": "its node selection demands the label of a role whose taint it does not tolerate",
}}

_reaches_some(pod, role, world) if {
	count(nodes.members(role)) == 0
	feasibility.reaches(pod.placement, roles.classes(role, world), world)
}

_reaches_some(pod, role, world) if {
	feasibility.reaches(pod.placement, nodes.member_classes(role), world)
}

# What keeps it off Nodes of the role, where the role as such would let it in.
_node_obstacles(pod, role, world) := {{
	"path": array.concat(pod.path, ["tolerations"]),
	"reason": concat("", ["it does not tolerate ", taints.name(taint), " of ", _nodes(names)]),
} |
	some taint in {taint |
		some class in nodes.member_classes(role)
		some taint in feasibility.untolerated(pod.placement, class, world)
	}
	not taint in {declared | some declared in role.taints}
	names := [class.name | some class in nodes.member_classes(role); taint in class.taints]
} | {{
	"path": _selection_path(pod, role, world),
	"reason": concat("", ["its node selection does not match ", _nodes(names)]),
} |
	placement := object.union(pod.placement, {"tolerations": [{"operator": "Exists"}]})
	names := [class.name |
		some class in nodes.member_classes(role)
		not feasibility.covers(placement, class, world)
	]
	count(names) > 0
}

_nodes(names) := concat(" ", ["Node", concat(", ", sort(names))])

# METADATA
# description: >-
#   returns why the object cannot run on every node of the role. None if it can, whatever other
#   labels the role's nodes have.
gaps(pod, role, world) := _taint_obstacles(pod, role, world) | _node_obstacles(pod, role, world) if {
	count(nodes.members(role)) > 0
} else := set() if {
	every class in roles.classes(role, world) {
		feasibility.covers(pod.placement, class, world)
	}
} else := _taint_obstacles(pod, role, world) | _gap_obstacles(pod, role, world)

_taint_obstacles(pod, role, world) := {{
	"path": array.concat(pod.path, ["tolerations"]),
	"reason": concat("", ["it does not tolerate ", taints.name(taint)]),
} |
	some class in roles.classes(role, world)
	some taint in feasibility.untolerated(pod.placement, class, world)
}

_selection_obstacles(pod, role, world) := set() if {
	_selectable(pod, role, world)
} else := {{
	"path": _selection_path(pod, role, world),
	"reason": concat("", ["its node selection matches no ", role.name, " node"]),
}}

# With every taint tolerated, what is left is the selection.
_selectable(pod, role, world) if {
	placement := object.union(pod.placement, {"tolerations": [{"operator": "Exists"}]})
	feasibility.reaches(placement, roles.classes(role, world), world)
}

_gap_obstacles(pod, role, world) := set() if {
	placement := object.union(pod.placement, {"tolerations": [{"operator": "Exists"}]})
	every class in roles.classes(role, world) {
		feasibility.covers(placement, class, world)
	}
} else := {{
	"path": _selection_path(pod, role, world),
	"reason": concat("", ["its node selection does not match every ", role.name, " node"]),
}}

# The first pair of nodeSelector that the role's nodes need not have, else the affinity.
_selection_path(pod, role, world) := _strangers(pod, role, world)[0].path if {
	count(_strangers(pod, role, world)) > 0
} else := node_affinity.affinity_path(pod.path)

_strangers(pod, role, world) := [pair |
	some pair in node_affinity.selector_requirements(
		pod.spec,
		pod.path,
	)
	not _had_everywhere(pair, role, world)
]

_had_everywhere(pair, role, world) if {
	every class in roles.classes(role, world) {
		class.forced[pair.key] in pair.values
	}
}

# METADATA
# description: >-
#   returns the place and the reason why the pod can run on a node that lacks the role's labels;
#   none if it cannot.
escapes(pod, role, world) := {{
	"path": _escape_path(term, pod),
	"reason": _escape_reason(term, pod, role),
} |
	reaching := feasibility.reaching_terms(
		pod.placement,
		roles.outside(role, world),
		world,
	)
	_selects_other(pod, role, world)
	some index, term in reaching
	index == 0
}

_selects_other(_, role, _) if count(nodes.others(role)) == 0

# Nothing is gained by a taint of another Node: it is no property of the pod.
_selects_other(pod, role, world) if {
	placement := object.union(pod.placement, {"tolerations": [{"operator": "Exists"}]})
	some other in nodes.others(role)
	feasibility.reaches(placement, [nodes.lasting_class(other)], world)
}

_has_affinity(term, pod) if term.path != pod.path

_escape_path(term, pod) := term.path if _has_affinity(term, pod)

_escape_path(term, pod) := array.concat(term.path, [_chooser(pod)]) if {
	not _has_affinity(term, pod)
}

_chooser(pod) := "nodeName" if pod.placement.node != ""

_chooser(pod) := "nodeSelector" if pod.placement.node == ""

_escape_reason(term, pod, role) := concat("", [
	"this term of its node affinity is met by nodes without ",
	_labels(role),
]) if {
	_has_affinity(term, pod)
}

_escape_reason(term, pod, role) := concat("", [
	"its node selection does not demand ",
	_labels(role),
]) if {
	not _has_affinity(term, pod)
	pod.placement.node == ""
}

_escape_reason(term, pod, role) := concat("", [
	"nodeName binds it to ",
	pod.placement.node,
	", and its node selection does not demand ",
	_labels(role),
]) if {
	not _has_affinity(term, pod)
	pod.placement.node != ""
}

_labels(role) := concat(" or ", sort([_label(pair) | some pair in role.labels]))

_label(pair) := concat("=", [pair.key, fields.quoted(pair.value)])
