# METADATA
# title: Node registration
# description: >-
#   How nodes register, and with which labels and taints: kubeadm's InitConfiguration and
#   JoinConfiguration, the kubelet's own configuration, and the command lines of kubelets.
package lib.nodes.registration

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.api.limits
import data.lib.nodes.kubelet_flags
import data.lib.nodes.taints

# METADATA
# description: >-
#   returns the labels and taints with which a file registers nodes: the kind of nodes, the known labels of
#   such a node, its taints, and the path at which the file says so. None if it has more taints than are
#   checked.
of_file(obj) := [] if {
	excess(obj) != set()
} else := _kubeadm(obj) if {
	group(obj) == "kubeadm.k8s.io"
} else := [{
	"nodes": "nodes",
	"labels": {},
	"taints": _taints(obj, ["registerWithTaints"], []),
	"path": ["registerWithTaints"],
}] if {
	group(obj) == "kubelet.config.k8s.io"
	obj.kind == "KubeletConfiguration"
} else := []

# METADATA
# description: returns what of the file is more than is checked.
excess(obj) := union({found |
	group(obj) in {"kubeadm.k8s.io", "kubelet.config.k8s.io"}
	some path in [["registerWithTaints"], ["nodeRegistration", "taints"]]
	found := limits.excess("taints", count(fields.list({"taints": fields.at(obj, path, [])}, "taints")), path)
})

# METADATA
# description: returns the API group of the file.
group(obj) := inventory.group(obj.apiVersion)

_label := "node-role.kubernetes.io/control-plane"

_kubeadm(obj) := [{
	"nodes": "control plane nodes",
	"labels": {_label: ""},
	"taints": [],
	"path": ["skipPhases"],
}] if {
	_joins_control_plane(obj)
	some phase in fields.list(obj, "skipPhases")
	phase in _labelling_phases
} else := [registration |
	some [sort_of_nodes, labels, implied] in _kubeadm_sort(obj)
	registration := {
		"nodes": sort_of_nodes,
		"labels": labels,
		"taints": _taints(obj, ["nodeRegistration", "taints"], implied),
		"path": ["nodeRegistration", "taints"],
	}
]

# The phases that put the label and the taint on a control plane node.
_labelling_phases := {"mark-control-plane", "control-plane-join", "control-plane-join/mark-control-plane"}

# kubeadm gives the label to every control plane node, and its taint unless the file has a list, even an
# empty one (cmd/kubeadm/app/util/config).
_kubeadm_sort(obj) := [["control plane nodes", {_label: ""}, _default]] if {
	_joins_control_plane(obj)
} else := [["worker nodes", {}, []]] if {
	obj.kind == "JoinConfiguration"
} else := []

_joins_control_plane(obj) if obj.kind == "InitConfiguration"

_joins_control_plane(obj) if {
	obj.kind == "JoinConfiguration"
	fields.get(obj, "controlPlane", null) != null
}

_default := [{"key": _label, "value": "", "effect": "NoSchedule"}]

_taints(obj, path, implied) := [taints.parsed(written) | some written in fields.at(obj, path, implied)]

# METADATA
# description: >-
#   returns what a kubelet registers its node with, as of_file() does, and the path of each label. Without
#   taints where they are not known, and `closed` where no other flag can add labels.
of_kubelet(kubelet) := object.union(_given_taints(kubelet), {
	"nodes": "nodes",
	"labels": {key: pair.value | some key, pair in kubelet_flags.labels(kubelet)},
	"paths": {key: pair.path | some key, pair in kubelet_flags.labels(kubelet)},
	"closed": count(kubelet.unknown) == 0,
})

_given_taints(kubelet) := {"taints": []} if {
	kubelet_flags.taints(kubelet) == null
} else := given if {
	given := kubelet_flags.taints(kubelet)
} else := {}
