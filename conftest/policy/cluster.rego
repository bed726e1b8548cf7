# METADATA
# title: Cluster
# description: >-
#   The combined objects as Gatekeeper has those of a cluster, data.inventory, with the index by which the
#   policies look them up (lib.api.inventory). src/engine/inventory-index.ts makes the same index for a check.
package main.cluster

import data.entry
import data.lib.nodes.roles
import data.lib.workloads.workloads
import data.main.documents

# METADATA
# description: holds the inventory with its index; both are empty without --combine.
inventory := object.union(_inventory, {"index": object.union_n([_index, _nodes, _roles])})

# An object without a namespace is in both: cluster-scoped kinds are read only from there.
_inventory := {"namespace": _by_namespace, "cluster": object.get(_by_namespace, "", {})}

# Of two objects with one identity the later wins, as with kubectl apply. Each is in a list, which a union
# takes as it is: it would join two objects key by key.
_by_namespace := {namespace: {api_version: {kind: {name: obj | some name, [obj] in by_name} |
	some kind, by_name in by_kind
} |
	some api_version, by_kind in by_version
} |
	some namespace, by_version in object.union_n(_listed)
}

_listed := [{namespace: {obj.apiVersion: {obj.kind: {name: [obj]}}}} |
	documents.combined
	some index, source in documents.objects
	obj := source.object
	namespace := _given(obj, "namespace", "")

	# Objects without a name are all different: the API server gives each its own.
	name := _given(obj, "name", concat("", ["#", format_int(index, 10)]))
]

_given(obj, field, otherwise) := otherwise if {
	object.get(obj, ["metadata", field], null) in {null, ""}
} else := obj.metadata[field] if {
	is_string(obj.metadata[field])
} else := json.marshal(obj.metadata[field])

_index := {
	"namespace": _look_ups,
	"cluster": object.get(_look_ups, "", {}),
	"rows": _rows,
}

_look_ups := object.union_n([{namespace: {api_version: {kind: found}}} |
	some namespace, by_version in _by_namespace
	keys := _selected_by(by_version)
	some api_version, by_kind in by_version
	some kind, objects in by_kind
	found := _look_ups_of(kind, objects, keys)
	found != {}
])

_look_ups_of(kind, objects, keys) := {sort: by_path |
	some sort, by_path in {
		"having": {concat(".", path): _having(objects, path, wanted) |
			some [path, wanted] in array.concat(_named_at(kind), _labelled_at(kind, keys))
		},
		"selecting": {concat(".", path): _selecting(objects, path) | path := _selectors[kind]},
		"listing": {concat(".", path): _listing(objects, path) | path := _lists[kind]},
		"fitting": {pattern: _fitting(objects, pattern) | workloads.kinds[kind]; some pattern in _patterns},
	}
	by_path != {}
}

# The labels by which the budgets of a namespace select.
_selected_by(by_version) := {key |
	some by_kind in by_version
	some budget in by_kind.PodDisruptionBudget
	some [key, _] in _pairs(budget, _selectors.PodDisruptionBudget)
}

# Where a kind names another object.
_named_at(kind) := [[path, {"name"}] | some path in _references[kind]]

_references := {
	"HorizontalPodAutoscaler": [["spec", "scaleTargetRef"], ["spec", "scaleRef"]],
	"ScaledObject": [["spec", "scaleTargetRef"]],
	"Rollout": [["spec", "workloadRef"]],
	"PersistentVolume": [["spec", "claimRef"]],
}

_labelled_at(kind, keys) := [[array.concat(workloads.kinds[kind].template, ["metadata", "labels"]), keys] |
	count(keys) > 0
]

# Where a kind has the pairs by which it selects pods.
_selectors := {
	"PodDisruptionBudget": ["spec", "selector", "matchLabels"],
	"Service": ["spec", "selector"],
}

# Where a kind has a list that most of its objects lack.
_lists := {"PodDisruptionBudget": ["spec", "selector", "matchExpressions"]}

_having(objects, path, keys) := object.union(
	{key: {} | some key in keys},
	_grouped([[key, value, name] |
		some name, obj in objects
		some [key, value] in _pairs(obj, path)
		key in keys
	]),
)

# Each object is found by its rarest pair: of those as rare as each other, by the first.
_selecting(objects, path) := {
	"pairs": _grouped([[key, value, name] |
		some name, own in pairs
		[_, key, value] := min([[count(all[key][value]), key, value] | some [key, value] in own])
	]),
	"others": [name | some name, [] in pairs],
} if {
	pairs := {name: _pairs(obj, path) | some name, obj in objects}
	all := _grouped([[key, value, name] | some name, own in pairs; some [key, value] in own])
}

_listing(objects, path) := [name |
	some name, obj in objects
	not object.get(obj, path, null) in {null, []}
]

# The names that start and end as a pattern with a star.
_fitting(objects, pattern) := [name |
	[start, end] := split(pattern, "*")
	some name, _ in objects
	startswith(name, start)
	endswith(name, end)
]

# The names with a star that rows match.
_patterns := {row.match.name | some row in data.bulkhead.table.components; contains(row.match.name, "*")}

# The pairs of strings of a map.
_pairs(obj, path) := [[key, value] |
	found := object.get(obj, path, {})
	is_object(found)
	some key, value in found
	is_string(value)
]

# Items by a key and a value.
_grouped(entries) := {key: {value: [item | some item in items] | some value, items in by_value} |
	some key, by_value in object.union_n([{key: {value: {item: item}}} | some [key, value, item] in entries])
}

_rows := _grouped([[_exact_or_star(row.match.namespace), _exact_or_star(row.match.name), position] |
	some position, row in data.bulkhead.table.components
])

_exact_or_star(pattern) := "*" if {
	contains(pattern, "*")
} else := pattern

# What the policies say of the Nodes, and of the roles, by them alone.
default _nodes := {}

_nodes := {"nodes": facts} if {
	_inventory.cluster.v1.Node
	facts := entry.node_facts with data.inventory as _nodes_alone
}

default _roles := {}

_roles := {"roles": found} if {
	found := roles.of(data.bulkhead.table) with data.inventory as _nodes_alone
}

_nodes_alone := {"cluster": object.filter(_inventory.cluster, ["v1"]), "namespace": {}}
