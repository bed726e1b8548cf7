# METADATA
# title: Interrupting update
# description: >-
#   The profile requires disruption control of a component, and an update of it stops all of its pods at
#   the same time.
# related_resources:
#   - https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy
# custom:
#   category: disruption
#   severity: error
#   kinds: [workload]
#   columns: [disruptionControl]
#   admission: warn
#   rationale: >-
#     A controller that replaces pods ignores PodDisruptionBudgets. If its strategy allows all pods to be
#     unavailable at the same time, the component is down until the new ones are ready.
#   remediation: >-
#     Use a rolling update that keeps at least one pod available: lower maxUnavailable, allow a surge, or
#     run more replicas.
package policies["interrupting-update"]

import data.lib.disruption.coverage
import data.lib.findings.findings
import data.lib.findings.parameter_faults
import data.lib.findings.unchecked
import data.lib.findings.updates
import data.lib.table.subjects
import data.lib.workloads.replicas
import data.lib.workloads.rollouts

# METADATA
# entrypoint: true
violation contains findings.violation(updates.interrupting(input.review.object, subject, running), {
	"path": rollouts.limit_path(input.review.object, running),
	"component": subject.component,
	"fix": updates.interrupting_fix(input.review.object, running),
	"related": updates.related(input.review.object),
}) if {
	some subject in subjects.of(input.review.object, input.parameters)
	subject.disruptionControl
	running := coverage.pods(input.review.object)
	running > 0
	rollouts.of(input.review.object, running).available == 0
}

violation contains parameter_faults.violation(input.review.object, says) if {
	some says in parameter_faults.of_rows(object.get(input, "parameters", {}), ["disruptionControl"])
}

violation contains unchecked.violation(may, excess, subject.component) if {
	some subject in subjects.of(input.review.object, input.parameters)
	subject.disruptionControl
	some excess in replicas.excess(input.review.object)
	may := concat(" ", [subject.name, "may be down during an update"])
}

# METADATA
# description: holds a custom resource of which disruption control is required and whose updates are not known.
note contains updates.unknown(input.review.object, subjects.custom_kind(input.review.object)) if {
	some subject in subjects.custom(input.review.object, input.parameters)
	subject.disruptionControl
}

# METADATA
# description: holds a StatefulSet that may stop all of its pods at a time if a feature gate is on.
note contains updates.gated(limit, running) if {
	some subject in subjects.of(input.review.object, input.parameters)
	subject.disruptionControl
	running := coverage.pods(input.review.object)
	some limit in rollouts.gated_limits(input.review.object, running)
}
