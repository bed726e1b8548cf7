# METADATA
# title: Budgets in words
# description: What is wrong with a PodDisruptionBudget, and how to fix it.
package lib.findings.disruption

import data.lib.api.fields
import data.lib.disruption.budget_status
import data.lib.disruption.budgets
import data.lib.disruption.coverage
import data.lib.disruption.targets
import data.lib.findings.edits
import data.lib.findings.findings
import data.lib.findings.words
import data.lib.table.components
import data.lib.workloads.replicas
import data.lib.workloads.workloads

# METADATA
# description: returns the path of the number that the budget counts by, its spec where it has none.
number_path(budget) := ["spec", budget_status.field(budget)] if budget_status.field(budget) != ""

number_path(budget) := ["spec"] if budget_status.field(budget) == ""

# METADATA
# description: >-
#   returns the path of what blocks: the selector, where it also selects pods that cannot be counted, else the
#   number.
blocking_path(budget, status, covered, counted) := ["spec", "selector"] if {
	some cause in status.causes
	cause.type == "scale"
	count(_without_scale(covered, counted)) > 0
} else := number_path(budget)

# METADATA
# description: >-
#   returns that the budget, with this status, allows no eviction of pods of the covered workloads, and why.
blocking(budget, status, covered) := concat("", [
	workloads.title(budget),
	_blocked(covered.workloads),
	_covered_name(covered),
	": ",
	_why_blocking(budget, status, covered.workloads),
])

_blocked(objects) := " blocks every drain of " if coverage.drained(objects)

_blocked(objects) := " blocks every eviction of " if not coverage.drained(objects)

_why_blocking(_, status, _) := causes(status) if count(status.causes) > 0

_why_blocking(budget, status, objects) := concat("", [
	_number(budget),
	" of ",
	words.counted(status.expectedPods, "replica"),
	_scaled(objects),
	" allows 0 disruptions",
]) if {
	count(status.causes) == 0
}

# Where the number is in no workload's file.
_scaled(objects) := concat("", [" (the minimum of ", words.titles(scalers), ")"]) if {
	scalers := [scaler.object | some obj in objects; some scaler in replicas.autoscalers(obj)]
	count(scalers) > 0
} else := ""

_number(budget) := concat(" ", [field, words.amount(budget.spec[field])]) if {
	field := budget_status.field(budget)
}

# METADATA
# description: >-
#   returns in words the causes for which a budget of this status allows no disruption whatever runs, empty
#   where it has none.
causes(status) := concat(", and ", sort([_cause(cause) | some cause in status.causes]))

_cause(cause) := "its selector cannot be parsed" if cause.type == "selector"

_cause(cause) := concat("", [cause.field, " is neither an integer nor a percentage"]) if cause.type == "number"

_cause(cause) := concat("", [
	"a ",
	cause.kind,
	" has no scale subresource, which ",
	_counting_by_scale[cause.field],
]) if {
	cause.type == "scale"
}

_cause(cause) := "it sets neither minAvailable nor maxUnavailable" if cause.type == "noNumber"

_cause(cause) := "it selects no pods" if cause.type == "noPods"

_cause(cause) := concat("", ["its pods have no controller, which ", _counting_by_scale[cause.field]]) if {
	cause.type == "noController"
}

_counting_by_scale := {
	"maxUnavailable": "maxUnavailable requires",
	"minAvailable": "a percentage in minAvailable requires",
}

# METADATA
# description: >-
#   returns that the budget allows no eviction of the pods that it selects, those of the covered workloads or
#   pods that were not given, for a reason that its own status gives.
reported(budget, reason, covered) := concat("", [
	workloads.title(budget),
	_pods_of(covered),
	": its status ",
	_reported(reason),
])

_pods_of([]) := " blocks every drain of its pods"

_pods_of(covered) := concat("", [
	_blocked([obj | some each in covered; some obj in each.workloads]),
	concat(" and ", sort({_covered_name(each) | some each in covered})),
]) if {
	count(covered) > 0
}

_reported({"type": "failed", "says": says}) := concat("", [
	"says that its pods could not be counted",
	_quoted(says),
])

_reported({"type": "healthy", "pods": 1}) := "allows 0 disruptions while its only pod is healthy"

_reported({"type": "healthy", "pods": number}) := concat(" ", [
	"allows 0 disruptions while all",
	words.counted(number, "pod"),
	"are healthy",
]) if {
	number != 1
}

_quoted("") := ""

_quoted(says) := concat("", [" (", says, ")"]) if says != ""

# METADATA
# description: returns how to fix a budget that blocks by its own status.
reported_fix(reason) := findings.advice({
	"failed": "Set minAvailable to an integer, which needs no scale subresource.",
	"healthy": _allow,
}[reason.type])

_allow := "Allow a disruption: lower minAvailable, raise maxUnavailable, or add replicas."

# METADATA
# description: >-
#   returns how to fix a budget that allows no eviction of the covered workloads, where it counts the pods of
#   all these workloads.
blocking_fix(_, status, covered, counted) := _cause_fix(status, covered, counted) if {
	count(status.causes) > 0
}

blocking_fix(budget, status, covered, counted) := _number_fix(budget, status, covered, counted) if {
	count(status.causes) == 0
}

_cause_fix(status, covered, counted) := _narrowing(_without_scale(covered, counted)) if {
	some cause in status.causes
	cause.type == "scale"
	count(_without_scale(covered, counted)) > 0
} else := findings.advice(_advice[type]) if {
	type := min({cause.type | some cause in status.causes})
}

_advice := {
	"noController": "Set minAvailable to an integer, or run the pods by a controller such as a Deployment.",
	"noNumber": "Set minAvailable or maxUnavailable.",
	"number": "Write the number without quotes, or as a percentage.",
	"scale": "Set minAvailable to an integer, which needs no scale subresource.",
}

# The others that the budget counts and that stop it from counting at all.
_without_scale(covered, counted) := [obj |
	some obj in counted
	not obj in covered.workloads
	coverage.controller(obj) in budget_status.without_scale
]

_narrowing(others) := findings.advice(concat("", [
	"Narrow spec.selector so that it does not match the pods of ",
	words.titles(others),
	".",
]))

# One less, where the budget is of these workloads alone and they have a pod to spare.
_number_fix(budget, status, covered, counted) := findings.edits(title, false, [edit]) if {
	count(counted) == count(covered.workloads)
	status.expectedPods > 1
	not coverage.dwindles(covered.subject, covered.workloads, counted)
	field := budget_status.field(budget)
	value := {"minAvailable": status.expectedPods - 1, "maxUnavailable": 1}[field]
	title := concat("", ["Set ", field, " to ", words.number(value), "."])
	edit := edits.put(budget, ["spec", field], value)
} else := _second_replica(budget, counted[0]) if {
	count(counted) == 1
	replicas.counted(counted[0])
} else := findings.advice(_allow)

# With 1 replica a budget blocks every drain or protects nothing: both numbers have to change.
_second_replica(budget, obj) := findings.advice(concat("", [
	"Set ",
	words.replicas_field(obj),
	" to 2 and ",
	budget_status.field(budget),
	" to 1: with 1 replica a budget blocks every drain or protects nothing.",
]))

# METADATA
# description: returns that the budget allows no eviction of pods that are not ready, once they are so many.
stuck_unhealthy(budget, status, covered) := concat("", [
	workloads.title(budget),
	" blocks every drain of ",
	_covered_name(covered),
	" once ",
	words.number(budget_status.stuck_from(status)),
	" of ",
	words.counted(status.expectedPods, "replica"),
	_be(budget_status.stuck_from(status)),
	" not ready: unhealthyPodEvictionPolicy is not AlwaysAllow",
])

_be(1) := " is"

_be(number) := " are" if number != 1

# METADATA
# description: returns how to let pods go that are not ready.
stuck_unhealthy_fix(budget) := findings.edits(title, false, [edit]) if {
	title := "Set unhealthyPodEvictionPolicy to AlwaysAllow."
	edit := edits.put(budget, _policy_path, "AlwaysAllow")
}

# METADATA
# description: returns the path of the field that says what is done with pods that are not ready.
policy_path(budget) := _policy_path if {
	fields.at(budget, _policy_path, null) != null
} else := ["spec"]

_policy_path := ["spec", "unhealthyPodEvictionPolicy"]

# METADATA
# description: >-
#   returns that the budget allows no eviction once so many pods are left, which no controller recreates.
dwindling(budget, status, covered) := concat("", [
	workloads.title(budget),
	" blocks every drain of ",
	_covered_name(covered),
	" in the end: no controller recreates its pods, and ",
	words.number(status.desiredHealthy),
	" must stay healthy",
])

# METADATA
# description: returns how to fix a budget whose pods are not recreated.
dwindling_fix := findings.advice(concat("", [
	"Run the pods by a controller such as a Deployment. If an operator recreates them, set managed: true ",
	"for the component in the profile.",
]))

# METADATA
# description: returns that the budget allows all pods of the covered workloads to be evicted at once.
powerless(budget, running, allowed, covered) := concat("", [
	workloads.title(budget),
	" lets ",
	_all(running),
	_covered_name(covered),
	_evicted(running),
	_number(budget),
	" allows ",
	words.counted(allowed, "disruption"),
])

_all(1) := "the only replica of "

_all(running) := concat("", ["all ", words.counted(running, "replica"), " of "]) if running != 1

_evicted(1) := " be evicted: "

_evicted(running) := " be evicted at once: " if running != 1

# METADATA
# description: >-
#   returns how to fix a budget that allows all pods of the covered workloads to be evicted, where it selects
#   all these workloads.
powerless_fix(budget, running, covered, selected) := _second_replica(budget, covered.workloads[0]) if {
	running == 1
	count(covered.workloads) == 1
	replicas.counted(covered.workloads[0])
} else := findings.edits(title, false, [edit]) if {
	running > 1
	count(selected) == count(covered.workloads)
	field := budget_status.field(budget)
	title := concat("", ["Set ", field, " to 1."])
	edit := edits.put(budget, ["spec", field], 1)
} else := _narrowing([obj | some obj in selected; not obj in covered.workloads]) if {
	count(selected) > count(covered.workloads)
} else := findings.advice("Run at least 2 pods, and set minAvailable to 1.")

# METADATA
# description: returns the covered workloads and their autoscalers as the other objects of a finding.
related(objects) := array.concat(
	[_related(obj) | some obj in objects],
	[findings.related(scaler.object, scaler.fields.minimum, concat("", [
		"scales ",
		workloads.title(obj),
		" down to ",
		words.number(scaler.minimum),
	])) |
		some obj in objects
		some scaler in replicas.autoscalers(obj)
	],
)

_related(obj) := findings.related(obj, ["spec", "replicas"], says) if {
	replicas.counted(obj)
	says := words.counted(replicas.declared(obj), "replica")
}

_related(obj) := findings.related(obj, ["metadata", "name"], "the budget selects its pods") if {
	not replicas.counted(obj)
}

# METADATA
# description: >-
#   returns the other objects of a finding about a budget: the covered workloads, and the first of those that
#   the budget counts and cannot.
blocking_related(covered, counted) := array.concat(
	related(covered.workloads),
	[_related(obj) | some obj in array.slice(_without_scale(covered, counted), 0, 3)],
)

# METADATA
# description: returns that the budget selects no pods of the workloads that were given, and why.
unmatched(budget) := concat("", [workloads.title(budget), " selects no pods: ", _why_unmatched(budget)])

_why_unmatched(budget) := "it has no selector" if {
	fields.at(budget, ["spec", "selector"], null) == null
} else := "its selector cannot be parsed" if {
	not budgets.parsed(budget)
} else := concat("", ["no workload is in ", _namespace(workloads.namespace(budget))]) if {
	not targets.has_workloads(budget)
} else := concat("", [
	"its selector matches those of no workload in ",
	_namespace(workloads.namespace(budget)),
])

# METADATA
# description: returns how to fix a budget that selects no pods.
unmatched_fix(budget) := findings.advice(concat(" ", [
	"Correct spec.selector so that it matches the labels of the pods to protect,",
	"or delete the budget.",
])) if {
	targets.has_workloads(budget)
} else := findings.advice("Move it to the namespace of the pods to protect, or delete it.")

# METADATA
# description: returns the first components of the budget's namespace as the other objects of the finding.
unmatched_related(budget, parameters) := array.slice(
	[findings.related(obj, array.concat(workloads.template_path(obj), ["metadata", "labels"]), says) |
		some row in parameters.components
		some obj in components.members_in(row, workloads.namespace(budget), parameters.components)
		says := concat("", ["its pods have ", words.labels(words.selector(obj))])
	],
	0,
	3,
)

# METADATA
# description: returns that no budget selects the pods of the object, or not all of them.
missing(obj, subject) := concat("", [
	subject.name,
	" has no PodDisruptionBudget: ",
	words.titles(partial),
	" can leave out some of its pods",
]) if {
	partial := budgets.covering(obj)
	count(partial) > 0
} else := concat("", [
	subject.name,
	" has no PodDisruptionBudget: none in ",
	_namespace(workloads.namespace(obj)),
	" selects its pods",
])

_namespace("") := "its namespace"

_namespace(name) := concat(" ", ["namespace", name]) if name != ""

# METADATA
# description: >-
#   returns how to give the pods of the object a budget: with which selector, and, where there is but one
#   pod, with how many.
missing_fix(obj) := findings.advice("Give its pods labels, and add a PodDisruptionBudget for them.") if {
	words.selector(obj) == {}
} else := findings.advice(concat("", [
	_add(obj),
	" a PodDisruptionBudget to ",
	_namespace(workloads.namespace(obj)),
	" with minAvailable: 1 and selector: {matchLabels: {",
	words.labels(words.selector(obj)),
	"}}.",
]))

_add(obj) := concat("", ["Set ", words.replicas_field(obj), " to 2, and add"]) if {
	replicas.counted(obj)
	replicas.least(obj) < 2
} else := "Add"

# METADATA
# description: returns that the budget is the last one that selects the pods of the subject.
last(budget, subject) := concat("", [
	workloads.title(budget),
	" is the last PodDisruptionBudget that selects the pods of ",
	subject.name,
])

# METADATA
# description: returns how to keep the pods of a workload covered.
last_fix := findings.advice("First create another PodDisruptionBudget that selects these pods.")

# METADATA
# description: returns that the budget and the others all select the pods of the covered workloads.
overlapping(budget, rivals, covered) := concat("", [
	workloads.title(budget),
	" and ",
	words.titles(rivals),
	_all_of(rivals),
	" select the pods of ",
	_covered_name(covered),
	": every eviction of them fails",
])

_all_of([_]) := " both"

_all_of(rivals) := " all" if count(rivals) > 1

_covered_name(covered) := covered.subject.name if {
	covered.subject.component != null
} else := words.titles(covered.workloads)

# METADATA
# description: returns how to fix budgets that select the same pods.
overlapping_fix(budget, rivals) := findings.advice(concat("", [
	_all_but_one(rivals),
	words.titles(array.concat([budget], rivals)),
	", or narrow their selectors so that no pod matches both.",
]))

# METADATA
# description: returns the first of the rivals and of the covered workloads as the other objects of a finding.
overlapping_related(rivals, objects) := array.concat(
	[findings.related(rival, ["spec", "selector"], "selects the same pods") |
		some rival in array.slice(rivals, 0, _most_related)
	],
	related(array.slice(objects, 0, _most_related)),
)

_most_related := 10

_all_but_one([_]) := "Delete one of "

_all_but_one(rivals) := "Delete all but one of " if count(rivals) > 1

# METADATA
# description: returns that it is not known whether the budget allows evictions of the subject's pods.
uncountable(budget, subject) := {
	"code": "DAEMONSET_PODS_UNKNOWN",
	"path": number_path(budget),
	"message": concat("", [
		"whether it allows an eviction of ",
		subject.name,
		" was not checked: it counts pods of a DaemonSet, one a node; include the Nodes in the input",
	]),
}
