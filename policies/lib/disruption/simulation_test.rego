package lib.disruption.simulation_test

import data.entry
import data.lib.disruption.simulation

_parameters := {"components": [
	{"name": "dns", "match": {"namespace": "n", "name": "dns"}},
	{"name": "etcd", "match": {"namespace": "n", "name": "etcd-*"}, "managed": true},
]}

_inventory := {"cluster": {"v1": {"Node": {
	"a": {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a", "uid": "1"}},
	"b": {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "b", "uid": "2"}},
}}}}

_object(kind, name, spec) := {
	"apiVersion": _version(kind),
	"kind": kind,
	"metadata": {"namespace": "n", "name": name},
	"spec": spec,
}

_version(kind) := "v1" if kind == "Pod"

_version(kind) := "apps/v1" if kind != "Pod"

_ports := {"template": {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [{"ports": [{"hostPort": 1}]}]}}}

_apart := {"template": {
	"metadata": {"labels": {"app": "x"}},
	"spec": {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{
		"topologyKey": "kubernetes.io/hostname",
		"labelSelector": {"matchLabels": {"app": "x"}},
		"matchLabelKeys": ["pod-template-hash"],
	}]}}},
}}

_cases := {
	"a Deployment that says nothing": [
		_object("Deployment", "dns", {}),
		{"replicas": 1, "apart": "no", "update": {"type": "rolling", "surge": 1, "unavailable": 0}, "peak": null, "isRemade": true},
	],
	"a Deployment that recreates": [
		_object("Deployment", "dns", {"strategy": {"type": "Recreate"}}),
		{"replicas": 1, "apart": "no", "update": {"type": "recreate"}, "peak": null, "isRemade": true},
	],
	"a Deployment with a port": [
		_object("Deployment", "dns", _ports),
		{"replicas": 1, "apart": "always", "update": {"type": "rolling", "surge": 1, "unavailable": 0}, "peak": null, "isRemade": true},
	],
	"a Deployment that keeps revisions apart": [
		_object("Deployment", "dns", _apart),
		{"replicas": 1, "apart": "revision", "update": {"type": "rolling", "surge": 1, "unavailable": 0}, "peak": null, "isRemade": true},
	],
	"a StatefulSet with a partition": [
		_object("StatefulSet", "dns", {"replicas": 3, "updateStrategy": {"rollingUpdate": {"partition": 2}}}),
		{"replicas": 3, "apart": "no", "update": {"type": "ordered", "from": 2}, "peak": null, "isRemade": true},
	],
	"a StatefulSet that waits for deletion": [
		_object("StatefulSet", "dns", {"updateStrategy": {"type": "OnDelete"}}),
		{"replicas": 1, "apart": "no", "update": {"type": "none"}, "peak": null, "isRemade": true},
	],
	"a DaemonSet": [
		_object("DaemonSet", "dns", {}),
		{"replicas": 2, "apart": "no", "update": {"type": "daemon", "surge": 0, "unavailable": 1}, "peak": null, "isRemade": true},
	],
	"a bare Pod": [
		_object("Pod", "dns", {}),
		{"replicas": 1, "apart": "no", "update": {"type": "none"}, "peak": null, "isRemade": false},
	],
	"a Pod that an operator makes": [
		_object("Pod", "etcd-0", {}),
		{"replicas": 1, "apart": "no", "update": {"type": "none"}, "peak": null, "isRemade": true},
	],
}

test_workloads[name] if {
	some name, [obj, expected] in _cases
	[found] := simulation.workloads(obj, _parameters) with data.inventory as _inventory
	found.nodes == ["a", "b"]
	object.filter(found, object.keys(expected)) == expected
}

test_what_no_row_claims_does_not_move if {
	simulation.workloads(_object("Deployment", "web", {}), _parameters) == []
}

test_another_workload_moves_where_the_last_row_demands_disruption_control if {
	[found] := simulation.workloads(
		_object("Deployment", "web", {}),
		object.union(_parameters, {"otherWorkloads": {"disruptionControl": true}}),
	) with data.inventory as _inventory
	found.component == "Deployment web"
}

test_a_custom_resource_is_not_known if {
	rollout := object.union(_object("Rollout", "dns", {"template": {"spec": {}}}), {"apiVersion": "argoproj.io/v1alpha1"})
	simulation.workloads(rollout, _parameters) == []
	simulation.unknown(rollout, _parameters) == [concat("", [
		"how many pods a Rollout of argoproj.io runs, and how it replaces them, ",
		"is not known: it was not simulated",
	])]
	simulation.unknown(object.union(rollout, {"metadata": {"name": "web"}}), _parameters) == []
}

_dns := _object("Deployment", "dns", {"replicas": 2, "template": {"metadata": {"labels": {"app": "x"}}}})

_web := _object("Deployment", "web", {"replicas": 3, "template": {"metadata": {"labels": {"app": "x"}}}})

_with(workloads) := {"namespace": {"n": {"apps/v1": {"Deployment": workloads}}}}

_budget(spec) := {
	"apiVersion": "policy/v1",
	"kind": "PodDisruptionBudget",
	"metadata": {"namespace": "n", "name": "b"},
	"spec": object.union({"selector": {"matchLabels": {"app": "x"}}}, spec),
}

_demands := {
	"of a component alone": [{"minAvailable": 1}, _with({"dns": _dns}), 1, ""],
	"beside pods of no component, which stay": [{"minAvailable": 4}, _with({"dns": _dns, "web": _web}), 1, ""],
	"without a number": [{}, _with({"dns": _dns}), 0, "it has neither minAvailable nor maxUnavailable"],
	"of a number that is none": [
		{"minAvailable": "1"},
		_with({"dns": _dns}),
		0,
		"its minAvailable is neither a whole number nor a percentage",
	],
}

test_budgets[name] if {
	some name, [spec, inventory, desired, refuses] in _demands
	[found] := simulation.budgets(_budget(spec), _parameters) with data.inventory as inventory
	found == {
		"name": "PodDisruptionBudget b",
		"workloads": ["Deployment n/dns"],
		"desiredHealthy": desired,
		"refuses": refuses,
	}
}

test_a_budget_over_bare_pods_counts_none_by_scale if {
	pod := object.union(_object("Pod", "dns", {}), {"metadata": {"labels": {"app": "x"}}})
	[found] := simulation.budgets(_budget({"maxUnavailable": 1}), _parameters) with data.inventory as {"namespace": {"n": {"v1": {"Pod": {"dns": pod}}}}}
	found.refuses == "no controller makes its pods, for its maxUnavailable to count by"
}

test_what_is_no_budget_demands_nothing if {
	simulation.budgets(_dns, _parameters) == []
}

test_the_entry_gives_both if {
	found := entry.dynamics with input as {"review": {"object": _dns}}
		with data.bulkhead as {"table": _parameters}
		with data.inventory as _inventory
	[workload.id | some workload in found.workloads] == ["Deployment n/dns"]
	found.budgets == []
}

test_an_autoscaler_says_what_a_workload_is_at_most if {
	scaler := {
		"apiVersion": "autoscaling/v2",
		"kind": "HorizontalPodAutoscaler",
		"metadata": {"name": "dns", "namespace": "n"},
		"spec": {
			"minReplicas": 1,
			"maxReplicas": 4,
			"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "dns"},
		},
	}
	inventory := object.union(
		_inventory,
		{"namespace": {"n": {"autoscaling/v2": {"HorizontalPodAutoscaler": {"dns": scaler}}}}},
	)
	[found] := simulation.workloads(_dns, _parameters) with data.inventory as inventory
	found.replicas == 1
	found.peak == {"replicas": 4, "update": {"type": "rolling", "surge": 1, "unavailable": 1}}
}
