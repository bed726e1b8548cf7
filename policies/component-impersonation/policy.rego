# METADATA
# title: Component impersonation
# description: >-
#   A workload that is no component of the profile has the labels that a component's own selector, Service or
#   PodDisruptionBudget uses to select its pods.
# related_resources:
#   - https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
# custom:
#   category: components
#   severity: error
#   security: 7.5
#   kinds: [workload]
#   columns: []
#   requires: [controller, service, budget]
#   reads: [service, budget]
#   admission: warn
#   exemptable: true
#   rationale: >-
#     Anyone can set labels. A pod with a component's labels receives the traffic of its Service, is counted
#     by its PodDisruptionBudget, and may be adopted by its controller.
#   remediation: >-
#     Use labels of its own, or add the workload to the profile's components.
package policies["component-impersonation"]

import data.lib.api.inventory
import data.lib.api.selectors
import data.lib.findings.findings
import data.lib.findings.ownership
import data.lib.findings.parameter_faults
import data.lib.findings.unchecked
import data.lib.table.components
import data.lib.table.owners
import data.lib.workloads.controllers
import data.lib.workloads.pod_limits
import data.lib.workloads.workloads

# METADATA
# entrypoint: true
violation contains findings.violation(msg, {
	"path": array.concat(workloads.template_path(input.review.object), ["metadata", "labels"]),
	"component": null,
	"fix": found.fix,
	"related": [findings.related(selecting, ["spec", "selector"], "selects the pods") | some selecting in all],
}) if {
	components.some_in_namespace(input.parameters.components, workloads.namespace(input.review.object))
	_is_other
	count(pod_limits.labels(input.review.object)) == 0
	count(_labels) > 0
	components.some_in_namespace(input.parameters.components, workloads.namespace(input.review.object))
	some row in input.parameters.components
	all := [selecting | some selecting in _selecting(row)]
	count(all) > 0
	found := ownership.with_owner(input.review.object, {
		"says": concat("", [
			"has the labels that ",
			concat(", ", sort({_short_title(selecting) | some selecting in all})),
			_verb(all),
			" to select the pods of ",
			row.name,
		]),
		"fix": findings.advice(concat(" ", [
			"Use labels of its own.",
			"If it is part of the cluster, add it to the profile's components.",
		])),
	})
	msg := concat(" ", [workloads.title(input.review.object), found.says])
}

violation contains parameter_faults.violation(input.review.object, says) if {
	some says in parameter_faults.of_components(object.get(input, "parameters", {}), [])
}

violation contains unchecked.violation(may, excess, null) if {
	_is_other
	some excess in pod_limits.labels(input.review.object)
	some row in input.parameters.components
	components.in_namespace(row, workloads.namespace(input.review.object))
	may := concat(" ", [workloads.title(input.review.object), "may have the labels of", row.name])
}

_is_other if components.other(input.review.object, input.parameters)

# Its owner is checked for the labels of the template.
_is_other if {
	workloads.known(input.review.object)
	not components.matched(input.review.object, input.parameters.components)
	count(_template_labels) > 0
}

_template_labels := owners.labels_there(input.review.object)

_verb([_]) := " uses"

_verb(found) := " use" if count(found) > 1

_short_title(selecting) := concat(" ", [selecting.kind, workloads.name(selecting)])

_labels := workloads.pod_labels(input.review.object)

# The controllers, Services and budgets that select the component's pods and match these labels too, but not
# those of the template that the pod comes from: the rest are labels of its own.
_selecting(row) := {selecting |
	some controller in _named_as(row)
	some selecting in ({controller | controllers.selects(controller, _labels)} | {found |
		some found in _selecting_labels
		selectors.matches(_selector(found), workloads.pod_labels(controller))
	})
	not _by_template(selecting)
	components.is_member(controller, row, input.parameters.components) # last, since few come here
}

_by_template(selecting) if {
	some labels in _template_labels
	selectors.matches(_selector(selecting), labels)
}

_by_template(selecting) if {
	some labels in _template_labels
	workloads.known(selecting)
	controllers.selects(selecting, labels)
}

_named_as(row) := [controller |
	namespace := workloads.namespace(input.review.object)
	some controller in components.near_in(row, namespace, input.parameters.components)
	controller.kind != "Pod"
]

# The selectors of all components that match the object's pods: few of the thousands in a namespace.
_selecting_labels := [found |
	some [kind, groups, path] in _sorts
	some found in inventory.selecting_in_namespace(
		workloads.namespace(input.review.object),
		groups,
		kind,
		{"path": path, "pods": [_labels]},
	)
	selectors.matches(_selector(found), _labels)
]

_sorts := [
	["Service", {""}, ["spec", "selector"]],
	["PodDisruptionBudget", {"policy"}, ["spec", "selector", "matchLabels"]],
]

# A Service without a selector selects nothing, a budget with an empty selector everything: neither is
# impersonation.
_selector(found) := {"matchLabels": found.spec.selector} if {
	found.kind == "Service"
	count(found.spec.selector) > 0
}

_selector(found) := found.spec.selector if {
	found.kind == "PodDisruptionBudget"
	count(found.spec.selector) > 0
}
