# METADATA
# title: Node selector requirements
# description: >-
#   One requirement on a node label, as the scheduler reads it (apimachinery labels.Requirement),
#   against the state of that label on a node.
#
#   A state is {} where the node lacks the label, {"value": text} where it has that value,
#   {"value": null} for some value that no manifest mentions, and {"number": n} for some spelling
#   of that number that no manifest mentions (zeros may lead it).
package lib.api.label_requirements

import data.lib.api.labels

# METADATA
# description: is the state of a label that the node lacks.
absent := {}

# METADATA
# description: is the state of a label whose value no manifest mentions and which is no number.
fresh := {"value": null}

# METADATA
# description: true if the label, in this state, meets the requirement.
holds(requirement, state) if {
	requirement.operator == "In"
	some wanted in requirement.values
	wanted == state.value
}

holds(requirement, state) if {
	requirement.operator == "NotIn"
	every unwanted in requirement.values {
		object.get(state, "value", null) != unwanted
	}
}

holds(requirement, state) if {
	requirement.operator == "Exists"
	state != absent
}

holds(requirement, state) if {
	requirement.operator == "DoesNotExist"
	state == absent
}

holds(requirement, state) if {
	requirement.operator == "Gt"
	_number(state) > threshold(requirement)
}

holds(requirement, state) if {
	requirement.operator == "Lt"
	_number(state) < threshold(requirement)
}

_number(state) := state.number

_number(state) := labels.number(state.value)

# METADATA
# description: returns the number that a Gt or Lt requirement compares with.
threshold(requirement) := labels.number(requirement.values[0]) if {
	requirement.operator in _of_numbers
}

# METADATA
# description: >-
#   true if the scheduler can parse the requirement; a term with one that it cannot parse matches no
#   node.
valid(requirement) if {
	labels.valid_key(requirement.key)
	every text in requirement.values {
		labels.valid_value(text)
	}
	fits(requirement.operator, requirement.values)
}

# METADATA
# description: true if the operator takes so many values, and for Gt and Lt if the one value is a number.
fits(operator, values) if {
	operator in _with_values
	count(values) > 0
} else if {
	operator in _without_values
	count(values) == 0
} else if {
	operator in _of_numbers
	count(values) == 1
	is_number(labels.number(values[0]))
}

_with_values := {"In", "NotIn"}

_without_values := {"Exists", "DoesNotExist"}

_of_numbers := {"Gt", "Lt"}

# METADATA
# description: >-
#   returns the requirements on each label, by its key. One pass: what follows walks the requirements of a
#   key, never all of them for each key.
by_key(requirements) := {key: [requirement | some requirement in group] |
	some key, group in object.union_n([{requirement.key: {index: requirement}} |
		some index, requirement in requirements
	])
}

# METADATA
# description: >-
#   true if some state of a label meets all of these requirements on it. Each of them is read a few times,
#   however many there are, and no state is tried against all.
satisfiable(requirements) if {
	_operators(requirements) - {"NotIn", "DoesNotExist"} == set() # absent
}

satisfiable(requirements) if {
	_operators(requirements) & {"In", "DoesNotExist"} == set() # a value that none of them mentions
	_least(requirements) <= _greatest(requirements)
}

satisfiable(requirements) if {
	operators := _operators(requirements)
	not "DoesNotExist" in operators
	some text in (_common_values(requirements) - _values_of(requirements, "NotIn"))
	labels.valid_value(text) # no node has another
	_within(text, _least(requirements), _greatest(requirements), operators & {"Gt", "Lt"})
}

_operators(requirements) := {requirement.operator | some requirement in requirements}

_common_values(requirements) := intersection({{text | some text in requirement.values} |
	some requirement in requirements
	requirement.operator == "In"
})

_values_of(requirements, operator) := {text |
	some requirement in requirements
	requirement.operator == operator
	some text in requirement.values
}

_within(_, _, _, set())

_within(text, least_number, greatest_number, comparisons) if {
	count(comparisons) > 0
	labels.number(text) >= least_number
	labels.number(text) <= greatest_number
}

_least(requirements) := max({0} | {number |
	some requirement in requirements
	requirement.operator == "Gt"
	number := threshold(requirement) + 1
})

_greatest(requirements) := min({labels.largest_number} | {number |
	some requirement in requirements
	requirement.operator == "Lt"
	number := threshold(requirement) - 1
})

# METADATA
# description: >-
#   returns states that stand for every state a label can be in as far as these requirements tell
#   them apart: absent, fresh, each value mentioned, and the numbers around each threshold.
states(requirements) := ({absent, fresh} | _values(requirements)) | _numbers(requirements)

_values(requirements) := {{"value": text} |
	some requirement in requirements
	requirement.operator in {"In", "NotIn"}
	some text in requirement.values
	labels.valid_value(text) # no node has another
}

_numbers(requirements) := {{"number": number} |
	some requirement in requirements
	some number in [
		threshold(requirement) - 1,
		threshold(requirement),
		threshold(requirement) + 1,
	]
	number >= 0
	number <= labels.largest_number
}
