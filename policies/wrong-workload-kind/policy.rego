# METADATA
# title: Wrong workload kind
# description: >-
#   A component has another kind than the profile says.
# related_resources:
#   - https://kubernetes.io/docs/concepts/workloads/
# custom:
#   category: shape
#   severity: error
#   kinds: [workload]
#   columns: [type]
#   admission: deny
#   rationale: >-
#     The kind decides which controller restarts a component, on which nodes it runs and how it is updated.
#     A Deployment in place of a DaemonSet leaves nodes without the component.
#   remediation: >-
#     Run the component as the kind of object that the profile says, or change the profile.
package policies["wrong-workload-kind"]

import data.lib.findings.findings
import data.lib.findings.parameter_faults
import data.lib.table.components
import data.lib.workloads.workload_refs

# METADATA
# entrypoint: true
violation contains findings.violation(msg, {"path": ["kind"], "component": row.name, "fix": fix}) if {
	some row in components.of(input.review.object, input.parameters)
	kind := input.review.object.kind
	expected := _kinds(row)
	not kind in expected
	workload_refs.of(input.review.object) == [] # what has the template is checked
	wanted := concat(" or ", [concat("", [_article(one), one]) | some one in expected])
	msg := concat("", [row.name, " is ", _article(kind), kind, "; the profile expects ", wanted])
	fix := findings.advice(concat("", ["Run it as ", wanted, ", or change its type in the profile."]))
}

_kinds(row) := row.kinds if {
	row.kinds
} else := [row.type]

violation contains parameter_faults.violation(input.review.object, says) if {
	some says in parameter_faults.of_components(object.get(input, "parameters", {}), ["type", "kinds"])
}

_article(kind) := "an " if {
	substring(kind, 0, 1) in {"A", "E", "I", "O", "U"}
} else := "a "
