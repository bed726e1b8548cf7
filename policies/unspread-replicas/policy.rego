# METADATA
# title: Unspread replicas
# description: >-
#   Nothing hints the scheduler to keep the pods of a component on different nodes.
# related_resources:
#   - https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
# custom:
#   category: spread
#   severity: error
#   kinds: [workload]
#   columns: [antiAffinity]
#   admission: deny
#   rationale: >-
#     Two replicas on one node fail together. A rule that selects other pods than its own, or
#     spreads over a wider topology than the node, is accepted by the API server and does nothing.
#   remediation: >-
#     Add a pod anti-affinity term over kubernetes.io/hostname whose selector matches the labels of
#     the component's own pods.
package policies["unspread-replicas"]

import data.lib.scheduling.anti_affinity
import data.lib.scheduling.feasible_nodes
import data.lib.scheduling.one_node
import data.lib.scheduling.spread
import data.lib.table.components
import data.lib.table.owners
import data.lib.table.subjects
import data.lib.workloads.replicas
import data.lib.workloads.workloads

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": {"path": fault.path, "component": subject.component}} if {
	some subject in subjects.of(input.review.object, input.parameters)
	subject.antiAffinity
	_can_be_two(subject)
	some fault in _faults(subject)
	msg := concat("", [subject.name, " is not spread over nodes: ", fault.reason])
}

# A component is what the table says, a single replica of another workload has no other to keep away from.
_can_be_two(subject) if subject.component != null

_can_be_two(subject) if {
	subject.component == null
	replicas.most(input.review.object) > 1
}

_faults(subject) := union({anti_affinity.shortcomings(obj), one_node.reasons(obj)}) if {
	obj := input.review.object
	_others(subject) == []
	count(spread.within_revision(
		input.review.object,
		feasible_nodes.sorts(input.review.object),
	)) == 0
}

_faults(subject) := {fault |
	some other in _others(subject)
	count(spread.between(
		input.review.object,
		feasible_nodes.sorts(input.review.object),
		other,
		feasible_nodes.sorts(other),
	)) == 0
	some fault in anti_affinity.shortcomings_beside(input.review.object, other)
} if {
	_others(subject) != []
}

# The other pods of its component, where each is made by itself, as an operator does: each has labels and
# rules of its own.
_others(subject) := [other |
	_is_bare(input.review.object)
	some row in components.rows_of(input.review.object, input.parameters.components)
	row.name == subject.component
	some other in components.members(row, input.parameters.components)
	_is_bare(other)
	workloads.name(other) != workloads.name(input.review.object)
]

_is_bare(obj) if {
	obj.kind == "Pod"
	not owners.has_controller(obj)
}

# METADATA
# description: holds where it is not known whether a custom resource among the other workloads has two pods.
note contains {"code": "REPLICAS_UNKNOWN", "path": [], "message": message} if {
	some subject in subjects.custom(input.review.object, input.parameters)
	subject.component == null
	subject.antiAffinity
	not replicas.counted(input.review.object)
	message := concat("", [
		"whether pods of a ",
		subjects.custom_kind(input.review.object),
		" are kept on different nodes was not judged: how many it runs is not known",
	])
}
