# METADATA
# title: Flags
# description: >-
#   The flags of a command line, as pflag finds them.
package lib.nodes.command_flags

import data.lib.api.fields

# METADATA
# description: >-
#   returns those flags of the words that the program has, each with its name, value and path. Only what
#   decides how a node registers is read: the `valued` flags, which take the next word, and the `booleans`.
read(words, program) := [flag |
	some index, word in words
	flag_name := name(word.text)
	flag_name in (program.valued | program.booleans)
	not taken(words, index, program)
	flag := {"name": flag_name, "value": _value(words, index, program), "path": word.path}
]

# METADATA
# description: >-
#   returns the name of the flag that the text is; undefined if it is none. Underscores count as dashes
#   (WordSepNormalizeFunc).
name(text) := replace(split(substring(text, 2, -1), "=")[0], "_", "-") if startswith(text, "--")

# The text after the equals sign, or else the next word, whatever it is; null if there is none. A boolean
# flag takes no word.
_value(words, index, program) := concat("=", array.slice(parts, 1, count(parts))) if {
	parts := split(words[index].text, "=")
	count(parts) > 1
} else := "true" if {
	name(words[index].text) in program.booleans
} else := words[index + 1].text if {
	index + 1 < count(words)
} else := null

# METADATA
# description: true if the word is the value of the flag before it.
taken(words, index, program) if {
	before := words[index - 1].text
	not contains(before, "=")
	name(before) in program.valued
}

# METADATA
# description: >-
#   true if a shell, systemd or Kubernetes may expand the word to more flags, or to other values of those that
#   decide.
stands_for_more(word, _) if word.vague

stands_for_more(word, _) if contains(word.text, "`")

stands_for_more(word, _) if {
	word.scripted
	contains(word.text, "$(")
}

stands_for_more(word, deciding) if {
	contains(word.text, "$")
	not _of_another_flag(word.text, deciding)
}

stands_for_more(word, deciding) if {
	contains(word.text, "%")
	name(word.text) in deciding
}

# In the value of another flag it matters only if it may expand to more than one word.
_of_another_flag(text, deciding) if {
	contains(text, "=")
	not contains(split(text, "=")[0], "$")
	startswith(text, "--")
	not name(text) in deciding
}

# METADATA
# description: >-
#   returns the program of the command, one of these, the word of its subcommand, one of these too, and the
#   words after that. Undefined if it runs none.
subcommand(command, programs, subcommands) := [program(command[start].text), rest[place], arguments] if {
	start := min([index | some index, word in command; program(word.text) in programs])
	rest := array.slice(command, start + 1, count(command))
	place := min([index | some index, word in rest; word.text in subcommands])
	arguments := array.slice(rest, place + 1, count(rest))
}

# METADATA
# description: returns the name of the program of which the word is the path or the image.
program(text) := steps[count(steps) - 1] if {
	steps := split(split(split(text, ":")[0], "@")[0], "/")
}

# METADATA
# description: returns a list of arguments as words.
words(arguments, path) := [word |
	some item in fields.items(arguments, path)
	word := {"text": fields.text(item.value), "path": item.path, "scripted": false, "vague": false}
]
