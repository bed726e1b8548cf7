package lib.findings.spread_test

import data.lib.findings.spread
import data.lib.scheduling.spreading

_deployment(labels, terms) := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "dns", "namespace": "n"},
	"spec": {"template": {
		"metadata": {"labels": labels},
		"spec": {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}},
	}},
}

_selecting(value) := _deployment({"app": "kube-controller-manager"}, [{
	"topologyKey": "kubernetes.io/hostname",
	"labelSelector": {"matchLabels": {"app": value}},
}])

_fix(obj) := found if {
	[fault] := [shortcoming | some shortcoming in spreading.shortcomings(obj)]
	found := spread.unspread_fix(obj, fault, [])
}

test_a_typing_error_is_corrected[value] if {
	some value in {"kube-contoller-manager", "kube-controler-manager", "kube-controller-manger", "kube-controller-mangaer"}
	fix := _fix(_selecting(value))
	fix.safe == true
	fix.title == "Set the value of app to kube-controller-manager."
	[edit.value | some edit in fix.edits] == ["kube-controller-manager"]
}

test_another_value_is_not_a_typing_error[value] if {
	some value in {"kube-scheduler", "kube-controller-manager-2", "manager", ""}
	_fix(_selecting(value)) == {
		"title": "Select the labels of its own pods: app: \"kube-controller-manager\".",
		"safe": false,
		"edits": [],
	}
}

test_a_value_that_other_pods_have_is_not_a_typing_error if {
	other := object.union(
		_deployment({"app": "kube-contoller-manager"}, []),
		{"metadata": {"name": "other"}},
	)
	fix := _fix(_selecting("kube-contoller-manager")) with data.inventory as {"namespace": {"n": {"apps/v1": {"Deployment": {"other": other}}}}}
	fix.edits == []
}

test_pods_without_labels_get_some if {
	_fix(_deployment({}, [{"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app": "x"}}}])) == {
		"title": "Add labels to the pod template, and select them.",
		"safe": false,
		"edits": [],
	}
	_fix(_deployment({}, [])).edits == []
}

test_only_a_spelling_of_the_topology_of_a_node_is_safe_to_replace[key] if {
	some key, safe in {"kubernetes.com/hostname": true, "example.com/rack": false}
	fix := _fix(_deployment({"app": "x"}, [{"topologyKey": key, "labelSelector": {"matchLabels": {"app": "x"}}}]))
	fix.safe == safe
	count(fix.edits) == 1
}

test_a_pod_beside_others_is_not_edited if {
	pod := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "labels": {"app": "a"}}, "spec": {}}
	fix := spread.unspread_fix(pod, {"type": "missing", "path": ["spec", "affinity", "podAntiAffinity"]}, [pod])
	fix.edits == []
	spread.unspread_fix(pod, {"type": "nodeName", "path": ["spec", "nodeName"]}, [pod]).title == "Remove nodeName."
}

# The requirement, the label of the pods, and the words.
_selectors := {
	"a label": [
		{"key": "tier", "operator": "Exists", "values": []},
		null,
		"with the label tier; its own pods do not have the label tier",
	],
	"no label": [
		{"key": "tier", "operator": "DoesNotExist", "values": []},
		"x",
		"without the label tier; its own pods have tier=x",
	],
	"several values": [
		{"key": "tier", "operator": "In", "values": ["b", "a"]},
		"x",
		"with tier in (a, b); its own pods have tier=x",
	],
	"not a value": [
		{"key": "tier", "operator": "NotIn", "values": ["x"]},
		"x",
		"with tier not in (x); its own pods have tier=x",
	],
}

test_selectors_in_words[name] if {
	some name, [requirement, label, text] in _selectors
	spread.unspread({"name": "dns"}, {"type": "labelSelector", "requirement": requirement, "label": label}) == concat("", [
		"dns is not spread across nodes: its anti-affinity term selects pods ",
		text,
	])
}
