# METADATA
# title: Control plane intrusion
# description: >-
#   A workload that no component of the table claims can be scheduled to a node of a reserved role.
# related_resources:
#   - https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
# custom:
#   category: placement
#   severity: error
#   kinds: [workload]
#   columns: []
#   requires: [otherWorkloads]
#   admission: deny
#   rationale: >-
#     Whoever runs on a control plane node is next to its keys and sockets, and can starve it. One
#     toleration, often copied with a wildcard, is enough for the scheduler to put a user's pod
#     there.
#   remediation: >-
#     Drop the toleration, or select nodes that are not of the reserved role.
package policies["control-plane-intrusion"]

import data.lib.api.inventory
import data.lib.findings.intrusion
import data.lib.nodes.roles
import data.lib.scheduling.pods
import data.lib.table.components
import data.lib.table.owners
import data.lib.workloads.workloads

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": {"path": found.path, "component": null}} if {
	_judged
	world := roles.world(input.parameters)
	some role in _reserved
	some pod in pods.of(input.review.object)
	some found in intrusion.intrusions(pod, role, world)
	msg := concat("", [
		workloads.title(input.review.object),
		" can be scheduled to ",
		role.name,
		" nodes: ",
		found.reason,
	])
}

# METADATA
# description: holds where only the Nodes that were given keep the pods off a reserved role.
note contains {"code": "NODES_INCOMPLETE", "path": pod.path, "message": message} if {
	_judged
	inventory.has_nodes
	world := roles.world(input.parameters)
	some role in _reserved
	some pod in pods.of(input.review.object)
	intrusion.spared(pod, role, world)
	message := concat("", [
		"only the ",
		role.name,
		" Nodes that were given keep these pods away: whether there are others was not judged",
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
