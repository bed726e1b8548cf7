# METADATA
# title: Stuck rollouts
# description: >-
#   Whether an update of a workload can never finish because its new pods have no node.
package lib.scheduling.stuck_rollouts

import data.lib.scheduling.node_sharing
import data.lib.workloads.rollouts

# METADATA
# description: >-
#   returns why an update of so many replicas on these nodes can never finish: the cause (crowded, surge
#   or unavailable), and why the pods cannot share a node. None if it can.
of(obj, replicas, nodes) := {{"cause": "crowded", "means": means} |
	restarts(obj, replicas)
	means := crowded(obj, replicas, nodes)
	count(means) > 0
} | {{"cause": cause, "means": means} |
	count(crowded(obj, replicas, nodes)) == 0
	some cause in _waits(obj, replicas, nodes)
	means := node_sharing.across_revisions(obj, nodes)
	count(means) > 0
}

# METADATA
# description: >-
#   returns what keeps the replicas from sharing a node, if there are more of them than nodes: some never run.
crowded(obj, replicas, nodes) := node_sharing.within_revision(obj, nodes) if {
	replicas > nodes.fit
} else := set()

# METADATA
# description: >-
#   true if an update of the workload replaces its pods: with fewer nodes than replicas some of the new pods
#   wait forever, as some of the old ones did.
restarts(obj, _) if obj.kind == "Deployment"

restarts(obj, replicas) if {
	obj.kind == "StatefulSet"
	rollouts.of(obj, replicas).available < replicas
}

# A Deployment keeps so many of the old pods that every node has one.
_waits(obj, replicas, nodes) := {"unavailable" |
	update := rollouts.of(obj, replicas)
	update.strategy == "RollingUpdate"
	update.available > 0
	nodes.fit <= update.available
	count(node_sharing.within_revision(obj, nodes)) > 0
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
