package lib.disruption.budget_status_test

import data.lib.disruption.budget_status
import data.lib.disruption.budgets

_budget(spec) := {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "spec": spec}

_three := [{"kind": "Deployment", "replicas": 3}]

_daemons := [{"kind": "DaemonSet", "replicas": 3}]

# The spec, the pods, and expectedPods, desiredHealthy, disruptionsAllowed and the reason.
_cases := {
	"maxUnavailable": [{"maxUnavailable": 1}, _three, [3, 2, 1, ""]],
	"maxUnavailable goes first": [{"maxUnavailable": 1, "minAvailable": 3}, _three, [3, 2, 1, ""]],
	"more than there are": [{"maxUnavailable": 5}, _three, [3, 0, 3, ""]],
	"minAvailable": [{"minAvailable": 2}, _three, [3, 2, 1, ""]],
	"a share": [{"minAvailable": "50%"}, _three, [3, 2, 1, ""]],
	"all of them": [{"minAvailable": 3}, _three, [3, 3, 0, "it keeps as many pods healthy as there are"]],
	"neither": [{"maxUnavailable": null}, _three, [0, 0, 0, "it has neither minAvailable nor maxUnavailable"]],
	"no spec": [null, _three, [0, 0, 0, "it has neither minAvailable nor maxUnavailable"]],
	"no pods": [{"maxUnavailable": 1}, [], [0, 0, 0, "it selects no pods"]],
	"nodes": [{"minAvailable": 2}, _daemons, [3, 2, 1, ""]],
	"a kind without scale": [
		{"maxUnavailable": 1},
		_daemons,
		[0, 0, 0, "a DaemonSet has no scale for its maxUnavailable to count by"],
	],
	"a kind without scale and without pods": [
		{"maxUnavailable": 1},
		array.concat(_three, [{"kind": "Job", "replicas": 0}]),
		[3, 2, 1, ""],
	],
	"a share of a kind without scale": [
		{"minAvailable": "50%"},
		_daemons,
		[0, 0, 0, "a DaemonSet has no scale for its minAvailable to count by"],
	],
	"bare pods": [
		{"minAvailable": "50%"},
		[{"kind": "Pod", "replicas": 2}],
		[0, 0, 0, "no controller makes its pods, for its minAvailable to count by"],
	],
	"a bare string": [
		{"minAvailable": "1"},
		_three,
		[0, 0, 0, "its minAvailable is neither a whole number nor a percentage"],
	],
	"a selector that cannot be parsed": [
		{"minAvailable": 1, "selector": {"matchLabels": {"a b": "x"}}},
		_three,
		[0, 0, 0, "its selector cannot be parsed"],
	],
}

test_status[name] if {
	some name, [spec, groups, [expected, desired, allowed, reason]] in _cases
	status := budget_status.status(_budget(spec), groups, budget_status.pods(groups))
	status.expectedPods == expected
	status.desiredHealthy == desired
	status.disruptionsAllowed == allowed
	status.reason == reason
}

test_unready_pods if {
	crashing := budget_status.status(_budget({"maxUnavailable": 1}), [{"kind": "Deployment", "replicas": 1}], 0)
	not budget_status.evicts_unready(_budget({"maxUnavailable": 1}), crashing)
	budget_status.evicts_unready(_budget({"unhealthyPodEvictionPolicy": "AlwaysAllow"}), crashing)
	two := budget_status.status(_budget({"minAvailable": 2}), _three, 2)
	two.disruptionsAllowed == 0
	budget_status.evicts_unready(_budget({"minAvailable": 2}), two)
	spare := budget_status.status(_budget({"maxUnavailable": 2}), [{"kind": "Deployment", "replicas": 2}], 1)
	budget_status.evicts_unready(_budget({"maxUnavailable": 2}), spare)
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
