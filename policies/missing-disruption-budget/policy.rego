# METADATA
# title: Missing disruption budget
# description: >-
#   Disruption control is demanded of a component, and no PodDisruptionBudget selects its pods.
# related_resources:
#   - https://kubernetes.io/docs/tasks/run-application/configure-pdb/
# custom:
#   category: disruption
#   severity: error
#   kinds: [workload, budget]
#   columns: [disruptionControl]
#   parameters: [components]
#   optional: [otherWorkloads, customWorkloads]
#   inventory: [controller, pod, node, runtimeClass, budget, autoscaler]
#   referential: true
#   admission: warn
#   operations: [CREATE, UPDATE, DELETE]
#   rationale: >-
#     A drain evicts all replicas of a component at once unless a budget that selects its pods, in
#     their namespace, forbids it.
#   remediation: >-
#     Add a PodDisruptionBudget in the component's namespace whose selector matches the labels of its pods.
package policies["missing-disruption-budget"]

import data.lib.disruption
import data.lib.disruption_budget
import data.lib.pod_labels
import data.lib.replicas
import data.lib.subject
import data.lib.workload

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": {"path": path, "component": subject_.component}} if {
	not _deleted
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

# METADATA
# description: >-
#   holds where the API server is asked to take the last budget from a component: by deleting it, or by
#   another selector.
violation contains {"msg": msg, "details": details} if {
	budget := input.review.oldObject
	disruption.is_budget(budget)
	selected := disruption.selected(budget, input.parameters)
	some left in disruption.subjects(selected, input.parameters)
	left.subject.disruptionControl
	some found in left.workloads
	count(disruption.rivals(budget, [found])) == 0
	not _still_selected(found)
	details := {"path": ["metadata", "name"], "component": left.subject.component}
	msg := concat("", [
		workload.title(budget),
		" is the last disruption budget that selects the pods of ",
		left.subject.name,
	])
}

_deleted if input.review.operation == "DELETE"

_still_selected(found) if {
	not _deleted
	disruption_budget.selects(input.review.object, pod_labels.typical(found))
}

# A component is what the table says, of another workload with 0 replicas nothing can be lost.
_runs(subject_) if subject_.component != null

_runs(subject_) if {
	subject_.component == null
	replicas.most(input.review.object) > 0
}

_namespace("") := "its namespace"

_namespace(name) := concat(" ", ["namespace", name]) if name != ""
