# METADATA
# title: Late values
# description: >-
#   Values of custom resources that their controllers fill in when they create pods, such as
#   "{{inputs.parameters.node}}" of Argo or "$(params.node)" of Tekton. Such a value can be any: what it
#   requires of nodes is left out, and what it tolerates is everything that it could. No value that Kubernetes
#   accepts has these characters, and objects of its own kinds are not read in this way.
package lib.workloads.late_values

import data.lib.api.fields

_required := ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"]

_marks := ["{{", "$("]

# METADATA
# description: true if the text, or a text anywhere in the value, is filled in later.
late(value) if {
	some mark in _marks
	contains(json.marshal(value), mark)
}

# METADATA
# description: returns the fields of a pod spec that have such a value, each with its path and the value.
in_spec(spec) := array.concat(
	array.concat(_named(spec), _in_selector(spec)),
	array.concat(_in_tolerations(spec), _in_terms(spec)),
)

_named(spec) := [{"path": [field], "value": value} |
	some field in ["nodeName", "runtimeClassName"]
	value := fields.get(spec, field, "")
	late(value)
]

_in_selector(spec) := [{"path": ["nodeSelector", key], "value": shown} |
	selector := fields.map(spec, "nodeSelector")
	some key in sort(object.keys(selector)) # WASM has no order of its own
	shown := [text | some text in [key, selector[key]]; late(text)][0]
]

_in_tolerations(spec) := [{"path": array.concat(item.path, [field]), "value": item.value[field]} |
	some item in fields.items(fields.list(spec, "tolerations"), ["tolerations"])
	is_object(item.value)
	some field in ["key", "operator", "value", "effect", "tolerationSeconds"]
	late(fields.get(item.value, field, ""))
]

_in_terms(spec) := [{"path": one.path, "value": shown} |
	some term in fields.items(fields.list(fields.at(spec, _parent, {}), "nodeSelectorTerms"), _required)
	some field in ["matchExpressions", "matchFields"]
	some one in fields.items(fields.list(term.value, field), array.concat(term.path, [field]))
	shown := [text | walk(one.value, [_, text]); is_string(text); late(text)][0]
]

_parent := array.slice(_required, 0, 3)

# METADATA
# description: >-
#   returns the pod spec with what can become of such values: each requirement on nodes holds of every node, and
#   each toleration tolerates whatever it can. Items stay where they are.
settled(spec) := spec if {
	not late([fields.get(spec, field, null) | some field in ["nodeSelector", "tolerations", "affinity"]])
} else := object.union(object.remove(spec, object.keys(changed)), changed) if {
	changed := object.union_n([_selector(spec), _tolerations(spec), _affinity(spec)])
}

_selector(spec) := {_open: true, "nodeSelector": {key: value |
	some key, value in spec.nodeSelector
	not late([key, value])
}} if {
	count(_in_selector(spec)) > 0
} else := {}

# METADATA
# description: >-
#   true if this is a settled pod spec whose nodeSelector was left out in part, or a toleration whose key was.
#   Only words depend on it: anyone can write the field.
open(settled_value) if settled_value[_open] == true

_open := "bulkhead.dev/filled-in-later"

_tolerations(spec) := {"tolerations": [_toleration(item) | some item in spec.tolerations]} if {
	is_array(fields.get(spec, "tolerations", null))
} else := {}

_toleration(item) := item if {
	not is_object(item)
} else := object.remove(item, _late_fields(item)) if {
	_late_fields(item) & {"key", "operator", "value"} == set()
} else := object.union(
	object.remove(item, _late_fields(item) | {"value"}),
	{"operator": "Exists", _open: "key" in _late_fields(item)},
)

_late_fields(item) := {field | some field, value in item; late(value)}

_affinity(spec) := {"affinity": object.union(spec.affinity, {"nodeAffinity": required})} if {
	written := fields.at(spec, _required, null)
	is_array(written)
	required := {_parent[2]: {"nodeSelectorTerms": [_term(term) | some term in written]}}
} else := {}

_term(term) := term if {
	not is_object(term)
} else := object.union(term, {field: [_requirement(field, one) | some one in term[field]] |
	some field in ["matchExpressions", "matchFields"]
	is_array(fields.get(term, field, null))
})

_requirement(field, one) := _any[field] if {
	late(one)
} else := one

# What every node meets: a term without requirements would match none.
_any := {
	"matchExpressions": {"key": "bulkhead.dev/late-value", "operator": "DoesNotExist"},
	"matchFields": {"key": "metadata.name", "operator": "NotIn", "values": ["late-value.bulkhead.dev"]},
}
