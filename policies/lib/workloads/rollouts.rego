# METADATA
# title: Rollouts
# description: >-
#   How many pods an update of a workload adds and stops, by its kind, API version and strategy. A pod is
#   available once it was ready for minReadySeconds, which only makes an update slower. A paused Deployment
#   counts as one that is not paused: its update comes when it is resumed.
package lib.workloads.rollouts

import data.lib.api.fields
import data.lib.api.int_or_percent
import data.lib.api.served

# METADATA
# description: >-
#   returns the update of a workload of so many replicas, for a DaemonSet the nodes that it runs on: the
#   strategy (empty for a kind that has none), the most pods above and below the number of replicas, the
#   fewest that are available, and the counts that the API server rejects, which make the others
#   meaningless.
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
# description: returns which counts of the workload's update are neither a number of pods nor a percentage.
refused(obj) := {name |
	_rolls(obj)
	some name, given in _limits(obj)
	not int_or_percent.accepted(given)
} | {"maxUnavailable" |
	_has_batches(obj)
	not int_or_percent.accepted(_set_limit(obj))
}

# METADATA
# description: >-
#   lists where each kind says how it is updated. Other kinds do nothing to their pods when their template
#   changes.
field := {"Deployment": "strategy", "StatefulSet": "updateStrategy", "DaemonSet": "updateStrategy"}

# Versions whose default is OnDelete: pods are replaced only after someone deletes them.
_on_delete := {
	["DaemonSet", "extensions/v1beta1"],
	["StatefulSet", "apps/v1beta1"],
}

_strategy_of(obj) := fields.at(obj, ["spec", field[obj.kind]], {})

_strategy(obj) := "" if {
	not field[obj.kind]
} else := type if {
	type := fields.field_text(_strategy_of(obj), "type")
	type != ""
} else := "OnDelete" if {
	[obj.kind, obj.apiVersion] in _on_delete
} else := "RollingUpdate"

_rolls(obj) if {
	obj.kind in {"Deployment", "DaemonSet"}
	_strategy(obj) == "RollingUpdate"
}

_limits(obj) := {name: fields.get(fields.map(_strategy_of(obj), "rollingUpdate"), name, fallback) |
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
	_rolls(obj)
	count(refused(obj)) > 0
} else := _counts_by_kind(obj, replicas)

# deploymentutil.ResolveFenceposts
_counts_by_kind(obj, replicas) := _rolling(replicas, surge, unavailable) if {
	_rolls(obj)
	obj.kind == "Deployment"
	surge := int_or_percent.scaled_up(_limits(obj).maxSurge, replicas)
	unavailable := int_or_percent.scaled_down(_limits(obj).maxUnavailable, replicas)
}

# updatedDesiredNodeCounts of pkg/controller/daemon
_counts_by_kind(obj, replicas) := _rolling(replicas, surge, unavailable) if {
	_rolls(obj)
	obj.kind == "DaemonSet"
	surge := int_or_percent.scaled_up(_limits(obj).maxSurge, replicas)
	unavailable := int_or_percent.scaled_up(_limits(obj).maxUnavailable, replicas)
}

# Down to the partition.
_counts_by_kind(obj, replicas) := {"surge": 0, "unavailable": _stopped_by_set(obj, replicas)} if {
	obj.kind == "StatefulSet"
}

_counts_by_kind(obj, _) := {"surge": 0, "unavailable": 0} if {
	not _rolls(obj)
	obj.kind != "StatefulSet"
}

_stopped_by_set(obj, replicas) := min([_batch(obj, replicas), _above_partition(obj, replicas)])

_above_partition(obj, replicas) := max([0, min([replicas, replicas - _partition(obj)])]) if {
	_strategy(obj) != "OnDelete"
} else := 0

_partition(obj) := partition if {
	partition := fields.at(_strategy_of(obj), ["rollingUpdate", "partition"], 0)
	is_number(partition)
} else := 0

# A number that a newer API server refuses, an older one drops.
_batch(obj, replicas) := _set_batch(obj, replicas) if {
	_has_batches(obj)
} else := 1

# The feature gate MaxUnavailableStatefulSet is on by default from 1.37 on.
_has_batches(obj) if {
	obj.kind == "StatefulSet"
	startswith(obj.apiVersion, "apps/")
	served.at_least(37)
}

# getStatefulSetMaxUnavailable of pkg/controller/statefulset
_set_batch(obj, replicas) := max([
	1,
	int_or_percent.scaled_down(_set_limit(obj), replicas),
])

_set_limit(obj) := fields.at(_strategy_of(obj), ["rollingUpdate", "maxUnavailable"], 1)

_rolling(replicas, surge, unavailable) := {
	"surge": surge,
	"unavailable": min([replicas, _unavailable(surge, unavailable)]),
}

# Where rounding leaves neither, one is stopped.
_unavailable(0, 0) := 1

_unavailable(_, unavailable) := unavailable if unavailable != 0

_unavailable(surge, 0) := 0 if surge != 0

# One that recreates its pods stops all of them first.
_available(obj, _, _) := 0 if recreates(obj)

_available(obj, replicas, counts) := replicas - counts.unavailable if not recreates(obj)

# METADATA
# description: true if an update of the workload deletes all of its pods before it makes a new one.
recreates(obj) if {
	obj.kind == "Deployment"
	_strategy(obj) != "RollingUpdate"
}

# It needs the feature gate StatefulSetRecreateStrategy, without which the API server rejects it.
recreates(obj) if {
	obj.kind == "StatefulSet"
	_strategy(obj) == "Recreate"
}

# METADATA
# description: >-
#   returns the path of what limits how many of so many pods an update of the workload stops at a time: its
#   strategy, its maxUnavailable, or its number of replicas.
limit_path(obj, _) := ["spec", field[obj.kind], "type"] if recreates(obj)

limit_path(obj, replicas) := ["spec", field[obj.kind], "rollingUpdate", "maxUnavailable"] if {
	not recreates(obj)
	limits_unavailable(obj, replicas)
}

limit_path(obj, replicas) := ["spec", "replicas"] if {
	not recreates(obj)
	not limits_unavailable(obj, replicas)
}

# METADATA
# description: >-
#   true if maxUnavailable decides how many of so many pods an update of the workload stops at a time. A
#   StatefulSet always stops one.
limits_unavailable(obj, _) if obj.kind in {"Deployment", "DaemonSet"}

limits_unavailable(obj, replicas) if {
	obj.kind == "StatefulSet"
	replicas > 1
}

# METADATA
# description: >-
#   returns the maxUnavailable of a StatefulSet that stops all of so many replicas in a newer Kubernetes, and
#   in an older one of the profile only with a feature gate: its path and its value.
gated_limits(obj, replicas) := {{"path": limit_path(obj, replicas), "value": _set_limit(obj)} |
	obj.kind == "StatefulSet"
	startswith(obj.apiVersion, "apps/")
	of(obj, replicas).available > 0
	min([_set_batch(obj, replicas), _above_partition(obj, replicas)]) >= replicas
	replicas > 0
}
