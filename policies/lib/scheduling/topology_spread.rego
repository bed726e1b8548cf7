# METADATA
# title: Topology spread constraints
# description: >-
#   Whether a topology spread constraint of a workload keeps two of its pods on different nodes (the
#   scheduler's plugin PodTopologySpread). Nodes are counted by four sorts, see lib.scheduling.feasible_nodes.
package lib.scheduling.topology_spread

import data.lib.api.fields
import data.lib.api.selectors
import data.lib.scheduling.inter_pod_affinity
import data.lib.workloads.workloads

# METADATA
# description: >-
#   true if a constraint of the object keeps an incoming pod with these labels away from every node, once
#   each has a pod with the present labels: some node that counts stays empty.
caps(obj, nodes, present, incoming) if {
	inter_pod_affinity.applies(obj)
	some constraint in fields.list(workloads.pod(obj), "topologySpreadConstraints")
	fields.field_text(constraint, "whenUnsatisfiable") == "DoNotSchedule"
	fields.field_text(constraint, "topologyKey") == inter_pod_affinity.node_topology
	fields.get(constraint, "maxSkew", 0) == 1
	selector := inter_pod_affinity.selector(constraint, incoming)
	not _empty(selector) # it counts no pod
	selectors.matches(selector, present)
	selectors.matches(selector, incoming)
	_has_empty_domain(obj, constraint, nodes)
}

_empty(selector) if {
	selector.matchLabels == {}
	selector.matchExpressions == []
}

# A node that counts and has none of the pods. The controller binds each pod of a DaemonSet to its node,
# so no other node counts unless those that are not selected do.
_has_empty_domain(obj, constraint, nodes) if {
	_every_node_is_one(obj, constraint)
	_empty_domains(constraint, nodes) > 0
}

# Fewer domains than minDomains count as if another were empty.
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

# By default a node counts whatever its taints are, and only if the pod selects it.
_ignores_taints(constraint) if fields.get(constraint, "nodeTaintsPolicy", "Ignore") != "Honor"

_ignores_selection(constraint) if fields.get(constraint, "nodeAffinityPolicy", "Honor") != "Honor"
