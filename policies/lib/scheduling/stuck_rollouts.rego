# METADATA
# title: Stuck rollouts
# description: >-
#   Whether an update of a workload can never finish because its new pods have no node.
package lib.scheduling.stuck_rollouts

import data.lib.scheduling.feasible_nodes
import data.lib.scheduling.node_sharing
import data.lib.scheduling.topology_spread
import data.lib.workloads.rollouts

# METADATA
# description: >-
#   returns why an update of so many replicas can never finish, as of() does for the nodes without the taints
#   of their condition, or else why it waits while some are cordoned; each with the nodes, and the constraints
#   that would let it finish if they did not count nodes whose taints the pods do not tolerate.
explained(obj, replicas, lasting) := found if {
	found := {_explained(obj, replicas, lasting, stuck) | some stuck in of(obj, replicas, lasting)}
	count(found) > 0
} else := {found |
	count(topology_spread.counting_tainted(obj)) > 0
	present := feasible_nodes.present_sorts(obj)
	present.fit > 0
	present.fit < lasting.fit
	some stuck in of(obj, replicas, present)
	found := _explained(obj, replicas, present, stuck)
	count(found.counting) > 0
}

_explained(obj, replicas, nodes, stuck) := object.union(stuck, {
	"nodes": nodes,
	"counting": [constraint |
		count(_causes(obj, replicas, object.union(nodes, {"tainted": 0, "neither": 0}))) == 0
		some constraint in topology_spread.counting_tainted(obj)
	],
})

# METADATA
# description: >-
#   returns why an update of so many replicas on these nodes can never finish: the cause (crowded, surge
#   or unavailable), why the pods cannot share a node, and how many each takes. None if it can.
of(obj, replicas, nodes) := {stuck |
	restarts(obj, replicas)
	some stuck in _crowded(obj, replicas, nodes)
} | {_stuck(cause, bounds, pods) |
	some cause in _waits(obj, replicas, nodes)
	count(_crowded(obj, replicas, nodes)) == 0
	bounds := node_sharing.bounds_across(obj, nodes)
	pods := _room(bounds)
	_is_full(obj, replicas, nodes, pods)
}

_stuck(cause, bounds, pods) := {
	"cause": cause,
	"means": {bound.means | some bound in bounds; bound.pods == pods},
	"pods": pods,
}

# How many pods a node takes, where something bounds them.
_room(bounds) := min([bound.pods | some bound in bounds])

# METADATA
# description: >-
#   returns why some of so many replicas never run, as explained() does, if no update has to place them again.
crowded(obj, replicas, nodes) := {_explained(obj, replicas, nodes, stuck) |
	not restarts(obj, replicas)
	some stuck in _crowded(obj, replicas, nodes)
}

_causes(obj, replicas, nodes) := of(obj, replicas, nodes) | _crowded(obj, replicas, nodes)

_crowded(obj, replicas, nodes) := {_stuck("crowded", bounds, pods) |
	replicas > nodes.fit # as a rule there are enough, and the rest costs more
	bounds := node_sharing.bounds_within(obj, nodes)
	pods := _room(bounds)
	replicas > pods * nodes.fit
}

# METADATA
# description: >-
#   true if an update of the workload replaces its pods: with fewer nodes than replicas some of the new pods
#   wait forever, as some of the old ones did.
restarts(obj, _) if obj.kind == "Deployment"

restarts(obj, replicas) if {
	obj.kind == "StatefulSet"
	rollouts.of(obj, replicas).available < replicas
}

# A Deployment keeps so many of the old pods that every node may have one.
_waits(obj, replicas, nodes) := {"unavailable" |
	update := rollouts.of(obj, replicas)
	update.strategy == "RollingUpdate"
	update.available > 0
	nodes.fit <= update.available
} if {
	obj.kind == "Deployment"
}

# The new pod of a DaemonSet that surges must be ready before the old one stops.
_waits(obj, _, nodes) := {"surge" |
	update := rollouts.of(obj, nodes.fit)
	update.surge > 0
	update.unavailable == 0
} if {
	obj.kind == "DaemonSet"
}

# A StatefulSet deletes first.
_waits(obj, _, _) := set() if not obj.kind in {"Deployment", "DaemonSet"}

# Every node has as many old pods as it takes.
_is_full(obj, _, _, 1) if obj.kind == "DaemonSet"

_is_full(obj, replicas, nodes, pods) if {
	obj.kind == "Deployment"
	pods * nodes.fit <= rollouts.of(obj, replicas).available
	pods == _room(node_sharing.bounds_within(obj, nodes))
}
