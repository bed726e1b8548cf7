# METADATA
# title: Reach
# description: >-
#   Who can run where: for a workload, each role of nodes and each Node, whether its pods can run there, why,
#   and whether the profile requires, allows or forbids it. The predicates are those of the policies on
#   placement. A Node is taken as it is: without its taint it lets everyone in.
package lib.findings.reach

import data.lib.api.fields
import data.lib.findings.placement
import data.lib.nodes.nodes
import data.lib.nodes.roles
import data.lib.nodes.taints
import data.lib.scheduling.feasibility
import data.lib.scheduling.pods
import data.lib.table.components
import data.lib.table.owners
import data.lib.workloads.controllers
import data.lib.workloads.pod_limits
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns what the object is: each component that it is checked as, or another workload, with the node role
#   that the profile gives it, null if it gives none. Nothing if it is checked at its owner, or makes no pods.
subjects(obj, parameters, exempt) := [{
	"component": null,
	"nodeRole": _of_others(parameters, exempt),
	"static": false,
}] if {
	components.other(obj, parameters)
} else := [{
	"component": row.name,
	"nodeRole": object.get(row, "nodeRole", null),
	"static": _is_static(obj, row),
} |
	some row in components.placing(obj, parameters)
]

# A Deployment that has the name of a static pod is placed by a scheduler.
default _is_static(_, _) := false

_is_static(obj, row) if {
	row.static
	obj.kind == "Pod"
}

# Of what the profile exempts nothing is asked.
_of_others(parameters, false) := object.get(parameters, ["otherWorkloads", "nodeRole"], null)

_of_others(_, true) := null

# METADATA
# description: >-
#   returns the controllers in the inventory at which the object is checked, each as it names itself.
owners_of(obj) := [{
	"apiVersion": owner.apiVersion,
	"kind": owner.kind,
	"metadata": {"namespace": workloads.namespace(owner), "name": workloads.name(owner)},
} |
	workloads.known(obj)
	owners.checked_there(obj)
	some owner in controllers.of(obj)
]

# METADATA
# description: returns the name of the node on which the object runs, if it is a pod that does; else "".
running_on(obj) := fields.field_text(workloads.pod(obj), "nodeName") if {
	pods.runs(obj)
	not fields.at(obj, ["status", "phase"], "") in {"Succeeded", "Failed"}
} else := ""

# METADATA
# description: >-
#   returns all on which the reach of the subject with the object's pods depends: objects of which it is equal
#   reach the same nodes. Nodes are equal for them that have the same taints and roles, and the same state of
#   each label that is asked: which of the values given it has, or its value where that is null, for a
#   comparison of numbers.
question(obj, subject, parameters) := {
	"subject": subject,
	"excess": count(pod_limits.placement(obj)) > 0,
	"pods": [{
		"placement": object.remove(pod.placement, ["terms"]),
		"terms": [{
			"requirements": [object.remove(wanted, ["path"]) | some wanted in term.requirements],
			"names": [object.remove(wanted, ["path"]) | some wanted in term.names],
		} |
			some term in pod.placement.terms
		],
	} |
		some pod in asked
	],
	"labels": {key: _values(required) |
		some key, required in {key: wanted |
			some requirement in requirements
			key := requirement.key
			wanted := [other | some other in requirements; other.key == key]
		}
	},
	"names": {name |
		some pod in asked
		some name in _names(pod.placement)
		name != ""
	},
} if {
	asked := _pods(obj, subject, parameters)
	requirements := [wanted |
		some pod in asked
		some term in pod.placement.terms
		some wanted in term.requirements
	]
}

_values(requirements) := null if {
	some wanted in requirements
	wanted.operator in {"Gt", "Lt"}
} else := sort({text | some wanted in requirements; some text in wanted.values})

_names(placement) := {placement.node} | {text |
	some term in placement.terms
	some wanted in term.names
	some text in wanted.values
}

# Components are checked by where new pods of theirs can run, other workloads and static pods by where the pod
# itself can be. A scheduler that may ignore taints places pods wherever a kubelet takes them.
_pods(obj, subject, parameters) := pods.of(obj) if {
	subject.static
} else := pods.rescheduled(obj) if {
	subject.component != null
} else := [object.union(pod, {"placement": _least_kept(pod, parameters)}) |
	some pod in pods.of(obj)
]

_least_kept(pod, parameters) := object.union(pod.placement, {"effects": {"NoExecute"}}) if {
	pod.placement.way == "scheduler"
	pods.other_scheduler(pod.spec, object.get(parameters, "schedulers", []))
} else := pod.placement

# METADATA
# description: >-
#   returns where the pods of the object can run as the subject: on each role, and on the Nodes of these
#   names.
of(obj, subject, names, parameters) := {
	"roles": [{"share": _share(role, expected, scene), "expected": expected} |
		some role in scene.roles
		expected := _expected_of_role(role, scene)
	],
	"nodes": [_of_node(node, scene) | some name in names; some node in nodes.named(name)],
} if {
	scene := {
		"subject": subject,
		"pods": _pods(obj, subject, parameters),
		"excess": count(pod_limits.placement(obj)) > 0,
		"roles": roles.of(parameters),
		"labels": {label.key | some role in parameters.nodeRoles; some label in role.labels},
		"demanded": _demanded(subject, parameters),
		"homes": _homes(subject, parameters),
	}
}

# The roles whose nodes the subject must be able to run on.
_demanded(subject, parameters) := roles.demanded(subject.nodeRole, parameters) if {
	subject.component != null
	subject.nodeRole != null
} else := []

# The role whose nodes the subject must not leave, one or none.
_homes(subject, parameters) := roles.confining(subject.nodeRole, parameters) if {
	subject.component != null
	subject.nodeRole != null
} else := []

# METADATA
# description: >-
#   returns the names of the roles of each Node of the inventory, by its name. One that has none, and a label of
#   a role with another value, is taken for one of it: it may be meant to be.
roles_by_node(parameters) := {nodes.name(node): names |
	all_roles := roles.of(parameters)
	some node in nodes.present
	names := [role.name | some role in all_roles; _belongs(node, role, all_roles)]
}

_belongs(node, role, _) if roles.has(node, role)

_belongs(node, role, all_roles) if {
	not roles.decided(node, role)
	every other in all_roles {
		not roles.has(node, other)
	}
}

_expected_of_role(role, scene) := "forbidden" if {
	_closed(role, scene)
} else := "required" if {
	some wanted in scene.demanded
	role.name in _names_of(wanted)
	_needed(wanted, scene)
} else := "allowed"

_closed(role, scene) if {
	_spares_reserved(scene.subject)
	roles.reserved(role)
	role.name != scene.subject.nodeRole
}

_closed(role, scene) if {
	some home in scene.homes
	not _spares_reserved(scene.subject)
	not role.name in _names_of(home)
}

# Every node is open to it but those of reserved roles.
_spares_reserved(subject) if subject.nodeRole == "unreserved"

_spares_reserved(subject) if {
	subject.component == null
	subject.nodeRole != null
}

_names_of(role) := {part.name | some part in object.get(role, "parts", [role])}

# The pods must be able to run on every node of the role that is named, and of all roles with `all`. Elsewhere
# one node is enough.
_needed(_, scene) if scene.subject.nodeRole == "all"

_needed(role, scene) if role.name == scene.subject.nodeRole

_needed(role, scene) if {
	some pod in scene.pods
	not placement.reaches_always(pod, role)
}

# What was not checked counts against the object.
_share(role, expected, scene) := _unchecked_share[expected] if {
	scene.excess
} else := "none" if {
	_in_files(scene)
} else := _shares[min(_degrees(role, expected, scene))] if {
	expected == "required"
} else := _shares[max(_degrees(role, expected, scene))]

_unchecked_share := {"required": "none", "allowed": "every", "forbidden": "every"}

_shares := ["none", "some", "every"]

# A static pod runs where its file is.
_in_files(scene) if {
	scene.subject.static
	every pod in scene.pods {
		pod.placement.node == ""
	}
}

_degrees(role, expected, scene) := [_degree(pod, role, expected, scene) | some pod in scene.pods] if {
	count(scene.pods) > 0
} else := [0]

# How many nodes of the role the pod can run on: 0 none, 1 some, 2 every one. Which of the worlds is that of the
# cluster is not known: a component must be right in each, an intruder needs one.
_degree(pod, role, expected, scene) := count([node |
	some node in nodes.named(pod.placement.node)
	_belongs(node, role, scene.roles)
	feasibility.reaches(pod.placement, [roles.class(node, role)])
]) if {
	count(nodes.named(pod.placement.node)) > 0
} else := 2 if {
	every classes in _worlds(role, scene) {
		count(classes) > 0
		every class in classes {
			feasibility.covers(pod.placement, class)
		}
	}
} else := 1 if {
	expected == "required"
	every classes in role.worlds {
		feasibility.reaches(pod.placement, classes)
	}
} else := 1 if {
	expected != "required"
	some classes in _worlds(role, scene)
	feasibility.reaches(pod.placement, classes)
} else := 0

# The nodes of a role that is closed to the subject: those that are guarded, or not of its own role too.
_worlds(role, scene) := role.worlds if {
	not _closed(role, scene)
} else := [roles.guarded_classes(role)] if {
	_spares_reserved(scene.subject)
} else := [[object.union(class, narrowed) |
	some class in classes
	some home in scene.homes
	some limits in roles.outside(home)
	narrowed := {field: union({class[field], limits[field]}) |
		some field in ["forbidden", "absent", "present", "known"]
	}
] |
	some classes in role.worlds
]

_of_node(node, scene) := object.union(_verdict(node, expected, scene), {
	"name": nodes.name(node),
	"expected": expected,
}) if {
	expected := _expected_on(node, scene)
}

_expected_on(node, scene) := "forbidden" if {
	some role in scene.roles
	_spares_reserved(scene.subject)
	_closed(role, scene)
	_is_guarded(node, role, scene)
} else := "forbidden" if {
	some home in scene.homes
	not _spares_reserved(scene.subject)
	not _belongs(node, home, scene.roles)
} else := "forbidden" if {
	some home in scene.homes
	some other in roles.apart_from(home, scene.roles)
	_is_guarded(node, other, scene)
} else := "required" if {
	some wanted in scene.demanded
	_belongs(node, wanted, scene.roles)
	_needed(wanted, scene)
} else := "allowed"

# Anyone may use a Node without the taints of its role where these are optional.
_is_guarded(node, role, scene) if {
	not role.optionalTaints
	_belongs(node, role, scene.roles)
}

_is_guarded(node, role, _) if {
	some class in roles.guarded_member_classes(role)
	class.name == nodes.name(node)
}

_verdict(node, expected, scene) := {"runs": expected != "required", "reason": "has more than is checked"} if {
	scene.excess
} else := {"runs": false, "reason": "is a static pod, and runs where its file is"} if {
	_in_files(scene)
} else := {"runs": true, "reason": _way_in(inside[0], class)} if {
	class := nodes.lasting_class(node, scene.labels)
	inside := [pod.placement | some pod in scene.pods; _fits(pod.placement, class, scene)]
	_enough(count(inside), expected, scene)
} else := {"runs": false, "reason": _obstacle(outside[0], class)} if {
	class := nodes.lasting_class(node, scene.labels)
	outside := [pod.placement | some pod in scene.pods; not _fits(pod.placement, class, scene)]
	count(outside) > 0
} else := {"runs": false, "reason": "makes no pods that are known"}

# A Node of a manifest may have other labels. What has to run everywhere must not need them.
_fits(found, class, scene) if {
	scene.subject.nodeRole != "all"
	feasibility.reaches(found, [class])
}

_fits(found, class, scene) if {
	scene.subject.nodeRole == "all"
	feasibility.covers(found, class)
}

# All sorts of its pods have to be able to run where the object is required to.
_enough(number, "required", scene) if {
	number == count(scene.pods)
	number > 0
}

_enough(number, expected, _) if {
	expected != "required"
	number > 0
}

_way_in(found, class) := _bound[found.way] if {
	_bound[found.way]
} else := "has a scheduler that may ignore taints" if {
	count(feasibility.untolerated(object.union(found, {"effects": {"NoSchedule", "NoExecute"}}), class)) > 0
} else := concat(" ", ["tolerates", _taints(blocking)]) if {
	blocking := {taint | some taint in class.taints; taints.blocks(taint)}
	count(blocking) > 0
} else := "is kept off by no taint"

_bound := {
	"observed": "runs there",
	"node": "is bound to it by nodeName",
	"file": "is a static pod, which taints do not keep off",
}

_obstacle(found, class) := "is bound to another node" if {
	not found.node in {"", class.name}
} else := concat(" ", ["does not tolerate", _taints(untolerated)]) if {
	untolerated := feasibility.untolerated(found, class)
	count(untolerated) > 0
} else := "has a nodeSelector or required node affinity that does not match"

_taints(found) := concat(" and ", sort([taints.name(taint) | some taint in found]))
