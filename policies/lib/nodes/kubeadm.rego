# METADATA
# title: kubeadm
# description: >-
#   How kubeadm registers nodes, by its files and by the objects of Cluster API that contain them. Each
#   control plane node gets the label, and the taint unless there is a list of taints, even an empty one
#   (cmd/kubeadm/app/util/config). Taints of workers are a flag of the kubelet, which another such flag
#   replaces; a control plane node has both (cmd/kubeadm/app/phases/kubelet).
package lib.nodes.kubeadm

import data.lib.api.fields
import data.lib.nodes.registration_fields

# METADATA
# description: >-
#   returns the registrations of the configuration, one for each Init- or JoinConfiguration in it. Undefined
#   for other objects.
rows(obj) := array.concat(_machines(obj), [row(obj, path, is_control_plane) |
	some [path, is_control_plane] in configurations
]) if {
	configurations := _configurations(obj, registration_fields.id(obj))
}

# Taints of the machines count only with the feature gate MachineTaintPropagation, which is off by default.
_machines(obj) := [registration_fields.registration({"gated": [taints]}) |
	configuration := _control_planes[registration_fields.id(obj)]
	some inner in [["machineTemplate", "taints"], ["machineTemplate", "spec", "taints"]]
	path := array.concat(array.slice(configuration, 0, count(configuration) - 1), inner)
	fields.at(obj, path, null) != null
	taints := registration_fields.written(obj, path, ["objects"])
]

# METADATA
# description: is the label of control plane nodes.
label := "node-role.kubernetes.io/control-plane"

# METADATA
# description: is the taint of control plane nodes.
taint := {"key": label, "value": "", "effect": "NoSchedule"}

_configurations(_, "kubeadm.k8s.io/InitConfiguration") := [[[], true]]

_configurations(obj, "kubeadm.k8s.io/JoinConfiguration") := [[[], _joins_control_plane(obj)]]

# The first machine uses the one, all others the other; an absent one has all defaults.
_configurations(_, id) := [
	[array.concat(path, ["initConfiguration"]), true],
	[array.concat(path, ["joinConfiguration"]), true],
] if {
	path := _control_planes[id]
}

_configurations(obj, id) := array.concat(
	[[path, true] |
		path := array.concat(_bootstraps[id], ["initConfiguration"])
		fields.at(obj, path, null) != null
	],
	[[path, _joins_control_plane(join)] |
		path := array.concat(_bootstraps[id], ["joinConfiguration"])
		join := fields.at(obj, path, null)
		join != null
	],
) if {
	_bootstraps[id]
}

_control_planes := {
	"controlplane.cluster.x-k8s.io/KubeadmControlPlane": ["spec", "kubeadmConfigSpec"],
	"controlplane.cluster.x-k8s.io/KubeadmControlPlaneTemplate": ["spec", "template", "spec", "kubeadmConfigSpec"],
}

_bootstraps := {
	"bootstrap.cluster.x-k8s.io/KubeadmConfig": ["spec"],
	"bootstrap.cluster.x-k8s.io/KubeadmConfigTemplate": ["spec", "template", "spec"],
}

_joins_control_plane(join) if {
	fields.get(join, "controlPlane", null) != null
} else := false

# METADATA
# description: returns the registration by the Init- or JoinConfiguration at the path.
row(obj, path, is_control_plane) := registration_fields.registration(object.union(_nodes(is_control_plane), {
	"place": array.concat(path, ["skipPhases"]),
	"flags": _flags(obj, path),
	"strict": true,
})) if {
	is_control_plane
	_skips_labelling(obj, path)
} else := registration_fields.registration(object.union(_nodes(is_control_plane), {
	"given": [registration_fields.written(
		obj,
		array.concat(path, ["nodeRegistration", "taints"]),
		["objects"],
	)],
	"usual": [taint | is_control_plane],
	"flags": _flags(obj, path),
	"strict": true,
	"faults": [{"path": phases, "fault": "skipPhases is not a list", "open": registration_fields.open(text)} |
		phases := array.concat(path, ["skipPhases"])
		skipped := fields.at(obj, phases, [])
		not is_array(skipped)
		text := fields.text(skipped)
	],
}))

_nodes(true) := {"nodes": "control plane nodes", "labels": {label: ""}, "adds": true}

_nodes(false) := {"nodes": "worker nodes"}

_flags(obj, path) := [registration_fields.written(
	obj,
	array.concat(path, ["nodeRegistration", "kubeletExtraArgs"]),
	[],
)]

# The phases that put the label and the taint on a control plane node.
_skips_labelling(obj, path) if {
	some phase in fields.at(obj, array.concat(path, ["skipPhases"]), [])
	phase in {"mark-control-plane", "control-plane-join", "control-plane-join/mark-control-plane"}
}
