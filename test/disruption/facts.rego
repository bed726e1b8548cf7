# METADATA
# title: Facts of a workload
# description: Finds what keeps the pods of a workload off one node, and which budgets select them.
package test.facts

import data.lib.api.fields
import data.lib.api.selectors
import data.lib.disruption.budgets
import data.lib.scheduling.inter_pod_affinity
import data.lib.workloads.pod_labels
import data.lib.workloads.workloads

# METADATA
# description: has both for the object of the input, among the budgets of the input.
# entrypoint: true
facts := {"apart": _apart(input.object), "budgets": covering} if {
	covering := {workloads.title(budget) | some budget in budgets.covering(input.object)} with data.inventory as input.inventory
}

_apart(obj) := "required" if {
	_works(obj, inter_pod_affinity.required_terms(obj, inter_pod_affinity.path(obj)))
} else := "preferred" if {
	_works(obj, inter_pod_affinity.preferred_terms(obj, inter_pod_affinity.path(obj)))
} else := "topologySpread" if {
	some constraint in fields.at(obj, array.concat(workloads.pod_path(obj), ["topologySpreadConstraints"]), [])
	constraint.topologyKey == inter_pod_affinity.node_topology
	selectors.matches(fields.get(constraint, "labelSelector", null), pod_labels.siblings(obj)[0])
} else := "none"

_works(obj, terms) if {
	some term in terms
	count(inter_pod_affinity.mismatches(term, obj, pod_labels.siblings(obj))) == 0
}
