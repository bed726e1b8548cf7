# METADATA
# title: Labels and taints of nodes
# description: >-
#   Where a Node does not have the labels and taints of its role, or registers without them, in words and
#   with the place and the fix.
package lib.findings.node_labels

import data.lib.api.fields
import data.lib.findings.edits
import data.lib.findings.findings
import data.lib.findings.words
import data.lib.nodes.nodes
import data.lib.nodes.registration
import data.lib.nodes.registration_fields
import data.lib.nodes.roles
import data.lib.nodes.taints
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns the object's name in messages: its kind, and its name unless it is a file that needs
#   none.
title(obj) := obj.kind if {
	endswith(registration.group(obj), "k8s.io")
	endswith(obj.kind, "Configuration")
} else := obj.kind if {
	registration_fields.id(obj) in {"/KubeNodeConfig", "kind.x-k8s.io/Cluster"}
	workloads.own_name(obj) == ""
} else := workloads.title(obj)

# METADATA
# description: returns where the Node's labels and taints are not those of its roles.
of_node(node, all_roles) := union({
	_missing_taints(node, all_roles),
	_other_values(node, all_roles),
	{_with_prefix("has ", found) |
		listed := nodes.listed_taints(node)
		some found in (_missing_labels(listed, labels, all_roles) | _wrong_values(labels, all_roles))
	},
}) if {
	labels := nodes.labels(node)
}

_with_prefix(prefix, found) := object.union(found, {"says": concat("", [prefix, found.says])})

_missing_taints(node, all_roles) := {{
	"path": ["spec", "taints"],
	"says": concat("", [
		"has the label ",
		_label_name(key, labels[key]),
		" of role ",
		role.name,
		" but not its taint ",
		taints.name(taint),
		_instead(role),
	]),
	"fix": findings.edits(
		concat("", ["Add the taint ", taints.name(taint), ", or remove the label."]),
		false,
		[edits.append(node, ["spec", "taints"], object.filter(taint, ["key", "value", "effect"])) |
			is_string(taint.value)
		],
	),
} |
	labels := nodes.labels(node)
	some role in all_roles
	some key in roles.marks_in(labels, role)
	roles.has(node, role)
	some taint in _lacking(nodes.listed_taints(node), role)
}

# The taints of the role that the list lacks: of its first set, if it has none of the others. One with another
# value is a finding of its own.
_lacking(listed, role) := set() if {
	role.optionalTaints
} else := set() if {
	some wanted in roles.sets(role)
	count(_missing(listed, wanted)) == 0
} else := _missing(listed, roles.sets(role)[0])

_missing(listed, wanted) := {taint |
	some taint in wanted
	not _lists(listed, taint)
}

_lists(listed, taint) if {
	some item in listed
	taints.same(item.value, taint)
}

# The other sets of taints that the role's nodes may have.
_instead(role) := concat("", [text |
	some index, wanted in roles.sets(role)
	index > 0
	text := concat("", [" (or ", _taint_names(wanted), ")"])
])

_taint_names(listed) := concat(" and ", sort([taints.name(taint) | some taint in listed]))

_label_name(key, value) := concat("=", [key, fields.quoted(value)])

_other_values(node, all_roles) := {{
	"path": array.concat(item.path, ["value"]),
	"says": concat("", [
		"has the taint ",
		taint.key,
		":",
		taint.effect,
		" of role ",
		role.name,
		" with value ",
		fields.quoted(item.value.value),
		" instead of ",
		concat(" or ", sort([fields.quoted(value) | some value in known])),
	]),
	"fix": _taint_fix(node, item, known),
} |
	some role in all_roles
	some taint in roles.blocking_taints(role)
	some item in nodes.listed_taints(node)
	taints.same(item.value, taint)
	known := {other.value | some other in roles.blocking_taints(role); taints.same(other, taint)}
	count(known & {item.value.value, null}) == 0
}

_taint_fix(node, item, known) := findings.edits(
	concat("", ["Set the value of the taint to ", fields.quoted(value), "."]),
	true,
	[edits.put(node, array.concat(item.path, ["value"]), value)],
) if {
	[value] := [known_value | some known_value in known]
} else := findings.advice("Give the taint one of the values that the profile has for it.")

_missing_labels(listed, labels, all_roles) := {{
	"path": item.path,
	"says": concat("", [
		"the taint ",
		taints.name(taint),
		" of role ",
		role.name,
		" but not its label ",
		words.marks(role.labels),
	]),
	"fix": findings.advice("Add the label of the role, or remove the taint."),
} |
	some role in all_roles
	some taint in roles.sets(role)[0] # nodes of no role may have the others
	some item in listed
	taints.same(item.value, taint)
	count([label | some label in role.labels; is_string(labels[label.key])]) == 0
}

_wrong_values(labels, all_roles) := {{
	"path": ["metadata", "labels", pair.key],
	"says": concat("", [
		"the label ",
		pair.key,
		" of role ",
		role.name,
		" with value ",
		fields.quoted(labels[pair.key]),
		" instead of ",
		concat(" or ", sort([fields.quoted(value) | some value in known])),
	]),
	"fix": _value_fix(pair.key, known),
} |
	some role in all_roles
	some pair in roles.pairs(role)
	is_string(labels[pair.key])
	not _marks_anyhow(all_roles, pair.key)
	known := _known_values(all_roles, pair.key)
	not labels[pair.key] in known
}

# Every value of the label marks a role.
_marks_anyhow(all_roles, key) if {
	some role in all_roles
	key in roles.marking_keys(role)
}

_known_values(all_roles, key) := {pair.value |
	some role in all_roles
	some pair in roles.pairs(role)
	pair.key == key
}

_value_fix(key, known) := findings.edits(
	concat("", ["Set the label ", key, " to ", fields.quoted(value), "."]),
	true,
	[{"op": "set", "path": ["metadata", "labels", key], "value": value}],
) if {
	[value] := [known_value | some known_value in known]
} else := findings.advice(concat(" ", ["Give the label", key, "a value that the profile has for it."]))

# METADATA
# description: >-
#   returns the reserved roles that the Node loses by an update: it had a label of the role before, and has
#   neither that nor a taint of the role after.
lost_roles(before, after, all_roles) := {{
	"path": ["metadata", "labels"],
	"says": concat(" ", ["loses the label and the taint of role", role.name]),
	"fix": findings.advice(concat(" ", [
		"Keep the label and the taint.",
		"To give the node another role, delete the Node and register it again.",
	])),
} |
	some role in all_roles
	roles.has(before, role)
	not roles.has(after, role)
	count(roles.blocking_taints(role)) > 0
	every taint in roles.blocking_taints(role) {
		not _lists(nodes.listed_taints(after), taint)
	}
}

# METADATA
# description: >-
#   returns where a registration (lib.nodes.registration) does not match the role of its nodes, or where the
#   kubelet refuses to start.
of_registration(registered, all_roles) := {{
	"path": refusal.path,
	"says": concat("", ["starts a kubelet that refuses to run: ", _refusal(refusal)]),
	"fix": findings.advice("Correct the flag: the kubelet exits with an error, and its node never registers."),
} |
	some refusal in registered.refusals
} if {
	count(registered.refusals) > 0
} else := _taint_violations(registered, all_roles) | _label_violations(registered, all_roles) if {
	registered.registers
} else := set()

_refusal(refusal) := concat("", ["flag ", refusal.flag, " needs two dashes"]) if refusal.problem == "one dash"

_refusal(refusal) := concat("", ["flag --", refusal.flag, " has no value"]) if refusal.problem == "no value"

_refusal(refusal) := concat(" ", ["taint", fields.quoted(refusal.text), "is not in key=value:Effect form"]) if {
	refusal.problem == "no taint"
}

_refusal(refusal) := concat("", ["taint ", refusal.text, " is given twice"]) if refusal.problem == "taint twice"

_refusal(refusal) := concat("", ["a kubelet may not set the label ", refusal.text, " on its node"]) if {
	refusal.problem == "label"
}

_refusal(refusal) := concat("", [
	"flag --",
	refusal.flag,
	" is ",
	fields.quoted(refusal.text),
	", neither true nor false",
]) if {
	refusal.problem == "no boolean"
}

_taint_violations(registered, all_roles) := {found |
	_ = registered.taints # else they are not known
	some role in all_roles
	some taint in unregistered(registered, role)
	some found in _other_taints(registered, role, taint)
}

# METADATA
# description: >-
#   returns the taints of the role that the nodes register without: of its first set, if they have none of the
#   others.
unregistered(registered, role) := set() if {
	role.optionalTaints
} else := set() if {
	some wanted in roles.sets(role)
	count([taint | some taint in wanted; not _declares(registered, taint)]) == 0
} else := {taint | some taint in roles.sets(role)[0]; not _declares(registered, taint)}

_declares(registered, taint) if {
	some declared in registered.taints
	taints.same(declared, taint)
	taint.value in {declared.value, null}
}

_other_taints(registered, role, taint) := {{
	"path": place(registered, given[0]),
	"says": concat("", [
		"registers ",
		registered.nodes,
		" with the label of role ",
		role.name,
		" but without its taint ",
		taints.name(taint),
		_instead(role),
	]),
	"fix": findings.advice(concat("", ["Register these nodes with the taint ", taints.name(taint), "."])),
}} if {
	given := labels_given(registered, role)
	count(given) > 0
	registered.elsewhere == ""
} else := {{
	"path": place(registered, ""),
	"says": concat("", [
		"registers ",
		registered.nodes,
		" with the taint ",
		taints.name(other),
		", but role ",
		role.name,
		" has ",
		taints.name(taint),
	]),
	"fix": findings.advice(concat("", ["Register these nodes with the taint ", taints.name(taint), " instead."])),
} |
	some other in array.concat(registered.taints, registered.gated)
	other.key == taint.key
	not _of_role(other, role)
}

_of_role(taint, role) if {
	some declared in array.concat([role.taints], object.get(role, "alternativeTaints", []))[_]
	taints.same(taint, declared)
	object.get(declared, "value", taint.value) == taint.value
}

# METADATA
# description: returns the keys of the labels by which the registered nodes are of the role, sorted.
labels_given(registered, role) := sort(roles.marks_in(registered.labels, role)) if {
	count(roles.lacked_keys(role) & object.keys(registered.labels)) == 0
} else := []

# METADATA
# description: >-
#   returns where the taints of the registration are written. If they are not, the finding is on what sets the
#   label, or on what implies it.
place(registered, _) := registered.path

place(registered, key) := object.get(registered.paths, key, registered.place) if not registered.path

_label_violations(registered, all_roles) := {_registered(found, object.get(registered, "path", [])) |
	listed := [{"path": [], "value": taint} |
		some taint in registered.taints
		_gives_roles(registered, all_roles)
	]
	some found in _missing_labels(listed, _relevant_labels(registered, all_roles), all_roles)
} | {_registered(found, registered.paths[found.path[2]]) |
	some found in _wrong_values(
		{key: value | some key, value in registered.labels; registered.paths[key]},
		all_roles,
	)
}

# Of labels that come with a kind of node, another value says that the node has another role.
_relevant_labels(registered, all_roles) := {key: value |
	some key, value in registered.labels
	_relevant(registered, key, value, all_roles)
}

_relevant(registered, key, _, _) if registered.paths[key]

_relevant(registered, key, value, all_roles) if {
	not registered.paths[key]
	value in _known_values(all_roles, key)
}

_registered(found, path) := object.union(_with_prefix("registers nodes that have ", found), {
	"path": path,
	"fix": findings.advice("Register these nodes with both the label and the taint of the role."),
})

# Since 1.16 a kubelet may not set a label like node-role.kubernetes.io/master on its own node; other clients
# do. A kubelet that sets such labels is older, and must set the role's label too.
_gives_roles(registered, _) if registered.decides

_gives_roles(registered, all_roles) if {
	not registered.decides
	registered.closed
	some key, _ in registered.labels
	some role in all_roles
	some label in role.labels
	split(key, "/")[0] == split(label.key, "/")[0]
}
