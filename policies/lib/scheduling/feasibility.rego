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
} if {
	not _single(class)
}

# The taints of the roles that have the label in this state.
_marked_taints(class, key, state) := object.get(
	class.taints_by_label,
	[key, object.get(state, "value", null)],
	{},
)

# One node, whose name and taints are known.
_single(class) if is_string(class.name)

_closed(class) if class.closed

_refused(taint, placement) if {
	taint.effect in placement.effects
	not taints.tolerated(taint, placement.tolerations)
}

_name_allowed(placement, _) if placement.node == ""

_name_allowed(_, class) if not _single(class)

_name_allowed(placement, class) if class.name == placement.node

_satisfiable(term, placement, class) if {
	node_affinity.name_possible(term, _name(placement, class))
	every key in {wanted.key | some wanted in term.requirements} {
		some state in _domain(key, term.requirements, class)
		_meets(term.requirements, key, state)
		_enters(placement, class, key, state)
	}
}

_meets(requirements, key, state) if {
	every wanted in requirements {
		_met(wanted, key, state)
	}
}

_met(wanted, key, _) if wanted.key != key

_met(wanted, key, state) if {
	wanted.key == key
	label_requirements.holds(wanted, state)
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

_domain(key, _, class) := {label_requirements.absent} if {
	not _forced(key, class)
	_single(class)
	_known(key, class)
}

_known(_, class) if _closed(class)

_known(key, class) if key in class.known

# The states that a label can have on a node of the class: its own, or those that the profile knows, or all
# that the requirements distinguish, with those that have taints.
_domain(key, _, class) := {{"value": class.forced[key]}}

_domain(key, _, class) := {label_requirements.absent} | _marks(key, class) if {
	not _forced(key, class)
	not _single(class)
	key in class.known
}

_domain(key, requirements, class) := {state |
	own := [wanted | some wanted in requirements; wanted.key == key]
	some state in (label_requirements.states(own) | _marks(key, class))
	not _forbidden(key, state, class)
} if {
	not _forced(key, class)
	not _closed(class)
	not key in class.known
}

# The values of a label by which the profile knows a role.
_marks(key, class) := {{"value": text} |
	some text, _ in class.taints_by_label[key]
	not _forbidden(key, {"value": text}, class)
}

_forbidden(key, state, class) if {"key": key, "value": state.value} in class.forbidden

_forced(key, class) if is_string(class.forced[key])

# METADATA
# description: >-
#   true if the pod can run on every node of the class, whatever its other labels are; a node that is
#   of another reserved role too is taken for one of that. If more than 1024 combinations of labels
#   would have to be checked, it is not assumed.
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

_every_node_fits(terms, class) if {
	some term in terms
	node_affinity.name_fits(term, label_requirements.fresh)
	_names_free(term)
	every wanted in term.requirements {
		every state in _domain(wanted.key, term.requirements, class) {
			label_requirements.holds(wanted, state)
		}
	}
}

_every_node_fits(terms, class) if {
	requirements := [wanted | some term in terms; some wanted in term.requirements]
	keys := sort({wanted.key | some wanted in requirements})
	domains := [sort(_domain(key, requirements, class)) | some key in keys]
	names := sort(node_affinity.name_states(terms))
	sizes := array.concat([count(domain) | some domain in domains], [count(names)])
	combinations := product(sizes)
	combinations <= 1024
	every combination in numbers.range(0, combinations - 1) {
		_node_fits(terms, _node(combination, keys, domains, sizes), _digit(combination, sizes, count(keys), names))
	}
}

_names_free(term) if count(term.names) == 0

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
