# METADATA
# title: Interrupting update
# description: >-
#   Disruption control is demanded of a component, and an update of it takes all of its instances down
#   at once.
# related_resources:
#   - https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy
# custom:
#   category: disruption
#   severity: error
#   kinds: [workload]
#   columns: [disruptionControl]
#   admission: warn
#   rationale: >-
#     No budget is asked when a controller replaces pods. A strategy that may take down as many as there
#     are leaves a time in which none runs.
#   remediation: >-
#     Roll the update with fewer pods unavailable than there are, by a surge or by more replicas.
package policies["interrupting-update"]

import data.lib.findings.disruption
import data.lib.table.subjects

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": {"path": update.path, "component": subject.component}} if {
	some subject in subjects.of(input.review.object, input.parameters)
	subject.disruptionControl
	update := disruption.update(input.review.object)
	update.replicas > 0
	update.available == 0
	msg := concat("", [subject.name, " has no instance running during an update: ", update.words])
}

# METADATA
# description: holds what is not known of a custom resource of which disruption control is demanded.
note contains {"code": "REPLICAS_UNKNOWN", "path": [], "message": message} if {
	some subject in subjects.custom(input.review.object, input.parameters)
	subject.disruptionControl
	message := concat("", [
		"whether an instance always runs was not judged: how many pods a ",
		subjects.custom_kind(input.review.object),
		" runs, and how it replaces them, is not known",
	])
}

# METADATA
# description: holds where a StatefulSet may take down more than one pod at a time, if a feature gate is on.
note contains {"code": "FEATURE_GATED", "path": update.path, "message": message} if {
	some subject in subjects.of(input.review.object, input.parameters)
	subject.disruptionControl
	update := disruption.gated_update(input.review.object)
	message := concat("", [
		"maxUnavailable ",
		update.text,
		" was not judged: a StatefulSet heeds it where the feature gate MaxUnavailableStatefulSet is on",
	])
}
