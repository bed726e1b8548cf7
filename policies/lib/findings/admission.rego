# METADATA
# title: What admission by CEL is made of
# description: >-
#   What the rules say of a profile before any object is known: the classes of nodes, the limits, and the words.
#   ValidatingAdmissionPolicies are generated from it, and have it as literals (docs/admission.md).
package lib.findings.admission

import data.lib.api.limits
import data.lib.findings.intrusion
import data.lib.findings.unchecked
import data.lib.findings.words
import data.lib.nodes.roles
import data.lib.nodes.taints

# METADATA
# description: >-
#   returns the facts of a profile. `reserved` are the roles that other workloads are kept off, with those
#   classes of their nodes that taints guard; `demands` has, for each node role of a row, the roles on which it
#   must run, and those that it must not leave, each with the reserved roles that are apart from it.
facts(parameters) := {
	"limits": limits.most,
	"things": unchecked.things,
	"daemonTolerations": taints.daemon_tolerations({}),
	"hostNetworkTolerations": taints.daemon_tolerations({"hostNetwork": true}),
	"nodeRoles": [_node_role(role) | some role in parameters.nodeRoles],
	"reserved": [_role(role) | some role in _reserved(parameters)],
	"demands": [demand |
		some node_role in {row.nodeRole | some row in parameters.components}
		demand := {
			"nodeRole": node_role,
			"demanded": [_role(role) | some role in roles.demanded(node_role, parameters)],
			"confining": [_confined(role, parameters) | some role in roles.confining(node_role, parameters)],
		}
	],
}

_reserved(parameters) := intrusion.reserved(parameters) if {
	parameters.otherWorkloads.nodeRole
} else := []

_role(role) := {
	"name": role.name,
	"marks": words.marks(role.labels),
	"classes": object.get(role, "classes", []),
	"worlds": object.get(role, "worlds", []),
	"outside": roles.outside(role),
	"taints": roles.blocking_taints(role),
}

_confined(role, parameters) := object.union(_role(role), {"apart": [apart |
	some other in roles.apart_from(role, roles.of(parameters))
	apart := object.union(_role(other), {"classes": roles.guarded_classes(other)})
]})

# What a Node of the role must have (lib.findings.node_labels).
_node_role(role) := {
	"name": role.name,
	"marks": words.marks(role.labels),
	"pairs": roles.pairs(role),
	"marking": roles.marking_keys(role),
	"lacked": roles.lacked_keys(role),
	"sets": roles.sets(role),
	"taints": roles.blocking_taints(role),
	"optionalTaints": object.get(role, "optionalTaints", false),
}
