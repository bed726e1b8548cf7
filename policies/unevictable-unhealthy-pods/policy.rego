# METADATA
# title: Unevictable unhealthy pods
# description: >-
#   The profile says that pods can be drained, and their PodDisruptionBudget keeps those that are not ready on
#   their nodes. Before Kubernetes 1.27 budgets have no field for it, and none is found.
# related_resources:
#   - https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy
# custom:
#   category: disruption
#   severity: warning
#   kinds: [budget]
#   columns: [drainable]
#   requires: [controller]
#   admission: warn
#   rationale: >-
#     By default pods that are not ready are evicted only while enough others are healthy. While all pods of a
#     workload crash, a drain waits until someone repairs them, though evicting them would cost nothing.
#   remediation: >-
#     Set unhealthyPodEvictionPolicy to AlwaysAllow.
package policies["unevictable-unhealthy-pods"]

import data.lib.api.served
import data.lib.disruption.budget_status
import data.lib.disruption.coverage
import data.lib.findings.disruption
import data.lib.findings.findings
import data.lib.findings.parameter_faults
import data.lib.findings.unchecked
import data.lib.workloads.workloads

# METADATA
# entrypoint: true
violation contains findings.violation(disruption.stuck_unhealthy(input.review.object, status, covered), {
	"path": disruption.policy_path(input.review.object),
	"component": covered.subject.component,
	"fix": disruption.stuck_unhealthy_fix(input.review.object),
	"related": disruption.related(covered.workloads),
}) if {
	_is_asked
	not budget_status.frees_unhealthy(input.review.object)
	some covered in coverage.subjects(_selected, input.parameters)
	covered.subject.drainable
	coverage.drained(covered.workloads)
	coverage.alone(covered.workloads, _contested)
	coverage.running(covered.workloads) > 0
	counted := coverage.lasting(input.review.object, _selected, covered.workloads)
	status := coverage.status(input.review.object, counted)
	status.disruptionsAllowed > 0 # else it blocks every drain in any case
}

violation contains parameter_faults.violation(input.review.object, says) if {
	some says in parameter_faults.of_rows(object.get(input, "parameters", {}), ["drainable"])
}

violation contains unchecked.violation(may, excess, null) if {
	_is_asked
	some excess in coverage.excesses(input.review.object, input.parameters)
	may := concat(" ", [workloads.title(input.review.object), "may keep pods that are not ready"])
}

_is_asked if {
	coverage.counts(input.review.object)
	served.at_least(27)
}

_selected := coverage.selected(input.review.object, input.parameters)

_contested := coverage.contested(input.review.object, _selected)
