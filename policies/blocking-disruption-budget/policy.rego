# METADATA
# title: Blocking disruption budget
# description: >-
#   A PodDisruptionBudget that selects the pods of a component never allows one of them to be evicted:
#   no node that they run on can be drained.
# related_resources:
#   - https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node/
# custom:
#   category: disruption
#   severity: error
#   kinds: [budget]
#   columns: []
#   requires: [controller]
#   admission: warn
#   rationale: >-
#     A drain retries until someone gives up and deletes the pods by hand; then nothing protects them.
#   remediation: >-
#     Allow at least one disruption: lower minAvailable, raise maxUnavailable, or add replicas.
package policies["blocking-disruption-budget"]

import data.lib.disruption.budget_status
import data.lib.disruption.coverage
import data.lib.findings.disruption
import data.lib.findings.findings
import data.lib.findings.parameter_faults
import data.lib.findings.unchecked
import data.lib.workloads.workloads

# METADATA
# entrypoint: true
violation contains findings.violation(disruption.blocking(input.review.object, found.status, found.covered), {
	"path": disruption.blocking_path(input.review.object, found.status, found.covered, found.counted),
	"component": found.covered.subject.component,
	"fix": disruption.blocking_fix(input.review.object, found.status, found.covered, found.counted),
	"related": disruption.blocking_related(found.covered, found.counted),
}) if {
	some found in _blocked
}

_blocked := [{"covered": covered, "counted": counted, "status": status} |
	coverage.counts(input.review.object)
	some covered in _covered
	coverage.alone(covered.workloads, _contested)
	coverage.running(covered.workloads) > 0
	coverage.countable(input.review.object, _selected)
	counted := coverage.lasting(input.review.object, _selected, covered.workloads)
	status := coverage.status(input.review.object, counted)
	status.disruptionsAllowed == 0
]

_covered := coverage.subjects(_selected, input.parameters)

violation contains parameter_faults.violation(input.review.object, says) if {
	some says in parameter_faults.of_rows(object.get(input, "parameters", {}), [])
}

violation contains unchecked.violation(may, excess, null) if {
	coverage.is_budget(input.review.object)
	some excess in coverage.excesses(input.review.object, input.parameters)
	may := concat(" ", [workloads.title(input.review.object), "may block every drain"])
}

# What the disruption controller has counted shows more than the numbers of the workloads that were given.
violation contains findings.violation(disruption.reported(input.review.object, reason, _covered), {
	"path": disruption.number_path(input.review.object),
	"component": _component,
	"fix": disruption.reported_fix(reason),
	"related": disruption.related([obj | some covered in _covered; some obj in covered.workloads]),
}) if {
	coverage.counts(input.review.object)
	reason := min(budget_status.reported(input.review.object)) # one finding, however many conditions
	count(_blocked) == 0
	count(_contested) == 0
	coverage.concerned(_covered, input.review.object, input.parameters)
}

_component := _covered[0].subject.component

_component := null if count(_covered) == 0

# Pods that neither a controller nor an operator recreates become as few as the budget keeps.
violation contains findings.violation(disruption.dwindling(input.review.object, status, covered), {
	"path": disruption.number_path(input.review.object),
	"component": covered.subject.component,
	"fix": disruption.dwindling_fix,
	"related": disruption.related(covered.workloads),
}) if {
	coverage.counts(input.review.object)
	some covered in _covered
	coverage.alone(covered.workloads, _contested)
	coverage.dwindles(covered.subject, covered.workloads, _selected)
	status := coverage.status(input.review.object, _selected)
	status.disruptionsAllowed > 0
	status.desiredHealthy > 0
}

_selected := coverage.selected(input.review.object, input.parameters)

# A drain leaves DaemonSets of users alone. A component's pods must be known in any case.
_is_drained(covered) if covered.subject.component != null

_is_drained(covered) if coverage.drained(covered.workloads)

_contested := coverage.contested(input.review.object, _selected)

# METADATA
# description: holds where the budget counts pods of a DaemonSet, which has one on each node.
note contains disruption.uncountable(input.review.object, covered.subject) if {
	coverage.counts(input.review.object)
	some covered in _covered
	_is_drained(covered)
	not coverage.countable(input.review.object, _selected)
}
