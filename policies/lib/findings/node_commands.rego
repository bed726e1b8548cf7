# METADATA
# title: Commands about nodes in words
# description: Which command of an object takes the taint or the label of a role from nodes.
package lib.findings.node_commands

import data.lib.findings.findings
import data.lib.nodes.node_commands
import data.lib.nodes.roles
import data.lib.nodes.taints

# METADATA
# description: >-
#   returns the commands that take the taint or the label of a reserved role, with one of the keys, from nodes.
of(obj, commands, keys, all_roles) := {{
	"path": removal.path,
	"says": concat("", [
		"runs a command that takes the ",
		lost.what,
		" of role ",
		lost.role,
		" from nodes: kubectl ",
		removal.verb,
	]),
	"fix": findings.advice(concat("", [
		"Remove the command, so that nodes of role ",
		lost.role,
		" stay reserved.",
	])),
} |
	some removal in node_commands.removals(obj, commands, keys)
	some lost in _lost(removal, all_roles)
}

# METADATA
# description: returns what is too much to find such commands.
excess(obj, keys) := node_commands.excess(obj, keys)

# METADATA
# description: returns the keys of the labels and taints of the roles, which such commands name.
keys(all_roles) := {label.key | some role in all_roles; some label in role.labels} | {taint.key |
	some role in all_roles
	some listed in array.concat([role.taints], object.get(role, "alternativeTaints", []))
	some taint in listed
}

_lost(removal, all_roles) := [{"role": role.name, "what": concat(" ", ["taint", taints.name(taint)])} |
	removal.verb == "taint"
	some role in all_roles
	roles.reserved(role)
	some taint in roles.blocking_taints(role)
	taint.key == removal.key
	removal.effect in {"", taint.effect}
	not _sets(removal, taint)
] if {
	removal.verb == "taint"
}

_sets(removal, taint) if {
	some added in removal.sets
	taints.same(added, taint)
	taint.value in {added.value, null}
}

# A role with several labels is known by any of them.
_lost(removal, all_roles) := [{"role": role.name, "what": concat(" ", ["label", removal.key])} |
	some role in all_roles
	roles.reserved(role)
	{pair.key | some pair in roles.marks(role)} == {removal.key}
] if {
	removal.verb == "label"
}
