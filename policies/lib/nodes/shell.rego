# METADATA
# title: Command lines
# description: >-
#   The commands that an object runs: those of the containers of its pods, and those of a systemd unit.
#   A shell script in one word is parsed as far as that is possible without a shell.
package lib.nodes.shell

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.api.limits
import data.lib.workloads.pod_limits
import data.lib.workloads.workloads

# METADATA
# description: true if the object is a systemd unit, or a kubelet's arguments, as a file of one is read.
unit(obj) if {
	obj.kind in {"SystemdUnit", "KubeletArguments"}
	inventory.group(obj.apiVersion) == "bulkhead.dev"
}

# METADATA
# description: >-
#   returns the commands of each command line that has one of the texts anywhere. A command is a list of
#   words: the text of each, its path, whether it is in a shell script, and whether that script is
#   vague: its words may begin and end elsewhere. A container's image is its first word.
having(obj, texts) := read(obj, texts).commands

# METADATA
# description: >-
#   returns these `commands`, and what is too much to read them (`excess`): how many containers the object has,
#   and how long those command lines are. There are no commands then.
read(obj, texts) := {"commands": [], "excess": excess} if {
	excess := _too_many(obj)
	excess != set()
} else := {"commands": [], "excess": set()} if {
	not _has(_written(obj), texts) # most objects end here
} else := {"commands": [], "excess": excess} if {
	excess := _too_long([line | some line in _written(obj); _has(line, texts)])
	excess != set()
} else := {"commands": commands(_lines(obj, texts)), "excess": set()}

# METADATA
# description: returns the commands of the lines, each a list of words, and those of the scripts in their words.
commands(lines) := [command |
	some line in lines
	scripts := _scripts([line])
	inner := _scripts(scripts)
	some words in array.concat([line], array.concat(scripts, array.concat(inner, _scripts(inner))))
	ends := [index | some index, word in words; _separates(word)]
	starts := array.concat([0], [start | some end in ends; start := end + 1])
	some index, end in array.concat(ends, [count(words)])
	command := array.slice(words, starts[index], end)
]

_too_many(obj) := found if {
	found := pod_limits.specs(obj)
	found != set()
} else := limits.excess("containers", _containers(obj), ["spec"])

_too_long(lines) := found if {
	found := limits.excess("commandWords", sum([count(line) | some line in lines]), ["spec"])
	found != set()
} else := excess_of_scripts([concat(" ", words) |
	some line in lines
	words := [fields.text(word) | some word in line]
])

# METADATA
# description: returns what is too much to parse the scripts.
excess_of_scripts(scripts) := found if {
	found := limits.excess("commandBytes", sum([count(script) | some script in scripts]), ["spec"])
	found != set() # the words of a longer script are not counted: WASM copies it for each
} else := limits.excess("commandWords", sum([_words(script) | some script in scripts]), ["spec"])

# What is written of each command line, as short as it can be counted.
_written(obj) := fields.list(obj, "execStart") if {
	unit(obj)
} else := [array.concat([fields.field_text(item, "image")], words) |
	some [spec, field] in _container_lists(obj)
	some item in fields.list(spec, field)
	words := array.concat(fields.list(item, "command"), fields.list(item, "args"))
]

_containers(obj) := 0 if {
	unit(obj)
} else := sum([count(fields.list(spec, field)) | some [spec, field] in _container_lists(obj)])

_container_lists(obj) := [[pod.spec, field] |
	workloads.known(obj)
	some pod in workloads.pod_specs(obj)
	some field in _container_fields
]

_container_fields := ["containers", "initContainers", "ephemeralContainers"]

# Every character at which a script or the value of a flag can be split makes a word; indentation makes none.
_words(script) := count(split(words, " ")) if {
	spaced := replace(strings.replace_n(_separators, script), "        ", " ")
	words := replace(replace(replace(spaced, "    ", " "), "  ", " "), "  ", " ")
}

_separators := object.union(
	{character: " ; " | some character in ["\n", ";", "&", "|", "(", ")"]},
	{character: " " | some character in ["\t", ",", "'", "\""]},
)

_lines(obj, texts) := [_texts(line, ["execStart", index]) |
	some index, line in fields.list(obj, "execStart")
	_has(line, texts)
] if {
	unit(obj)
} else := [line |
	workloads.known(obj)
	some pod in workloads.pod_specs(obj)
	some field in _container_fields
	some item in fields.items(fields.list(pod.spec, field), array.concat(pod.path, [field]))
	line := _container(item.value, item.path, texts)
]

# Most containers have none of the texts, and cost only this check.
_container(container, path, texts) := array.concat(
	[_word(image, array.concat(path, ["image"]))],
	array.concat(
		_texts(command, array.concat(path, ["command"])),
		_texts(args, array.concat(path, ["args"])),
	),
) if {
	image := fields.field_text(container, "image")
	command := fields.list(container, "command")
	args := fields.list(container, "args")
	_has(array.concat([image], array.concat(command, args)), texts)
}

_texts(words, path) := [_word(item.value, item.path) | some item in fields.items(words, path)]

_word(text, path) := {"text": fields.text(text), "path": path, "scripted": false, "vague": false}

# The texts are names and keys, which JSON writes as they are.
_has(words, texts) if {
	written := json.marshal(words)
	some text in texts
	contains(written, text)
}

# The words of each script that is a word of the lines. A script may contain another in quotes, and that one
# a third; there are only two kinds of quotes.
_scripts(lines) := [_parts(word) | some line in lines; some word in line; _script(word.text)]

_parts(word) := [part |
	script := replace(word.text, "\\\n", " ")
	vague := true in {word.vague, _vague(script)}
	some text in _shell_words(script, vague)
	part := {"text": text, "path": word.path, "scripted": true, "vague": vague}
]

# Only a script has spaces and does not start like a flag: a flag with spaces is one word.
_script(text) if {
	not startswith(text, "-")
	some blank in [" ", "\n", "\t"]
	contains(text, blank)
}

_separates(word) if {
	word.scripted
	word.text == ";"
}

# A backslash, and quotes of one kind within the other, can only be read by a shell.
_vague(script) if {
	contains(script, "\\")
} else if {
	count(split(script, "'")) % 2 == 0
} else if {
	some index, part in split(script, "'")
	index % 2 == 0
	count(split(part, "\"")) % 2 == 0
} else := false

# Quoted text is hidden while the script is split at spaces and separators.
_shell_words(script, vague) := [strings.replace_n(_shown, word) |
	some word in split(_cut(_unquoted(_unquoted(script, "'", vague), "\"", vague)), " ")
	word != ""
]

_unquoted(script, quote, vague) := concat("", [_part(part, vague == false, index % 2) |
	some index, part in split(script, quote)
])

_part(part, true, 1) := strings.replace_n(_hidden, part)

_part(part, _, 0) := part

_part(part, false, 1) := part

_hidden := {character: stand_in | some [character, stand_in] in _quoted_characters}

_shown := {stand_in: character | some [character, stand_in] in _quoted_characters}

# Characters of the private use area stand for characters that have no meaning to a shell in quotes.
_quoted_characters := [
	[" ", "\ue000"],
	["\t", "\ue001"],
	["\n", "\ue002"],
	[";", "\ue003"],
	["&", "\ue004"],
	["|", "\ue005"],
	["\"", "\ue006"],
]

# The ampersand of a redirection does not end a command. A subshell in parentheses is a command of its own,
# but a command substitution (`$(…)`) stays in its place.
_cut(script) := strings.replace_n(
	object.union(_ends, _groups(contains(script, "$("))),
	strings.replace_n({">&": ">", "&>": ">"}, script),
)

_ends := {"\t": " ", "\n": " ; ", ";": " ; ", "&": " ; ", "|": " ; "}

_groups(true) := {}

_groups(false) := {"(": " ; ", ")": " ; "}
