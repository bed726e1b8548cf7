# METADATA
# title: Replica counts in words
# description: How the number of a workload's replicas differs from the one that is expected.
package lib.findings.replica_counts

import data.lib.findings.words
import data.lib.workloads.replicas

# METADATA
# description: >-
#   returns in words how the number of the object's replicas differs from the one expected: by its
#   autoscalers' minReplicas where it has any, else as declared.
differences(obj, expected) := {_scaled(scaler) |
	some scaler in replicas.autoscalers(obj)
	scaler.minimum != expected
} if {
	replicas.counted(obj)
	count(replicas.autoscalers(obj)) > 0
}

differences(obj, expected) := {concat(" ", ["has", words.counted(replicas.declared(obj), "replica")]) |
	replicas.declared(obj) != expected
} if {
	replicas.counted(obj)
	count(replicas.autoscalers(obj)) == 0
}

_scaled(scaler) := concat("", [
	"is scaled by HorizontalPodAutoscaler ",
	scaler.name,
	" with a minimum of ",
	words.number(scaler.minimum),
])
