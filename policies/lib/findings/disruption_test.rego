package lib.findings.disruption_test

import data.lib.disruption.coverage
import data.lib.findings.disruption

_budget(spec) := {
	"apiVersion": "policy/v1",
	"kind": "PodDisruptionBudget",
	"metadata": {"name": "b", "namespace": "n"},
	"spec": object.union({"selector": {"matchLabels": {"app": "x"}}}, spec),
}

_object(kind, name, spec) := {
	"apiVersion": "apps/v1",
	"kind": kind,
	"metadata": {"name": name, "namespace": "n"},
	"spec": object.union({"template": {"metadata": {"labels": {"app": "x"}}}}, spec),
}

_deployment(replicas) := _object("Deployment", "dns", {"replicas": replicas})

_cron_job(name) := {
	"apiVersion": "batch/v1",
	"kind": "CronJob",
	"metadata": {"name": name, "namespace": "n"},
	"spec": {"jobTemplate": {"spec": {"template": {"metadata": {"labels": {"app": "x"}}}}}},
}

_daemon_set := _object("DaemonSet", "proxy", {})

_bare_pod := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "n", "labels": {"app": "x"}}}

_covered(workloads) := {"subject": {"name": "dns", "component": "dns"}, "workloads": workloads}

_blocking_fix(spec, own, others) := disruption.blocking_fix(
	_budget(spec),
	coverage.status(_budget(spec), array.concat(own, others)),
	_covered(own),
	array.concat(own, others),
)

# The budget, the workloads of the component, the others that it counts, and the title of the fix.
_blocking := {
	"one less": [{"minAvailable": 3}, [_deployment(3)], [], "Set minAvailable to 2."],
	"one more": [{"maxUnavailable": 0}, [_deployment(3)], [], "Set maxUnavailable to 1."],
	"one replica": [
		{"minAvailable": 1},
		[_deployment(1)],
		[],
		concat("", [
			"Set spec.replicas of Deployment n/dns to 2 and minAvailable to 1: ",
			"with 1 replica a budget blocks every drain or protects nothing.",
		]),
	],
	"others beside it": [
		{"minAvailable": 5},
		[_deployment(3)],
		[_object("Deployment", "web", {"replicas": 2})],
		"Allow a disruption: lower minAvailable, raise maxUnavailable, or add replicas.",
	],
	"a CronJob beside it": [
		{"maxUnavailable": 1},
		[_deployment(3)],
		[_cron_job("backup")],
		"Narrow spec.selector so that it does not match the pods of CronJob n/backup.",
	],
	"many CronJobs beside it": [
		{"maxUnavailable": 1},
		[_deployment(3)],
		[_cron_job("a"), _cron_job("b"), _cron_job("c"), _cron_job("d"), _cron_job("e")],
		"Narrow spec.selector so that it does not match the pods of CronJob n/a, CronJob n/b, CronJob n/c and 2 others.",
	],
	"a DaemonSet": [
		{"maxUnavailable": 1},
		[_daemon_set],
		[],
		"Set minAvailable to an integer, which needs no scale subresource.",
	],
	"a string": [
		{"minAvailable": "1"},
		[_deployment(3)],
		[],
		"Write the number without quotes, or as a percentage.",
	],
	"no number": [{}, [_deployment(3)], [], "Set minAvailable or maxUnavailable."],
	"pods without a controller": [
		{"maxUnavailable": 1},
		[_bare_pod],
		[],
		"Set minAvailable to an integer, or run the pods by a controller such as a Deployment.",
	],
}

test_blocking_fix[name] if {
	some name, [spec, own, others, title] in _blocking
	_blocking_fix(spec, own, others).title == title
}

test_blocking_names_the_workloads_that_it_cannot_count if {
	found := disruption.blocking_related(_covered([_deployment(3)]), [_deployment(3), _cron_job("backup")])
	{[other.kind, other.says] | some other in found} == {
		["Deployment", "3 replicas"],
		["CronJob", "the budget selects its pods"],
	}
}

test_the_selector_in_words if {
	budget := _budget({"minAvailable": 1, "selector": {"matchLabels": {"a b": "x"}}})
	disruption.causes(coverage.status(budget, [_deployment(1)])) == "its selector cannot be parsed"
	disruption.causes(coverage.status(_budget({"minAvailable": 1}), [])) == "it selects no pods"
}

_powerless_fix(spec, running, own, others) := disruption.powerless_fix(
	_budget(spec),
	running,
	_covered(own),
	array.concat(own, others),
).title

test_powerless_fix if {
	_powerless_fix({"maxUnavailable": 1}, 1, [_bare_pod], []) == "Run at least 2 pods, and set minAvailable to 1."
	_powerless_fix({"maxUnavailable": "100%"}, 3, [_deployment(3)], []) == "Set maxUnavailable to 1."
	_powerless_fix({"minAvailable": 1}, 3, [_deployment(3)], [_cron_job("backup")]) == concat("", [
		"Narrow spec.selector so that it does not match the pods of CronJob n/backup.",
	])
}

_scaled_inventory := {"namespace": {"n": {"autoscaling/v2": {"HorizontalPodAutoscaler": {"s": {
	"apiVersion": "autoscaling/v2",
	"kind": "HorizontalPodAutoscaler",
	"metadata": {"name": "s", "namespace": "n"},
	"spec": {"minReplicas": 1, "maxReplicas": 4, "scaleTargetRef": {"kind": "Deployment", "name": "dns"}},
}}}}}}

test_the_number_of_an_autoscaler_names_the_autoscaler if {
	title := _powerless_fix({"maxUnavailable": 1}, 1, [_deployment(3)], []) with data.inventory as _scaled_inventory
	startswith(title, "Set spec.minReplicas of HorizontalPodAutoscaler n/s to 2 and maxUnavailable to 1")
	found := disruption.related([_deployment(3)]) with data.inventory as _scaled_inventory
	{[other.kind, other.path] | some other in found} == {
		["Deployment", ["spec", "replicas"]],
		["HorizontalPodAutoscaler", ["spec", "minReplicas"]],
	}
}

test_missing_fix_gives_the_selector if {
	disruption.missing_fix(_deployment(3)).title == concat("", [
		"Add a PodDisruptionBudget to namespace n with minAvailable: 1 ",
		"and selector: {matchLabels: {app: \"x\"}}.",
	])
	own := _object("Deployment", "dns", {"replicas": 1, "selector": {"matchLabels": {"app": "x"}}})
	startswith(disruption.missing_fix(own).title, "Set spec.replicas of Deployment n/dns to 2, and add a PodDisruptionBudget")
	unlabelled := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "n"}}
	disruption.missing_fix(unlabelled).title == "Give its pods labels, and add a PodDisruptionBudget for them."
}
