# METADATA
# title: Commands about nodes
# description: >-
#   Which commands of an object take taints or labels from nodes with kubectl or oc: those of its containers,
#   of a systemd unit, and of the lists that run on a new machine.
package lib.nodes.node_commands

import data.lib.api.fields
import data.lib.nodes.command_flags
import data.lib.nodes.registration_fields
import data.lib.nodes.shell
import data.lib.nodes.taints

# METADATA
# description: >-
#   returns the words, of these commands or of the lists of the object, that take something with one of the
#   keys from nodes: the verb (taint or label), the key, the effect, empty for all, what the command sets
#   instead, and the path. Only what is there letter by letter: what a shell puts together is not known.
removals(obj, commands, keys) := [removal |
	some command in array.concat(commands, shell.commands(_hooks(obj, keys)))
	some removal in _removed(command)
	removal.key in keys
]

# METADATA
# description: returns what is too much to find such commands in the lists that run on a new machine.
excess(obj, keys) := shell.excess_of_scripts([item.value | some item in _scripts(obj, keys)])

_removed(command) := [removal |
	some [verb, words] in _changes(command)
	some word in words
	endswith(word.text, "-")
	not startswith(word.text, "-")
	parts := split(trim_suffix(word.text, "-"), ":")
	removal := {
		"verb": verb,
		"key": split(parts[0], "=")[0],
		"effect": concat("", array.slice(parts, 1, 2)),
		"sets": [item.taint | some other in words; some item in taints.listed(other.text); item.taint],
		"path": word.path,
	}
]

_changes(command) := [[subcommand.text, words] |
	count([word | some word in command; word.vague]) == 0
	[_, subcommand, words] := command_flags.subcommand(_tool(command), {"kubectl", "oc"}, {"taint", "label"})
	some word in words
	split(word.text, "/")[0] in {"node", "nodes", "no"}
	count([word | some word in words; _tries(word.text)]) == 0
]

_tries(text) if {
	startswith(text, "--dry-run")
	text != "--dry-run=none"
}

# The command without what runs it, as in "sudo kubectl". What only mentions the tool is none.
_tool(command) := array.slice(command, index, count(command)) if {
	index := min([index |
		some index, word in command
		command_flags.program(word.text) in {"kubectl", "oc"}
		not startswith(word.text, "-")
	])
	every word in array.slice(command, 0, index) {
		_runs(word)
	}
}

# The first word of a container is its image.
_runs(word) if word.path[count(word.path) - 1] == "image"

_runs(word) if startswith(word.text, "-")

_runs(word) if contains(word.text, "=")

_runs(word) if command_flags.program(word.text) in {
	"sudo", "exec", "time", "nohup", "env", "if", "then", "else", "do", "while", "until", "!", "{",
	"k3s", "rke2", "k0s", "microk8s", "minikube", "nsenter", "chroot", "host", "sh", "bash",
}

# The lists of commands that run on a new machine.

_hooks(obj, keys) := [] if {
	excess(obj, keys) != set()
} else := [[{"text": text, "path": item.path, "scripted": false, "vague": false}] |
	some item in _scripts(obj, keys)
	text := item.value
]

_scripts(obj, keys) := [{"path": item.path, "value": concat(" ", [item.value, " "])} |
	some path in _lists(obj)
	some list in _at(obj, path)
	some item in fields.items(list.value, list.path)
	is_string(item.value)
	some key in keys
	contains(item.value, key)
]

_at(obj, path) := [{"path": path, "value": found} |
	found := fields.at(obj, path, [])
	is_array(found)
] if {
	not "*" in path
}

_at(obj, path) := [{"path": inner, "value": found} |
	some place, step in path
	step == "*"
	before := array.slice(path, 0, place)
	some key, _ in fields.at(obj, before, [])
	inner := array.concat(before, array.concat([key], array.slice(path, place + 1, count(path))))
	found := fields.at(obj, inner, [])
	is_array(found)
] if {
	"*" in path
}

# By kind, so that nothing is built for other objects. A template has the same lists further inside.
_lists(obj) := [] if {
	registration_fields.other_version(obj)
} else := _lists_in(registration_fields.id(obj))

_lists_in(id) := _below(["spec"], _lists_of(id)) if {
	_lists_of(id)
} else := _below(["spec", "template", "spec"], _lists_of(kind)) if {
	kind := trim_suffix(id, "Template")
	_lists_of(kind)
} else := [[field, "*", "preBootstrapCommands"] | some field in ["nodeGroups", "managedNodeGroups"]] if {
	id == "eksctl.io/ClusterConfig"
} else := []

_below(path, lists) := [array.concat(path, list) | some list in lists]

_lists_of("controlplane.cluster.x-k8s.io/KubeadmControlPlane") := _below(["kubeadmConfigSpec"], _kubeadm)

_lists_of("bootstrap.cluster.x-k8s.io/KubeadmConfig") := _kubeadm

_lists_of("controlplane.cluster.x-k8s.io/RKE2ControlPlane") := _rke2

_lists_of("bootstrap.cluster.x-k8s.io/RKE2Config") := _rke2

_lists_of("controlplane.cluster.x-k8s.io/KThreesControlPlane") := _below(["kthreesConfigSpec"], _k3s)

_lists_of("bootstrap.cluster.x-k8s.io/KThreesConfig") := _k3s

_lists_of("controlplane.cluster.x-k8s.io/K0sControlPlane") := _below(["k0sConfigSpec"], _k0s)

_lists_of("bootstrap.cluster.x-k8s.io/K0sControllerConfig") := _k0s

_lists_of("bootstrap.cluster.x-k8s.io/K0sWorkerConfig") := _k0s

_lists_of("k0sctl.k0sproject.io/Cluster") := [["hosts", "*", "hooks", "apply", stage] |
	some stage in ["before", "after"]
]

_kubeadm := [["preKubeadmCommands"], ["postKubeadmCommands"]]

_rke2 := [["preRKE2Commands"], ["postRKE2Commands"]]

_k3s := [["preK3sCommands"], ["postK3sCommands"]]

_k0s := [["preStartCommands"], ["postStartCommands"]]
