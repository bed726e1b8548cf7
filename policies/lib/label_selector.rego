# METADATA
# title: Label selectors
# description: >-
#   Which labels a LabelSelector selects (apimachinery LabelSelectorAsSelector): every pair and every
#   expression must hold. An absent selector selects nothing, an empty one everything; API objects
#   that read an empty one otherwise say so where they use it.
package lib.label_selector

import data.lib.value

# METADATA
# description: true if the selector selects the labels.
matches(selector, labels) if {
	is_object(selector)
	count(unmet(selector, labels)) == 0
}

# METADATA
# description: >-
#   returns the parts of the selector that do not hold: the path below the selector (of the pair, of
#   the value of an expression with a single one, else of the expression), the key, and the part as
#   kubectl writes it.
unmet(selector, labels) := _unmet_pairs(selector, labels) | _unmet_expressions(selector, labels)

_unmet_pairs(selector, labels) := {{
	"path": ["matchLabels", key],
	"key": key,
	"text": concat("=", [key, value.text(wanted)]),
} |
	some key, wanted in value.map(selector, "matchLabels")
	not _equals(labels, key, value.text(wanted))
}

_equals(labels, key, text) if labels[key] == text

_unmet_expressions(selector, labels) := {{
	"path": array.concat(item.path, _culprit(item.value)),
	"key": value.field_text(item.value, "key"),
	"text": _text(item.value),
} |
	some item in value.items(value.list(selector, "matchExpressions"), ["matchExpressions"])
	not _holds(item.value, labels)
}

_culprit(expression) := ["values", 0] if count(_values(expression)) == 1

_culprit(expression) := [] if count(_values(expression)) != 1

_text(expression) := concat(" ", [
	value.field_text(expression, "key"),
	lower(value.field_text(expression, "operator")),
	concat("", ["(", concat(", ", sort(_values(expression))), ")"]),
]) if {
	# A field of it, unread: OPA would lift a missing one out of the negation.
	not value.field_text(expression, "operator") in {"Exists", "DoesNotExist"}
}

_text(expression) := value.field_text(expression, "key") if expression.operator == "Exists"

_text(expression) := concat("", ["!", value.field_text(expression, "key")]) if {
	expression.operator == "DoesNotExist"
}

_holds(expression, labels) if {
	expression.operator == "In"
	_label(expression, labels) in _values(expression)
}

_holds(expression, labels) if {
	expression.operator == "NotIn"
	not _label(expression, labels) in _values(expression)
	count(_values(expression)) > 0
}

_holds(expression, labels) if {
	expression.operator == "Exists"
	is_string(_label(expression, labels))
	count(_values(expression)) == 0
}

_holds(expression, labels) if {
	expression.operator == "DoesNotExist"
	is_null(_label(expression, labels))
	count(_values(expression)) == 0
}

_label(expression, labels) := object.get(labels, value.field_text(expression, "key"), null)

_values(expression) := [value.text(text) | some text in value.list(expression, "values")]
