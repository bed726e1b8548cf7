# METADATA
# title: Node affinity
# description: >-
#   What a pod requires of a node's labels and name: nodeSelector and required node affinity, as one
#   list of terms of which a node must meet one
#   (component-helpers scheduling/corev1/nodeaffinity GetRequiredNodeAffinity).
package lib.scheduling.node_affinity

import data.lib.api.fields
import data.lib.api.label_requirements
import data.lib.api.labels

_required := ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]

# METADATA
# description: >-
#   returns the terms of the pod spec at the path. Each has its path, its requirements on
#   labels, by key too (those of the nodeSelector and those that are added to each term among them), and
#   on the name. Terms that match no node, because they are empty or cannot be parsed, are left out; no
#   term at all means that no node fits.
terms(pod, path, added) := [{
	"path": term.path,
	"requirements": requirements,
	"by_key": label_requirements.by_key(requirements),
	"names": term.names,
} |
	everywhere := array.concat(selector_requirements(pod, path), added)
	some term in _affinity_terms(pod, path)
	requirements := array.concat(everywhere, term.requirements)
]

# METADATA
# description: returns the terms of which a node must meet one to meet one of each list.
joined(terms, others) := [{
	"path": term.path,
	"requirements": requirements,
	"by_key": label_requirements.by_key(requirements),
	"names": array.concat(term.names, other.names),
} |
	some term in terms
	some other in others
	requirements := array.concat(term.requirements, other.requirements)
]

# METADATA
# description: returns the pairs of the pod's nodeSelector as requirements, each with its path.
selector_requirements(pod, path) := [pair |
	selector := fields.map(pod, "nodeSelector")
	some key in sort(object.keys(selector)) # WASM has no order of its own
	pair := {
		"key": key,
		"operator": "In",
		"values": [fields.text(selector[key])],
		"path": array.concat(path, ["nodeSelector", key]),
	}
]

# METADATA
# description: returns the path of the required node affinity below the path of its pod spec.
affinity_path(path) := array.concat(path, _required)

_affinity_terms(pod, path) := [{"path": path, "requirements": [], "names": []}] if {
	fields.at(pod, _required, null) == null
} else := [term |
	selector := fields.at(pod, _required, null)
	some item in fields.items(
		fields.list(selector, "nodeSelectorTerms"),
		array.concat(affinity_path(path), ["nodeSelectorTerms"]),
	)
	term := {
		"path": item.path,
		"requirements": _requirements(item, "matchExpressions"),
		"names": _requirements(item, "matchFields"),
	}
	_usable(term)
]

_requirements(term, field) := [parsed |
	some item in fields.items(fields.list(term.value, field), array.concat(term.path, [field]))
	parsed := {
		"key": fields.field_text(item.value, "key"),
		"operator": fields.field_text(item.value, "operator"),
		"values": [fields.text(text) | some text in fields.list(item.value, "values")],
		"path": item.path,
	}
]

_usable(term) if {
	count(term.requirements) + count(term.names) > 0
	every parsed in term.requirements {
		label_requirements.valid(parsed)
	}
	every parsed in term.names {
		parsed.operator in {"In", "NotIn"}
		count(parsed.values) == 1
	}
}

# METADATA
# description: >-
#   true if a node can have a name that meets the term's requirements: the given name, or any name if
#   none is given.
name_possible(term, name) if {
	name != ""
	name_fits(term, {"value": name})
}

name_possible(term, "") if {
	every field in term.names {
		_holds_of_any(field)
	}
	_meets_some_name([field | some field in term.names; field.key == "metadata.name"])
}

_meets_some_name(fields) if {
	every field in fields {
		field.operator == "NotIn"
	}
}

# A name may be longer than the value of a label.
_meets_some_name(fields) if {
	some field in fields
	field.operator == "In"
	some name in field.values
	labels.valid_subdomain(name)
	every other in fields {
		label_requirements.holds(other, {"value": name})
	}
}

_holds_of_any(field) if field.key == "metadata.name"

_holds_of_any(field) if {
	field.key != "metadata.name"
	label_requirements.holds(field, _field_state(field, {}))
}

# METADATA
# description: >-
#   returns names that represent every name a node can have: each name that the terms mention, and one
#   that they do not.
name_states(terms) := {label_requirements.fresh} | {{"value": name} |
	some term in terms
	some field in term.names
	field.key == "metadata.name"
	some name in field.values
	name != "" # a node has a name
}

# METADATA
# description: true if a node of this name meets the term's requirements on the name.
name_fits(term, state) if {
	every field in term.names {
		label_requirements.holds(field, _field_state(field, state))
	}
}

# A node has no other selectable field: any other key reads as the empty string.
_field_state(field, state) := state if field.key == "metadata.name"

_field_state(field, _) := {"value": ""} if field.key != "metadata.name"
