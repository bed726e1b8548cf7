# METADATA
# title: Rollouts
# description: >-
#   How many pods an update of a workload adds and takes down, by its kind, API version and strategy.
#   A pod is available once it was ready for minReadySeconds, so that these only make an update slower.
#   A paused Deployment is judged as if it ran: its update comes when it is resumed.
package lib.rollout

import data.lib.int_or_percent
import data.lib.value

# METADATA
# description: >-
#   returns the update of a workload of so many replicas, for a DaemonSet the nodes that it runs on: the
#   strategy (empty for a kind that has none), the pods more and the pods fewer that there are at most
#   and the least that are available during it, and the counts that the API server refuses, with which
#   the others mean nothing.
of(object_, replicas) := {
	"strategy": _strategy(object_),
	"surge": counts.surge,
	"unavailable": counts.unavailable,
	"available": _available(object_, replicas, counts),
	"refused": refused(object_),
} if {
	counts := _counts(object_, replicas)
}

# METADATA
# description: returns which counts of the workload's update are no number of pods and no percentage.
refused(object_) := {name |
	_rolls(object_)
	some name, given in _limits(object_)
	not int_or_percent.accepted(given)
}

# METADATA
# description: >-
#   lists where each kind says how it is updated. Other kinds do nothing to their pods when their template
#   changes.
field := {"Deployment": "strategy", "StatefulSet": "updateStrategy", "DaemonSet": "updateStrategy"}

# Versions in which pods are replaced only once somebody deletes them, unless the object says otherwise.
_on_delete := {
	["DaemonSet", "extensions/v1beta1"],
	["StatefulSet", "apps/v1beta1"],
}

_said(object_) := value.at(object_, ["spec", field[object_.kind]], {})

_strategy(object_) := "" if {
	not field[object_.kind]
} else := type if {
	type := value.field_text(_said(object_), "type")
	type != ""
} else := "OnDelete" if {
	[object_.kind, object_.apiVersion] in _on_delete
} else := "RollingUpdate"

_rolls(object_) if {
	object_.kind in {"Deployment", "DaemonSet"}
	_strategy(object_) == "RollingUpdate"
}

_limits(object_) := {name: value.get(value.map(_said(object_), "rollingUpdate"), name, fallback) |
	some name, fallback in _defaults(object_)
}

_defaults(object_) := {"maxSurge": 0, "maxUnavailable": 1} if object_.kind == "DaemonSet"

_defaults(object_) := {"maxSurge": 1, "maxUnavailable": 1} if {
	object_.kind == "Deployment"
	object_.apiVersion == "extensions/v1beta1"
}

_defaults(object_) := {"maxSurge": "25%", "maxUnavailable": "25%"} if {
	object_.kind == "Deployment"
	object_.apiVersion != "extensions/v1beta1"
}

_counts(object_, replicas) := {"surge": 0, "unavailable": 0} if {
	count(refused(object_)) > 0
} else := {"surge": surge, "unavailable": min([replicas, _unavailable(surge, down)])} if {
	# deploymentutil.ResolveFenceposts
	_rolls(object_)
	object_.kind == "Deployment"
	surge := int_or_percent.scaled_up(_limits(object_).maxSurge, replicas)
	down := int_or_percent.scaled_down(_limits(object_).maxUnavailable, replicas)
} else := {"surge": surge, "unavailable": min([replicas, _unavailable(surge, down)])} if {
	# updatedDesiredNodeCounts of pkg/controller/daemon
	_rolls(object_)
	surge := int_or_percent.scaled_up(_limits(object_).maxSurge, replicas)
	down := int_or_percent.scaled_up(_limits(object_).maxUnavailable, replicas)
} else := {"surge": 0, "unavailable": 1} if {
	# One by one, down to the partition: maxUnavailable is behind a gate that is off.
	object_.kind == "StatefulSet"
	_strategy(object_) != "OnDelete"
	replicas > value.at(_said(object_), ["rollingUpdate", "partition"], 0)
} else := {"surge": 0, "unavailable": 0}

# Where rounding leaves no way at all, one is taken down.
_unavailable(0, 0) := 1

_unavailable(_, down) := down if down != 0

_unavailable(surge, 0) := 0 if surge != 0

# One that does not roll takes all down before it makes one.
_available(object_, _, _) := 0 if recreates(object_)

_available(object_, replicas, counts) := replicas - counts.unavailable if not recreates(object_)

# METADATA
# description: true if an update of the workload deletes all of its pods before it makes a new one.
recreates(object_) if {
	object_.kind == "Deployment"
	_strategy(object_) != "RollingUpdate"
}

# Behind a gate of Kubernetes 1.37, without which the API server refuses it.
recreates(object_) if {
	object_.kind == "StatefulSet"
	_strategy(object_) == "Recreate"
}
