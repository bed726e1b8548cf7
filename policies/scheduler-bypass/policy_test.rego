package scheduler_bypass_test

# Who asks is told by the API server alone, so that cases.yaml has no word for it.

_review := {"object": {
	"apiVersion": "v1",
	"kind": "Binding",
	"metadata": {"name": "web", "namespace": "shop"},
	"target": {"name": "m-1"},
}}

_parameters := {
	"components": [],
	"schedulerUsers": ["system:serviceaccount:kube-system:binder"],
	"otherWorkloads": {"nodeRole": "worker"},
	"nodeRoles": [{
		"name": "master",
		"labels": [{"key": "master", "value": ""}],
		"taints": [{"key": "master", "value": "", "effect": "NoSchedule"}],
	}],
}

_violations(user) := found if {
	found := data.policies["scheduler-bypass"].violation with input as {
		"review": object.union(_review, {"userInfo": {"username": user}}),
		"parameters": _parameters,
	}
}

test_the_scheduler_binds_pods if count(_violations("system:kube-scheduler")) == 0

test_no_other_binds_pods if count(_violations("alice")) == 1

test_a_user_binds_pods_that_the_profile_names if {
	count(_violations("system:serviceaccount:kube-system:binder")) == 0
}
