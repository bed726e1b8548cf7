# METADATA
# title: Owners
# description: >-
#   Whether an object is judged at the controller that made it. Anyone can write an ownerReference,
#   so it counts only if the owner is there and would make just this object: its selector selects
#   the pod's labels, and the pod can be nowhere that the owner's template cannot be.
package lib.owner

import data.lib.inventory
import data.lib.label_selector
import data.lib.node
import data.lib.scheduling
import data.lib.value
import data.lib.workload

# METADATA
# description: true if a controller that makes the object is in the inventory, to be judged there.
judged_there(object_) if {
	some reference in _controllers(object_)
	some owner in _owners(object_, reference)
	_makes(owner, object_)
}

# METADATA
# description: >-
#   true if the object says that a controller of Kubernetes' own made it, which makes all alike, whether or
#   not it is there.
has_controller(object_) if {
	some reference in _controllers(object_)
	kind := workload.kinds[value.field_text(reference, "kind")]
	inventory.group(value.field_text(reference, "apiVersion")) in kind.groups
}

_controllers(object_) := [reference |
	some reference in value.list(value.map(object_, "metadata"), "ownerReferences")
	value.get(reference, "controller", false) == true
]

_owners(object_, reference) := [owner |
	kind := workload.kinds[value.field_text(reference, "kind")]
	inventory.group(value.field_text(reference, "apiVersion")) in kind.groups
	some owner in inventory.in_namespace(
		workload.namespace(object_),
		kind.groups,
		value.field_text(reference, "kind"),
	)
	workload.name(owner) == value.field_text(reference, "name")
	_same_uid(owner, reference)
]

# A manifest that was never applied has no uid.
_same_uid(owner, reference) if {
	value.at(owner, ["metadata", "uid"], value.get(reference, "uid", "")) == value.get(reference, "uid", "")
}

# The kinds that each controller makes (k8s.io/kubernetes pkg/controller).
_made := {
	"Deployment": {"ReplicaSet"},
	"CronJob": {"Job"},
	"ReplicaSet": {"Pod"},
	"ReplicationController": {"Pod"},
	"DaemonSet": {"Pod"},
	"StatefulSet": {"Pod"},
	"Job": {"Pod"},
}

# What a revision keeps makes no pods: it comes back only by way of its owner, and is judged there then.
_makes(owner, object_) if {
	object_.kind == "ControllerRevision"
	owner.kind in {"DaemonSet", "StatefulSet"}
	_named_after(owner, object_)
}

_makes(owner, object_) if {
	object_.kind in _made[owner.kind]
	_named_after(owner, object_)
	selects(owner, workload.pod_labels(object_))
	_within(workload.pod(object_), owner)
	_tolerates_as(object_, owner)
	_node_given(object_, owner)
}

# A template's own nodeName is that of its pods.
_node_given(object_, owner) if _node_name(object_) == _node_name(owner)

# A scheduler gave it the node, and the owner's pods can be there; of a node that is not in the inventory
# nothing is known.
_node_given(object_, owner) if {
	_node_name(owner) == ""
	_placed(object_)
	every known in inventory.named_in_cluster({""}, "Node", _node_name(object_)) {
		_can_be_on(owner, known)
	}
}

_can_be_on(owner, known) if {
	scheduling.reaches(workload.main_pod(owner).placement, [node.lasting_class(known)], {"marks": {}})
}

_node_name(object_) := value.field_text(workload.pod(object_), "nodeName")

# The API server gives a pod its uid and phase before any policy sees it, this only later.
_placed(object_) if value.at(object_, ["status", "startTime"], "") != ""

_placed(object_) if {
	some condition in value.list(value.map(object_, "status"), "conditions")
	value.field_text(condition, "type") == "PodScheduled"
	value.field_text(condition, "status") == "True"
}

# Controllers name what they make after themselves; names that the API server completes are cut to 58
# characters first (apiserver names.SimpleNameGenerator).
_named_after(owner, object_) if {
	prefix := substring(concat("", [workload.name(owner), "-"]), 0, 58)
	startswith(workload.own_name(object_), prefix)
}

# METADATA
# description: >-
#   true if the controller's own selector selects pods of these labels. That of a Job and a CronJob is
#   made by the API server, and that of a ReplicationController is a map.
selects(owner, labels) if {
	selector := value.at(owner, ["spec", "selector"], null)
	owner.kind != "ReplicationController"
	label_selector.matches(selector, labels)
}

selects(owner, labels) if {
	owner.kind == "ReplicationController"
	pairs := value.at(owner, ["spec", "selector"], null)
	is_object(pairs)
	label_selector.matches({"matchLabels": pairs}, labels)
}

selects(owner, labels) if {
	value.at(owner, ["spec", "selector"], null) == null
	label_selector.matches({"matchLabels": workload.pod_labels(owner)}, labels)
}

# The pod has no toleration that its owner's pods lack, be it from its RuntimeClass.
_tolerates_as(object_, owner) if {
	every toleration in workload.main_pod(object_).placement.tolerations {
		_inherited(toleration, workload.main_pod(owner).placement.tolerations)
	}
}

# It selects nodes as the template does.
_within(pod, owner) if {
	_same_fields(pod, workload.pod(owner))
	_same_affinity(pod, owner)
}

_inherited(toleration, tolerations) if toleration in tolerations

# Added by the DaemonSet controller and by admission to pods, and of no role.
_inherited(toleration, _) if {
	value.get(toleration, "operator", "") == "Exists"
	value.field_text(toleration, "key") in {
		"node.kubernetes.io/not-ready",
		"node.kubernetes.io/unreachable",
		"node.kubernetes.io/disk-pressure",
		"node.kubernetes.io/memory-pressure",
		"node.kubernetes.io/pid-pressure",
		"node.kubernetes.io/unschedulable",
		"node.kubernetes.io/network-unavailable",
	}
}

_same_fields(pod, template) if {
	every field in ["nodeSelector", "schedulerName", "runtimeClassName"] {
		value.get(pod, field, _unset[field]) == value.get(template, field, _unset[field])
	}
}

_unset := {"nodeSelector": {}, "schedulerName": "default-scheduler", "runtimeClassName": ""}

_same_affinity(pod, owner) if _node_affinity(pod) == _node_affinity(workload.pod(owner))

# The DaemonSet controller names the node in place of the template's required terms (pkg/controller/daemon
# ReplaceDaemonSetPodNodeNameNodeAffinity): nothing is lost where the template has none, or where it allows
# the node.
_same_affinity(_, owner) if {
	owner.kind == "DaemonSet"
	_node_affinity(workload.pod(owner)) == null
}

_same_affinity(pod, owner) if {
	owner.kind == "DaemonSet"
	[term] := _node_affinity(pod).nodeSelectorTerms
	name := term.matchFields[0].values[0]
	term == {"matchFields": [{"key": "metadata.name", "operator": "In", "values": [name]}]}
	some known in inventory.named_in_cluster({""}, "Node", name)
	_can_be_on(owner, known)
}

_node_affinity(pod) := value.at(
	pod,
	["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"],
	null,
)
