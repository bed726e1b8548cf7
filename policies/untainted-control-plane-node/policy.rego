# METADATA
# title: Untainted control plane node
# description: >-
#   A node carries the label of a reserved role without its taint, the taint without the label, or a
#   role's label with a value that the profile does not know; or a file of kubeadm or of the kubelet,
#   or the command line of a kubelet in a pod or a systemd unit, makes nodes register so.
# related_resources:
#   - https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
#   - https://kubernetes.io/docs/reference/labels-annotations-taints/#node-role-kubernetes-io-control-plane
# custom:
#   category: nodes
#   severity: error
#   kinds: [node, registration, workload]
#   columns: []
#   admission: deny
#   rationale: >-
#     A label only says what a node is for; the taint is what keeps pods away. A node of a
#     reserved role without its taint takes in every pod, and a taint without the label closes a
#     node that no component selects.
#   remediation: >-
#     Register the nodes of the role with both its label and its taints, and no other node with
#     either.
package policies["untainted-control-plane-node"]

import data.lib.findings.unjudged
import data.lib.nodes.kubelet_commands
import data.lib.nodes.nodes
import data.lib.nodes.registration
import data.lib.table.owners

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": {"path": fault.path, "component": null}} if {
	nodes.known(input.review.object)
	some fault in nodes.faults(input.review.object, input.parameters.nodeRoles)
	msg := concat("", [nodes.title(input.review.object), " ", fault.reason])
}

violation contains {"msg": msg, "details": {"path": ["metadata", "labels"], "component": null}} if {
	nodes.known(input.review.object)
	some role in nodes.lost_roles(
		input.review.oldObject,
		input.review.object,
		input.parameters.nodeRoles,
	)
	msg := concat("", [
		nodes.title(input.review.object),
		" gives up the label and the taint of the role ",
		role.name,
	])
}

violation contains {"msg": msg, "details": {"path": fault.path, "component": null}} if {
	some fault in registration.faults(input.review.object, _kubelets, input.parameters.nodeRoles)
	msg := concat(" ", [registration.title(input.review.object), fault.reason])
}

# METADATA
# description: holds what the verdict on the object leaves out, each with the place and a message.
note contains object.union(unknown, {"code": "KUBELET_FLAGS_UNKNOWN"}) if {
	some unknown in unjudged.of(input.review.object, _kubelets, input.parameters.nodeRoles)
}

_kubelets := [kubelet |
	some kubelet in kubelet_commands.of(input.review.object)
	not owners.judged_there(input.review.object)
]
