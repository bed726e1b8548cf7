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

_selected(obj) := {{"type": "pinnedBySelection", "path": wanted.path} |
	some pod in pods.of(obj)
	[term] := pod.placement.terms
	some wanted in array.concat(term.requirements, term.names)
	wanted.key in {inter_pod_affinity.node_topology, "metadata.name"}
	wanted.operator == "In"
	count(wanted.values) == 1
}

_gathered(obj) := {{"type": "pinnedByAffinity", "path": term.path} |
	some term in inter_pod_affinity.affinity_terms(obj)
	count(inter_pod_affinity.mismatches(term, obj, pod_labels.siblings(obj))) == 0
}
