# METADATA
# title: Components
# description: >-
#   Which row of the component table an object belongs to, by its namespace, name and, where a row
#   says so, kind; never by what its author can write freely, such as labels and owners.
package lib.component

import data.lib.workload

# METADATA
# description: >-
#   returns the rows that claim the object: those of just its name, else those whose pattern fits it.
rows_of(object_, components) := rows if {
	rows := _rows(object_, components, "exact")
	count(rows) > 0
} else := _rows(object_, components, "pattern")

_rows(object_, components, fit) := [row |
	workload.known(object_)
	namespace := workload.namespace(object_)
	name := workload.name(object_)
	some row in components
	row.match.namespace == namespace
	_fit(row.match.name, name) == fit
	object.get(row.match, "kind", object_.kind) == object_.kind
]

# METADATA
# description: true if some row claims the object.
claimed(object_, components) if count(rows_of(object_, components)) > 0

_fit(pattern, name) := "exact" if {
	pattern == name
	name != ""
}

_fit(pattern, name) := "pattern" if {
	pattern != name
	[prefix, suffix] := split(pattern, "*")
	startswith(name, prefix)
	endswith(name, suffix)
	count(name) >= count(prefix) + count(suffix)
	name != ""
}
