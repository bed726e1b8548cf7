# METADATA
# title: Overlapping disruption budgets
# description: >-
#   Two PodDisruptionBudgets select the same pods of a component, and the eviction API rejects every
#   eviction of them.
# related_resources:
#   - https://kubernetes.io/docs/concepts/workloads/pods/disruptions/
# custom:
#   category: disruption
#   severity: error
#   kinds: [budget]
#   columns: []
#   requires: [controller, budget]
#   admission: warn
#   rationale: >-
#     Each of the two is right by itself. Together they make a drain fail with an internal error until
#     someone deletes the pods by hand, and then neither protects them.
#   remediation: >-
#     Keep one PodDisruptionBudget for the pods, or narrow the selectors so that no pod matches both.
package policies["overlapping-disruption-budgets"]

import data.lib.disruption.coverage
import data.lib.findings.disruption
import data.lib.findings.findings
import data.lib.findings.parameter_faults
import data.lib.findings.unchecked
import data.lib.workloads.workloads

# METADATA
# entrypoint: true
violation contains findings.violation(msg, {
	"path": ["spec", "selector"],
	"component": covered.subject.component,
	"fix": disruption.overlapping_fix(input.review.object, rivals),
	"related": disruption.overlapping_related(rivals, covered.workloads),
}) if {
	coverage.counts(input.review.object)
	selected := coverage.selected(input.review.object, input.parameters)
	some covered in coverage.groups(selected, input.parameters)
	rivals := coverage.rivals(input.review.object, covered.workloads)
	count(rivals) > 0
	msg := disruption.overlapping(input.review.object, rivals, covered)
}

violation contains unchecked.violation(may, excess, null) if {
	coverage.is_budget(input.review.object)
	some excess in coverage.excess(input.review.object, input.parameters)
	title := workloads.title(input.review.object)
	may := concat(" ", [title, "may select the pods of another PodDisruptionBudget"])
}

violation contains parameter_faults.violation(input.review.object, says) if {
	some says in parameter_faults.of_rows(object.get(input, "parameters", {}), [])
}
