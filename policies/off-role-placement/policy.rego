# METADATA
# title: Off-role placement
# description: >-
#   A component can run on a node outside its node role.
# related_resources:
#   - https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
# custom:
#   category: placement
#   severity: error
#   security: 6.0
#   kinds: [workload]
#   columns: [nodeRole]
#   admission: deny
#   rationale: >-
#     A toleration does not attract a pod: a component that only tolerates the taint of its role can run on
#     any node, beside the workloads that it must be kept apart from.
#   remediation: >-
#     Require the label of the node role in nodeSelector, or in every nodeSelectorTerm of the required node
#     affinity.
package policies["off-role-placement"]

import data.lib.findings.findings
import data.lib.findings.parameter_faults
import data.lib.findings.placement
import data.lib.findings.unchecked
import data.lib.nodes.roles
import data.lib.scheduling.pods
import data.lib.table.components
import data.lib.workloads.pod_limits

# METADATA
# entrypoint: true
violation contains findings.violation(msg, object.union(found, {"component": row.name})) if {
	some row in components.placing(input.review.object, input.parameters)
	some role in roles.confining(row.nodeRole, input.parameters)
	some pod in pods.of(input.review.object)
	apart := roles.apart_from(role, _roles)
	some found in placement.escapes(input.review.object, pod, role, apart)
	msg := concat("", [row.name, " can run outside ", role.name, " nodes: ", found.says])
}

violation contains parameter_faults.violation(input.review.object, says) if {
	parameters := object.get(input, "parameters", {})
	some says in (parameter_faults.of_components(parameters, ["nodeRole"]) | parameter_faults.of_roles(parameters))
}

violation contains parameter_faults.violation(input.review.object, says) if {
	some row in components.of(input.review.object, input.parameters)
	some says in parameter_faults.of_role_name(row.nodeRole, roles.words, input.parameters)
}

# METADATA
# description: holds where only the Nodes of the input keep the pods on the nodes of their role.
note contains found if {
	some row in components.placing(input.review.object, input.parameters)
	some role in roles.confining(row.nodeRole, input.parameters)
	some pod in pods.of(input.review.object)
	apart := roles.apart_from(role, _roles)
	some found in placement.spared(pod, role, apart)
}

violation contains unchecked.violation(may, excess, row.name) if {
	some row in components.of(input.review.object, input.parameters)
	some excess in pod_limits.placement(input.review.object)
	some role in roles.confining(row.nodeRole, input.parameters)
	may := concat(" ", [row.name, "may run outside", role.name, "nodes"])
}

# Computed once: a function would be evaluated for each rule.
_roles := roles.of(input.parameters)
