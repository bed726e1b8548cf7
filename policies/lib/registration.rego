# METADATA
# title: Node registration
# description: >-
#   What makes nodes register, and with which labels and taints: kubeadm's InitConfiguration and
#   JoinConfiguration, the kubelet's own configuration, and the command lines of kubelets.
package lib.registration

import data.lib.inventory
import data.lib.kubelet
import data.lib.node
import data.lib.taint
import data.lib.value
import data.lib.workload

_label := "node-role.kubernetes.io/control-plane"

# What a file makes nodes register with: as what (in words), the labels that are known of such a node, its
# taints, and the path at which the file says so.
_of_file(object_) := _kubeadm(object_) if {
	_group(object_) == "kubeadm.k8s.io"
} else := [{
	"words": "a node",
	"labels": {},
	"taints": _taints(object_, ["registerWithTaints"], []),
	"path": ["registerWithTaints"],
}] if {
	_group(object_) == "kubelet.config.k8s.io"
	object_.kind == "KubeletConfiguration"
} else := []

_group(object_) := inventory.group(object_.apiVersion)

_kubeadm(object_) := [{
	"words": "a control plane node",
	"labels": {_label: ""},
	"taints": [],
	"path": ["skipPhases"],
}] if {
	_joins_control_plane(object_)
	some phase in value.list(object_, "skipPhases")
	phase in _marking
} else := [registration |
	some [words, labels, implied] in _kubeadm_sort(object_)
	registration := {
		"words": words,
		"labels": labels,
		"taints": _taints(object_, ["nodeRegistration", "taints"], implied),
		"path": ["nodeRegistration", "taints"],
	}
]

# The phases that put the label and the taint on a control plane node.
_marking := {"mark-control-plane", "control-plane-join", "control-plane-join/mark-control-plane"}

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

# Without taints where they are not known, and `closed` where no other flag can add labels.
_started(found) := object.union(_said(found), {
	"words": "a node",
	"labels": {key: pair.value | some key, pair in kubelet.labels(found)},
	"paths": {key: pair.path | some key, pair in kubelet.labels(found)},
	"closed": count(found.unknown) == 0,
})

_said(found) := {"taints": []} if {
	kubelet.taints(found) == null
} else := said if {
	said := kubelet.taints(found)
} else := {}

# METADATA
# description: >-
#   returns the words by which a message names the object: its kind, and its name unless it is one of the
#   files that need none.
title(object_) := object_.kind if {
	endswith(_group(object_), "k8s.io")
	endswith(object_.kind, "Configuration")
} else := workload.title(object_)

# METADATA
# description: >-
#   returns where a node that the object, or one of the kubelets that it starts, makes register would not
#   be as its role demands, or where a kubelet refuses to start: each with its path and a reason.
faults(object_, kubelets, roles) := {fault |
	some registration in _of_file(object_)
	some fault in _taint_faults(registration, roles)
} | {fault |
	some found in kubelets
	some fault in _kubelet_faults(found, roles)
}

_kubelet_faults(found, _) := {{"path": refusal.path, "reason": reason} |
	some refusal in kubelet.refusals(found)
	reason := concat("", ["starts a kubelet that gives up: ", refusal.reason])
} if {
	count(kubelet.refusals(found)) > 0
}

_kubelet_faults(found, roles) := _taint_faults(registration, roles) | _label_faults(registration, roles) if {
	count(kubelet.refusals(found)) == 0
	kubelet.registers(found)
	registration := _started(found)
}

_taint_faults(registration, roles) := {fault |
	taints := registration.taints
	some role in roles
	some mark in role.taints
	taint.blocks(mark)
	not mark in taints
	some fault in _other_taints(registration, role, mark)
}

_other_taints(registration, role, mark) := {{"path": _place(registration, given[0].key), "reason": reason}} if {
	given := [pair | some pair in role.labels; registration.labels[pair.key] == pair.value]
	count(given) > 0
	whole := ["registers", registration.words, "of the role", role.name, "without the taint", taint.name(mark)]
	reason := concat(" ", whole)
} else := {{"path": registration.path, "reason": reason} |
	some found in registration.taints
	found.key == mark.key
	not found in role.taints
	given := concat(" ", ["registers", registration.words, "with the taint", taint.name(found)])
	reason := concat(" ", [concat("", [given, ","]), "where the role", role.name, "has", taint.name(mark)])
}

# Where no flag gives taints, the one that gives the label is at fault.
_place(registration, _) := registration.path

_place(registration, key) := registration.paths[key] if not registration.path

_label_faults(registration, roles) := {{"path": path, "reason": reason} |
	paths := registration.paths
	node_ := {
		"metadata": {"labels": registration.labels},
		"spec": {"taints": [mark | some mark in registration.taints; _says_roles(registration, roles)]},
	}
	some fault in node.label_faults(node_, roles)
	path := object.get(paths, fault.path[count(fault.path) - 1], object.get(registration, "path", []))
	reason := concat(" ", ["registers", registration.words, "that", fault.reason])
}

# Since 1.16 a kubelet may not give itself a label like node-role.kubernetes.io/master, and others put it
# on. One that gives labels of that sort is older: the role's label is for it to give too.
_says_roles(registration, roles) if {
	registration.closed
	some key, _ in registration.labels
	some role in roles
	some pair in role.labels
	split(key, "/")[0] == split(pair.key, "/")[0]
}
