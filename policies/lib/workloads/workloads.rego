# METADATA
# title: Workloads
# description: >-
#   The kinds of objects that make pods, and where each keeps its pod template.
package lib.workloads.workloads

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.api.requests
import data.lib.workloads.custom_resources
import data.lib.workloads.late_values

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
known(obj) if {
	built_in(obj)
} else if {
	custom_resources.known(obj)
}

# METADATA
# description: true if the object is of a kind of Kubernetes itself that makes pods.
built_in(obj) if inventory.group(obj.apiVersion) in kinds[obj.kind].groups

# METADATA
# description: >-
#   returns the path of the object's pod template, the first of a custom resource that has several; a
#   Pod is its own.
template_path(obj) := _reviewed_template_path if {
	requests.is_kept(obj)
} else := _template_path(obj)

_reviewed_template_path := _template_path(input.review.object)

_template_path(obj) := kinds[obj.kind].template if {
	built_in(obj)
} else := array.slice(path, 0, count(path) - 1) if {
	path := custom_resources.pod_paths(obj)[0]
	path[count(path) - 1] == "spec"
} else := ["spec", "template"]

# METADATA
# description: returns the path of the object's pod spec.
pod_path(obj) := array.concat(template_path(obj), ["spec"])

# METADATA
# description: returns the object's pod spec, empty where it has none.
pod(obj) := fields.at(obj, pod_path(obj), {})

# METADATA
# description: returns the labels of the object's pods, each value as text.
pod_labels(obj) := fields.text_map(fields.at(
	obj,
	array.concat(template_path(obj), ["metadata", "labels"]),
	{},
))

# METADATA
# description: returns the pod specs of the object, one except for some custom resources, each with its path.
pod_specs(obj) := _reviewed_pod_specs if {
	requests.is_kept(obj)
} else := _pod_specs(obj)

_reviewed_pod_specs := _pod_specs(input.review.object)

_pod_specs(obj) := [{"path": path, "spec": spec} |
	some path in _pod_paths(obj)
	spec := _settled(obj, _spec(path, fields.at(obj, path, {})))
]

# METADATA
# description: >-
#   returns the values in the fields that place the pods at the path that the controller of a custom resource
#   fills in, each with its path.
late_values_at(obj, path) := [{"path": array.concat(path, found.path), "value": found.value} |
	custom(obj)
	some found in late_values.in_spec(_spec(path, fields.at(obj, path, {})))
]

_settled(obj, spec) := late_values.settled(spec) if {
	custom(obj)
} else := spec

# METADATA
# description: true if the object's kind is not one of Kubernetes itself.
custom(obj) if contains(inventory.group(obj.apiVersion), ".")

# A subset of OpenKruise has one term of its own in place of node affinity. In any other spec the API server
# drops such a field.
_spec(path, found) := object.union(found, {"affinity": {"nodeAffinity": {_required: required}}}) if {
	path[count(path) - 2] == "subsets"
	required := {"nodeSelectorTerms": _subset_terms(found)}
	count(required.nodeSelectorTerms) > 0
} else := found

_subset_terms(found) := [found[field] | some field in ["nodeSelectorTerm", "requiredNodeSelectorTerm"]]

_required := "requiredDuringSchedulingIgnoredDuringExecution"

_pod_paths(obj) := [pod_path(obj)] if {
	built_in(obj)
} else := custom_resources.pod_paths(obj)

# METADATA
# description: returns the object's name, empty if the API server will generate one.
name(obj) := fields.text(fields.at(obj, ["metadata", "name"], ""))

# METADATA
# description: returns the object's namespace, empty if the manifest does not set it.
namespace(obj) := fields.text(fields.at(obj, ["metadata", "namespace"], ""))

# METADATA
# description: returns the object's name in messages, as in "Deployment shop/web".
title(obj) := _reviewed_title if {
	requests.is_kept(obj)
} else := _title(obj)

_reviewed_title := _title(input.review.object)

_title(obj) := concat(" ", [obj.kind, concat("", [_namespace_prefix(obj), _displayed_name(obj)])])

_namespace_prefix(obj) := "" if {
	"" in {namespace(obj), own_name(obj)}
} else := concat("", [namespace(obj), "/"])

_displayed_name(obj) := name(obj) if name(obj) != ""

_displayed_name(obj) := concat("", [_generate_name(obj), "…"]) if {
	name(obj) == ""
	_generate_name(obj) != ""
}

_displayed_name(obj) := "without a name" if {
	name(obj) == ""
	_generate_name(obj) == ""
}

# METADATA
# description: returns the object's name, or its generateName if it has none.
own_name(obj) := name(obj) if name(obj) != ""

own_name(obj) := _generate_name(obj) if name(obj) == ""

_generate_name(obj) := fields.text(fields.at(obj, ["metadata", "generateName"], ""))
