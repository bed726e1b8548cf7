# METADATA
# title: Overlapping disruption budgets
# description: >-
#   Two budgets select the same pods of a component, and the eviction API then refuses every eviction
#   of them.
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
#     Each of the two is sound by itself. Together they make a drain fail with an internal error, and
#     neither protects the pods any longer from whoever deletes them instead.
#   remediation: >-
#     Keep one budget for the pods, or narrow the selectors so that no pod is selected twice.
package policies["overlapping-disruption-budgets"]

import data.lib.disruption.coverage
import data.lib.workloads.workloads

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": details} if {
	coverage.is_budget(input.review.object)
	selected := coverage.selected(input.review.object, input.parameters)
	some shared in coverage.subjects(selected, input.parameters)
	details := {"path": ["spec", "selector"], "component": shared.subject.component}
	some rival in coverage.rivals(input.review.object, shared.workloads)
	msg := concat("", [
		workloads.title(input.review.object),
		" and ",
		rival,
		" select the same pods of ",
		shared.subject.name,
		": every eviction of them fails",
	])
}
