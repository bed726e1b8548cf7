# METADATA
# title: References to workloads
# description: >-
#   A Rollout of Argo may name a workload instead of having a pod template: its pods are made from that
#   workload's template (argo-rollouts rollout/templateref.go).
# custom:
#   reads: [controller, replicated]
package lib.workloads.workload_refs

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.workloads.workloads

# A PodTemplate, too, could be named: it is not read.
_kinds := {"Deployment", "ReplicaSet"}

# METADATA
# description: >-
#   true if the object takes the template of its pods from a workload that it names. The controller refuses a
#   Rollout that has a template as well.
refers(obj) if {
	obj.kind == "Rollout"
	inventory.group(obj.apiVersion) == "argoproj.io"
	fields.map(fields.map(obj, "spec"), "workloadRef") != {}
	fields.at(obj, ["spec", "template"], {}) == {}
}

# METADATA
# description: returns the workload of the inventory that the object names, one or none.
of(obj) := [found |
	refers(obj)
	reference := obj.spec.workloadRef
	kind := fields.field_text(reference, "kind")
	kind in _kinds
	inventory.group(fields.field_text(reference, "apiVersion")) == "apps"
	some found in array.slice(
		inventory.named_in_namespace(workloads.namespace(obj), {"apps"}, kind, fields.field_text(reference, "name")),
		0,
		1,
	)
]

# METADATA
# description: >-
#   returns the object with the template and the selector of the workload that it names. Others, and one whose
#   workload is not in the inventory, as they are.
completed(obj) := object.union(obj, {"spec": {
	"template": fields.at(found, workloads.template_path(found), {}),
	"selector": fields.at(obj, ["spec", "selector"], fields.at(found, ["spec", "selector"], null)),
}}) if {
	[found] := of(obj)
} else := obj

# METADATA
# description: true if the object names a workload that is not in the inventory, so that its pods are not known.
unresolved(obj) if {
	refers(obj)
	of(obj) == []
}

# METADATA
# description: returns the Rollouts of the inventory that name the Deployment.
naming(obj) := [rollout |
	obj.kind == "Deployment"
	some rollout in inventory.having_in_namespace(
		workloads.namespace(obj),
		{"argoproj.io"},
		"Rollout",
		{"path": ["spec", "workloadRef"], "pairs": {"name": workloads.name(obj)}},
	)
	refers(rollout)
	fields.field_text(rollout.spec.workloadRef, "kind") == "Deployment"
	inventory.group(fields.field_text(rollout.spec.workloadRef, "apiVersion")) == "apps"
]
