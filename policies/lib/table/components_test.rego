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

_deployment(name) := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"namespace": "kube-system", "name": name},
	"spec": {"template": {"spec": {"containers": []}}},
}

# A Rollout without a template belongs to the component of the workload that it names, too.
_rollout := {
	"apiVersion": "argoproj.io/v1alpha1",
	"kind": "Rollout",
	"metadata": {"namespace": "kube-system", "name": "r"},
	"spec": {"workloadRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "dns"}},
}

_namespace := {"kube-system": {
	"apps/v1": {"Deployment": {"dns": _deployment("dns"), "dns-2": _deployment("dns-2")}},
	"argoproj.io/v1alpha1": {"Rollout": {"r": _rollout}},
}}

test_members_are_those_near_that_the_row_matches if {
	rows := array.concat(_rows, [{"name": "any", "match": {"namespace": "kube-system", "name": "dns*"}}])
	every position, names in {0: {"dns", "r"}, 2: {"dns-2"}} {
		_names(rows[position], rows) == [names, names] with data.inventory.namespace as _namespace
	}
	near := components.near_in(rows[2], "kube-system", rows) with data.inventory.namespace as _namespace
	[found.metadata.name | some found in near] == ["dns", "dns-2"]
	components.near_in(rows[0], "shop", rows) == []
}

_names(row, rows) := [
	{found.metadata.name | some found in components.members_in(row, "kube-system", rows)},
	{found.metadata.name |
		some found in components.near_in(row, "kube-system", rows)
		components.is_member(found, row, rows)
	},
]
