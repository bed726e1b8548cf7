package lib.findings.object_notes_test

import data.lib.findings.object_notes

_parameters := {
	"components": [{
		"name": "dns",
		"match": {"namespace": "kube-system", "name": "dns"},
		"static": false,
	}],
	"otherWorkloads": {"nodeRole": "worker", "antiAffinity": true},
}

_scaled_object(namespace, fields) := object.union(
	{
		"apiVersion": "keda.sh/v1alpha1",
		"kind": "ScaledObject",
		"metadata": {"namespace": namespace, "name": "s"},
		"spec": {"scaleTargetRef": {"name": "dns"}, "triggers": [{"type": "cpu"}]},
	},
	fields,
)

_deployment := {"kube-system": {"apps/v1": {"Deployment": {"dns": {}}}}}

_codes(obj, inventory) := {[note.code, note.path] |
	some note in object_notes.of(obj, _parameters) with data.inventory.namespace as inventory
}

_cases := {
	"of a component that is given": [_scaled_object("kube-system", {}), _deployment, set()],
	"of a component that is not given": [
		_scaled_object("kube-system", {}),
		{},
		{["TARGET_UNKNOWN", ["spec"]]},
	],
	"of another workload that is not given": [
		_scaled_object("shop", {}),
		_deployment,
		{["TARGET_UNKNOWN", ["spec"]]},
	],
	"of a Rollout that is not given": [
		_scaled_object("shop", {"spec": {"scaleTargetRef": {
			"apiVersion": "argoproj.io/v1alpha1",
			"kind": "Rollout",
			"name": "web",
		}}}),
		{},
		{["TARGET_UNKNOWN", ["spec"]]},
	],
	"of what has no pods": [
		_scaled_object("shop", {"spec": {"scaleTargetRef": {
			"apiVersion": "example.com/v1",
			"kind": "Cache",
			"name": "web",
		}}}),
		{},
		set(),
	],
	"of another API": [_scaled_object("kube-system", {"apiVersion": "example.com/v1alpha1"}), {}, set()],
	"of a version that KEDA does not serve": [
		_scaled_object("kube-system", {"apiVersion": "keda.sh/v1"}),
		_deployment,
		{["OBJECT_ABSENT", ["apiVersion"]]},
	],
	"of a minimum that is no number": [
		_scaled_object("kube-system", {"spec": {"minReplicaCount": "1"}}),
		_deployment,
		{["OBJECT_ABSENT", ["spec", "minReplicaCount"]]},
	],
	"of less at most than at least": [
		_scaled_object("kube-system", {"spec": {"minReplicaCount": 3, "maxReplicaCount": 2}}),
		_deployment,
		{["OBJECT_ABSENT", ["spec", "maxReplicaCount"]]},
	],
	"of a hundred by default": [
		_scaled_object("kube-system", {"spec": {"minReplicaCount": 101}}),
		_deployment,
		{["OBJECT_ABSENT", ["spec", "maxReplicaCount"]]},
	],
	"of as many while it is idle": [
		_scaled_object("kube-system", {"spec": {"minReplicaCount": 2, "idleReplicaCount": 2}}),
		_deployment,
		{["OBJECT_ABSENT", ["spec", "idleReplicaCount"]]},
	],
	"with an annotation that is not a string": [
		_scaled_object("kube-system", {"metadata": {"annotations": {"autoscaling.keda.sh/paused": true}}}),
		_deployment,
		{["OBJECT_ABSENT", ["metadata", "annotations"]]},
	],
}

test_a_scaled_object[name] if {
	some name, [obj, inventory, codes] in _cases
	_codes(obj, inventory) == codes
}
