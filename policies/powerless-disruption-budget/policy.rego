# METADATA
# title: Powerless disruption budget
# description: >-
#   Disruption control is demanded of a component, and the budget that selects its pods lets the last
#   of them be evicted.
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
#     A budget counts by rounding up: maxUnavailable 1% of one replica is one. Such a budget is there,
#     and a drain takes every instance down all the same.
#   remediation: >-
#     Demand that at least one pod stays (minAvailable 1), and run at least two replicas.
package policies["powerless-disruption-budget"]

import data.lib.disruption.coverage
import data.lib.findings.disruption
import data.lib.workloads.workloads

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": {"path": path, "component": protected.subject.component}} if {
	coverage.is_budget(input.review.object)
	selected := coverage.selected(input.review.object, input.parameters)
	some protected in coverage.subjects(selected, input.parameters)
	protected.subject.disruptionControl
	running := coverage.running(protected.workloads)
	running > 0
	allowed := coverage.most_allowed(input.review.object, selected, protected.workloads)
	allowed >= running
	count(coverage.rivals(input.review.object, protected.workloads)) == 0
	path := disruption.number_path(input.review.object)
	msg := concat("", [
		workloads.title(input.review.object),
		" lets the last instance of ",
		protected.subject.name,
		" be evicted: ",
		disruption.powerless(input.review.object, running, allowed),
		disruption.advice(running),
	])
}
