package lib.disruption.budget_status_test

import data.lib.disruption.budget_status
import data.lib.disruption.budgets

_budget(spec) := {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "spec": spec}

_three := [{"kind": "Deployment", "replicas": 3}]

_daemons := [{"kind": "DaemonSet", "replicas": 3}]

# The spec, the pods, and expectedPods, desiredHealthy, disruptionsAllowed and the causes.
_cases := {
	"maxUnavailable": [{"maxUnavailable": 1}, _three, [3, 2, 1, set()]],
	"maxUnavailable goes first": [{"maxUnavailable": 1, "minAvailable": 3}, _three, [3, 2, 1, set()]],
	"more than there are": [{"maxUnavailable": 5}, _three, [3, 0, 3, set()]],
	"minAvailable": [{"minAvailable": 2}, _three, [3, 2, 1, set()]],
	"a share": [{"minAvailable": "50%"}, _three, [3, 2, 1, set()]],
	"all of them": [{"minAvailable": 3}, _three, [3, 3, 0, set()]],
	"neither": [{"maxUnavailable": null}, _three, [0, 0, 0, {{"type": "noNumber"}}]],
	"no spec": [null, _three, [0, 0, 0, {{"type": "noNumber"}}]],
	"no pods": [{"maxUnavailable": 1}, [], [0, 0, 0, {{"type": "noPods"}}]],
	"nodes": [{"minAvailable": 2}, _daemons, [3, 2, 1, set()]],
	"a kind without scale": [
		{"maxUnavailable": 1},
		_daemons,
		[0, 0, 0, {{"type": "scale", "field": "maxUnavailable", "kind": "DaemonSet"}}],
	],
	"a kind without scale and without pods": [
		{"maxUnavailable": 1},
		array.concat(_three, [{"kind": "Job", "replicas": 0}]),
		[3, 2, 1, set()],
	],
	"a share of a kind without scale": [
		{"minAvailable": "50%"},
		_daemons,
		[0, 0, 0, {{"type": "scale", "field": "minAvailable", "kind": "DaemonSet"}}],
	],
	"bare pods": [
		{"minAvailable": "50%"},
		[{"kind": "Pod", "replicas": 2}],
		[0, 0, 0, {{"type": "noController", "field": "minAvailable"}}],
	],
	"a bare string": [
		{"minAvailable": "1"},
		_three,
		[0, 0, 0, {{"type": "number", "field": "minAvailable"}}],
	],
	"a selector that cannot be parsed": [
		{"minAvailable": 1, "selector": {"matchLabels": {"a b": "x"}}},
		_three,
		[0, 0, 0, {{"type": "selector"}}],
	],
}

test_status[name] if {
	some name, [spec, groups, [expected, desired, allowed, causes]] in _cases
	status := budget_status.status(_budget(spec), groups, budget_status.pods(groups))
	status.expectedPods == expected
	status.desiredHealthy == desired
	status.disruptionsAllowed == allowed
	status.causes == causes
}

_none := "pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match"

# The API version, the selector, and whether it selects pods that have a label.
_selectors := {
	"empty": ["policy/v1", {}, true],
	"empty, of old": ["policy/v1beta1", {}, false],
	"empty fields, of old": ["policy/v1beta1", {"matchLabels": {}, "matchExpressions": []}, false],
	"absent": ["policy/v1", null, false],
	"absent, of old": ["policy/v1beta1", null, false],
	"a pair, of old": ["policy/v1beta1", {"matchLabels": {"app": "x"}}, true],
	"none, as it is stored": ["policy/v1", {"matchExpressions": [{"key": _none, "operator": "Exists"}]}, false],
	"all, of old": ["policy/v1beta1", {"matchExpressions": [{"key": _none, "operator": "DoesNotExist"}]}, true],
	"the label of none is struck": [
		"policy/v1",
		{"matchLabels": {"app": "x"}, "matchExpressions": [{"key": _none, "operator": "Exists"}]},
		true,
	],
	"a selector of none, of old": ["policy/v1beta1", {"matchExpressions": [{"key": _none, "operator": "Exists"}]}, true],
}

test_selects[name] if {
	some name, [version, selector, expected] in _selectors
	budget := {"apiVersion": version, "spec": {"selector": selector}}
	count({true | budgets.selects(budget, {"app": "x"})}) == 1 == expected
}
