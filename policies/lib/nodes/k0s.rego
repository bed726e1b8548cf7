# METADATA
# title: k0s
# description: >-
#   How k0s registers nodes. A controller is a node only if it is a worker too. Then it has the label of the
#   control plane, and its taint unless it must not (cmd/controller/controller.go).
package lib.nodes.k0s

import data.lib.api.fields
import data.lib.nodes.command_flags
import data.lib.nodes.kubeadm
import data.lib.nodes.registration_fields
import data.lib.nodes.shell

# METADATA
# description: returns the registrations by k0s, none of other objects.
rows(obj) := [registration_fields.registration(object.union(_nodes(found), {
	"given": _flagged(flags, "taints"),
	"labelled": _flagged(flags, "labels"),
	"flags": [registration_fields.flagged({"path": flag.path, "value": one}) |
		some flag in flags
		flag.name == "kubelet-extra-args"
		some one in split(fields.text(flag.value), " ")
		one != ""
	],
	"faults": registration_fields.unknown_words(found.words, _flags.valued),
})) |
	some found in _commands(obj)
	flags := command_flags.read(found.words, _flags)
]

_flagged(flags, name) := [registration_fields.flagged(flag) | some flag in flags; flag.name == name]

_flags := {
	"valued": {"taints", "labels", "kubelet-extra-args"},
	"booleans": {"enable-worker", "no-taints", "single"},
}

# The roles have the names that k0sctl gives them. `open` is where the object says that there is no taint.
_commands(obj) := [object.union(_role("controller", words), {"words": words}) |
	words := command_flags.words(fields.list({"args": fields.at(obj, path, [])}, "args"), path)
] if {
	path := _controllers[registration_fields.id(obj)]
} else := [{"role": "worker", "open": [], "words": words} |
	words := command_flags.words(fields.list({"args": fields.at(obj, path, [])}, "args"), path)
] if {
	path := _workers[registration_fields.id(obj)]
} else := [_host(host, ["spec", "hosts", index]) |
	some index, host in fields.list(fields.map(obj, "spec"), "hosts")
] if {
	registration_fields.id(obj) == "k0sctl.k0sproject.io/Cluster"
} else := [object.union(_role(subcommand.text, words), {"words": words}) |
	some command in shell.having(obj, ["k0s"])
	[_, subcommand, words] := command_flags.subcommand(command, {"k0s"}, {"controller", "worker"})
] if {
	shell.unit(obj)
} else := []

_controllers := {
	"controlplane.cluster.x-k8s.io/K0sControlPlane": ["spec", "k0sConfigSpec", "args"],
	"controlplane.cluster.x-k8s.io/K0sControlPlaneTemplate": [
		"spec", "template",
		"spec", "k0sConfigSpec", "args",
	],
	"bootstrap.cluster.x-k8s.io/K0sControllerConfig": ["spec", "args"],
}

_workers := {
	"bootstrap.cluster.x-k8s.io/K0sWorkerConfig": ["spec", "args"],
	"bootstrap.cluster.x-k8s.io/K0sWorkerConfigTemplate": ["spec", "template", "spec", "args"],
}

_role("worker", _) := {"role": "worker", "open": []}

_role("controller", words) := {"role": role, "open": open} if {
	on := [flag |
		some flag in command_flags.read(words, _flags)
		flag.name in _flags.booleans
		flag.value != "false"
	]
	role := _role_by({flag.name | some flag in on})
	open := [flag.path | some flag in on; flag.name != "enable-worker"]
}

_role_by(names) := "controller+worker" if {
	count(names & {"enable-worker", "single"}) > 0
} else := "controller"

_host(host, path) := {"role": role, "open": array.concat(open, by_flags.open), "words": words} if {
	words := command_flags.words(fields.list(host, "installFlags"), array.concat(path, ["installFlags"]))
	written := fields.text(fields.at(host, ["role"], ""))
	by_flags := _role("controller", words)
	role := _enabled(written, by_flags.role)
	open := [array.concat(path, [key]) |
		some key, value in {"noTaints": true, "role": "single"}
		fields.at(host, [key], null) == value
	]
}

_enabled("single", _) := "controller+worker"

_enabled("controller", by_flags) := by_flags

_enabled(written, _) := written if not written in {"single", "controller"}

# Before 1.33.1 it had the taint of masters instead; no version has both.
_nodes(found) := {
	"nodes": "control plane nodes",
	"labels": {kubeadm.label: "true", "node.k0sproject.io/role": "control-plane"},
	"implied": [kubeadm.taint, object.union(kubeadm.taint, {"key": "node-role.kubernetes.io/master"})],
} if {
	found.role == "controller+worker"
	count(found.open) == 0
} else := {
	"nodes": "control plane nodes",
	"labels": {kubeadm.label: "true", "node.k0sproject.io/role": "control-plane"},
	"place": found.open[0],
} if {
	found.role == "controller+worker"
} else := {"nodes": "worker nodes", "registers": found.role != "controller"}
