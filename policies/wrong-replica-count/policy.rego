# METADATA
# title: Wrong replica count
# description: >-
#   A component runs another number of replicas than the table says, or an autoscaler may scale it
#   below.
# related_resources:
#   - https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#replicas
# custom:
#   category: shape
#   severity: warning
#   kinds: [workload]
#   columns: [replicas]
#   admission: warn
#   rationale: >-
#     With fewer replicas than the table says, a component does not survive the loss of a node;
#     with more it may wait for nodes that do not exist.
#   remediation: >-
#     Set the number of replicas that the table says, also as the autoscaler's minReplicas, or
#     change the table.
package policies["wrong-replica-count"]

import data.lib.findings.replica_counts
import data.lib.table.components
import data.lib.table.owners

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": {"path": ["spec", "replicas"], "component": row.name}} if {
	not owners.judged_there(input.review.object)
	some row in components.rows_of(input.review.object, input.parameters.components)
	some wrong in replica_counts.differences(input.review.object, row.replicas)
	msg := concat("", [row.name, " ", wrong, ", expected ", format_int(row.replicas, 10)])
}
