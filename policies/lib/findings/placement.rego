# METADATA
# title: Placement of components
# description: >-
#   Why the pods of a component cannot run on the nodes of its role, or can run outside of it, with the place
#   and the fix. If the inventory has Nodes of the role, each of them is checked; else every node that
#   could have the role.
package lib.findings.placement

import data.lib.api.fields
import data.lib.findings.edits
import data.lib.findings.findings
import data.lib.findings.words
import data.lib.nodes.roles
import data.lib.nodes.taints
import data.lib.scheduling.feasibility
import data.lib.scheduling.node_affinity
import data.lib.scheduling.pods
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns why the object's pod can run on no node of the role: each taint that it does not tolerate, and
#   that its nodeSelector and node affinity match none. None if it can run on some node of it.
obstacles(obj, pod, role) := set() if {
	reaches_always(pod, role)
} else := found if {
	found := _barring_taints(obj, pod, role) | _selection_obstacles(obj, pod, role)
	count(found) > 0
} else := found if {
	found := _node_obstacles(obj, pod, role)
	count(found) > 0
} else := {{
	"path": _selection_path(pod, role),
	"says": "it requires the label of another role but does not tolerate the taint of that role",
	"fix": findings.advice("Tolerate the taint, or do not require the label."),
	"related": [],
}}

# METADATA
# description: >-
#   true if the pod can run on some node of the role, whatever its taints are of those that it may have.
reaches_always(pod, role) if {
	not roles.has_members(role)
	every classes in role.worlds {
		feasibility.reaches(pod.placement, classes)
	}
}

reaches_always(pod, role) if feasibility.reaches(pod.placement, roles.member_classes(role))

# What keeps it off Nodes of the role, if the role itself would accept it.
_node_obstacles(obj, pod, role) := {{
	"path": array.concat(pod.path, ["tolerations"]),
	"says": concat("", ["it does not tolerate ", taints.name(taint), " of ", _nodes(names)]),
	"fix": _toleration_fix(obj, pod, taint),
	"related": _related(names, role, ["spec", "taints"], concat(" ", ["has the taint", taints.name(taint)])),
} |
	some taint in {taint |
		some class in roles.member_classes(role)
		some taint in feasibility.untolerated(pod.placement, class)
	}
	not _declared(taint, role)
	names := {class.name | some class in roles.member_classes(role); taint in class.taints}
} | {{
	"path": _selection_path(pod, role),
	"says": concat(" ", ["its nodeSelector or required node affinity does not match", _nodes(names)]),
	"fix": _selection_fix(obj, pod, role),
	"related": _related(names, role, ["metadata", "labels"], "its labels do not match"),
} |
	placement := pods.tolerating_all(pod.placement)
	names := {class.name |
		some class in roles.member_classes(role)
		not feasibility.covers(placement, class)
	}
	count(names) > 0
}

_declared(taint, role) if {
	some declared in roles.blocking_taints(role)
	taints.same(taint, declared)
	declared.value in {taint.value, null}
}

_nodes(names) := concat(" ", ["Node", concat(", ", sort(names))]) if {
	count(names) == 1
} else := concat(" ", ["Nodes", concat(", ", sort(names))])

_related(names, role, path, says) := [findings.related(node, path, says) |
	some node in roles.members(role)
	node.metadata.name in names
]

# METADATA
# description: >-
#   returns why the object's pod cannot run on every node of the role. None if it can, whatever other
#   labels the role's nodes have.
gaps(obj, pod, role) := _taint_obstacles(obj, pod, role) | _node_obstacles(obj, pod, role) if {
	roles.has_members(role)
} else := set() if {
	_covers_all(pod.placement, role)
} else := _taint_obstacles(obj, pod, role) | _gap_obstacles(obj, pod, role)

_covers_all(placement, role) if {
	every class in role.classes {
		feasibility.covers(placement, class)
	}
}

_taint_obstacles(obj, pod, role) := {{
	"path": array.concat(pod.path, ["tolerations"]),
	"says": concat(" ", ["it does not tolerate", taints.name(taint)]),
	"fix": _toleration_fix(obj, pod, taint),
	"related": [],
} |
	some class in role.classes
	some taint in feasibility.untolerated(pod.placement, class)
}

# Of a role with several classes of nodes, a pod needs one.
_barring_taints(obj, pod, role) := _taint_obstacles(obj, pod, role) if {
	some classes in role.worlds
	every class in classes {
		count(feasibility.untolerated(pod.placement, class)) > 0
	}
} else := set()

_toleration_fix(obj, pod, taint) := findings.edits(
	concat("", ["Add a toleration of ", taints.name(taint), "."]),
	false,
	[edits.append(obj, array.concat(pod.path, ["tolerations"]), _toleration(taint)) | workloads.built_in(obj)],
)

_toleration(taint) := {"key": taint.key, "operator": "Exists", "effect": taint.effect} if {
	taint.value in {"", null}
} else := {"key": taint.key, "operator": "Equal", "value": taint.value, "effect": taint.effect}

_selection_obstacles(obj, pod, role) := set() if {
	feasibility.reaches(pods.tolerating_all(pod.placement), role.classes)
} else := {{
	"path": _selection_path(pod, role),
	"says": concat("", ["its nodeSelector or required node affinity matches no ", role.name, " node"]),
	"fix": _selection_fix(obj, pod, role),
	"related": [],
}}

_gap_obstacles(obj, pod, role) := set() if {
	_covers_all(pods.tolerating_all(pod.placement), role)
} else := {{
	"path": _selection_path(pod, role),
	"says": concat("", ["its nodeSelector or required node affinity does not match every ", role.name, " node"]),
	"fix": _selection_fix(obj, pod, role),
	"related": [],
}}

# The first pair of nodeSelector that the role's nodes may lack, else the affinity.
_selection_path(pod, role) := _other_pairs(pod, role)[0].path if {
	count(_other_pairs(pod, role)) > 0
} else := node_affinity.affinity_path(pod.path)

_other_pairs(pod, role) := [pair |
	some pair in node_affinity.selector_requirements(
		pod.spec,
		pod.path,
	)
	not _had_everywhere(pair, role)
]

_had_everywhere(pair, role) if {
	every class in role.classes {
		class.forced[pair.key] in pair.values
	}
}

# Another value of the role's label is a mistake if the pod would match every node of the role with the
# right value.
_selection_fix(obj, pod, role) := findings.edits(
	concat("", ["Set ", pair.key, " in nodeSelector to ", fields.quoted(label.value), "."]),
	true,
	[{"op": "set", "path": pair.path, "value": label.value}],
) if {
	workloads.built_in(obj)
	pair := _other_pairs(pod, role)[0]
	[label] := role.labels
	is_string(label.value)
	label.key == pair.key
	changed := _with_label(pod, label)
	_covers_all(pods.tolerating_all(changed.placement), role)
} else := findings.advice(concat("", [
	"Remove ",
	pair.key,
	" from nodeSelector, or give every ",
	role.name,
	" node this label.",
])) if {
	pair := _other_pairs(pod, role)[0]
} else := findings.advice(concat("", ["Let the required node affinity match ", role.name, " nodes."]))

_with_label(pod, label) := object.union(pod, {
	"spec": spec,
	"placement": pods.placement(spec, pod.path, pod.placement.way),
}) if {
	spec := object.union(pod.spec, {"nodeSelector": {label.key: label.value}})
}

# METADATA
# description: >-
#   returns why the object's pod, which the scheduler places on nodes of the role, is evicted from them: the
#   NoExecute taints that it tolerates for some seconds. It must stay on some node of the role, on every
#   node if the component is for `all`. None if it stays, or is not placed there.
evictions(obj, pod, role, name) := _evictions(obj, pod, role) if {
	name == "all"
} else := set() if {
	not _comes_and_goes(pod, role)
} else := found if {
	found := _evictions(obj, pod, role)
	count(found) > 0
} else := {{
	"path": array.concat(pod.path, ["tolerations"]),
	"says": "it requires the label of another role and tolerates the taint of that role for some seconds only",
	"fix": findings.advice("Remove tolerationSeconds from the toleration, or do not require the label."),
	"related": [],
}}

_comes_and_goes(pod, role) if {
	reaches_always(pod, role)
	not reaches_always(pods.staying(pod), role)
}

_evictions(obj, pod, role) := {{
	"path": _tolerating_path(pod, {taint}),
	"says": _evicted(taint, seconds, names),
	"fix": _lasting_fix(obj, pod, taint),
	"related": _related(names, role, ["spec", "taints"], concat(" ", ["has the taint", taints.name(taint)])),
} |
	classes := _classes(role)
	some taint in {taint |
		some class in classes
		some taint in feasibility.untolerated(pods.staying(pod).placement, class)
	}
	some seconds in feasibility.seconds(taint, pod.placement)
	names := {class.name | some class in classes; taint in class.taints; not taint in roles.blocking_taints(role)}
}

_classes(role) := roles.member_classes(role) if {
	roles.has_members(role)
} else := role.classes

_evicted(taint, seconds, names) := concat("", [
	"it tolerates ",
	taints.name(taint),
	_of_nodes(names),
	" for ",
	words.counted(seconds, "second"),
	" only, and is evicted then",
])

_of_nodes(names) := "" if {
	count(names) == 0
} else := concat(" ", ["", "of", _nodes(names)])

# Without the seconds, the toleration is the same.
_lasting_fix(obj, pod, taint) := findings.edits(
	"Remove tolerationSeconds from this toleration.",
	false,
	[edits.remove(array.concat(path, ["tolerationSeconds"]))],
) if {
	workloads.built_in(obj)
	path := _tolerating_path(pod, {taint})
	fields.at(obj, array.concat(path, ["tolerationSeconds"]), null) != null
} else := findings.advice(concat("", ["Tolerate ", taints.name(taint), " without tolerationSeconds."]))

# METADATA
# description: >-
#   returns why the object's pod can run on a node that lacks the role's labels, or that belongs to one of the
#   reserved roles which the role is kept apart from; none if it cannot.
escapes(obj, pod, role, apart) := found if {
	found := _outside(obj, pod, role)
	count(found) > 0
} else := {{
	"path": _tolerating_path(pod, roles.blocking_taints(other)),
	"says": concat("", [
		"it tolerates ",
		concat(" and ", sort([taints.name(taint) | some taint in roles.blocking_taints(other)])),
		", and its nodeSelector and required node affinity also match ",
		other.name,
		" nodes",
	]),
	"fix": findings.advice(concat("", [
		"Remove the toleration, or exclude nodes with ",
		_labels(other),
		" in every nodeSelectorTerm of the required node affinity.",
	])),
	"related": [],
} |
	pod.placement.way in {"scheduler", "daemon"}
	some other in apart
	_reaches_guarded(pod, other)
}

# Nodes of a role whose taints are optional are only reserved where they have them.
_reaches_guarded(pod, role) if {
	not roles.has_members(role)
	feasibility.reaches(pod.placement, roles.guarded_classes(role))
}

_reaches_guarded(pod, role) if feasibility.reaches(pod.placement, roles.guarded_member_classes(role))

# The first toleration of one of the taints; a RuntimeClass may have added it.
_tolerating_path(pod, tolerated) := tolerating[0] if {
	tolerations := array.concat(pod.path, ["tolerations"])
	tolerating := [item.path |
		some item in fields.items(fields.list(pod.spec, "tolerations"), tolerations)
		some taint in tolerated
		taints.tolerates(item.value, taint)
	]
} else := array.concat(pod.path, ["tolerations"])

_outside(obj, pod, role) := {{
	"path": _escape_path(term, pod),
	"says": _escape_reason(term, pod, role),
	"fix": _escape_fix(obj, term, pod, role),
	"related": [],
} |
	_selects_other(pod, role)
	term := _escaping_terms(pod.placement, role)[0]
}

_escaping_terms(placement, role) := [term |
	some class in roles.outside(role)
	some term in feasibility.reaching_terms(placement, class)
]

# METADATA
# description: >-
#   returns the note on a pod that could run on a node without the role's labels, or of a role that it is kept
#   apart from, if only the Nodes in the inventory rule that out.
spared(pod, role, apart) := {{
	"code": "NODES_INCOMPLETE",
	"path": pod.path,
	"message": concat("", [
		"only the Nodes in the input keep these pods on ",
		role.name,
		" nodes; other nodes were not checked",
	]),
} |
	_kept_by_nodes(pod, role, apart)
}

_kept_by_nodes(pod, role, _) if {
	roles.has_others(role)
	count(_escaping_terms(pod.placement, role)) > 0
	not _selects_other(pod, role)
}

_kept_by_nodes(pod, _, apart) if {
	pod.placement.way in {"scheduler", "daemon"}
	some other in apart
	feasibility.reaches(pod.placement, roles.guarded_classes(other))
	not _reaches_guarded(pod, other)
}

_selects_other(_, role) if not roles.has_others(role)

# A taint of another Node is not reported: it is not a property of the pod.
_selects_other(pod, role) if {
	placement := pods.tolerating_all(pod.placement)
	some other in roles.others(role)
	feasibility.reaches(placement, [roles.class(other, role)])
}

_has_affinity(term, pod) if term.path != pod.path

_escape_path(term, pod) := term.path if _has_affinity(term, pod)

_escape_path(term, pod) := array.concat(term.path, [_chooser(pod)]) if {
	not _has_affinity(term, pod)
}

_chooser(pod) := "nodeName" if pod.placement.node != ""

_chooser(pod) := "nodeSelector" if pod.placement.node == ""

_escape_reason(term, pod, role) := concat(" ", [
	"this nodeSelectorTerm also matches nodes without",
	_labels(role),
]) if {
	_has_affinity(term, pod)
} else := concat(" ", ["it is running on", pod.placement.node]) if {
	pod.placement.way == "observed"
} else := concat("", ["nodeName puts it on ", pod.placement.node, ", and ", _not_required(role)]) if {
	pod.placement.node != ""
} else := _not_required(role)

_not_required(role) := concat(" ", ["neither nodeSelector nor required node affinity requires", _labels(role)])

# With one label the role can be selected, unless something else decides the node of the pod.
_escape_fix(obj, term, pod, role) := findings.edits(
	concat("", ["Add ", _label(label), " to nodeSelector."]),
	safe,
	[edits.put(obj, array.concat(pod.path, ["nodeSelector", label.key]), label.value)],
) if {
	workloads.built_in(obj)
	[label] := role.labels
	is_string(label.value)
	not pod.spec.nodeSelector[label.key]
	changed := _with_label(pod, label)
	count(_escaping_terms(changed.placement, role)) == 0
	safe := _is_safe(obj, term, changed, role)
} else := findings.advice("Delete the pod, and let what created it select nodes of the role.") if {
	pod.placement.way == "observed"
} else := findings.advice(concat("", [
	"Require ",
	_labels(role),
	" in every nodeSelectorTerm of the required node affinity.",
])) if {
	some label in role.labels
	not label.value # no nodeSelector can say it
} else := findings.advice(concat("", [
	"Add ",
	_labels(role),
	" to nodeSelector, or to every nodeSelectorTerm of the required node affinity.",
]))

_is_safe(obj, term, changed, role) if {
	changed.placement.way in {"scheduler", "daemon"}
	not _has_affinity(term, changed)
	count(obstacles(obj, changed, role)) == 0
} else := false

_labels(role) := words.marks(role.labels)

_label(pair) := words.mark(pair)

# METADATA
# description: returns that a pod of this name requests more than the Nodes have.
too_large(name, pod, exceeded) := {
	"code": "NODES_TOO_SMALL",
	"path": pod.path,
	"message": concat("", [
		"whether ",
		name,
		" fits on a node was not checked: its pods request more ",
		concat(" and ", sort(exceeded.resources)),
		" than ",
		words.counted(exceeded.nodes, "Node"),
		" in the input can give, and they can run on no other",
	]),
}

# METADATA
# description: returns that a ResourceQuota admits no pods of this name.
without_quota(name, quota) := {
	"code": "QUOTA_WITHOUT_PODS",
	"path": [],
	"message": concat("", [
		"whether a pod of ",
		name,
		" can be created was not checked: ",
		workloads.title(quota),
		" admits 0 pods",
	]),
}
