# METADATA
# title: Subjects
# description: >-
#   What an object is judged as: the components that claim it, or, if none does, one of the other
#   workloads, by the columns that the last row of the table has for them.
package lib.subject

import data.lib.component
import data.lib.inventory
import data.lib.owner
import data.lib.replicas
import data.lib.workload

# METADATA
# description: >-
#   returns what the object is judged as, with the columns of each: its name for messages, and its
#   component, null where there is none. Nothing if it is judged at its controller.
of(object_, parameters) := found if {
	found := _all(object_, parameters)
	count(found) > 0
	not owner.judged_there(object_)
} else := []

_all(object_, parameters) := [of_row(row) |
	some row in component.rows_of(object_, parameters.components)
] if {
	component.claimed(object_, parameters.components)
} else := [_other(object_, parameters.otherWorkloads)]

# METADATA
# description: >-
#   returns what is demanded of a custom resource that makes pods, as of a component or of other workloads,
#   with the columns: of such a kind it is not known how many pods it runs, and how it replaces them.
custom(object_, parameters) := [subject_ |
	is_custom(object_)
	some subject_ in _demanded(object_, parameters)
]

# METADATA
# description: true if the object makes pods and is of no kind of Kubernetes' own.
is_custom(object_) if {
	workload.known(object_)
	contains(inventory.group(object_.apiVersion), ".")
}

# METADATA
# description: returns the words for the kind of a custom resource, with its API group.
custom_kind(object_) := concat(" of ", [object_.kind, inventory.group(object_.apiVersion)])

_demanded(object_, parameters) := [of_row(row) |
	some row in component.rows_of(object_, parameters.components)
] if {
	component.claimed(object_, parameters.components)
} else := [object.union(parameters.otherWorkloads, {"component": null})] if {
	parameters.otherWorkloads
} else := []

# METADATA
# description: returns the row as what is judged.
of_row(row) := object.union(row, {"component": row.name})

# Of other workloads only those with a number of replicas are asked whether they can lose one.
_other(object_, columns) := object.union(columns, {
	"name": workload.title(object_),
	"component": null,
}) if {
	replicas.counted(object_)
}
