# METADATA
# title: Node registration
# description: >-
#   What makes nodes register, and with which labels and taints: kubeadm's InitConfiguration and
#   JoinConfiguration, the kubelet's own configuration, and the command lines of kubelets.
package lib.nodes.registration

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.nodes.kubelet_flags
import data.lib.nodes.nodes
import data.lib.nodes.taints
import data.lib.workloads.workloads

_label := "node-role.kubernetes.io/control-plane"

# What a file makes nodes register with: as what (in words), the labels that are known of such a node, its
# taints, and the path at which the file says so.
_of_file(obj) := _kubeadm(obj) if {
	_group(obj) == "kubeadm.k8s.io"
} else := [{
	"words": "a node",
	"labels": {},
	"taints": _taints(obj, ["registerWithTaints"], []),
	"path": ["registerWithTaints"],
}] if {
	_group(obj) == "kubelet.config.k8s.io"
	obj.kind == "KubeletConfiguration"
} else := []

_group(obj) := inventory.group(obj.apiVersion)

_kubeadm(obj) := [{
	"words": "a control plane node",
	"labels": {_label: ""},
	"taints": [],
	"path": ["skipPhases"],
}] if {
	_joins_control_plane(obj)
	some phase in fields.list(obj, "skipPhases")
	phase in _marking
} else := [registration |
	some [words, labels, implied] in _kubeadm_sort(obj)
	registration := {
		"words": words,
		"labels": labels,
		"taints": _taints(obj, ["nodeRegistration", "taints"], implied),
		"path": ["nodeRegistration", "taints"],
	}
]

# The phases that put the label and the taint on a control plane node.
_marking := {"mark-control-plane", "control-plane-join", "control-plane-join/mark-control-plane"}

# kubeadm gives the label to every control plane node, and its taint unless the file has a list, be it
# an empty one (cmd/kubeadm/app/util/config).
_kubeadm_sort(obj) := [["a control plane node", {_label: ""}, _default]] if {
	_joins_control_plane(obj)
} else := [["a worker", {}, []]] if {
	obj.kind == "JoinConfiguration"
} else := []

_joins_control_plane(obj) if obj.kind == "InitConfiguration"

_joins_control_plane(obj) if {
	obj.kind == "JoinConfiguration"
	fields.get(obj, "controlPlane", null) != null
}

_default := [{"key": _label, "value": "", "effect": "NoSchedule"}]

_taints(obj, path, implied) := [taint |
	some found in fields.at(obj, path, implied)
	taint := {
		"key": fields.field_text(found, "key"),
		"value": fields.field_text(found, "value"),
		"effect": fields.field_text(found, "effect"),
	}
]

# Without taints where they are not known, and `closed` where no other flag can add labels.
_started(found) := object.union(_said(found), {
	"words": "a node",
	"labels": {key: pair.value | some key, pair in kubelet_flags.labels(found)},
	"paths": {key: pair.path | some key, pair in kubelet_flags.labels(found)},
	"closed": count(found.unknown) == 0,
})

_said(found) := {"taints": []} if {
	kubelet_flags.taints(found) == null
} else := said if {
	said := kubelet_flags.taints(found)
} else := {}

# METADATA
# description: >-
#   returns the words by which a message names the object: its kind, and its name unless it is one of the
#   files that need none.
title(obj) := obj.kind if {
	endswith(_group(obj), "k8s.io")
	endswith(obj.kind, "Configuration")
} else := workloads.title(obj)

# METADATA
# description: >-
#   returns where a node that the object, or one of the kubelets that it starts, makes register would not
#   be as its role demands, or where a kubelet refuses to start: each with its path and a reason.
faults(obj, kubelets, roles) := {fault |
	some registration in _of_file(obj)
	some fault in _taint_faults(registration, roles)
} | {fault |
	some found in kubelets
	some fault in _kubelet_faults(found, roles)
}

_kubelet_faults(found, _) := {{"path": refusal.path, "reason": reason} |
	some refusal in kubelet_flags.refusals(found)
	reason := concat("", ["starts a kubelet that gives up: ", refusal.reason])
} if {
	count(kubelet_flags.refusals(found)) > 0
}

_kubelet_faults(found, roles) := _taint_faults(registration, roles) | _label_faults(registration, roles) if {
	count(kubelet_flags.refusals(found)) == 0
	kubelet_flags.registers(found)
	registration := _started(found)
}

_taint_faults(registration, roles) := {fault |
	declared := registration.taints
	some role in roles
	some taint in role.taints
	taints.blocks(taint)
	not taint in declared
	some fault in _other_taints(registration, role, taint)
}

_other_taints(registration, role, taint) := {{
	"path": _place(registration, given[0].key),
	"reason": reason,
}} if {
	given := [pair | some pair in role.labels; registration.labels[pair.key] == pair.value]
	count(given) > 0
	whole := ["registers", registration.words, "of the role", role.name, "without the taint", taints.name(taint)]
	reason := concat(" ", whole)
} else := {{"path": registration.path, "reason": reason} |
	some found in registration.taints
	found.key == taint.key
	not found in role.taints
	given := concat(" ", ["registers", registration.words, "with the taint", taints.name(found)])
	reason := concat(" ", [concat("", [given, ","]), "where the role", role.name, "has", taints.name(taint)])
}

# Where no flag gives taints, the one that gives the label is at fault.
_place(registration, _) := registration.path

_place(registration, key) := registration.paths[key] if not registration.path

_label_faults(registration, roles) := {{"path": path, "reason": reason} |
	paths := registration.paths
	node_ := {
		"metadata": {"labels": registration.labels},
		"spec": {"taints": [taint | some taint in registration.taints; _says_roles(registration, roles)]},
	}
	some fault in nodes.label_faults(node_, roles)
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
