# METADATA
# title: Missing disruption budget
# description: >-
#   The profile requires disruption control of a component, and no PodDisruptionBudget selects its pods.
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
#     A drain evicts all replicas of a component at once unless a PodDisruptionBudget in their namespace
#     selects them.
#   remediation: >-
#     Add a PodDisruptionBudget in the component's namespace whose selector matches the labels of its pods.
package policies["missing-disruption-budget"]

import data.lib.disruption.budgets
import data.lib.disruption.coverage
import data.lib.findings.disruption
import data.lib.findings.findings
import data.lib.findings.parameter_faults
import data.lib.findings.unchecked
import data.lib.table.subjects
import data.lib.workloads.pod_labels
import data.lib.workloads.pod_limits
import data.lib.workloads.replicas
import data.lib.workloads.workload_refs
import data.lib.workloads.workloads

# METADATA
# entrypoint: true
violation contains findings.violation(disruption.missing(input.review.object, subject), {
	"path": array.concat(workloads.template_path(input.review.object), ["metadata", "labels"]),
	"component": subject.component,
	"fix": disruption.missing_fix(input.review.object),
}) if {
	not _deleted
	some subject in subjects.of(input.review.object, input.parameters)
	subject.disruptionControl
	_runs(subject)
	not workload_refs.unresolved(input.review.object) # a note says so
	count(_excesses) == 0
	count(budgets.protecting(input.review.object)) == 0
}

violation contains parameter_faults.violation(input.review.object, says) if {
	some says in parameter_faults.of_rows(object.get(input, "parameters", {}), ["disruptionControl"])
}

violation contains unchecked.violation(may, excess, subject.component) if {
	not _deleted
	some subject in subjects.of(input.review.object, input.parameters)
	subject.disruptionControl
	_runs(subject)
	some excess in _excesses
	may := concat(" ", [subject.name, "may have no PodDisruptionBudget"])
}

_excesses := union({
	pod_limits.labels(input.review.object),
	budgets.excess(workloads.namespace(input.review.object)),
	replicas.excess(input.review.object),
})

# METADATA
# description: >-
#   holds where a request takes the last budget from a component: by deleting it, or by changing its
#   selector.
violation contains findings.violation(disruption.last(budget, covered.subject), {
	"path": ["metadata", "name"],
	"component": covered.subject.component,
	"fix": disruption.last_fix,
	"related": disruption.related([obj]),
}) if {
	budget := input.review.oldObject
	coverage.is_budget(budget)
	selected := coverage.selected(budget, input.parameters)
	some covered in coverage.subjects(selected, input.parameters)
	covered.subject.disruptionControl
	some obj in covered.workloads
	count(coverage.rivals(budget, [obj])) == 0
	not _still_selected(obj)
}

_deleted if input.review.operation == "DELETE"

_still_selected(obj) if {
	not _deleted
	budgets.selects(input.review.object, pod_labels.typical(obj))
}

# A component is what the profile says. Another workload with 0 replicas has nothing to lose, and what a Rollout
# runs is checked there.
_runs(subject) if {
	subject.component != null
	count(replicas.in_place_of(input.review.object)) == 0
}

_runs(subject) if {
	subject.component == null
	replicas.most(input.review.object) > 0
}

_runs(_) if count(replicas.excess(input.review.object)) > 0
