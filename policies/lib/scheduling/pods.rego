# METADATA
# title: Pod placement
# description: >-
#   What decides on which nodes a pod can be. Which taints apply depends on how the pod is bound:
#
#   - scheduler: the default scheduler binds it; NoSchedule and NoExecute keep it away.
#   - daemon: the DaemonSet controller asks for the same, with tolerations that it adds itself and
#     only on the node that nodeName names, if any.
#   - node: nodeName binds it without the scheduler; the kubelet of that node still
#     rejects it for a NoExecute taint, or for a nodeSelector or affinity that does not match.
#   - file: the kubelet reads it from a file (a static pod), and checks only labels.
#   - observed: it runs on a node of the inventory.
# custom:
#   reads: [runtimeClass]
package lib.scheduling.pods

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.api.requests
import data.lib.api.served
import data.lib.nodes.nodes
import data.lib.nodes.taints
import data.lib.scheduling.node_affinity
import data.lib.workloads.controllers
import data.lib.workloads.pod_limits
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns the sorts of pods that the object makes, one except for some custom resources and for a file that
#   says that it is a static pod: the path of the pod spec, the spec, and what decides where such a pod can
#   be. None if that is more than is checked (lib.workloads.pod_limits): each policy that asks reports it.
of(obj) := _reviewed if {
	requests.is_kept(obj)
} else := _of(obj)

_reviewed := _of(input.review.object)

_of(obj) := [object.union(pod, {"placement": object.union(pod.placement, {"terms": terms})}) |
	some pod in bound(obj)
	terms := _terms(pod.spec, pod.path, pod.placement.way)
]

# METADATA
# description: >-
#   returns the same, in the same order, without the terms of the placement: of many pods the rest already
#   answers the question, and terms take long to read.
bound(obj) := _reviewed_bound if {
	requests.is_kept(obj)
} else := _bound(obj)

_reviewed_bound := _bound(input.review.object)

_bound(obj) := [] if {
	pod_limits.placement(obj) != set()
} else := [{"path": pod.path, "spec": pod.spec, "placement": _binding(pod.spec, way)} |
	some pod in workloads.pod_specs(obj)
	some way in ways(obj, pod.spec)
]

# METADATA
# description: >-
#   returns the sorts of pods of the object as if they were created now: the spec of a pod that is already
#   on a node shows where others like it can run.
rescheduled(obj) := [object.union(pod, {"placement": _rescheduled(pod)}) | some pod in of(obj)]

_rescheduled(pod) := placement(unbound, pod.path, way) if {
	way := _new_way[pod.placement.way]
	unbound := object.remove(pod.spec, ["nodeName"])
} else := pod.placement

_new_way := {"observed": "scheduler", "file": "file"}

# METADATA
# description: returns the first sort of pods of the object, an empty one if it has none.
main(obj) := of(obj)[0] if {
	count(of(obj)) > 0
} else := {"path": path, "spec": {}, "placement": placement({}, path, "scheduler")} if {
	path := workloads.pod_path(obj)
}

# METADATA
# description: >-
#   returns the ways in which pods of this spec are bound to a node. An annotation may be true or not: a pod
#   with one is checked in both ways, and what the kubelet does with a file includes what it does with a
#   nodeName.
ways(obj, _) := ["file"] if {
	mirrored(obj)
} else := ["file"] if {
	says_static(obj)
	fields.field_text(workloads.pod(obj), "nodeName") != ""
} else := ["scheduler", "file"] if {
	says_static(obj)
}

ways(obj, spec) := [_way(obj, spec)] if {
	not mirrored(obj)
	not says_static(obj)
}

_way(obj, spec) := "daemon" if {
	obj.kind == "DaemonSet"
} else := "observed" if {
	_observed(obj)
} else := "node" if {
	not runs(obj)
	fields.field_text(spec, "nodeName") != ""
} else := "scheduler"

_mirror := ["metadata", "annotations", "kubernetes.io/config.mirror"]

# METADATA
# description: >-
#   true if an annotation says that a kubelet read the pod from a file. A kubelet sets it, and so can anyone.
#   The API server accepts config.mirror only with a nodeName, and does not read config.source.
says_static(obj) if {
	obj.kind == "Pod"
	some path in [_mirror, ["metadata", "annotations", "kubernetes.io/config.source"]]
	fields.at(obj, path, null) != null
	not requests.asks_for(obj)
}

# METADATA
# description: >-
#   true if the pod is the mirror of a static pod: it has the annotation, its node, and that Node as its
#   controller, and an API server has shown it, or the kubelet asks for it. Anyone can write such an object,
#   but a kubelet deletes the mirror of a pod that it does not run.
mirrored(obj) if {
	obj.kind == "Pod"
	fields.at(obj, _mirror, null) != null
	some reference in controllers.references(obj)
	_of_node(reference, fields.field_text(workloads.pod(obj), "nodeName"))
	_vouched_for(obj)
}

_of_node(reference, name) if {
	name != ""
	fields.field_text(reference, "apiVersion") == "v1"
	fields.field_text(reference, "kind") == "Node"
	fields.field_text(reference, "name") == name
}

_vouched_for(obj) if {
	not requests.asks_for(obj)
	fields.at(obj, ["metadata", "uid"], "") != ""
}

_vouched_for(obj) if {
	requests.asks_for(obj)
	requests.by_kubelet
}

# METADATA
# description: >-
#   true if the pod could be a file that a kubelet of the component reads: it has just these tolerations, and
#   nothing that only an API server sets, or that only a scheduler or admission reads.
could_be_file(obj, tolerations) if {
	obj.kind == "Pod"
	not requests.asks_for(obj)
	workloads.name(obj) != ""
	fields.map(obj, "status") == {}
	every field in _set_by_server {
		fields.at(obj, ["metadata", field], "") in {"", []}
	}
	every field in _not_for_kubelets {
		fields.at(obj, ["spec", field], "") in {"", []}
	}
	_normal(fields.list(workloads.pod(obj), "tolerations")) == _normal(tolerations)
}

_set_by_server := [
	"uid",
	"resourceVersion",
	"creationTimestamp",
	"deletionTimestamp",
	"generateName",
	"ownerReferences",
]

_not_for_kubelets := ["nodeName", "schedulerName", "runtimeClassName", "serviceAccountName", "schedulingGates"]

_normal(tolerations) := {[operator, rest] |
	some toleration in tolerations
	operator := fields.get(toleration, "operator", "Equal")
	rest := {key: value |
		some key, value in toleration
		key != "operator"
		not value in {null, ""}
	}
}

# The place of a pod says nothing unless the node is known.
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
	_started(obj)
}

# A pod that is only being created has a phase, too: Pending.
_started(obj) if not fields.at(obj, ["status", "phase"], "") in {"", "Pending"}

_started(obj) if _scheduled(obj)

# METADATA
# description: >-
#   true if the pod's status says that it is bound to a node. The API server gives a pod its uid and phase
#   before a policy sees it, this only later. It drops the status of a pod without a uid.
placed(obj) if {
	fields.at(obj, ["metadata", "uid"], "") != ""
	_placed(obj)
}

_placed(obj) if fields.at(obj, ["status", "startTime"], "") != ""

_placed(obj) if _scheduled(obj)

_scheduled(obj) if {
	some condition in fields.list(fields.map(obj, "status"), "conditions")
	fields.field_text(condition, "type") == "PodScheduled"
	fields.field_text(condition, "status") == "True"
}

# METADATA
# description: >-
#   returns the placement of the pod spec at the path, bound in this way: the terms of its nodeSelector and
#   required node affinity, its tolerations with those that are added to it and whether admission merges them,
#   the effects of taints that keep it away, and the only node that it can be on, empty if it names none.
placement(pod, path, way) := object.union(_binding(pod, way), {"terms": _terms(pod, path, way)})

_binding(pod, way) := {
	"way": way,
	"tolerations": array.concat(
		fields.list(pod, "tolerations"),
		_added_tolerations(pod, way),
	),
	"merged": _merges(pod, way),
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

# A pod that runs on a node was admitted there, whatever the node's labels are now.
_terms(pod, path, way) := node_affinity.terms({}, path, []) if {
	way == "observed"
} else := node_affinity.terms(pod, path, _class_requirements(pod, path, way))

# The DaemonSet controller creates no pod for a node whose taints its template does not tolerate: the
# tolerations that admission adds to the pod come too late.
_added_tolerations(pod, "daemon") := taints.daemon_tolerations(pod)

# The RuntimeClass admission plugin, on by default, adds the scheduling fields of its class to each pod. It
# rejects a pod whose own nodeSelector contradicts its class; here such a pod matches no node.
_added_tolerations(pod, way) := [toleration |
	some scheduling in _class_scheduling(pod)
	some toleration in fields.list(scheduling, "tolerations")
] if {
	way != "daemon"
}

# Admission merges the tolerations of a pod that has a class with scheduling fields.
_merges(pod, way) if {
	not way in {"daemon", "file"}
	some scheduling in _class_scheduling(pod)
	count(scheduling) > 0
} else := false

# A file that a kubelet reads does not pass admission.
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
# description: >-
#   returns the RuntimeClass of the pod spec, if it names one that the inventory has and an API server accepts.
runtime_classes(pod) := [class |
	name := fields.field_text(pod, "runtimeClassName")
	name != ""
	some class in inventory.named_in_cluster({"node.k8s.io"}, "RuntimeClass", name)
	served.accepted(class)
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

# METADATA
# description: >-
#   returns the pod with a placement that counts only nodes on which it stays: a taint that it tolerates for
#   some seconds keeps it away.
staying(pod) := object.union(pod, {"placement": object.union(pod.placement, {"stays": true})})
