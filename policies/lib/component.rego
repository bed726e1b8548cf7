# METADATA
# title: Components
# description: >-
#   Which row of the component table an object belongs to, by its namespace, name and, where a row
#   says so, kind; never by what its author can write freely, such as labels and owners.
package lib.component

import data.lib.workload

# METADATA
# description: returns the rows that claim the object.
rows_of(object_, components) := [row |
	workload.known(object_)
	some row in components
	row.match.namespace == workload.namespace(object_)
	_name_fits(row.match.name, workload.name(object_))
	object.get(row.match, "kind", object_.kind) == object_.kind
]

# METADATA
# description: true if some row claims the object.
claimed(object_, components) if count(rows_of(object_, components)) > 0

_name_fits(pattern, name) if pattern == name

_name_fits(pattern, name) if {
	[prefix, suffix] := split(pattern, "*")
	startswith(name, prefix)
	endswith(name, suffix)
	count(name) >= count(prefix) + count(suffix)
	name != ""
}
