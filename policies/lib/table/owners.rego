# METADATA
# title: Owners
# description: >-
#   Whether an object is checked at the controller that made it. Anyone can write an ownerReference,
#   so it counts only if the owner is there and would make just this object: its selector selects
#   the pod's labels, and the pod can run only where the owner's template can.
package lib.table.owners

import data.lib.api.fields
import data.lib.api.requests
import data.lib.nodes.nodes
import data.lib.nodes.taints
import data.lib.scheduling.feasibility
import data.lib.scheduling.pods
import data.lib.workloads.controllers
import data.lib.workloads.pod_limits
import data.lib.workloads.workloads

# METADATA
# description: >-
#   true if a controller that makes the object is in the inventory, to be checked there. An object that is too
#   large to be compared with its owner is checked by itself, and so is one that may be a static pod: a kubelet
#   does not read who owns a file.
checked_there(obj) if {
	count(controllers.references(obj)) > 0 # few objects have any, and the rest takes long
	not pods.says_static(obj)
	count(_making(obj)) > 0
}

_comparable(obj) if count(pod_limits.placement(obj) | pod_limits.labels(obj)) == 0

# METADATA
# description: >-
#   returns the labels of pods that the controllers in the inventory make where the object is checked, one map
#   for each.
labels_there(obj) := [workloads.pod_labels(owner) |
	count(controllers.references(obj)) > 0
	some owner in _making(obj)
]

_making(obj) := _reviewed_making if {
	requests.is_kept(obj)
} else := _all_making(obj)

_reviewed_making := _all_making(input.review.object)

_all_making(obj) := [owner |
	_comparable(obj)
	some owner in controllers.of(obj)
	_comparable(owner)
	_makes(owner, obj)
]

# The DaemonSet controller makes every pod from the template that the DaemonSet has (pkg/controller/daemon
# manage). The StatefulSet controller makes pods from its earlier revisions, too: those below the partition,
# and those that it makes again during an update (pkg/controller/statefulset newVersionedStatefulSetPod).
_makes(owner, obj) if {
	controllers.is_revision_of(obj, owner)
	owner.kind == "DaemonSet"
}

_makes(owner, obj) if {
	_within(workloads.pod(obj), owner)
	_tolerates_as(obj, owner)
	_node_given(obj, owner)
}

# A template's own nodeName is that of its pods.
_node_given(obj, owner) if _node_name(obj) == _node_name(owner)

# A scheduler chose the node, and the owner's pods can run there. A node that is not in the inventory is
# unknown.
_node_given(obj, owner) if {
	_node_name(owner) == ""
	pods.placed(obj)
	every node in nodes.named(_node_name(obj)) {
		_can_be_on(owner, node)
	}
}

_can_be_on(owner, node) if {
	feasibility.reaches(pods.main(owner).placement, [nodes.lasting_class(node, set())])
}

_node_name(obj) := fields.field_text(workloads.pod(obj), "nodeName")

# The pod has no toleration that its owner's pods lack, its RuntimeClass included.
_tolerates_as(obj, owner) if {
	given := {toleration | some toleration in pods.main(owner).placement.tolerations}
	every toleration in pods.main(obj).placement.tolerations {
		_inherited(toleration, given)
	}
}

# It selects nodes as the template does.
_within(pod, owner) if {
	_same_fields(pod, workloads.pod(owner))
	_same_affinity(pod, owner)
}

_inherited(toleration, tolerations) if toleration in tolerations

_inherited(toleration, _) if {
	fields.get(toleration, "operator", "") == "Exists"
	fields.field_text(toleration, "key") in taints.added_keys
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
	some node in nodes.named(name)
	_can_be_on(owner, node)
}

_node_affinity(pod) := fields.at(
	pod,
	["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"],
	null,
)
