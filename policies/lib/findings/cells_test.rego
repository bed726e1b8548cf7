package lib.findings.cells_test

import data.lib.findings.cells
import data.lib.workloads.replicas

_parameters := {"nodeRoles": [
	{"name": "master", "labels": [{"key": "m", "value": ""}], "taints": [{"key": "m", "value": "", "effect": "NoSchedule"}]},
	{"name": "infra", "labels": [{"key": "i", "value": ""}], "taints": [{"key": "i", "value": "", "effect": "NoSchedule"}]},
	{"name": "worker", "labels": [{"key": "w", "value": ""}], "taints": []},
]}

_all := [{"operator": "Exists"}]

_deployment(pod) := {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": {"spec": pod}}}

_cases := {
	"bound to one role": [_deployment({"nodeSelector": {"m": ""}, "tolerations": _all}), ["1", "master"]],
	"bound to two roles": [_deployment({"nodeSelector": {"m": "", "i": ""}, "tolerations": _all}), ["1", "infra"]],
	"on every node": [_deployment({"tolerations": _all}), ["1", "all"]],
	"on workers, and wherever else no taint is": [_deployment({}), ["1", "worker"]],
	"on some": [_deployment({"nodeSelector": {"zone": "a"}, "tolerations": [{"key": "m", "operator": "Exists"}]}), ["1", "master, worker"]],
	"on none": [_deployment({"nodeSelector": {"m": "other"}}), ["1", "none"]],
	"a DaemonSet": [{"apiVersion": "apps/v1", "kind": "DaemonSet"}, ["n", "worker"]],
	"a Pod": [{"apiVersion": "v1", "kind": "Pod"}, ["1", "worker"]],
	"a Job": [{"apiVersion": "batch/v1", "kind": "Job"}, ["N/A", "worker"]],
	"replicas that are no number": [{"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"replicas": 2.5}}, ["2.5", "worker"]],
}

test_cells[name] if {
	some name, [obj, [replicas, node_role]] in _cases
	cells.cells(obj, "row", _parameters) == {
		"component": "row",
		"type": obj.kind,
		"replicas": replicas,
		"nodeRole": node_role,
		"antiAffinity": _spread(obj),
		"disruptionControl": "no",
	}
}

_spread(obj) := "yes" if obj.kind == "DaemonSet"

_spread(obj) := "no" if obj.kind != "DaemonSet"

test_a_budget_is_disruption_control if {
	budget := {
		"apiVersion": "policy/v1",
		"kind": "PodDisruptionBudget",
		"metadata": {"name": "b", "namespace": "n"},
		"spec": {"selector": {}},
	}
	obj := object.union(_deployment({}), {"metadata": {"name": "a", "namespace": "n"}})
	row := cells.cells(obj, "row", _parameters) with data.inventory.namespace as {"n": {"policy/v1": {"PodDisruptionBudget": {"b": budget}}}}
	row.disruptionControl == "yes"
}

test_autoscalers_set_the_least_replicas if {
	scaler := {
		"apiVersion": "autoscaling/v2",
		"kind": "HorizontalPodAutoscaler",
		"metadata": {"name": "s", "namespace": "n"},
		"spec": {"minReplicas": 3, "maxReplicas": 5, "scaleTargetRef": {"kind": "Deployment", "name": "a"}},
	}
	obj := object.union(_deployment({}), {"metadata": {"name": "a", "namespace": "n"}})
	row := cells.cells(obj, "row", _parameters) with data.inventory.namespace as {"n": {"autoscaling/v2": {"HorizontalPodAutoscaler": {"s": scaler}}}}
	row.replicas == "3 or more"
}

_rollout := {
	"apiVersion": "argoproj.io/v1alpha1",
	"kind": "Rollout",
	"metadata": {"name": "r", "namespace": "n"},
	"spec": {"replicas": 3, "workloadRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "a"}},
}

# Both are in the row, and say the same.
test_a_rollout_has_the_pods_of_its_deployment if {
	pod := object.union(_preferred, {"nodeSelector": {"m": ""}, "tolerations": _all})
	deployment := object.union(_deployment(pod), {
		"metadata": {"name": "a", "namespace": "n"},
		"spec": {"replicas": 0, "template": {"metadata": {"labels": {"app": "a"}}}},
	})
	inventory := {"n": {
		"apps/v1": {"Deployment": {"a": deployment}},
		"argoproj.io/v1alpha1": {"Rollout": {"r": _rollout}},
	}}
	replicas.least(deployment) == 0 with data.inventory.namespace as inventory
	every obj in [deployment, _rollout] {
		row := cells.cells(obj, "row", _parameters) with data.inventory.namespace as inventory
		object.remove(row, ["type"]) == {
			"component": "row",
			"replicas": "3",
			"nodeRole": "master",
			"antiAffinity": "preferred",
			"disruptionControl": "no",
		}
	}
}

test_a_kind_whose_pods_are_not_counted_has_no_cells if {
	not cells.cells({"apiVersion": "kubevirt.io/v1", "kind": "VirtualMachine"}, "row", _parameters)
}

_own := {"matchLabels": {"app": "a"}}

_term := {"topologyKey": "kubernetes.io/hostname", "labelSelector": _own}

_required := {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [_term]}}}

_weighted := {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1, "podAffinityTerm": _term}]}

_preferred := {"affinity": {"podAntiAffinity": _weighted}}

_constraint(fields) := {"topologySpreadConstraints": [object.union(
	{"topologyKey": "kubernetes.io/hostname", "maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule", "labelSelector": _own},
	fields,
)]}

_port := {"containers": [{"ports": [{"containerPort": 53, "hostPort": 53}]}]}

_zones := {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [object.union(
	_term,
	{"topologyKey": "topology.kubernetes.io/zone"},
)]}}}

# The pod spec, and by what the table says that its pods are spread.
_spreads := {
	"nothing": [{}, "no"],
	"required anti-affinity": [_required, "required"],
	"required anti-affinity over zones": [_zones, "required"],
	"preferred anti-affinity": [_preferred, "preferred"],
	"a constraint": [_constraint({}), "spread"],
	"a preferred constraint": [_constraint({"whenUnsatisfiable": "ScheduleAnyway"}), "spread"],
	"a constraint of other pods": [_constraint({"labelSelector": {"matchLabels": {"app": "b"}}}), "no"],
	"a constraint without selector": [_constraint({"labelSelector": null}), "no"],
	"two": [object.union(_preferred, _constraint({})), "preferred, spread"],
	"a hostPort": [_port, "hostPort"],
	"a hostPort beside": [object.union(_port, _required), "hostPort, required"],
	"one node": [object.union(_constraint({}), {"nodeSelector": {"kubernetes.io/hostname": "n"}}), "no"],
	"outweighed": [{"affinity": {"podAntiAffinity": _weighted, "podAffinity": _weighted}}, "no"],
}

test_by_what_pods_are_spread[name] if {
	some name, [pod, word] in _spreads
	obj := {
		"apiVersion": "apps/v1",
		"kind": "Deployment",
		"metadata": {"name": "a", "namespace": "n"},
		"spec": {"template": {"metadata": {"labels": {"app": "a"}}, "spec": pod}},
	}
	cells.cells(obj, "row", _parameters).antiAffinity == word
}
