# METADATA
# title: Powerless disruption budget
# description: >-
#   The profile requires disruption control of a component, and the PodDisruptionBudget that selects its
#   pods allows all of them to be evicted at once.
# related_resources:
#   - https://kubernetes.io/docs/tasks/run-application/configure-pdb/
# custom:
#   category: disruption
#   severity: error
#   kinds: [budget]
#   columns: [disruptionControl]
#   requires: [controller]
#   admission: warn
#   rationale: >-
#     Percentages are rounded up: maxUnavailable 1% of one replica is one. The budget exists, and a drain
#     evicts every replica all the same.
#   remediation: >-
#     Keep at least one pod available (minAvailable 1), and run at least two replicas.
package policies["powerless-disruption-budget"]

import data.lib.disruption.coverage
import data.lib.findings.disruption
import data.lib.findings.findings
import data.lib.findings.parameter_faults
import data.lib.findings.unchecked
import data.lib.workloads.workloads

# METADATA
# entrypoint: true
violation contains findings.violation(msg, {
	"path": disruption.number_path(input.review.object),
	"component": covered.subject.component,
	"fix": disruption.powerless_fix(input.review.object, running, covered, _selected),
	"related": disruption.related(covered.workloads),
}) if {
	coverage.counts(input.review.object)
	some covered in coverage.subjects(_selected, input.parameters)
	coverage.alone(covered.workloads, _contested)
	covered.subject.disruptionControl
	running := coverage.running(covered.workloads)
	running > 0
	allowed := coverage.most_allowed(input.review.object, _selected, covered.workloads)
	allowed >= running
	msg := disruption.powerless(input.review.object, running, allowed, covered)
}

violation contains parameter_faults.violation(input.review.object, says) if {
	some says in parameter_faults.of_rows(object.get(input, "parameters", {}), ["disruptionControl"])
}

violation contains unchecked.violation(may, excess, null) if {
	coverage.is_budget(input.review.object)
	some excess in coverage.excesses(input.review.object, input.parameters)
	may := concat(" ", [workloads.title(input.review.object), "may let all replicas be evicted at once"])
}

_selected := coverage.selected(input.review.object, input.parameters)

_contested := coverage.contested(input.review.object, _selected)
