# METADATA
# title: Limits of pods
# description: >-
#   What in the pods of an object is more than is checked (lib.api.limits), by the question that it is too much
#   for. Only lengths are read, and of most objects only a few. An excess has the name of its limit, the number
#   found, and the path.
package lib.workloads.pod_limits

import data.lib.api.fields
import data.lib.api.limits
import data.lib.api.requests
import data.lib.workloads.custom_resources
import data.lib.workloads.workloads

# METADATA
# description: returns what is too much to tell where the pods of the object can run.
placement(obj) := _reviewed_placement if {
	requests.is_kept(obj)
} else := _placement(obj)

_reviewed_placement := _placement(input.review.object)

_placement(obj) := set() if {
	pods := workloads.pod_specs(obj)
	count(pods) in {1, 2}
	every pod in pods {
		_plain(pod.spec)
	}
} else := specs(obj) if {
	specs(obj) != set()
} else := found if {
	found := {excess |
		some pod in workloads.pod_specs(obj)
		some excess in _selection(pod)
	}
	found != set()
} else := limits.excess("placementItems", sum(numbers), workloads.pod_path(obj)) if {
	numbers := [number | some pod in workloads.pod_specs(obj); number := _items(pod)]
}

# METADATA
# description: returns whether the object has more pod specs than are looked for.
specs(obj) := set() if {
	workloads.built_in(obj)
} else := limits.excess("podSpecs", custom_resources.most_pods(obj), ["spec"])

# Far from any limit, as almost always.
_plain(spec) if {
	tolerations := count(object.get(spec, "tolerations", []))
	tolerations < 50
	pairs := count(object.get(spec, "nodeSelector", []))
	pairs < 50
	_few(object.get(spec, _required, []), tolerations, pairs)
}

_few([], _, _)

_few(terms, tolerations, pairs) if {
	count(terms) > 0
	count(terms) <= limits.most.terms
	lists := [list | some term in terms; some field in _term_fields; list := term[field]]
	max([count(list) | some list in lists]) <= limits.most.termExpressions / 2
	expressions := [one | some list in lists; some one in list]
	count(expressions) <= limits.most.expressions
	count([value | some one in expressions; some value in one.values]) <= limits.most.values
	(tolerations + count(expressions)) + (pairs * count(terms)) <= limits.most.placementItems / 2
}

_term_fields := ["matchExpressions", "matchFields"]

# What is counted below is within what is counted above.
_selection(pod) := found if {
	found := union({
		limits.excess("tolerations", count(_tolerations(pod)), array.concat(pod.path, ["tolerations"])),
		limits.excess("nodeSelector", count(_pairs(pod)), array.concat(pod.path, ["nodeSelector"])),
		limits.excess("terms", count(_terms(pod)), _terms_path(pod)),
	})
	found != set()
} else := found if {
	found := union({excess |
		some index, term in _terms(pod)
		excess := limits.excess("termExpressions", _expressions(term), array.concat(_terms_path(pod), [index]))
	})
	found != set()
} else := found if {
	found := limits.excess("expressions", _all_expressions(pod), _terms_path(pod))
	found != set()
} else := limits.excess("values", _all_values(pod), _terms_path(pod))

# Each term has the pairs of nodeSelector too.
_items(pod) := sum([
	count(_tolerations(pod)),
	_all_expressions(pod),
	count(_pairs(pod)) * max([1, count(_terms(pod))]),
])

_tolerations(pod) := fields.list(pod.spec, "tolerations")

_pairs(pod) := fields.map(pod.spec, "nodeSelector")

_required := ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"]

_terms(pod) := fields.list({"terms": object.get(pod.spec, _required, [])}, "terms")

_terms_path(pod) := array.concat(pod.path, _required)

_expressions(term) := _sum(_term_fields, [term])

_all_expressions(pod) := _sum(_term_fields, _terms(pod))

_all_values(pod) := sum([number |
	some term in _terms(pod)
	some field in _term_fields
	number := _sum(["values"], fields.list(term, field))
])

# METADATA
# description: returns what is too much to tell which selectors match the labels of the object's pods.
labels(obj) := limits.excess("labels", count(found), path) if {
	path := array.concat(workloads.template_path(obj), ["metadata", "labels"])
	found := fields.map({"labels": object.get(obj, path, {})}, "labels")
}

# METADATA
# description: returns what is too much to tell whether two pods of the object can share a node.
sharing(obj) := set() if {
	labels(obj) == set()
	_meets_others(workloads.pod(obj)) == false
} else := found if {
	found := union({
		labels(obj),
		limits.excess("containers", count(_containers(obj)), workloads.pod_path(obj)),
		limits.excess("podTerms", count(_pod_terms(obj)), array.concat(workloads.pod_path(obj), ["affinity"])),
		limits.excess("spreadConstraints", count(_constraints(obj)), _constraints_path(obj)),
	})
	found != set()
} else := found if {
	parts := [number | some holder in _holders(obj); number := _parts(holder)]
	found := union({
		limits.excess("hostPorts", _sum(["ports"], _containers(obj)), workloads.pod_path(obj)),
		limits.excess("podExpressions", sum(parts), workloads.pod_path(obj)),
	})
	found != set()
} else := limits.excess("podValues", sum(values), workloads.pod_path(obj)) if {
	values := [number | some holder in _holders(obj); number := _selector_values(holder)]
}

# Most pods say nothing about others, and have few containers and ports.
_meets_others(pod) := false if {
	not pod.affinity
	not pod.topologySpreadConstraints
	not pod.initContainers
	count(pod.containers) < 50
	every container in pod.containers {
		count(object.get(container, "ports", [])) < 5
	}
} else := true

_holders(obj) := array.concat(_pod_terms(obj), _constraints(obj))

_containers(obj) := array.concat(fields.list(pod, "containers"), fields.list(pod, "initContainers")) if {
	pod := workloads.pod(obj)
}

_pod_terms(obj) := [holder |
	affinity := fields.map(workloads.pod(obj), "affinity")
	some field in ["podAffinity", "podAntiAffinity"]
	some rule in _pod_rules
	some term in fields.list(fields.map(affinity, field), rule)
	holder := object.get(term, "podAffinityTerm", term)
]

_pod_rules := [
	"requiredDuringSchedulingIgnoredDuringExecution",
	"preferredDuringSchedulingIgnoredDuringExecution",
]

_constraints(obj) := fields.list(workloads.pod(obj), "topologySpreadConstraints")

_constraints_path(obj) := array.concat(workloads.pod_path(obj), ["topologySpreadConstraints"])

_parts(holder) := sum([
	_selector_parts(fields.map(holder, "labelSelector")),
	_selector_parts(fields.map(holder, "namespaceSelector")),
	_sum(["matchLabelKeys", "mismatchLabelKeys"], [holder]),
])

_selector_parts(selector) := count(fields.map(selector, "matchLabels")) + _sum(["matchExpressions"], [selector])

_selector_values(holder) := _sum(["namespaces"], [holder]) + sum([number |
	some field in ["labelSelector", "namespaceSelector"]
	number := _sum(["values"], fields.list(fields.map(holder, field), "matchExpressions"))
])

# How many items the lists of these names have in all of the holders.
_sum(names, holders) := sum([number |
	some holder in holders
	some name in names
	number := count(fields.list(holder, name))
])
