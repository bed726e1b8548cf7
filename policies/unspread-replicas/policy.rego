# METADATA
# title: Unspread replicas
# description: >-
#   Nothing asks the scheduler to spread the pods of a component across nodes.
# related_resources:
#   - https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
# custom:
#   category: spread
#   severity: error
#   kinds: [workload]
#   columns: [antiAffinity]
#   admission: deny
#   rationale: >-
#     Two replicas on one node fail together. The API server accepts an anti-affinity term or a topology
#     spread constraint that selects other pods than the component's own, or preferred anti-affinity over a
#     wider topology than the node.
#   remediation: >-
#     Add a pod anti-affinity term or a topology spread constraint over kubernetes.io/hostname whose selector
#     matches the labels of the component's own pods.
package policies["unspread-replicas"]

import data.lib.api.limits
import data.lib.findings.findings
import data.lib.findings.parameter_faults
import data.lib.findings.spread
import data.lib.findings.unchecked
import data.lib.scheduling.feasible_nodes
import data.lib.scheduling.node_sharing
import data.lib.scheduling.pinning
import data.lib.scheduling.spreading
import data.lib.table.components
import data.lib.table.subjects
import data.lib.workloads.controllers
import data.lib.workloads.pod_limits
import data.lib.workloads.replicas
import data.lib.workloads.workload_refs
import data.lib.workloads.workloads

# METADATA
# entrypoint: true
violation contains findings.violation(spread.unspread(subject, fault), {
	"path": fault.path,
	"component": subject.component,
	"fix": spread.unspread_fix(input.review.object, fault, others),
	"related": spread.related(fault),
}) if {
	some subject in subjects.of(input.review.object, input.parameters)
	subject.antiAffinity
	_can_be_two(subject)
	others := _others(subject)
	count(_excesses(others)) == 0
	some fault in _faults(input.review.object, others)
}

violation contains parameter_faults.violation(input.review.object, says) if {
	some says in parameter_faults.of_rows(object.get(input, "parameters", {}), ["antiAffinity"])
}

violation contains unchecked.violation(may, excess, subject.component) if {
	some subject in subjects.of(input.review.object, input.parameters)
	subject.antiAffinity
	_can_be_two(subject)
	some excess in _excesses(_others(subject))
	may := concat(" ", [subject.name, "may not be spread across nodes"])
}

_excesses(others) := union({
	pod_limits.placement(input.review.object),
	pod_limits.sharing(input.review.object),
	limits.excess("barePods", count(others) + 1, ["metadata", "name"]),
	replicas.excess(input.review.object),
})

# A component is what the profile says. A single replica of another workload cannot be spread. A template that a
# Rollout takes from elsewhere is checked there.
_can_be_two(subject) if {
	subject.component != null
	not workload_refs.refers(input.review.object)
}

_can_be_two(subject) if {
	subject.component == null
	not workload_refs.refers(input.review.object)
	replicas.most_alike(input.review.object) > 1
}

_can_be_two(_) if count(replicas.excess(input.review.object)) > 0

_faults(obj, []) := spreading.shortcomings(obj) | pinning.pins(obj) if {
	count(node_sharing.within_revision(obj, feasible_nodes.sorts(obj))) == 0
}

# Of many such pods the first are enough.
_faults(obj, others) := {fault |
	beside := [found |
		some [_, other] in sort([[workloads.name(other), other] | some other in others])
		nodes := feasible_nodes.sorts(obj)
		count(node_sharing.between(obj, nodes, other, feasible_nodes.sorts(other))) == 0
		found := spreading.shortcomings_beside(obj, other)
		count(found) > 0
	]
	some found in array.slice(beside, 0, 3)
	some fault in found
} if {
	others != []
}

# The other pods of its component, if each is created separately, as by an operator: each has its own labels
# and anti-affinity.
_others(subject) := [other |
	_is_bare(input.review.object)
	some row in components.rows_of(input.review.object, input.parameters.components)
	row.name == subject.component
	namespace := workloads.namespace(input.review.object)
	some other in components.members_in(row, namespace, input.parameters.components)
	_is_bare(other)
	workloads.name(other) != workloads.name(input.review.object)
]

_is_bare(obj) if {
	obj.kind == "Pod"
	not controllers.named(obj)
}

# METADATA
# description: >-
#   holds where it is not known whether another workload, a custom resource, has two pods on a node: those
#   of anything that calls itself a DaemonSet have nodes of their own.
note contains spread.unknown(subjects.custom_kind(input.review.object)) if {
	input.review.object.kind != "DaemonSet"
	some subject in subjects.custom(input.review.object, input.parameters)
	subject.component == null
	subject.antiAffinity
	not replicas.counted(input.review.object)
}
