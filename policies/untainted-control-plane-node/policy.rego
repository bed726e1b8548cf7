# METADATA
# title: Untainted control plane node
# description: >-
#   A Node has the label of a reserved role without its taint, the taint without the label, or a role's
#   label with a value that the profile does not have; or something registers such nodes: a file of kubeadm, of
#   a kubelet or of a distribution, an object that makes nodes, such as a KubeadmControlPlane or a NodePool, or
#   the command line of a kubelet; or a command takes the taint or the label of a role from nodes.
# related_resources:
#   - https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
#   - https://kubernetes.io/docs/reference/labels-annotations-taints/#node-role-kubernetes-io-control-plane
# custom:
#   category: nodes
#   severity: error
#   security: 8.1
#   kinds: [node, registration, workload]
#   columns: []
#   admission: deny
#   rationale: >-
#     A label only says what a node is for; the taint keeps pods away. A node of a reserved role without its
#     taint accepts every pod, and a taint without the label closes a node that no component selects.
#   remediation: >-
#     Register the nodes of the role with both its label and its taints, and no other node with either.
package policies["untainted-control-plane-node"]

import data.lib.findings.findings
import data.lib.findings.kubelet_notes
import data.lib.findings.node_commands
import data.lib.findings.node_labels
import data.lib.findings.parameter_faults
import data.lib.findings.registration_notes
import data.lib.findings.unchecked
import data.lib.nodes.kubelet_commands
import data.lib.nodes.nodes
import data.lib.nodes.registration
import data.lib.nodes.shell

# METADATA
# entrypoint: true
violation contains findings.violation(msg, object.union(found, {"component": null})) if {
	some found in _found
	msg := concat(" ", [node_labels.title(input.review.object), found.says])
}

violation contains parameter_faults.violation(input.review.object, says) if {
	some says in parameter_faults.of_roles(object.get(input, "parameters", {}))
}

violation contains unchecked.violation(may, excess, null) if {
	some excess in _read.excess
	title := node_labels.title(input.review.object)
	may := concat(" ", [title, "may start a kubelet that registers without its taints, or take taints from nodes"])
}

violation contains unchecked.violation(may, excess, null) if {
	some excess in node_commands.excess(input.review.object, _keys)
	may := concat(" ", [node_labels.title(input.review.object), "may take the taint of a role from nodes"])
}

violation contains unchecked.violation(may, excess, null) if {
	some excess in (nodes.excess(input.review.object) | registration.excess(input.review.object))
	may := concat(" ", [node_labels.title(input.review.object), "may lack a taint of its role"])
}

_found contains found if {
	nodes.known(input.review.object)
	some found in node_labels.of_node(input.review.object, input.parameters.nodeRoles)
}

_found contains found if {
	nodes.known(input.review.object)
	some found in node_labels.lost_roles(
		input.review.oldObject,
		input.review.object,
		input.parameters.nodeRoles,
	)
}

_found contains found if {
	some registered in _registrations
	some found in node_labels.of_registration(registered, input.parameters.nodeRoles)
}

_found contains found if {
	some found in _removals
}

# METADATA
# description: holds a note on each thing that is not known of the kubelets that the object starts.
note contains found if {
	some found in kubelet_notes.of(input.review.object, _kubelets, _is_read, input.parameters.nodeRoles)
}

# METADATA
# description: holds a note on each thing that is not known of how the object registers nodes.
note contains found if {
	some found in registration_notes.of(_registrations, input.parameters.nodeRoles)
}

# A controller's pod may have other command lines than its template: anyone can create one that names an owner.
_kubelets := kubelet_commands.of(_read.commands)

_read := shell.read(input.review.object, kubelet_commands.names | _keys)

_keys := node_commands.keys(input.parameters.nodeRoles)

_registrations := registration.of(input.review.object, _kubelets)

_removals := node_commands.of(input.review.object, _read.commands, _keys, input.parameters.nodeRoles)

_is_read := (count(_registrations) + count(_removals)) > 0
