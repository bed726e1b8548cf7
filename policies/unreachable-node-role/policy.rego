# METADATA
# title: Unreachable node role
# description: >-
#   A component cannot run on the nodes of its node role.
# related_resources:
#   - https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
#   - https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
# custom:
#   category: placement
#   severity: error
#   kinds: [workload]
#   columns: [nodeRole]
#   admission: deny
#   rationale: >-
#     Selecting a node is no permission to run there, and a toleration of another value or effect
#     is none. Such a component stays Pending, or is missing from the nodes that need it, with no
#     error from the API server.
#   remediation: >-
#     Tolerate every taint of the node role, and select no label that its nodes lack.
package policies["unreachable-node-role"]

import data.lib.findings.placement
import data.lib.nodes.roles
import data.lib.scheduling.pods
import data.lib.table.components
import data.lib.table.owners

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": {"path": obstacle.path, "component": row.name}} if {
	not owners.judged_there(input.review.object)
	some row in components.rows_of(input.review.object, input.parameters.components)
	world := roles.world(input.parameters)
	some [role, quantity] in _demanded(row.nodeRole, input.parameters.nodeRoles)
	some pod in pods.rescheduled(input.review.object)
	some obstacle in _obstacles(pod, role, quantity, world)
	msg := concat("", [row.name, " cannot run on ", quantity, role.name, " node: ", obstacle.reason])
}

_demanded(name, all_roles) := [[role, "every "] | some role in all_roles] if name == "all"

_demanded(name, all_roles) := [[role, "a "] | some role in all_roles] if name == "any"

_demanded(name, all_roles) := [[role, "a "] | some role in roles.named(name, all_roles)] if {
	not name in {"all", "any"}
}

_obstacles(pod, role, "every ", world) := placement.gaps(pod, role, world)

_obstacles(pod, role, "a ", world) := placement.obstacles(pod, role, world)
