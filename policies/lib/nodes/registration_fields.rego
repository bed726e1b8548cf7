# METADATA
# title: Fields of registrations
# description: >-
#   Reads the taints, labels and flags with which nodes register, in each form in which some file has them.
package lib.nodes.registration_fields

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.api.labels
import data.lib.nodes.command_flags
import data.lib.nodes.taints

# METADATA
# description: >-
#   true if no kind of the object's version registers nodes by itself: most objects are of one of these.
other_version(obj) if obj.apiVersion in _other_versions

_other_versions := {"v1", "apps/v1", "batch/v1", "policy/v1"}

# METADATA
# description: returns the API group and the kind of the object, as in "apps/Deployment".
id(obj) := concat("/", [inventory.group(obj.apiVersion), fields.text(obj.kind)])

# METADATA
# description: >-
#   returns a registration of which only what differs from these defaults is given. `labels` and `implied` are
#   the labels and taints that come with the kind of node, `usual` the taints if `given` has none; `given`,
#   `labelled` and `flags` are where taints, labels and flags of the kubelet are written, `gated` where taints
#   that may not count; `adds` if the flags add to the other taints instead of replacing them. `decides` says
#   that all labels of such a node are known, `elsewhere` where more taints may be, `strict` that its kubelet
#   refuses labels of roles, `synced` that only some labels reach the node, `older` which taints older
#   versions leave out, `registers` whether there is such a node at all. A finding is at `place`, or, if there
#   is none, where something is written, or else at `origin`.
registration(given) := object.union(
	{
		"nodes": "nodes", "labels": {}, "implied": [], "usual": [],
		"given": [], "labelled": [], "flags": [], "gated": [], "adds": false,
		"decides": false, "elsewhere": "", "strict": false, "synced": false, "older": "",
		"registers": true, "place": null, "origin": [], "faults": [],
	},
	given,
)

# METADATA
# description: returns what the object has at the path, in one of the forms, to be read by the functions below.
written(obj, path, forms) := {
	"path": path,
	"value": fields.at(obj, path, null),
	"forms": forms,
	"broken": [before |
		some depth, key in path
		before := array.slice(path, 0, depth)
		not _holds(fields.at(obj, before, {}), key)
	],
}

_holds(holder, _) if is_object(holder)

_holds(holder, key) if {
	is_array(holder)
	is_number(key)
}

# METADATA
# description: returns what a flag of a command line says, in the same form.
flagged(flag) := {"path": flag.path, "value": flag.value, "forms": ["strings"], "broken": []}

# METADATA
# description: returns how many taints, labels or flags are written there, at most.
size(source) := count(source.value) if {
	is_object(source.value)
} else := max([count(source.value), count(split(concat(",", texts), ","))]) if {
	is_array(source.value)
	texts := [text | some text in source.value; is_string(text)]
} else := count(split(fields.text(source.value), ","))

# METADATA
# description: >-
#   returns the taints that are written there, each with its path, and what is wrong with what is not a taint.
#   `open` says that something else may be put in its place.
taint_items(source) := array.concat(_broken(source), [_placed(source, item) |
	source.value != null
	some item in _taint_items(source.value, source.forms)
])

_broken(source) := [_fault(path, [_name(path), " is malformed"], "") | some path in source.broken]

_placed(source, item) := object.union(item, {"path": array.concat(source.path, item.path)}) if {
	not item.fault
} else := object.union(item, {
	"path": array.concat(source.path, item.path),
	"fault": concat(" ", [_name(source.path), item.fault]),
})

_fault(path, words, text) := {"path": path, "fault": concat("", words), "open": open(text)}

_name(path) := name if {
	names := [key | some key in path; is_string(key)]
	name := names[count(names) - 1]
}

# METADATA
# description: true if a program may put something else in the place of the text.
open(text) if {
	some mark in ["$", "{{", "`"]
	contains(text, mark)
} else := false

_taint_items(value, forms) := [item |
	some index, one in value
	some item in _taint_item(one, [index], forms)
] if {
	is_array(value)
} else := [item | some item in _taint_item(value, [], forms)] if {
	is_string(value)
	"strings" in forms
} else := [_mapped(key, fields.text(value[key])) | some key in sort(object.keys(value))] if {
	is_object(value)
	"map" in forms
} else := [_fault([], ["is not a list of taints"], fields.text(value))]

_taint_item(one, path, forms) := [_taint(one, path, _effects[form])] if {
	is_object(one)
	some form in forms
	_effects[form]
} else := [item |
	some found in taints.listed(one)
	some item in _listed(found, path)
] if {
	is_string(one)
	"strings" in forms
} else := [_no_taint(path, one)]

_no_taint(path, one) := _fault(path, ["has ", _shown(one), " that is not a taint"], fields.text(one))

# The keys of an object have no order in WASM.
_shown(one) := concat(" ", ["the item", fields.quoted(substring(one, 0, 80))]) if {
	is_string(one)
} else := "an item"

_listed(found, path) := [{"path": path, "taint": found.taint}] if {
	found.taint
} else := [_no_taint(path, found.text)] if {
	found.refused
} else := []

_taint(one, path, effects) := {"path": path, "taint": {"key": key, "value": value, "effect": effect}} if {
	key := one.key
	labels.valid_key(key)
	value := fields.get(one, "value", "")
	labels.valid_value(value)
	effect := effects[one.effect]
} else := _no_taint(path, one)

# How each form spells the effects.
_effects := {
	"objects": {"NoSchedule": "NoSchedule", "PreferNoSchedule": "PreferNoSchedule", "NoExecute": "NoExecute"},
	"kebab": {"no-schedule": "NoSchedule", "prefer-no-schedule": "PreferNoSchedule", "no-execute": "NoExecute"},
	"upper": {"NO_SCHEDULE": "NoSchedule", "PREFER_NO_SCHEDULE": "PreferNoSchedule", "NO_EXECUTE": "NoExecute"},
}

# The value of the taint may be left out, and the colon with it.
_mapped(key, text) := {"path": [key], "taint": {"key": key, "value": value, "effect": effect}} if {
	parts := split(text, ":")
	value := concat("", array.slice(parts, 0, count(parts) - 1))
	effect := _effects.objects[parts[count(parts) - 1]]
	count(parts) <= 2
	labels.valid_key(key)
	labels.valid_value(value)
} else := _no_taint([key], text)

# METADATA
# description: >-
#   returns the labels that are written there, a map or a list of key=value, each with its path, and what is
#   wrong with what is not a label.
label_items(source) := array.concat(_broken(source), [_placed(source, item) |
	source.value != null
	some item in _label_items(source.value, source.forms)
])

_label_items(value, forms) := [{"path": [key], "key": key, "value": fields.text(value[key])} |
	some key in sort(object.keys(value))
] if {
	is_object(value)
	"map" in forms
} else := [item |
	some index, one in value
	some item in _pairs(fields.text(one), [index])
] if {
	is_array(value)
	"strings" in forms
} else := _pairs(value, []) if {
	is_string(value)
	"strings" in forms
} else := [_fault([], ["is not a map of labels"], fields.text(value))] if {
	"map" in forms
} else := [_fault([], ["is not a list of labels"], fields.text(value))]

_pairs(text, path) := [_pair(pair, path) | some pair in split(text, ","); pair != ""]

_pair(text, path) := {"path": path, "key": key, "value": value} if {
	parts := split(text, "=")
	key := trim_space(parts[0])
	value := trim_space(concat("=", array.slice(parts, 1, count(parts))))
	labels.valid_key(key)
	labels.valid_value(value)
} else := _fault(path, ["has ", _shown(text), " that is not a label"], text)

# METADATA
# description: >-
#   returns the flags of a kubelet that are written there, each with its name, value and path, and what is
#   wrong with what is not a flag: a map, a list of names and values, or a list of name=value.
flag_items(source) := array.concat(_broken(source), [_placed(source, item) |
	source.value != null
	some item in _flag_items(source.value)
])

_flag_items(value) := [_flag(key, text, [key]) |
	some key in sort(object.keys(value))
	some text in _texts(value[key])
] if {
	is_object(value)
} else := [_one_flag(one, [index]) | some index, one in value] if {
	is_array(value)
} else := [_one_flag(value, [])] if {
	is_string(value)
} else := [_fault([], ["is not a list of flags"], fields.text(value))]

_texts(value) := [fields.text(text) | some text in value] if {
	is_array(value)
} else := [fields.text(value)]

_one_flag(one, path) := _flag(one.name, fields.field_text(one, "value"), path) if {
	is_string(one.name)
} else := _flag(parts[0], concat("=", array.slice(parts, 1, count(parts))), path) if {
	is_string(one)
	parts := split(one, "=")
	count(parts) > 1
} else := _flag(one, "true", path) if {
	is_string(one)
	not open(one)
} else := _fault(path, ["has ", _shown(one), " that is not a flag"], fields.text(one))

_flag(name, value, path) := {"path": path, "name": replace(trim_left(name, "-"), "_", "-"), "value": value}

# METADATA
# description: returns as faults the words of a command line that may stand for flags that decide.
unknown_words(words, deciding) := [{"path": word.path, "fault": fault, "open": true} |
	some word in words
	command_flags.stands_for_more(word, deciding)
	fault := concat("", ["the value of ", word.text, " is not known"])
]
