# METADATA
# title: Repelled component
# description: >-
#   The pods of another workload keep a component off the nodes of its role, by their required anti-affinity or
#   their host ports.
# related_resources:
#   - https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
# custom:
#   category: placement
#   severity: error
#   kinds: [workload]
#   columns: [nodeRole]
#   requires: [controller]
#   admission: warn
#   rationale: >-
#     Required anti-affinity works in both directions: the scheduler places no pod where a running pod repels
#     it. With a namespaceSelector, anyone who can run pods beside a component can keep it from its nodes, and
#     so can a host port. The component stays Pending.
#   remediation: >-
#     Let the anti-affinity leave out the component's pods, use another host port, or run the workload on other
#     nodes.
package policies["repelled-component"]

import data.lib.findings.findings
import data.lib.findings.parameter_faults
import data.lib.findings.repulsion
import data.lib.findings.unchecked
import data.lib.nodes.roles
import data.lib.table.components
import data.lib.table.owners
import data.lib.workloads.pod_limits
import data.lib.workloads.workloads

# METADATA
# entrypoint: true
violation contains findings.violation(found.says, object.union(found, {"component": row.name})) if {
	repulsion.may_repel(input.review.object)
	not owners.checked_there(input.review.object)
	count(_excesses) == 0
	repulsion.repels(input.review.object)
	some row in input.parameters.components
	some found in repulsion.repelled(input.review.object, row, input.parameters)
}

violation contains parameter_faults.violation(input.review.object, says) if {
	parameters := object.get(input, "parameters", {})
	some says in (parameter_faults.of_components(parameters, ["nodeRole"]) | parameter_faults.of_roles(parameters))
}

violation contains parameter_faults.violation(input.review.object, says) if {
	some row in components.of(input.review.object, input.parameters)
	some says in parameter_faults.of_role_name(row.nodeRole, roles.words, input.parameters)
}

violation contains unchecked.violation(may, excess, null) if {
	components.other(input.review.object, input.parameters)
	repulsion.may_repel(input.review.object)
	some excess in _excesses
	may := concat(" ", [workloads.title(input.review.object), "may keep components off their nodes"])
}

_excesses := pod_limits.placement(input.review.object) | pod_limits.sharing(input.review.object)
