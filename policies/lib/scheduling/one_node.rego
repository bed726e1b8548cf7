# METADATA
# title: One node
# description: What brings all pods of a workload to one node, so that no hint parts them.
package lib.scheduling.one_node

import data.lib.api.fields
import data.lib.scheduling.affinity_terms
import data.lib.scheduling.anti_affinity
import data.lib.scheduling.pods
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns why all pods of the workload come to one node, each with the place. A Pod is one of however many
#   there are, and says nothing of the others.
reasons(obj) := set() if {
	obj.kind in {"Pod", "DaemonSet"}
} else := union({_named(obj), _selected(obj), _gathered(obj)})

_named(obj) := {{
	"path": array.concat(workloads.pod_path(obj), ["nodeName"]),
	"reason": "its pods name one node",
} |
	fields.field_text(workloads.pod(obj), "nodeName") != ""
}

_selected(obj) := {{"path": wanted.path, "reason": "its pods select one node by its name"} |
	some pod in pods.of(obj)
	[term] := pod.placement.terms
	some wanted in array.concat(term.requirements, term.names)
	wanted.key in {affinity_terms.node_topology, "metadata.name"}
	wanted.operator == "In"
	count(wanted.values) == 1
}

_gathered(obj) := {{"path": item.path, "reason": "its pod affinity brings its pods to one node"} |
	some item in fields.items(fields.list(fields.at(obj, _path(obj), {}), _required), array.concat(
		_path(obj),
		[_required],
	))
	count(anti_affinity.faults(item, obj, anti_affinity.own(obj))) == 0
}

_path(obj) := array.concat(workloads.pod_path(obj), ["affinity", "podAffinity"])

_required := "requiredDuringSchedulingIgnoredDuringExecution"
