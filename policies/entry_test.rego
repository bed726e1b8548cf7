package entry_test

import data.entry

_object := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "n"}}

_row := {"name": "row", "match": {"namespace": "n", "name": "a"}, "type": "Deployment"}

_bulkhead := {
	"parameters": {"wrong-workload-kind": {"components": [_row]}},
	"table": {"components": [_row], "nodeRoles": []},
}

test_verdict_names_findings_policies_notes_and_components if {
	verdict := entry.verdict with input as {"review": {"object": _object}}
		with data.bulkhead as _bulkhead
	verdict == {
		"exempt": false,
		"findings": {{
			"policy": "wrong-workload-kind",
			"msg": "row is a Pod; the profile expects a Deployment",
			"details": {
				"path": ["kind"],
				"component": "row",
				"fix": {
					"title": "Run it as a Deployment, or change its type in the profile.",
					"safe": false,
					"edits": [],
				},
				"related": [],
			},
			"waivers": [],
		}},
		"policies": {"wrong-workload-kind"},
		"notes": set(),
		"components": {"row"},
	}
}

test_without_parameters_no_policy_is_asked if {
	verdict := entry.verdict with input as {"review": {"object": _object}}
	verdict == {
		"exempt": false,
		"findings": set(),
		"policies": set(),
		"notes": set(),
		"components": set(),
	}
}

test_cells_describe_the_object_for_each_row if {
	cells := entry.cells with input as {"review": {"object": _object}}
		with data.bulkhead as _bulkhead
	[cell.component | some cell in cells] == ["row"]
}

test_only_the_policies_that_the_caller_names_are_asked if {
	asked := {id: verdict |
		some id in ["wrong-workload-kind", "wrong-replica-count"]
		verdict := entry.verdict with input as {"review": {"object": _object}, "policies": [id]}
			with data.bulkhead as _bulkhead
	}
	asked["wrong-workload-kind"].policies == {"wrong-workload-kind"}
	count(asked["wrong-workload-kind"].findings) == 1
	asked["wrong-replica-count"].policies == set()
	asked["wrong-replica-count"].findings == set()
}

test_an_exemptable_policy_finds_nothing_in_an_exempt_namespace_and_it_is_said if {
	some namespace in ["n", "n*", "*n"]
	table := object.union(_bulkhead.table, {"exemptNamespaces": [namespace], "components": []})
	verdict := entry.verdict with input as {"review": {"object": _object}}
		with data.bulkhead as object.union(_bulkhead, {"table": table, "exemptable": ["wrong-workload-kind"]})
	verdict.exempt
	verdict.findings == set()
	verdict.policies == {"wrong-workload-kind"}
}

test_a_policy_that_is_not_exemptable_finds_components_in_an_exempt_namespace if {
	table := object.union(_bulkhead.table, {"exemptNamespaces": ["n"]})
	verdict := entry.verdict with input as {"review": {"object": _object}}
		with data.bulkhead as object.union(_bulkhead, {"table": table, "exemptable": ["control-plane-intrusion"]})
	not verdict.exempt
	count(verdict.findings) == 1
}

test_the_reserved_roles_are_named if {
	table := object.union(_bulkhead.table, {"nodeRoles": [
		{"name": "a", "labels": [], "taints": [{"key": "a", "value": "", "effect": "NoSchedule"}]},
		{"name": "b", "labels": [], "taints": [{"key": "a", "value": "", "effect": "PreferNoSchedule"}]},
		{"name": "c", "labels": [], "taints": [{"key": "a", "value": "", "effect": "NoExecute"}], "optionalTaints": true},
	]})
	entry.reserved == {"a"} with data.bulkhead as object.union(_bulkhead, {"table": table})
}

test_what_is_of_no_namespace_is_not_exempt if {
	table := object.union(_bulkhead.table, {"exemptNamespaces": ["n"]})
	verdict := entry.verdict with input as {"review": {"object": {"kind": "Node", "apiVersion": "v1"}}}
		with data.bulkhead as object.union(_bulkhead, {"table": table, "exemptable": ["wrong-workload-kind"]})
	not verdict.exempt
}

_waiver := {"policies": ["wrong-workload-kind"], "match": {"kind": "Pod", "namespace": "n", "name": "a"}}

_waivers_of(waivers) := {found.waivers | some found in verdict.findings} if {
	verdict := entry.verdict with input as {"review": {"object": _object}}
		with data.bulkhead as object.union(_bulkhead, {"waivers": waivers})
}

test_a_finding_names_the_waivers_that_apply_to_it_and_stays if {
	other := object.union(_waiver, {"match": {"name": "b"}})
	_waivers_of([other, _waiver, _waiver]) == {[1, 2]}
	_waivers_of([object.union(_waiver, {"path": ["kind"]})]) == {[0]}
	_waivers_of([object.union(_waiver, {"path": ["spec"]})]) == {[]}
}

test_a_waiver_is_of_the_policies_that_it_names if {
	every policies in [["wrong-replica-count"], [], "wrong-workload-kind", null] {
		_waivers_of([object.union(_waiver, {"policies": policies})]) == {[]}
	}
	_waivers_of([object.remove(_waiver, ["policies"])]) == {[]}
	_waivers_of([object.union(_waiver, {"policies": ["wrong-replica-count", "wrong-workload-kind"]})]) == {[0]}
}

test_what_is_no_list_of_waivers_waives_nothing if {
	every waivers in [null, "all", {}, {"0": _waiver}, [null], [_waiver, "all"], [_waiver, {}]] {
		_waivers_of(waivers) == {[]}
	}
}

test_policies_together_find_what_each_finds_alone if {
	parameters := {"components": [_row]}
	both := {"wrong-workload-kind": parameters, "component-impersonation": parameters}
	bulkhead := object.union(_bulkhead, {"parameters": both})
	alone := entry.verdict with input as {"review": {"object": _object}} with data.bulkhead as bulkhead
	every keeps in [true, false] {
		together := entry.verdict with input as {"review": {"object": _object}, "keepsRules": keeps}
			with data.bulkhead as object.union(bulkhead, {"together": true})
		together == alone
	}
	alone.policies == {"wrong-workload-kind", "component-impersonation"}
	count(alone.findings) > 0
}

test_together_only_the_policies_that_the_caller_names_are_asked if {
	parameters := {"components": [_row]}
	verdict := entry.verdict with input as {"review": {"object": _object}, "policies": ["component-impersonation"]}
		with data.bulkhead as object.union(_bulkhead, {
			"parameters": {"wrong-workload-kind": parameters, "component-impersonation": parameters},
			"together": true,
		})
	verdict.policies == {"component-impersonation"}
	verdict.findings == set()
}
