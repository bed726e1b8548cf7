# METADATA
# title: Repelled components in words
# description: >-
#   Which components the pods of a workload keep off the nodes of their role, by what, and how to fix it.
package lib.findings.repulsion

import data.lib.api.fields
import data.lib.findings.findings
import data.lib.findings.words
import data.lib.nodes.roles
import data.lib.scheduling.feasibility
import data.lib.scheduling.inter_pod_affinity
import data.lib.scheduling.node_ports
import data.lib.scheduling.pods
import data.lib.scheduling.repulsion
import data.lib.table.components
import data.lib.table.owners
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns how the object keeps the component of the row off nodes of its role: one for each term of its
#   anti-affinity and each host port, with the place, the reason, the fix and the component's objects. None if
#   the object is of the component itself. Of an object that is another component, which the table wants
#   beside this one, only what is on every node counts.
repelled(obj, row, parameters) := [{
	"path": path,
	"says": _says(obj, cause, found, row),
	"fix": _fix(cause, found),
	"related": [findings.related(hit.member, ["metadata", "name"], "it cannot run beside these pods") |
		some hit in found
	],
} |
	hits := _hits(obj, row, parameters)
	some path in {hit.cause.path | some hit in hits}
	found := [hit | some hit in hits; hit.cause.path == path]
	cause := found[0].cause
]

_hits(obj, row, parameters) := [] if {
	row.name in _own_rows(obj, parameters)
} else := [] if {
	not contains(row.match.namespace, "*")
	not repulsion.concerns(obj, row.match.namespace)
} else := [{"member": member, "cause": cause, "roles": kept} |
	some member in _members(row, parameters)
	some pod in pods.of(obj)
	some cause in array.concat(repulsion.causes(obj, pod, member), repulsion.taken_ports(obj, pod, member))
	kept := _kept(obj, pod, pods.main(member), [row.nodeRole, cause.topology, parameters])
	count(kept) > 0
]

_own_rows(obj, parameters) := {row.name | some row in components.rows_of(obj, parameters.components)}

# In the order of their names, and no more than a finding can show.
_members(row, parameters) := array.slice([member | some [_, member] in sorted], 0, 10) if {
	sorted := sort([[workloads.title(member), member] |
		some member in components.members(row, parameters.components)
		not owners.checked_there(member)
	])
}

# METADATA
# description: >-
#   true if the pods of the object have required anti-affinity, or take ports of their nodes. Few do, and to
#   look for what is repelled takes long.
repels(obj) if _has_terms(obj)

repels(obj) if {
	some pod in workloads.pod_specs(obj)
	node_ports.used(pod.spec)
}

_has_terms(obj) if {
	some pod in workloads.pod_specs(obj)
	count(repulsion.required_terms(obj, pod)) > 0
}

# METADATA
# description: >-
#   true if the pods of the object have required anti-affinity, or containers with ports. Most have neither.
may_repel(obj) if _has_terms(obj)

may_repel(obj) if {
	some pod in workloads.pod_specs(obj)
	some field in ["containers", "initContainers"]
	some container in fields.list(pod.spec, field)
	count(fields.list(container, "ports")) > 0
}

# The names of the roles whose nodes the component cannot use beside the pod. One for any of several roles can
# use another, while there is one.
_kept(obj, pod, other, [name, topology, parameters]) := kept if {
	reachable := {role.name | some role in roles.demanded(name, parameters); _reaches(other, role)}
	kept := {role.name |
		some role in roles.demanded(name, parameters)
		role.name in reachable
		repulsion.meet(pod.placement, pods.staying(other).placement, role, topology)
		_counts(obj, pod, other, [role, parameters])
	}
	_nowhere_else(name, kept, reachable)
} else := set()

_nowhere_else(name, kept, reachable) if {
	name in {"any", "unreserved"}
	kept == reachable
}

_nowhere_else(name, _, _) if not name in {"any", "unreserved"}

_counts(obj, _, _, [_, parameters]) if count(_own_rows(obj, parameters)) == 0

_counts(obj, pod, other, [role, _]) if {
	obj.kind == "DaemonSet"
	repulsion.fills(pod.placement, other.placement, role)
}

_reaches(pod, role) if {
	not roles.has_members(role)
	feasibility.reaches(pod.placement, role.classes)
}

_reaches(pod, role) if feasibility.reaches(pod.placement, roles.member_classes(role))

_says(obj, cause, found, row) := concat("", [
	workloads.title(obj),
	" can keep ",
	row.name,
	" off ",
	concat(" and ", sort({role | some hit in found; some role in hit.roles})),
	" nodes",
	_where(cause.topology),
	": ",
	_reason(cause, found),
])

_where(topology) := "" if {
	topology == inter_pod_affinity.node_topology
} else := concat(" ", [" that share", topology, "with its pods"])

_reason(cause, found) := concat(" ", [
	"its required anti-affinity matches the pods of",
	words.titles([hit.member | some hit in found]),
]) if {
	cause.type == "antiAffinity"
} else := concat("", [
	"it uses host port ",
	words.number(cause.port),
	" of its nodes, which ",
	words.titles([hit.member | some hit in found]),
	" needs too",
])

_fix(cause, found) := findings.advice(concat("", [
	"Let labelSelector, namespaces or namespaceSelector leave out the pods of ",
	words.titles([hit.member | some hit in found]),
	".",
])) if {
	cause.type == "antiAffinity"
} else := findings.advice("Use another host port, or keep these pods off the component's nodes.")
