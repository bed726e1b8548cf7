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
#   inventory: [controller, node, runtimeClass, budget]
#   referential: true
#   rationale: >-
#     A drain evicts all replicas of a component at once unless a budget that selects its pods, in
#     their namespace, forbids it.
#   remediation: >-
#     Add a PodDisruptionBudget in the component's namespace whose selector matches the labels of its pods.
package policies["missing-disruption-budget"]

import data.lib.disruption_budget
import data.lib.subject
import data.lib.workload

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": {"path": path, "component": subject_.component}} if {
	some subject_ in subject.of(input.review.object, input.parameters)
	subject_.disruptionControl
	count(disruption_budget.covering(input.review.object)) == 0
	path := array.concat(workload.template_path(input.review.object), ["metadata", "labels"])
	msg := concat("", [
		subject_.name,
		" has no disruption budget: no PodDisruptionBudget in ",
		_namespace(workload.namespace(input.review.object)),
		" selects its pods",
	])
}

_namespace("") := "its namespace"

_namespace(name) := concat(" ", ["namespace", name]) if name != ""
