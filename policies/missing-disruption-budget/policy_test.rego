package missing_disruption_budget_test

# What only the API server can ask: cases.yaml has what files show.

_scheduler := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "kube-scheduler", "namespace": "kube-system"},
	"spec": {"template": {"metadata": {"labels": {"app": "s"}}}},
}

_budget(name, app) := {
	"apiVersion": "policy/v1",
	"kind": "PodDisruptionBudget",
	"metadata": {"name": name, "namespace": "kube-system"},
	"spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": app}}},
}

_rows(demanded) := {"components": [{
	"name": "kube-scheduler",
	"match": {"namespace": "kube-system", "name": "kube-scheduler"},
	"disruptionControl": demanded,
}]}

_world(budgets) := {"namespace": {"kube-system": {
	"apps/v1": {"Deployment": {"kube-scheduler": _scheduler}},
	"policy/v1": {"PodDisruptionBudget": {budget.metadata.name: budget | some budget in budgets}},
}}}

_said(review, parameters, budgets) := {found.msg |
	some found in data.policies["missing-disruption-budget"].violation with input as {
		"review": review,
		"parameters": parameters,
	}
		with data.inventory as _world(budgets)
}

_last := {"PodDisruptionBudget a is the last disruption budget that selects the pods of kube-scheduler"}

_deletion(obj) := {"operation": "DELETE", "object": obj, "oldObject": obj}

test_the_last_budget_of_a_component_is_not_deleted_in_silence if {
	_said(_deletion(_budget("a", "s")), _rows(true), [_budget("a", "s")]) == _last
}

test_one_of_two_budgets_may_go if {
	_said(_deletion(_budget("a", "s")), _rows(true), [_budget("a", "s"), _budget("b", "s")]) == set()
}

test_a_budget_of_nobody_may_go if {
	_said(_deletion(_budget("a", "x")), _rows(true), [_budget("a", "x")]) == set()
}

test_a_budget_that_nobody_demands_may_go if {
	_said(_deletion(_budget("a", "s")), _rows(false), [_budget("a", "s")]) == set()
}

test_another_selector_is_as_good_as_deleting_it if {
	review := {"operation": "UPDATE", "object": _budget("a", "x"), "oldObject": _budget("a", "s")}
	_said(review, _rows(true), [_budget("a", "s")]) == _last
}

test_an_update_that_selects_as_before_takes_nothing_away if {
	review := {"operation": "UPDATE", "object": _budget("a", "s"), "oldObject": _budget("a", "s")}
	_said(review, _rows(true), [_budget("a", "s")]) == set()
}

test_a_component_without_a_budget_may_be_deleted if {
	_said(_deletion(_scheduler), _rows(true), []) == set()
}

test_a_component_without_a_budget_is_not_created_in_silence if {
	count(_said({"operation": "CREATE", "object": _scheduler}, _rows(true), [])) == 1
}
