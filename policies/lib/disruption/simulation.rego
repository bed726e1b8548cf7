# METADATA
# title: What moves
# description: >-
#   What a simulation of drains and updates has to know of a workload and of a budget, by the same
#   arithmetic as the policies: where pods can be, how many there are, what keeps them apart, how their
#   controller updates them, and what a budget demands.
package lib.disruption.simulation

import data.lib.api.fields
import data.lib.disruption.budget_status
import data.lib.disruption.coverage
import data.lib.scheduling.feasible_nodes
import data.lib.scheduling.spread
import data.lib.table.subjects
import data.lib.workloads.replicas
import data.lib.workloads.rollouts
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns what moves of the workload: for each row that claims it, or as another workload where the last row
#   demands disruption control.
workloads(obj, parameters) := [moving |
	not subjects.is_custom(obj)
	some subject in subjects.of(obj, parameters)
	coverage.concerns(subject)
	least := coverage.pods(obj)
	moving := {
		"id": id(obj),
		"component": subject.name,
		"kind": obj.kind,
		"nodes": feasible_nodes.names(obj),
		"replicas": least,
		"apart": _apart(obj),
		"update": _update(obj, rollouts.of(obj, least)),
		"peak": _peak(obj, least),
		"isRemade": _is_remade(obj, subject),
	}
]

# METADATA
# description: returns why the object does not move, though it should.
unknown(obj, parameters) := [concat("", [
	"how many pods a ",
	subjects.custom_kind(obj),
	" runs, and how it replaces them, is not known: it was not simulated",
]) |
	some subject in subjects.custom(obj, parameters)
	coverage.concerns(subject)
]

# METADATA
# description: returns the words by which a simulation knows the workload.
id(obj) := concat("", [obj.kind, " ", workloads.namespace(obj), "/", workloads.name(obj)])

_apart(obj) := "always" if {
	count(spread.across_revisions(obj, feasible_nodes.sorts(obj))) > 0
} else := "revision" if {
	obj.kind != "DaemonSet"
	count(spread.within_revision(obj, feasible_nodes.sorts(obj))) > 0
} else := "no"

# What autoscalers make of it at most, null where that is no more.
_peak(obj, least) := {"replicas": most, "update": _update(obj, rollouts.of(obj, most))} if {
	replicas.counted(obj)
	most := replicas.most(obj)
	most > least
} else := null

_update(obj, rolled) := {"type": "recreate"} if {
	rollouts.recreates(obj)
} else := {"type": "rolling", "surge": rolled.surge, "unavailable": rolled.unavailable} if {
	obj.kind == "Deployment"
} else := {"type": "ordered", "from": from} if {
	from := fields.at(obj, ["spec", "updateStrategy", "rollingUpdate", "partition"], 0)
	obj.kind == "StatefulSet"
	rolled.strategy == "RollingUpdate"
} else := {"type": "daemon", "surge": rolled.surge, "unavailable": rolled.unavailable} if {
	obj.kind == "DaemonSet"
	rolled.strategy == "RollingUpdate"
} else := {"type": "none"}

_is_remade(obj, _) if obj.kind != "Pod"

_is_remade(obj, row) if {
	obj.kind == "Pod"
	row.managed
} else := false if {
	obj.kind == "Pod"
}

# METADATA
# description: >-
#   returns what the budget demands of what moves and has pods that it selects: how many must be healthy
#   beside other pods, which stay, and why it never allows an eviction, if it does not.
budgets(obj, parameters) := [demand |
	coverage.is_budget(obj)
	selected := coverage.selected(obj, parameters)
	own := [found |
		some member in coverage.subjects(selected, parameters)
		some found in member.workloads
	]
	count(own) > 0
	lasting := coverage.lasting(obj, selected, own)
	status := coverage.status(obj, lasting)
	demand := {
		"name": workloads.title(obj),
		"workloads": sort({id(found) | some found in own}),
		"desiredHealthy": status.desiredHealthy - (coverage.running(lasting) - _pods(own)),
		"refuses": _refuses(obj, status),
	}
]

_pods(objects) := sum([coverage.pods(found) | some found in objects])

_refuses(budget, status) := status.reason if {
	status.syncFailed
} else := status.reason if {
	budget_status.field(budget) == ""
} else := status.reason if {
	status.expectedPods == 0
} else := ""
