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
		not _within(pod)
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

# Far from any limit.
_plain(spec) if {
	count(object.get(spec, "tolerations", [])) < 50
	count(object.get(spec, "nodeSelector", [])) < 50
	object.get(spec, _required, []) == []
}

_within(pod) if {
	terms := _terms(pod)
	count(_tolerations(pod)) <= limits.most.tolerations
	count(_pairs(pod)) <= limits.most.nodeSelector
	count(terms) <= limits.most.terms
	every term in terms {
		_expressions(term) <= limits.most.termExpressions
	}
	_all_expressions(pod) <= limits.most.expressions
	_all_values(pod) <= limits.most.values
}

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

_expressions(term) := _sum(["matchExpressions", "matchFields"], [term])

_all_expressions(pod) := _sum(["matchExpressions", "matchFields"], _terms(pod))

_all_values(pod) := sum([number |
	some term in _terms(pod)
	some field in ["matchExpressions", "matchFields"]
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
sharing(obj) := found if {
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
