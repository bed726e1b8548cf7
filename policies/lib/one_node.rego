# METADATA
# title: One node
# description: What brings all pods of a workload to one node, so that no hint parts them.
package lib.one_node

import data.lib.affinity_term
import data.lib.anti_affinity
import data.lib.value
import data.lib.workload

# METADATA
# description: >-
#   returns why all pods of the workload come to one node, each with the place. A Pod is one of however many
#   there are, and says nothing of the others.
reasons(object_) := set() if {
	object_.kind in {"Pod", "DaemonSet"}
} else := union({_named(object_), _selected(object_), _gathered(object_)})

_named(object_) := {{
	"path": array.concat(workload.pod_path(object_), ["nodeName"]),
	"reason": "its pods name one node",
} |
	value.field_text(workload.pod(object_), "nodeName") != ""
}

_selected(object_) := {{"path": wanted.path, "reason": "its pods select one node by its name"} |
	some pod in workload.pods(object_)
	[term] := pod.placement.terms
	some wanted in array.concat(term.requirements, term.names)
	wanted.key in {affinity_term.node_topology, "metadata.name"}
	wanted.operator == "In"
	count(wanted.values) == 1
}

_gathered(object_) := {{"path": item.path, "reason": "its pod affinity brings its pods to one node"} |
	some item in value.items(value.list(value.at(object_, _path(object_), {}), _required), array.concat(
		_path(object_),
		[_required],
	))
	count(anti_affinity.faults(item, object_, anti_affinity.own(object_))) == 0
}

_path(object_) := array.concat(workload.pod_path(object_), ["affinity", "podAffinity"])

_required := "requiredDuringSchedulingIgnoredDuringExecution"
