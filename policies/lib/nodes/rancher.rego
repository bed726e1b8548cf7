# METADATA
# title: k3s and RKE2
# description: >-
#   How k3s and RKE2 register nodes. Each server has the label of the control plane with the value true, and
#   no taint unless it is listed. A flag of the kubelet replaces what the lists say, and a flag of the command
#   line the list of the file.
package lib.nodes.rancher

import data.lib.api.fields
import data.lib.nodes.command_flags
import data.lib.nodes.kubeadm
import data.lib.nodes.registration_fields
import data.lib.nodes.shell

# METADATA
# description: returns the registrations by k3s and RKE2, none of other objects.
rows(obj) := _agents(obj, _agent_of(id), ["spec"]) if {
	id := registration_fields.id(obj)
	_agent_of(id)
} else := _agents(obj, _agent_of(id), ["spec", "template", "spec"]) if {
	id := trim_suffix(registration_fields.id(obj), "Template")
	_agent_of(id)
} else := _file(obj) if {
	registration_fields.id(obj) == "bulkhead.dev/K3sConfig"
} else := [row | some command in shell.having(obj, ["k3s", "rke2"]); some row in _started(command)] if {
	shell.unit(obj)
} else := []

_server := {"nodes": "control plane nodes", "labels": {kubeadm.label: "true"}}

_worker := {"nodes": "worker nodes"}

# Objects of Cluster API

# By kind, so that nothing is built for other objects.
_agent_of("controlplane.cluster.x-k8s.io/RKE2ControlPlane") := _agent(_server, ["agentConfig"], _rke2_flags)

_agent_of("controlplane.cluster.x-k8s.io/KThreesControlPlane") := _agent(_server, _k3s_path, _k3s_flags)

_agent_of("bootstrap.cluster.x-k8s.io/RKE2Config") := _agent(_worker, ["agentConfig"], _rke2_flags)

_agent_of("bootstrap.cluster.x-k8s.io/KThreesConfig") := _agent(_worker, ["agentConfig"], _k3s_flags)

_agent(nodes, path, flags) := {"nodes": nodes, "path": path, "flags": flags}

_k3s_path := ["kthreesConfigSpec", "agentConfig"]

_rke2_flags := ["kubelet", "extraArgs"]

_k3s_flags := ["kubeletArgs"]

_agents(obj, agent, spec) := [registration_fields.registration(object.union(agent.nodes, {
	"given": [registration_fields.written(obj, array.concat(path, ["nodeTaints"]), ["strings"])],
	"labelled": [registration_fields.written(obj, array.concat(path, ["nodeLabels"]), ["strings"])],
	"flags": [registration_fields.written(obj, array.concat(path, agent.flags), [])],
}))] if {
	path := array.concat(spec, agent.path)
}

# config.yaml, and the files of config.yaml.d

_file(obj) := [registration_fields.registration(object.union(_node(obj), {
	"given": _keys(obj, "node-taint"),
	"labelled": _keys(obj, "node-label"),
	"flags": _keys(obj, "kubelet-arg"),
	"elsewhere": _elsewhere(obj),
	"registers": fields.get(obj, "disable-agent", false) != true,
}))]

_node(obj) := _server if {
	fields.get(obj, "server", null) == true
} else := {}

# A key that ends in a plus adds to the lists of earlier files.
_keys(obj, key) := [registration_fields.written(obj, [name], ["strings"]) |
	some name in [key, concat("", [key, "+"])]
	name in ({key} | object.keys(obj))
]

_elsewhere(obj) := "" if {
	fields.get(obj, "node-taint", null) != null
} else := "" if {
	fields.at(obj, ["metadata", "name"], "") in {"config.yaml", "config.yml"}
	not "node-taint+" in object.keys(obj)
	fields.get(obj, "server", null) == true
} else := "another file of config.yaml.d, or the command line"

# Command lines

_started(command) := [registration_fields.registration(object.union(_sorts[subcommand.text], {
	"registers": count([flag | some flag in flags; flag.name == "disable-agent"; flag.value != "false"]) == 0,
	"origin": subcommand.path,
	"given": [registration_fields.flagged(flag) | some flag in flags; flag.name == "node-taint"],
	"labelled": [registration_fields.flagged(flag) | some flag in flags; flag.name == "node-label"],
	"flags": [registration_fields.flagged(flag) | some flag in flags; flag.name == "kubelet-arg"],
	"elsewhere": _elsewhere_than(flags, product),
	"faults": registration_fields.unknown_words(arguments, _flags.valued),
})) |
	[product, subcommand, arguments] := command_flags.subcommand(command, {"k3s", "rke2"}, object.keys(_sorts))
	flags := command_flags.read(arguments, _flags)
]

_sorts := {"server": _server, "agent": _worker}

_flags := {"valued": {"node-taint", "node-label", "kubelet-arg"}, "booleans": {"disable-agent"}}

_elsewhere_than(flags, product) := "" if {
	some flag in flags
	flag.name == "node-taint"
} else := "" if {
	some flag in flags
	flag.name == "kubelet-arg"
	startswith(fields.text(flag.value), "register-with-taints")
} else := concat("", ["/etc/rancher/", product, "/config.yaml"])
