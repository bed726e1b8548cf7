# METADATA
# title: kOps
# description: >-
#   How kOps registers the nodes of an InstanceGroup. Its own label and taint come with the role; those that
#   are listed are added (upup/pkg/fi/cloudup/populate_instancegroup_spec.go, pkg/nodelabels).
package lib.nodes.kops

import data.lib.api.fields
import data.lib.nodes.kubeadm
import data.lib.nodes.registration_fields

# METADATA
# description: returns the registrations of an InstanceGroup or a Cluster of kOps. Undefined for other objects.
rows(obj) := _rows(obj, registration_fields.id(obj))

_rows(obj, "kops.k8s.io/InstanceGroup") := [_row(obj, _role(obj), ["spec"])] if {
	fields.at(obj, ["spec", "role"], "") != "Bastion"
}

_rows(obj, "kops.k8s.io/InstanceGroup") := [] if fields.at(obj, ["spec", "role"], "") == "Bastion"

# The kubelet's configuration of a Cluster is that of all nodes.
_rows(obj, "kops.k8s.io/Cluster") := [_row_of_cluster(obj, role, extra) |
	some role, extra in {"Node": [], "ControlPlane": ["controlPlaneKubelet", "masterKubelet"]}
]

_role(obj) := "ControlPlane" if {
	fields.at(obj, ["spec", "role"], "") == "Master"
} else := fields.text(fields.at(obj, ["spec", "role"], ""))

_own := {
	"ControlPlane": {
		"nodes": "control plane nodes",
		"labels": {kubeadm.label: "", "kops.k8s.io/kops-controller-pki": ""},
		"implied": [kubeadm.taint],
	},
	"APIServer": {
		"nodes": "API server nodes",
		"labels": {_api_server: ""},
		"implied": [{"key": _api_server, "value": "", "effect": "NoSchedule"}],
	},
	"Node": {"nodes": "worker nodes", "labels": {"node-role.kubernetes.io/node": ""}},
}

_api_server := "node-role.kubernetes.io/api-server"

_row(obj, role, path) := registration_fields.registration(object.union(object.get(_own, role, _unknown), {
	"given": [
		registration_fields.written(obj, array.concat(path, ["taints"]), ["strings"]),
		registration_fields.written(obj, array.concat(path, ["kubelet", "taints"]), ["strings"]),
	],
	"labelled": [
		registration_fields.written(obj, array.concat(path, ["nodeLabels"]), ["map"]),
		registration_fields.written(obj, array.concat(path, ["kubelet", "nodeLabels"]), ["map"]),
	],
	"decides": true,
	"older": "kOps before 1.26",
}))

_unknown := {"faults": [{
	"path": ["spec", "role"],
	"fault": "role is not one of Master, ControlPlane, APIServer, Node and Bastion",
	"open": false,
}]}

_row_of_cluster(obj, role, extra) := registration_fields.registration(object.union(_own[role], {
	"given": [registration_fields.written(obj, ["spec", field, "taints"], ["strings"]) |
		some field in array.concat(["kubelet"], extra)
	],
	"labelled": [registration_fields.written(obj, ["spec", field, "nodeLabels"], ["map"]) |
		some field in array.concat(["kubelet"], extra)
	],
	"decides": true,
	"older": "kOps before 1.26",
}))
