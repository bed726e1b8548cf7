# METADATA
# title: Command lines of kubelets
# description: >-
#   Which kubelets commands start, and what their command lines say about how their nodes register.
package lib.nodes.kubelet_commands

import data.lib.nodes.command_flags

# METADATA
# description: >-
#   returns the kubelets that the commands start, each with the flags that decide how its node registers,
#   the words of its command line that may stand for more of them, and flags that lack a dash.
of(commands) := [kubelet |
	some command in commands
	words := _arguments(command)
	kubelet := {
		"flags": command_flags.read(words, _kubelet),
		"dashes": _single_dashes(words),
		"unknown": [word | some word in words; command_flags.stands_for_more(word, _deciding)],
	}
]

# METADATA
# description: holds the texts of which each command of a kubelet has one.
names := {"kubelet", "taints"}

# The arguments after the kubelet's program, or the whole command if only a flag of the kubelet identifies it.
_arguments(command) := array.slice(command, start + 1, count(command)) if {
	start := min([index |
		some index, word in command
		contains(word.text, "kubelet") # most words end here
		_program(word.text)
	])
} else := command if {
	some word in command
	command_flags.name(word.text) == "register-with-taints"
}

# A path, or an image with or without a tag. The directory of the kubelet is not a program.
_program(text) if {
	command_flags.program(text) in {"kubelet", "kubelet-wrapper", "kubelet.exe"}
	not startswith(text, "-")
	not endswith(split(text, ":")[0], "/lib/kubelet")
}

_kubelet := {
	"valued": {"node-labels", "register-with-taints", "config", "config-dir"},
	"booleans": {"register-node"},
}

_deciding := {"node-labels", "register-with-taints", "register-node"}

# pflag reads one dash as flags of one letter.
_single_dashes(words) := {{"path": word.path, "flag": name, "problem": "one dash", "text": ""} |
	some index, word in words
	startswith(word.text, "-")
	not startswith(word.text, "--")
	command_flags.name(concat("", ["-", word.text])) in _deciding
	not command_flags.taken(words, index, _kubelet)
	name := split(word.text, "=")[0]
}
