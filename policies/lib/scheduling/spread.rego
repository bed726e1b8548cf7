# METADATA
# title: Replicas apart
# description: >-
#   Whether two pods of a workload can ever be on one node (the scheduler's filters NodePorts,
#   InterPodAffinity and PodTopologySpread), and whether an update can therefore not end. Of topologies
#   only the node counts: which nodes share another is not known. Nodes are counted by four sorts: fit
#   (its pods can run there), tainted (selected, but with taints that they do not tolerate), unselected
#   (the other way round), and neither selected nor tolerated.
package lib.scheduling.spread

import data.lib.api.fields
import data.lib.api.selectors
import data.lib.scheduling.affinity_terms
import data.lib.scheduling.anti_affinity
import data.lib.scheduling.node_ports
import data.lib.workloads.pod_labels
import data.lib.workloads.rollouts
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns by what means two pods of one revision never share a node. A DaemonSet itself puts no second
#   one there.
within_revision(obj, nodes) := _means(obj, nodes, pod_labels.siblings(obj)) | {"DaemonSet" |
	obj.kind == "DaemonSet"
}

# METADATA
# description: returns by what means pods that an update makes never share a node with those before.
across_revisions(obj, nodes) := _means(obj, nodes, pod_labels.revisions(obj))

# METADATA
# description: >-
#   returns by what means, beside anti-affinity, two pods that no controller makes together never share a
#   node, each with the numbers of nodes for its own.
between(obj, nodes, other, other_nodes) := union({
	{"nodeName" | _named_apart(obj, other)},
	{"hostPort" | node_ports.conflict(workloads.pod(obj), workloads.pod(other))},
	{"topologySpread" |
		labels := workloads.pod_labels(obj)
		other_labels := workloads.pod_labels(other)
		_capped(obj, nodes, other_labels, labels)
		_capped(other, other_nodes, labels, other_labels)
	},
})

_named_apart(obj, other) if {
	not affinity_terms.heeded(obj)
	not affinity_terms.heeded(other)
	fields.field_text(obj.spec, "nodeName") != fields.field_text(other.spec, "nodeName")
}

# METADATA
# description: >-
#   true if an update can never end, as its new pods have no node: a Deployment leaves so many of the
#   old that every node has one, or the new pod of a DaemonSet that surges must come before the old one
#   goes. A StatefulSet deletes first.
stuck(obj, replicas, nodes) if {
	obj.kind == "Deployment"
	update := rollouts.of(obj, replicas)
	update.strategy == "RollingUpdate"
	update.available > 0
	nodes.fit <= update.available
	count(within_revision(obj, nodes)) > 0
	count(across_revisions(obj, nodes)) > 0
}

stuck(obj, _, nodes) if {
	obj.kind == "DaemonSet"
	update := rollouts.of(obj, nodes.fit)
	update.surge > 0
	update.unavailable == 0
	count(across_revisions(obj, nodes)) > 0
}

# With fewer nodes than replicas some of the new ones wait for ever, as some of the old ones did.
stuck(obj, replicas, nodes) if {
	crowded(obj, replicas, nodes)
	_restarts(obj, rollouts.of(obj, replicas), replicas)
}

# METADATA
# description: true if the workload has more replicas than nodes, which its pods may not share.
crowded(obj, replicas, nodes) if {
	replicas > nodes.fit
	count(within_revision(obj, nodes)) > 0
}

_restarts(obj, _, _) if obj.kind == "Deployment"

_restarts(obj, update, replicas) if {
	obj.kind == "StatefulSet"
	update.available < replicas
}

_means(obj, nodes, [first, second]) := union({
	{"hostPort" | node_ports.conflict(workloads.pod(obj), workloads.pod(obj))},
	{"antiAffinity" | _repels(obj, first, second)},
	{"antiAffinity" | _repels(obj, second, first)},
	{"topologySpread" | _capped(obj, nodes, first, second)},
})

# Of two pods it is enough that one does not bear the other.
_repels(obj, own, other) if {
	affinity_terms.heeded(obj)
	some term in anti_affinity.required_terms(obj)
	fields.field_text(term.value, "topologyKey") == affinity_terms.node_topology
	affinity_terms.sees_own_namespace(term.value, obj)
	selectors.matches(_selector(term.value, own), other)
}

# Once every node has one of its pods, a second may join, unless some node that counts stays empty.
_capped(obj, nodes, present, incoming) if {
	affinity_terms.heeded(obj)
	some constraint in fields.list(workloads.pod(obj), "topologySpreadConstraints")
	fields.field_text(constraint, "whenUnsatisfiable") == "DoNotSchedule"
	fields.field_text(constraint, "topologyKey") == affinity_terms.node_topology
	fields.get(constraint, "maxSkew", 0) == 1
	selector := _selector(constraint, incoming)
	not _empty(selector) # it counts no pod
	selectors.matches(selector, present)
	selectors.matches(selector, incoming)
	_has_empty_domain(obj, constraint, nodes)
}

# A node that counts and has none of the pods. The controller binds each pod of a DaemonSet to its
# node, so that no other counts unless those that are not selected do.
_has_empty_domain(obj, constraint, nodes) if {
	_every_node_is_one(obj, constraint)
	_empty_domains(constraint, nodes) > 0
}

# Fewer domains than the constraint demands count as if another were empty.
_has_empty_domain(obj, constraint, nodes) if {
	_every_node_is_one(obj, constraint)
	fields.get(constraint, "minDomains", 1) > nodes.fit + _empty_domains(constraint, nodes)
}

_has_empty_domain(obj, constraint, _) if {
	not _every_node_is_one(obj, constraint)
	fields.get(constraint, "minDomains", 1) > 1
}

_every_node_is_one(obj, _) if obj.kind != "DaemonSet"

_every_node_is_one(_, constraint) if _ignores_selection(constraint)

_empty_domains(constraint, nodes) := sum([nodes[sort] | some sort in _counting(constraint)])

_counting(constraint) := ({"tainted" | _ignores_taints(constraint)} | {"unselected" |
	_ignores_selection(constraint)
}) | {"neither" |
	_ignores_taints(constraint)
	_ignores_selection(constraint)
}

# By default taints do not keep a node from counting, and what the pod does not select does not count.
_ignores_taints(constraint) if fields.get(constraint, "nodeTaintsPolicy", "Ignore") != "Honor"

_ignores_selection(constraint) if fields.get(constraint, "nodeAffinityPolicy", "Honor") != "Honor"

# The API server puts the values of these keys, of the pod that has the term, into its selector.
_selector(holder, own) := null if {
	not is_object(fields.get(holder, "labelSelector", null))
} else := {
	"matchLabels": fields.map(holder.labelSelector, "matchLabels"),
	"matchExpressions": array.concat(
		fields.list(holder.labelSelector, "matchExpressions"),
		array.concat(
			_of_keys(holder, "matchLabelKeys", "In", own),
			_of_keys(holder, "mismatchLabelKeys", "NotIn", own),
		),
	),
}

_of_keys(holder, field, operator, own) := [{"key": key, "operator": operator, "values": [own[key]]} |
	some key in fields.list(holder, field)
]

_empty(selector) if {
	selector.matchLabels == {}
	selector.matchExpressions == []
}
