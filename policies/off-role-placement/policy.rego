# METADATA
# title: Off-role placement
# description: >-
#   A component can run on a node outside its node role.
# related_resources:
#   - https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
# custom:
#   category: placement
#   severity: error
#   kinds: [workload]
#   columns: [nodeRole]
#   admission: deny
#   rationale: >-
#     A toleration attracts nothing: a component that only tolerates the taint of its role may
#     land on any node, beside the workloads it must be kept apart from.
#   remediation: >-
#     Select the label of the node role, in nodeSelector or in every term of the required node affinity.
package policies["off-role-placement"]

import data.lib.findings.placement
import data.lib.nodes.roles
import data.lib.scheduling.pods
import data.lib.table.components
import data.lib.table.owners

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": {"path": escape.path, "component": row.name}} if {
	not owners.judged_there(input.review.object)
	some row in components.rows_of(input.review.object, input.parameters.components)
	world := roles.world(input.parameters)
	some role in roles.named(row.nodeRole, input.parameters.nodeRoles)
	some pod in pods.of(input.review.object)
	some escape in placement.escapes(pod, role, world)
	msg := concat("", [row.name, " can run outside ", role.name, " nodes: ", escape.reason])
}
