# METADATA
# title: Scheduler bypass
# description: >-
#   A workload that is no component of the profile bypasses the taints of a reserved role: by nodeName, by
#   a Binding, as a static pod, or by another scheduler.
# related_resources:
#   - https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename
#   - https://kubernetes.io/docs/tasks/extend-kubernetes/configure-multiple-schedulers/
# custom:
#   category: placement
#   severity: error
#   security: 8.8
#   kinds: [workload, binding]
#   columns: []
#   requires: [otherWorkloads]
#   admission: deny
#   exemptable: true
#   rationale: >-
#     Only the scheduler checks taints with the effect NoSchedule. Anyone who can create a pod can set
#     nodeName, and anyone who can create Bindings can put any pod on any node: these taints are not
#     checked.
#   remediation: >-
#     Remove nodeName and schedulerName, so that the default scheduler chooses the node. A scheduler that
#     respects taints can be added to the profile's schedulers.
package policies["scheduler-bypass"]

import data.lib.api.inventory
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
	some pod in _bypassing
	some role in _reserved
	some bypassing in intrusion.bypasses(pod, role, _schedulers)
	found := ownership.with_owner(input.review.object, bypassing)
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
	_may_bypass(excess)
	some role in _reserved
	may := concat(" ", [workloads.title(input.review.object), "may bypass the taints of", role.name, "nodes"])
}

_may_bypass(excess) if excess.limit == "podSpecs"

_may_bypass(_) if {
	some pod in workloads.pod_specs(input.review.object)
	some way in pods.ways(input.review.object, pod.spec)
	intrusion.may_bypass({"spec": pod.spec, "placement": {"way": way}}, _schedulers)
}

violation contains findings.violation(msg, object.union(found, {"component": null})) if {
	input.review.object.kind == "Binding"
	inventory.group(input.review.object.apiVersion) == ""
	not _by_scheduler
	not components.matched(_bound_pod, [row | some row in input.parameters.components; not row.static])
	some role in _reserved
	some found in intrusion.bindings(input.review.object, role)
	msg := concat(" ", ["Binding of", workloads.title(_bound_pod), found.says])
}

# METADATA
# description: holds where what is known of the node that a pod names rests only on the Node in the input.
note contains found if {
	components.other(input.review.object, input.parameters)
	nodes.given
	some pod in _bypassing
	some role in _reserved
	some found in intrusion.spared_there(pod, role)
}

# METADATA
# description: holds where a pod requires a value of a reserved role's label that the profile does not know.
note contains found if {
	components.other(input.review.object, input.parameters)
	some pod in _bypassing
	pod.placement.way in {"node", "file"}
	some role in _reserved
	some found in intrusion.unknown_values(pod, role)
}

_bypassing := [pods.of(input.review.object)[index] |
	some index, pod in pods.bound(input.review.object)
	intrusion.may_bypass(pod, _schedulers)
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

# Computed once: a function would be evaluated for each rule.
_reserved := intrusion.reserved(input.parameters)
