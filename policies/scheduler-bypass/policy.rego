# METADATA
# title: Scheduler bypass
# description: >-
#   A workload that no component of the table claims comes to a node of a reserved role past the
#   scheduler: by nodeName, by a Binding, from a file of the kubelet, or by another scheduler.
# related_resources:
#   - https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename
#   - https://kubernetes.io/docs/tasks/extend-kubernetes/configure-multiple-schedulers/
# custom:
#   category: placement
#   severity: error
#   kinds: [workload, binding]
#   columns: []
#   requires: [otherWorkloads]
#   admission: deny
#   rationale: >-
#     Taints of effect NoSchedule are heeded by the scheduler alone. Whoever may create a pod may name
#     its node, and whoever may create bindings may send any pod anywhere: no taint is asked.
#   remediation: >-
#     Leave nodeName and schedulerName out, and let the default scheduler choose the node. A scheduler
#     that heeds taints as the default one does can be named in the profile.
package policies["scheduler-bypass"]

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.findings.intrusion
import data.lib.nodes.roles
import data.lib.scheduling.pods
import data.lib.table.components
import data.lib.table.owners
import data.lib.workloads.workloads

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": {"path": bypass.path, "component": null}} if {
	_judged
	some pod in pods.of(input.review.object)
	intrusion.may_bypass(pod, _schedulers)
	world := roles.world(input.parameters)
	some role in _reserved
	some bypass in intrusion.bypasses(pod, role, world)
	msg := concat("", [
		workloads.title(input.review.object),
		" can come to ",
		role.name,
		" nodes past their taints: ",
		bypass.reason,
	])
}

violation contains {"msg": msg, "details": {"path": ["target", "name"], "component": null}} if {
	input.review.object.kind == "Binding"
	inventory.group(input.review.object.apiVersion) == ""
	not _by_scheduler
	not components.claimed(_bound_pod, [row | some row in input.parameters.components; not row.static])
	node := fields.text(fields.at(input.review.object, ["target", "name"], ""))
	some role in _reserved
	intrusion.may_have(node, role)
	msg := concat("", [
		"Binding of pod ",
		workloads.name(input.review.object),
		" to ",
		node,
		" can put it on a ",
		role.name,
		" node: no taint is asked",
	])
}

# METADATA
# description: holds where the node that a pod names is known only from the Node that was given.
note contains {"code": "NODES_INCOMPLETE", "path": path, "message": message} if {
	_judged
	inventory.has_nodes
	some pod in pods.of(input.review.object)
	some role in _reserved
	intrusion.spared_there(pod, role, roles.world(input.parameters))
	path := array.concat(pod.path, ["nodeName"])
	message := concat("", [
		"what keeps the pod off ",
		pod.placement.node,
		", if it is a ",
		role.name,
		" node, is known only from the Node that was given",
	])
}

_judged if {
	workloads.known(input.review.object)
	not components.claimed(input.review.object, input.parameters.components)
	not owners.judged_there(input.review.object)
}

_reserved := [role |
	some role in input.parameters.nodeRoles
	roles.reserved(role)
	role.name != input.parameters.otherWorkloads.nodeRole
]

default _schedulers := []

_schedulers := input.parameters.schedulers

# The API server says who asks; a file does not.
_by_scheduler if input.review.userInfo.username == "system:kube-scheduler"

_by_scheduler if input.review.userInfo.username in input.parameters.schedulerUsers

_bound_pod := {
	"apiVersion": "v1",
	"kind": "Pod",
	"metadata": {
		"namespace": workloads.namespace(input.review.object),
		"name": workloads.name(input.review.object),
	},
}
