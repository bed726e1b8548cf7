# METADATA
# title: Rejected values
# description: >-
#   What no API server accepts in the fields that place pods (ValidatePodSpec). Such an object cannot be
#   created, and what its author means is not known: a note says so, one for each field. A cluster never
#   shows them to a policy.
package lib.findings.rejected_values

import data.lib.api.fields
import data.lib.api.label_requirements
import data.lib.api.labels
import data.lib.scheduling.node_affinity
import data.lib.workloads.replicas

# METADATA
# description: returns a note on each field of the pod that has such a value, at the first one.
of_pod(pod) := {note |
	some faults in [
		_tolerations(pod),
		_node_selector(pod),
		_node_affinity(pod),
		_name(pod, "nodeName"),
		_name(pod, "runtimeClassName"),
		_gates(pod),
	]
	count(faults) > 0
	note := _note(faults[0])
}

# METADATA
# description: returns a note on the object's number of replicas if it is not one.
of_replicas(obj) := {_note(_fault(["spec", "replicas"], [_shown(declared), " is not a number of replicas"])) |
	replicas.counted(obj)
	declared := replicas.declared(obj)
	not _whole(declared)
}

_whole(value) if {
	is_number(value)
	value == floor(value)
	value >= 0
}

_note(fault) := {
	"code": "VALUE_REJECTED",
	"path": fault.path,
	"message": concat("", ["no API server accepts this: ", fault.reason, ". Correct it, and check again"]),
}

_fault(path, reason) := {"path": path, "reason": concat("", reason)}

_shown(value) := fields.quoted(substring(fields.text(value), 0, 60))

# Tolerations (ValidateTolerations)

_tolerations(pod) := [_fault(path, ["tolerations is not a list"])] if {
	_is_not(pod.spec, "tolerations", "array")
	path := array.concat(pod.path, ["tolerations"])
} else := [_fault(array.concat(item.path, fault.path), fault.reason) |
	some item in fields.items(
		fields.list(pod.spec, "tolerations"),
		array.concat(pod.path, ["tolerations"]),
	)
	some fault in _in_toleration(item.value)
]

_in_toleration(toleration) := [{"path": [], "reason": ["a toleration is not a mapping"]}] if {
	not is_object(toleration)
} else := [{"path": [field], "reason": ["the ", field, " of a toleration is not a string"]} |
	some field in _not_strings(toleration, ["key", "operator", "value", "effect"])
] if {
	count(_not_strings(toleration, ["key", "operator", "value", "effect"])) > 0
} else := [{"path": [fault.field], "reason": fault.reason} |
	some fault in _toleration_faults({
		"key": fields.field_text(toleration, "key"),
		"operator": fields.field_text(toleration, "operator"),
		"value": fields.field_text(toleration, "value"),
		"effect": fields.field_text(toleration, "effect"),
		"seconds": fields.get(toleration, "tolerationSeconds", null),
	})
]

_toleration_faults(toleration) := array.concat(
	array.concat(_operator_fault(toleration), _effect_fault(toleration)),
	array.concat(_key_fault(toleration), array.concat(_value_fault(toleration), _seconds_fault(toleration))),
)

# Another note is about Lt and Gt.
_operator_fault(toleration) := [{"field": "operator", "reason": [
	"the operator ",
	_shown(toleration.operator),
	" of a toleration is not Equal or Exists",
]} |
	not toleration.operator in {"", "Equal", "Exists", "Lt", "Gt"}
]

_effect_fault(toleration) := [{"field": "effect", "reason": [
	"the effect ",
	_shown(toleration.effect),
	" of a toleration is not NoSchedule, PreferNoSchedule or NoExecute",
]} |
	not toleration.effect in {"", "NoSchedule", "PreferNoSchedule", "NoExecute"}
]

_key_fault(toleration) := [{
	"field": "operator",
	"reason": ["a toleration without a key needs the operator Exists"],
}] if {
	toleration.key == ""
	toleration.operator != "Exists"
} else := [{
	"field": "key",
	"reason": ["the key ", _shown(toleration.key), " of a toleration is not a label key"],
}] if {
	toleration.key != ""
	not labels.valid_key(toleration.key)
} else := []

_value_fault(toleration) := [{
	"field": "value",
	"reason": ["a toleration with the operator Exists cannot have a value"],
}] if {
	toleration.operator == "Exists"
	toleration.value != ""
} else := [{"field": "value", "reason": [
	"the value ",
	_shown(toleration.value),
	" of a toleration is not a label value",
]}] if {
	toleration.operator in {"", "Equal"}
	not labels.valid_value(toleration.value)
} else := []

_seconds_fault(toleration) := [{
	"field": "tolerationSeconds",
	"reason": ["tolerationSeconds needs the effect NoExecute"],
} |
	toleration.seconds != null
	toleration.effect != "NoExecute"
]

# nodeSelector (ValidateLabels)

_node_selector(pod) := [_fault(path, ["nodeSelector is not a mapping"])] if {
	_is_not(pod.spec, "nodeSelector", "object")
	path := array.concat(pod.path, ["nodeSelector"])
} else := [_fault(array.concat(pod.path, ["nodeSelector", key]), reason) |
	selector := fields.map(pod.spec, "nodeSelector")
	some key in sort(object.keys(selector)) # WASM has no order of its own
	some reason in _pair_faults(key, selector[key])
]

# Another note is about null.
_pair_faults(_, null) := []

_pair_faults(key, value) := [["the nodeSelector ", _shown(key), " is not a label key"]] if {
	value != null
	not labels.valid_key(key)
} else := [["the nodeSelector ", _shown(key), " has a value that is not a string"]] if {
	value != null
	not is_string(value)
} else := [["the nodeSelector value ", _shown(value), " is not a label value"]] if {
	value != null
	not labels.valid_value(value)
} else := [] if {
	value != null
}

# Required node affinity (ValidateNodeSelector)

_node_affinity(pod) := [] if {
	object.get(pod.spec, "affinity", null) == null
} else := [] if {
	_faultless(_terms(pod)) # almost always, and of many terms the rest takes long
} else := [_fault(array.concat(pod.path, path), [path[count(path) - 1], " is not a mapping"]) |
	some path in _affinity_steps
	found := fields.at(pod.spec, path, {})
	not is_object(found)
] if {
	some path in _affinity_steps
	found := fields.at(pod.spec, path, {})
	not is_object(found)
} else := [_fault(terms_path, ["nodeSelectorTerms is not a list with terms"])] if {
	terms := _terms(pod)
	not _has_items(terms)
	terms_path := array.concat(node_affinity.affinity_path(pod.path), ["nodeSelectorTerms"])
} else := [_fault(fault.path, fault.reason) |
	some item in fields.items(
		_terms(pod),
		array.concat(node_affinity.affinity_path(pod.path), ["nodeSelectorTerms"]),
	)
	some fault in _in_term(item)
]

_affinity_steps := [
	["affinity"],
	["affinity", "nodeAffinity"],
	["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"],
]

# Without required node affinity there is nothing to have terms.
_terms(pod) := fields.get(required, "nodeSelectorTerms", []) if {
	required := fields.at(pod.spec, _affinity_steps[2], null)
	required != null
}

# Each key is read once, in however many terms it is.
_faultless(terms) if {
	_has_items(terms)
	every term in terms {
		object.get(term, "matchFields", null) == null
		is_array(term.matchExpressions)
		every one in term.matchExpressions {
			is_string(one.key)
			_fitting_values(one.operator, object.get(one, "values", []))
		}
	}
	every key in {one.key | some term in terms; some one in term.matchExpressions} {
		labels.valid_key(key)
	}
}

_fitting_values(operator, values) if {
	is_array(values)
	label_requirements.fits(operator, values)
	every value in values {
		labels.valid_value(value)
	}
}

_has_items(terms) if {
	is_array(terms)
	count(terms) > 0
}

_in_term(item) := [{"path": item.path, "reason": ["a term of node affinity is not a mapping"]}] if {
	item.value != null # an empty term
	not is_object(item.value)
} else := array.concat(
	[{"path": array.concat(item.path, [field]), "reason": [field, " is not a list"]} |
		some field in ["matchExpressions", "matchFields"]
		_is_not(item.value, field, "array")
	],
	array.concat(
		[{"path": one.path, "reason": ["the requirement on ", _shown(one.key), " is malformed"]} |
			some one in _requirements(item, "matchExpressions")
			not _valid_expression(one)
		],
		[{"path": one.path, "reason": ["the requirement on the field ", _shown(one.key), " is malformed"]} |
			some one in _requirements(item, "matchFields")
			not _valid_field(one)
		],
	),
)

_requirements(item, field) := [requirement |
	some found in fields.items(fields.list(item.value, field), array.concat(item.path, [field]))
	requirement := {
		"path": found.path,
		"key": fields.field_text(found.value, "key"),
		"operator": fields.field_text(found.value, "operator"),
		"values": fields.get(found.value, "values", []),
	}
]

_valid_expression(requirement) if {
	is_array(requirement.values)
	every value in requirement.values {
		is_string(value)
	}
	_readable(requirement)
}

# The API server lets a bound through that is not a number: the scheduler then matches no node.
_readable(requirement) if {
	requirement.operator in {"Gt", "Lt"}
	count(requirement.values) == 1
	labels.valid_key(requirement.key)
	labels.valid_value(requirement.values[0])
} else if {
	label_requirements.valid(requirement)
}

_valid_field(requirement) if {
	requirement.key == "metadata.name"
	requirement.operator in {"In", "NotIn"}
	is_array(requirement.values)
	count(requirement.values) == 1
	is_string(requirement.values[0])
	labels.valid_subdomain(requirement.values[0])
}

# Names of other objects

_name(pod, field) := [_fault(array.concat(pod.path, [field]), [field, " ", _shown(value), " is not a name"]) |
	value := fields.get(pod.spec, field, "")
	value != ""
	not _valid_name(value)
]

_gates(pod) := [_fault(
	array.concat(pod.path, ["schedulingGates"]),
	["a pod with nodeName cannot have schedulingGates"],
) |
	fields.field_text(pod.spec, "nodeName") != ""
	count(fields.list(pod.spec, "schedulingGates")) > 0
]

_valid_name(value) if {
	is_string(value)
	labels.valid_subdomain(value)
}

_is_not(holder, key, type) if {
	found := fields.get(holder, key, null)
	found != null
	type_name(found) != type
}

_not_strings(holder, keys) := [key |
	some key in keys
	_is_not(holder, key, "string")
]
