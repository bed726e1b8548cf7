# METADATA
# title: Subjects
# description: >-
#   What an object is checked as: the components that match it, or, if none does, one of the other
#   workloads, by the columns that the last row of the table has for them.
package lib.table.subjects

import data.lib.api.inventory
import data.lib.api.requests
import data.lib.table.components
import data.lib.table.owners
import data.lib.workloads.replicas
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns what the object is checked as, with the columns of each: its name for messages, and its
#   component, null where there is none. Nothing if it is checked at its owner.
of(obj, parameters) := _reviewed if {
	requests.is_kept(obj)
	requests.keeps(parameters)
} else := _of(obj, parameters)

_reviewed := _of(input.review.object, input.parameters)

_of(obj, parameters) := found if {
	found := _all(obj, parameters)
	count(found) > 0
	not owners.checked_there(obj)
} else := []

_all(obj, parameters) := [of_row(row) | some row in rows] if {
	rows := components.rows_of(obj, parameters.components)
	count(rows) > 0
} else := [_other(obj, parameters.otherWorkloads)]

# METADATA
# description: >-
#   returns what is required of a custom resource that makes pods, as a component or as another workload,
#   with the columns: it is not known how many pods such a kind runs, or how it replaces them.
custom(obj, parameters) := [subject |
	is_custom(obj)
	some subject in _demanded(obj, parameters)
]

# METADATA
# description: true if the object makes pods and its kind is not one of Kubernetes itself.
is_custom(obj) if {
	workloads.known(obj)
	workloads.custom(obj)
}

# METADATA
# description: returns the words for the kind of a custom resource, with its API group.
custom_kind(obj) := concat(" of ", [obj.kind, inventory.group(obj.apiVersion)])

_demanded(obj, parameters) := [of_row(row) |
	some row in components.rows_of(obj, parameters.components)
] if {
	components.matched(obj, parameters.components)
} else := [object.union(parameters.otherWorkloads, {"component": null})] if {
	parameters.otherWorkloads
} else := []

# METADATA
# description: returns the row as what is checked.
of_row(row) := object.union(row, {"component": row.name})

# Other workloads are checked only if their kind has replicas. No budget is demanded of a DaemonSet, since
# drains ignore its pods, but its updates must finish, and a budget that it has must count.
_other(obj, columns) := object.union(columns, {
	"name": workloads.title(obj),
	"component": null,
}) if {
	replicas.counted(obj)
}

_other(obj, columns) := object.union(columns, {
	"name": workloads.title(obj),
	"component": null,
	"disruptionControl": false,
	"lasts": object.get(columns, "disruptionControl", false),
}) if {
	obj.kind == "DaemonSet"
	workloads.built_in(obj)
}
