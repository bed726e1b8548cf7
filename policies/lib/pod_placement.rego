# METADATA
# title: Pod placement
# description: >-
#   What decides on which nodes a pod can be. By its way to a node other taints stand in it:
#
#   - scheduler: the default scheduler binds it; NoSchedule and NoExecute keep it away.
#   - daemon: the DaemonSet controller asks for the same, with tolerations that it adds itself and
#     only on the node that nodeName may name.
#   - node: nodeName binds it, whatever the scheduler would say; the kubelet of that node still
#     refuses it for a NoExecute taint, or for labels that it demands.
#   - file: the kubelet reads it from a file (a static pod), and looks at labels alone.
#   - observed: it is there.
package lib.pod_placement

import data.lib.inventory
import data.lib.node_selection
import data.lib.taint
import data.lib.value

# METADATA
# description: >-
#   returns the placement of the pod spec that stands at the path and comes to a node by this way:
#   the terms of its node selection, its tolerations with those that are added to it, the effects of
#   taints that keep it away, and the only node that it can be on, empty where it names none.
of(pod, path, way) := {
	"way": way,
	"terms": _terms(pod, path, way),
	"tolerations": array.concat(
		value.list(pod, "tolerations"),
		_added_tolerations(pod, way),
	),
	"effects": _effects[way],
	"node": _node(pod, way),
}

_effects := {
	"scheduler": {"NoSchedule", "NoExecute"},
	"daemon": {"NoSchedule", "NoExecute"},
	"node": {"NoExecute"},
	"file": set(),
	"observed": set(),
}

_node(_, "scheduler") := ""

_node(pod, way) := value.field_text(pod, "nodeName") if way != "scheduler"

# What runs on a node was let in, whatever the labels of the node are by now.
_terms(pod, path, way) := node_selection.terms({}, path) if {
	way == "observed"
} else := [object.union(term, {"requirements": array.concat(term.requirements, added)}) |
	added := _class_requirements(pod, path, way)
	some term in node_selection.terms(pod, path)
]

# The DaemonSet controller makes no pod for a node that its template does not tolerate, so that what
# admission would add to the pod comes too late.
_added_tolerations(pod, "daemon") := taint.daemon_tolerations(pod)

# The RuntimeClass admission plugin, on by default, adds to each pod what its class says. A pod whose
# own nodeSelector contradicts its class is refused, as one is here that no node can meet.
_added_tolerations(pod, way) := [toleration |
	some scheduling in _class_scheduling(pod)
	some toleration in value.list(scheduling, "tolerations")
] if {
	way != "daemon"
}

# No admission sees what a kubelet reads from a file.
_class_requirements(_, _, "file") := []

_class_requirements(pod, path, way) := [requirement |
	some scheduling in _class_scheduling(pod)
	some requirement in node_selection.selector_requirements(
		scheduling,
		array.concat(path, ["runtimeClassName"]),
	)
] if {
	way != "file"
}

_class_scheduling(pod) := [value.map(class, "scheduling") |
	name := value.field_text(pod, "runtimeClassName")
	name != ""
	some class in inventory.named_in_cluster({"node.k8s.io"}, "RuntimeClass", name)
]
