# METADATA
# title: Pod placement
# description: >-
#   What decides on which nodes a pod can be. Which taints apply depends on how the pod is bound:
#
#   - scheduler: the default scheduler binds it; NoSchedule and NoExecute keep it away.
#   - daemon: the DaemonSet controller asks for the same, with tolerations that it adds itself and
#     only on the node that nodeName may name.
#   - node: nodeName binds it, whatever the scheduler would say; the kubelet of that node still
#     refuses it for a NoExecute taint, or for labels that it demands.
#   - file: the kubelet reads it from a file (a static pod), and looks at labels alone.
#   - observed: it runs on a node of the inventory.
# custom:
#   reads: [runtimeClass]
package lib.scheduling.pods

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.nodes.nodes
import data.lib.nodes.taints
import data.lib.scheduling.node_affinity
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns the sorts of pods that the object makes, one but for some custom resources: the path of
#   the pod spec, the spec, and what decides where such a pod can be.
of(obj) := [{"path": pod.path, "spec": pod.spec, "placement": found} |
	some pod in workloads.pod_specs(obj)
	found := placement(pod.spec, pod.path, _way(obj, pod.spec))
]

# METADATA
# description: >-
#   returns the sorts of pods of the object as they would be if they were created now: a pod that a
#   scheduler or a kubelet has put on a node says by its spec where others like it can be.
rescheduled(obj) := [object.union(pod, {"placement": _rescheduled(pod)}) | some pod in of(obj)]

_rescheduled(pod) := placement(unbound, pod.path, way) if {
	way := _new_way[pod.placement.way]
	unbound := object.remove(pod.spec, ["nodeName"])
} else := pod.placement

_new_way := {"observed": "scheduler", "file": "file"}

# METADATA
# description: returns the first sort of pods of the object, an empty one where it says of none.
main(obj) := of(obj)[0] if {
	count(of(obj)) > 0
} else := {"path": path, "spec": {}, "placement": placement({}, path, "scheduler")} if {
	path := workloads.pod_path(obj)
}

# How the pods come to a node.
_way(obj, spec) := "daemon" if {
	obj.kind == "DaemonSet"
} else := "file" if {
	_static(obj)
} else := "observed" if {
	_observed(obj)
} else := "node" if {
	not runs(obj)
	fields.field_text(spec, "nodeName") != ""
} else := "scheduler"

# A kubelet notes so on what it read from a file. To write it by hand gains nothing: such a pod is
# checked as if no taint kept it away.
_static(obj) if {
	obj.kind == "Pod"
	some note in ["kubernetes.io/config.mirror", "kubernetes.io/config.source"]
	fields.at(obj, ["metadata", "annotations", note], null) != null
}

# METADATA
# description: >-
#   true if a kubelet notes that it read the pod from a file, or if the pod could be such a file: it was
#   not made by an API server, and says nothing that only a scheduler or admission reads.
could_be_static(obj) if _static(obj)

could_be_static(obj) if {
	obj.kind == "Pod"
	fields.at(obj, ["metadata", "uid"], "") == ""
	every field in ["tolerations", "nodeName", "schedulerName", "runtimeClassName"] {
		fields.at(obj, ["spec", field], []) in {[], ""}
	}
}

# Where a pod is tells nothing unless the node is known.
_observed(obj) if {
	runs(obj)
	some _ in nodes.named(fields.field_text(workloads.pod(obj), "nodeName"))
}

# METADATA
# description: >-
#   true if the object is a pod that runs: the API server gave it its uid, and a scheduler may have given it
#   its nodeName.
runs(obj) if {
	obj.kind == "Pod"
	fields.at(obj, ["metadata", "uid"], "") != ""
	placed(obj)
}

# METADATA
# description: >-
#   true if the pod's status says that it is bound to a node. A pod that is only being created has a phase
#   too.
placed(obj) if not fields.at(obj, ["status", "phase"], "") in {"", "Pending"}

placed(obj) if fields.at(obj, ["status", "startTime"], "") != ""

placed(obj) if {
	some condition in fields.list(fields.map(obj, "status"), "conditions")
	fields.field_text(condition, "type") == "PodScheduled"
	fields.field_text(condition, "status") == "True"
}

# METADATA
# description: >-
#   returns the placement of the pod spec that stands at the path and comes to a node by this way:
#   the terms of its node selection, its tolerations with those that are added to it, the effects of
#   taints that keep it away, and the only node that it can be on, empty where it names none.
placement(pod, path, way) := {
	"way": way,
	"terms": _terms(pod, path, way),
	"tolerations": array.concat(
		fields.list(pod, "tolerations"),
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

_node(pod, way) := fields.field_text(pod, "nodeName") if way != "scheduler"

# What runs on a node was let in, whatever the labels of the node are by now.
_terms(pod, path, way) := node_affinity.terms({}, path) if {
	way == "observed"
} else := [object.union(term, {"requirements": array.concat(term.requirements, added)}) |
	added := _class_requirements(pod, path, way)
	some term in node_affinity.terms(pod, path)
]

# The DaemonSet controller makes no pod for a node that its template does not tolerate, so that what
# admission would add to the pod comes too late.
_added_tolerations(pod, "daemon") := taints.daemon_tolerations(pod)

# The RuntimeClass admission plugin, on by default, adds to each pod what its class says. A pod whose
# own nodeSelector contradicts its class is refused, as one is here that no node can meet.
_added_tolerations(pod, way) := [toleration |
	some scheduling in _class_scheduling(pod)
	some toleration in fields.list(scheduling, "tolerations")
] if {
	way != "daemon"
}

# No admission sees what a kubelet reads from a file.
_class_requirements(_, _, "file") := []

_class_requirements(pod, path, way) := [requirement |
	some scheduling in _class_scheduling(pod)
	some requirement in node_affinity.selector_requirements(
		scheduling,
		array.concat(path, ["runtimeClassName"]),
	)
] if {
	way != "file"
}

_class_scheduling(pod) := [fields.map(class, "scheduling") | some class in runtime_classes(pod)]

# METADATA
# description: returns the RuntimeClass of the pod spec, if it names one that the inventory has.
runtime_classes(pod) := [class |
	name := fields.field_text(pod, "runtimeClassName")
	name != ""
	some class in inventory.named_in_cluster({"node.k8s.io"}, "RuntimeClass", name)
]

# METADATA
# description: true if the pod spec names a scheduler that is not the default one and not in the list.
other_scheduler(pod, schedulers) if {
	name := fields.field_text(pod, "schedulerName")
	not name in {"", "default-scheduler"}
	not name in schedulers
}

# METADATA
# description: returns the placement with every taint tolerated, so that only labels and names decide.
tolerating_all(placement) := object.union(placement, {"tolerations": [{"operator": "Exists"}]})
