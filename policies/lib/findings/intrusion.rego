# METADATA
# title: Intrusion
# description: >-
#   By which ways the pods of a workload come to nodes of a reserved role: by a scheduler that heeds
#   taints, or past it. Each has its witness in words, and the place to change.
# custom:
#   reads: [node]
package lib.findings.intrusion

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.nodes.nodes
import data.lib.nodes.roles
import data.lib.nodes.taints
import data.lib.scheduling.feasibility

# METADATA
# description: >-
#   returns how the pod can run on nodes of a reserved role by a scheduler that heeds taints: the
#   first toleration that lets it past the role's taints. None if it cannot.
intrusions(pod, role, world) := {{
	"path": witness.path,
	"reason": concat("", [
		witness.words,
		" tolerates ",
		concat(" and ", sort([taints.name(taint) | some taint in marks])),
		", and ",
		_selection_words(pod, terms[0]),
	]),
} |
	pod.placement.way in {"scheduler", "daemon"}
	terms := _reaching_terms(pod.placement, role, world)
	count(terms) > 0
	_let_in(pod.placement, role, world)
	marks := {taint | some taint in role.taints; taints.blocks(taint)}
	witness := _witness(pod, marks)
} | {{
	"path": array.concat(pod.path, ["nodeName"]),
	"reason": concat(" ", ["it runs on Node", pod.placement.node]),
} |
	pod.placement.way == "observed"
	_let_in(pod.placement, role, world)
	count(nodes.members(role)) > 0
}

_reaching_terms(placement, role, world) := [term |
	some class in roles.classes(role, world)
	some term in feasibility.reaching_terms(placement, class, world)
]

_let_in(_, role, _) if count(nodes.members(role)) == 0

_let_in(placement, role, world) if {
	feasibility.reaches(placement, nodes.member_classes(role), world)
}

# METADATA
# description: >-
#   true if a scheduler that heeds taints could put the pod on a node of the role, and only the Nodes of
#   the inventory are none that it could.
spared(pod, role, world) if {
	count(nodes.members(role)) > 0
	pod.placement.way in {"scheduler", "daemon"}
	count(_reaching_terms(pod.placement, role, world)) > 0
	not _let_in(pod.placement, role, world)
}

# METADATA
# description: >-
#   true if the node that the pod names could be one of the role, and only the inventory's Node of that
#   name is none.
spared_there(pod, role, world) if {
	pod.placement.way == "node"
	_known_node(pod.placement.node, role)
	feasibility.reaches(pod.placement, roles.classes(role, world), world)
	not _bound_there(pod.placement, role, world)
}

# METADATA
# description: >-
#   true if the pod does not leave the choice of its node to the default scheduler, or to one that the
#   profile says heeds taints as that does.
may_bypass(pod, _) if pod.placement.way in {"node", "file"}

may_bypass(pod, schedulers) if {
	pod.placement.way == "scheduler"
	scheduler := fields.field_text(pod.spec, "schedulerName")
	not scheduler in {"", "default-scheduler"}
	not scheduler in schedulers
}

# METADATA
# description: >-
#   returns how the pod comes to nodes of a reserved role past every scheduler that heeds their
#   taints, for a pod that may bypass it. None if it does not.
bypasses(pod, role, world) := {{"path": _bypass_path(pod), "reason": _bypass_reason(pod)} |
	pod.placement.way in {"node", "file"}
	feasibility.reaches(pod.placement, roles.classes(role, world), world)
	_bound_there(pod.placement, role, world)
} | {{
	"path": array.concat(pod.path, ["schedulerName"]),
	"reason": concat("", ["the scheduler ", scheduler, " need not heed their taints"]),
} |
	pod.placement.way == "scheduler"
	scheduler := fields.field_text(pod.spec, "schedulerName")

	# The kubelet of a node heeds NoExecute alone, whoever binds the pod.
	placement := object.union(pod.placement, {"effects": {"NoExecute"}})
	feasibility.reaches(placement, roles.classes(role, world), world)
	_let_in(placement, role, world)
}

# A node that is not in the inventory may be of any role, and so may one that has the label of the role
# with another value.
_bound_there(placement, role, _) if not _known_node(placement.node, role)

_bound_there(placement, role, world) if {
	_known_node(placement.node, role)
	_let_in(placement, role, world)
	count(nodes.members(role)) > 0
}

_known_node(name, role) if {
	name != ""
	some found in inventory.named_in_cluster({""}, "Node", name)
	nodes.decided(found, role)
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
	some member in nodes.members(role)
	name == fields.at(member, ["metadata", "name"], "")
}

# Who tolerates the taints, and where: the pod's first toleration that does, or else its RuntimeClass.
_witness(pod, marks) := {"path": _own_witnesses(pod, marks)[0], "words": "it"} if {
	count(_own_witnesses(pod, marks)) > 0
} else := {
	"path": array.concat(pod.path, ["runtimeClassName"]),
	"words": concat(" ", ["its RuntimeClass", pod.spec.runtimeClassName]),
} if {
	pod.placement.way != "daemon"
	fields.field_text(pod.spec, "runtimeClassName") != ""
} else := {"path": array.concat(pod.path, ["tolerations"]), "words": "it"}

_own_witnesses(pod, marks) := sort([item.path |
	some item in fields.items(
		fields.list(pod.spec, "tolerations"),
		array.concat(pod.path, ["tolerations"]),
	)
	some taint in marks
	taints.tolerates(item.value, taint)
])

_selection_words(pod, term) := concat("", [
	"nodeSelectorTerms[",
	format_int(term.path[count(term.path) - 1], 10),
	"] of its node affinity does not keep it away",
]) if {
	term.path != pod.path
} else := "its nodeSelector does not keep it away" if {
	count(term.requirements) > 0
} else := "nothing selects nodes"
