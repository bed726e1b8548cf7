# METADATA
# title: The component table
# description: What an object is, in the words of the table's columns.
package lib.table

import data.lib.anti_affinity
import data.lib.disruption_budget
import data.lib.node_role
import data.lib.one_node
import data.lib.placement
import data.lib.replicas
import data.lib.scheduling
import data.lib.workload

# METADATA
# description: returns the cells of the row that the object fills.
cells(object_, row, parameters) := {
	"component": row,
	"type": object_.kind,
	"replicas": _replicas(object_),
	"nodeRole": _node_role(object_, node_role.world(parameters)),
	"antiAffinity": _yes(count(anti_affinity.shortcomings(object_) | one_node.reasons(object_)) == 0),
	"disruptionControl": _yes(count(disruption_budget.covering(object_)) > 0),
}

_yes(true) := "yes"

_yes(false) := "no"

_replicas(object_) := "n" if object_.kind == "DaemonSet"

_replicas(object_) := replicas.number(object_) if replicas.counted(object_)

# A pod is one of however many there are.
_replicas(object_) := "1" if object_.kind == "Pod"

_replicas(object_) := "N/A" if object_.kind in {"Job", "CronJob"}

# The one role whose nodes are the only ones it can run on; else all, if it can run on every node of
# each role; else the roles of which it can run on some node; else none.
_node_role(object_, world) := _confining(object_, world)[0] if {
	count(_confining(object_, world)) > 0
} else := "all" if {
	every role in world.roles {
		count(placement.gaps(workload.main_pod(object_), role, world)) == 0
	}
} else := "none" if {
	count(_reached(object_, world)) == 0
} else := concat(", ", _reached(object_, world))

_reached(object_, world) := sort([role.name |
	some role in world.roles
	scheduling.reaches(workload.main_pod(object_).placement, node_role.classes(role, world), world)
])

_confining(object_, world) := [name |
	some name in _reached(object_, world)
	some role in node_role.named(name, world.roles)
	count(placement.escapes(workload.main_pod(object_), role, world)) == 0
]
