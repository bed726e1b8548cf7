# METADATA
# title: Wrong workload kind
# description: >-
#   A component is another kind of object than the table says.
# related_resources:
#   - https://kubernetes.io/docs/concepts/workloads/
# custom:
#   category: shape
#   severity: error
#   kinds: [workload]
#   columns: [type]
#   admission: deny
#   rationale: >-
#     The kind decides who restarts a component, on which nodes and how it is updated. A
#     Deployment in place of a DaemonSet leaves nodes without the component.
#   remediation: >-
#     Run the component as the kind of object that the table says, or change the table.
package policies["wrong-workload-kind"]

import data.lib.table.components
import data.lib.table.owners

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": {"path": ["kind"], "component": row.name}} if {
	not owners.judged_there(input.review.object)
	some row in components.rows_of(input.review.object, input.parameters.components)
	input.review.object.kind != row.type
	msg := concat("", [row.name, " is a ", input.review.object.kind, ", expected a ", row.type])
}
