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
#   requires: [controller, budget]
#   admission: warn
#   operations: [CREATE, UPDATE, DELETE]
#   rationale: >-
#     A drain evicts all replicas of a component at once unless a budget that selects its pods, in
#     their namespace, forbids it.
#   remediation: >-
#     Add a PodDisruptionBudget in the component's namespace whose selector matches the labels of its pods.
package policies["missing-disruption-budget"]

import data.lib.disruption.budgets
import data.lib.disruption.coverage
import data.lib.table.subjects
import data.lib.workloads.pod_labels
import data.lib.workloads.replicas
import data.lib.workloads.workloads

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": {"path": path, "component": subject.component}} if {
	not _deleted
	some subject in subjects.of(input.review.object, input.parameters)
	subject.disruptionControl
	_runs(subject)
	count(budgets.covering(input.review.object)) == 0
	path := array.concat(workloads.template_path(input.review.object), ["metadata", "labels"])
	msg := concat("", [
		subject.name,
		" has no disruption budget: no PodDisruptionBudget in ",
		_namespace(workloads.namespace(input.review.object)),
		" selects its pods",
	])
}

# METADATA
# description: >-
#   holds where the API server is asked to take the last budget from a component: by deleting it, or by
#   another selector.
violation contains {"msg": msg, "details": details} if {
	budget := input.review.oldObject
	coverage.is_budget(budget)
	selected := coverage.selected(budget, input.parameters)
	some left in coverage.subjects(selected, input.parameters)
	left.subject.disruptionControl
	some found in left.workloads
	count(coverage.rivals(budget, [found])) == 0
	not _still_selected(found)
	details := {"path": ["metadata", "name"], "component": left.subject.component}
	msg := concat("", [
		workloads.title(budget),
		" is the last disruption budget that selects the pods of ",
		left.subject.name,
	])
}

_deleted if input.review.operation == "DELETE"

_still_selected(found) if {
	not _deleted
	budgets.selects(input.review.object, pod_labels.typical(found))
}

# A component is what the table says, of another workload with 0 replicas nothing can be lost.
_runs(subject) if subject.component != null

_runs(subject) if {
	subject.component == null
	replicas.most(input.review.object) > 0
}

_namespace("") := "its namespace"

_namespace(name) := concat(" ", ["namespace", name]) if name != ""
