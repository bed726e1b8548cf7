# METADATA
# title: Label selectors
# description: >-
#   Which labels a LabelSelector selects (apimachinery LabelSelectorAsSelector): every pair and every
#   expression must hold. An absent selector selects nothing, an empty one everything; API objects
#   that treat an empty one differently say so where they use it.
#
#   A part that cannot be parsed is an error of the whole selector, and holds of no labels here: an
#   eviction passes such a budget over, the controllers of budgets and Deployments fail to sync, and
#   the scheduler never places a pod with such a term.
package lib.api.selectors

import data.lib.api.fields
import data.lib.api.label_requirements
import data.lib.api.limits

# METADATA
# description: true if the selector selects the labels.
matches(selector, labels) if {
	is_object(selector)
	excess(selector, []) == set()
	pairs_hold(selector, labels)
	count(unmet(selector, labels)) == 0
}

# METADATA
# description: >-
#   returns what of the selector at the path is more than is checked. Such a selector selects nothing here, and
#   is reported where it is an object of its own.
excess(selector, path) := found if {
	found := limits.excess("selectorItems", _items(selector), path)
	found != set()
} else := limits.excess("selectorValues", _values(selector), path)

# METADATA
# description: returns how many pairs, expressions and values the selector has.
size(selector) := _items(selector) + _values(selector)

_items(selector) := count(fields.map(selector, "matchLabels")) + count(_listed(selector))

_values(selector) := sum([number |
	some expression in _listed(selector)
	number := count(fields.list(expression, "values"))
])

_listed(selector) := fields.list(selector, "matchExpressions")

# METADATA
# description: >-
#   true if the labels have every pair of the selector: a cheap filter for namespaces with thousands of
#   objects.
pairs_hold(selector, labels) if {
	every key, wanted in fields.map(selector, "matchLabels") {
		labels[key] == fields.text(wanted)
	}
}

# METADATA
# description: true if Kubernetes can parse the selector, an absent one too.
valid(selector) if {
	every part in _parts(selector) {
		_parses(part.requirement)
	}
}

# METADATA
# description: >-
#   returns the parts of the selector that do not hold: the path below the selector (of the pair, of
#   the value of an expression with a single one, else of the expression), and the requirement, with its
#   key, operator and values.
unmet(selector, labels) := {part |
	some part in _parts(selector)
	not _holds(part.requirement, labels)
}

_holds(parsed, labels) if {
	_parses(parsed)
	label_requirements.holds(parsed, _state(labels, parsed.key))
}

# Only node selectors have Gt and Lt.
_parses(parsed) if {
	parsed.operator in {"In", "NotIn", "Exists", "DoesNotExist"}
	label_requirements.valid(parsed)
}

_state(labels, key) := {"value": labels[key]} if {
	is_string(labels[key])
} else := label_requirements.absent

_parts(selector) := _pairs(selector) | _expressions(selector)

_pairs(selector) := {part |
	some key, wanted in fields.map(selector, "matchLabels")
	part := {
		"path": ["matchLabels", key],
		"requirement": {"key": key, "operator": "In", "values": [fields.text(wanted)]},
	}
}

_expressions(selector) := {part |
	some item in fields.items(fields.list(selector, "matchExpressions"), ["matchExpressions"])
	parsed := {
		"key": fields.field_text(item.value, "key"),
		"operator": fields.field_text(item.value, "operator"),
		"values": [fields.text(text) | some text in fields.list(item.value, "values")],
	}
	part := {
		"path": array.concat(item.path, _culprit(parsed)),
		"requirement": parsed,
	}
}

_culprit(parsed) := ["values", 0] if count(parsed.values) == 1

_culprit(parsed) := [] if count(parsed.values) != 1
