# METADATA
# title: Inventory
# description: >-
#   The other objects of the cluster. The only package that reads data.inventory, which Gatekeeper
#   fills from its SyncSet and every other integration from its input. It may be empty: a rule
#   over it never becomes undefined.
#
#   Gatekeeper fills only data.inventory.namespace and data.inventory.cluster. Other integrations add an index,
#   data.inventory.index, of names alone. Each function gives the same answer with it and without: it only says
#   which objects to look at, and what it does not have is looked for in all of them.
#
#   - namespace: by namespace, apiVersion and kind, as the objects are. Of each:
#     - having: by the path of a map, a key and a value of it, the names of the objects that have this pair.
#       A path is its keys joined by dots. All objects with a string there are in it, or it lacks the key.
#     - selecting: by the path of a map, the names of all objects: in `pairs` by one of the pairs of strings of
#       their map, by its key and its value, in `others` if they have none.
#     - listing: by the path of a list, the names of all objects that have something there.
#     - fitting: by a pattern with a star, the names that start and end so.
#   - cluster: the same by apiVersion and kind.
#   - rows: the positions of the rows of the component table, by the namespace and the name that they match.
#     What has a star is under "*".
#   - nodes: what lib.nodes.roles says of the Nodes (`facts`), asked once for all objects.
#   - roles: what it says of the roles of the component table (`of`). Only conftest has it: they
#     have sets, and JSON has none.
package lib.api.inventory

# METADATA
# description: returns the objects of a kind in a namespace, of every version that its API groups serve.
in_namespace(namespace, groups, kind) := [obj |
	some api_version in _versions(namespace, groups)
	some obj in data.inventory.namespace[namespace][api_version][kind]
]

# The apiVersions of what a namespace has of API groups: topdown asks for them once.
_versions(namespace, groups) := [api_version |
	some api_version, _ in data.inventory.namespace[namespace]
	group(api_version) in groups
]

# METADATA
# description: returns the namespaces of all objects; the empty string stands for one that is not known.
namespaces := {namespace | some namespace, _ in data.inventory.namespace}

# METADATA
# description: returns the kinds of the objects that the namespace has.
kinds_in(namespace) := {kind | some kind, _ in data.inventory.namespace[namespace][_]}

# METADATA
# description: true if some namespace has an object of the kind.
has_any(groups, kind) if {
	some namespace, _ in data.inventory.namespace
	some api_version in _versions(namespace, groups)
	some _, _ in data.inventory.namespace[namespace][api_version][kind]
}

# METADATA
# description: returns how many objects of a kind a namespace has.
number_in_namespace(namespace, groups, kind) := sum([number |
	some api_version in _versions(namespace, groups)
	number := _number([namespace, api_version, kind])
])

# Topdown would convert all objects to count them at once.
_number([namespace, api_version, kind]) := count(data.inventory.namespace[namespace][api_version][kind]) if {
	data.inventory.index
} else := count([name | some name, _ in data.inventory.namespace[namespace][api_version][kind]])

# METADATA
# description: >-
#   returns those objects of a kind in a namespace whose pairs at the path are all among the labels of one of
#   the pods: a cheap filter for namespaces with thousands of objects. Only pairs of strings are compared.
selecting_in_namespace(namespace, groups, kind, wanted) := [obj |
	some api_version in _versions(namespace, groups)
	some name in _candidates([namespace, api_version, kind], _selecting(namespace, api_version, kind, wanted))
	obj := data.inventory.namespace[namespace][api_version][kind][name]
	_is_among_any(object.get(obj, wanted.path, {}), wanted.pods)
]

_is_among_any(pairs, pods) if {
	some labels in pods
	not _lacks(labels, pairs)
}

_lacks(labels, pairs) if {
	some key, demanded in pairs
	object.get(labels, key, null) != demanded
	is_string(demanded)
}

# The names by the index, which has each object once; null if it has none for the path.
_selecting(namespace, api_version, kind, wanted) := [name | some names in lists; some name in names] if {
	path := concat(".", wanted.path)
	others := data.inventory.index.namespace[namespace][api_version][kind].selecting[path].others
	lists := array.concat([others], [names |
		some [key, value] in {[key, value] | some labels in wanted.pods; some key, value in labels}
		names := data.inventory.index.namespace[namespace][api_version][kind].selecting[path].pairs[key][value]
	])
} else := null

# METADATA
# description: returns those objects of a kind in a namespace that have a list at the path with something in it.
listing_in_namespace(namespace, groups, kind, path) := [obj |
	some api_version in _versions(namespace, groups)
	some name in _candidates(
		[namespace, api_version, kind],
		_listing(namespace, [api_version, kind], concat(".", path)),
	)
	obj := data.inventory.namespace[namespace][api_version][kind][name]
	count(object.get(obj, path, [])) > 0
]

_listing(namespace, [api_version, kind], path) := names if {
	names := data.inventory.index.namespace[namespace][api_version][kind].listing[path]
} else := null

# METADATA
# description: >-
#   returns those objects of a kind in a namespace that have all these pairs of strings in the map at the path.
having_in_namespace(namespace, groups, kind, wanted) := in_namespace(namespace, groups, kind) if {
	count(wanted.pairs) == 0
} else := [obj |
	first := min(object.keys(wanted.pairs))
	place := array.concat(wanted.path, [first])
	some api_version in _versions(namespace, groups)
	some name in _candidates([namespace, api_version, kind], _shortest([names |
		some key, value in wanted.pairs
		names := _having(namespace, [api_version, kind, concat(".", wanted.path)], key, value)
	]))
	obj := data.inventory.namespace[namespace][api_version][kind][name]
	object.get(obj, place, null) == wanted.pairs[first] # of thousands of objects few have that
	_has_all(object.get(obj, wanted.path, {}), wanted.pairs)
]

_has_all(found, pairs) if {
	every key, value in pairs {
		found[key] == value
	}
}

# Undefined if the index does not have the key.
_having(namespace, [api_version, kind, path], key, value) := names if {
	names := data.inventory.index.namespace[namespace][api_version][kind].having[path][key][value]
} else := [] if data.inventory.index.namespace[namespace][api_version][kind].having[path][key]

# METADATA
# description: >-
#   returns those objects of a cluster-scoped kind that have this pair of strings in the map at the path.
having_in_cluster(groups, kind, wanted) := [obj |
	some api_version, _ in data.inventory.cluster
	group(api_version) in groups
	some name in _candidates_in_cluster([api_version, kind], _shortest([names |
		some key, value in wanted.pairs
		names := _having_in_cluster([api_version, kind, concat(".", wanted.path)], key, value)
	]))
	obj := data.inventory.cluster[api_version][kind][name]
	_has_all(object.get(obj, wanted.path, {}), wanted.pairs)
]

_having_in_cluster([api_version, kind, path], key, value) := names if {
	names := data.inventory.index.cluster[api_version][kind].having[path][key][value]
} else := [] if data.inventory.index.cluster[api_version][kind].having[path][key]

# The names, or those of all objects if there are none to go by. Topdown lists the names of a place without
# converting its objects.
_candidates([namespace, api_version, kind], null) := [name |
	some name, _ in data.inventory.namespace[namespace][api_version][kind]
]

_candidates(_, names) := names if names != null

_candidates_in_cluster([api_version, kind], null) := [name |
	some name, _ in data.inventory.cluster[api_version][kind]
]

_candidates_in_cluster(_, names) := names if names != null

_shortest(lists) := [names | some names in lists; count(names) == least][0] if {
	least := min([count(names) | some names in lists])
} else := null

# METADATA
# description: returns the objects of this name of a kind in a namespace.
named_in_namespace(namespace, groups, kind, name) := [obj |
	some api_version in _versions(namespace, groups)
	obj := data.inventory.namespace[namespace][api_version][kind][name]
]

# METADATA
# description: returns the objects of this name in a namespace, of these kinds with their API groups.
named_among(namespace, kinds, name) := [obj |
	some [api_version, kind] in _given(namespace, kinds)
	obj := data.inventory.namespace[namespace][api_version][kind][name]
]

# METADATA
# description: >-
#   returns the objects in a namespace whose names start and end as this pattern with a star, of these kinds
#   with their API groups.
fitting_among(namespace, kinds, pattern) := [obj |
	some [api_version, kind] in _given(namespace, kinds)
	some name in _fitting([namespace, api_version, kind], pattern)
	obj := data.inventory.namespace[namespace][api_version][kind][name]
]

_fitting([namespace, api_version, kind], pattern) := names if {
	names := data.inventory.index.namespace[namespace][api_version][kind].fitting[pattern]
} else := [name |
	[prefix, suffix] := split(pattern, "*")
	some name, _ in data.inventory.namespace[namespace][api_version][kind]
	startswith(name, prefix)
	endswith(name, suffix)
]

# The kinds that a namespace has, each with an apiVersion: topdown asks for them once.
_given(namespace, kinds) := [[api_version, kind] |
	some kind in kinds_in(namespace)
	some api_version in _versions(namespace, kinds[kind].groups)
	data.inventory.namespace[namespace][api_version][kind]
]

# METADATA
# description: returns the objects of a kind in all namespaces.
everywhere(groups, kind) := [obj |
	some by_version in data.inventory.namespace
	some api_version, by_kind in by_version
	group(api_version) in groups
	some obj in by_kind[kind]
]

# METADATA
# description: returns the objects of a cluster-scoped kind.
in_cluster(groups, kind) := [obj |
	some api_version, by_kind in data.inventory.cluster
	group(api_version) in groups
	some obj in by_kind[kind]
]

# METADATA
# description: returns the objects of a cluster-scoped kind in an API version by their names.
by_name_in_cluster(api_version, kind) := found if {
	found := data.inventory.cluster[api_version][kind]
} else := {}

# METADATA
# description: returns the objects of this name of a cluster-scoped kind.
named_in_cluster(groups, kind, name) := [obj |
	some api_version, by_kind in data.inventory.cluster
	group(api_version) in groups
	obj := by_kind[kind][name]
]

# METADATA
# description: true if the index has the rows of the component table.
has_rows if data.inventory.index.rows

# METADATA
# description: >-
#   returns the positions of the rows of the component table that may match an object of this name in the
#   namespace, by the index.
rows_near(namespace, name) := sort({position |
	some in_namespace in [namespace, "*"]
	some of_name in [name, "*"]
	some position in data.inventory.index.rows[in_namespace][of_name]
})

# METADATA
# description: true if the index has rows that name the namespace.
has_rows_in(namespace) if {
	data.inventory.index.rows[namespace]
	namespace != "*"
}

# METADATA
# description: lists the positions of the rows whose namespace has a star, by the index.
rows_anywhere := [position | some positions in data.inventory.index.rows["*"]; some position in positions]

# METADATA
# description: holds what was derived of the Nodes for the index; undefined without it.
node_facts := data.inventory.index.nodes

# METADATA
# description: lists the roles of the component table as lib.nodes.roles does; undefined if the index has none.
table_roles := data.inventory.index.roles

# METADATA
# description: returns the API group of an apiVersion; the core group is the empty string.
group(api_version) := split(api_version, "/")[0] if {
	contains(api_version, "/")
} else := ""
