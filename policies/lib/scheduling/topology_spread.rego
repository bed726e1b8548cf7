# METADATA
# title: Topology spread constraints
# description: >-
#   Whether a topology spread constraint of a workload spreads its pods across nodes, and how many it allows
#   on one (the scheduler's plugin PodTopologySpread). Nodes are counted by four sorts, see
#   lib.scheduling.feasible_nodes.
package lib.scheduling.topology_spread

import data.lib.api.fields
import data.lib.api.selectors
import data.lib.api.served
import data.lib.scheduling.inter_pod_affinity
import data.lib.workloads.workloads

# METADATA
# description: returns the topology spread constraints of the object, each with its path.
constraints(obj) := fields.items(
	fields.list(workloads.pod(obj), "topologySpreadConstraints"),
	array.concat(workloads.pod_path(obj), ["topologySpreadConstraints"]),
)

# The minor version since which each newer field of a constraint counts.
_since := {"nodeTaintsPolicy": 26, "nodeAffinityPolicy": 26, "matchLabelKeys": 27, "minDomains": 27}

_readings(constraint) := {{"value": value, "path": constraint.path} |
	some value in served.readings(constraint.value, _since)
}

# METADATA
# description: >-
#   returns why the constraint, on one pod, does not spread it and the other across nodes in every Kubernetes
#   of the profile, the pods given by their labels: each reason with its type and path. Any skew spreads them,
#   and so does a constraint that is only preferred.
mismatches(constraint, pair) := {mismatch |
	some reading in _readings(constraint)
	some mismatch in _mismatches(reading, pair)
}

_mismatches(constraint, pair) := union({
	inter_pod_affinity.topology_mismatches(constraint),
	_selector_mismatches(constraint, pair),
	{{"type": "maxSkew", "path": array.concat(constraint.path, ["maxSkew"])} | not _skewed(constraint.value)},
	{{"type": "whenUnsatisfiable", "path": array.concat(constraint.path, ["whenUnsatisfiable"])} |
		not fields.field_text(constraint.value, "whenUnsatisfiable") in {"DoNotSchedule", "ScheduleAnyway"}
	},
})

_skewed(constraint) if {
	skew := fields.get(constraint, "maxSkew", 0)
	is_number(skew)
	skew > 0
}

# It must match both: a pod that its own constraint does not match does not add to the skew.
_selector_mismatches(constraint, [own, other]) := found if {
	found := inter_pod_affinity.selector_mismatches(constraint, [own, other])
	count(found) > 0
} else := found if {
	found := {object.union(mismatch, {"own": true}) |
		some mismatch in inter_pod_affinity.selector_mismatches(constraint, [own, own])
	}
	count(found) > 0
} else := {{"type": "emptySelector", "path": array.concat(constraint.path, ["labelSelector"])} |
	_empty(inter_pod_affinity.selector(constraint.value, own))
}

# METADATA
# description: >-
#   returns the required constraints of the object over nodes that keep an incoming pod away from every node
#   once each has as many pods as the constraint's maxSkew, the present and the incoming pod given by their
#   labels, in every Kubernetes of the profile: some node that counts stays empty.
capping(obj, nodes, pair) := [constraint |
	inter_pod_affinity.applies(obj)
	some constraint in _required_over_nodes(obj)
	every reading in _readings(constraint) {
		_caps(obj, reading.value, nodes, pair)
	}
]

# METADATA
# description: returns the constraints as capping() does, in some Kubernetes of the profile.
may_cap(obj, nodes, pair) := [constraint |
	inter_pod_affinity.applies(obj)
	some constraint in _required_over_nodes(obj)
	count({reading | some reading in _readings(constraint); _caps(obj, reading.value, nodes, pair)}) > 0
]

_caps(obj, constraint, nodes, pair) if {
	_binds(constraint, pair)
	_has_empty_domain(obj, constraint, nodes)
}

# METADATA
# description: >-
#   returns the required constraints of the object, of any topology, by which pods with the present labels count
#   for an incoming pod with these, in every Kubernetes of the profile; each with the fields that the oldest of
#   them reads.
binding(obj, present, incoming) := [{"value": oldest, "path": constraint.path} |
	inter_pod_affinity.applies(obj)
	some constraint in required(obj)
	every reading in _readings(constraint) {
		_binds(reading.value, [present, incoming])
	}
	oldest := served.oldest_reading(constraint.value, _since)
]

_binds(constraint, [present, incoming]) if {
	_skewed(constraint)
	selector := inter_pod_affinity.selector(constraint, incoming)
	not _empty(selector) # it counts no pod
	selectors.matches(selector, present)
	selectors.matches(selector, incoming)
}

_required_over_nodes(obj) := [constraint |
	some constraint in required(obj)
	fields.field_text(constraint.value, "topologyKey") == inter_pod_affinity.node_topology
]

# METADATA
# description: returns the required constraints of the object, each with its path.
required(obj) := [constraint |
	some constraint in constraints(obj)
	fields.field_text(constraint.value, "whenUnsatisfiable") == "DoNotSchedule"
]

# METADATA
# description: >-
#   returns the required constraints of the object over nodes that count nodes whose taints its pods do not
#   tolerate in some Kubernetes of the profile, each with its path.
counting_tainted(obj) := [constraint |
	some constraint in _required_over_nodes(obj)
	count({reading | some reading in _readings(constraint); _ignores_taints(reading.value)}) > 0
]

# METADATA
# description: true if nodeTaintsPolicy counts in every Kubernetes of the profile.
can_honor_taints if served.at_least(_since.nodeTaintsPolicy)

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

_empty_domains(constraint, nodes) := sum([nodes[sort] | some sort in counting(constraint)])

# METADATA
# description: >-
#   returns the sorts of nodes that count for the constraint, beside those that fit
#   (lib.scheduling.feasible_nodes).
counting(constraint) := ({"tainted" | _ignores_taints(constraint)} | {"unselected" |
	_ignores_selection(constraint)
}) | {"neither" |
	_ignores_taints(constraint)
	_ignores_selection(constraint)
}

# METADATA
# description: true if nodes whose taints the pods do not tolerate do not count for the constraint.
honors_taints(constraint) if {
	not _ignores_taints(constraint)
} else := false

# By default a node counts whatever its taints are, and only if the pod selects it.
_ignores_taints(constraint) if fields.get(constraint, "nodeTaintsPolicy", "Ignore") != "Honor"

_ignores_selection(constraint) if fields.get(constraint, "nodeAffinityPolicy", "Honor") != "Honor"
