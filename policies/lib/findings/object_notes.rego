# METADATA
# title: Notes on objects that are read
# description: >-
#   What counts as absent, because no API server would keep it, and what concerns workloads that are not in the
#   input: a budget, an autoscaler and a RuntimeClass find nothing by themselves.
# custom:
#   reads: [controller, pod, replicated]
package lib.findings.object_notes

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.api.served
import data.lib.disruption.coverage
import data.lib.disruption.targets
import data.lib.findings.intrusion
import data.lib.findings.words
import data.lib.nodes.nodes
import data.lib.scheduling.feasibility
import data.lib.scheduling.pods
import data.lib.table.components
import data.lib.workloads.replicas
import data.lib.workloads.workloads

# METADATA
# description: returns the notes on the object, given the whole table.
of(obj, parameters) := union({
	_not_kept(obj, parameters),
	_budget_alone(obj, parameters),
	_autoscaler_alone(obj, parameters),
	_class_alone(obj, parameters),
})

_not_kept(obj, parameters) := set() if {
	not _counts(obj, parameters)
} else := {{
	"code": "OBJECT_ABSENT",
	"path": ["apiVersion"],
	"message": concat("", ["this ", obj.kind, " counts as absent: ", _unserved(obj.apiVersion)]),
}} if {
	not served.version(obj.apiVersion)
} else := {{
	"code": "OBJECT_ABSENT",
	"path": fault.path,
	"message": concat("", ["this ", obj.kind, " counts as absent: the API server rejects it, since ", fault.says]),
} |
	some fault in served.faults(obj)
}

_is_class(obj) if {
	obj.kind == "RuntimeClass"
	inventory.group(obj.apiVersion) == "node.k8s.io"
}

_is_autoscaler(obj) if {
	obj.kind == "HorizontalPodAutoscaler"
	inventory.group(obj.apiVersion) in {"autoscaling", "extensions"}
}

_is_autoscaler(obj) if {
	obj.kind == "ScaledObject"
	inventory.group(obj.apiVersion) == "keda.sh"
}

# A budget and an autoscaler count where the table has something to say about their workloads.
_counts(obj, parameters) if {
	coverage.is_budget(obj)
	count(coverage.selected(obj, parameters)) > 0
}

_counts(obj, parameters) if {
	_is_autoscaler(obj)
	_concerns_target(obj, parameters)
}

_counts(obj, _) if nodes.known(obj)

_counts(obj, _) if _is_class(obj)

_unserved(api_version) := concat("", [
	"Kubernetes 1.",
	format_int(served.removed(api_version), 10),
	" and later do not serve ",
	api_version,
]) if {
	served.removed(api_version)
} else := concat(" ", ["no Kubernetes serves", api_version])

# One that selects no pods at all is a finding of unmatched-disruption-budget.
_budget_alone(obj, parameters) := {_unchecked_budget(obj, targets.makers(obj)) |
	not targets.unmatched(obj)
} if {
	targets.unknown(obj, parameters)
} else := {_unchecked_budget(obj, beside) |
	beside := targets.makers_beside(obj, parameters)
	count(beside) > 0
}

_unchecked_budget(obj, []) := {
	"code": "TARGET_UNKNOWN",
	"path": ["spec", "selector"],
	"message": concat("", [
		workloads.title(obj),
		" selects no pods of workloads in the input: include them, or correct the selector, ",
		"to check what it protects or blocks",
	]),
}

_unchecked_budget(_, makers) := {
	"code": "REPLICAS_UNKNOWN",
	"path": ["spec", "selector"],
	"message": concat("", [
		"whether it allows an eviction of the pods of ",
		words.titles(makers),
		" was not checked: how many these run is not known; compare the budget's number with theirs",
	]),
} if {
	count(makers) > 0
}

_autoscaler_alone(obj, parameters) := {{
	"code": "TARGET_UNKNOWN",
	"path": ["spec"],
	"message": concat("", [
		workloads.title(obj),
		" scales ",
		workloads.title(target),
		", which is not in the input: include it, to check how many pods it runs",
	]),
} |
	_is_autoscaler(obj)
	_concerns_target(obj, parameters)
	target := _target(obj)
	count(inventory.named_in_namespace(
		workloads.namespace(target),
		{inventory.group(target.apiVersion)},
		target.kind,
		workloads.name(target),
	)) == 0
}

_target(obj) := {
	"apiVersion": fields.get(reference, "apiVersion", "apps/v1"),
	"kind": fields.text(fields.get(reference, "kind", "Deployment")), # KEDA's default
	"metadata": {"namespace": workloads.namespace(obj), "name": fields.field_text(reference, "name")},
} if {
	reference := fields.at(obj, ["spec", served.target_field(obj)], {})
}

_concerns_target(obj, parameters) if components.matched(_target(obj), parameters.components)

_concerns_target(obj, parameters) if {
	_is_workload(_target(obj))
	_counts_pods(parameters.otherWorkloads)
}

_is_workload(target) if workloads.built_in(target)

_is_workload(target) if replicas.counted(target)

_counts_pods(columns) if columns.antiAffinity

_counts_pods(columns) if columns.disruptionControl

_class_alone(obj, parameters) := {{
	"code": "TARGET_UNKNOWN",
	"path": ["scheduling", "tolerations"],
	"message": concat("", [
		workloads.title(obj),
		" lets pods onto ",
		concat(" and ", opened),
		" nodes, and no workload in the input names it: include those that do, to check them",
	]),
} |
	_is_class(obj)
	opened := sort({role.name |
		some role in intrusion.reserved(parameters)
		feasibility.reaches(_placement(obj), role.classes)
	})
	count(opened) > 0
	not _used(workloads.name(obj))
}

_placement(class) := pods.placement({"runtimeClassName": workloads.name(class)}, [], "scheduler")

_used(name) if {
	some kind, sort in workloads.kinds
	some obj in inventory.everywhere(sort.groups, kind)
	fields.field_text(workloads.pod(obj), "runtimeClassName") == name
}
