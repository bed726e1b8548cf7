# METADATA
# title: Unmatched disruption budget
# description: >-
#   A PodDisruptionBudget selects no pods of any workload that was given, in a namespace with components or
#   where the profile requires something of the budgets of all workloads.
# related_resources:
#   - https://kubernetes.io/docs/tasks/run-application/configure-pdb/
# custom:
#   category: disruption
#   severity: warning
#   kinds: [budget]
#   columns: []
#   requires: [controller]
#   admission: warn
#   rationale: >-
#     A budget with a mistyped label, or in another namespace than its pods, is accepted in silence. Its
#     workload is thought protected and is not.
#   remediation: >-
#     Correct the selector so that it matches the labels of the pods to protect, or delete the budget.
package policies["unmatched-disruption-budget"]

import data.lib.disruption.coverage
import data.lib.disruption.targets
import data.lib.findings.disruption
import data.lib.findings.findings
import data.lib.findings.parameter_faults
import data.lib.findings.unchecked
import data.lib.workloads.workloads

# METADATA
# entrypoint: true
violation contains findings.violation(disruption.unmatched(input.review.object), {
	"path": ["spec", "selector"],
	"component": null,
	"fix": disruption.unmatched_fix(input.review.object),
	"related": disruption.unmatched_related(input.review.object, input.parameters),
}) if {
	targets.unknown(input.review.object, input.parameters)
	targets.unmatched(input.review.object)
}

violation contains parameter_faults.violation(input.review.object, says) if {
	some says in parameter_faults.of_rows(object.get(input, "parameters", {}), [])
}

violation contains unchecked.violation(may, excess, null) if {
	coverage.is_budget(input.review.object)
	some excess in coverage.excess(input.review.object, input.parameters)
	may := concat(" ", [workloads.title(input.review.object), "may select no pods"])
}
