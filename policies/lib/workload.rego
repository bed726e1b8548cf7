# METADATA
# title: Workloads
# description: >-
#   The kinds of objects that make pods, and where each keeps what its pods will be.
package lib.workload

import data.lib.custom_workload
import data.lib.inventory
import data.lib.pod_placement
import data.lib.value

# METADATA
# description: >-
#   lists each kind of Kubernetes itself that makes pods, with the API groups that ever served it and
#   the path of its pod template.
kinds := {
	"Pod": {"groups": [""], "template": []},
	"ReplicationController": {"groups": [""], "template": ["spec", "template"]},
	"Deployment": {"groups": ["apps", "extensions"], "template": ["spec", "template"]},
	"ReplicaSet": {"groups": ["apps", "extensions"], "template": ["spec", "template"]},
	"DaemonSet": {"groups": ["apps", "extensions"], "template": ["spec", "template"]},
	"StatefulSet": {"groups": ["apps"], "template": ["spec", "template"]},
	"Job": {"groups": ["batch", "extensions"], "template": ["spec", "template"]},
	"CronJob": {"groups": ["batch"], "template": ["spec", "jobTemplate", "spec", "template"]},
}

# METADATA
# description: true if the object makes pods, or is one.
known(object_) if {
	_built_in(object_)
} else if {
	custom_workload.known(object_)
}

_built_in(object_) if inventory.group(object_.apiVersion) in kinds[object_.kind].groups

# METADATA
# description: >-
#   returns the path of the object's pod template, the first of a custom resource that has several; a
#   Pod is its own.
template_path(object_) := kinds[object_.kind].template if {
	_built_in(object_)
} else := array.slice(path, 0, count(path) - 1) if {
	path := custom_workload.pod_paths(object_)[0]
	path[count(path) - 1] == "spec"
} else := ["spec", "template"]

# METADATA
# description: returns the path of the object's pod spec.
pod_path(object_) := array.concat(template_path(object_), ["spec"])

# METADATA
# description: returns the object's pod spec, empty where it has none.
pod(object_) := value.at(object_, pod_path(object_), {})

# METADATA
# description: returns the labels of the object's pods, each value as text.
pod_labels(object_) := value.text_map(value.at(
	object_,
	array.concat(template_path(object_), ["metadata", "labels"]),
	{},
))

# METADATA
# description: >-
#   returns the sorts of pods that the object makes, one but for some custom resources: the path of
#   the pod spec, the spec, and what decides where such a pod can be.
pods(object_) := [{"path": pod.path, "spec": pod.spec, "placement": placement} |
	some pod in pod_specs(object_)
	placement := pod_placement.of(pod.spec, pod.path, _way(object_, pod.spec))
]

# METADATA
# description: returns the pod specs of the object, one but for some custom resources, each with its path.
pod_specs(object_) := [{"path": path, "spec": spec} |
	some path in _pod_paths(object_)
	spec := _spec(value.at(object_, path, {}))
]

# A subset of OpenKruise has one term of its own in place of node affinity.
_spec(found) := object.union(found, {"affinity": {"nodeAffinity": {_required: required}}}) if {
	required := {"nodeSelectorTerms": _subset_terms(found)}
	count(required.nodeSelectorTerms) > 0
} else := found

_subset_terms(found) := [found[field] | some field in ["nodeSelectorTerm", "requiredNodeSelectorTerm"]]

_required := "requiredDuringSchedulingIgnoredDuringExecution"

# METADATA
# description: >-
#   returns the sorts of pods of the object as they would be placed anew: a pod that a scheduler or a
#   kubelet has put on a node says by its spec where others like it can be.
pods_anew(object_) := [object.union(pod, {"placement": _placed_anew(pod)}) | some pod in pods(object_)]

_placed_anew(pod) := pod_placement.of(unbound, pod.path, way) if {
	way := _anew[pod.placement.way]
	unbound := object.remove(pod.spec, ["nodeName"])
} else := pod.placement

_anew := {"observed": "scheduler", "file": "file"}

# METADATA
# description: returns the first sort of pods of the object, an empty one where it says of none.
main_pod(object_) := pods(object_)[0] if {
	count(pods(object_)) > 0
} else := {"path": path, "spec": {}, "placement": pod_placement.of({}, path, "scheduler")} if {
	path := pod_path(object_)
}

_pod_paths(object_) := [pod_path(object_)] if {
	_built_in(object_)
} else := custom_workload.pod_paths(object_)

# How the pods come to a node (lib.pod_placement).
_way(object_, spec) := "daemon" if {
	object_.kind == "DaemonSet"
} else := "file" if {
	_static(object_)
} else := "observed" if {
	_observed(object_)
} else := "node" if {
	not _runs(object_)
	value.field_text(spec, "nodeName") != ""
} else := "scheduler"

# A kubelet notes so on what it made of a file. Whoever writes it by hand gains nothing: such a pod is
# judged as if no taint stood in its way.
_static(object_) if {
	object_.kind == "Pod"
	some note in ["kubernetes.io/config.mirror", "kubernetes.io/config.source"]
	value.at(object_, ["metadata", "annotations", note], null) != null
}

# METADATA
# description: >-
#   true if a kubelet notes that it read the pod from a file, or if the pod could be such a file: it was
#   not made by an API server, and says nothing that only a scheduler or admission would heed.
could_be_static(object_) if _static(object_)

could_be_static(object_) if {
	object_.kind == "Pod"
	value.at(object_, ["metadata", "uid"], "") == ""
	every field in ["tolerations", "nodeName", "schedulerName", "runtimeClassName"] {
		value.at(object_, ["spec", field], []) in {[], ""}
	}
}

# Where a pod is tells nothing unless the node is known.
_observed(object_) if {
	_runs(object_)
	some _ in inventory.named_in_cluster({""}, "Node", value.field_text(pod(object_), "nodeName"))
}

# The API server gave it its uid, and a scheduler may have given it its nodeName. One that is only being
# created has a uid and a phase too.
_runs(object_) if {
	object_.kind == "Pod"
	value.at(object_, ["metadata", "uid"], "") != ""
	_started(value.map(object_, "status"))
}

_started(status) if not value.get(status, "phase", "") in {"", "Pending"}

_started(status) if {
	some condition in value.list(status, "conditions")
	condition.type == "PodScheduled"
	condition.status == "True"
}

# METADATA
# description: returns the object's name, empty where the API server will make one.
name(object_) := value.text(value.at(object_, ["metadata", "name"], ""))

# METADATA
# description: returns the object's namespace, empty where the manifest does not say it.
namespace(object_) := value.text(value.at(object_, ["metadata", "namespace"], ""))

# METADATA
# description: returns the words by which a message names the object, its kind and name.
title(object_) := concat(" ", [object_.kind, _displayed_name(object_)])

_displayed_name(object_) := name(object_) if name(object_) != ""

_displayed_name(object_) := concat("", [_generate_name(object_), "…"]) if {
	name(object_) == ""
	_generate_name(object_) != ""
}

_displayed_name(object_) := "without a name" if {
	name(object_) == ""
	_generate_name(object_) == ""
}

# METADATA
# description: returns the object's name, or the beginning of it where the API server will make one.
own_name(object_) := name(object_) if name(object_) != ""

own_name(object_) := _generate_name(object_) if name(object_) == ""

_generate_name(object_) := value.text(value.at(object_, ["metadata", "generateName"], ""))
