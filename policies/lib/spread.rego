# METADATA
# title: Replicas apart
# description: >-
#   Whether two pods of a workload can ever be on one node (the scheduler's filters NodePorts,
#   InterPodAffinity and PodTopologySpread), and whether an update can therefore not end. Of topologies
#   only the node counts: which nodes share another is not known. Nodes are counted by four sorts: fit
#   (its pods can run there), tainted (selected, but with taints that they do not tolerate), unselected
#   (the other way round), and neither selected nor tolerated.
package lib.spread

import data.lib.affinity_term
import data.lib.anti_affinity
import data.lib.host_port
import data.lib.label_selector
import data.lib.pod_labels
import data.lib.rollout
import data.lib.value
import data.lib.workload

# METADATA
# description: >-
#   returns by what means two pods of one revision never share a node. A DaemonSet itself puts no second
#   one there.
within_revision(object_, nodes) := _means(object_, nodes, pod_labels.siblings(object_)) | {"DaemonSet" |
	object_.kind == "DaemonSet"
}

# METADATA
# description: returns by what means pods that an update makes never share a node with those before.
across_revisions(object_, nodes) := _means(object_, nodes, pod_labels.revisions(object_))

# METADATA
# description: >-
#   returns by what means, beside anti-affinity, two pods that no controller makes together never share a
#   node, each with the numbers of nodes for its own.
between(object_, nodes, other, other_nodes) := union({
	{"nodeName" | _named_apart(object_, other)},
	{"hostPort" | host_port.conflict(workload.pod(object_), workload.pod(other))},
	{"topologySpread" |
		labels := workload.pod_labels(object_)
		other_labels := workload.pod_labels(other)
		_capped(object_, nodes, other_labels, labels)
		_capped(other, other_nodes, labels, other_labels)
	},
})

_named_apart(object_, other) if {
	not affinity_term.heeded(object_)
	not affinity_term.heeded(other)
	value.field_text(object_.spec, "nodeName") != value.field_text(other.spec, "nodeName")
}

# METADATA
# description: >-
#   true if an update can never end, as its new pods have no node: a Deployment leaves so many of the
#   old that every node has one, or the new pod of a DaemonSet that surges must come before the old one
#   goes. A StatefulSet deletes first.
stuck(object_, replicas, nodes) if {
	object_.kind == "Deployment"
	update := rollout.of(object_, replicas)
	update.strategy == "RollingUpdate"
	update.available > 0
	nodes.fit <= update.available
	count(within_revision(object_, nodes)) > 0
	count(across_revisions(object_, nodes)) > 0
}

stuck(object_, _, nodes) if {
	object_.kind == "DaemonSet"
	update := rollout.of(object_, nodes.fit)
	update.surge > 0
	update.unavailable == 0
	count(across_revisions(object_, nodes)) > 0
}

# With fewer nodes than replicas some of the new ones wait for ever, as some of the old ones did.
stuck(object_, replicas, nodes) if {
	crowded(object_, replicas, nodes)
	_restarts(object_, rollout.of(object_, replicas), replicas)
}

# METADATA
# description: true if the workload has more replicas than nodes, which its pods may not share.
crowded(object_, replicas, nodes) if {
	replicas > nodes.fit
	count(within_revision(object_, nodes)) > 0
}

_restarts(object_, _, _) if object_.kind == "Deployment"

_restarts(object_, update, replicas) if {
	object_.kind == "StatefulSet"
	update.available < replicas
}

_means(object_, nodes, [first, second]) := union({
	{"hostPort" | host_port.conflict(workload.pod(object_), workload.pod(object_))},
	{"antiAffinity" | _repels(object_, first, second)},
	{"antiAffinity" | _repels(object_, second, first)},
	{"topologySpread" | _capped(object_, nodes, first, second)},
})

# Of two pods it is enough that one does not bear the other.
_repels(object_, own, other) if {
	affinity_term.heeded(object_)
	some term in anti_affinity.required_terms(object_)
	value.field_text(term.value, "topologyKey") == affinity_term.node_topology
	affinity_term.sees_own_namespace(term.value, object_)
	label_selector.matches(_selector(term.value, own), other)
}

# Once every node has one of its pods, a second may join, unless some node that counts stays empty.
_capped(object_, nodes, present, incoming) if {
	affinity_term.heeded(object_)
	some constraint in value.list(workload.pod(object_), "topologySpreadConstraints")
	value.field_text(constraint, "whenUnsatisfiable") == "DoNotSchedule"
	value.field_text(constraint, "topologyKey") == affinity_term.node_topology
	value.get(constraint, "maxSkew", 0) == 1
	selector := _selector(constraint, incoming)
	not _empty(selector) # it counts no pod
	label_selector.matches(selector, present)
	label_selector.matches(selector, incoming)
	_has_empty_domain(object_, constraint, nodes)
}

# A node that counts and has none of the pods. The controller binds each pod of a DaemonSet to its
# node, so that no other counts unless those that are not selected do.
_has_empty_domain(object_, constraint, nodes) if {
	_every_node_is_one(object_, constraint)
	_empty_domains(constraint, nodes) > 0
}

# Fewer domains than the constraint demands count as if another were empty.
_has_empty_domain(object_, constraint, nodes) if {
	_every_node_is_one(object_, constraint)
	value.get(constraint, "minDomains", 1) > nodes.fit + _empty_domains(constraint, nodes)
}

_has_empty_domain(object_, constraint, _) if {
	not _every_node_is_one(object_, constraint)
	value.get(constraint, "minDomains", 1) > 1
}

_every_node_is_one(object_, _) if object_.kind != "DaemonSet"

_every_node_is_one(_, constraint) if _ignores_selection(constraint)

_empty_domains(constraint, nodes) := sum([nodes[sort] | some sort in _counting(constraint)])

_counting(constraint) := ({"tainted" | _ignores_taints(constraint)} | {"unselected" |
	_ignores_selection(constraint)
}) | {"neither" |
	_ignores_taints(constraint)
	_ignores_selection(constraint)
}

# By default taints do not keep a node from counting, and what the pod does not select does not count.
_ignores_taints(constraint) if value.get(constraint, "nodeTaintsPolicy", "Ignore") != "Honor"

_ignores_selection(constraint) if value.get(constraint, "nodeAffinityPolicy", "Honor") != "Honor"

# The API server puts the values of these keys, of the pod that has the term, into its selector.
_selector(holder, own) := null if {
	not is_object(value.get(holder, "labelSelector", null))
} else := {
	"matchLabels": value.map(holder.labelSelector, "matchLabels"),
	"matchExpressions": array.concat(
		value.list(holder.labelSelector, "matchExpressions"),
		array.concat(
			_of_keys(holder, "matchLabelKeys", "In", own),
			_of_keys(holder, "mismatchLabelKeys", "NotIn", own),
		),
	),
}

_of_keys(holder, field, operator, own) := [{"key": key, "operator": operator, "values": [own[key]]} |
	some key in value.list(holder, field)
]

_empty(selector) if {
	selector.matchLabels == {}
	selector.matchExpressions == []
}
