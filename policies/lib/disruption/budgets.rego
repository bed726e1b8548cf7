# METADATA
# title: Pod disruption budgets
# description: Which PodDisruptionBudgets select a workload's pods.
# custom:
#   reads: [budget]
package lib.disruption.budgets

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.api.limits
import data.lib.api.selectors
import data.lib.api.served
import data.lib.workloads.pod_labels
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns whether the namespace has more budgets than are read, or they have more expressions. Pairs of
#   labels cost next to nothing, and so does a selector that is too large to select anything.
excess(namespace) := found if {
	found := limits.excess("namespaceBudgets", number(namespace), _namespace_path)
	found != set()
} else := limits.excess("namespaceRequirements", sum(sizes), _namespace_path) if {
	sizes := [size |
		some budget in inventory.listing_in_namespace(
			namespace,
			{"policy"},
			"PodDisruptionBudget",
			["spec", "selector", "matchExpressions"],
		)
		selector_excess(budget) == set()
		size := selectors.size(_selector(budget))
	]
}

_namespace_path := ["metadata", "namespace"]

# METADATA
# description: returns how many budgets the namespace has.
number(namespace) := inventory.number_in_namespace(namespace, {"policy"}, "PodDisruptionBudget")

# METADATA
# description: >-
#   returns what of the budget's selector is more than is checked; such a budget selects nothing here.
selector_excess(budget) := selectors.excess(_selector(budget), ["spec", "selector"])

# METADATA
# description: returns how many parts and values the budget's selector has.
size(budget) := selectors.size(_selector(budget))

# METADATA
# description: >-
#   returns the budgets in the object's namespace that select its pods, of those that an API server keeps. A
#   budget that is given in two API versions is returned twice. None if the namespace has more than are read.
covering(obj) := {budget |
	excess(workloads.namespace(obj)) == set()
	labels := pod_labels.typical(obj)
	some budget in _selecting(workloads.namespace(obj), [labels])
	selects(budget, labels)
	_kept(budget)
}

_selecting(namespace, pods) := inventory.selecting_in_namespace(
	namespace,
	{"policy"},
	"PodDisruptionBudget",
	{"path": ["spec", "selector", "matchLabels"], "pods": pods},
)

_kept(budget) if {
	served.accepted(budget)
	fields.at(budget, ["metadata", "deletionTimestamp"], "") == ""
}

# METADATA
# description: >-
#   returns those of them that select every pod of the object, whatever values its controller gives to the
#   labels of each.
protecting(obj) := {budget |
	some budget in covering(obj)
	not _leaves_out(budget, obj)
}

_leaves_out(budget, obj) if {
	some expression in _expressions(budget)
	fields.field_text(expression, "operator") == "NotIn"
	some value in fields.list(expression, "values")
	pod_labels.may_have(obj, fields.field_text(expression, "key"), fields.text(value))
}

# METADATA
# description: >-
#   true if the budget selects pods with these labels. An empty selector selects every pod in
#   policy/v1 and none in policy/v1beta1; one that cannot be parsed selects none.
selects(budget, labels) if {
	selectors.pairs_hold(_selector(budget), labels)
	not _none_in_beta(budget)
	selectors.matches(_stored_selector(budget), labels)
}

# METADATA
# description: >-
#   returns the other budgets of its namespace that an API server keeps and that may select some of the pods,
#   given by their labels, outlined for comparing each with many workloads: whether the selector is one of valid
#   pairs alone, and these.
others(budget, pods) := [outline |
	some other in _selecting(workloads.namespace(budget), pods)
	title := workloads.title(other)
	title != workloads.title(budget)
	_kept(other)
	outline := {
		"budget": other,
		"title": title,
		"plain": _is_plain(other),
		"pairs": _as_set(_pairs(other)),
	}
]

# METADATA
# description: >-
#   returns those of the outlined budgets that select pods with these labels, as selects() says.
selecting(outlines, labels) := [outline |
	pairs := _as_set(labels)
	some outline in outlines
	_outline_selects(outline, labels, pairs)
]

_outline_selects(outline, _, pairs) if {
	outline.plain
	outline.pairs - pairs == set()
}

_outline_selects(outline, labels, _) if {
	not outline.plain
	selects(outline.budget, labels)
}

_as_set(pairs) := {[key, value] | some key, value in pairs}

_is_plain(budget) if {
	budget.apiVersion == "policy/v1"
	is_object(_selector(budget))
	_expressions(budget) == []
	selector_excess(budget) == set()
	selectors.valid({"matchLabels": _pairs(budget)})
	every _, value in _pairs(budget) {
		is_string(value)
	}
} else := false

# METADATA
# description: true if Kubernetes can parse the budget's selector, an absent one too.
parsed(budget) if selectors.valid(_stored_selector(budget))

# METADATA
# description: >-
#   returns the matchLabels of the budget's selector whose values are strings; without empty ones, because null
#   reads as empty.
pairs(budget) := {key: value |
	some key, value in _pairs(budget)
	is_string(value)
	value != ""
}

_selector(budget) := fields.at(budget, ["spec", "selector"], null)

_none_in_beta(budget) if {
	budget.apiVersion == "policy/v1beta1"
	_pairs(budget) == {}
	_expressions(budget) == []
}

_pairs(budget) := fields.map(_selector(budget), "matchLabels")

_expressions(budget) := fields.list(_selector(budget), "matchExpressions")

# With this label the API server converts "none" of policy/v1beta1 to policy/v1; it removes it from every
# other selector (pkg/apis/policy StripPDBV1beta1Label).
_none_label := "pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match"

_stored_selector(budget) := null if not is_object(_selector(budget))

_stored_selector(budget) := {
	"matchLabels": _pairs(budget),
	"matchExpressions": [expression |
		some expression in _expressions(budget)
		not _removed(budget, expression)
	],
} if {
	is_object(_selector(budget))
}

_removed(budget, expression) if {
	fields.field_text(expression, "key") == _none_label
	not _written_none(budget, expression)
}

_written_none(budget, expression) if {
	budget.apiVersion == "policy/v1"
	_pairs(budget) == {}
	count(_expressions(budget)) == 1
	expression.operator == "Exists"
	fields.list(expression, "values") == []
}
