# METADATA
# title: Disruption
# description: >-
#   What a disruption budget means for the workloads whose pods it selects: how many pods it counts,
#   and how many it lets go when all are ready, at the least number of replicas that each workload runs
#   at.
package lib.disruption

import data.lib.component
import data.lib.disruption_budget
import data.lib.eligible_node
import data.lib.eviction
import data.lib.inventory
import data.lib.owner
import data.lib.replicas
import data.lib.subject
import data.lib.value
import data.lib.workload

# METADATA
# description: true if the object is a budget.
is_budget(object_) if {
	object_.kind == "PodDisruptionBudget"
	inventory.group(object_.apiVersion) == "policy"
}

# METADATA
# description: >-
#   returns what the budget selects pods of, each with the objects that make them, from the inventory:
#   components, whatever their columns, and other workloads where the last row demands disruption
#   control of them.
selected(budget, parameters) := array.concat(
	[{"subject": subject.of_row(row), "workloads": workloads} |
		some row in parameters.components
		row.match.namespace == workload.namespace(budget)
		workloads := [found |
			some found in members(row, parameters.components)
			disruption_budget.selects(budget, workload.pod_labels(found))
		]
		count(workloads) > 0
	],
	[{"subject": other, "workloads": [found]} |
		parameters.otherWorkloads.disruptionControl
		some found in _workloads(workload.namespace(budget))
		disruption_budget.selects(budget, workload.pod_labels(found))
		some other in subject.of(found, parameters)
		other.component == null
	],
)

# METADATA
# description: returns the objects of the inventory that the row claims and that are judged themselves.
members(row, rows) := [found |
	some found in component.members(row, rows)
	not owner.judged_there(found)
]

# METADATA
# description: returns how many pods the workloads run at least.
running(workloads) := eviction.pods([_group(found) | some found in workloads])

_workloads(namespace) := [found |
	some kind, sort in workload.kinds
	some found in inventory.in_namespace(namespace, sort.groups, kind)
]

# METADATA
# description: >-
#   returns the groups of pods that the budget selects, whosever they are, with how many there are at
#   least: what it is counted by.
groups(budget) := [_group(found) |
	some found in _workloads(workload.namespace(budget))
	disruption_budget.selects(budget, workload.pod_labels(found))
	not owner.judged_there(found)
]

_group(found) := {"kind": _controller(found), "replicas": _number(found)}

# A pod that is here without the controller that made it stands for one of its pods.
_controller(found) := found.kind if {
	found.kind != "Pod"
} else := value.field_text(reference, "kind") if {
	some reference in value.list(value.map(found, "metadata"), "ownerReferences")
	value.get(reference, "controller", false) == true
} else := "Pod"

_number(found) := replicas.least(found) if {
	replicas.counted(found)
} else := eligible_node.sorts(found).fit if {
	found.kind == "DaemonSet"
	inventory.has_nodes
} else := 1

# METADATA
# description: >-
#   true if it is known how many pods the budget selects: a whole number of pods of a DaemonSet says
#   nothing as long as no Nodes are given.
countable(_) if inventory.has_nodes

countable(budget) if eviction.by_scale(budget)

countable(budget) if {
	every group in groups(budget) {
		group.kind != "DaemonSet"
	}
}

# METADATA
# description: >-
#   returns how many pods of the workload run at least: its replicas, or those of a DaemonSet on the Nodes
#   given. Without Nodes a DaemonSet has as many pods as any cluster.
pods(object_) := eligible_node.many if {
	object_.kind == "DaemonSet"
	not inventory.has_nodes
} else := _number(object_)

# METADATA
# description: returns what the budget allows while all pods that it selects are ready (lib.eviction).
status(budget) := eviction.status(budget, found, eviction.pods(found)) if found := groups(budget)

# METADATA
# description: >-
#   returns the names of the other budgets of its namespace that select pods of the same workloads: the
#   eviction API refuses where two do.
rivals(budget, workloads) := {workload.name(other) |
	some found in workloads
	labels := workload.pod_labels(found)
	some other in inventory.in_namespace(workload.namespace(budget), {"policy"}, "PodDisruptionBudget")
	workload.name(other) != workload.name(budget)
	disruption_budget.selects(other, labels)
}
