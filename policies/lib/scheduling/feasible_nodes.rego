# METADATA
# title: Feasible nodes
# description: On how many Nodes of the inventory the pods of a workload can run, and stay.
package lib.scheduling.feasible_nodes

import data.lib.nodes.nodes
import data.lib.scheduling.feasibility
import data.lib.scheduling.pods

# METADATA
# description: is a number of nodes larger than any role has, for a number that is not known.
many := 1000

# METADATA
# description: >-
#   returns how many Nodes of the inventory there are of each sort that spreading distinguishes: whether
#   the workload's pods select them, and tolerate their taints. Without Nodes there are more that fit
#   than in any cluster.
sorts(obj) := {"fit": many, "tainted": 0, "unselected": 0, "neither": 0} if {
	not nodes.given
} else := {sort: count([member | some member in nodes.present; _sort(pod, member) == sort]) |
	pod := pods.staying(pods.main(obj))
	some sort in ["fit", "tainted", "unselected", "neither"]
}

# METADATA
# description: >-
#   returns the same numbers with the taints that Nodes have by their condition, such as a cordon.
present_sorts(obj) := object.union(lasting, {
	"fit": lasting.fit - shut,
	"tainted": lasting.tainted + shut,
}) if {
	lasting := sorts(obj)
	shut := count(shut_names(obj))
}

# METADATA
# description: >-
#   returns the names of those of the Nodes on which the workload's pods can run that a taint of their condition
#   closes to new ones, such as a cordon.
shut_names(obj) := [nodes.name(member) | some member in members(obj); _is_shut(pods.main(obj), member)]

_is_shut(pod, member) if {
	count(feasibility.untolerated(pod.placement, nodes.class(member, set()))) > 0
}

_sort(pod, member) := "fit" if {
	_tolerates(pod, member)
	_selects(pod, member)
} else := "tainted" if {
	_selects(pod, member)
} else := "unselected" if {
	_tolerates(pod, member)
} else := "neither"

_tolerates(pod, member) if {
	count(feasibility.untolerated(pod.placement, _class(pod, member))) == 0
}

_selects(pod, member) if {
	feasibility.reaches(pods.tolerating_all(pod.placement), [_class(pod, member)])
}

# A Node from a manifest has the labels that it lists and those that its kubelet adds, and no others.
_class(pod, member) := nodes.lasting_class(member, {wanted.key |
	some term in pod.placement.terms
	some wanted in term.requirements
	not wanted.key in _kubelet_labels
})

_kubelet_labels := {
	"kubernetes.io/hostname",
	"kubernetes.io/os",
	"kubernetes.io/arch",
	"beta.kubernetes.io/os",
	"beta.kubernetes.io/arch",
	"node.kubernetes.io/instance-type",
	"beta.kubernetes.io/instance-type",
	"topology.kubernetes.io/zone",
	"topology.kubernetes.io/region",
	"failure-domain.beta.kubernetes.io/zone",
	"failure-domain.beta.kubernetes.io/region",
}

# METADATA
# description: returns the Nodes of the inventory on which the workload's pods can run, and stay.
members(obj) := of_sorts(obj, {"fit"})

# METADATA
# description: returns the Nodes of the inventory that are of one of these sorts.
of_sorts(obj, wanted) := [member |
	pod := pods.staying(pods.main(obj))
	some member in nodes.present
	_sort(pod, member) in wanted
]

# METADATA
# description: returns the names of the Nodes of the inventory on which the workload's pods can run, sorted.
names(obj) := sort([nodes.name(member) | some member in members(obj)])
