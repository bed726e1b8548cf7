package gatekeeper_test

import data.gatekeeper

_object := {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent", "namespace": "logging"}}

_found(index) := {"msg": "found", "details": {"path": ["spec", "tolerations", index]}}

_all := {_found(0), _found(1)}

_violations(parameters) := found if {
	found := gatekeeper.violation with data.lib.policy as {"violation": _all}
		with input as {"review": {"object": _object}, "parameters": parameters}
}

_match := {"kind": "DaemonSet", "namespace": "logging", "name": "agent"}

test_without_waivers_everything_that_the_policy_finds_is_a_violation if {
	_violations({}) == _all
	_violations({"waivers": []}) == _all
	_violations({"waivers": [{"match": object.union(_match, {"name": "other"})}]}) == _all
}

test_what_is_waived_is_no_violation if {
	_violations({"waivers": [{"match": _match}]}) == set()
	_violations({"waivers": [{"match": _match, "path": ["spec", "tolerations", 1]}]}) == {_found(0)}
	_violations({"waivers": [{"match": _match, "path": ["spec", "tolerations", "*"]}]}) == set()
}

test_a_waiver_with_a_fault_is_a_violation_and_nothing_is_waived if {
	found := _violations({"waivers": [{"match": _match}, {"match": object.remove(_match, ["name"])}]})
	{violation.msg | some violation in found} == {
		"found",
		"DaemonSet logging/agent cannot be waived: waivers[1] has no name, or one with two stars",
	}
	count(found) == 3
}

test_without_an_object_nothing_is_waived if {
	found := gatekeeper.violation with data.lib.policy as {"violation": _all}
		with input as {"review": {}, "parameters": {"waivers": [{"match": _match}]}}
	found == _all
}
