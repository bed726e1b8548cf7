# METADATA
# title: Missing disruption budget
# description: >-
#   Disruption control is demanded of a component, and no PodDisruptionBudget selects its pods.
# related_resources:
#   - https://kubernetes.io/docs/tasks/run-application/configure-pdb/
# custom:
#   category: disruption
#   severity: error
#   kinds: [workload]
#   columns: [disruptionControl]
#   parameters: [components]
#   optional: [otherWorkloads, customWorkloads]
#   inventory: [controller, node, runtimeClass, budget, autoscaler]
#   referential: true
#   rationale: >-
#     A drain evicts all replicas of a component at once unless a budget that selects its pods, in
#     their namespace, forbids it.
#   remediation: >-
#     Add a PodDisruptionBudget in the component's namespace whose selector matches the labels of its pods.
package policies["missing-disruption-budget"]

import data.lib.disruption_budget
import data.lib.replicas
import data.lib.subject
import data.lib.workload

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": {"path": path, "component": subject_.component}} if {
	some subject_ in subject.of(input.review.object, input.parameters)
	subject_.disruptionControl
	_runs(subject_)
	count(disruption_budget.covering(input.review.object)) == 0
	path := array.concat(workload.template_path(input.review.object), ["metadata", "labels"])
	msg := concat("", [
		subject_.name,
		" has no disruption budget: no PodDisruptionBudget in ",
		_namespace(workload.namespace(input.review.object)),
		" selects its pods",
	])
}

# A component is what the table says, of another workload with 0 replicas nothing can be lost.
_runs(subject_) if subject_.component != null

_runs(subject_) if {
	subject_.component == null
	replicas.most(input.review.object) > 0
}

_namespace("") := "its namespace"

_namespace(name) := concat(" ", ["namespace", name]) if name != ""
