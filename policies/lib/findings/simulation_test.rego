package lib.findings.simulation_test

import data.entry
import data.lib.findings.simulation

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
		{"replicas": 1, "apart": "no", "update": {"type": "rolling", "surge": 1, "unavailable": 0}, "peak": null, "isRecreated": true},
	],
	"a Deployment that recreates": [
		_object("Deployment", "dns", {"strategy": {"type": "Recreate"}}),
		{"replicas": 1, "apart": "no", "update": {"type": "recreate"}, "peak": null, "isRecreated": true},
	],
	"a Deployment with a port": [
		_object("Deployment", "dns", _ports),
		{"replicas": 1, "apart": "always", "update": {"type": "rolling", "surge": 1, "unavailable": 0}, "peak": null, "isRecreated": true},
	],
	"a Deployment that keeps revisions apart": [
		_object("Deployment", "dns", _apart),
		{"replicas": 1, "apart": "revision", "update": {"type": "rolling", "surge": 1, "unavailable": 0}, "peak": null, "isRecreated": true},
	],
	"a StatefulSet with a partition": [
		_object("StatefulSet", "dns", {"replicas": 3, "updateStrategy": {"rollingUpdate": {"partition": 2}}}),
		{"replicas": 3, "apart": "no", "update": {"type": "ordered", "from": 2, "unavailable": 1}, "peak": null, "isRecreated": true},
	],
	"a StatefulSet that waits for deletion": [
		_object("StatefulSet", "dns", {"updateStrategy": {"type": "OnDelete"}}),
		{"replicas": 1, "apart": "no", "update": {"type": "none"}, "peak": null, "isRecreated": true},
	],
	"a DaemonSet": [
		_object("DaemonSet", "dns", {}),
		{"replicas": 2, "apart": "no", "update": {"type": "daemon", "surge": 0, "unavailable": 1}, "peak": null, "isRecreated": true},
	],
	"a bare Pod": [
		_object("Pod", "dns", {}),
		{"replicas": 1, "apart": "no", "update": {"type": "none"}, "peak": null, "isRecreated": false},
	],
	"a Pod that an operator makes": [
		_object("Pod", "etcd-0", {}),
		{"replicas": 1, "apart": "no", "update": {"type": "none"}, "peak": null, "isRecreated": true},
	],
}

test_workloads[name] if {
	some name, [obj, expected] in _cases
	[found] := simulation.of(obj, _parameters).workloads with data.inventory as _inventory
	found.nodes == ["a", "b"]
	object.filter(found, object.keys(expected)) == expected
}

test_a_static_pod_stays_in_a_drain if {
	row := {"name": "api", "match": {"namespace": "n", "name": "api*"}, "type": "Pod", "static": true, "disruptionControl": true}
	parameters := object.union(_parameters, {"components": [row]})
	every kind, is_static in {"Pod": true, "Deployment": false} {
		[found] := simulation.of(_object(kind, "api", {}), parameters).workloads with data.inventory as _inventory
		found.isStatic == is_static
	}
	[other] := simulation.of(_object("Pod", "dns", {}), _parameters).workloads with data.inventory as _inventory
	not other.isStatic
}

test_what_no_row_claims_does_not_move if {
	simulation.of(_object("Deployment", "web", {}), _parameters).workloads == []
}

test_another_workload_is_simulated_where_disruption_control_is_required if {
	[found] := simulation.of(
		_object("Deployment", "web", {}),
		object.union(_parameters, {"otherWorkloads": {"disruptionControl": true}}),
	).workloads with data.inventory as _inventory
	found.component == "Deployment n/web"
}

test_a_custom_resource_is_not_known if {
	rollout := object.union(_object("Rollout", "dns", {"template": {"spec": {}}}), {"apiVersion": "argoproj.io/v1alpha1"})
	simulation.of(rollout, _parameters).workloads == []
	simulation.of(rollout, _parameters).unknown == [
		"not simulated: how a Rollout of argoproj.io replaces its pods is not known",
	]
	simulation.of(object.union(rollout, {"metadata": {"name": "web"}}), _parameters).unknown == []
}

test_the_number_of_pods_of_a_custom_resource_is_not_known if {
	vm := object.union(
		_object("VirtualMachine", "dns", {"template": {"spec": {}}}),
		{"apiVersion": "kubevirt.io/v1"},
	)
	simulation.of(vm, _parameters).unknown == [concat("", [
		"not simulated: how many pods a VirtualMachine of kubevirt.io runs, and how it replaces them, ",
		"is not known",
	])]
}

# Its pods stay: those of the Deployment may go until the budget has no other left.
test_pods_of_a_custom_resource_under_a_budget_stay if {
	rollout := object.union(
		_object("Rollout", "dns-canary", {"replicas": 1, "template": {"metadata": {"labels": {"app": "x"}}}}),
		{"apiVersion": "argoproj.io/v1alpha1"},
	)
	both := object.union(_with({"dns": _dns}), {"namespace": {"n": {"argoproj.io/v1alpha1": {"Rollout": {"dns-canary": rollout}}}}})
	[budget] := simulation.of(_budget({"minAvailable": 2}), _parameters).budgets with data.inventory as both
	budget.workloads == ["Deployment n/dns"]
	budget.desiredHealthy == 1
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

_budgets := {
	"of a component alone": [{"minAvailable": 1}, _with({"dns": _dns}), 1, ""],
	"beside pods of no component, which stay": [{"minAvailable": 4}, _with({"dns": _dns, "web": _web}), 1, ""],
	"without a number": [{}, _with({"dns": _dns}), 0, "it sets neither minAvailable nor maxUnavailable"],
	"of a number that is none": [
		{"minAvailable": "1"},
		_with({"dns": _dns}),
		0,
		"minAvailable is neither an integer nor a percentage",
	],
}

test_budgets[name] if {
	some name, [spec, inventory, desired, refuses] in _budgets
	[found] := simulation.of(_budget(spec), _parameters).budgets with data.inventory as inventory
	found == {
		"name": "PodDisruptionBudget n/b",
		"workloads": ["Deployment n/dns"],
		"desiredHealthy": desired,
		"refuses": refuses,
	}
}

test_a_budget_over_bare_pods_counts_none_by_scale if {
	pod := object.union(_object("Pod", "dns", {}), {"metadata": {"labels": {"app": "x"}}})
	[found] := simulation.of(_budget({"maxUnavailable": 1}), _parameters).budgets with data.inventory as {"namespace": {"n": {"v1": {"Pod": {"dns": pod}}}}}
	found.refuses == "its pods have no controller, which maxUnavailable requires"
}

test_another_object_is_not_a_budget if {
	simulation.of(_dns, _parameters).budgets == []
}

test_the_entry_gives_both if {
	found := entry.simulation with input as {"review": {"object": _dns}}
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
	[found] := simulation.of(_dns, _parameters).workloads with data.inventory as inventory
	found.replicas == 1
	found.peak == {"replicas": 4, "update": {"type": "rolling", "surge": 1, "unavailable": 1}}
}
