# METADATA
# title: Components
# description: >-
#   Which row of the component table an object belongs to, by its namespace, name and, where a row
#   says so, kind; never by fields that anyone can set, such as labels and owners. A row of
#   static pods matches the mirror that a kubelet makes of one, and the file that it reads.
# custom:
#   reads: [controller, pod, replicated]
package lib.table.components

import data.lib.api.inventory
import data.lib.api.patterns
import data.lib.api.requests
import data.lib.scheduling.pods
import data.lib.table.owners
import data.lib.workloads.controllers
import data.lib.workloads.custom_resources
import data.lib.workloads.workload_refs
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns the rows that the object is checked against: those that match it, none where it is checked at
#   its owner.
of(obj, parameters) := rows if {
	rows := rows_of(obj, parameters.components)
	count(rows) > 0
	not owners.checked_there(obj)
} else := []

# METADATA
# description: >-
#   true if the object is checked as one of the other workloads: it makes pods, no row matches it, and it is
#   not checked at its owner.
other(obj, parameters) if {
	_is_kept(obj, parameters)
	_reviewed_other
}

other(obj, parameters) if {
	not _is_kept(obj, parameters)
	_other(obj, parameters)
}

_is_kept(obj, parameters) if {
	requests.is_kept(obj)
	requests.keeps(parameters)
}

_reviewed_other if _other(input.review.object, input.parameters)

_other(obj, parameters) if {
	workloads.known(obj)
	not matched(obj, parameters.components)
	not owners.checked_there(obj)
	count(_revised(obj, parameters)) == 0
}

# METADATA
# description: >-
#   returns the rows whose node role the pods of the object must have: those that it is checked against, and
#   those of the component of which it keeps an earlier template.
placing(obj, parameters) := rows if {
	rows := of(obj, parameters)
	count(rows) > 0
} else := _revised(obj, parameters)

_revised(obj, parameters) := [row |
	obj.kind == "ControllerRevision"
	not owners.checked_there(obj)
	some owner in controllers.of(obj)
	some row in rows_of(owner, parameters.components)
]

# METADATA
# description: >-
#   returns the rows that match the object: those with its exact name, else those whose pattern matches; of
#   these, those with its exact namespace, if there are any. A Rollout without a template of its own belongs to
#   the component of the workload that it takes it from, too.
rows_of(obj, components) := _reviewed_rows if {
	requests.is_kept(obj)
	components == input.parameters.components
} else := _rows_of(obj, components)

_reviewed_rows := _rows_of(input.review.object, input.parameters.components)

_rows_of(obj, components) := [components[position] | some position in positions_of(obj, components)]

# METADATA
# description: returns the positions of these rows in the table.
positions_of(obj, components) := array.concat(own, [position |
	some named in workload_refs.of(obj)
	some position in _matching(named, components)
	not position in own
]) if {
	workload_refs.refers(obj)
	own := _matching(obj, components)
} else := _matching(obj, components)

_matching(obj, components) := [position | some position in fitting; _rank(components[position]) == best] if {
	near := _neighbours(obj, components)
	count(near) > 0
	fitting := _fitting_rows(obj, near, components)
	best := min([_rank(components[position]) | some position in fitting])
} else := []

_neighbours(obj, components) := inventory.rows_near(
	workloads.namespace(obj),
	workloads.name(obj),
) if {
	inventory.has_rows
} else := [] if {
	_rows_in(workloads.namespace(obj), components) == []
} else := array.concat(
	[position | some position in near; components[position].match.name == name],
	_starred(near, components),
) if {
	near := _rows_in(workloads.namespace(obj), components)
	name := workloads.name(obj)
}

_starred(positions, components) := [position |
	some position in positions
	contains(components[position].match.name, "*")
]

# Topdown asks once for all objects of the namespace. Most objects are in a namespace that no row names, and
# most rows name one: it is compared without a call.
_rows_in(namespace, components) := array.concat(
	[position |
		some position, row in components
		row.match.namespace == namespace
	],
	[position |
		some position, row in components
		contains(row.match.namespace, "*")
		row.match.namespace != namespace
		patterns.fits(row.match.namespace, namespace)
	],
)

# METADATA
# description: true if objects of some of the rows can be in the namespace.
some_in_namespace(_, namespace) if inventory.has_rows_in(namespace)

some_in_namespace(components, namespace) if {
	some position in inventory.rows_anywhere
	in_namespace(components[position], namespace)
}

some_in_namespace(components, namespace) if {
	not inventory.has_rows
	some row in components
	in_namespace(row, namespace)
}

# METADATA
# description: true if objects of the row can be in the namespace.
in_namespace(row, namespace) if row.match.namespace == namespace

in_namespace(row, namespace) if {
	patterns.starred(row.match.namespace)
	patterns.fits(row.match.namespace, namespace)
}

_fitting_rows(obj, near, components) := [position |
	workloads.known(obj)
	some position in _fitting_names(workloads.name(obj), near, components)
	row := components[position]
	in_namespace(row, workloads.namespace(obj))
	object.get(row.match, "kind", obj.kind) == obj.kind
	_is_sort(obj, row)
]

# As with the namespace, most names are compared without a call.
_fitting_names(name, near, components) := array.concat(
	[position |
		name != ""
		some position in near
		components[position].match.name == name
	],
	[position |
		some position in near
		contains(components[position].match.name, "*")
		components[position].match.name != name
		patterns.fits(components[position].match.name, name)
	],
)

# An exact name or namespace has a lower rank than a pattern, and the name decides first.
_rank(row) := (_weight(row.match.name) * 2) + _weight(row.match.namespace)

_weight(pattern) := 1 if {
	patterns.starred(pattern)
} else := 0

# A row of static pods matches only pods that a kubelet runs, or could have read from a file as they are.
# Another kind belongs to it by the name of the file: the star of a pattern such as etcd* stands for the names
# of nodes, which only pods have.
_is_sort(_, row) if not row.static

_is_sort(obj, row) if {
	obj.kind != "Pod"
	workloads.name(obj) == replace(row.match.name, "*", "")
}

_is_sort(obj, row) if {
	row.static
	pods.could_be_file(obj, object.get(row, "tolerations", []))
}

_is_sort(obj, row) if {
	row.static
	pods.mirrored(obj)
}

# METADATA
# description: true if some row matches the object.
matched(obj, components) if count(rows_of(obj, components)) > 0

# METADATA
# description: >-
#   returns the objects of the inventory that the row matches, in each of its namespaces.
members(row, components) := [found |
	some namespace in _namespaces(row)
	some found in _members(row, namespace, components)
]

# METADATA
# description: >-
#   returns the objects of the namespace that the row matches, none if it is not one of the row's. They are
#   looked up by its name: a namespace may have thousands of workloads. A Rollout has the template that it
#   refers to.
members_in(row, namespace, components) := [] if {
	not in_namespace(row, namespace)
} else := _members(row, namespace, components)

_members(row, namespace, components) := array.concat(
	[found | some found in _fitting(namespace, row.match.name); row in rows_of(found, components)],
	_custom_members(row, namespace, components),
)

_custom_members(row, namespace, components) := [workload_refs.completed(found) |
	some found in custom_resources.replicated_in_namespace(namespace)
	row in rows_of(found, components)
	not workload_refs.unresolved(found)
]

# METADATA
# description: >-
#   returns the same objects, and others with such a name that another row may match better: is_member() says
#   it, which takes long.
near_in(row, namespace, components) := [] if {
	not in_namespace(row, namespace)
} else := array.concat(_fitting(namespace, row.match.name), _custom_members(row, namespace, components))

# METADATA
# description: true if the row matches the object that near_in() has returned.
is_member(found, row, components) if row in rows_of(found, components)

is_member(found, _, _) if not workloads.built_in(found)

_namespaces(row) := [row.match.namespace] if {
	not patterns.starred(row.match.namespace)
} else := [namespace | some namespace in inventory.namespaces; in_namespace(row, namespace)]

_fitting(namespace, name) := inventory.named_among(namespace, workloads.kinds, name) if {
	not patterns.starred(name)
} else := inventory.fitting_among(namespace, workloads.kinds, name)
