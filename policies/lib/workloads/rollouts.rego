# METADATA
# title: Rollouts
# description: >-
#   How many pods an update of a workload adds and takes down, by its kind, API version and strategy.
#   A pod is available once it was ready for minReadySeconds, so that these only make an update slower.
#   A paused Deployment is judged as if it ran: its update comes when it is resumed.
package lib.workloads.rollouts

import data.lib.api.fields
import data.lib.api.int_or_percent

# METADATA
# description: >-
#   returns the update of a workload of so many replicas, for a DaemonSet the nodes that it runs on: the
#   strategy (empty for a kind that has none), the pods more and the pods fewer that there are at most
#   and the least that are available during it, and the counts that the API server refuses, with which
#   the others mean nothing.
of(obj, replicas) := {
	"strategy": _strategy(obj),
	"surge": counts.surge,
	"unavailable": counts.unavailable,
	"available": _available(obj, replicas, counts),
	"refused": refused(obj),
} if {
	counts := _counts(obj, replicas)
}

# METADATA
# description: returns which counts of the workload's update are no number of pods and no percentage.
refused(obj) := {name |
	_rolls(obj)
	some name, given in _limits(obj)
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

_said(obj) := fields.at(obj, ["spec", field[obj.kind]], {})

_strategy(obj) := "" if {
	not field[obj.kind]
} else := type if {
	type := fields.field_text(_said(obj), "type")
	type != ""
} else := "OnDelete" if {
	[obj.kind, obj.apiVersion] in _on_delete
} else := "RollingUpdate"

_rolls(obj) if {
	obj.kind in {"Deployment", "DaemonSet"}
	_strategy(obj) == "RollingUpdate"
}

_limits(obj) := {name: fields.get(fields.map(_said(obj), "rollingUpdate"), name, fallback) |
	some name, fallback in _defaults(obj)
}

_defaults(obj) := {"maxSurge": 0, "maxUnavailable": 1} if obj.kind == "DaemonSet"

_defaults(obj) := {"maxSurge": 1, "maxUnavailable": 1} if {
	obj.kind == "Deployment"
	obj.apiVersion == "extensions/v1beta1"
}

_defaults(obj) := {"maxSurge": "25%", "maxUnavailable": "25%"} if {
	obj.kind == "Deployment"
	obj.apiVersion != "extensions/v1beta1"
}

_counts(obj, replicas) := {"surge": 0, "unavailable": 0} if {
	count(refused(obj)) > 0
} else := {"surge": surge, "unavailable": min([replicas, _unavailable(surge, down)])} if {
	# deploymentutil.ResolveFenceposts
	_rolls(obj)
	obj.kind == "Deployment"
	surge := int_or_percent.scaled_up(_limits(obj).maxSurge, replicas)
	down := int_or_percent.scaled_down(_limits(obj).maxUnavailable, replicas)
} else := {"surge": surge, "unavailable": min([replicas, _unavailable(surge, down)])} if {
	# updatedDesiredNodeCounts of pkg/controller/daemon
	_rolls(obj)
	surge := int_or_percent.scaled_up(_limits(obj).maxSurge, replicas)
	down := int_or_percent.scaled_up(_limits(obj).maxUnavailable, replicas)
} else := {"surge": 0, "unavailable": 1} if {
	# One by one, down to the partition: maxUnavailable is behind a gate that is off.
	obj.kind == "StatefulSet"
	_strategy(obj) != "OnDelete"
	replicas > fields.at(_said(obj), ["rollingUpdate", "partition"], 0)
} else := {"surge": 0, "unavailable": 0}

# Where rounding leaves no way at all, one is taken down.
_unavailable(0, 0) := 1

_unavailable(_, down) := down if down != 0

_unavailable(surge, 0) := 0 if surge != 0

# One that does not roll takes all down before it makes one.
_available(obj, _, _) := 0 if recreates(obj)

_available(obj, replicas, counts) := replicas - counts.unavailable if not recreates(obj)

# METADATA
# description: true if an update of the workload deletes all of its pods before it makes a new one.
recreates(obj) if {
	obj.kind == "Deployment"
	_strategy(obj) != "RollingUpdate"
}

# Behind a gate of Kubernetes 1.37, without which the API server refuses it.
recreates(obj) if {
	obj.kind == "StatefulSet"
	_strategy(obj) == "Recreate"
}
