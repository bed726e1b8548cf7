# METADATA
# title: Placement of components and of other workloads
# description: >-
#   What stands between the pods of a workload (lib.workload) and the nodes of a role, or fails to, in
#   words and with the place to change. Where the inventory has Nodes of the role they are all of
#   them, and the question is put to each; else to every node that could have the role.
package lib.placement

import data.lib.inventory
import data.lib.node
import data.lib.node_role
import data.lib.node_selection
import data.lib.scheduling
import data.lib.taint
import data.lib.value

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
	count(node.members(role)) == 0
	scheduling.reaches(pod.placement, node_role.classes(role, world), world)
}

_reaches_some(pod, role, world) if {
	scheduling.reaches(pod.placement, _member_classes(role), world)
}

# What keeps it off Nodes of the role, where the role as such would let it in.
_node_obstacles(pod, role, world) := {{
	"path": array.concat(pod.path, ["tolerations"]),
	"reason": concat("", ["it does not tolerate ", taint.name(mark), " of ", _nodes(names)]),
} |
	some mark in {mark |
		some class in _member_classes(role)
		some mark in scheduling.untolerated(pod.placement, class, world)
	}
	not mark in {declared | some declared in role.taints}
	names := [class.name | some class in _member_classes(role); mark in class.taints]
} | {{
	"path": _selection_path(pod, role, world),
	"reason": concat("", ["its node selection does not match ", _nodes(names)]),
} |
	placement := object.union(pod.placement, {"tolerations": [{"operator": "Exists"}]})
	names := [class.name |
		some class in _member_classes(role)
		not scheduling.covers(placement, class, world)
	]
	count(names) > 0
}

_nodes(names) := concat(" ", ["Node", concat(", ", sort(names))])

# A Node that lacks a taint of its role is a finding of its own; it is not to be counted on.
_member_classes(role) := [object.union(class, {"taints": union({class.taints, declared})}) |
	declared := {mark | some mark in role.taints; taint.blocks(mark)}
	some member in node.members(role)
	class := node.lasting_class(member)
]

# METADATA
# description: >-
#   returns why the object cannot run on every node of the role. None if it can, whatever other
#   labels the role's nodes have.
gaps(pod, role, world) := _taint_obstacles(pod, role, world) | _node_obstacles(pod, role, world) if {
	count(node.members(role)) > 0
} else := set() if {
	every class in node_role.classes(role, world) {
		scheduling.covers(pod.placement, class, world)
	}
} else := _taint_obstacles(pod, role, world) | _gap_obstacles(pod, role, world)

_taint_obstacles(pod, role, world) := {{
	"path": array.concat(pod.path, ["tolerations"]),
	"reason": concat("", ["it does not tolerate ", taint.name(mark)]),
} |
	some class in node_role.classes(role, world)
	some mark in scheduling.untolerated(pod.placement, class, world)
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
	scheduling.reaches(placement, node_role.classes(role, world), world)
}

_gap_obstacles(pod, role, world) := set() if {
	placement := object.union(pod.placement, {"tolerations": [{"operator": "Exists"}]})
	every class in node_role.classes(role, world) {
		scheduling.covers(placement, class, world)
	}
} else := {{
	"path": _selection_path(pod, role, world),
	"reason": concat("", ["its node selection does not match every ", role.name, " node"]),
}}

# The first pair of nodeSelector that the role's nodes need not have, else the affinity.
_selection_path(pod, role, world) := _strangers(pod, role, world)[0].path if {
	count(_strangers(pod, role, world)) > 0
} else := node_selection.affinity_path(pod.path)

_strangers(pod, role, world) := [pair |
	some pair in node_selection.selector_requirements(
		pod.spec,
		pod.path,
	)
	not _had_everywhere(pair, role, world)
]

_had_everywhere(pair, role, world) if {
	every class in node_role.classes(role, world) {
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
	reaching := scheduling.reaching_terms(
		pod.placement,
		node_role.outside(role, world),
		world,
	)
	_selects_other(pod, role, world)
	some index, term in reaching
	index == 0
}

_selects_other(_, role, _) if count(node.others(role)) == 0

# Nothing is gained by a taint of another Node: it is no property of the pod.
_selects_other(pod, role, world) if {
	placement := object.union(pod.placement, {"tolerations": [{"operator": "Exists"}]})
	some other in node.others(role)
	scheduling.reaches(placement, [node.lasting_class(other)], world)
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

_label(pair) := concat("=", [pair.key, value.quoted(pair.value)])

# METADATA
# description: >-
#   returns how the pod can run on nodes of a reserved role by a scheduler that heeds taints: the
#   first toleration that lets it past the role's taints. None if it cannot.
intrusions(pod, role, world) := {{
	"path": _witness_path(pod, marks),
	"reason": concat("", [
		"it tolerates ",
		concat(" and ", sort([taint.name(mark) | some mark in marks])),
		", and ",
		_selection_words(pod),
	]),
} |
	pod.placement.way in {"scheduler", "daemon"}
	scheduling.reaches(pod.placement, node_role.classes(role, world), world)
	_let_in(pod.placement, role, world)
	marks := {mark | some mark in role.taints; taint.blocks(mark)}
} | {{
	"path": array.concat(pod.path, ["nodeName"]),
	"reason": concat(" ", ["it runs on Node", pod.placement.node]),
} |
	pod.placement.way == "observed"
	_let_in(pod.placement, role, world)
	count(node.members(role)) > 0
}

_let_in(_, role, _) if count(node.members(role)) == 0

_let_in(placement, role, world) if {
	scheduling.reaches(placement, _member_classes(role), world)
}

# METADATA
# description: true if the pod does not leave the choice of its node to the default scheduler.
may_bypass(pod) if pod.placement.way in {"node", "file"}

may_bypass(pod) if {
	pod.placement.way == "scheduler"
	not value.field_text(pod.spec, "schedulerName") in {"", "default-scheduler"}
}

# METADATA
# description: >-
#   returns how the pod comes to nodes of a reserved role past every scheduler that heeds their
#   taints, for a pod that may bypass it. None if it does not.
bypasses(pod, role, world) := {{"path": _bypass_path(pod), "reason": _bypass_reason(pod)} |
	pod.placement.way in {"node", "file"}
	scheduling.reaches(pod.placement, node_role.classes(role, world), world)
	_bound_there(pod.placement, role, world)
} | {{
	"path": array.concat(pod.path, ["schedulerName"]),
	"reason": concat("", ["the scheduler ", scheduler, " need not heed their taints"]),
} |
	pod.placement.way == "scheduler"
	scheduler := value.field_text(pod.spec, "schedulerName")

	# The kubelet of a node heeds NoExecute alone, whoever binds the pod.
	placement := object.union(pod.placement, {"effects": {"NoExecute"}})
	scheduling.reaches(placement, node_role.classes(role, world), world)
	_let_in(placement, role, world)
}

# A node that is not in the inventory may be of any role, and so may one that has the label of the role
# with another value.
_bound_there(placement, role, _) if not _known_node(placement.node, role)

_bound_there(placement, role, world) if {
	_known_node(placement.node, role)
	_let_in(placement, role, world)
	count(node.members(role)) > 0
}

_known_node(name, role) if {
	name != ""
	some found in inventory.named_in_cluster({""}, "Node", name)
	node.decided(found, role)
}

_bypass_path(pod) := array.concat(pod.path, ["nodeName"]) if {
	pod.placement.node != ""
} else := ["metadata", "annotations"]

_bypass_reason(pod) := concat("", ["nodeName binds it to ", pod.placement.node, " without a scheduler"]) if {
	pod.placement.way == "node"
} else := concat("", ["the kubelet of ", pod.placement.node, " runs it from a file"]) if {
	pod.placement.node != ""
} else := "the kubelet runs it from a file"

# METADATA
# description: >-
#   true if the node of this name may have the role: it has by the inventory, or that does not tell.
may_have(name, role) if not _known_node(name, role)

may_have(name, role) if {
	some member in node.members(role)
	name == value.at(member, ["metadata", "name"], "")
}

# A toleration that the DaemonSet controller adds stands nowhere.
_witness_path(pod, marks) := _witnesses(pod, marks)[0] if {
	count(_witnesses(pod, marks)) > 0
} else := array.concat(pod.path, ["tolerations"])

_witnesses(pod, marks) := sort([item.path |
	some item in value.items(
		value.list(pod.spec, "tolerations"),
		array.concat(pod.path, ["tolerations"]),
	)
	some mark in marks
	taint.tolerates(item.value, mark)
])

_selection_words(pod) := "nothing selects nodes" if {
	value.map(pod.spec, "nodeSelector") == {}
	not _affinity(pod)
}

_selection_words(pod) := "its node selection does not keep it away" if _selects(pod)

_selects(pod) if value.map(pod.spec, "nodeSelector") != {}

_selects(pod) if _affinity(pod)

_affinity(pod) if {
	some term in pod.placement.terms
	_has_affinity(term, pod)
}
