# METADATA
# title: Status of a budget
# description: >-
#   How many evictions a PodDisruptionBudget allows (k8s.io/kubernetes pkg/controller/disruption). A group
#   of pods is those of one controller: its kind, Pod where there is none, and its replicas. Kinds that
#   are not Kubernetes' own are taken to have a scale subresource.
package lib.disruption.budget_status

import data.lib.api.fields
import data.lib.api.int_or_percent
import data.lib.disruption.budgets

# METADATA
# description: >-
#   returns what the disruption controller computes for a budget over groups of pods of which so many are
#   ready, and, in `causes`, other reasons why it allows no eviction. Where it cannot sync the
#   budget, the numbers are those of one that was never synced.
status(budget, groups, healthy) := {
	"expectedPods": 0,
	"currentHealthy": 0,
	"desiredHealthy": 0,
	"disruptionsAllowed": 0,
	"syncFailed": true,
	"causes": causes,
} if {
	causes := sync_faults(budget, groups)
	count(causes) > 0
} else := {
	"expectedPods": expected,
	"currentHealthy": healthy,
	"desiredHealthy": desired,
	"disruptionsAllowed": _allowed(expected, healthy - desired),
	"syncFailed": false,
	"causes": _causes(budget, groups, expected),
} if {
	expected := _expected(budget, groups)
	desired := _desired(budget, expected)
}

# METADATA
# description: >-
#   returns how many of the expected pods must be not ready for the eviction API to reject the eviction of any
#   of them: too few are healthy, or none has to be (pkg/registry/core/pod/storage eviction.go).
stuck_from(status) := min([status.expectedPods, (status.expectedPods - status.desiredHealthy) + 1])

# METADATA
# description: true if pods that are not ready are evicted whatever the budget's status is.
frees_unhealthy(budget) if fields.at(budget, ["spec", "unhealthyPodEvictionPolicy"], "") == "AlwaysAllow"

# METADATA
# description: >-
#   returns why the budget allows no eviction by the word of the disruption controller: `failed`, with its
#   message, where it could not count the pods, or `healthy`, with their number, where all are healthy and none
#   may go. None without a status of this generation, or while pods are not ready or being evicted.
reported(budget) := {{"type": "failed", "says": fields.field_text(condition, "message")} |
	some condition in fields.list(fields.map(budget, "status"), "conditions")
	fields.get(condition, "type", "") == "DisruptionAllowed"
	fields.get(condition, "reason", "") == "SyncFailed"
	fields.get(condition, "status", "") == "False"
	_is_current(budget, condition)
} | {{"type": "healthy", "pods": expected} |
	status := fields.map(budget, "status")
	fields.get(status, "observedGeneration", 0) > 0
	_is_current(budget, status)
	expected := fields.get(status, "expectedPods", 0)
	expected > 0
	fields.get(status, "currentHealthy", 0) >= expected
	fields.get(status, "disruptionsAllowed", 0) == 0
	count(fields.map(status, "disruptedPods")) == 0
}

# A status of an earlier generation says nothing about the numbers that the budget has now.
_is_current(budget, told) if {
	generation := fields.at(budget, ["metadata", "generation"], 0)
	fields.get(told, "observedGeneration", generation) >= generation
}

# METADATA
# description: returns how many pods the groups have.
pods(groups) := sum([group.replicas | some group in groups])

_allowed(expected, spare) := max([0, spare]) if expected > 0

_allowed(expected, _) := 0 if expected <= 0

# METADATA
# description: >-
#   returns why the disruption controller cannot sync the budget, which then allows no eviction: its
#   selector or its number is invalid, or a kind has no scale subresource to count by.
sync_faults(budget, groups) := union({
	{{"type": "selector"} | not budgets.parsed(budget)},
	{{"type": "number", "field": name} |
		name := field(budget)
		name != ""
		not int_or_percent.valid(budget.spec[name])
	},
	{{"type": "scale", "field": field(budget), "kind": group.kind} |
		by_scale(budget)
		some group in groups
		group.kind in without_scale
		group.replicas > 0
	},
})

# METADATA
# description: >-
#   lists the kinds of controllers without a scale subresource. The controller of a mirror pod is its Node.
without_scale := {"DaemonSet", "Job", "CronJob", "Node"}

# METADATA
# description: >-
#   returns the field that the budget counts by, maxUnavailable before minAvailable (validation rejects
#   both), empty where it has neither.
field(budget) := "maxUnavailable" if {
	fields.at(budget, ["spec", "maxUnavailable"], null) != null
} else := "minAvailable" if {
	fields.at(budget, ["spec", "minAvailable"], null) != null
} else := ""

# METADATA
# description: >-
#   true if the budget counts by the scale of controllers: an integer in minAvailable is compared with the
#   pods that exist, whatever their controllers are.
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

_causes(budget, _, _) := {{"type": "noNumber"}} if field(budget) == ""

_causes(budget, groups, _) := {{"type": "noPods"}} if {
	field(budget) != ""
	pods(groups) == 0
}

_causes(budget, groups, expected) := {{"type": "noController", "field": field(budget)} | expected == 0} if {
	field(budget) != ""
	pods(groups) > 0
}
