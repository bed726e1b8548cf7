package lib.findings.intrusion_test

import data.lib.findings.intrusion
import data.lib.scheduling.pods

_taint(key) := {"key": key, "value": "", "effect": "NoSchedule"}

_role(more) := object.union(
	{"name": "master", "labels": [{"key": "m", "value": ""}], "taints": [_taint("a"), _taint("b")]},
	more,
)

_parameters(role) := {
	"nodeRoles": [role, {"name": "worker", "labels": [{"key": "w", "value": ""}], "taints": [_taint("w")]}],
	"otherWorkloads": {"nodeRole": "worker"},
}

_roles := {
	"plain": _role({}),
	"any value": _role({"taints": [{"key": "a", "exists": true, "effect": "NoSchedule"}]}),
	"alternative": _role({"alternativeTaints": [[_taint("c")]]}),
	"alternative without taints": _role({"alternativeTaints": [[]]}),
	"known by what its nodes lack": _role({"labels": [{"key": "w", "exists": false}]}),
	"optional": _role({"optionalTaints": true}),
	"not reserved": _role({"taints": [{"key": "a", "value": "", "effect": "PreferNoSchedule"}]}),
}

_tolerated := {
	"nothing": [],
	"one": ["a"],
	"both": ["a", "b"],
	"the alternative": ["c"],
	"of others": ["w"],
}

_pod(keys, way) := {"path": ["spec"], "spec": spec, "placement": pods.placement(spec, ["spec"], way)} if {
	spec := {"tolerations": [{"key": key, "operator": "Exists"} | some key in keys]}
}

_kept_out(name, tolerated, way) if {
	intrusion.kept_out(_pod(_tolerated[tolerated], way).placement, _parameters(_roles[name]))
}

_intrudes(name, tolerated, way) if {
	some role in intrusion.reserved(_parameters(_roles[name]))
	pod := _pod(_tolerated[tolerated], way)
	count(union({
		intrusion.intrusions({"kind": "Pod"}, pod, role),
		intrusion.spared(pod, role),
		intrusion.unknown_values(pod, role),
	})) > 0
}

_nodes := [{}, {"v1": {"Node": {"a": {
	"apiVersion": "v1",
	"kind": "Node",
	"metadata": {"name": "a", "labels": {"m": ""}},
	"spec": {"taints": [_taint("a")]},
}}}}]

test_what_is_kept_out_is_no_intrusion[[name, tolerated, way]] if {
	some name, _ in _roles
	some tolerated, _ in _tolerated
	some way in ["scheduler", "daemon", "node", "file"]
	every cluster in _nodes {
		_agrees(name, tolerated, way) with data.inventory.cluster as cluster
	}
}

_agrees(name, tolerated, way) if not _kept_out(name, tolerated, way)

_agrees(name, tolerated, way) if not _intrudes(name, tolerated, way)

test_most_pods_are_kept_out if {
	{[name, tolerated] |
		some name, _ in _roles
		some tolerated, _ in _tolerated
		_kept_out(name, tolerated, "daemon")
	} == {
		["plain", "nothing"], ["plain", "one"], ["plain", "the alternative"], ["plain", "of others"],
		["any value", "nothing"], ["any value", "the alternative"], ["any value", "of others"],
		["alternative", "nothing"], ["alternative", "one"], ["alternative", "of others"],
		["optional", "nothing"], ["optional", "one"], ["optional", "both"],
		["optional", "the alternative"], ["optional", "of others"],
		["not reserved", "nothing"], ["not reserved", "one"], ["not reserved", "both"],
		["not reserved", "the alternative"], ["not reserved", "of others"],
	}
}

test_pods_that_are_let_in_intrude if {
	_intrudes("plain", "both", "scheduler")
	_intrudes("any value", "one", "daemon")
	_intrudes("alternative", "the alternative", "scheduler")
}
