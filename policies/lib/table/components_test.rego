package lib.table.components_test

import data.lib.table.components

_rows := [
	{"name": "dns", "match": {"namespace": "kube-system", "name": "dns"}},
	{"name": "agent", "match": {"namespace": "team-*", "name": "agent*"}},
]

_index := {"rows": {"kube-system": {"dns": [0]}, "*": {"*": [1]}}}

# Whether some row can match in the namespace, and which do of a Deployment of the name.
_cases := {
	["kube-system", "dns"]: [true, ["dns"]],
	["kube-system", "agent-1"]: [true, []],
	["team-a", "agent-1"]: [true, ["agent"]],
	["shop", "dns"]: [false, []],
	["*", "agent-1"]: [false, []],
}

_answer(namespace, name) := [
	count({true | components.some_in_namespace(_rows, namespace)}) == 1,
	[row.name | some row in components.rows_of(obj, _rows)],
] if {
	obj := {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"namespace": namespace, "name": name}}
}

test_rows[[namespace, name]] if {
	some [namespace, name], expected in _cases
	_answer(namespace, name) == expected
	_answer(namespace, name) == expected with data.inventory.index as _index
}
