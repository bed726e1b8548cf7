# METADATA
# title: Targets of budgets
# description: >-
#   Whether a PodDisruptionBudget selects pods of any workload that was given. Pods may come from what was not
#   given: then it is not known.
# custom:
#   reads: [workload]
package lib.disruption.targets

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.api.selectors
import data.lib.api.served
import data.lib.disruption.budgets
import data.lib.disruption.coverage
import data.lib.workloads.controllers
import data.lib.workloads.custom_resources
import data.lib.workloads.pod_labels
import data.lib.workloads.replicas
import data.lib.workloads.workload_refs
import data.lib.workloads.workloads

# METADATA
# description: >-
#   true if the table has something to say about workloads of the budget's namespace, and the budget selects no
#   pods of a workload whose pods are counted.
unknown(budget, parameters) if {
	coverage.is_budget(budget)
	coverage.asked(budget, parameters)
	coverage.excess(budget, parameters) == set()
	not _selects_any(budget)
}

_selects_any(budget) if {
	some namespace in _namespaces(budget)
	some obj in coverage.candidates(budget, namespace)
	budgets.selects(budget, pod_labels.typical(obj))
}

# What names no namespace may be in any.
_namespaces(budget) := inventory.namespaces if {
	workloads.namespace(budget) == ""
} else := {workloads.namespace(budget), ""}

# METADATA
# description: >-
#   true if no pods can be there for such a budget: workloads were given, and neither what they are nor the
#   budget itself says that its pods come from elsewhere.
unmatched(budget) if {
	_given
	count(makers(budget)) == 0
	not _made_by_operator(budget)
	not _expects_pods(budget)
}

# Without any workload the input is only a part.
_given if {
	some kind, sort in workloads.kinds
	inventory.has_any(sort.groups, kind)
}

# An operator that makes the budget makes its pods, too.
_made_by_operator(budget) if {
	count(controllers.references(budget)) > 0
	not controllers.named(budget)
}

# The disruption controller has found pods that were not given.
_expects_pods(budget) if {
	served.shown(budget)
	fields.at(budget, ["status", "expectedPods"], 0) > 0
}

# METADATA
# description: >-
#   returns the custom resources of which it is not known how many pods they have, and whose pods the budget
#   may select: the labels of their templates meet its selector, or do not contradict it and their controllers
#   may add others.
makers(budget) := [obj |
	some obj in _uncounted(budget)
	_may_select(budget, obj)
]

# METADATA
# description: >-
#   returns those of them that it does select, beside workloads whose pods it counts.
makers_beside(budget, parameters) := [obj |
	coverage.is_budget(budget)
	coverage.asked(budget, parameters)
	some obj in _uncounted(budget)
	selectors.matches(budget.spec.selector, workloads.pod_labels(obj))
]

_uncounted(budget) := [obj |
	_can_select(budget)
	some namespace in _namespaces(budget)
	some obj in custom_resources.in_namespace(namespace)
	obj.kind != "ControllerRevision" # its pods are those of its owner
	not _counted(obj)
]

_counted(obj) if {
	replicas.counted(obj)
	not workload_refs.unresolved(obj)
}

_may_select(budget, obj) if selectors.matches(budget.spec.selector, workloads.pod_labels(obj))

_may_select(budget, obj) if {
	workloads.namespace(budget) == workloads.namespace(obj)
	obj.kind != "DaemonSet" # its controller adds labels of revisions alone
	labels := workloads.pod_labels(obj)
	every part in selectors.unmet(budget.spec.selector, labels) {
		not part.requirement.key in object.keys(labels)
	}
}

_can_select(budget) if {
	is_object(fields.at(budget, ["spec", "selector"], null))
	budgets.selector_excess(budget) == set() # it is reported, and reading it takes long
	budgets.parsed(budget)
}

# METADATA
# description: true if the namespace of the budget has workloads.
has_workloads(budget) if {
	some kind, sort in workloads.kinds
	inventory.number_in_namespace(workloads.namespace(budget), sort.groups, kind) > 0
}
