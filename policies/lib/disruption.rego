# METADATA
# title: Disruption of components
# description: >-
#   What a disruption budget means for the components whose pods it selects: how many pods it counts,
#   and how many it lets go when all are ready, at the least number of replicas that each workload runs
#   at.
package lib.disruption

import data.lib.component
import data.lib.disruption_budget
import data.lib.eviction
import data.lib.inventory
import data.lib.node
import data.lib.owner
import data.lib.replicas
import data.lib.scheduling
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
#   returns the components whose pods the budget selects: each row with the sorts of pods of it that
#   there are (a kind, and how many run at least), from the inventory. Rows whose pods do not run
#   are left out.
components(budget, rows) := [{"row": row, "groups": groups} |
	some row in rows
	row.match.namespace == workload.namespace(budget)
	groups := [_group(found) |
		some found in _members(row, rows)
		disruption_budget.selects(budget, workload.pod_labels(found))
	]
	eviction.pods(groups) > 0
]

_members(row, rows) := [found |
	some found in _candidates(row)
	row in component.rows_of(found, rows)
	not owner.judged_there(found)
]

# A row without a pattern is looked up by its name: a namespace may have thousands of workloads.
_candidates(row) := [found |
	some kind, sort in workload.kinds
	some found in inventory.named_in_namespace(row.match.namespace, sort.groups, kind, row.match.name)
] if {
	not contains(row.match.name, "*")
} else := _workloads(row.match.namespace)

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
} else := count(_nodes(found)) if {
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
# description: is a number of nodes beyond what any role has, where it is not known.
many := 1000

# METADATA
# description: >-
#   returns how many pods of the workload run at least: its replicas, or those of a DaemonSet on the Nodes
#   given. Without Nodes a DaemonSet has as many pods as any cluster.
pods(object_) := many if {
	object_.kind == "DaemonSet"
	not inventory.has_nodes
} else := _number(object_)

# The Nodes of the inventory that a DaemonSet runs on.
_nodes(found) := [member |
	pod := workload.main_pod(found)
	some member in inventory.in_cluster({""}, "Node")
	scheduling.reaches(pod.placement, [node.lasting_class(member)], _no_world)
]

# METADATA
# description: >-
#   returns how many Nodes of the inventory there are of each sort that spreading tells apart (lib.spread):
#   whether the workload's pods select them, and tolerate their taints. Without Nodes there are as many
#   that fit as in any cluster.
node_sorts(object_) := {"fit": many, "tainted": 0, "unselected": 0, "neither": 0} if {
	not inventory.has_nodes
} else := {sort: count([member | some member in members; _sort(pod, member) == sort]) |
	pod := workload.main_pod(object_)
	members := inventory.in_cluster({""}, "Node")
	some sort in ["fit", "tainted", "unselected", "neither"]
}

_sort(pod, member) := "fit" if {
	_tolerates(pod, member)
	_selects(pod, member)
} else := "tainted" if {
	_selects(pod, member)
} else := "unselected" if {
	_tolerates(pod, member)
} else := "neither"

_tolerates(pod, member) if {
	count(scheduling.untolerated(pod.placement, node.lasting_class(member), _no_world)) == 0
}

_selects(pod, member) if {
	placement := object.union(pod.placement, {"tolerations": [{"operator": "Exists"}]})
	scheduling.reaches(placement, [node.lasting_class(member)], _no_world)
}

_no_world := {"roles": [], "labels": {}, "marks": {}}

# METADATA
# description: returns what the budget allows while all pods that it selects are ready (lib.eviction).
status(budget) := eviction.status(budget, found, eviction.pods(found)) if found := groups(budget)

# METADATA
# description: >-
#   returns the names of the other budgets of its namespace that select pods of the same component:
#   the eviction API refuses where two do.
rivals(budget, rows) := {[row.name, workload.name(other)] |
	some row in rows
	row.match.namespace == workload.namespace(budget)
	some found in _members(row, rows)
	labels := workload.pod_labels(found)
	disruption_budget.selects(budget, labels)
	some other in inventory.in_namespace(workload.namespace(budget), {"policy"}, "PodDisruptionBudget")
	workload.name(other) != workload.name(budget)
	disruption_budget.selects(other, labels)
}
