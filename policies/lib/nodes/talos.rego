# METADATA
# title: Talos
# description: >-
#   How Talos registers nodes. A machine of the control plane gets the label, and the taint unless its cluster
#   schedules pods there (pkg/machinery/config/types/v1alpha1, internal/app/machined/pkg/controllers/k8s); a
#   KubeNodeConfig says everything itself.
package lib.nodes.talos

import data.lib.api.fields
import data.lib.nodes.kubeadm
import data.lib.nodes.registration_fields

# METADATA
# description: returns the registration of a machine. Undefined for other objects.
rows(obj) := _rows(obj, registration_fields.id(obj))

_rows(obj, "/KubeNodeConfig") := [registration_fields.registration({
	"given": [registration_fields.written(obj, ["taints"], ["map"])],
	"labelled": [registration_fields.written(obj, ["labels"], ["map"])],
	"decides": true,
}) |
	fields.get(obj, "skipNodeRegistration", false) != true
]

_rows(obj, "bulkhead.dev/TalosMachineConfig") := [registration_fields.registration(object.union(_sort(obj), {
	"given": [
		registration_fields.written(obj, ["machine", "nodeTaints"], ["map"]),
		registration_fields.written(obj, ["machine", "kubelet", "extraConfig", "registerWithTaints"], ["objects"]),
	],
	"labelled": [registration_fields.written(obj, ["machine", "nodeLabels"], ["map"])],
	"flags": [registration_fields.written(obj, ["machine", "kubelet", "extraArgs"], [])],
})) |
	fields.at(obj, ["machine", "kubelet", "skipNodeRegistration"], false) != true
]

# Only a part of a configuration has no type: a patch of others.
_sort(obj) := object.union(_schedulable(obj), {
	"nodes": "control plane nodes",
	"labels": {kubeadm.label: ""},
}) if {
	_is_control_plane(obj)
} else := {"nodes": "worker nodes"} if {
	fields.at(obj, ["machine", "type"], "") == "worker"
} else := {"elsewhere": "the other parts of the configuration"}

_is_control_plane(obj) if fields.at(obj, ["machine", "type"], "") in {"controlplane", "init"}

_is_control_plane(obj) if {
	fields.at(obj, ["machine", "type"], null) == null
	some name in _switches
	fields.at(obj, ["cluster", name], null) != null
}

_switches := ["allowSchedulingOnControlPlanes", "allowSchedulingOnMasters"]

# A taint with the key of the implied one takes its place.
_schedulable(obj) := {"place": ["cluster", name]} if {
	open := [name | some name in _switches; fields.at(obj, ["cluster", name], false) == true]
	name := open[0]
} else := {"implied": [kubeadm.taint | not kubeadm.label in object.keys(taints)]} if {
	taints := fields.map(fields.map(obj, "machine"), "nodeTaints")
}
