# METADATA
# title: Command lines of kubelets
# description: >-
#   Which kubelets an object starts, and what its command lines say about how their nodes register: the
#   flags, as pflag finds them.
package lib.nodes.kubelet_commands

import data.lib.nodes.shell

# METADATA
# description: >-
#   returns the kubelets that the object starts, each with the flags that decide how its node registers,
#   the words of its command line that may stand for more of them, and flags that lack a dash.
of(obj) := [kubelet |
	some command in shell.having(obj, _names)
	words := _arguments(command)
	kubelet := {
		"flags": _flags(words),
		"dashes": _single_dashes(words),
		"unknown": [word | some word in words; _stands_for_more(word)],
	}
]

_names := ["kubelet", "taints"]

# METADATA
# description: returns what is too much to find the kubelets that the object starts.
excess(obj) := shell.excess(obj, _names)

# The arguments after the kubelet's program, or the whole command if only a flag of the kubelet identifies it.
_arguments(command) := array.slice(command, start + 1, count(command)) if {
	start := min([index |
		some index, word in command
		contains(word.text, "kubelet") # most words end here
		_program(word.text)
	])
} else := command if {
	some word in command
	_name(word.text) == "register-with-taints"
}

# A path, or an image with or without a tag. The directory of the kubelet is not a program.
_program(text) if {
	path := split(split(text, ":")[0], "@")[0]
	steps := split(path, "/")
	steps[count(steps) - 1] in {"kubelet", "kubelet-wrapper", "kubelet.exe"}
	not startswith(text, "-")
	not endswith(path, "/lib/kubelet")
}

_deciding := {"node-labels", "register-with-taints", "register-node"}

_valued := {"node-labels", "register-with-taints", "config", "config-dir"}

_known := _deciding | _valued

_flags(words) := [flag |
	some index, word in words
	name := _name(word.text)
	name in _known
	not _taken(words, index)
	flag := {"name": name, "value": _value(words, index), "path": word.path}
]

# Underscores count as dashes (WordSepNormalizeFunc).
_name(text) := replace(split(substring(text, 2, -1), "=")[0], "_", "-") if startswith(text, "--")

# The text after the equals sign, or else the next word, whatever it is; null if there is none. A boolean
# flag takes no word.
_value(words, index) := concat("=", array.slice(parts, 1, count(parts))) if {
	parts := split(words[index].text, "=")
	count(parts) > 1
} else := "true" if {
	_name(words[index].text) == "register-node"
} else := words[index + 1].text if {
	index + 1 < count(words)
} else := null

_taken(words, index) if {
	before := words[index - 1].text
	not contains(before, "=")
	_name(before) in _valued
}

# Words that a shell, systemd or Kubernetes expands. In the value of another flag they matter only if they
# may expand to more than one word.
_stands_for_more(word) if word.vague

_stands_for_more(word) if contains(word.text, "`")

_stands_for_more(word) if {
	word.scripted
	contains(word.text, "$(")
}

_stands_for_more(word) if {
	contains(word.text, "$")
	not _of_another_flag(word.text)
}

_stands_for_more(word) if {
	contains(word.text, "%")
	_name(word.text) in _deciding
}

_of_another_flag(text) if {
	contains(text, "=")
	not contains(split(text, "=")[0], "$")
	startswith(text, "--")
	not _name(text) in _deciding
}

# pflag reads one dash as flags of one letter.
_single_dashes(words) := {{"path": word.path, "flag": name, "problem": "one dash", "text": ""} |
	some index, word in words
	startswith(word.text, "-")
	not startswith(word.text, "--")
	_name(concat("", ["-", word.text])) in _deciding
	not _taken(words, index)
	name := split(word.text, "=")[0]
}
