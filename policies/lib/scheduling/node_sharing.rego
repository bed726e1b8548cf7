# METADATA
# title: Node sharing
# description: >-
#   Whether two pods can be on one node (the scheduler's plugins NodePorts, InterPodAffinity and
#   PodTopologySpread). The only topology that counts is the node: which nodes share another is not known. Nodes
#   are counted by four sorts, see lib.scheduling.feasible_nodes.
package lib.scheduling.node_sharing

import data.lib.api.fields
import data.lib.scheduling.inter_pod_affinity
import data.lib.scheduling.node_ports
import data.lib.scheduling.topology_spread
import data.lib.workloads.pod_labels
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns what keeps two pods of one revision from sharing a node in every Kubernetes of the profile. A
#   DaemonSet itself puts only one pod on a node.
within_revision(obj, nodes) := _alone(_certain_bounds(obj, nodes, pod_labels.siblings(obj))) | {"DaemonSet" |
	obj.kind == "DaemonSet"
}

# METADATA
# description: >-
#   returns what may keep the pods of a new revision from sharing a node with the old ones, in some
#   Kubernetes of the profile.
across_revisions(obj, nodes) := _alone(bounds_across(obj, nodes))

_alone(bounds) := {bound.means | some bound in bounds; bound.pods == 1}

# METADATA
# description: >-
#   returns what may bound how many pods of one revision a node takes, each with that number: a topology spread
#   constraint may allow several.
bounds_within(obj, nodes) := _bounds(obj, nodes, pod_labels.siblings(obj))

# METADATA
# description: returns what may bound how many old pods a node has that takes one of a new revision.
bounds_across(obj, nodes) := _bounds(obj, nodes, pod_labels.revisions(obj))

# METADATA
# description: >-
#   returns what, besides anti-affinity, keeps two pods of different controllers from sharing a node, each
#   with its own numbers of nodes.
between(obj, nodes, other, other_nodes) := union({
	{"nodeName" | _named_apart(obj, other)},
	{"hostPort" | node_ports.conflict(workloads.pod(obj), workloads.pod(other))},
	{"topologySpread" |
		labels := workloads.pod_labels(obj)
		other_labels := workloads.pod_labels(other)
		_capped(topology_spread.capping(obj, nodes, [other_labels, labels]))
		_capped(topology_spread.capping(other, other_nodes, [labels, other_labels]))
	},
})

_named_apart(obj, other) if {
	not inter_pod_affinity.applies(obj)
	not inter_pod_affinity.applies(other)
	fields.field_text(obj.spec, "nodeName") != fields.field_text(other.spec, "nodeName")
}

_capped(constraints) if {
	some constraint in constraints
	constraint.value.maxSkew == 1
}

# It is enough that one of the two pods repels the other.
_bounds(obj, nodes, [first, second]) := union({
	_port_bound(obj),
	{{"means": "antiAffinity", "pods": 1} | inter_pod_affinity.may_repel(obj, first, second)},
	{{"means": "antiAffinity", "pods": 1} | inter_pod_affinity.may_repel(obj, second, first)},
	{_spread_bound(constraint) | some constraint in topology_spread.may_cap(obj, nodes, [first, second])},
})

_certain_bounds(obj, nodes, [first, second]) := union({
	_port_bound(obj),
	{{"means": "antiAffinity", "pods": 1} | inter_pod_affinity.repels(obj, first, second)},
	{{"means": "antiAffinity", "pods": 1} | inter_pod_affinity.repels(obj, second, first)},
	{_spread_bound(constraint) | some constraint in topology_spread.capping(obj, nodes, [first, second])},
})

_port_bound(obj) := {{"means": "hostPort", "pods": 1} |
	node_ports.conflict(workloads.pod(obj), workloads.pod(obj))
}

_spread_bound(constraint) := {"means": "topologySpread", "pods": constraint.value.maxSkew}
