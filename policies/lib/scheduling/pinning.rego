# METADATA
# title: Pinning
# description: What puts all pods of a workload on one node, whatever its anti-affinity asks for.
package lib.scheduling.pinning

import data.lib.api.fields
import data.lib.scheduling.inter_pod_affinity
import data.lib.scheduling.pods
import data.lib.workloads.pod_labels
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns what puts all pods of the workload on one node, each with its type and path. A Pod says
#   nothing about other pods.
pins(obj) := set() if {
	obj.kind in {"Pod", "DaemonSet"}
} else := union({_named(obj), _selected(obj), _gathered(obj)})

_named(obj) := {{"type": "pinnedByName", "path": array.concat(workloads.pod_path(obj), ["nodeName"])} |
	fields.field_text(workloads.pod(obj), "nodeName") != ""
}

# Each term names nodes, and all of them only one.
_selected(obj) := {{"type": "pinnedBySelection", "path": wanted.path} |
	some pod in pods.of(obj)
	terms := pod.placement.terms
	count({name | some term in terms; some name in _names(term)}) == 1
	every term in terms {
		count(_naming(term)) > 0
	}
	wanted := _naming(terms[0])[0]
}

_naming(term) := [wanted |
	some wanted in array.concat(term.requirements, term.names)
	wanted.key in _name_keys
	wanted.operator == "In"
]

_name_keys := {inter_pod_affinity.node_topology, "metadata.name"}

_names(term) := {name |
	some name in _naming(term)[0].values
	every wanted in array.concat(term.requirements, term.names) {
		_admits(wanted, name)
	}
}

_admits(wanted, name) if {
	wanted.operator == "In"
	name in wanted.values
}

_admits(wanted, name) if {
	wanted.operator == "NotIn"
	not name in wanted.values
}

_admits(wanted, _) if not wanted.operator in {"In", "NotIn"}

_admits(wanted, _) if not wanted.key in _name_keys

_gathered(obj) := {{"type": "pinnedByAffinity", "path": term.path} |
	some term in inter_pod_affinity.required_terms(obj, inter_pod_affinity.affinity_path(obj))
	inter_pod_affinity.may_match(term, obj, pod_labels.siblings(obj))
}
