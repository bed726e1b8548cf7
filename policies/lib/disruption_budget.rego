# METADATA
# title: Pod disruption budgets
# description: Which PodDisruptionBudgets select a workload's pods.
package lib.disruption_budget

import data.lib.inventory
import data.lib.label_selector
import data.lib.value
import data.lib.workload

# METADATA
# description: returns the names of the budgets in the object's namespace that select its pods.
covering(object_) := {workload.name(budget) |
	some budget in inventory.in_namespace(
		workload.namespace(object_),
		{"policy"},
		"PodDisruptionBudget",
	)
	selects(budget, workload.pod_labels(object_))
}

# METADATA
# description: >-
#   true if the budget selects pods with these labels. An empty selector selects every pod in
#   policy/v1 and none in policy/v1beta1.
selects(budget, labels) if {
	selector := value.at(budget, ["spec", "selector"], null)
	label_selector.matches(selector, labels)
	not _empty_in_beta(budget, selector)
}

_empty_in_beta(budget, selector) if {
	budget.apiVersion == "policy/v1beta1"
	count(value.map(selector, "matchLabels")) == 0
	count(value.list(selector, "matchExpressions")) == 0
}
