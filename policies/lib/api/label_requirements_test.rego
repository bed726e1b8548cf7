package lib.api.label_requirements_test

import data.lib.api.label_requirements

_in(values) := {"key": "a", "operator": "In", "values": values}

_not_in(values) := {"key": "a", "operator": "NotIn", "values": values}

_op(operator, values) := {"key": "a", "operator": operator, "values": values}

_requirements := [
	_in(["1", "x"]),
	_in(["x", "07"]),
	_in(["a b"]),
	_not_in(["x"]),
	_not_in(["7", "8"]),
	_op("Exists", []),
	_op("DoesNotExist", []),
	_op("Gt", ["6"]),
	_op("Gt", ["9223372036854775807"]),
	_op("Lt", ["8"]),
	_op("Lt", ["0"]),
]

# What is said of all states at once is what trying each of them says.
test_satisfiable_tries_every_state if {
	groups := [[first, second, third] |
		some i, first in _requirements
		some j, second in _requirements
		some k, third in _requirements
		i <= j
		j <= k
	]
	{group | some group in groups; _satisfiable(group) != _tried(group)} == set()
	{answer | some group in groups; answer := _tried(group)} == {true, false}
}

_satisfiable(group) if {
	label_requirements.satisfiable(group)
} else := false

_tried(group) if {
	some state in label_requirements.states(group)
	every requirement in group {
		label_requirements.holds(requirement, state)
	}
} else := false

test_by_key if {
	first := object.union(_in(["1"]), {"key": "b"})
	second := _in(["1"])
	third := object.union(_not_in(["1"]), {"key": "b"})
	label_requirements.by_key([first, second, third]) == {"a": [second], "b": [first, third]}
	label_requirements.by_key([]) == {}
}
