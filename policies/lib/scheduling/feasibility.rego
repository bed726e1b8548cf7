# METADATA
# title: Where a pod can run
# description: >-
#   Whether a pod can run on a node of a class, by the way that it is bound (lib.scheduling.pods). Every
#   label has its own domain, independent of the others: a node of the class can match a term exactly if
#   each label can, without a search. Labels that the profile does not know are free, so a pod that may
#   reach a class is never missed; of one given Node every label is known.
package lib.scheduling.feasibility

import data.lib.api.label_requirements
import data.lib.nodes.taints
import data.lib.scheduling.node_affinity

# METADATA
# description: >-
#   returns the terms of the placement by which some node of the class can be reached; none if the
#   pod can run on no node of the class.
reaching_terms(placement, class) := [term |
	_name_allowed(placement, class)
	count(untolerated(placement, class)) == 0
	some term in placement.terms
	_satisfiable(term, placement, class)
]

# METADATA
# description: true if the pod can run on some node of some of the classes.
reaches(placement, classes) if {
	some class in classes
	count(reaching_terms(placement, class)) > 0
}

# METADATA
# description: returns the taints that every node of the class has and the pod does not tolerate.
untolerated(placement, class) := {taint |
	some taint in _carried(class)
	_refused(taint, placement)
}

_carried(class) := class.taints if _single(class)

_carried(class) := {taint |
	some key, text in class.forced
	some taint in _marked_taints(class, key, {"value": text})
} | {taint |
	some key in class.present
	some taint in object.get(class.taints_by_key, key, {})
} if {
	not _single(class)
}

# The taints of the roles that have the label in this state.
_marked_taints(class, key, state) := object.get(
	class.taints_by_label,
	[key, object.get(state, "value", null)],
	{},
) if {
	not class.taints_by_key[key]
} else := object.union(
	class.taints_by_key[key],
	object.get(class.taints_by_label, [key, object.get(state, "value", null)], {}),
) if {
	state != label_requirements.absent
} else := {}

# One node, whose name and taints are known.
_single(class) if is_string(class.name)

_closed(class) if class.closed

# METADATA
# description: true if one of the taints keeps the pod off a node that has them.
refused(placement, listed) if {
	some taint in listed
	_refused(taint, placement)
}

_refused(taint, placement) if {
	taint.effect in placement.effects
	not _accepted(taint, placement)
}

_accepted(taint, placement) if {
	taints.tolerated(taint, placement.tolerations)
	not _evicts(taint, placement)
}

_evicts(taint, placement) if {
	placement.stays
	count(seconds(taint, placement)) > 0
}

# METADATA
# description: >-
#   returns for how many seconds the pod stays on a node with the NoExecute taint that it tolerates, one number
#   or none.
seconds(taint, placement) := taints.merged_seconds(taint, placement.tolerations) if {
	placement.merged
} else := taints.seconds(taint, placement.tolerations)

_name_allowed(placement, _) if placement.node == ""

_name_allowed(_, class) if not _single(class)

_name_allowed(placement, class) if class.name == placement.node

_satisfiable(term, placement, class) if {
	node_affinity.name_possible(term, _name(placement, class))
	every key, requirements in term.by_key {
		_possible(key, requirements, placement, class)
	}
	every key in class.present {
		_possible(key, object.get(term.by_key, key, []), placement, class)
	}
}

_possible(key, requirements, placement, class) if {
	_free(key, class)
	unlike := array.concat(_unlike_roles(key, class), _presence(key, placement, class))
	label_requirements.satisfiable(array.concat(requirements, unlike))
}

_possible(key, requirements, placement, class) if {
	_free(key, class)
	some state in _role_states(key, class)
	_enters(placement, class, key, state)
	_hold(requirements, state)
}

_possible(key, requirements, placement, class) if {
	some state in _known_states(key, class)
	_enters(placement, class, key, state)
	_hold(requirements, state)
}

_hold(requirements, state) if {
	every wanted in requirements {
		label_requirements.holds(wanted, state)
	}
}

# The values of a label by which the profile knows a role, and that a node of the class can have.
_role_states(key, class) := {{"value": text} |
	some text, _ in class.taints_by_label[key]
	not _forbidden(key, {"value": text}, class)
}

_forbidden(key, state, class) if {"key": key, "value": state.value} in class.forbidden

_missing(key, state, class) if {
	key in class.present
	state == label_requirements.absent
}

# The requirement that a label has no value by which the profile knows a role.
_unlike_roles(key, class) := [{"operator": "NotIn", "values": values}] if {
	values := [text | some text, _ in class.taints_by_label[key]]
}

# Where the label marks a role with any value, a pod that does not tolerate its taints needs nodes without it.
_presence(key, placement, class) := [{"operator": operator, "values": []} |
	some operator in (_needed(key, class) | _shut(key, placement, class))
]

_needed(key, class) := {"Exists" | key in class.present}

_shut(key, placement, class) := {"DoesNotExist" |
	some taint in object.get(class.taints_by_key, key, {})
	_refused(taint, placement)
}

# A node has its own taints, whatever its labels are.
_enters(_, class, _, _) if _single(class)

_enters(placement, class, key, state) if {
	not _single(class)
	every taint in _marked_taints(class, key, state) {
		not _refused(taint, placement)
	}
}

# The required name of the node, empty if it is free.
_name(_, class) := class.name

_name(placement, class) := placement.node if not _single(class)

# The states that a label of which not every value is possible can have on a node of the class: its own, or
# those that the profile knows.
_known_states(key, class) := {{"value": class.forced[key]}} if {
	is_string(class.forced[key])
} else := {label_requirements.absent} if {
	key in class.absent
} else := class.states[key] if {
	class.states[key]
} else := {label_requirements.absent} if {
	_single(class)
} else := states if {
	absent := {state | some state in {label_requirements.absent}; not key in class.present}
	states := absent | _role_states(key, class)
}

_free(key, class) if {
	not _closed(class)
	not key in class.known
	not key in class.absent
	not class.forced[key] # a text, also if it is empty
	not class.states[key]
}

# METADATA
# description: >-
#   true if the pod can run on every node of the class, whatever its other labels are; a node that is
#   of another reserved role too is taken for one of that. If more than 1024 combinations of labels, or too
#   many requirements for each, would have to be checked, it is not assumed.
covers(placement, class) if {
	_closed(class)
	reaches(placement, [class])
}

covers(placement, class) if {
	not _closed(class)
	placement.node == ""
	count(untolerated(placement, class)) == 0
	_every_node_fits(placement.terms, class)
}

# One term fits all of them: it has no requirement on a label that is free.
_every_node_fits(terms, class) if {
	some term in terms
	count(term.names) == 0
	every key, requirements in term.by_key {
		not _free(key, class)
		_always(requirements, _known_states(key, class))
	}
}

_every_node_fits(terms, class) if {
	open := [_open(term, class) | some term in terms; _settled(term, class)]
	by_key := label_requirements.by_key([wanted | some term in open; some wanted in term.requirements])
	keys := sort(object.keys(by_key))
	count(keys) <= 10 # each has two states or more
	domains := [sort(_states(key, by_key[key], class)) | some key in keys]
	names := sort(node_affinity.name_states(open))
	sizes := array.concat([count(domain) | some domain in domains], [count(names)])
	combinations := product(sizes)
	combinations <= 1024
	combinations * sum([size | some term in open; size := _size(term)]) <= _most_comparisons
	every combination in numbers.range(0, combinations - 1) {
		_node_fits(open, _node(combination, keys, domains, sizes), _digit(combination, sizes, count(keys), names))
	}
}

_most_comparisons := 32768

_size(term) := count(term.requirements) + count(term.names)

_always(requirements, states) if {
	every state in states {
		_hold(requirements, state)
	}
}

# The term without its requirements on labels that have one state on every node of the class, if those hold.
_open(term, class) := {"names": term.names, "requirements": [wanted |
	some key, requirements in term.by_key
	not _has_one_state(key, class)
	some wanted in requirements
]}

_settled(term, class) if {
	every key, requirements in term.by_key {
		_may_hold(key, requirements, class)
	}
}

_may_hold(key, _, class) if not _has_one_state(key, class)

_may_hold(key, requirements, class) if {
	_has_one_state(key, class)
	_always(requirements, _known_states(key, class))
}

_has_one_state(key, class) if {
	not _free(key, class)
	count(_known_states(key, class)) == 1
}

_states(key, _, class) := _known_states(key, class) if not _free(key, class)

_states(key, requirements, class) := {state |
	some state in (label_requirements.states(requirements) | _role_states(key, class))
	not _forbidden(key, state, class)
	not _missing(key, state, class)
} if {
	_free(key, class)
}

# A node of the class: the state of each key, by the digits of a number in a mixed radix.
_node(combination, keys, domains, sizes) := {key: state |
	some index, key in keys
	state := _digit(combination, sizes, index, domains[index])
}

_digit(combination, sizes, index, domain) := domain[digit] if {
	stride := product(array.slice(sizes, 0, index))
	digit := ((combination - (combination % stride)) / stride) % sizes[index]
}

_node_fits(terms, node, name) if {
	some term in terms
	node_affinity.name_fits(term, name)
	every wanted in term.requirements {
		label_requirements.holds(wanted, node[wanted.key])
	}
}
