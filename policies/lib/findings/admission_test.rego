package lib.findings.admission_test

import data.entry

_reserving := {"key": "role", "value": "", "effect": "NoSchedule"}

_control_plane := {
	"name": "control-plane",
	"labels": [{"key": "role", "value": ""}],
	"taints": [_reserving],
}

_worker := {"name": "worker", "labels": [{"key": "role", "value": "worker"}], "taints": []}

_table := {
	"components": [
		{"name": "agent", "match": {"namespace": "n", "name": "agent"}, "nodeRole": "all"},
		{"name": "dns", "match": {"namespace": "n", "name": "dns"}, "nodeRole": "worker"},
		{"name": "rest", "match": {"namespace": "n", "name": "rest"}},
	],
	"nodeRoles": [_control_plane, _worker],
	"otherWorkloads": {"nodeRole": "worker"},
}

_facts := facts if {
	facts := entry.admission with data.bulkhead as {"table": _table}
}

test_reserved_roles_have_the_classes_that_taints_guard if {
	[role] := _facts.reserved
	role.name == "control-plane"
	role.marks == `role=""`
	role.taints == {_reserving}
	[class] := role.classes
	class.forced == {"role": ""}
	class.guards == {_reserving}
	count(role.outside) == 1
	role.worlds == [[class]]
}

test_nothing_is_reserved_without_a_row_of_other_workloads if {
	facts := entry.admission with data.bulkhead as {"table": object.remove(_table, ["otherWorkloads"])}
	facts.reserved == []
	count(facts.demands) == 2
}

test_demands_have_the_roles_of_the_rows if {
	demands := {demand.nodeRole: demand | some demand in _facts.demands}
	{role.name | some role in demands.all.demanded} == {"control-plane", "worker"}
	demands.all.confining == []
	[role.name | some role in demands.worker.demanded] == ["worker"]
	[confining] := demands.worker.confining
	confining.name == "worker"
	[apart] := confining.apart
	apart.name == "control-plane"
	[class] := apart.classes
	class.guards == {_reserving}
}

test_node_roles_say_what_a_node_must_have if {
	[role, _] := _facts.nodeRoles
	role == {
		"name": "control-plane",
		"marks": `role=""`,
		"pairs": [{"key": "role", "value": ""}],
		"marking": set(),
		"lacked": set(),
		"sets": [{_reserving}],
		"taints": {_reserving},
		"optionalTaints": false,
	}
}

test_limits_and_words_are_those_of_the_rules if {
	object.keys(_facts.limits) == object.keys(_facts.things)
	count(_facts.hostNetworkTolerations) == count(_facts.daemonTolerations) + 1
}
