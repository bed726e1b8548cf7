package lib.findings.reach_test

import data.entry
import data.lib.findings.reach

_master_taint := {"key": "m", "value": "", "effect": "NoSchedule"}

_parameters := {
	"nodeRoles": [
		{"name": "master", "labels": [{"key": "role", "value": "master"}], "taints": [_master_taint]},
		{
			"name": "infra",
			"labels": [{"key": "infra", "exists": true}],
			"taints": [{"key": "i", "value": "", "effect": "NoExecute"}],
			"optionalTaints": true,
		},
		{"name": "worker", "labels": [{"key": "role", "value": "worker"}], "taints": []},
	],
	"components": [
		{"name": "dns", "match": {"namespace": "n", "name": "dns"}, "nodeRole": "master"},
		{"name": "proxy", "match": {"namespace": "n", "name": "proxy"}, "nodeRole": "all"},
		{"name": "any", "match": {"namespace": "n", "name": "any"}, "nodeRole": "any"},
		{"name": "free", "match": {"namespace": "n", "name": "free"}, "nodeRole": "unreserved"},
		{"name": "either", "match": {"namespace": "n", "name": "either"}, "nodeRole": ["master", "worker"]},
		{"name": "light", "match": {"namespace": "n", "name": "light"}, "nodeRole": "worker"},
		{"name": "unsaid", "match": {"namespace": "n", "name": "unsaid"}},
		{"name": "api", "match": {"namespace": "n", "name": "api*"}, "type": "Pod", "static": true},
		{"name": "cron", "match": {"namespace": "n", "name": "cron"}, "kind": "Custom", "nodeRole": "master"},
	],
	"otherWorkloads": {"nodeRole": "worker"},
	"schedulers": ["known"],
	"exemptNamespaces": ["spared"],
}

_node(name, labels, taints) := {
	"apiVersion": "v1",
	"kind": "Node",
	"metadata": {"name": name, "uid": name, "labels": labels},
	"spec": {"taints": taints},
}

_infra_taint := {"key": "i", "effect": "NoExecute"}

_nodes := {node.metadata.name: node |
	some node in [
		_node("master", {"role": "master"}, [_master_taint]),
		_node("bare", {"role": "master"}, []),
		_node("odd", {"role": "other"}, [_master_taint]),
		_node("infra", {"infra": "x"}, [_infra_taint]),
		_node("soft", {"infra": "y", "role": "worker"}, []),
		_node("worker", {"role": "worker"}, []),
		_node("none", {}, [{"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}]),
	]
}

_inventory := {"cluster": {"v1": {"Node": _nodes}}}

_workload(name, pod) := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"namespace": "n", "name": name},
	"spec": {"template": {"metadata": {"labels": {"app": name}}, "spec": pod}},
}

_pod(name, spec) := {
	"apiVersion": "v1",
	"kind": "Pod",
	"metadata": {"namespace": "n", "name": name},
	"spec": spec,
}

_observed(name, node) := object.union(_pod(name, {"nodeName": node}), {
	"metadata": {"uid": "1"},
	"status": {"phase": "Running"},
})

_tolerant := {"tolerations": [{"operator": "Exists"}]}

_selecting(labels) := object.union(_tolerant, {"nodeSelector": labels})

_names := ["master", "bare", "odd", "infra", "soft", "worker", "none"]

# A letter for each Node, or role: o runs, X runs and must not, ! cannot and must, . cannot.
_cells(obj, inventory) := concat("", [_letter(node.runs, node.expected) | some node in found.nodes]) if {
	found := _found(obj, inventory)
}

_letter(true, "forbidden") := "X"

_letter(true, expected) := "o" if expected != "forbidden"

_letter(false, "required") := "!"

_letter(false, expected) := "." if expected != "required"

_roles(obj, inventory) := [concat(" ", [role.share, role.expected]) | some role in _found(obj, inventory).roles]

_found(obj, inventory) := found if {
	bulkhead := {"table": _parameters}
	placement := entry.placement with input as {"review": {"object": obj}}
		with data.inventory as inventory
		with data.bulkhead as bulkhead
	found := entry.reach with input as {
		"review": {"object": obj},
		"subject": placement.subjects[0].subject,
		"nodes": _names,
	}
		with data.inventory as inventory
		with data.bulkhead as bulkhead
}

_on_nodes := {
	"a plain workload runs wherever nothing keeps it off": [_workload("web", {}), ".X..ooo"],
	"one that tolerates everything": [_workload("web", _tolerant), "XXXXooo"],
	"one that selects no Node": [_workload("web", _selecting({"role": "gone"})), "......."],
	"one whose scheduler may ignore taints": [_workload("web", {"schedulerName": "own"}), "XXX.ooo"],
	"one whose scheduler respects taints": [_workload("web", {"schedulerName": "known"}), ".X..ooo"],
	"a pod that names its node": [_pod("web", {"nodeName": "master"}), "X......"],
	"a pod that runs": [_observed("web", "worker"), ".....o."],
	"a workload of an exempt namespace": [
		object.union(_workload("web", _tolerant), {"metadata": {"namespace": "spared"}}),
		"ooooooo",
	],
	"a component of one role": [_workload("dns", _tolerant), "oooXXXX"],
	"a component that cannot run on its role": [_workload("dns", _selecting({"role": "worker"})), "!!!.XX."],
	"a component of one role that is not reserved": [_workload("light", _tolerant), "XXXXooX"],
	"a component that has to run everywhere": [_workload("proxy", _tolerant), "ooooooo"],
	"one that does not": [_workload("proxy", {}), "!o!!ooo"],
	"a component that may run anywhere": [_workload("any", {}), "!o!.ooo"],
	"one that cannot run on any worker": [_workload("any", _selecting({"role": "master"})), "oo!!!!."],
	"a component that spares reserved nodes": [_workload("free", _tolerant), "XXXXooo"],
	"a component of one of two roles": [_workload("either", _selecting({"role": "worker"})), "....oo."],
	"one that reaches neither": [_workload("either", _selecting({"role": "gone"})), "!!!.!!."],
	"a component of which the profile says nothing": [_workload("unsaid", {}), ".o..ooo"],
	"a static pod in a file": [_pod("api-x", {}), "......."],
	"a Deployment with the name of a static pod": [_workload("api", _tolerant), "ooooooo"],
	"a pod of a component that runs is checked as a new one": [
		object.union(_observed("dns", "worker"), {"spec": {"nodeSelector": {"role": "master"}}}),
		"!o!....",
	],
}

test_on_nodes[name] if {
	some name, [obj, cells] in _on_nodes
	_cells(obj, _inventory) == cells
}

_on_roles := {
	"a plain workload": [_workload("web", {}), ["none forbidden", "some allowed", "every allowed"]],
	"one that tolerates everything": [_workload("web", _tolerant), ["every forbidden", "every allowed", "every allowed"]],
	"one that selects a label": [
		_workload("web", _selecting({"disk": "ssd"})),
		["some forbidden", "some allowed", "some allowed"],
	],
	"one that selects workers": [
		_workload("web", _selecting({"role": "worker"})),
		["none forbidden", "some allowed", "every allowed"],
	],
	"a component of one role": [
		_workload("dns", _selecting({"role": "master"})),
		["every required", "none forbidden", "none forbidden"],
	],
	"a component that leaves it": [_workload("dns", _tolerant), ["every required", "every forbidden", "every forbidden"]],
	"a component for all": [_workload("proxy", {}), ["none required", "none required", "every required"]],
	"a component for any": [_workload("any", {}), ["none required", "none required", "every allowed"]],
	"a component that spares reserved nodes": [
		_workload("free", _tolerant),
		["every forbidden", "every allowed", "every allowed"],
	],
	"a component of two roles": [
		_workload("either", _tolerant),
		["every allowed", "every forbidden", "every allowed"],
	],
	"a static pod in a file": [_pod("api-x", {}), ["none allowed", "none allowed", "none allowed"]],
	"a Deployment with the name of a static pod": [
		_workload("api", _tolerant),
		["every allowed", "every allowed", "every allowed"],
	],
}

test_on_roles_without_nodes[name] if {
	some name, [obj, words] in _on_roles
	_roles(obj, {}) == words
}

test_a_pod_that_names_a_node_of_the_input_reaches_its_roles_alone if {
	named := _pod("web", {"nodeName": "master"})
	_roles(named, _inventory) == ["some forbidden", "none forbidden", "none allowed"]
	_roles(named, {}) == ["some forbidden", "some allowed", "some allowed"]
}

test_with_nodes_of_an_optional_role_it_is_reserved if {
	_roles(_workload("web", {}), _inventory) == ["none forbidden", "none forbidden", "every allowed"]
}

_reasons := {
	[_workload("web", {}), "worker"]: "is kept off by no taint",
	[_workload("web", {}), "master"]: "does not tolerate m:NoSchedule",
	[_workload("web", _tolerant), "master"]: "tolerates m:NoSchedule",
	[_workload("web", _selecting({"role": "gone"})), "worker"]: "has a nodeSelector or required node affinity that does not match",
	[_workload("web", {"schedulerName": "own"}), "master"]: "has a scheduler that may ignore taints",
	[_pod("web", {"nodeName": "master"}), "master"]: "is bound to it by nodeName",
	[_pod("web", {"nodeName": "master"}), "worker"]: "is bound to another node",
	[_observed("web", "worker"), "worker"]: "runs there",
	[_pod("api-x", {}), "master"]: "is a static pod, and runs where its file is",
}

test_reasons if {
	every pair, reason in _reasons {
		[obj, name] := pair
		found := _found(obj, _inventory)
		[node.reason | some node in found.nodes; node.name == name] == [reason]
	}
}

_many := {"tolerations": [{"key": key, "operator": "Exists"} |
	some number in numbers.range(1, 2000)
	key := concat("", ["k", format_int(number, 10)])
]}

test_what_is_not_checked_counts_against_the_object if {
	_cells(_workload("web", _many), _inventory) == "XXXXooo"
	_roles(_workload("web", _many), {}) == ["every forbidden", "every allowed", "every allowed"]
	_cells(_workload("dns", _many), _inventory) == "!!!XXXX"
	_roles(_workload("dns", _many), {})[0] == "none required"
	_found(_workload("web", _many), _inventory).nodes[0].reason == "has more than is checked"
}

_mirror := object.union(_pod("api-x", {"nodeName": "master"}), {
	"metadata": {
		"uid": "1",
		"annotations": {"kubernetes.io/config.mirror": "x"},
		"ownerReferences": [{"apiVersion": "v1", "kind": "Node", "name": "master", "controller": true}],
	},
	"status": {"phase": "Running"},
})

test_a_mirror_runs_on_its_node if {
	_cells(_mirror, _inventory) == "o......"
	_found(_mirror, _inventory).nodes[0].reason == "is a static pod, which taints do not keep off"
	reach.running_on(_mirror) == "master"
}

# Without a uid a kubelet may add the label.
test_what_has_to_run_everywhere_needs_no_label_that_a_kubelet_may_add if {
	label := {"kubernetes.io/os": "linux"}
	unborn := {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "worker", "labels": {"role": "worker"}}}
	inventory := {"cluster": {"v1": {"Node": {"worker": unborn}}}}
	_cells(_workload("proxy", _selecting(label)), inventory) == "!"
	_cells(_workload("any", _selecting(label)), inventory) == "o"
}

# One that says that it is a static pod, true or not, is a pod that a scheduler places too.
test_each_sort_of_pods_has_to_run_where_it_is_required if {
	obj := object.union(_pod("dns", {}), {"metadata": {"annotations": {"kubernetes.io/config.source": "file"}}})
	startswith(_cells(obj, _inventory), "!o!")
}

test_a_workload_without_pods_reaches_nothing if {
	obj := {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": {"namespace": "n", "name": "web"}, "spec": {}}
	subject := {"component": null, "nodeRole": "worker", "static": false}
	none := reach.of(object.union(obj, {"kind": "Unknown"}), subject, ["worker"], _parameters) with data.inventory as _inventory
	none.nodes == [{"name": "worker", "runs": false, "expected": "allowed", "reason": "makes no pods that are known"}]
	none.roles[0] == {"share": "none", "expected": "forbidden"}
}

test_what_a_controller_made_is_counted_there if {
	set := {
		"apiVersion": "apps/v1",
		"kind": "DaemonSet",
		"metadata": {"namespace": "n", "name": "log", "uid": "2"},
		"spec": {"selector": {"matchLabels": {"app": "log"}}, "template": {"metadata": {"labels": {"app": "log"}}, "spec": {}}},
	}
	pod := object.union(_observed("log-x", "worker"), {"metadata": {
		"labels": {"app": "log"},
		"ownerReferences": [{"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "log", "uid": "2", "controller": true}],
	}})
	placed := object.union(pod, {"status": {"startTime": "2026-01-01T00:00:00Z"}})
	found := entry.placement with input as {"review": {"object": placed}}
		with data.bulkhead as {"table": _parameters}
		with data.inventory as object.union(_inventory, {"namespace": {"n": {"apps/v1": {"DaemonSet": {"log": set}}}}})
	found == {
		"subjects": [],
		"owners": [{"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"namespace": "n", "name": "log"}}],
		"node": "worker",
	}
}

test_only_a_pod_that_runs_is_on_a_node if {
	reach.running_on(_observed("web", "worker")) == "worker"
	reach.running_on(_pod("web", {"nodeName": "worker"})) == ""
	reach.running_on(_workload("web", {"nodeName": "worker"})) == ""
	every phase in ["Succeeded", "Failed"] {
		reach.running_on(object.union(_observed("web", "worker"), {"status": {"phase": phase}})) == ""
	}
}

_question(pod) := found.subjects[0] if {
	found := entry.placement with input as {"review": {"object": _workload("web", pod)}}
		with data.bulkhead as {"table": _parameters}
}

_affine(expressions, fields) := {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": expressions, "matchFields": fields}]}}}}

test_a_question_names_the_labels_and_nodes_that_it_is_about if {
	_question({}).labels == {}
	_question({}).names == set()
	_question({"nodeSelector": {"b": "2", "a": "1"}}).labels == {"a": ["1"], "b": ["2"]}
	asked := _question(_affine(
		[
			{"key": "a", "operator": "In", "values": ["2", "1"]},
			{"key": "a", "operator": "NotIn", "values": ["3"]},
			{"key": "b", "operator": "Exists"},
			{"key": "c", "operator": "Gt", "values": ["4"]},
		],
		[{"key": "metadata.name", "operator": "NotIn", "values": ["worker"]}],
	))
	asked.labels == {"a": ["1", "2", "3"], "b": [], "c": null}
	asked.names == {"worker"}
	_question({"nodeSelector": {"a": "1"}}) != _question({"nodeSelector": {"a": "2"}})
	_question({"nodeSelector": {"a": "1"}}) != _question(object.union(_tolerant, {"nodeSelector": {"a": "1"}}))
}

test_roles_of_nodes if {
	found := entry.roles_by_node with data.bulkhead as {"table": _parameters}
		with data.inventory as _inventory
	found == {
		"master": ["master"],
		"bare": ["master"],
		"odd": ["master", "worker"],
		"infra": ["infra"],
		"soft": ["infra", "worker"],
		"worker": ["worker"],
		"none": [],
	}
}
