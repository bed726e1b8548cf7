# METADATA
# title: Pod anti-affinity
# description: >-
#   Whether the anti-affinity of a workload keeps its own pods on different nodes, demanded or, as
#   the document asks for, hinted.
package lib.anti_affinity

import data.lib.affinity_term
import data.lib.label_selector
import data.lib.pod_labels
import data.lib.value
import data.lib.workload

# METADATA
# description: returns the path of the object's pod anti-affinity.
path(object_) := array.concat(workload.pod_path(object_), ["affinity", "podAntiAffinity"])

# METADATA
# description: >-
#   returns the terms of the object's pod anti-affinity, required and preferred, each with its path.
terms(object_) := array.concat(
	required_terms(object_),
	[{"value": value.map(item.value, "podAffinityTerm"), "path": term_path} |
		some item in value.items(
			value.list(_rules(object_), _preferred),
			array.concat(path(object_), [_preferred]),
		)
		term_path := array.concat(item.path, ["podAffinityTerm"])
	],
)

_rules(object_) := value.at(object_, path(object_), {})

_required := "requiredDuringSchedulingIgnoredDuringExecution"

_preferred := "preferredDuringSchedulingIgnoredDuringExecution"

# METADATA
# description: returns the required terms of the object's pod anti-affinity, each with its path.
required_terms(object_) := value.items(
	value.list(_rules(object_), _required),
	array.concat(path(object_), [_required]),
)

# Some term keeps the pair apart.
_spreads(object_, pair) if {
	some term in terms(object_)
	count(faults(term, object_, pair)) == 0
}

# METADATA
# description: >-
#   returns two of the object's own pods, by their labels, and how to speak of the other's.
own(object_) := {"one": one, "other": other, "whose": "its own have"} if {
	[one, other] := pod_labels.siblings(object_)
}

# METADATA
# description: returns why a term of the object does not keep the pair apart, each with the place.
faults(term, object_, pair) := union({
	_topology_faults(term),
	_selector_faults(term, pair),
	_namespace_faults(term, object_),
	_key_faults(term, pair),
})

_topology_faults(term) := {{
	"path": array.concat(term.path, ["topologyKey"]),
	"reason": concat("", [
		"the topology of its anti-affinity is ",
		value.quoted(key),
		", not ",
		affinity_term.node_topology,
	]),
} |
	key := value.field_text(term.value, "topologyKey")
	key != affinity_term.node_topology
}

_selector_faults(term, pair) := {{
	"path": array.concat(term.path, ["labelSelector"]),
	"reason": "its anti-affinity has no label selector, so that it matches no pod",
}} if {
	not is_object(value.get(term.value, "labelSelector", null))
} else := {fault |
	some part in label_selector.unmet(term.value.labelSelector, pair.other)
	fault := {
		"path": array.concat(array.concat(term.path, ["labelSelector"]), part.path),
		"reason": concat("", [
			"its anti-affinity selects pods with ",
			part.text,
			", ",
			pair.whose,
			" ",
			_label(pair.other, part.key),
		]),
	}
}

_label(labels, key) := concat("=", [key, labels[key]])

_label(labels, key) := concat(" ", ["no label", key]) if not labels[key]

_namespace_faults(term, object_) := {{
	"path": array.concat(term.path, ["namespaces"]),
	"reason": "its anti-affinity looks into other namespaces than the pods' own",
} |
	count(value.list(term.value, "namespaces")) > 0
	not affinity_term.sees_own_namespace(term.value, object_)
} | {{
	"path": array.concat(term.path, ["namespaceSelector"]),
	"reason": "its anti-affinity selects namespaces by their labels, which are not known to include the pods' own",
} |
	count(value.list(term.value, "namespaces")) == 0
	not affinity_term.sees_own_namespace(term.value, object_)
}

_key_faults(term, pair) := {{
	"path": item.path,
	"reason": concat("", [
		"its anti-affinity matches only the pod itself, as each has its own ",
		item.value,
	]),
} |
	some item in value.items(
		value.list(term.value, "matchLabelKeys"),
		array.concat(term.path, ["matchLabelKeys"]),
	)
	object.get(pair.other, item.value, null) != pair.one[item.value]
} | {{
	"path": item.path,
	"reason": concat("", [
		"its anti-affinity leaves its own pods out, as they share the label ",
		item.value,
	]),
} |
	some item in value.items(
		value.list(term.value, "mismatchLabelKeys"),
		array.concat(term.path, ["mismatchLabelKeys"]),
	)
	pair.one[item.value] == pair.other[item.value]
}

# METADATA
# description: >-
#   returns why nothing keeps the object's own pods apart: that it has no term, or what is wrong
#   with each. None if some term does, or if it is a DaemonSet, which runs one pod a node.
shortcomings(object_) := set() if {
	object_.kind == "DaemonSet"
} else := _shortcomings(object_, own(object_))

_shortcomings(object_, pair) := {{"path": path(object_), "reason": "it has no pod anti-affinity"}} if {
	count(terms(object_)) == 0
} else := set() if {
	_spreads(object_, pair)
} else := {fault |
	some term in terms(object_)
	some fault in faults(term, object_, pair)
}

# METADATA
# description: >-
#   returns why the pod does not keep another away that is made by itself. That the other may do so is not
#   enough: the next may be made like this one.
shortcomings_beside(object_, other) := {{
	"path": ["spec", "nodeName"],
	"reason": "it names its node, so that no scheduler heeds its anti-affinity",
}} if {
	not affinity_term.heeded(object_)
} else := _shortcomings(object_, {
	"one": workload.pod_labels(object_),
	"other": workload.pod_labels(other),
	"whose": concat("", ["Pod ", workload.name(other), " has"]),
})
