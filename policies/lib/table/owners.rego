# METADATA
# title: Owners
# description: >-
#   Whether an object is judged at the controller that made it. Anyone can write an ownerReference,
#   so it counts only if the owner is there and would make just this object: its selector selects
#   the pod's labels, and the pod can be nowhere that the owner's template cannot be.
# custom:
#   reads: [controller, node]
package lib.table.owners

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.api.selectors
import data.lib.nodes.nodes
import data.lib.scheduling.feasibility
import data.lib.scheduling.pods
import data.lib.workloads.workloads

# METADATA
# description: true if a controller that makes the object is in the inventory, to be judged there.
judged_there(obj) if {
	some reference in _controllers(obj)
	some owner in _owners(obj, reference)
	_makes(owner, obj)
}

# METADATA
# description: >-
#   true if the object says that a controller of Kubernetes' own made it, which makes all alike, whether or
#   not it is there.
has_controller(obj) if {
	some reference in _controllers(obj)
	kind := workloads.kinds[fields.field_text(reference, "kind")]
	inventory.group(fields.field_text(reference, "apiVersion")) in kind.groups
}

_controllers(obj) := [reference |
	some reference in fields.list(fields.map(obj, "metadata"), "ownerReferences")
	fields.get(reference, "controller", false) == true
]

_owners(obj, reference) := [owner |
	kind := workloads.kinds[fields.field_text(reference, "kind")]
	inventory.group(fields.field_text(reference, "apiVersion")) in kind.groups
	some owner in inventory.in_namespace(
		workloads.namespace(obj),
		kind.groups,
		fields.field_text(reference, "kind"),
	)
	workloads.name(owner) == fields.field_text(reference, "name")
	_same_uid(owner, reference)
]

# A manifest that was never applied has no uid.
_same_uid(owner, reference) if {
	fields.at(owner, ["metadata", "uid"], fields.get(reference, "uid", "")) == fields.get(reference, "uid", "")
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
_makes(owner, obj) if {
	obj.kind == "ControllerRevision"
	owner.kind in {"DaemonSet", "StatefulSet"}
	_named_after(owner, obj)
}

_makes(owner, obj) if {
	obj.kind in _made[owner.kind]
	_named_after(owner, obj)
	selects(owner, workloads.pod_labels(obj))
	_within(workloads.pod(obj), owner)
	_tolerates_as(obj, owner)
	_node_given(obj, owner)
}

# A template's own nodeName is that of its pods.
_node_given(obj, owner) if _node_name(obj) == _node_name(owner)

# A scheduler gave it the node, and the owner's pods can be there; of a node that is not in the inventory
# nothing is known.
_node_given(obj, owner) if {
	_node_name(owner) == ""
	_placed(obj)
	every known in inventory.named_in_cluster({""}, "Node", _node_name(obj)) {
		_can_be_on(owner, known)
	}
}

_can_be_on(owner, known) if {
	feasibility.reaches(pods.main(owner).placement, [nodes.lasting_class(known)], {"marks": {}})
}

_node_name(obj) := fields.field_text(workloads.pod(obj), "nodeName")

# The API server gives a pod its uid and phase before any policy sees it, this only later.
_placed(obj) if fields.at(obj, ["status", "startTime"], "") != ""

_placed(obj) if {
	some condition in fields.list(fields.map(obj, "status"), "conditions")
	fields.field_text(condition, "type") == "PodScheduled"
	fields.field_text(condition, "status") == "True"
}

# Controllers name what they make after themselves; names that the API server completes are cut to 58
# characters first (apiserver names.SimpleNameGenerator).
_named_after(owner, obj) if {
	prefix := substring(concat("", [workloads.name(owner), "-"]), 0, 58)
	startswith(workloads.own_name(obj), prefix)
}

# METADATA
# description: >-
#   true if the controller's own selector selects pods of these labels. That of a Job and a CronJob is
#   made by the API server, and that of a ReplicationController is a map.
selects(owner, labels) if {
	selector := fields.at(owner, ["spec", "selector"], null)
	owner.kind != "ReplicationController"
	selectors.matches(selector, labels)
}

selects(owner, labels) if {
	owner.kind == "ReplicationController"
	pairs := fields.at(owner, ["spec", "selector"], null)
	is_object(pairs)
	selectors.matches({"matchLabels": pairs}, labels)
}

selects(owner, labels) if {
	fields.at(owner, ["spec", "selector"], null) == null
	selectors.matches({"matchLabels": workloads.pod_labels(owner)}, labels)
}

# The pod has no toleration that its owner's pods lack, be it from its RuntimeClass.
_tolerates_as(obj, owner) if {
	every toleration in pods.main(obj).placement.tolerations {
		_inherited(toleration, pods.main(owner).placement.tolerations)
	}
}

# It selects nodes as the template does.
_within(pod, owner) if {
	_same_fields(pod, workloads.pod(owner))
	_same_affinity(pod, owner)
}

_inherited(toleration, tolerations) if toleration in tolerations

# Added by the DaemonSet controller and by admission to pods, and of no role.
_inherited(toleration, _) if {
	fields.get(toleration, "operator", "") == "Exists"
	fields.field_text(toleration, "key") in {
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
		fields.get(pod, field, _unset[field]) == fields.get(template, field, _unset[field])
	}
}

_unset := {"nodeSelector": {}, "schedulerName": "default-scheduler", "runtimeClassName": ""}

_same_affinity(pod, owner) if _node_affinity(pod) == _node_affinity(workloads.pod(owner))

# The DaemonSet controller names the node in place of the template's required terms (pkg/controller/daemon
# ReplaceDaemonSetPodNodeNameNodeAffinity): nothing is lost where the template has none, or where it allows
# the node.
_same_affinity(_, owner) if {
	owner.kind == "DaemonSet"
	_node_affinity(workloads.pod(owner)) == null
}

_same_affinity(pod, owner) if {
	owner.kind == "DaemonSet"
	[term] := _node_affinity(pod).nodeSelectorTerms
	name := term.matchFields[0].values[0]
	term == {"matchFields": [{"key": "metadata.name", "operator": "In", "values": [name]}]}
	some known in inventory.named_in_cluster({""}, "Node", name)
	_can_be_on(owner, known)
}

_node_affinity(pod) := fields.at(
	pod,
	["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"],
	null,
)
