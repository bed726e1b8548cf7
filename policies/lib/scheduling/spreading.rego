# METADATA
# title: Spreading
# description: >-
#   What spreads the pods of a workload across nodes: required or preferred pod anti-affinity, or a topology
#   spread constraint; and why none of them does.
package lib.scheduling.spreading

import data.lib.api.fields
import data.lib.nodes.nodes
import data.lib.scheduling.feasible_nodes
import data.lib.scheduling.inter_pod_affinity
import data.lib.scheduling.topology_spread
import data.lib.workloads.pod_labels
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns what spreads the object's own pods: required, preferred (both pod anti-affinity) or spread (a
#   topology spread constraint).
means(obj) := intersection({_means(obj, pair) | some pair in pod_labels.sibling_readings(obj)})

# METADATA
# description: >-
#   returns why nothing spreads the object's own pods, each reason with its type and path: that there is
#   nothing, or what is wrong with each term and constraint. None if one works, or if it is a DaemonSet,
#   which runs one pod a node.
shortcomings(obj) := set() if {
	obj.kind == "DaemonSet"
} else := {shortcoming |
	some pair in pod_labels.sibling_readings(obj)
	some shortcoming in _shortcomings(obj, pair)
}

# METADATA
# description: >-
#   returns why the object, a pod that no controller made, does not keep the other such pod away; a reason
#   about the labels of the other pod names it. It is not enough that the other pod keeps this one away:
#   a third may be like this one.
shortcomings_beside(obj, other) := {{"type": "nodeName", "path": ["spec", "nodeName"]}} if {
	not inter_pod_affinity.applies(obj)
} else := {_beside(shortcoming, other) |
	some shortcoming in _shortcomings(obj, [workloads.pod_labels(obj), workloads.pod_labels(other)])
}

_beside(shortcoming, other) := object.union(shortcoming, {"other": other}) if {
	shortcoming.type == "labelSelector"
	not shortcoming.own
} else := shortcoming

_shortcomings(obj, pair) := set() if {
	count(_means(obj, pair)) > 0
} else := found if {
	found := union({_outweighed(obj, pair), _term_faults(obj, pair), _constraint_faults(obj, pair)})
	count(found) > 0
} else := {{"type": _missing(obj), "path": inter_pod_affinity.path(obj)}}

_missing(obj) := "missing" if count(topology_spread.constraints(obj)) == 0

_missing(obj) := "widerOnly" if count(topology_spread.constraints(obj)) > 0

_means(obj, pair) := union({
	{"required" |
		some term in _required(obj)
		count(_required_mismatches(term, obj, pair)) == 0
	},
	{"preferred" |
		count(_preferring(obj, pair)) > 0
		count(_outweighed(obj, pair)) == 0
	},
	{"spread" |
		some constraint in topology_spread.constraints(obj)
		count(topology_spread.mismatches(constraint, pair)) == 0
	},
})

_required(obj) := inter_pod_affinity.required_terms(obj, inter_pod_affinity.path(obj))

# Pods that never share a zone never share a node.
_required_mismatches(term, obj, pair) := {mismatch |
	some found in inter_pod_affinity.mismatches(term, obj, pair)
	some mismatch in _unless_divided(found, obj)
}

_unless_divided(mismatch, _) := {mismatch} if mismatch.type != "topologyKey"

_unless_divided(mismatch, obj) := _undivided(mismatch, obj) if mismatch.type == "topologyKey"

# On nodes without the label of its topology, a term keeps no pods apart.
_undivided(mismatch, obj) := set() if {
	mismatch.value in _labels_of_every_node
} else := {object.union(mismatch, {"type": "unlabelled", "node": lacking[0]})} if {
	mismatch.value in _labels_of_places
	lacking := _lacking(obj, mismatch.value)
	count(lacking) > 0
} else := set() if {
	mismatch.value in _labels_of_places
} else := set() if {
	mismatch.value != ""
	count(feasible_nodes.names(obj)) > 0
	every member in feasible_nodes.members(obj) {
		nodes.labels(member)[mismatch.value]
	}
} else := {mismatch}

# The kubelet sets these on every node, and the cloud provider those of places.
_labels_of_every_node := {
	"kubernetes.io/os",
	"kubernetes.io/arch",
	"beta.kubernetes.io/os",
	"beta.kubernetes.io/arch",
}

_labels_of_places := {
	"topology.kubernetes.io/zone",
	"topology.kubernetes.io/region",
	"failure-domain.beta.kubernetes.io/zone",
	"failure-domain.beta.kubernetes.io/region",
}

# All labels of a Node are known only if an API server has shown it.
_lacking(obj, key) := sort([nodes.name(member) |
	some member in feasible_nodes.members(obj)
	fields.at(member, ["metadata", "uid"], "") != ""
	not nodes.labels(member)[key]
])

_preferring(obj, pair) := [term |
	some term in inter_pod_affinity.preferred_terms(obj, inter_pod_affinity.path(obj))
	count(inter_pod_affinity.mismatches(term, obj, pair)) == 0
]

# The scheduler adds up the weights of all terms, those of affinity for a node and those of anti-affinity
# against it.
_outweighed(obj, pair) := {{
	"type": "outweighed",
	"path": against[0].weight_path,
	"weight": _weight(against),
	"affinity": _weight(towards),
} |
	against := _preferring(obj, pair)
	count(against) > 0
	towards := [term |
		some term in inter_pod_affinity.preferred_terms(obj, inter_pod_affinity.affinity_path(obj))
		inter_pod_affinity.may_match(term, obj, pair)
	]
	count(towards) > 0
	_weight(against) <= _weight(towards)
}

_weight(terms) := sum([term.weight | some term in terms])

_term_faults(obj, pair) := {mismatch |
	some term in _required(obj)
	some mismatch in _required_mismatches(term, obj, pair)
} | {mismatch |
	some term in inter_pod_affinity.preferred_terms(obj, inter_pod_affinity.path(obj))
	some mismatch in inter_pod_affinity.mismatches(term, obj, pair)
}

# A constraint over a wider topology is no mistake. It spreads pods across zones, say, and not across nodes.
_constraint_faults(obj, pair) := {mismatch |
	some constraint in topology_spread.constraints(obj)
	endswith(fields.field_text(constraint.value, "topologyKey"), "hostname")
	some mismatch in topology_spread.mismatches(constraint, pair)
}
