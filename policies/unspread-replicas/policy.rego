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
#   parameters: [components]
#   optional: [otherWorkloads, customWorkloads]
#   inventory: [controller, pod, autoscaler, node, runtimeClass]
#   referential: false
#   admission: deny
#   rationale: >-
#     Two replicas on one node fail together. A rule that selects other pods than its own, or
#     spreads over a wider topology than the node, is accepted by the API server and does nothing.
#   remediation: >-
#     Add a pod anti-affinity term over kubernetes.io/hostname whose selector matches the labels of
#     the component's own pods.
package policies["unspread-replicas"]

import data.lib.anti_affinity
import data.lib.component
import data.lib.eligible_node
import data.lib.one_node
import data.lib.owner
import data.lib.replicas
import data.lib.spread
import data.lib.subject
import data.lib.workload

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": {"path": fault.path, "component": subject_.component}} if {
	some subject_ in subject.of(input.review.object, input.parameters)
	subject_.antiAffinity
	_can_be_two(subject_)
	some fault in _faults(subject_)
	msg := concat("", [subject_.name, " is not spread over nodes: ", fault.reason])
}

# A component is what the table says, a single replica of another workload has no other to keep away from.
_can_be_two(subject_) if subject_.component != null

_can_be_two(subject_) if {
	subject_.component == null
	replicas.most(input.review.object) > 1
}

_faults(subject_) := union({anti_affinity.shortcomings(object_), one_node.reasons(object_)}) if {
	object_ := input.review.object
	_others(subject_) == []
	count(spread.within_revision(
		input.review.object,
		eligible_node.sorts(input.review.object),
	)) == 0
}

_faults(subject_) := {fault |
	some other in _others(subject_)
	count(spread.between(
		input.review.object,
		eligible_node.sorts(input.review.object),
		other,
		eligible_node.sorts(other),
	)) == 0
	some fault in anti_affinity.shortcomings_beside(input.review.object, other)
} if {
	_others(subject_) != []
}

# The other pods of its component, where each is made by itself, as an operator does: each has labels and
# rules of its own.
_others(subject_) := [other |
	_is_bare(input.review.object)
	some row in component.rows_of(input.review.object, input.parameters.components)
	row.name == subject_.component
	some other in component.members(row, input.parameters.components)
	_is_bare(other)
	workload.name(other) != workload.name(input.review.object)
]

_is_bare(object_) if {
	object_.kind == "Pod"
	not owner.has_controller(object_)
}

# METADATA
# description: holds where it is not known whether a custom resource among the other workloads has two pods.
note contains {"path": [], "message": message} if {
	some subject_ in subject.custom(input.review.object, input.parameters)
	subject_.component == null
	subject_.antiAffinity
	not replicas.counted(input.review.object)
	message := concat("", [
		"whether pods of a ",
		subject.custom_kind(input.review.object),
		" are kept on different nodes was not judged: how many it runs is not known",
	])
}
