# METADATA
# title: Facts of a workload
# description: Says what keeps the pods of a workload apart on nodes, and which budgets select them.
package parity.facts

import data.lib.affinity_term
import data.lib.anti_affinity
import data.lib.disruption_budget
import data.lib.label_selector
import data.lib.pod_labels
import data.lib.value
import data.lib.workload

# METADATA
# description: holds both for the object of the input, among the budgets of the input.
# entrypoint: true
facts := {"apart": _apart(input.object), "budgets": budgets} if {
	budgets := disruption_budget.covering(input.object) with data.inventory as input.inventory
}

_apart(object_) := "required" if {
	_works(object_, anti_affinity.required_terms(object_))
} else := "preferred" if {
	_works(object_, anti_affinity.terms(object_))
} else := "topologySpread" if {
	some constraint in value.at(object_, array.concat(workload.pod_path(object_), ["topologySpreadConstraints"]), [])
	constraint.topologyKey == affinity_term.node_topology
	label_selector.matches(value.get(constraint, "labelSelector", null), pod_labels.siblings(object_)[0])
} else := "none"

_works(object_, terms) if {
	some term in terms
	count(anti_affinity.faults(term, object_, anti_affinity.own(object_))) == 0
}
