# METADATA
# title: Faults of parameters
# description: >-
#   What is wrong with a policy's parameters where someone wrote them, in a Constraint or for conftest: a
#   policy without anything to check would pass every object in silence. Those that come from a profile are
#   sound.
package lib.findings.parameter_faults

import data.lib.api.fields
import data.lib.api.requests
import data.lib.findings.findings
import data.lib.findings.waivers
import data.lib.nodes.taints
import data.lib.workloads.workloads

# METADATA
# description: returns the violation that the object was not checked, for the reason that `says` gives.
violation(obj, says) := findings.violation(
	concat("", [workloads.title(obj), " was not checked: ", says]),
	{
		"path": [],
		"component": null,
		"fix": findings.advice("Correct the parameters, or generate them from a profile again."),
	},
)

# METADATA
# description: >-
#   returns the violations of an object that no waiver can be for, since one of the waivers that someone wrote
#   has a fault.
of_waivers(obj, written) := {found |
	some says in waivers.faults(written)
	found := findings.violation(
		concat("", [workloads.title(obj), " cannot be waived: ", says]),
		{
			"path": [],
			"component": null,
			"fix": findings.advice("Correct the waivers, or generate them from the configuration again."),
		},
	)
}

# METADATA
# description: >-
#   returns the fault of parameters in which no component has any of the columns, or which have no component
#   where no columns are given.
of_components(parameters, columns) := set() if {
	requests.of_profile
} else := set() if {
	_asks(parameters.components[0], columns) # most often: this runs for every object
} else := set() if {
	some row in parameters.components
	_asks(row, columns)
} else := {concat("", ["no component of the parameters has ", concat(" or ", columns)])} if {
	count(columns) > 0
} else := {"the parameters have no components"}

# METADATA
# description: >-
#   returns the same for a policy that also checks other workloads, by the columns or, where none are given,
#   if disruption control is required of them, or that they can be drained. Where other workloads run is no
#   column of such a policy.
of_rows(parameters, columns) := set() if {
	requests.of_profile
} else := set() if {
	is_array(parameters.components)
	_others_ask(parameters.otherWorkloads, columns)
} else := of_components(parameters, columns)

_asks(_, []) := true

_asks(row, columns) if {
	some column in columns
	object.get(row, column, null) != null
}

_others_ask(others, []) if others.disruptionControl

_others_ask(others, []) if others.drainable

_others_ask(others, columns) if {
	count(columns) > 0
	_asks(object.remove(others, ["nodeRole"]), columns)
}

# METADATA
# description: >-
#   returns the faults of the roles: there are none, one has no labels, so that no node can have it, or a
#   taint has an effect that Kubernetes does not know.
of_roles(parameters) := set() if {
	requests.of_profile
} else := {"nodeRoles of the parameters is empty"} if {
	count(fields.list(parameters, "nodeRoles")) == 0
} else := {says |
	some role in parameters.nodeRoles
	not _sound(role) # almost always: this runs for every object
	some says in _of_role(role)
}

_sound(role) if {
	_ = role.labels[0]
	count([label | some label in role.labels; _sound_label(label)]) == count(role.labels)
	every taint in role.taints {
		taint.effect in _effects
	}
	not role.alternativeTaints
}

_sound(role) if {
	_ = role.labels[0]
	count([label | some label in role.labels; _sound_label(label)]) == count(role.labels)
	count(role.taints) > 0
	every listed in array.concat([role.taints], role.alternativeTaints) {
		every taint in listed {
			taint.effect in _effects
		}
	}
}

_sound_label(label) if is_string(label.value)

_sound_label(label) if is_boolean(label.exists)

_effects := {"NoSchedule", "PreferNoSchedule", "NoExecute"}

_of_role(role) := ({concat("", ["role ", name, " of the parameters has no labels"]) |
	count(fields.list(role, "labels")) == 0
} | {concat("", ["a taint of role ", name, " has the unknown effect ", fields.quoted(effect)]) |
	some taint in _written_taints(role)
	effect := fields.field_text(taint, "effect")
	not effect in _effects
}) | {concat("", ["the label ", key, " of role ", name, " has neither a value nor exists"]) |
	some label in fields.list(role, "labels")
	not _sound_label(label)
	key := fields.field_text(label, "key")
} if {
	name := fields.field_text(role, "name")
}

_written_taints(role) := array.concat(fields.list(role, "taints"), [taint |
	some listed in fields.list(role, "alternativeTaints")
	some taint in fields.list({"taints": listed}, "taints")
])

# METADATA
# description: >-
#   returns the faults of parameters by which other workloads may run anywhere: no role is reserved, or it is
#   not said where they run.
of_reservation(parameters) := set() if {
	requests.of_profile
} else := {"the parameters have no list of components"} if {
	not is_array(object.get(parameters, "components", null))
} else := {"the parameters have no otherWorkloads.nodeRole"} if {
	_role_of_others(parameters) == ""
} else := set() if {
	some role in parameters.nodeRoles
	some taint in role.taints
	taints.blocks(taint)
	role.name != _role_of_others(parameters)
} else := {concat("", [
	"no role of the parameters",
	" except that of otherWorkloads has a taint with effect NoSchedule or NoExecute",
])}

_role_of_others(parameters) := fields.field_text(fields.map(parameters, "otherWorkloads"), "nodeRole")

# METADATA
# description: >-
#   returns the faults of a row that names roles which the parameters do not have. Some rows may also say one of
#   the words, which stand for several roles.
of_role_name(names, words, parameters) := set() if {
	requests.of_profile
} else := {says |
	some name in _names(names)
	not _known_name(name, words, parameters)
	says := concat(" ", ["nodeRoles of the parameters have no role", fields.text(name)])
}

_names(names) := names if {
	is_array(names)
	count(names) > 0
} else := [names]

_known_name(name, words, parameters) if {
	name in words
	count(fields.list(parameters, "nodeRoles")) > 0
}

_known_name(name, _, parameters) if {
	some role in parameters.nodeRoles
	role.name == name
}
