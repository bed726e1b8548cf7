# METADATA
# title: Disruption
# description: >-
#   What a disruption budget means for the workloads whose pods it selects: how many pods it counts,
#   and how many it lets go when all are ready, at the least number of replicas that each workload runs
#   at.
# custom:
#   reads: [controller, pod]
package lib.disruption.coverage

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.disruption.budget_status
import data.lib.disruption.budgets
import data.lib.scheduling.feasible_nodes
import data.lib.table.components
import data.lib.table.owners
import data.lib.table.subjects
import data.lib.workloads.pod_labels
import data.lib.workloads.replicas
import data.lib.workloads.workloads

# METADATA
# description: true if the object is a budget.
is_budget(obj) if {
	obj.kind == "PodDisruptionBudget"
	inventory.group(obj.apiVersion) == "policy"
}

# METADATA
# description: >-
#   returns the objects of the inventory whose pods the budget selects, whosever they are: what it is
#   counted by. None if the table says nothing of any of them.
selected(budget, parameters) := [found |
	some kind, sort in workloads.kinds
	some found in _wearing(budget, kind, sort)
	budgets.selects(budget, pod_labels.typical(found))
	not owners.judged_there(found)
] if {
	_concerns(budget, parameters)
} else := []

_concerns(_, parameters) if parameters.otherWorkloads.disruptionControl

_concerns(budget, parameters) if {
	some row in parameters.components
	row.match.namespace == workloads.namespace(budget)
	some found in components.members(row, parameters.components)
	budgets.selects(budget, pod_labels.typical(found))
}

# One label tells most of the thousands of workloads apart that a namespace may have.
_wearing(budget, kind, sort) := inventory.having_in_namespace(
	workloads.namespace(budget),
	sort.groups,
	kind,
	{"path": array.concat(sort.template, ["metadata", "labels", pair.key]), "value": pair.value},
) if {
	pair := budgets.pairs(budget)[0]
} else := inventory.in_namespace(workloads.namespace(budget), sort.groups, kind)

# METADATA
# description: >-
#   returns whose the selected objects are, each with its own: components, whatever their columns, and
#   other workloads where the last row demands disruption control of them.
subjects(objects, parameters) := array.concat(
	[{"subject": subjects.of_row(row), "workloads": own} |
		some row in parameters.components
		own := [found |
			some found in objects
			row in components.rows_of(found, parameters.components)
		]
		count(own) > 0
	],
	[{"subject": other, "workloads": [found]} |
		parameters.otherWorkloads.disruptionControl
		some found in objects
		some other in subjects.of(found, parameters)
		other.component == null
	],
)

# METADATA
# description: >-
#   true if drains and updates of what is judged must end: of a component whatever its columns, of another
#   workload where disruption control is demanded.
concerns(subject) if subject.component != null

concerns(subject) if subject.disruptionControl

# METADATA
# description: returns how many pods the workloads run at least.
running(objects) := budget_status.pods(_groups(objects))

_groups(objects) := [_group(found) | some found in objects]

_group(found) := {"kind": _controller(found), "replicas": _number(found)}

# A pod that is here without the controller that made it stands for one of its pods.
_controller(found) := found.kind if {
	found.kind != "Pod"
} else := fields.field_text(reference, "kind") if {
	some reference in fields.list(fields.map(found, "metadata"), "ownerReferences")
	fields.get(reference, "controller", false) == true
} else := "Pod"

_number(found) := replicas.least(found) if {
	replicas.counted(found)
} else := feasible_nodes.sorts(found).fit if {
	found.kind == "DaemonSet"
	inventory.has_nodes
} else := 1

# METADATA
# description: >-
#   true if all that is selected are pods of the row that nobody makes anew once they are evicted. A drain
#   passes static pods over.
wears_off(row, objects, selected) if {
	not row.managed
	not row.static
	count(objects) == count(selected)
	every found in objects {
		_controller(found) == "Pod"
	}
}

# METADATA
# description: >-
#   true if it is known how many pods the budget counts of the workloads that it selects: a whole number of
#   pods of a DaemonSet says nothing as long as no Nodes are given.
countable(_, _) if inventory.has_nodes

countable(budget, _) if budget_status.by_scale(budget)

countable(_, objects) if {
	every found in objects {
		_controller(found) != "DaemonSet"
	}
}

# METADATA
# description: >-
#   returns how many pods of the workload run at least: its replicas, or those of a DaemonSet on the Nodes
#   given. Without Nodes a DaemonSet has as many pods as any cluster.
pods(obj) := feasible_nodes.many if {
	obj.kind == "DaemonSet"
	not inventory.has_nodes
} else := _number(obj)

# METADATA
# description: >-
#   returns what the budget allows while all pods of the workloads that it selects are ready.
status(budget, objects) := budget_status.status(budget, groups, budget_status.pods(groups)) if {
	groups := _groups(objects)
}

# METADATA
# description: >-
#   returns the workloads of which the budget finds pods at all times: those that are judged, and the others
#   without Jobs, whose pods end. They stay where it counts by scale, which they lack while they run.
lasting(budget, objects, own) := [found |
	some found in objects
	not _comes_and_goes(budget, found, own)
]

_comes_and_goes(budget, found, own) if {
	found.kind in {"Job", "CronJob"}
	not found in own
	not budget_status.by_scale(budget)
}

# METADATA
# description: >-
#   returns how many pods of its own workloads, at the fewest that they run, the budget lets be evicted at
#   most: while autoscalers give the others that it selects all they may, which it counts as well.
most_allowed(budget, objects, own) := allowed if {
	groups := array.concat(
		_groups(own),
		[object.union(_group(found), {"replicas": _most(found)}) |
			some found in objects
			not found in own
		],
	)
	allowed := budget_status.status(budget, groups, budget_status.pods(groups)).disruptionsAllowed
}

_most(found) := max([_number(found), replicas.most(found)]) if {
	replicas.counted(found)
} else := _number(found)

# METADATA
# description: >-
#   returns the other budgets of its namespace, by kind and name, that select pods of the same workloads: the
#   eviction API refuses where two do.
rivals(budget, objects) := {rival |
	some found in objects
	some rival in budgets.covering(found)
	rival != workloads.title(budget)
}
