package lib.findings.updates_test

import data.lib.findings.updates

_object(kind, spec) := {
	"apiVersion": "apps/v1",
	"kind": kind,
	"metadata": {"name": "dns", "namespace": "n"},
	"spec": spec,
}

# The object, the pods that run, and the title of the fix.
_interrupting := {
	"replicas": [
		_object("Deployment", {"strategy": {"rollingUpdate": {"maxUnavailable": "100%"}}}),
		3,
		"Set maxUnavailable to 1.",
	],
	"one replica": [
		_object("Deployment", {"strategy": {"rollingUpdate": {"maxUnavailable": 1}}}),
		1,
		"Set maxUnavailable to 0 and maxSurge to 1.",
	],
	"Recreate": [
		_object("Deployment", {"strategy": {"type": "Recreate"}}),
		1,
		"Set the type of the update strategy to RollingUpdate.",
	],
	"a StatefulSet": [_object("StatefulSet", {}), 1, "Set spec.replicas of StatefulSet n/dns to 2."],
}

test_interrupting_fix[name] if {
	some name, [obj, running, title] in _interrupting
	updates.interrupting_fix(obj, running).title == title
}

test_limits_are_added_in_one_edit if {
	updates.interrupting_fix(_object("DaemonSet", {}), 1).edits == [{
		"op": "add",
		"path": ["spec", "updateStrategy"],
		"value": {"rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
	}]
}

_scaled_inventory := {"namespace": {"n": {"autoscaling/v2": {"HorizontalPodAutoscaler": {"s": {
	"apiVersion": "autoscaling/v2",
	"kind": "HorizontalPodAutoscaler",
	"metadata": {"name": "s", "namespace": "n"},
	"spec": {"minReplicas": 1, "maxReplicas": 4, "scaleTargetRef": {"kind": "Deployment", "name": "dns"}},
}}}}}}

_fault(cause, fit) := {
	"cause": cause,
	"means": {"hostPort"},
	"pods": 1,
	"nodes": {"fit": fit, "tainted": 0, "unselected": 0, "neither": 0},
	"counting": [],
}

test_stuck_names_the_autoscaler if {
	obj := _object("Deployment", {"replicas": 2})
	fix := updates.stuck_fix(obj, _fault("crowded", 3), 4) with data.inventory as _scaled_inventory
	fix.title == concat("", [
		"Run at most 3 replicas (spec.maxReplicas of HorizontalPodAutoscaler n/s), ",
		"or add nodes that its pods can run on.",
	])
	found := updates.stuck_related(obj) with data.inventory as _scaled_inventory
	[other.says | some other in found] == ["scales Deployment n/dns up to 4"]
	related := updates.related(obj) with data.inventory as _scaled_inventory
	[other.says | some other in related] == ["scales Deployment n/dns down to 1"]
}

test_one_replica_on_one_node_needs_another_node if {
	updates.stuck_fix(_object("Deployment", {}), _fault("unavailable", 1), 1).title == "Add a node that its pods can run on."
}

test_several_means_keep_pods_on_different_nodes if {
	fault := object.union(_fault("crowded", 3), {"means": {"hostPort", "topologySpread"}})
	updates.stuck({"name": "dns"}, fault, 4) == concat("", [
		"an update of dns can never finish: a hostPort and a topology spread constraint keep its pods on ",
		"different nodes, and only 3 of 4 replicas fit on 3 nodes",
	])
}
