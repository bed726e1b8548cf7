# METADATA
# title: kind
# description: >-
#   How kind registers the nodes of a cluster: as kubeadm does, but the only node of a cluster has no taint
#   (pkg/cluster/internal/create/actions/kubeadminit).
package lib.nodes.kind

import data.lib.api.fields
import data.lib.nodes.kubeadm
import data.lib.nodes.registration_fields

# METADATA
# description: returns the registrations of the nodes of a cluster. Undefined for other objects.
rows(obj) := [registration_fields.registration({
	"nodes": "control plane nodes",
	"labels": {kubeadm.label: ""},
	"place": ["nodes"],
})] if {
	registration_fields.id(obj) == "kind.x-k8s.io/Cluster"
	count(fields.list(obj, "nodes")) < 2
} else := [registration_fields.registration(object.union(_sort(node), {
	"labelled": [registration_fields.written(obj, ["nodes", index, "labels"], ["map"])],
	"origin": ["nodes", index],
})) |
	some index, node in fields.list(obj, "nodes")
] if {
	registration_fields.id(obj) == "kind.x-k8s.io/Cluster"
}

_sort(node) := {"nodes": "worker nodes", "elsewhere": "its kubeadmConfigPatches"} if {
	fields.at(node, ["role"], "control-plane") == "worker"
} else := {"nodes": "control plane nodes", "labels": {kubeadm.label: ""}, "implied": [kubeadm.taint]}
