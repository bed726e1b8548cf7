package lib.findings.waivers_test

import data.lib.findings.waivers

_match := {"kind": "DaemonSet", "namespace": "logging", "name": "agent"}

_object := {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"namespace": "logging", "name": "agent"}}

_node := {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "gpu-1"}}

_path := ["spec", "tolerations", 0]

_applies(match, obj) if _indexes([{"match": match}], obj) == [0]

_indexes(all, obj) := waivers.applying(all, obj, {"msg": "found", "details": {"path": _path}})

# With other metadata; null stands for a field that is not there.
_with(fields) := object.union(
	object.remove(_object, ["metadata"]),
	{"metadata": {key: value |
		some key, value in object.union(_object.metadata, fields)
		value != null
	}},
)

test_a_waiver_is_for_the_object_that_it_names if {
	_applies(_match, _object)
	_applies(_match, object.union(_object, {"apiVersion": "extensions/v1beta1"}))
	_indexes([{"match": object.union(_match, {"name": "b"})}, {"match": _match}, {"match": _match}], _object) == [1, 2]
	waivers.of_object([{"match": _match, "path": ["a"]}], _object) == [0]
}

test_kind_namespace_and_name_are_exact if {
	every change in [
		{"kind": "Deployment"},
		{"kind": "daemonset"},
		{"kind": "*"},
		{"namespace": "log"},
		{"namespace": "logging-2"},
		{"namespace": "Logging"},
		{"namespace": "logging*"},
		{"namespace": "*"},
		{"name": "agen"},
		{"name": "agent-2"},
		{"name": "Agent"},
		{"name": "agent "},
	] {
		not _applies(object.union(_match, change), _object)
	}
}

test_one_star_stands_for_a_part_of_the_name if {
	every name in ["*", "agent*", "*agent", "a*", "*t", "a*t", "ag*nt"] {
		_applies(object.union(_match, {"name": name}), _object)
	}
	every name in ["agent-*", "*-agent", "b*", "agent*t", "*a*"] {
		not _applies(object.union(_match, {"name": name}), _object)
	}
}

test_a_star_stands_for_characters_of_names if {
	starred := object.union(_match, {"name": "agent-*"})
	_applies(starred, _with({"name": "agent-2.example_A:b@c"}))
	every name in ["agent-2\n", "agent-\n", "agent-ä", "agent- ", "agent-2/..", "agent-\u200b", "agent-%2e"] {
		not _applies(starred, _with({"name": name}))
	}
	not _applies(_match, _with({"name": "agent\n"}))
	not _applies(_match, _with({"name": "\u0430gent"}))
}

test_an_object_without_a_name_of_its_own_is_never_waived if {
	starred := object.union(_match, {"name": "agent*"})
	every fields in [
		{"name": null, "generateName": "agent-"},
		{"name": "agent-x7c9q", "generateName": "agent-"},
		{"name": "agent", "generateName": 1},
		{"name": ""},
		{"name": null},
		{"name": 7},
		{"name": ["agent"]},
	] {
		not _applies(starred, _with(fields))
	}
	_applies(starred, _with({"generateName": ""}))
}

test_what_an_author_writes_besides_waives_nothing if {
	every fields in [
		{"labels": {"name": "agent"}},
		{"annotations": {"bulkhead.dev/waive": "control-plane-intrusion until never by me: it is mine"}},
		{"ownerReferences": [{"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "agent", "controller": true}]},
	] {
		not _applies(_match, _with(object.union(fields, {"name": "mine"})))
	}
	pod := {"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "logging", "name": "agent"}}
	not _applies(_match, pod)
}

test_a_kind_of_kubernetes_is_of_its_own_groups if {
	every api_version in ["apps.kruise.io/v1alpha1", "example.com/v1", "v1", "apps.example.com/v1", "policy/v1"] {
		not _applies(_match, object.union(_object, {"apiVersion": api_version}))
	}
	not _applies({"kind": "Node", "name": "gpu-1"}, object.union(_node, {"apiVersion": "example.com/v1"}))
}

test_another_group_is_named if {
	kruise := object.union(_object, {"apiVersion": "apps.kruise.io/v1alpha1"})
	_applies(object.union(_match, {"group": "apps.kruise.io"}), kruise)
	not _applies(object.union(_match, {"group": "apps.kruise.io"}), _object)
	not _applies(object.union(_match, {"group": ""}), _object)
	_applies(object.union(_match, {"group": "apps"}), _object)
	_applies({"kind": "Node", "name": "gpu-1", "group": ""}, _node)
}

test_a_kind_that_kubernetes_does_not_have_needs_no_group if {
	rollout := object.union(_object, {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout"})
	_applies(object.union(_match, {"kind": "Rollout"}), rollout)
	not _applies(object.union(_match, {"kind": "Rollout", "group": "example.com"}), rollout)
}

test_what_is_in_no_namespace_has_a_waiver_without_one if {
	match := {"kind": "Node", "name": "gpu-*"}
	_applies(match, _node)

	# The API server drops it.
	made_up := object.union(_node, {"metadata": {"namespace": "logging"}})
	_applies(match, made_up)
	not _applies(object.union(match, {"namespace": "logging"}), made_up)
	not _applies(object.union(match, {"namespace": "logging"}), _node)
}

test_a_version_is_text if not _applies({"kind": "Node", "name": "gpu-1"}, object.union(_node, {"apiVersion": 1}))

test_what_is_in_a_namespace_must_name_it if {
	nowhere := object.remove(_match, ["namespace"])
	every namespace in [null, "", "default", 1, {}] {
		not _applies(_match, _with({"namespace": namespace}))
		not _applies(nowhere, _with({"namespace": namespace}))
	}
	not _applies(nowhere, _object)
}

test_objects_of_another_shape_are_not_waived if {
	every obj in [
		null,
		"DaemonSet",
		[],
		{},
		{"kind": "DaemonSet"},
		object.remove(_object, ["metadata"]),
		object.remove(_object, ["apiVersion"]),
		object.union(_object, {"apiVersion": 1}),
		object.union(_object, {"kind": ["DaemonSet"]}),
		object.union(object.remove(_object, ["metadata"]), {"metadata": "agent"}),
		object.union(object.remove(_object, ["metadata"]), {"metadata": null}),
	] {
		not _applies(_match, obj)
	}
}

test_a_path_is_the_whole_path_with_a_star_for_an_index if {
	every path in [_path, ["spec", "tolerations", "*"]] {
		_indexes([{"match": _match, "path": path}], _object) == [0]
	}
	every path in [
		[],
		["spec"],
		["spec", "tolerations"],
		["spec", "tolerations", 1],
		["spec", "tolerations", "0"],
		["spec", "*", 0],
		["*", "tolerations", 0],
		["*"],
		["spec", "tolerations", 0, "key"],
		["spec", "tolerations", "*", "*"],
	] {
		_indexes([{"match": _match, "path": path}], _object) == []
	}
}

test_a_star_is_no_key if {
	found := {"details": {"path": ["metadata", "labels", "*"]}}
	waivers.applying([{"match": _match, "path": ["metadata", "labels", "*"]}], _object, found) == []
}

test_a_path_of_the_object_itself if {
	found := {"details": {"path": []}}
	waivers.applying([{"match": _match, "path": []}], _object, found) == [0]
	waivers.applying([{"match": _match, "path": ["*"]}], _object, found) == []
}

_faulty := {
	"has no kind": [
		{"match": object.remove(_match, ["kind"])},
		{"match": object.union(_match, {"kind": ""})},
		{"match": object.union(_match, {"kind": 1})},
	],
	"has no name, or one with two stars": [
		{"match": object.remove(_match, ["name"])},
		{"match": object.union(_match, {"name": ""})},
		{"match": object.union(_match, {"name": "**"})},
		{"match": object.union(_match, {"name": "*agent*"})},
		{"match": object.union(_match, {"name": ["agent"]})},
	],
	"has a namespace that is no name": [
		{"match": object.union(_match, {"namespace": ""})},
		{"match": object.union(object.remove(_match, ["namespace"]), {"namespace": null})},
		{"match": object.union(_match, {"namespace": ["logging"]})},
	],
	"has a group that is no name": [
		{"match": object.union(_match, {"group": null})},
		{"match": object.union(_match, {"group": ["apps"]})},
	],
	"has a path that is not a list of keys and indexes": [
		{"match": _match, "path": null},
		{"match": _match, "path": "spec.tolerations"},
		{"match": _match, "path": {"0": "spec"}},
		{"match": _match, "path": ["spec", null]},
		{"match": _match, "path": ["spec", ["tolerations"]]},
	],
}

test_a_fault_is_said_and_nothing_is_waived[says] if {
	some says, cases in _faulty
	every faulty in cases {
		waivers.faults([{"match": _match}, faulty]) == {concat(" ", ["waivers[1]", says])}
		_indexes([{"match": _match}, faulty], _object) == []
	}
}

test_what_is_no_waiver_has_no_kind_and_no_name if {
	every nonsense in [null, "agent", 1, [], {}, {"match": null}, {"match": "agent"}, {"match": [_match]}] {
		waivers.faults([nonsense]) == {"waivers[0] has no kind", "waivers[0] has no name, or one with two stars"}
		_indexes([{"match": _match}, nonsense], _object) == []
	}
}

test_what_is_no_list_is_a_fault if {
	every nonsense in [null, "all", true, {}, {"match": _match}, {"0": {"match": _match}}] {
		waivers.faults(nonsense) == {"waivers is not a list"}
		_indexes(nonsense, _object) == []
	}
}

test_sound_waivers_have_no_faults if {
	waivers.faults([]) == set()
	waivers.faults([
		{"match": _match},
		{"match": {"kind": "Node", "name": "*"}, "path": []},
		{"match": _match, "path": ["spec", "*", 0], "policies": ["a"]},
	]) == set()
}
