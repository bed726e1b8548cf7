# METADATA
# title: Inventory
# description: >-
#   The other objects of the cluster. The only package that reads data.inventory, which Gatekeeper
#   fills from its SyncSet and every other integration from its input. It may be empty: a rule
#   over it never becomes undefined.
package lib.api.inventory

# METADATA
# description: returns the objects of a kind in a namespace, of every version that its API groups serve.
in_namespace(namespace, groups, kind) := [obj |
	some api_version, by_kind in data.inventory.namespace[namespace]
	group(api_version) in groups
	some obj in by_kind[kind]
]

# METADATA
# description: returns the namespaces of all objects; the empty string stands for one that is not known.
namespaces := {namespace | some namespace, _ in data.inventory.namespace}

# METADATA
# description: true if some namespace has an object of the kind.
has_any(groups, kind) if {
	some by_version in data.inventory.namespace
	some api_version, by_kind in by_version
	group(api_version) in groups
	count(by_kind[kind]) > 0
}

# METADATA
# description: returns how many objects of a kind a namespace has.
number_in_namespace(namespace, groups, kind) := sum([count(by_kind[kind]) |
	some api_version, by_kind in data.inventory.namespace[namespace]
	group(api_version) in groups
])

# METADATA
# description: >-
#   returns those objects of a kind in a namespace whose pairs at the path are all among the labels: a
#   cheap filter for namespaces with thousands of objects. Only pairs of strings are compared.
selecting_in_namespace(namespace, groups, kind, wanted) := [obj |
	some api_version, by_kind in data.inventory.namespace[namespace]
	group(api_version) in groups
	some obj in by_kind[kind]
	not _lacks(wanted.labels, object.get(obj, wanted.path, {}))
]

_lacks(labels, pairs) if {
	some key, demanded in pairs
	object.get(labels, key, null) != demanded
	is_string(demanded)
}

# METADATA
# description: returns those objects of a kind in a namespace that have the value at the path.
having_in_namespace(namespace, groups, kind, wanted) := [obj |
	some api_version, by_kind in data.inventory.namespace[namespace]
	group(api_version) in groups
	some obj in by_kind[kind]
	object.get(obj, wanted.path, null) == wanted.value
]

# METADATA
# description: returns the objects of this name of a kind in a namespace.
named_in_namespace(namespace, groups, kind, name) := [obj |
	some api_version, by_kind in data.inventory.namespace[namespace]
	group(api_version) in groups
	obj := by_kind[kind][name]
]

# METADATA
# description: returns the objects of a kind in a namespace whose names have this prefix and suffix.
fitting_in_namespace(namespace, groups, kind, [prefix, suffix]) := [obj |
	some api_version, by_kind in data.inventory.namespace[namespace]
	group(api_version) in groups
	some name, obj in by_kind[kind]
	startswith(name, prefix)
	endswith(name, suffix)
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
# description: returns the objects of this name of a cluster-scoped kind.
named_in_cluster(groups, kind, name) := [obj |
	some api_version, by_kind in data.inventory.cluster
	group(api_version) in groups
	obj := by_kind[kind][name]
]

# METADATA
# description: returns the API group of an apiVersion; the core group is the empty string.
group(api_version) := split(api_version, "/")[0] if {
	contains(api_version, "/")
} else := ""
