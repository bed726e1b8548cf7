# METADATA
# title: The component table
# description: What an object is, in the words of the table's columns.
package lib.findings.cells

import data.lib.disruption.budgets
import data.lib.findings.placement
import data.lib.findings.words
import data.lib.nodes.roles
import data.lib.scheduling.feasibility
import data.lib.scheduling.feasible_nodes
import data.lib.scheduling.node_sharing
import data.lib.scheduling.pinning
import data.lib.scheduling.pods
import data.lib.scheduling.spreading
import data.lib.workloads.replicas
import data.lib.workloads.workload_refs

# METADATA
# description: >-
#   returns the cells of the row that the object fills. A Rollout has the template that it refers to.
cells(obj, row, parameters) := _cells(workload_refs.completed(obj), row, parameters)

_cells(obj, row, parameters) := {
	"component": row,
	"type": obj.kind,
	"replicas": _replicas(obj),
	"nodeRole": _node_role(obj, roles.demanded("all", parameters)),
	"antiAffinity": _spread(obj),
	"disruptionControl": _yes(count(budgets.protecting(obj)) > 0),
}

_yes(true) := "yes"

_yes(false) := "no"

# By what: required or preferred anti-affinity, a topology spread constraint, or a hostPort.
_spread(obj) := "yes" if {
	obj.kind == "DaemonSet"
} else := "no" if {
	count(_never_shared(obj)) == 0
	count(spreading.shortcomings(obj) | pinning.pins(obj)) > 0
} else := concat(", ", sort(spreading.means(obj) | (_never_shared(obj) & {"hostPort"})))

_never_shared(obj) := node_sharing.within_revision(obj, feasible_nodes.sorts(obj))

# Those of the Rollouts that run its pods, if there are any.
_replicas(obj) := concat(", ", sort(numbers)) if {
	numbers := {_count(runner) | some runner in _runners(obj)}
	count(numbers) > 0
}

_runners(obj) := rollouts if {
	rollouts := replicas.in_place_of(obj)
	count(rollouts) > 0
} else := [obj]

_count(obj) := "n" if obj.kind == "DaemonSet"

_count(obj) := words.number(replicas.declared(obj)) if {
	replicas.counted(obj)
	count(replicas.autoscalers(obj)) == 0
}

_count(obj) := concat(", ", sort({concat("", [words.number(scaler.minimum), " or more"]) |
	some scaler in replicas.autoscalers(obj)
})) if {
	replicas.counted(obj)
	count(replicas.autoscalers(obj)) > 0
}

# A Pod does not say how many there are.
_count(obj) := "1" if obj.kind == "Pod"

_count(obj) := "N/A" if obj.kind in {"Job", "CronJob"}

# The role, if the pod can run only on its nodes; else all, if it can run on every node of each role; else
# every role that has a node on which it can run; else none.
_node_role(obj, all_roles) := _confining(obj, all_roles)[0] if {
	count(_confining(obj, all_roles)) > 0
} else := "all" if {
	every role in all_roles {
		count(placement.gaps(obj, pods.staying(pods.main(obj)), role)) == 0
	}
} else := "none" if {
	count(_reached(obj, all_roles)) == 0
} else := concat(", ", _reached(obj, all_roles))

_reached(obj, all_roles) := sort([role.name |
	some role in all_roles
	feasibility.reaches(pods.staying(pods.main(obj)).placement, role.classes)
])

_confining(obj, all_roles) := [name |
	some name in _reached(obj, all_roles)
	some role in all_roles
	role.name == name
	count(placement.escapes(obj, pods.main(obj), role, roles.apart_from(role, all_roles))) == 0
]
