# METADATA
# title: Notes on registrations
# description: >-
#   What is not known about how an object registers nodes, or not the same for all of them, so that silence
#   about it does not mean "clean".
package lib.findings.registration_notes

import data.lib.findings.node_labels
import data.lib.nodes.roles
import data.lib.nodes.taints

# METADATA
# description: returns the notes on how the object registers nodes.
of(registrations, all_roles) := {object.union(note, {"code": "REGISTRATION_UNKNOWN"}) |
	some note in union({
		{{"path": fault.path, "message": message} |
			some registered in registrations
			some fault in registered.faults
			message := concat("", ["not checked: ", fault.fault, ". ", _advice(fault)])
		},
		{note | some registered in registrations; some note in _elsewhere(registered, all_roles)},
		{note | some registered in registrations; some note in _older(registered, all_roles)},
		_disagreements(registrations),
	})
}

_advice(fault) := fault.advice if {
	fault.advice
} else := "Check what is put in its place" if {
	fault.open
} else := "Correct it, and check again"

_elsewhere(registered, all_roles) := {{"path": path, "message": message} |
	registered.registers
	registered.elsewhere != ""
	some role in all_roles
	declared := object.get(registered, "taints", [])
	count([taint | some taint in roles.blocking_taints(role); not taint in declared]) > 0
	given := node_labels.labels_given(registered, role)
	count(given) > 0
	path := node_labels.place(registered, given[0].key)
	message := concat("", [
		"not checked whether nodes of role ",
		role.name,
		" have its taints: they may be in ",
		registered.elsewhere,
	])
}

_older(registered, all_roles) := {{"path": node_labels.place(registered, ""), "message": message} |
	some taint in registered.older.taints
	some role in all_roles
	taint in roles.blocking_taints(role)
	message := concat("", [
		registered.older.says,
		" registers these nodes without the taint ",
		taints.name(taint),
		" of role ",
		role.name,
		": list it too",
	])
}

# The first machine of a control plane registers by one part of the object, all others by another.
_disagreements(registrations) := {{"path": node_labels.place(registered, ""), "message": message} |
	[first, registered] := [one | some one in registrations; one.nodes == "control plane nodes"; one.registers]
	{taint | some taint in first.taints} != {taint | some taint in registered.taints}
	message := concat("", [
		"the first control plane node registers with ",
		_names(first.taints),
		", and the others with ",
		_names(registered.taints),
	])
}

_names(listed) := "no taints" if {
	count(listed) == 0
} else := concat(" and ", sort({taints.name(taint) | some taint in listed}))
