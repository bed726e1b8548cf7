package lib.findings.rejected_values_test

import data.lib.findings.rejected_values

_notes(spec) := rejected_values.of_pod({"path": ["spec"], "spec": spec})

_tolerating(toleration) := {"tolerations": [{"key": "ok", "operator": "Exists"}, toleration]}

_affinity(required) := {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": required}}}

_expression(expression) := _affinity({"nodeSelectorTerms": [{"matchExpressions": [expression]}]})

_field(field) := _affinity({"nodeSelectorTerms": [{"matchFields": [field]}]})

_required := ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]

_terms := array.concat(_required, ["nodeSelectorTerms"])

_first_expression := array.concat(_terms, [0, "matchExpressions", 0])

_first_field := array.concat(_terms, [0, "matchFields", 0])

test_accepted_values[spec] if {
	some spec in {
		{},
		{"tolerations": null, "nodeSelector": null, "affinity": null, "nodeName": null},
		{"tolerations": [], "nodeSelector": {}, "affinity": {}, "nodeName": "", "runtimeClassName": ""},
		_tolerating({"operator": "Exists"}),
		_tolerating({"key": "a.b/c", "value": ""}),
		_tolerating({"key": "a", "operator": "Equal", "value": "b", "effect": "NoSchedule"}),
		_tolerating({"key": "a", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 0}),
		# Other notes are about these.
		_tolerating({"key": "a", "operator": "Lt", "value": "5"}),
		{"nodeSelector": {"a": null}},
		{"nodeSelector": {"a.b/c": "", "d": "e"}},
		{"affinity": {"nodeAffinity": null}},
		_affinity(null),
		_affinity({"nodeSelectorTerms": [{}, null]}),
		_affinity({"nodeSelectorTerms": [{"matchExpressions": null, "matchFields": []}]}),
		_expression({"key": "a", "operator": "In", "values": ["b", ""]}),
		_expression({"key": "a", "operator": "DoesNotExist"}),
		_expression({"key": "a", "operator": "Gt", "values": ["b"]}),
		_field({"key": "metadata.name", "operator": "NotIn", "values": ["a.b"]}),
		{"nodeName": "a-1.b", "runtimeClassName": "c"},
		{"schedulingGates": [{"name": "a"}]},
	}
	_notes(spec) == set()
}

test_rejected_values[spec] if {
	some [spec, path] in [
		[{"tolerations": {"key": "a"}}, ["tolerations"]],
		[{"tolerations": "a"}, ["tolerations"]],
		[_tolerating("a"), ["tolerations", 1]],
		[_tolerating({"key": 1, "operator": "Exists"}), ["tolerations", 1, "key"]],
		[_tolerating({"key": "a", "operator": true}), ["tolerations", 1, "operator"]],
		[_tolerating({"key": "a", "value": 2}), ["tolerations", 1, "value"]],
		[_tolerating({"key": "a", "operator": "exists"}), ["tolerations", 1, "operator"]],
		[_tolerating({"key": "a", "effect": "NoScedule"}), ["tolerations", 1, "effect"]],
		[_tolerating({"key": "a b", "operator": "Exists"}), ["tolerations", 1, "key"]],
		[_tolerating(null), ["tolerations", 1]],
		[_tolerating({"value": "a"}), ["tolerations", 1, "operator"]],
		[_tolerating({"key": "a", "operator": "Exists", "value": "b"}), ["tolerations", 1, "value"]],
		[_tolerating({"key": "a", "value": "b c"}), ["tolerations", 1, "value"]],
		[_tolerating({"key": "a", "tolerationSeconds": 1}), ["tolerations", 1, "tolerationSeconds"]],
		[{"nodeSelector": ["a"]}, ["nodeSelector"]],
		[{"nodeSelector": {"a": "", "b c": "d"}}, ["nodeSelector", "b c"]],
		[{"nodeSelector": {"a": true}}, ["nodeSelector", "a"]],
		[{"nodeSelector": {"a": "b c"}}, ["nodeSelector", "a"]],
		[{"affinity": "a"}, ["affinity"]],
		[{"affinity": {"nodeAffinity": []}}, ["affinity", "nodeAffinity"]],
		[_affinity([]), _required],
		[_affinity({}), _terms],
		[_affinity({"nodeSelectorTerms": []}), _terms],
		[_affinity({"nodeSelectorTerms": {"a": "b"}}), _terms],
		[_affinity({"nodeSelectorTerms": ["a"]}), array.concat(_terms, [0])],
		[
			_affinity({"nodeSelectorTerms": [{"matchExpressions": {}}]}),
			array.concat(_terms, [0, "matchExpressions"]),
		],
		[_expression("a"), _first_expression],
		[_expression({"key": "a", "operator": "in", "values": ["b"]}), _first_expression],
		[_expression({"key": "a b", "operator": "Exists"}), _first_expression],
		[_expression({"operator": "Exists"}), _first_expression],
		[
			_affinity({"nodeSelectorTerms": [{
				"matchExpressions": [{"key": "a", "operator": "Exists"}],
				"matchFields": [{"key": "a", "operator": "In", "values": ["b"]}],
			}]}),
			_first_field,
		],
		[
			_affinity({"nodeSelectorTerms": [
				{"matchExpressions": [{"key": "a", "operator": "Exists"}]},
				{"matchExpressions": [{"key": "a b", "operator": "Exists"}]},
			]}),
			array.concat(_terms, [1, "matchExpressions", 0]),
		],
		[_expression({"key": "a", "operator": "In", "values": "b"}), _first_expression],
		[_expression({"key": "a", "operator": "In", "values": [1]}), _first_expression],
		[_expression({"key": "a", "operator": "In"}), _first_expression],
		[_expression({"key": "a", "operator": "Gt", "values": ["-1"]}), _first_expression],
		[_expression({"key": "a", "operator": "Lt", "values": ["1", "2"]}), _first_expression],
		[_field({"key": "a", "operator": "In", "values": ["b"]}), _first_field],
		[_field({"key": "metadata.name", "operator": "Exists"}), _first_field],
		[_field({"key": "metadata.name", "operator": "In", "values": ["A_b"]}), _first_field],
		[{"nodeName": "A_b"}, ["nodeName"]],
		[{"nodeName": 1}, ["nodeName"]],
		[{"runtimeClassName": "a b"}, ["runtimeClassName"]],
		[{"nodeName": "a", "schedulingGates": [{"name": "b"}]}, ["schedulingGates"]],
	]
	{note.path | some note in _notes(spec)} == {array.concat(["spec"], path)}
}

test_one_note_a_field if {
	count(_notes({
		"tolerations": [{"value": "a"}, {"value": "b"}],
		"nodeSelector": {"a b": "c", "d e": "f"},
		"nodeName": "A",
	})) == 3
}

test_long_values_are_cut if {
	some note in _notes({"nodeName": concat("", ["A" | some _ in numbers.range(1, 1000)])})
	count(note.message) < 200
}

_replicas(kind, replicas) := rejected_values.of_replicas({
	"apiVersion": "apps/v1",
	"kind": kind,
	"spec": {"replicas": replicas},
})

test_replicas[replicas] if {
	some replicas in ["3", -1, 1.5, true, []]
	{note.path | some note in _replicas("Deployment", replicas)} == {["spec", "replicas"]}
}

test_accepted_replicas[replicas] if {
	some replicas in [0, 3, null]
	_replicas("StatefulSet", replicas) == set()
}

test_no_replicas if _replicas("DaemonSet", "3") == set()
