# METADATA
# title: The component table
# description: What an object is, in the words of the table's columns.
package lib.findings.cells

import data.lib.disruption.budgets
import data.lib.findings.placement
import data.lib.findings.words
import data.lib.nodes.roles
import data.lib.scheduling.feasibility
import data.lib.scheduling.inter_pod_affinity
import data.lib.scheduling.pinning
import data.lib.scheduling.pods
import data.lib.workloads.replicas

# METADATA
# description: returns the cells of the row that the object fills.
cells(obj, row, parameters) := {
	"component": row,
	"type": obj.kind,
	"replicas": _replicas(obj),
	"nodeRole": _node_role(obj, roles.world(parameters)),
	"antiAffinity": _yes(count(inter_pod_affinity.shortcomings(obj) | pinning.pins(obj)) == 0),
	"disruptionControl": _yes(count(budgets.covering(obj)) > 0),
}

_yes(true) := "yes"

_yes(false) := "no"

_replicas(obj) := "n" if obj.kind == "DaemonSet"

_replicas(obj) := words.number(replicas.declared(obj)) if {
	replicas.counted(obj)
	count(replicas.autoscalers(obj)) == 0
}

_replicas(obj) := concat(", ", sort({concat("", [words.number(scaler.minimum), " or more"]) |
	some scaler in replicas.autoscalers(obj)
})) if {
	replicas.counted(obj)
	count(replicas.autoscalers(obj)) > 0
}

# A pod is one of however many there are.
_replicas(obj) := "1" if obj.kind == "Pod"

_replicas(obj) := "N/A" if obj.kind in {"Job", "CronJob"}

# The one role whose nodes are the only ones it can run on; else all, if it can run on every node of
# each role; else the roles of which it can run on some node; else none.
_node_role(obj, world) := _confining(obj, world)[0] if {
	count(_confining(obj, world)) > 0
} else := "all" if {
	every role in world.roles {
		count(placement.gaps(pods.main(obj), role, world)) == 0
	}
} else := "none" if {
	count(_reached(obj, world)) == 0
} else := concat(", ", _reached(obj, world))

_reached(obj, world) := sort([role.name |
	some role in world.roles
	feasibility.reaches(pods.main(obj).placement, roles.classes(role, world), world)
])

_confining(obj, world) := [name |
	some name in _reached(obj, world)
	some role in roles.named(name, world.roles)
	count(placement.escapes(pods.main(obj), role, world)) == 0
]
