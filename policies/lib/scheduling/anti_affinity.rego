# METADATA
# title: Pod anti-affinity
# description: >-
#   Whether the anti-affinity of a workload keeps its own pods on different nodes, demanded or, as
#   the document asks for, hinted.
package lib.scheduling.anti_affinity

import data.lib.api.fields
import data.lib.api.selectors
import data.lib.scheduling.affinity_terms
import data.lib.workloads.pod_labels
import data.lib.workloads.workloads

# METADATA
# description: returns the path of the object's pod anti-affinity.
path(obj) := array.concat(workloads.pod_path(obj), ["affinity", "podAntiAffinity"])

# METADATA
# description: >-
#   returns the terms of the object's pod anti-affinity, required and preferred, each with its path.
terms(obj) := array.concat(
	required_terms(obj),
	[{"value": fields.map(item.value, "podAffinityTerm"), "path": term_path} |
		some item in fields.items(
			fields.list(_rules(obj), _preferred),
			array.concat(path(obj), [_preferred]),
		)
		term_path := array.concat(item.path, ["podAffinityTerm"])
	],
)

_rules(obj) := fields.at(obj, path(obj), {})

_required := "requiredDuringSchedulingIgnoredDuringExecution"

_preferred := "preferredDuringSchedulingIgnoredDuringExecution"

# METADATA
# description: returns the required terms of the object's pod anti-affinity, each with its path.
required_terms(obj) := fields.items(
	fields.list(_rules(obj), _required),
	array.concat(path(obj), [_required]),
)

# Some term keeps the pair apart.
_spreads(obj, pair) if {
	some term in terms(obj)
	count(faults(term, obj, pair)) == 0
}

# METADATA
# description: >-
#   returns two of the object's own pods, by their labels, and how to speak of the other's.
own(obj) := {"one": one, "other": other, "whose": "its own have"} if {
	[one, other] := pod_labels.siblings(obj)
}

# METADATA
# description: returns why a term of the object does not keep the pair apart, each with the place.
faults(term, obj, pair) := union({
	_topology_faults(term),
	_selector_faults(term, pair),
	_namespace_faults(term, obj),
	_key_faults(term, pair),
})

_topology_faults(term) := {{
	"path": array.concat(term.path, ["topologyKey"]),
	"reason": concat("", [
		"the topology of its anti-affinity is ",
		fields.quoted(key),
		", not ",
		affinity_terms.node_topology,
	]),
} |
	key := fields.field_text(term.value, "topologyKey")
	key != affinity_terms.node_topology
}

_selector_faults(term, pair) := {{
	"path": array.concat(term.path, ["labelSelector"]),
	"reason": "its anti-affinity has no label selector, so that it matches no pod",
}} if {
	not is_object(fields.get(term.value, "labelSelector", null))
} else := {fault |
	some part in selectors.unmet(term.value.labelSelector, pair.other)
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

_namespace_faults(term, obj) := {{
	"path": array.concat(term.path, ["namespaces"]),
	"reason": "its anti-affinity looks into other namespaces than the pods' own",
} |
	count(fields.list(term.value, "namespaces")) > 0
	not affinity_terms.sees_own_namespace(term.value, obj)
} | {{
	"path": array.concat(term.path, ["namespaceSelector"]),
	"reason": "its anti-affinity selects namespaces by their labels, which are not known to include the pods' own",
} |
	count(fields.list(term.value, "namespaces")) == 0
	not affinity_terms.sees_own_namespace(term.value, obj)
}

_key_faults(term, pair) := {{
	"path": item.path,
	"reason": concat("", [
		"its anti-affinity matches only the pod itself, as each has its own ",
		item.value,
	]),
} |
	some item in fields.items(
		fields.list(term.value, "matchLabelKeys"),
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
	some item in fields.items(
		fields.list(term.value, "mismatchLabelKeys"),
		array.concat(term.path, ["mismatchLabelKeys"]),
	)
	pair.one[item.value] == pair.other[item.value]
}

# METADATA
# description: >-
#   returns why nothing keeps the object's own pods apart: that it has no term, or what is wrong
#   with each. None if some term does, or if it is a DaemonSet, which runs one pod a node.
shortcomings(obj) := set() if {
	obj.kind == "DaemonSet"
} else := _shortcomings(obj, own(obj))

_shortcomings(obj, pair) := {{"path": path(obj), "reason": "it has no pod anti-affinity"}} if {
	count(terms(obj)) == 0
} else := set() if {
	_spreads(obj, pair)
} else := {fault |
	some term in terms(obj)
	some fault in faults(term, obj, pair)
}

# METADATA
# description: >-
#   returns why the pod does not keep another away that is made by itself. That the other may do so is not
#   enough: the next may be made like this one.
shortcomings_beside(obj, other) := {{
	"path": ["spec", "nodeName"],
	"reason": "it names its node, so that no scheduler heeds its anti-affinity",
}} if {
	not affinity_terms.heeded(obj)
} else := _shortcomings(obj, {
	"one": workloads.pod_labels(obj),
	"other": workloads.pod_labels(other),
	"whose": concat("", ["Pod ", workloads.name(other), " has"]),
})
