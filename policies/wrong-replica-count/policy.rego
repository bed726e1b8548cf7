# METADATA
# title: Wrong replica count
# description: >-
#   A component runs another number of replicas than the profile says, or an autoscaler may scale it below
#   that.
# related_resources:
#   - https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#replicas
# custom:
#   category: shape
#   severity: warning
#   kinds: [workload]
#   columns: [replicas]
#   admission: warn
#   rationale: >-
#     With fewer replicas than the profile says, a component does not survive the loss of a node; with more
#     it may wait for nodes that do not exist.
#   remediation: >-
#     Set the number of replicas that the profile says, also as the autoscaler's minimum, or change the
#     profile.
package policies["wrong-replica-count"]

import data.lib.findings.findings
import data.lib.findings.parameter_faults
import data.lib.findings.replica_counts
import data.lib.findings.unchecked
import data.lib.table.components
import data.lib.workloads.replicas

# METADATA
# entrypoint: true
violation contains findings.violation(msg, object.union(found, {"component": row.name})) if {
	some row in components.of(input.review.object, input.parameters)
	not row.managed # an operator sets the number
	some found in replica_counts.differences(input.review.object, row)
	msg := concat("", [row.name, " ", found.says, "; the profile expects ", _expected(row)])
}

violation contains unchecked.violation(may, excess, row.name) if {
	some row in components.of(input.review.object, input.parameters)
	not row.managed
	replica_counts.expected(row) >= 0
	some excess in replicas.excess(input.review.object)
	may := concat(" ", [row.name, "may have another number of replicas than the profile says"])
}

violation contains parameter_faults.violation(input.review.object, says) if {
	some says in parameter_faults.of_components(object.get(input, "parameters", {}), ["replicas", "minReplicas"])
}

_expected(row) := concat("", [format_int(replica_counts.expected(row), 10), _or_more(row)])

_or_more(row) := " or more" if {
	row.minReplicas >= 0
} else := ""
