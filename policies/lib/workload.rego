# METADATA
# title: Workloads
# description: >-
#   The kinds of objects that make pods, and where each keeps what its pods will be.
package lib.workload

import data.lib.inventory
import data.lib.node_selection
import data.lib.taint
import data.lib.value

# METADATA
# description: >-
#   lists each kind that makes pods with the API groups that ever served it and the path of its pod
#   template.
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
known(object_) if inventory.group(object_.apiVersion) in kinds[object_.kind].groups

# METADATA
# description: returns the path of the object's pod template; a Pod is its own.
template_path(object_) := kinds[object_.kind].template

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
#   returns what decides where the object's pods can be: the terms of its node selection, and its
#   tolerations with those that a controller adds.
placement(object_) := {
	"terms": node_selection.terms(pod(object_), pod_path(object_)),
	"tolerations": array.concat(value.list(pod(object_), "tolerations"), _added_tolerations(object_)),
}

_added_tolerations(object_) := taint.daemon_tolerations(pod(object_)) if {
	object_.kind == "DaemonSet"
}

_added_tolerations(object_) := [] if object_.kind != "DaemonSet"

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
