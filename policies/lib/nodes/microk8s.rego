# METADATA
# title: MicroK8s
# description: >-
#   How MicroK8s registers nodes by its launch configuration: the arguments of the kubelet replace its own
#   (microk8s-resources/default-args/kubelet).
package lib.nodes.microk8s

import data.lib.api.fields
import data.lib.nodes.registration_fields

# METADATA
# description: returns the registration of a launch configuration, none of other objects.
rows(obj) := [registration_fields.registration({
	"labels": _labels(obj),
	"origin": ["extraKubeletArgs"],
	"flags": [registration_fields.written(obj, [field], []) | some field in _arguments],
}) |
	registration_fields.id(obj) == "bulkhead.dev/MicroK8sConfig"
]

# Its documentation has another name than its default file.
_arguments := ["extraKubeletArgs", "extraKubeletServerArgs"]

_labels(obj) := {} if {
	fields.at(obj, ["join", "worker"], false) == true
} else := {} if {
	some field in _arguments
	some key, _ in fields.map(obj, field)
	trim_left(key, "-") == "node-labels"
} else := {"node.kubernetes.io/microk8s-controlplane": "microk8s-controlplane"}
