# METADATA
# title: Repulsion
# description: >-
#   What a pod of one workload keeps away from its node or domain: pods that its required anti-affinity matches
#   (the existing pods of the scheduler's plugin InterPodAffinity, however they were bound), and pods that need
#   its host ports. And whether the two can meet there.
# custom:
#   reads: [node]
package lib.scheduling.repulsion

import data.lib.api.fields
import data.lib.api.namespaces
import data.lib.api.selectors
import data.lib.nodes.nodes
import data.lib.nodes.roles
import data.lib.scheduling.feasibility
import data.lib.scheduling.inter_pod_affinity
import data.lib.scheduling.node_affinity
import data.lib.scheduling.node_ports
import data.lib.workloads.pod_labels
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns what of the object's pod keeps pods of the other workload away: each with its path, its type
#   (antiAffinity or hostPort), and the topology in which it does so.
causes(obj, pod, other) := [{
	"type": "antiAffinity",
	"path": term.path,
	"topology": fields.field_text(term.value, "topologyKey"),
} |
	inter_pod_affinity.applies(other) # the kubelet checks no anti-affinity
	some term in required_terms(obj, pod)
	fields.field_text(term.value, "topologyKey") != ""
	_sees(term.value, obj, workloads.namespace(other))
	_selects(inter_pod_affinity.selector(term.value, pod_labels.typical(obj)), pod_labels.typical(other))
]

# METADATA
# description: >-
#   true if the pods of the object may keep pods of the namespace away: most terms see pods of one namespace.
concerns(obj, namespace) if {
	some pod in workloads.pod_specs(obj)
	some term in required_terms(obj, pod)
	_sees(term.value, obj, namespace)
}

concerns(obj, _) if {
	some pod in workloads.pod_specs(obj)
	node_ports.used(pod.spec)
}

# METADATA
# description: returns the terms of required anti-affinity of the object's pod, each with its path.
required_terms(obj, pod) := inter_pod_affinity.required_terms(
	obj,
	array.concat(pod.path, ["affinity", "podAntiAffinity"]),
)

# METADATA
# description: >-
#   returns the host ports of the object's pod that pods of the other workload need, as causes() does.
taken_ports(_, pod, other) := [{
	"type": "hostPort",
	"path": port.path,
	"topology": inter_pod_affinity.node_topology,
	"port": port.number,
} |
	some port in node_ports.shared(pod.spec, pod.path, workloads.pod(other))
]

_sees(term, _, namespace) if namespace in fields.list(term, "namespaces")

_sees(term, _, namespace) if namespaces.may_be_selected(fields.get(term, "namespaceSelector", null), namespace)

_sees(term, obj, namespace) if {
	count(fields.list(term, "namespaces")) == 0
	not is_object(fields.get(term, "namespaceSelector", null))
	workloads.namespace(obj) == namespace
}

_selects(selector, labels) if selectors.matches(selector, labels)

# More than is checked may match.
_selects(selector, _) if {
	is_object(selector)
	selectors.excess(selector, []) != set()
}

# METADATA
# description: >-
#   true if a pod of the first placement can be where it keeps a pod of the other away from nodes of the role.
#   If the inventory has Nodes of the role, some of them must do; else every node that could have the role
#   counts. Which nodes share a wider topology is known of given Nodes only.
meet(placement, other, role, topology) if {
	topology == inter_pod_affinity.node_topology
	not roles.has_members(role)
	some class in role.classes
	_fit_one(placement, other, class)
}

meet(placement, other, role, topology) if {
	topology == inter_pod_affinity.node_topology
	some class in roles.member_classes(role)
	feasibility.reaches(placement, [class])
	feasibility.reaches(other, [class])
}

meet(_, other, role, topology) if {
	topology != inter_pod_affinity.node_topology
	not roles.has_members(role)
	feasibility.reaches(other, role.classes)
}

meet(placement, other, role, topology) if {
	topology != inter_pod_affinity.node_topology
	some member in roles.members(role)
	feasibility.reaches(other, [roles.class(member, role)])
	some place in nodes.present
	_share(place, member, topology)
	feasibility.reaches(placement, [roles.class(place, role)])
}

# METADATA
# description: true if the pod can run on every node of the role that the other can run on.
fills(placement, _, role) if {
	not roles.has_members(role)
	every class in role.classes {
		feasibility.covers(placement, class)
	}
}

fills(placement, other, role) if {
	roles.has_members(role)
	every class in roles.member_classes(role) {
		_follows(placement, other, class)
	}
}

_follows(placement, _, class) if feasibility.reaches(placement, [class])

_follows(_, other, class) if not feasibility.reaches(other, [class])

# A Node of a manifest may get the label from its kubelet or its cloud.
_share(place, member, topology) if {
	value := nodes.labels(place)[topology]
	nodes.labels(member)[topology] == value
}

_share(place, member, topology) if {
	some node in [place, member]
	not nodes.labels(node)[topology]
	fields.at(node, ["metadata", "uid"], "") == ""
}

# One node of the class must meet a term of each, and both must tolerate it.
_fit_one(placement, other, class) if {
	every own in [placement, other] {
		feasibility.reaches(_joined(own, placement, other), [class])
	}
}

_joined(own, placement, other) := object.union(own, {
	"terms": _terms(own, placement.terms, other.terms),
	"node": _node(own.node, placement, other),
})

# More combinations are not tried: each has to fit by itself.
_most_pairs := 64

_terms(own, terms, others) := node_affinity.joined(terms, others) if {
	count(terms) * count(others) <= _most_pairs
} else := own.terms

_node("", placement, other) := concat("", [placement.node, other.node])

_node(name, _, _) := name if name != ""
