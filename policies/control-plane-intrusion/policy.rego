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
#   parameters: [components, nodeRoles, nodeLabels, otherWorkloads, customWorkloads]
#   inventory: [controller, node, runtimeClass]
#   referential: false
#   rationale: >-
#     Whoever runs on a control plane node is next to its keys and sockets, and can starve it. One
#     toleration, often copied with a wildcard, is enough for the scheduler to put a user's pod
#     there.
#   remediation: >-
#     Drop the toleration, or select nodes that are not of the reserved role.
package policies["control-plane-intrusion"]

import data.lib.component
import data.lib.intrusion
import data.lib.node_role
import data.lib.owner
import data.lib.workload

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": {"path": found.path, "component": null}} if {
	workload.known(input.review.object)
	not component.claimed(input.review.object, input.parameters.components)
	not owner.judged_there(input.review.object)
	world := node_role.world(input.parameters)
	pods := workload.pods(input.review.object)
	some role in input.parameters.nodeRoles
	node_role.reserved(role)
	role.name != input.parameters.otherWorkloads.nodeRole
	some pod in pods
	some found in intrusion.intrusions(pod, role, world)
	msg := concat("", [
		workload.title(input.review.object),
		" can be scheduled to ",
		role.name,
		" nodes: ",
		found.reason,
	])
}
