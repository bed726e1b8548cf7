# METADATA
# title: Waivers
# description: >-
#   Which waivers apply to a violation. A waiver is for objects by kind, namespace and name, which the profile's
#   owner chose, and never for what a label, an annotation or an owner says. Whatever is not clear waives
#   nothing.
package lib.findings.waivers

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.api.patterns
import data.lib.api.scopes
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns the indexes of the waivers that apply to the violation of the object, in their order. None if one of
#   the waivers has a fault: it is not known what was meant.
applying(waivers, obj, violation) := [index |
	some index in of_object(waivers, obj)
	_is_at(waivers[index], violation.details.path)
]

# METADATA
# description: returns the indexes of the waivers that are for the object, whatever is found in it.
of_object(waivers, obj) := found if {
	found := [index |
		some index, waiver in waivers
		_is_for(waiver.match, obj)
	]
	count(found) > 0
	count(faults(waivers)) == 0
} else := []

_is_for(match, obj) if {
	match.kind == obj.kind
	is_string(obj.apiVersion)
	_is_of_group(match, obj)
	_is_in_namespace(match, obj)
	_is_named(match, obj)
}

# Without a group, a kind of Kubernetes itself is meant: others may call a kind of their own the same.
_is_of_group(match, obj) if match.group == inventory.group(obj.apiVersion)

_is_of_group(match, obj) if {
	not "group" in object.keys(match)
	inventory.group(obj.apiVersion) in object.get(_groups, match.kind, {inventory.group(obj.apiVersion)})
}

_groups := object.union(
	{kind: sort.groups | some kind, sort in workloads.kinds},
	{"Node": {""}, "Binding": {""}, "PodDisruptionBudget": {"policy"}},
)

_is_in_namespace(match, obj) if {
	not "namespace" in object.keys(match)
	scopes.without_namespace(obj)
}

# What names no namespace may be applied in any.
_is_in_namespace(match, obj) if {
	not scopes.without_namespace(obj)
	match.namespace == obj.metadata.namespace
}

# A name that the API server completes was chosen by no one. Such objects are made by controllers, and are
# checked where these are.
_is_named(match, obj) if {
	fields.at(obj, ["metadata", "generateName"], "") == ""
	is_string(obj.metadata.name)
	patterns.fits(match.name, obj.metadata.name)
	_is_plain(match.name, obj.metadata.name)
}

_is_plain(pattern, _) if not patterns.starred(pattern)

# A star stands for characters of names, not for a line break or a letter that looks like another.
_is_plain(pattern, name) if {
	patterns.starred(pattern)
	regex.match(`^[-.:@A-Z_a-z0-9]+$`, name)
}

_is_at(waiver, _) if not "path" in object.keys(waiver)

_is_at(waiver, path) if {
	count(waiver.path) == count(path)
	every index, step in waiver.path {
		_is_step(step, path[index])
	}
}

_is_step("*", step) if is_number(step)

_is_step(wanted, step) if {
	wanted == step
	wanted != "*"
}

# METADATA
# description: >-
#   returns what is wrong with the waivers, in words about them. There is nothing where they come from a
#   configuration.
faults(waivers) := {says |
	some index, waiver in waivers
	not _is_sound(waiver)
	some fault in _faults(waiver)
	says := concat("", ["waivers[", format_int(index, 10), "] ", fault])
} if {
	is_array(waivers)
} else := {"waivers is not a list"}

_is_sound(waiver) if {
	_is_text(waiver.match.kind)
	_is_pattern(waiver.match.name)
	_is_text(object.get(waiver.match, "namespace", "-"))
	is_string(object.get(waiver.match, "group", ""))
	_is_path(object.get(waiver, "path", []))
}

_is_text(value) if {
	is_string(value)
	value != ""
}

_is_pattern(value) if {
	_is_text(value)
	count(split(value, "*")) < 3
}

_is_path(value) if {
	is_array(value)
	every step in value {
		_is_step_of_path(step)
	}
}

_is_step_of_path(step) if is_string(step)

_is_step_of_path(step) if is_number(step)

_faults(waiver) := ({"has no kind" |
	not _is_text(object.get(match, "kind", ""))
} | {"has no name, or one with two stars" |
	not _is_pattern(object.get(match, "name", ""))
}) | (({"has a namespace that is no name" |
	not _is_text(object.get(match, "namespace", "-"))
} | {"has a group that is no name" |
	not is_string(object.get(match, "group", ""))
}) | {"has a path that is not a list of keys and indexes" |
	not _is_path(object.get(fields.map({"waiver": waiver}, "waiver"), "path", []))
}) if {
	match := fields.map(fields.map({"waiver": waiver}, "waiver"), "match")
}
