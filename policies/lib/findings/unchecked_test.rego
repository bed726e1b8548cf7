package lib.findings.unchecked_test

# What is larger than the limits is reported by each policy that cannot answer.

_parameters := {
	"nodeRoles": [{
		"name": "master",
		"labels": [{"key": "role", "value": "master"}],
		"taints": [{"key": "role", "value": "master", "effect": "NoSchedule"}],
	}],
	"components": [_row("dns", "*")],
	"otherWorkloads": {
		"nodeRole": "worker",
		"antiAffinity": true,
		"disruptionControl": true,
		"drainable": true,
	},
}

_row(name, pattern) := {
	"name": name,
	"match": {"namespace": "kube-system", "name": concat("-", [name, pattern])},
	"type": "Deployment",
	"nodeRole": "master",
	"antiAffinity": true,
	"disruptionControl": true,
	"managed": false,
	"static": false,
}

_many(number, item) := [item | some _ in numbers.range(1, number)]

_map(number) := {concat("", ["k", format_int(index, 10)]): "v" | some index in numbers.range(1, number)}

_workload(namespace, name, spec, labels) := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"namespace": namespace, "name": name},
	"spec": {"replicas": 2, "template": {"metadata": {"labels": labels}, "spec": spec}},
}

_other(spec) := _workload("shop", "web", spec, {"app": "web"})

_budget(selector) := {
	"apiVersion": "policy/v1",
	"kind": "PodDisruptionBudget",
	"metadata": {"namespace": "shop", "name": "web"},
	"spec": {"minAvailable": 1, "selector": selector},
}

_terms(terms) := {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {
	"nodeSelectorTerms": terms,
}}}}

_exists := {"key": "k", "operator": "Exists"}

_anti_affinity(terms) := {"affinity": {"podAntiAffinity": {
	"requiredDuringSchedulingIgnoredDuringExecution": terms,
}}}

_kubelet(args) := {"containers": [{"name": "kubelet", "image": "kubelet:1", "args": args}]}

_placing := {"control-plane-intrusion"} | _sharing

_repelling := {"repelled-component"} | _sharing

_sharing := {"stopped-component", "stuck-rollout", "unspread-replicas"}

_budgeted := {
	"blocking-disruption-budget",
	"overlapping-disruption-budgets",
	"powerless-disruption-budget",
	"unevictable-unhealthy-pods",
	"unmatched-disruption-budget",
}

_custom := {
	"apiVersion": "jobset.x-k8s.io/v1alpha2",
	"kind": "JobSet",
	"metadata": {"namespace": "shop", "name": "web"},
	"spec": {"replicatedJobs": _many(101, {"template": {"spec": {"template": {"spec": {}}}}})},
}

_node := {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}, "spec": {
	"taints": _many(251, {"key": "k", "effect": "NoSchedule"}),
}}

_init := {"apiVersion": "kubeadm.k8s.io/v1beta4", "kind": "InitConfiguration", "nodeRegistration": {
	"taints": _many(251, {"key": "k", "effect": "NoSchedule"}),
}}

# The object, and the policies that report it.
_cases := {
	"tolerations": [_other({"tolerations": _many(251, {"key": "k"})}), _placing],
	"tolerations of a component": [
		_workload("kube-system", "dns-a", {"tolerations": _many(251, {"key": "k"})}, {"app": "dns"}),
		({"off-role-placement", "unreachable-node-role"} | _sharing),
	],
	"tolerations beside a nodeName": [
		_other({"nodeName": "n", "tolerations": _many(251, {"key": "k"})}),
		(_placing | {"scheduler-bypass"}),
	],
	"tolerations beside another scheduler": [
		_other({"schedulerName": "fast", "tolerations": _many(251, {"key": "k"})}),
		(_placing | {"scheduler-bypass"}),
	],
	"nodeSelector": [_other({"nodeSelector": _map(251)}), _placing],
	"terms": [_other(_terms(_many(251, {"matchExpressions": []}))), _placing],
	"requirements of a term": [_other(_terms([{"matchExpressions": _many(51, _exists)}])), _placing],
	"requirements": [_other(_terms(_many(126, {"matchExpressions": _many(2, _exists)}))), _placing],
	"values": [
		_other(_terms([{"matchExpressions": [{"key": "k", "operator": "In", "values": _many(1001, "v")}]}])),
		_placing,
	],
	"pairs and terms": [
		_other(object.union({"nodeSelector": _map(100)}, _terms(_many(11, {"matchExpressions": [_exists]})))),
		_placing,
	],
	"pod templates": [
		_custom,
		{"control-plane-intrusion", "scheduler-bypass", "untainted-control-plane-node"},
	],
	"containers": [
		_other({"containers": _many(251, {"name": "c"})}),
		(_sharing | {"untainted-control-plane-node"}),
	],
	"words": [_other(_kubelet(_many(2001, "a"))), {"untainted-control-plane-node"}],
	"words of a script": [
		_other(_kubelet([concat(";", _many(2001, "a"))])),
		{"untainted-control-plane-node"},
	],
	"bytes": [_other(_kubelet([concat("", _many(65537, "a"))])), {"untainted-control-plane-node"}],
	"taints of a Node": [_node, {"untainted-control-plane-node"}],
	"taints of a registration": [_init, {"untainted-control-plane-node"}],
	"flags of a registration": [
		{
			"apiVersion": "kubeadm.k8s.io/v1beta4",
			"kind": "JoinConfiguration",
			"nodeRegistration": {"kubeletExtraArgs": _many(251, {"name": "v", "value": "2"})},
		},
		{"untainted-control-plane-node"},
	],
	"labels of a node pool": [
		{
			"apiVersion": "hypershift.openshift.io/v1beta1",
			"kind": "NodePool",
			"spec": {"nodeLabels": _map(251)},
		},
		{"untainted-control-plane-node"},
	],
	"groups of nodes": [
		{"apiVersion": "eksctl.io/v1alpha5", "kind": "ClusterConfig", "nodeGroups": _many(101, {})},
		{"untainted-control-plane-node"},
	],
	"commands of a new machine": [
		{
			"apiVersion": "bootstrap.cluster.x-k8s.io/v1beta1",
			"kind": "KubeadmConfig",
			"spec": {"postKubeadmCommands": _many(500, "kubectl taint nodes --all role-")},
		},
		{"untainted-control-plane-node"},
	],
	"labels": [
		_workload("kube-system", "web", {}, _map(251)),
		({"component-impersonation", "missing-disruption-budget"} | _sharing),
	],
	"ports": [_other({"containers": [{"name": "c", "ports": _many(251, {"containerPort": 1})}]}), _repelling],
	"terms of anti-affinity": [_other(_anti_affinity(_many(51, {}))), _repelling],
	"requirements on other pods": [
		_other(_anti_affinity([{"labelSelector": {"matchExpressions": _many(101, _exists)}}])),
		_repelling,
	],
	"namespaces": [_other(_anti_affinity([{"namespaces": _many(1001, "n")}])), _repelling],
	"topologySpreadConstraints": [_other({"topologySpreadConstraints": _many(51, {})}), _sharing],
	"requirements of a budget": [_budget({"matchExpressions": _many(51, _exists)}), _budgeted],
	"values of a budget": [
		_budget({"matchExpressions": [{"key": "k", "operator": "NotIn", "values": _many(1001, "v")}]}),
		_budgeted,
	],
}

test_unchecked if {
	{name: found |
		some name, [object, expected] in _cases
		found := _reporting(object)
		found != expected
	} == {}
}

# Each policy reports it as one finding, of the path of the cause.
_reporting(object) := {id |
	some id in _ids
	some found in data.policies[id].violation with input as {"review": {"object": object}, "parameters": _parameters}
	endswith(found.msg, " are checked")
	count(found.details.path) > 0
}

_ids := [
	"blocking-disruption-budget",
	"component-impersonation",
	"control-plane-intrusion",
	"interrupting-update",
	"missing-disruption-budget",
	"off-role-placement",
	"overlapping-disruption-budgets",
	"powerless-disruption-budget",
	"repelled-component",
	"scheduler-bypass",
	"stopped-component",
	"stuck-rollout",
	"unevictable-unhealthy-pods",
	"unmatched-disruption-budget",
	"unreachable-node-role",
	"unspread-replicas",
	"untainted-control-plane-node",
	"wrong-replica-count",
	"wrong-workload-kind",
]

_budgets(number, selector) := {"namespace": {"shop": {"policy/v1": {"PodDisruptionBudget": {name: budget |
	some index in numbers.range(1, number)
	name := format_int(index, 10)
	budget := object.union(_budget(selector), {"metadata": {"namespace": "shop", "name": name}})
}}}}}

test_many_budgets if {
	_reporting(_other({})) == {"missing-disruption-budget"} with data.inventory as _budgets(5001, {})
}

test_many_requirements_of_budgets if {
	_reporting(_other({})) == {"missing-disruption-budget"} with data.inventory as _budgets(
		201,
		{"matchExpressions": _many(50, _exists)},
	)
}

test_a_budget_of_many_workloads if {
	_reporting(_budget({})) == _budgeted with data.inventory as {"namespace": {"shop": {"apps/v1": {"Deployment": {name: obj |
		some index in numbers.range(1, 201)
		name := format_int(index, 10)
		obj := _workload("shop", name, {}, {"app": "web"})
	}}}}}
}

test_many_bare_pods if {
	_reporting(_pod(0)) == {"unspread-replicas"} with data.inventory as {"namespace": {"kube-system": {"v1": {"Pod": {name: obj |
		some index in numbers.range(0, 50)
		obj := _pod(index)
		name := obj.metadata.name
	}}}}}
}

_pod(index) := {
	"apiVersion": "v1",
	"kind": "Pod",
	"metadata": {"namespace": "kube-system", "name": concat("-", ["dns", format_int(index, 10)])},
	"spec": {},
}

_named(kind, api, field, number) := {"namespace": {"shop": {api: {kind: {name: scaler |
	some index in numbers.range(1, number)
	name := format_int(index, 10)
	scaler := {
		"apiVersion": api,
		"kind": kind,
		"metadata": {"namespace": "shop", "name": name},
		"spec": {field: {"kind": "Deployment", "name": "web"}, "minReplicas": 2, "maxReplicas": 3},
	}
}}}}}

_counting_replicas := {"interrupting-update", "missing-disruption-budget"} | _sharing

test_more_autoscalers_of_a_workload_than_are_read if {
	_reporting(_other({})) == _counting_replicas with data.inventory as _named(
		"HorizontalPodAutoscaler",
		"autoscaling/v2",
		"scaleTargetRef",
		51,
	)
	_reporting(_other({})) == _counting_replicas with data.inventory as _named(
		"ScaledObject",
		"keda.sh/v1alpha1",
		"scaleTargetRef",
		51,
	)
	_reporting(_other({})) == _counting_replicas with data.inventory as _named(
		"HorizontalPodAutoscaler",
		"extensions/v1beta1",
		"scaleRef",
		51,
	)
}

test_as_many_autoscalers_as_are_read if {
	_reporting(_other({})) == set() with data.inventory as _named(
		"HorizontalPodAutoscaler",
		"autoscaling/v2",
		"scaleTargetRef",
		50,
	)
}

# Even where it has 0 replicas, which KEDA may raise.
test_more_autoscalers_of_a_stopped_workload if {
	stopped := object.union(_other({}), {"spec": {"replicas": 0}})
	_reporting(stopped) == _counting_replicas with data.inventory as _named(
		"ScaledObject",
		"keda.sh/v1alpha1",
		"scaleTargetRef",
		51,
	)
}

test_more_autoscalers_of_a_component if {
	component := _workload("kube-system", "dns-a", {}, {"app": "dns"})
	counted := json.patch(_parameters, [{"op": "add", "path": "/components/0/replicas", "value": 2}])
	scalers := _named("HorizontalPodAutoscaler", "autoscaling/v2", "scaleTargetRef", 51).namespace.shop["autoscaling/v2"]
	of_component := {"namespace": {"kube-system": {"autoscaling/v2": {"HorizontalPodAutoscaler": {name: moved |
		some name, scaler in scalers.HorizontalPodAutoscaler
		moved := object.union(scaler, {
			"metadata": {"namespace": "kube-system"},
			"spec": {"scaleTargetRef": {"name": "dns-a"}},
		})
	}}}}}
	messages := {found.msg |
		some found in data.policies["wrong-replica-count"].violation with input as {
			"review": {"object": component},
			"parameters": counted,
		}
			with data.inventory as of_component
	}
	says := "dns may have another number of replicas than the profile says: it has 51 autoscalers, and at most 50 are checked"
	messages == {says}
}

test_more_autoscalers_of_a_workload_that_a_budget_selects if {
	scalers := _named("HorizontalPodAutoscaler", "autoscaling/v2", "scaleTargetRef", 51)
	beside := object.union(scalers, {"namespace": {"shop": {"apps/v1": {"Deployment": {"web": _other({})}}}}})
	_reporting(_budget({"matchLabels": {"app": "web"}})) == {
		"blocking-disruption-budget",
		"powerless-disruption-budget",
		"unevictable-unhealthy-pods",
	} with data.inventory as beside
}

# Autoscalers that contradict each other: those with the least and the most replicas count.
test_many_autoscalers if {
	least := data.lib.workloads.replicas.least(_other({})) with data.inventory as _autoscalers
	least == 3
	most := data.lib.workloads.replicas.most(_other({})) with data.inventory as _autoscalers
	most == 19
}

_autoscalers := {"namespace": {"shop": {"autoscaling/v2": {"HorizontalPodAutoscaler": {name: scaler |
	some index in numbers.range(3, 9)
	name := format_int(index, 10)
	scaler := {
		"apiVersion": "autoscaling/v2",
		"kind": "HorizontalPodAutoscaler",
		"metadata": {"namespace": "shop", "name": name},
		"spec": {
			"scaleTargetRef": {"kind": "Deployment", "name": "web"},
			"minReplicas": index,
			"maxReplicas": index + 10,
		},
	}
}}}}}
