# METADATA
# title: What moves
# description: >-
#   What a simulation of drains and updates has to know of a workload and of a budget, by the same
#   arithmetic as the policies: where pods can be, how many there are, what keeps them apart, how their
#   controller updates them, and what a budget demands.
package lib.dynamics

import data.lib.disruption
import data.lib.eligible_node
import data.lib.eviction
import data.lib.replicas
import data.lib.rollout
import data.lib.spread
import data.lib.subject
import data.lib.value
import data.lib.workload

# METADATA
# description: >-
#   returns what moves of the workload: for each row that claims it, or as another workload where the last row
#   demands disruption control.
workloads(object_, parameters) := [moving |
	not subject.is_custom(object_)
	some subject_ in subject.of(object_, parameters)
	disruption.concerns(subject_)
	least := disruption.pods(object_)
	moving := {
		"id": id(object_),
		"component": subject_.name,
		"kind": object_.kind,
		"nodes": eligible_node.names(object_),
		"replicas": least,
		"apart": _apart(object_),
		"update": _update(object_, rollout.of(object_, least)),
		"peak": _peak(object_, least),
		"isRemade": _is_remade(object_, subject_),
	}
]

# METADATA
# description: returns why the object does not move, though it should.
unknown(object_, parameters) := [concat("", [
	"how many pods a ",
	subject.custom_kind(object_),
	" runs, and how it replaces them, is not known: it was not simulated",
]) |
	some subject_ in subject.custom(object_, parameters)
	disruption.concerns(subject_)
]

# METADATA
# description: returns the words by which a simulation knows the workload.
id(object_) := concat("", [object_.kind, " ", workload.namespace(object_), "/", workload.name(object_)])

_apart(object_) := "always" if {
	count(spread.across_revisions(object_, eligible_node.sorts(object_))) > 0
} else := "revision" if {
	object_.kind != "DaemonSet"
	count(spread.within_revision(object_, eligible_node.sorts(object_))) > 0
} else := "no"

# What autoscalers make of it at most, null where that is no more.
_peak(object_, least) := {"replicas": most, "update": _update(object_, rollout.of(object_, most))} if {
	replicas.counted(object_)
	most := replicas.most(object_)
	most > least
} else := null

_update(object_, rolled) := {"type": "recreate"} if {
	rollout.recreates(object_)
} else := {"type": "rolling", "surge": rolled.surge, "unavailable": rolled.unavailable} if {
	object_.kind == "Deployment"
} else := {"type": "ordered", "from": from} if {
	from := value.at(object_, ["spec", "updateStrategy", "rollingUpdate", "partition"], 0)
	object_.kind == "StatefulSet"
	rolled.strategy == "RollingUpdate"
} else := {"type": "daemon", "surge": rolled.surge, "unavailable": rolled.unavailable} if {
	object_.kind == "DaemonSet"
	rolled.strategy == "RollingUpdate"
} else := {"type": "none"}

_is_remade(object_, _) if object_.kind != "Pod"

_is_remade(object_, row) if {
	object_.kind == "Pod"
	row.managed
} else := false if {
	object_.kind == "Pod"
}

# METADATA
# description: >-
#   returns what the budget demands of what moves and has pods that it selects: how many must be healthy
#   beside other pods, which stay, and why it never allows an eviction, if it does not.
budgets(object_, parameters) := [demand |
	disruption.is_budget(object_)
	selected := disruption.selected(object_, parameters)
	own := [found |
		some member in disruption.subjects(selected, parameters)
		some found in member.workloads
	]
	count(own) > 0
	lasting := disruption.lasting(object_, selected, own)
	status := disruption.status(object_, lasting)
	demand := {
		"name": workload.title(object_),
		"workloads": sort({id(found) | some found in own}),
		"desiredHealthy": status.desiredHealthy - (disruption.running(lasting) - _pods(own)),
		"refuses": _refuses(object_, status),
	}
]

_pods(workloads) := sum([disruption.pods(found) | some found in workloads])

_refuses(budget, status) := status.reason if {
	status.syncFailed
} else := status.reason if {
	eviction.field(budget) == ""
} else := status.reason if {
	status.expectedPods == 0
} else := ""
