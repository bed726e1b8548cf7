# METADATA
# title: Node registration
# description: >-
#   What the files by which nodes register say of their taints: kubeadm's InitConfiguration and
#   JoinConfiguration, and the kubelet's own configuration.
package lib.registration

import data.lib.inventory
import data.lib.taint
import data.lib.value

_label := "node-role.kubernetes.io/control-plane"

# METADATA
# description: >-
#   returns what the object makes nodes register with: as what (in words), the labels that kubeadm
#   gives such a node, its taints, and the path at which the object says so. None if it is no file of
#   registration.
of(object_) := [registration |
	_group(object_) == "kubeadm.k8s.io"
	some [words, labels, implied] in _kubeadm_sort(object_)
	registration := {
		"words": words,
		"labels": labels,
		"taints": _taints(object_, ["nodeRegistration", "taints"], implied),
		"path": ["nodeRegistration", "taints"],
	}
] if {
	_group(object_) != "kubelet.config.k8s.io"
} else := [{
	"words": "a node",
	"labels": {},
	"taints": _taints(object_, ["registerWithTaints"], []),
	"path": ["registerWithTaints"],
} |
	object_.kind == "KubeletConfiguration"
]

_group(object_) := inventory.group(object_.apiVersion)

# kubeadm gives the label to every control plane node, and its taint unless the file has a list, be it
# an empty one (cmd/kubeadm/app/util/config).
_kubeadm_sort(object_) := [["a control plane node", {_label: ""}, _default]] if {
	_joins_control_plane(object_)
} else := [["a worker", {}, []]] if {
	object_.kind == "JoinConfiguration"
} else := []

_joins_control_plane(object_) if object_.kind == "InitConfiguration"

_joins_control_plane(object_) if {
	object_.kind == "JoinConfiguration"
	value.get(object_, "controlPlane", null) != null
}

_default := [{"key": _label, "value": "", "effect": "NoSchedule"}]

_taints(object_, path, implied) := [mark |
	some found in value.at(object_, path, implied)
	mark := {
		"key": value.field_text(found, "key"),
		"value": value.field_text(found, "value"),
		"effect": value.field_text(found, "effect"),
	}
]

# METADATA
# description: >-
#   returns where the registration leaves a node of a role without its taint: one that the role
#   demands is not there, or is there with another value or effect.
faults(registration, roles) := {fault |
	some role in roles
	some mark in role.taints
	taint.blocks(mark)
	not mark in registration.taints
	some reason in _reasons(registration, role, mark)
	fault := concat("", ["registers ", registration.words, reason])
}

_reasons(registration, role, mark) := {concat("", [
	" of the role ",
	role.name,
	" without the taint ",
	taint.name(mark),
])} if {
	some pair in role.labels
	registration.labels[pair.key] == pair.value
} else := {reason |
	some found in registration.taints
	found.key == mark.key
	not found in role.taints
	reason := concat("", [
		" with the taint ",
		taint.name(found),
		", where the role ",
		role.name,
		" has ",
		taint.name(mark),
	])
}
