# METADATA
# title: Pod affinity and anti-affinity
# description: >-
#   Terms of pod affinity and anti-affinity (the scheduler's plugin InterPodAffinity): which pods a term
#   matches, and why it does not match the other pods of its own workload.
package lib.scheduling.inter_pod_affinity

import data.lib.api.fields
import data.lib.api.selectors
import data.lib.api.served
import data.lib.workloads.workloads

# METADATA
# description: is the topology in which every node is a domain of its own.
node_topology := "kubernetes.io/hostname"

_required := "requiredDuringSchedulingIgnoredDuringExecution"

_preferred := "preferredDuringSchedulingIgnoredDuringExecution"

# METADATA
# description: returns the path of the object's pod anti-affinity.
path(obj) := array.concat(workloads.pod_path(obj), ["affinity", "podAntiAffinity"])

# METADATA
# description: returns the path of the object's pod affinity.
affinity_path(obj) := array.concat(workloads.pod_path(obj), ["affinity", "podAffinity"])

# METADATA
# description: >-
#   returns the required terms below the path of a pod affinity or anti-affinity, each with its path.
required_terms(obj, rules) := _items(obj, rules, _required)

# METADATA
# description: >-
#   returns the preferred terms below the path of a pod affinity or anti-affinity, each with its path, its
#   weight, and the path of the weight.
preferred_terms(obj, rules) := [term |
	some item in _items(obj, rules, _preferred)
	term := {
		"value": fields.map(item.value, "podAffinityTerm"),
		"path": array.concat(item.path, ["podAffinityTerm"]),
		"weight": _number(fields.get(item.value, "weight", 0)),
		"weight_path": array.concat(item.path, ["weight"]),
	}
]

# The minor version since which each newer field of a term counts.
_since := {"matchLabelKeys": 31, "mismatchLabelKeys": 31}

_readings(term) := {{"value": value, "path": term.path} | some value in served.readings(term.value, _since)}

_number(value) := value if is_number(value)

_number(value) := 0 if not is_number(value)

_items(obj, rules, field) := fields.items(
	fields.list(fields.at(obj, rules, {}), field),
	array.concat(rules, [field]),
)

# METADATA
# description: >-
#   true if a scheduler places the object's pods. Pods that set nodeName bypass it, and the kubelet checks
#   no affinity.
applies(obj) if fields.field_text(workloads.pod(obj), "nodeName") == ""

# The node of a running pod is the scheduler's choice.
applies(obj) if {
	obj.kind == "Pod"
	fields.at(obj, ["metadata", "uid"], "") != ""
}

# METADATA
# description: >-
#   true if a required term of the object keeps a pod with the first labels away from a node that has
#   one with the others, in every Kubernetes of the profile.
repels(obj, own, other) if {
	some term in repelling(obj, own, other)
	_is_over_nodes(term)
}

# METADATA
# description: true as for repels(), in some Kubernetes of the profile.
may_repel(obj, own, other) if {
	applies(obj)
	some term in required_terms(obj, path(obj))
	_is_over_nodes(term)
	some reading in _readings(term)
	_repels(reading, obj, [own, other])
}

_is_over_nodes(term) if fields.field_text(term.value, "topologyKey") == node_topology

# METADATA
# description: >-
#   returns the required terms of the object, of any topology, that keep a pod with the first labels away from a
#   domain that has one with the others, in every Kubernetes of the profile.
repelling(obj, own, other) := [term |
	applies(obj)
	some term in required_terms(obj, path(obj))
	every reading in _readings(term) {
		_repels(reading, obj, [own, other])
	}
]

_repels(term, obj, [own, other]) if {
	_sees_own_namespace(term.value, obj)
	selectors.matches(selector(term.value, own), other)
}

# METADATA
# description: >-
#   returns the selector of a term or constraint that a pod with these labels has: the API server adds
#   the values of its matchLabelKeys and mismatchLabelKeys.
selector(holder, own) := null if {
	not is_object(fields.get(holder, "labelSelector", null))
} else := {
	"matchLabels": fields.map(holder.labelSelector, "matchLabels"),
	"matchExpressions": array.concat(
		fields.list(holder.labelSelector, "matchExpressions"),
		array.concat(
			_of_keys(holder, "matchLabelKeys", "In", own),
			_of_keys(holder, "mismatchLabelKeys", "NotIn", own),
		),
	),
}

_of_keys(holder, field, operator, own) := [{"key": key, "operator": operator, "values": [own[key]]} |
	some key in fields.list(holder, field)
]

# A term that names no namespaces, or names or selects the object's. The only known label of a namespace is
# its name, which the API server sets.
_sees_own_namespace(term, obj) if workloads.namespace(obj) in fields.list(term, "namespaces")

_sees_own_namespace(term, _) if {
	count(fields.list(term, "namespaces")) == 0
	not is_object(fields.get(term, "namespaceSelector", null))
}

_sees_own_namespace(term, obj) if {
	selectors.matches(term.namespaceSelector, {_name_label: workloads.namespace(obj)})
	every expression in fields.list(term.namespaceSelector, "matchExpressions") {
		fields.field_text(expression, "key") == _name_label
	}
}

_name_label := "kubernetes.io/metadata.name"

# METADATA
# description: >-
#   returns why the term of the object, on one pod, does not keep the other on another node in every
#   Kubernetes of the profile, the pods given by their labels: each reason with its type and path.
mismatches(term, obj, pair) := {mismatch |
	some reading in _readings(term)
	some mismatch in _mismatches(reading, obj, pair)
}

# METADATA
# description: >-
#   true if the term of the object, on one pod, is about the other in some Kubernetes of the profile.
may_match(term, obj, pair) if {
	some reading in _readings(term)
	count(_mismatches(reading, obj, pair)) == 0
}

_mismatches(term, obj, pair) := union({
	topology_mismatches(term),
	selector_mismatches(term, pair),
	_namespace_mismatches(term, obj),
	_own_key_mismatches(term, pair),
})

# METADATA
# description: returns that the topology of a term or constraint is not the node, if it is not.
topology_mismatches(term) := {{
	"type": "topologyKey",
	"path": array.concat(term.path, ["topologyKey"]),
	"value": key,
} |
	key := fields.field_text(term.value, "topologyKey")
	key != node_topology
}

# METADATA
# description: >-
#   returns why the selector of a term or constraint, on the first pod, does not match the second, the pods
#   given by their labels.
selector_mismatches(term, pair) := _selector_mismatches(term, pair) | _key_mismatches(term, pair)

_selector_mismatches(term, _) := {{
	"type": "noSelector",
	"path": array.concat(term.path, ["labelSelector"]),
}} if {
	not is_object(fields.get(term.value, "labelSelector", null))
}

_selector_mismatches(term, [_, other]) := {mismatch |
	some part in selectors.unmet(term.value.labelSelector, other)
	mismatch := {
		"type": "labelSelector",
		"path": array.concat(array.concat(term.path, ["labelSelector"]), part.path),
		"requirement": part.requirement,
		"label": object.get(other, part.requirement.key, null),
	}
} if {
	is_object(fields.get(term.value, "labelSelector", null))
}

# An object that names no namespace is meant for one that its file does not say.
_namespace_mismatches(term, obj) := {{"type": field, "path": array.concat(term.path, [field])} |
	workloads.namespace(obj) != ""
	not _sees_own_namespace(term.value, obj)
	field := _namespace_field(term.value)
}

_namespace_field(term) := "namespaces" if count(fields.list(term, "namespaces")) > 0

_namespace_field(term) := "namespaceSelector" if count(fields.list(term, "namespaces")) == 0

_key_mismatches(term, [own, other]) := {{"type": "matchLabelKeys", "path": item.path, "key": item.value} |
	some item in _keys(term, "matchLabelKeys")
	object.get(other, item.value, null) != own[item.value]
}

_own_key_mismatches(term, [own, other]) := {{
	"type": "mismatchLabelKeys",
	"path": item.path,
	"key": item.value,
} |
	some item in _keys(term, "mismatchLabelKeys")
	own[item.value] == other[item.value]
}

_keys(term, field) := fields.items(fields.list(term.value, field), array.concat(term.path, [field]))
