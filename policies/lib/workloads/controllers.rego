# METADATA
# title: Controllers
# description: >-
#   Which controller made an object, by its ownerReferences and by what the controllers of Kubernetes
#   really make (k8s.io/kubernetes pkg/controller), and those of custom resources whose replicas are counted.
# custom:
#   reads: [controller, replicated]
package lib.workloads.controllers

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.api.selectors
import data.lib.api.served
import data.lib.workloads.custom_resources
import data.lib.workloads.workload_refs
import data.lib.workloads.workloads

# METADATA
# description: >-
#   true if the object says that a controller of Kubernetes' own made it, which makes all alike, whether or
#   not it is there.
named(obj) if {
	some reference in references(obj)
	kind := workloads.kinds[fields.field_text(reference, "kind")]
	inventory.group(fields.field_text(reference, "apiVersion")) in kind.groups
}

# METADATA
# description: >-
#   returns the ownerReference of the object that names its controller, one or none. The API server accepts
#   one; an object that names two says nothing.
references(obj) := found if {
	found := [reference |
		some reference in fields.list(fields.map(obj, "metadata"), "ownerReferences")
		fields.get(reference, "controller", false) == true
	]
	count(found) == 1
} else := []

# METADATA
# description: >-
#   returns the references of the object to a controller of Kubernetes' own that is not in the inventory, so
#   that it is not known whether that made the object.
absent(obj) := [reference |
	named(obj)
	some reference in references(obj)
	count(_of_name(obj, reference)) == 0
]

# METADATA
# description: >-
#   returns the controllers of the inventory that the object names as its owner and that make objects like
#   it: of its kind, with its labels and with a name like its own. A Rollout has the template that it refers to.
of(obj) := [owner |
	some reference in references(obj)
	some found in _owners(obj, reference)
	owner := workload_refs.completed(found)
	_makes(owner, obj)
]

_owners(obj, reference) := [owner |
	some owner in _of_name(obj, reference)
	_same_uid(owner, reference)
]

_of_name(obj, reference) := [owner |
	group := inventory.group(fields.field_text(reference, "apiVersion"))
	groups := _groups(fields.field_text(reference, "kind"), group)
	some owner in inventory.named_in_namespace(
		workloads.namespace(obj),
		groups,
		fields.field_text(reference, "kind"),
		fields.field_text(reference, "name"),
	)
	served.version(owner.apiVersion)
]

_groups(kind, group) := workloads.kinds[kind].groups if {
	group in workloads.kinds[kind].groups
} else := {group} if {
	custom_resources.default_replicas({"kind": kind, "apiVersion": concat("", [group, "/"])}) >= 0
}

# A manifest that was never applied has no uid.
_same_uid(owner, reference) if {
	fields.at(owner, ["metadata", "uid"], fields.get(reference, "uid", "")) == fields.get(reference, "uid", "")
}

_made := {
	"Deployment": {"ReplicaSet"},
	"Rollout": {"ReplicaSet"},
	"DeploymentConfig": {"ReplicationController"},
	"CloneSet": {"Pod"},
	"CronJob": {"Job"},
	"ReplicaSet": {"Pod"},
	"ReplicationController": {"Pod"},
	"DaemonSet": {"Pod"},
	"StatefulSet": {"Pod"},
	"Job": {"Pod"},
}

_makes(owner, obj) if {
	is_revision_of(obj, owner)
	_named_after(owner, obj)
}

_makes(owner, obj) if {
	obj.kind in _made[owner.kind]
	_named_after(owner, obj)
	selects(owner, workloads.pod_labels(obj))
}

# METADATA
# description: >-
#   true if the object keeps an earlier template of the controller.
is_revision_of(obj, owner) if {
	obj.kind == "ControllerRevision"
	owner.kind in {"DaemonSet", "StatefulSet"}
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
#   made by the API server, and that of a ReplicationController or DeploymentConfig is a map.
selects(owner, labels) if {
	selector := fields.at(owner, ["spec", "selector"], null)
	not owner.kind in _by_map
	selectors.matches(selector, labels)
}

selects(owner, labels) if {
	owner.kind in _by_map
	pairs := fields.at(owner, ["spec", "selector"], null)
	is_object(pairs)
	selectors.matches({"matchLabels": pairs}, labels)
}

selects(owner, labels) if {
	fields.at(owner, ["spec", "selector"], null) == null
	selectors.matches({"matchLabels": workloads.pod_labels(owner)}, labels)
}

_by_map := {"ReplicationController", "DeploymentConfig"}
