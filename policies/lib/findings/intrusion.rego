# METADATA
# title: Intrusion
# description: >-
#   How the pods of other workloads reach nodes of a reserved role: through a scheduler that respects taints,
#   or by bypassing it. Each way has its reason in words, the place and the fix.
package lib.findings.intrusion

import data.lib.api.fields
import data.lib.api.label_requirements
import data.lib.api.requests
import data.lib.findings.edits
import data.lib.findings.findings
import data.lib.nodes.nodes
import data.lib.nodes.roles
import data.lib.nodes.taints
import data.lib.scheduling.feasibility
import data.lib.scheduling.pods
import data.lib.workloads.late_values
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns the reserved roles, except the one that other workloads run on, with those classes of their nodes
#   that taints guard.
reserved(parameters) := _reserved_here if {
	requests.keeps(parameters)
} else := _reserved(parameters)

_reserved_here := _reserved(input.parameters)

_reserved(parameters) := [object.union(role, {"classes": roles.guarded_classes(role)}) |
	some role in roles.of(parameters)
	roles.reserved(role)
	role.name != parameters.otherWorkloads.nodeRole
]

# METADATA
# description: >-
#   true if the taints of each reserved role keep the pod off all its nodes, whatever their labels are. That is
#   so of most pods, and found sooner than the classes of nodes.
kept_out(placement, parameters) if {
	every role in parameters.nodeRoles {
		_shut(placement, role, parameters.otherWorkloads.nodeRole)
	}
}

_shut(_, role, role_of_others) if role.name == role_of_others

_shut(_, role, _) if not roles.reserved(role)

# A node that a taint guards has one of the sets of taints, by a label that marks it.
_shut(placement, role, _) if {
	roles.marks(role) != []
	every listed in roles.sets(role) {
		feasibility.refused(placement, listed)
	}
}

# METADATA
# description: >-
#   returns how a scheduler that respects taints can put the object's pod on nodes of the reserved role:
#   its first toleration of the role's taints, or the node on which it is running. None if it cannot.
intrusions(obj, pod, role) := {{
	"path": witness.path,
	"says": concat("", [
		"can be scheduled onto ",
		role.name,
		" nodes: ",
		witness.says,
		", and ",
		_selection(pod, terms[0], witness),
	]),
	"fix": _fix(obj, pod, role, witness),
	"related": witness.related,
} |
	pod.placement.way in {"scheduler", "daemon"}
	terms := _reaching_terms(pod.placement, role)
	count(terms) > 0
	_let_in(pod.placement, role)
	witness := _witness(pod, role)
} | {{
	"path": array.concat(pod.path, ["nodeName"]),
	"says": concat("", ["is running on ", role.name, " node ", pod.placement.node]),
	"fix": findings.advice(_or_component("Delete the pod, and change what created it.")),
	"related": _related_nodes(pod.placement.node, role),
} |
	pod.placement.way == "observed"
	_let_in(pod.placement, role)
	roles.has_members(role)
}

_reaching_terms(placement, role) := [term |
	some class in role.classes
	some term in feasibility.reaching_terms(placement, class)
]

_let_in(_, role) if not roles.has_members(role)

_let_in(placement, role) if feasibility.reaches(placement, roles.guarded_member_classes(role))

# What tolerates the role's taints, and where: the first toleration of the pod that does, or else its
# RuntimeClass. The DaemonSet controller adds tolerations too.
_witness(pod, role) := {
	"by": "pod",
	"path": first.path,
	"toleration": first.value,
	"says": _tolerates(first.value, pod, role),
	"related": [],
} if {
	first := _own_tolerations(pod, role)[0]
} else := {
	"by": "class",
	"path": array.concat(pod.path, ["runtimeClassName"]),
	"says": concat(" ", ["its RuntimeClass", class_name, "tolerates", _taint_names(_passed(pod, role))]),
	"related": [findings.related(class, ["scheduling", "tolerations"], "adds the toleration") |
		some class in pods.runtime_classes(pod.spec)
	],
} if {
	pod.placement.way != "daemon"
	class_name := fields.field_text(pod.spec, "runtimeClassName")
	class_name != ""
} else := {
	"by": "controller",
	"path": array.concat(pod.path, ["tolerations"]),
	"says": concat(" ", ["it tolerates", _taint_names(_passed(pod, role))]),
	"related": [],
}

_own_tolerations(pod, role) := [item |
	some item in fields.items(
		fields.list(pod.spec, "tolerations"),
		array.concat(pod.path, ["tolerations"]),
	)
	some taint in _passed(pod, role)
	taints.tolerates(item.value, taint)
]

_tolerates(toleration, pod, role) := concat("", [
	_wildcard_words(toleration),
	" every ",
	_effect(toleration),
	"taint, ",
	_taint_names({taint |
		some taint in _passed(pod, role)
		taints.tolerates(toleration, taint)
	}),
	" included",
]) if {
	taints.wildcard(toleration)
} else := concat(" ", ["it tolerates", _taint_names(_passed(pod, role))])

_wildcard_words(toleration) := "the key of its toleration is filled in later, and can tolerate" if {
	late_values.open(toleration)
} else := "its toleration without a key tolerates"

_effect(toleration) := "" if {
	fields.field_text(toleration, "effect") == ""
} else := concat("", [fields.field_text(toleration, "effect"), " "])

# The taints by which a node of the role lets the pod in, of the sets that it may have: the first.
_passed(pod, role) := [listed |
	some class in role.classes
	count(feasibility.untolerated(pod.placement, class)) == 0
	listed := class.guards
][0]

_taint_names(list) := concat(" and ", sort([taints.name(taint) | some taint in list]))

_selection(pod, term, _) := concat("", [
	"nodeSelectorTerms[",
	format_int(term.path[count(term.path) - 1], 10),
	"] of its required node affinity also matches them",
]) if {
	term.path != pod.path
} else := "its nodeSelector does not exclude them" if {
	count(term.requirements) > 0
} else := "its nodeSelector does not exclude them" if {
	late_values.open(pod.spec)
}

_selection(pod, term, witness) := concat("", [
	_subject(witness),
	"has no nodeSelector or required node affinity",
]) if {
	term.path == pod.path
	count(term.requirements) == 0
	not late_values.open(pod.spec)
}

_subject(witness) := "" if {
	startswith(witness.says, "it ")
} else := "it "

_fix(_, _, _, witness) := findings.advice(_or_component("Use a RuntimeClass without this toleration.")) if {
	witness.by == "class"
}

_fix(obj, pod, role, witness) := findings.edits(title, safe, changes) if {
	witness.by == "pod"
	is_agent := _node_agent(obj, pod)
	without := _without(pod, witness)
	title := _or_row(_toleration_title(witness.toleration, without, role), is_agent)
	changes := _removal(obj, without, role, witness)
	safe := _is_safe(changes, without, role, object.union(witness, {"is_agent": is_agent}))
}

# The DaemonSet controller adds the toleration.
_fix(obj, pod, _, witness) := findings.advice(_or_row(
	"Require nodes without the taint by nodeSelector.",
	_node_agent(obj, pod),
)) if {
	witness.by == "controller"
}

_toleration_title(toleration, without, role) := concat(" ", [
	"Require other nodes with nodeSelector or required node affinity, and remove the toleration:",
	"on the nodes that the pod requires now, it cannot run without it.",
]) if {
	not _has_others(without, role)
} else := "Tolerate only the taints that it needs, each by its key." if {
	taints.wildcard(toleration)
} else := "Remove the toleration, or require other nodes with nodeSelector or required node affinity."

# An agent that has to run everywhere would be gone from the role's nodes.
_is_safe(changes, without, role, witness) if {
	not witness.is_agent
	count(changes) > 0
	not taints.wildcard(witness.toleration)
	_has_other_nodes(without, role)
} else := false

# The placement of the pod without the toleration.
_without(pod, witness) := pods.placement(
	object.union(pod.spec, {"tolerations": [item.value |
		some item in fields.items(
			fields.list(pod.spec, "tolerations"),
			array.concat(pod.path, ["tolerations"]),
		)
		item.path != witness.path
	]}),
	pod.path,
	pod.placement.way,
)

# Removing the toleration is an edit where no other toleration lets the pod in, and where the pod does not
# require the nodes of the role: it would stay pending.
_removal(obj, without, role, witness) := [edits.remove(witness.path)] if {
	workloads.built_in(obj)
	not _intrudes(without, role)
	_has_others(without, role)
} else := []

_has_others(placement, role) if feasibility.reaches(pods.tolerating_all(placement), roles.outside(role))

# If the input has Nodes, the pod must be able to run on one of them.
_has_other_nodes(_, _) if not nodes.given

_has_other_nodes(placement, role) if {
	feasibility.reaches(placement, [roles.class(other, role) | some other in roles.others(role)])
}

_intrudes(placement, role) if {
	count(_reaching_terms(placement, role)) > 0
	_let_in(placement, role)
}

# An agent that selects no nodes, or just an operating system, is meant to run on all of them.
_node_agent(obj, pod) if {
	obj.kind == "DaemonSet"
	every term in pod.placement.terms {
		count(term.names) == 0
		every requirement in term.requirements {
			requirement.key in _platform
		}
	}
} else := false

_platform := {"kubernetes.io/os", "kubernetes.io/arch", "beta.kubernetes.io/os", "beta.kubernetes.io/arch"}

_or_row(title, true) := concat(" ", [
	title,
	"If it has to run on every node, add it to the profile's components with nodeRole: all.",
])

_or_row(title, false) := _or_component(title)

_or_component(title) := concat(" ", [
	title,
	"If it is part of the cluster, add it to the profile's components.",
])

# METADATA
# description: >-
#   returns the note on a pod that a scheduler could put on a node of the role, if only the Nodes in the
#   inventory rule that out.
spared(pod, role) := {{
	"code": "NODES_INCOMPLETE",
	"path": pod.path,
	"message": concat("", [
		"only the ",
		role.name,
		" Nodes in the input keep these pods away; other ",
		role.name,
		" nodes were not checked",
	]),
} |
	roles.has_members(role)
	pod.placement.way in {"scheduler", "daemon"}
	count(_reaching_terms(pod.placement, role)) > 0
	not _let_in(pod.placement, role)
}

# METADATA
# description: >-
#   returns the notes on the values that the object's pod requires of a label of the role, and that the profile
#   does not know: nodes with such a value, if there are any, are not checked. None if the taints of the role
#   keep the pod away.
unknown_values(pod, role) := {{
	"code": "ROLE_LABEL_VALUE_UNKNOWN",
	"path": wanted.path,
	"message": concat("", [
		"the profile does not know ",
		wanted.key,
		"=",
		fields.quoted(text),
		"; not checked whether nodes with this label are ",
		role.name,
		" nodes",
	]),
} |
	some class in role.classes
	count(feasibility.untolerated(pod.placement, class)) == 0
	some term in pod.placement.terms
	some wanted in term.requirements
	wanted.operator == "In"
	wanted.key in {pair.key | some pair in roles.pairs(role)}
	some text in wanted.values
	not text in _profile_values(class, wanted.key)
} | {{
	"code": "ROLE_LABEL_VALUE_UNKNOWN",
	"path": sort([wanted.path | some wanted in requirements])[0],
	"message": concat("", [
		"its node affinity matches only values of ",
		key,
		" that the profile does not know; not checked whether nodes with them are ",
		role.name,
		" nodes",
	]),
} |
	some class in role.classes
	count(feasibility.untolerated(pod.placement, class)) == 0
	some term in pod.placement.terms
	some key in {pair.key | some pair in roles.pairs(role)}
	requirements := object.get(term.by_key, key, [])
	_names_no_value(requirements)
	not _known_value_meets(requirements, class, key)
	label_requirements.satisfiable(requirements)
}

# A requirement In has a note for each value.
_names_no_value(requirements) if {
	count(requirements) > 0
	every wanted in requirements {
		wanted.operator != "In"
	}
}

_known_value_meets(requirements, class, key) if {
	values := {{"value": value} | some value in _profile_values(class, key)}
	some state in (values | {label_requirements.absent})
	every wanted in requirements {
		label_requirements.holds(wanted, state)
	}
}

_profile_values(class, key) := {value | some value, _ in class.taints_by_label[key]}

# METADATA
# description: >-
#   returns the note on a pod that names a node, if that could be a node of the role and only the Node of
#   that name in the inventory rules it out.
spared_there(pod, role) := {{
	"code": "NODES_INCOMPLETE",
	"path": array.concat(pod.path, ["nodeName"]),
	"message": concat("", [
		"checked only with Node ",
		pod.placement.node,
		" of the input: it keeps the pod from bypassing the taints of ",
		role.name,
		" nodes",
	]),
} |
	pod.placement.way == "node"
	_known_node(pod.placement.node, role)
	feasibility.reaches(pod.placement, role.classes)
	not _bound_there(pod.placement, role)
}

# METADATA
# description: >-
#   true if the pod does not leave the choice of its node to the default scheduler, or to one that the
#   profile says respects taints as that does.
may_bypass(pod, _) if pod.placement.way in {"node", "file"}

may_bypass(pod, schedulers) if {
	pod.placement.way == "scheduler"
	pods.other_scheduler(pod.spec, schedulers)
}

# METADATA
# description: >-
#   returns how the pod bypasses the taints of the role's nodes, for a pod that may bypass the scheduler.
#   None if it does not.
bypasses(pod, role, schedulers) := {{
	"path": _bypass_path(pod),
	"says": _bypasses(role, _binding(pod, role)),
	"fix": _bypass_fix(pod, schedulers),
	"related": _related_nodes(pod.placement.node, role),
} |
	pod.placement.way in {"node", "file"}
	feasibility.reaches(pod.placement, role.classes)
	_bound_there(pod.placement, role)
} | {{
	"path": array.concat(pod.path, ["schedulerName"]),
	"says": _bypasses(role, concat("", [
		"scheduler ",
		fields.field_text(pod.spec, "schedulerName"),
		" is not known to respect taints",
	])),
	"fix": findings.edits(
		"Remove schedulerName, or add the scheduler to the profile's schedulers if it respects taints.",
		false,
		[edits.remove(array.concat(pod.path, ["schedulerName"]))],
	),
	"related": [],
} |
	pod.placement.way == "scheduler"

	# The kubelet of a node respects NoExecute alone, whatever binds the pod.
	placement := object.union(pod.placement, {"effects": {"NoExecute"}})
	feasibility.reaches(placement, role.classes)
	_let_in(placement, role)
}

# METADATA
# description: returns how a Binding bypasses the taints of the role's nodes. None if it does not.
bindings(binding, role) := {{
	"path": ["target", "name"],
	"says": _bypasses(role, concat("", ["it puts the pod on ", _node_words(node, role)])),
	"fix": findings.advice("Let kube-scheduler bind the pod, or add the user to the profile's schedulerUsers."),
	"related": _related_nodes(node, role),
} |
	node := fields.text(fields.at(binding, ["target", "name"], ""))
	_may_have(node, role)
}

_bypasses(role, reason) := concat("", ["bypasses the taints of ", role.name, " nodes: ", reason])

# A node that is not in the inventory may be of any role, and so may one that has the label of the role
# with another value.
_bound_there(placement, role) if not _known_node(placement.node, role)

_bound_there(placement, role) if {
	_known_node(placement.node, role)
	_let_in(placement, role)
	roles.has_members(role)
}

_known_node(name, role) if {
	name != ""
	some node in nodes.named(name)
	roles.decided(node, role)
}

_may_have(name, role) if not _known_node(name, role)

_may_have(name, role) if count(_named_members(name, role)) > 0

_named_members(name, role) := [node | some node in nodes.named(name); roles.has(node, role)]

_bypass_path(pod) := array.concat(pod.path, ["nodeName"]) if {
	pod.placement.node != ""
} else := ["metadata", "annotations"]

_binding(pod, role) := concat(" ", ["nodeName puts it on", _node_words(pod.placement.node, role)]) if {
	pod.placement.way == "node"
} else := concat(" ", ["it is a static pod on", _node_words(pod.placement.node, role)]) if {
	pod.placement.node != ""
} else := "it is a static pod"

_node_words(name, role) := name if {
	count(_named_members(name, role)) > 0
} else := "a node that it does not name" if {
	name == ""
} else := concat("", [name, ", which may be one of them"])

_bypass_fix(pod, schedulers) := findings.advice(concat("", [
	"Remove the file from the node's static pod directory. ",
	"If it is part of the cluster, add it to the profile's components with static: true.",
])) if {
	pod.placement.way == "file"
} else := findings.advice(_or_component("Remove nodeName and schedulerName.")) if {
	pods.other_scheduler(pod.spec, schedulers)
} else := findings.edits(
	_or_component("Remove nodeName, and let the scheduler choose the node."),
	false,
	[edits.remove(array.concat(pod.path, ["nodeName"]))],
)

_related_nodes(name, role) := [findings.related(
	node,
	["metadata", "labels", key],
	concat(" ", ["has role", role.name]),
) |
	some node in _named_members(name, role)
	some key in roles.marks_of(node, role)
]
