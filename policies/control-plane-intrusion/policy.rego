# METADATA
# title: Control plane intrusion
# description: >-
#   A workload that is no component of the profile can be scheduled onto a node of a reserved role.
# related_resources:
#   - https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
# custom:
#   category: placement
#   severity: error
#   security: 8.8
#   kinds: [workload]
#   columns: []
#   requires: [otherWorkloads]
#   admission: deny
#   exemptable: true
#   rationale: >-
#     A pod on a control plane node can reach its keys and sockets, and can starve it. One toleration,
#     often copied with a wildcard, is enough for the scheduler to put a user's pod there.
#   remediation: >-
#     Remove the toleration, or require other nodes with nodeSelector or required node affinity. If the
#     workload is part of the cluster, add it to the profile's components.
package policies["control-plane-intrusion"]

import data.lib.findings.findings
import data.lib.findings.intrusion
import data.lib.findings.ownership
import data.lib.findings.parameter_faults
import data.lib.findings.unchecked
import data.lib.nodes.nodes
import data.lib.scheduling.pods
import data.lib.table.components
import data.lib.workloads.pod_limits
import data.lib.workloads.workloads

# METADATA
# entrypoint: true
violation contains findings.violation(msg, object.union(found, {"component": null})) if {
	components.other(input.review.object, input.parameters)
	some pod in _let_in
	some role in _reserved
	some intruding in intrusion.intrusions(input.review.object, pod, role)
	found := ownership.with_owner(input.review.object, intruding)
	msg := concat(" ", [workloads.title(input.review.object), found.says])
}

violation contains parameter_faults.violation(input.review.object, says) if {
	parameters := object.get(input, "parameters", {})
	some says in (parameter_faults.of_reservation(parameters) | parameter_faults.of_roles(parameters))
}

violation contains parameter_faults.violation(input.review.object, says) if {
	components.other(input.review.object, input.parameters)
	some says in parameter_faults.of_role_name(input.parameters.otherWorkloads.nodeRole, set(), input.parameters)
}

violation contains unchecked.violation(may, excess, null) if {
	components.other(input.review.object, input.parameters)
	some excess in pod_limits.placement(input.review.object)
	some role in _reserved
	may := concat(" ", [workloads.title(input.review.object), "may be scheduled onto", role.name, "nodes"])
}

# METADATA
# description: holds where only the Nodes of the input keep the pods off a reserved role.
note contains found if {
	components.other(input.review.object, input.parameters)
	nodes.given
	some pod in _let_in
	some role in _reserved
	some found in intrusion.spared(pod, role)
}

# METADATA
# description: holds where a pod requires a value of a reserved role's label that the profile does not know.
note contains found if {
	components.other(input.review.object, input.parameters)
	some pod in _let_in
	pod.placement.way in {"scheduler", "daemon"}
	some role in _reserved
	some found in intrusion.unknown_values(pod, role)
}

# Computed once: a function would be evaluated for each rule.
_let_in := [pods.of(input.review.object)[index] |
	some index, pod in pods.bound(input.review.object)
	not intrusion.kept_out(pod.placement, input.parameters)
]

_reserved := intrusion.reserved(input.parameters)
