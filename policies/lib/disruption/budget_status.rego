# METADATA
# title: Evictions
# description: >-
#   How many pods a PodDisruptionBudget lets be evicted (k8s.io/kubernetes pkg/controller/disruption). A
#   group of pods is those of one controller: its kind, Pod where there is none, and its replicas.
#   Kinds that are not Kubernetes' own are taken for ones with a scale.
package lib.disruption.budget_status

import data.lib.api.fields
import data.lib.api.int_or_percent
import data.lib.disruption.budgets

# METADATA
# description: >-
#   returns what the disruption controller works out for a budget over groups of pods of which so many
#   are ready, and in words why no eviction is allowed, empty where one is. Where it cannot sync, the
#   numbers are those of a budget that it never synced.
status(budget, groups, healthy) := {
	"expectedPods": 0,
	"currentHealthy": 0,
	"desiredHealthy": 0,
	"disruptionsAllowed": 0,
	"syncFailed": true,
	"reason": concat(", and ", sort(sync_faults(budget, groups))),
} if {
	count(sync_faults(budget, groups)) > 0
} else := {
	"expectedPods": _expected(budget, groups),
	"currentHealthy": healthy,
	"desiredHealthy": _desired(budget, _expected(budget, groups)),
	"disruptionsAllowed": allowed,
	"syncFailed": false,
	"reason": _reason(budget, groups, allowed),
} if {
	allowed := _allowed(_expected(budget, groups), healthy - _desired(budget, _expected(budget, groups)))
}

# METADATA
# description: returns how many pods the groups have.
pods(groups) := sum([group.replicas | some group in groups])

_allowed(expected, spare) := max([0, spare]) if expected > 0

_allowed(expected, _) := 0 if expected <= 0

# METADATA
# description: >-
#   returns in words why the disruption controller cannot sync the budget, so that it allows no
#   eviction.
sync_faults(budget, groups) := ({"its selector cannot be parsed" |
	not budgets.parsed(budget)
} | {concat("", ["its ", name, " is neither a whole number nor a percentage"]) |
	name := field(budget)
	name != ""
	not int_or_percent.valid(budget.spec[name])
}) | {concat("", ["a ", group.kind, " has no scale for its ", field(budget), " to count by"]) |
	by_scale(budget)
	some group in groups
	group.kind in _scaleless
	group.replicas > 0
}

# The owner of a mirror pod is its Node.
_scaleless := {"DaemonSet", "Job", "CronJob", "Node"}

# METADATA
# description: >-
#   returns the field that the budget counts by, maxUnavailable before minAvailable (validation refuses
#   both), empty where it has neither.
field(budget) := "maxUnavailable" if {
	fields.at(budget, ["spec", "maxUnavailable"], null) != null
} else := "minAvailable" if {
	fields.at(budget, ["spec", "minAvailable"], null) != null
} else := ""

# METADATA
# description: >-
#   true if the budget counts by the scale of controllers: a whole number for minAvailable is held
#   against the pods that are there, of whatever controller.
by_scale(budget) if field(budget) == "maxUnavailable"

by_scale(budget) if {
	field(budget) == "minAvailable"
	not is_number(budget.spec.minAvailable)
}

_expected(budget, groups) := sum([group.replicas |
	some group in groups
	group.kind != "Pod"
]) if {
	by_scale(budget)
} else := pods(groups) if {
	field(budget) == "minAvailable"
} else := 0

_desired(budget, expected) := max([0, expected - unavailable]) if {
	field(budget) == "maxUnavailable"
	unavailable := int_or_percent.scaled_up(budget.spec.maxUnavailable, expected)
} else := int_or_percent.scaled_up(budget.spec.minAvailable, expected) if {
	field(budget) == "minAvailable"
} else := 0

_reason(_, _, allowed) := "" if allowed > 0

_reason(budget, groups, 0) := "it has neither minAvailable nor maxUnavailable" if {
	field(budget) == ""
} else := "it selects no pods" if {
	pods(groups) == 0
} else := concat("", ["no controller makes its pods, for its ", field(budget), " to count by"]) if {
	_expected(budget, groups) == 0
} else := "it keeps as many pods healthy as there are"

# METADATA
# description: >-
#   true if a pod that is not ready can be evicted while the budget has this status (pkg/registry/core/pod
#   EvictionREST): always by its policy, else as long as enough others are healthy.
evicts_unready(budget, _) if fields.at(budget, ["spec", "unhealthyPodEvictionPolicy"], "") == "AlwaysAllow"

evicts_unready(_, status_) if {
	status_.desiredHealthy > 0
	status_.currentHealthy >= status_.desiredHealthy
}

evicts_unready(_, status_) if status_.disruptionsAllowed > 0
