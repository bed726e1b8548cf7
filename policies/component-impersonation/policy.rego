# METADATA
# title: Component impersonation
# description: >-
#   A workload that no component of the table claims wears the labels by which a component's own
#   selector, Service or disruption budget finds its pods.
# related_resources:
#   - https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
# custom:
#   category: components
#   severity: error
#   kinds: [workload]
#   columns: []
#   requires: [controller, service, budget]
#   reads: [service, budget]
#   admission: warn
#   rationale: >-
#     Labels are anyone's to write. A pod that wears a component's labels receives the traffic of its
#     Service, is counted in its budget, and may be adopted by its controller.
#   remediation: >-
#     Give the workload labels of its own, or a row of the table.
package policies["component-impersonation"]

import data.lib.api.inventory
import data.lib.api.selectors
import data.lib.table.components
import data.lib.table.owners
import data.lib.workloads.workloads

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": {"path": path, "component": null}} if {
	workloads.known(input.review.object)
	not components.claimed(input.review.object, input.parameters.components)
	not owners.judged_there(input.review.object)
	labels := workloads.pod_labels(input.review.object)
	count(labels) > 0
	some [row, controller] in _components
	some finder in _finders(row, controller, labels)
	path := array.concat(workloads.template_path(input.review.object), ["metadata", "labels"])
	msg := concat("", [
		workloads.title(input.review.object),
		" wears the labels by which ",
		finder,
		" finds the pods of ",
		row.name,
	])
}

# The controllers in the object's namespace that are components, looked for where a component can be.
_components := [[row, controller] |
	some row in input.parameters.components
	row.match.namespace == workloads.namespace(input.review.object)
	some controller in components.members(row, input.parameters.components)
	controller.kind != "Pod"
]

_finders(_, controller, labels) := {"its own selector" |
	owners.selects(controller, labels)
} | {workloads.title(finder) |
	some finder in _finding
	selectors.matches(_selector(finder), workloads.pod_labels(controller))
}

# What finds the object's pods, whosever they are: few of the thousands that a namespace may have.
_finding := [finder |
	labels := workloads.pod_labels(input.review.object)
	some [kind, groups, path] in _sorts
	some finder in inventory.selecting_in_namespace(
		workloads.namespace(input.review.object),
		groups,
		kind,
		{"path": path, "labels": labels},
	)
	selectors.matches(_selector(finder), labels)
]

_sorts := [
	["Service", {""}, ["spec", "selector"]],
	["PodDisruptionBudget", {"policy"}, ["spec", "selector", "matchLabels"]],
]

# A Service without a selector finds nothing, a budget with an empty one everything: that is no guise.
_selector(finder) := {"matchLabels": finder.spec.selector} if {
	finder.kind == "Service"
	count(finder.spec.selector) > 0
}

_selector(finder) := finder.spec.selector if {
	finder.kind == "PodDisruptionBudget"
	count(finder.spec.selector) > 0
}
