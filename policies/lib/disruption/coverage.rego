# METADATA
# title: Coverage
# description: >-
#   What a disruption budget means for the workloads whose pods it selects: how many pods it counts,
#   and how many evictions it allows while all are ready, at the fewest replicas that each workload runs.
# custom:
#   reads: [controller, pod, replicated, service]
package lib.disruption.coverage

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.api.limits
import data.lib.api.requests
import data.lib.api.selectors
import data.lib.api.served
import data.lib.disruption.budget_status
import data.lib.disruption.budgets
import data.lib.nodes.nodes
import data.lib.scheduling.feasible_nodes
import data.lib.table.components
import data.lib.table.owners
import data.lib.table.subjects
import data.lib.workloads.controllers
import data.lib.workloads.custom_resources
import data.lib.workloads.pod_labels
import data.lib.workloads.replicas
import data.lib.workloads.workload_refs
import data.lib.workloads.workloads

# METADATA
# description: true if the object is a budget of a version that an API server serves. Others block nothing.
counts(obj) if {
	is_budget(obj)
	served.version(obj.apiVersion)
}

# METADATA
# description: true if the object is a budget.
is_budget(obj) if {
	obj.kind == "PodDisruptionBudget"
	inventory.group(obj.apiVersion) == "policy"
}

# METADATA
# description: >-
#   returns what of the budget or of its namespace is more than is checked. None if the table has nothing to say
#   about any workload of the namespace.
excess(budget, parameters) := _reviewed_excess if {
	requests.is_kept(budget)
	requests.keeps(parameters)
} else := _excess(budget, parameters)

_reviewed_excess := _excess(input.review.object, input.parameters)

_excess(budget, parameters) := set() if {
	not asked(budget, parameters)
} else := found if {
	found := budgets.selector_excess(budget) | budgets.excess(workloads.namespace(budget))
	found != set()
} else := limits.excess("namespacePairs", pairs, ["spec", "selector"]) if {
	number := count(_all_candidates(budget))
	pairs := number * max([
		budgets.size(budget),
		budgets.number(workloads.namespace(budget)),
		_compared(number, parameters),
	])
}

# Where each of them is a subject of its own, it is compared with the others.
_compared(number, parameters) := number if {
	_demands(parameters.otherWorkloads)
} else := 1

# What the last row demands of budgets.
_demands(others) if others.disruptionControl

_demands(others) if others.drainable

# METADATA
# description: >-
#   returns all that is more than is checked: of the budget and its namespace, or the autoscalers of a workload
#   that it selects.
excesses(budget, parameters) := found if {
	found := excess(budget, parameters)
	found != set()
} else := {object.union(over, {"of": workloads.title(obj), "path": ["spec", "selector"]}) |
	some obj in selected(budget, parameters)
	some over in replicas.excess(obj)
}

# METADATA
# description: true if the table has something to say about some workload of the budget's namespace.
asked(_, parameters) if _demands(parameters.otherWorkloads)

asked(budget, parameters) if components.some_in_namespace(parameters.components, workloads.namespace(budget))

# METADATA
# description: >-
#   returns the objects of the inventory whose pods the budget selects and counts, components or not. None
#   if the table has nothing to say about any of them, or if they are more than are checked.
selected(budget, parameters) := _reviewed_selected if {
	requests.is_kept(budget)
	requests.keeps(parameters)
} else := _selected(budget, parameters)

_reviewed_selected := _selected(input.review.object, input.parameters)

_selected(budget, parameters) := [] if {
	excess(budget, parameters) != set()
} else := [obj |
	some obj in _found(budget)
	not owners.checked_there(obj)
	replicas.in_place_of(obj) == [] # its pods are those of a Rollout
] if {
	_matters(budget, parameters)
} else := []

_found(budget) := [obj |
	some obj in _all_candidates(budget)
	budgets.selects(budget, pod_labels.typical(obj))
]

_matters(_, parameters) if _demands(parameters.otherWorkloads)

_matters(budget, parameters) if {
	asked(budget, parameters) # most namespaces are in no row
	some obj in _found(budget)
	components.matched(obj, parameters.components)
}

# METADATA
# description: >-
#   returns the objects of the namespace whose pods the budget may select: its pairs rule out most of the
#   thousands of workloads that a namespace may have. Of custom resources those whose replicas are pods with
#   known labels.
candidates(budget, namespace) := array.concat(
	[obj |
		some kind in inventory.kinds_in(namespace)
		sort := workloads.kinds[kind]
		some obj in inventory.having_in_namespace(namespace, sort.groups, kind, {
			"path": array.concat(sort.template, ["metadata", "labels"]),
			"pairs": pairs,
		})
	],
	[obj |
		some obj in custom_resources.replicated_in_namespace(namespace)
		not workload_refs.unresolved(obj)
		selectors.pairs_hold({"matchLabels": pairs}, pod_labels.typical(obj))
	],
) if {
	pairs := budgets.pairs(budget)
}

_all_candidates(budget) := _reviewed_candidates if {
	requests.is_kept(budget)
} else := candidates(budget, workloads.namespace(budget))

_reviewed_candidates := candidates(input.review.object, workloads.namespace(input.review.object))

# METADATA
# description: >-
#   returns the subjects of the selected objects, each with its own: components, whatever their columns, and
#   other workloads where the profile requires disruption control of them, or that they can be drained, together
#   where one Service selects them all.
subjects(objects, parameters) := found if {
	found := array.concat(_components(objects, parameters), _others(objects, parameters))
	count(found) > 0
} else := _uncounted(objects, parameters)

# METADATA
# description: >-
#   returns the subjects as subjects() does, but all other workloads together: a budget that shares its pods
#   with another is one fault, however many workloads it selects.
groups(objects, parameters) := array.concat(
	_components(objects, parameters),
	[{"subject": others[0].subject, "workloads": [obj | some other in others; some obj in other.workloads]} |
		others := _all_others(objects, parameters)
		count(others) > 0
	],
)

_all_others(objects, parameters) := found if {
	found := _others(objects, parameters)
	count(found) > 0
} else := _uncounted(objects, parameters) if {
	count(_components(objects, parameters)) == 0
} else := []

# By their rows, in the order of these.
_components(objects, parameters) := [{"subject": subject, "workloads": own} |
	placed := [[obj, components.positions_of(obj, parameters.components)] | some obj in objects]
	some position in sort({position | some [_, positions] in placed; some position in positions})
	subject := subjects.of_row(parameters.components[position])
	own := [obj | some [obj, positions] in placed; position in positions]
]

# Those that one Service selects do the same work: a stable and a canary Deployment are protected together.
_others(objects, parameters) := [{"subject": each[0].subject, "workloads": all}] if {
	each := _each_other(objects, parameters)
	all := [obj | some other in each; some obj in other.workloads]
	count(all) > 1
	count(_components(objects, parameters)) == 0
	_have_one_service(all)
} else := _each_other(objects, parameters)

_each_other(objects, parameters) := [{"subject": other, "workloads": [obj]} |
	_demands(parameters.otherWorkloads)
	some obj in objects
	obj.kind != "DaemonSet"
	some other in subjects.of(obj, parameters)
	other.component == null
]

_have_one_service(objects) if {
	services := [service |
		some service in inventory.selecting_in_namespace(workloads.namespace(objects[0]), {""}, "Service", {
			"path": ["spec", "selector"],
			"pods": [pod_labels.typical(objects[0])],
		})
		_selects_pods(service)
	]
	limits.excess("namespacePairs", count(services) * count(objects), []) == set()
	some service in services
	every obj in objects {
		_serves(service, pod_labels.typical(obj))
	}
}

_selects_pods(service) if {
	count(fields.map(service.spec, "selector")) > 0
	count(fields.map(service.spec, "selector")) <= limits.most.labels
	fields.get(service.spec, "type", "ClusterIP") != "ExternalName"
}

_serves(service, labels) if {
	every key, value in service.spec.selector {
		labels[key] == value
	}
}

# Where a budget selects only those: DaemonSets, which have no scale, and the pods of each controller that is
# not in the inventory. No budget is required of either.
_uncounted(objects, parameters) := [{"subject": subject, "workloads": own} |
	_demands(parameters.otherWorkloads)
	sorts := {_sort(obj) | some obj in objects; obj.kind in {"DaemonSet", "Pod"}}
	some sort in sorts
	own := [obj | some obj in objects; _sort(obj) == sort]
	subject := object.union(parameters.otherWorkloads, {
		"name": workloads.title(own[0]),
		"component": null,
		"disruptionControl": false,
	})
]

_sort(obj) := ["DaemonSet", workloads.title(obj)] if {
	obj.kind == "DaemonSet"
} else := [controller(obj), [fields.field_text(owner, "name") | some owner in controllers.references(obj)]]

# METADATA
# description: >-
#   true if drains of pods that the budget selects must finish: it covers these subjects, or the profile says so
#   of all workloads, such as those whose pods were not given.
concerned(covered, _, _) if count(covered) > 0

concerned(_, budget, parameters) if {
	_demands(parameters.otherWorkloads)
	excess(budget, parameters) == set()
}

# METADATA
# description: >-
#   true if drains and updates of the subject must finish: of a component whatever its columns, of another
#   workload where disruption control is required.
concerns(subject) if subject.component != null

concerns(subject) if subject.disruptionControl

concerns(subject) if subject.lasts

# METADATA
# description: true if a drain evicts pods of some of the workloads. kubectl drain ignores those of DaemonSets.
drained(objects) if {
	some obj in objects
	controller(obj) != "DaemonSet"
}

# METADATA
# description: returns the fewest pods that the workloads run.
running(objects) := budget_status.pods(_groups(objects))

_groups(objects) := [_group(obj) | some obj in objects]

_group(obj) := {"kind": controller(obj), "replicas": _number(obj)}

# METADATA
# description: >-
#   returns the kind of the controller of the object's pods, Pod where there is none. A pod whose controller
#   is not in the input counts as one of that controller's pods.
controller(obj) := obj.kind if {
	obj.kind != "Pod"
} else := fields.field_text(reference, "kind") if {
	some reference in fields.list(fields.map(obj, "metadata"), "ownerReferences")
	fields.get(reference, "controller", false) == true
} else := "Pod"

_number(obj) := replicas.least(obj) if {
	replicas.counted(obj)
} else := feasible_nodes.sorts(obj).fit if {
	obj.kind == "DaemonSet"
	nodes.given
} else := 1

# METADATA
# description: >-
#   true if all that is selected are pods of the subject that no controller and no operator recreates once
#   they are evicted. A drain ignores static pods.
dwindles(subject, objects, selected) if {
	not subject.managed
	not subject.static
	count(objects) == count(selected)
	every obj in objects {
		controller(obj) == "Pod"
	}
}

# METADATA
# description: >-
#   true if it is known how many pods the budget counts of the workloads that it selects: an integer in
#   minAvailable says nothing about pods of a DaemonSet unless the input has Nodes.
countable(_, _) if nodes.given

countable(budget, _) if budget_status.by_scale(budget)

countable(budget, _) if budget_status.field(budget) == ""

countable(_, objects) if {
	every obj in objects {
		controller(obj) != "DaemonSet"
	}
}

# METADATA
# description: >-
#   returns the fewest pods that the workload runs: its replicas, or those of a DaemonSet on the Nodes
#   given. Without Nodes a DaemonSet has as many pods as the largest cluster.
pods(obj) := feasible_nodes.many if {
	obj.kind == "DaemonSet"
	not nodes.given
} else := _number(obj)

# METADATA
# description: >-
#   returns what the budget allows while all pods of the workloads that it selects are ready.
status(budget, objects) := budget_status.status(budget, groups, budget_status.pods(groups)) if {
	groups := _groups(objects)
}

# METADATA
# description: >-
#   returns the workloads of which the budget finds pods at all times: its own, and the others without Jobs,
#   whose pods end. Jobs stay where it counts by scale, which they lack while they run.
lasting(budget, objects, own) := [obj |
	some obj in objects
	not _comes_and_goes(budget, obj, own)
]

_comes_and_goes(budget, obj, own) if {
	obj.kind in {"Job", "CronJob"}
	not obj in own
	not budget_status.by_scale(budget)
}

# METADATA
# description: >-
#   returns the most evictions that the budget allows while its own workloads run the fewest pods: when
#   autoscalers run the most of the others that it selects, which it counts as well.
most_allowed(budget, objects, own) := allowed if {
	groups := array.concat(
		_groups(own),
		[object.union(_group(obj), {"replicas": _most(obj)}) |
			some obj in objects
			not obj in own
		],
	)
	allowed := budget_status.status(budget, groups, budget_status.pods(groups)).disruptionsAllowed
}

_most(obj) := max([_number(obj), replicas.most(obj)]) if {
	replicas.counted(obj)
} else := _number(obj)

# METADATA
# description: >-
#   returns the other budgets of its namespace that select pods of the same workloads, one for each name and in
#   the order of their names: the eviction API rejects evictions where two do.
rivals(budget, objects) := [rival |
	pods := [pod_labels.typical(obj) | some obj in objects]
	others := budgets.others(budget, pods)
	titles := {other.title | some labels in pods; some other in budgets.selecting(others, labels)}
	order := sort([[other.title, other.budget] | some other in others; other.title in titles])
	some place, [title, rival] in order
	not order[place - 1][0] == title # one in two API versions
]

# METADATA
# description: returns the titles of those workloads whose pods another budget selects too.
contested(budget, objects) := {workloads.title(obj) |
	count(objects) > 0 # else the other budgets are not read
	others := budgets.others(budget, [pod_labels.typical(obj) | some obj in objects])
	some obj in objects
	count(budgets.selecting(others, pod_labels.typical(obj))) > 0
}

# METADATA
# description: true if no other budget selects pods of these workloads.
alone(objects, others) if count({workloads.title(obj) | some obj in objects} & others) == 0
