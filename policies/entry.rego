# METADATA
# title: Entry
# description: >-
#   The rules by which WASM and conftest enter: each checks an object with every policy that has
#   parameters, and no policy depends on it.
package entry

import data.lib.api.patterns
import data.lib.api.scopes
import data.lib.findings.admission as admission_of
import data.lib.findings.cells as cells_of
import data.lib.findings.object_notes
import data.lib.findings.pod_notes
import data.lib.findings.reach as reach_of
import data.lib.findings.simulation as simulation_of
import data.lib.findings.waivers
import data.lib.nodes.roles
import data.lib.table.components

# METADATA
# description: >-
#   holds the findings in the object under review, the policies that checked it (an answer without
#   any is not a verdict), the notes on what they did not check, and the components that the object
#   belongs to.
# entrypoint: true
verdict := {
	"exempt": exempt,
	"findings": findings,
	"policies": policies,
	"notes": notes,
	"components": members,
}

# METADATA
# description: >-
#   holds the ids of the policies to evaluate: those that the caller names, or all if it names none.
policies := {id |
	some id in input.policies
	data.bulkhead.parameters[id]
} if {
	input.policies
}

policies := {id | some id, _ in data.bulkhead.parameters} if not input.policies

# METADATA
# description: >-
#   true if the object is no component, and in a namespace that the profile exempts from some of the policies; a
#   Constraint's match says the same in Gatekeeper.
default exempt := false

exempt if {
	_in_exempt_namespace
	count(members) == 0
	some id in policies
	id in data.bulkhead.exemptable
}

default _in_exempt_namespace := false

_in_exempt_namespace if {
	count(data.bulkhead.table.exemptNamespaces) > 0
	not scopes.without_namespace(input.review.object)
	namespace := object.get(input.review.object, ["metadata", "namespace"], "")
	some pattern in data.bulkhead.table.exemptNamespaces
	patterns.fits(pattern, namespace)
}

_applicable := policies - left_out

# METADATA
# description: holds the ids of the policies that leave the object out, since the profile exempts its namespace.
default left_out := set()

left_out := {id | some id in data.bulkhead.exemptable} if _in_exempt_namespace

# METADATA
# description: >-
#   holds each violation with the id of its policy, and the indexes of the waivers that apply to it. Each is
#   found, waived or not.
findings contains finding if {
	some answer in _answers
	some result in answer.violations
	finding := {
		"policy": answer.policy,
		"msg": result.msg,
		"details": result.details,
		"waivers": _waivers(answer.policy, result),
	}
}

# Of a profile the policies are asked together, with the whole table: each reads of it what its own parameters
# have. What several of them compute of the object is then computed once. Parameters that someone wrote may have
# anything.
_answers := _of_table.answers if data.bulkhead.together

_answers := [answer |
	some id in _applicable
	answers := _answers_here with input as {
		"review": input.review,
		"parameters": data.bulkhead.parameters[id],
		"policies": [id],
	}
	some answer in answers
] if {
	not data.bulkhead.together
}

_answers_here := [answer |
	some id in input.policies
	answer := {
		"policy": id,
		"violations": {result | some result in data.policies[id].violation},
		"notes": {note | some note in data.policies[id].note},
	}
]

_waivers(id, violation) := [index |
	some index in waivers.applying(data.bulkhead.waivers, input.review.object, violation)
	id in data.bulkhead.waivers[index].policies
]

# METADATA
# description: >-
#   holds notes on what the policies did not check in the object, and on what no policy knows about its
#   pods, unless a finding says it.
notes contains note if {
	some answer in _answers
	some note in answer.notes
}

notes contains note if {
	not exempt
	some note in _of_table.pod_notes
	not [note.code, note.path] in _said
}

notes contains note if {
	not exempt
	some note in _of_table.object_notes
}

# Other objects are most of an input, and have no such notes.
_read_kinds := {"PodDisruptionBudget", "HorizontalPodAutoscaler", "ScaledObject", "Node", "RuntimeClass"}

# A scheduler that may ignore taints is a finding where the pods can bypass any, and so is a node that the pod
# must not run on.
_said := {[code, found.details.path] |
	some code in ["SCHEDULER_UNKNOWN", "NODE_UNCONFIRMED", "RUNTIME_CLASS_UNCONFIRMED"]
	some found in findings
}

default members := set()

members := _of_table.members

# What is asked with the whole table as parameters.
_of_table := found if {
	found := _asked_of_table with input as {
		"review": input.review,
		"parameters": data.bulkhead.table,
		"policies": [id | some id in _applicable; data.bulkhead.together],
		"keepsRules": object.get(input, "keepsRules", false),
		"ofProfile": true,
	}
}

_asked_of_table := {
	"answers": _answers_here,
	"members": {row.name | some row in components.of(input.review.object, input.parameters)},
	"pod_notes": {note | some note in pod_notes.of(input.review.object, input.parameters)},
	"object_notes": {note |
		input.review.object.kind in _read_kinds
		some note in object_notes.of(input.review.object, input.parameters)
	},
}

# METADATA
# description: lists the cells of the component table that the object fills, for each row that matches it.
# entrypoint: true
cells := found if {
	found := _cells with input as {"review": input.review, "parameters": data.bulkhead.table}
}

_cells := [cells_of.cells(input.review.object, row.name, input.parameters) |
	some row in components.of(input.review.object, input.parameters)
]

# METADATA
# description: >-
#   holds the names of the roles that are reserved in this cluster: of those whose taints are optional, the ones
#   of which the inventory has a Node with a taint.
# entrypoint: true
reserved := {role.name |
	some role in data.bulkhead.table.nodeRoles
	roles.reserved(role)
}

# METADATA
# description: holds what a simulation needs to know about the object, a workload or a budget of workloads.
# entrypoint: true
simulation := found if {
	found := _simulation with input as {"review": input.review, "parameters": data.bulkhead.table}
}

_simulation := simulation_of.of(input.review.object, input.parameters)

# METADATA
# description: >-
#   holds what the reach of the object depends on: what it is checked as, with the question of each
#   (lib.findings.reach), the controllers at which it is checked instead, and the node on which it runs.
# entrypoint: true
placement := found if {
	found := _placement with input as {"review": input.review, "parameters": data.bulkhead.table}
}

_placement := {
	"subjects": [reach_of.question(input.review.object, subject, input.parameters) |
		some subject in reach_of.subjects(input.review.object, input.parameters, _in_exempt_namespace)
	],
	"owners": reach_of.owners_of(input.review.object),
	"node": reach_of.running_on(input.review.object),
}

# METADATA
# description: >-
#   holds where the pods of the object can run as the subject of the input: on each role, and on the Nodes that
#   the input names.
# entrypoint: true
reach := found if {
	found := _reach with input as {
		"review": input.review,
		"subject": input.subject,
		"nodes": input.nodes,
		"parameters": data.bulkhead.table,
	}
}

_reach := reach_of.of(input.review.object, input.subject, input.nodes, input.parameters)

# METADATA
# description: holds the names of the roles of each Node of the inventory, by its name.
# entrypoint: true
roles_by_node := found if {
	found := _roles_by_node with input as {"parameters": data.bulkhead.table}
}

_roles_by_node := reach_of.roles_by_node(input.parameters)

# METADATA
# description: holds what the index has of the Nodes, each as lib.nodes.roles computes it without an index.
# entrypoint: true
node_facts := found if {
	found := _node_facts with input as {"parameters": data.bulkhead.table}
}

_node_facts := roles.facts(input.parameters)

# METADATA
# description: holds what ValidatingAdmissionPolicies are generated from (lib.findings.admission).
# entrypoint: true
admission := found if {
	found := _admission with input as {"parameters": data.bulkhead.table}
}

_admission := admission_of.facts(input.parameters)
