package lib.findings.parameter_faults_test

import data.lib.findings.parameter_faults

_row := {"name": "row", "match": {"namespace": "n", "name": "a"}, "replicas": 1}

_reserved := {
	"name": "master",
	"labels": [{"key": "master", "value": ""}],
	"taints": [{"key": "master", "value": "", "effect": "NoSchedule"}],
}

_worker := {"name": "worker", "labels": [{"key": "worker", "value": ""}], "taints": []}

_sound := {
	"components": [],
	"nodeRoles": [_reserved, _worker],
	"otherWorkloads": {"nodeRole": "worker"},
}

test_every_policy_reports_that_it_has_no_parameters[id] if {
	some id, _ in data.policies
	review := {"object": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "n"}}}
	every given in [{"review": review}, {"review": review, "parameters": {}}] {
		found := data.policies[id].violation with input as given
		some violation in found
		startswith(violation.msg, "Pod n/a was not checked: ")
		violation.details.path == []
	}
}

test_a_row_is_enough_where_it_has_the_column if {
	parameter_faults.of_components({"components": [{"name": "other"}, _row]}, ["replicas"]) == set()
	parameter_faults.of_components({"components": [_row]}, []) == set()
	parameter_faults.of_components({"components": [object.union(_row, {"replicas": 0})]}, ["replicas"]) == set()
}

test_rows_without_the_column_leave_nothing_to_check if {
	every parameters in [
		{},
		{"components": []},
		{"components": null},
		{"components": "row"},
		{"components": ["row"]},
		{"components": [{"name": "other"}]},
		{"components": [{"name": "other", "replicas": null}]},
	] {
		parameter_faults.of_components(parameters, ["replicas"]) == {"no component of the parameters has replicas"}
		parameter_faults.of_rows(parameters, ["replicas"]) == {"no component of the parameters has replicas"}
	}
}

test_other_workloads_may_have_the_column if {
	others := {"nodeRole": "worker", "antiAffinity": true, "disruptionControl": true}
	parameter_faults.of_rows({"components": [], "otherWorkloads": others}, ["antiAffinity"]) == set()
	parameter_faults.of_rows({"components": [], "otherWorkloads": others}, []) == set()
	parameter_faults.of_rows({"components": [], "otherWorkloads": {"nodeRole": "worker"}}, ["nodeRole"]) != set()
}

test_other_workloads_without_it_leave_nothing_to_check if {
	others := {"nodeRole": "worker", "disruptionControl": false}
	says := {"the parameters have no components"}
	parameter_faults.of_rows({"components": [], "otherWorkloads": others}, []) == says
	parameter_faults.of_rows({"otherWorkloads": {"disruptionControl": true}}, []) == says
}

test_sound_roles_have_no_fault if {
	parameter_faults.of_roles(_sound) == set()
	parameter_faults.of_reservation(_sound) == set()
}

test_roles_that_are_not_there if {
	every given in [{}, {"nodeRoles": []}, {"nodeRoles": null}, {"nodeRoles": {"master": _reserved}}] {
		parameter_faults.of_roles(given) == {"nodeRoles of the parameters is empty"}
	}
}

test_roles_without_labels_or_with_unknown_effects if {
	some_roles := [
		{"name": "a"},
		{"labels": [], "taints": [{"key": "k"}]},
		object.union(_reserved, {"taints": [{"key": "k", "effect": "noschedule"}]}),
	]
	parameter_faults.of_roles({"nodeRoles": some_roles}) == {
		"role a of the parameters has no labels",
		"role  of the parameters has no labels",
		"a taint of role  has the unknown effect \"\"",
		"a taint of role master has the unknown effect \"noschedule\"",
	}
}

test_reservation_needs_all_of_its_parts if {
	none := concat("", [
		"no role of the parameters except that of otherWorkloads has a taint ",
		"with effect NoSchedule or NoExecute",
	])
	every attempt in [
		[{"components": null}, "the parameters have no list of components"],
		[{"otherWorkloads": null}, "the parameters have no otherWorkloads.nodeRole"],
		[{"otherWorkloads": {"nodeRole": ""}}, "the parameters have no otherWorkloads.nodeRole"],
		[{"otherWorkloads": {"nodeRole": "master"}}, none],
		[{"nodeRoles": []}, none],
		[{"nodeRoles": [_worker]}, none],
		[{"nodeRoles": [{"name": "bare", "labels": []}]}, none],
	] {
		[change, says] := attempt
		kept := object.remove(_sound, object.keys(change))
		parameter_faults.of_reservation(object.union(kept, change)) == {says}
	}
}

test_a_role_must_be_there if {
	parameter_faults.of_role_name("master", set(), _sound) == set()
	parameter_faults.of_role_name("all", {"all", "any"}, _sound) == set()
	every attempt in [
		["all", set(), _sound],
		["all", {"all", "any"}, {}],
		["All", {"all", "any"}, _sound],
		["contol-plane", {"all", "any"}, _sound],
		["", set(), _sound],
		["master", set(), {}],
		["master", set(), {"nodeRoles": [{"labels": []}]}],
	] {
		[name, words, parameters] := attempt
		parameter_faults.of_role_name(name, words, parameters) == {concat(" ", [
			"nodeRoles of the parameters have no role",
			name,
		])}
	}
	parameter_faults.of_role_name(7, set(), _sound) == {"nodeRoles of the parameters have no role 7"}
}

test_a_row_with_an_unknown_role_is_a_violation_of_its_objects if {
	pod := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "n"}}
	parameters := object.union(_sound, {"components": [object.union(_row, {"nodeRole": "none"})]})
	every id in ["off-role-placement", "repelled-component", "stopped-component", "unreachable-node-role"] {
		found := data.policies[id].violation with input as {"review": {"object": pod}, "parameters": parameters}
		{violation.msg | some violation in found} == {"Pod n/a was not checked: nodeRoles of the parameters have no role none"}
	}
}

test_other_workloads_of_an_unknown_role_are_violations if {
	pod := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "n"}}
	parameters := object.union(_sound, {"otherWorkloads": {"nodeRole": "wroker"}})
	every id in ["control-plane-intrusion", "scheduler-bypass"] {
		found := data.policies[id].violation with input as {"review": {"object": pod}, "parameters": parameters}
		{violation.msg | some violation in found} == {"Pod n/a was not checked: nodeRoles of the parameters have no role wroker"}
	}
}
