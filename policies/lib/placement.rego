# METADATA
# title: Placement of components and of other workloads
# description: >-
#   What stands between a workload and the nodes of a role, or fails to, in words and with the place
#   to change.
package lib.placement

import data.lib.node_role
import data.lib.node_selection
import data.lib.scheduling
import data.lib.taint
import data.lib.value
import data.lib.workload

# METADATA
# description: >-
#   returns why the object can run on no node of the role: each taint that it does not tolerate, and
#   that no term of its node selection can be met. None if it can run on some node of it.
obstacles(object_, role, world) := set() if {
	scheduling.reaches(workload.placement(object_), node_role.classes(role, world), world)
} else := found if {
	found := _taint_obstacles(object_, role, world) | _selection_obstacles(object_, role, world)
	count(found) > 0
} else := {{
	"path": _selection_path(object_, role, world),
	"reason": "its node selection demands the label of a role whose taint it does not tolerate",
}}

# METADATA
# description: >-
#   returns why the object cannot run on every node of the role. None if it can, whatever other
#   labels the role's nodes have.
gaps(object_, role, world) := set() if {
	every class in node_role.classes(role, world) {
		scheduling.covers(workload.placement(object_), class, world)
	}
} else := _taint_obstacles(object_, role, world) | _gap_obstacles(object_, role, world)

_taint_obstacles(object_, role, world) := {{
	"path": array.concat(workload.pod_path(object_), ["tolerations"]),
	"reason": concat("", ["it does not tolerate ", taint.name(mark)]),
} |
	some class in node_role.classes(role, world)
	some mark in scheduling.untolerated(workload.placement(object_), class, world)
}

_selection_obstacles(object_, role, world) := set() if {
	_selectable(object_, role, world)
} else := {{
	"path": _selection_path(object_, role, world),
	"reason": concat("", ["its node selection matches no ", role.name, " node"]),
}}

# With every taint tolerated, what is left is the selection.
_selectable(object_, role, world) if {
	placement := object.union(workload.placement(object_), {"tolerations": [{"operator": "Exists"}]})
	scheduling.reaches(placement, node_role.classes(role, world), world)
}

_gap_obstacles(object_, role, world) := set() if {
	placement := object.union(workload.placement(object_), {"tolerations": [{"operator": "Exists"}]})
	every class in node_role.classes(role, world) {
		scheduling.covers(placement, class, world)
	}
} else := {{
	"path": _selection_path(object_, role, world),
	"reason": concat("", ["its node selection does not match every ", role.name, " node"]),
}}

# The first pair of nodeSelector that the role's nodes need not have, else the affinity.
_selection_path(object_, role, world) := _strangers(object_, role, world)[0].path if {
	count(_strangers(object_, role, world)) > 0
} else := node_selection.affinity_path(workload.pod_path(object_))

_strangers(object_, role, world) := [pair |
	some pair in node_selection.selector_requirements(
		workload.pod(object_),
		workload.pod_path(object_),
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
#   returns the place and the reason why the object can run on a node that lacks the role's labels;
#   none if it cannot.
escapes(object_, role, world) := {{
	"path": _escape_path(term, object_),
	"reason": _escape_reason(term, object_, role),
} |
	reaching := scheduling.reaching_terms(
		workload.placement(object_),
		node_role.outside(role, world),
		world,
	)
	some index, term in reaching
	index == 0
}

_has_affinity(term, object_) if term.path != workload.pod_path(object_)

_escape_path(term, object_) := term.path if _has_affinity(term, object_)

_escape_path(term, object_) := array.concat(term.path, ["nodeSelector"]) if {
	not _has_affinity(term, object_)
}

_escape_reason(term, object_, role) := concat("", [
	"this term of its node affinity is met by nodes without ",
	_labels(role),
]) if {
	_has_affinity(term, object_)
}

_escape_reason(term, object_, role) := concat("", [
	"its node selection does not demand ",
	_labels(role),
]) if {
	not _has_affinity(term, object_)
}

_labels(role) := concat(" or ", sort([_label(pair) | some pair in role.labels]))

_label(pair) := concat("=", [pair.key, value.quoted(pair.value)])

# METADATA
# description: >-
#   returns how the object can run on nodes of a reserved role: the first toleration that lets it
#   past the role's taints. None if it cannot.
intrusions(object_, role, world) := {{
	"path": _witness_path(object_, marks),
	"reason": concat("", [
		"it tolerates ",
		concat(" and ", sort([taint.name(mark) | some mark in marks])),
		", and ",
		_selection_words(object_),
	]),
} |
	reached := [class |
		some class in node_role.classes(role, world)
		count(scheduling.reaching_terms(workload.placement(object_), class, world)) > 0
	]
	count(reached) > 0
	marks := {mark | some mark in role.taints; taint.blocks(mark)}
}

# A toleration that the DaemonSet controller adds stands nowhere.
_witness_path(object_, marks) := _witnesses(object_, marks)[0] if {
	count(_witnesses(object_, marks)) > 0
} else := array.concat(workload.pod_path(object_), ["tolerations"])

_witnesses(object_, marks) := sort([item.path |
	some item in value.items(
		value.list(workload.pod(object_), "tolerations"),
		array.concat(workload.pod_path(object_), ["tolerations"]),
	)
	some mark in marks
	taint.tolerates(item.value, mark)
])

_selection_words(object_) := "nothing selects nodes" if {
	value.map(workload.pod(object_), "nodeSelector") == {}
	not _affinity(object_)
}

_selection_words(object_) := "its node selection does not keep it away" if _selects(object_)

_selects(object_) if value.map(workload.pod(object_), "nodeSelector") != {}

_selects(object_) if _affinity(object_)

_affinity(object_) if {
	some term in workload.placement(object_).terms
	_has_affinity(term, object_)
}
