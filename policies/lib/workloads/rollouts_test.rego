package lib.workloads.rollouts_test

import data.lib.workloads.rollouts

_workload(version, kind, spec) := {"apiVersion": version, "kind": kind, "spec": spec}

_deployment(strategy) := _workload("apps/v1", "Deployment", {"strategy": strategy})

_daemons(update) := _workload("apps/v1", "DaemonSet", {"updateStrategy": update})

_set(update) := _workload("apps/v1", "StatefulSet", {"updateStrategy": update})

# The workload, its replicas, and the strategy, surge, unavailable and available.
_cases := {
	"a Deployment": [_deployment(null), 4, ["RollingUpdate", 1, 1, 3]],
	"a Deployment of one": [_deployment({"type": ""}), 1, ["RollingUpdate", 1, 0, 1]],
	"a Deployment of none": [_deployment({}), 0, ["RollingUpdate", 0, 0, 0]],
	"rounded to nothing": [
		_deployment({"rollingUpdate": {"maxSurge": 0, "maxUnavailable": "25%"}}),
		1,
		["RollingUpdate", 0, 1, 0],
	],
	"more than there are": [
		_deployment({"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 5}}),
		2,
		["RollingUpdate", 1, 2, 0],
	],
	"Recreate": [_deployment({"type": "Recreate"}), 3, ["Recreate", 0, 0, 0]],
	"an early Deployment": [_workload("extensions/v1beta1", "Deployment", {}), 1, ["RollingUpdate", 1, 1, 0]],
	"a DaemonSet": [_daemons(null), 3, ["RollingUpdate", 0, 1, 2]],
	"a DaemonSet rounds up": [_daemons({"rollingUpdate": {"maxUnavailable": "34%"}}), 3, ["RollingUpdate", 0, 2, 1]],
	"a DaemonSet that surges": [
		_daemons({"rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}),
		3,
		["RollingUpdate", 1, 0, 3],
	],
	"a DaemonSet without a way": [
		_daemons({"rollingUpdate": {"maxUnavailable": 0, "maxSurge": 0}}),
		3,
		["RollingUpdate", 0, 1, 2],
	],
	"a DaemonSet on delete": [_daemons({"type": "OnDelete"}), 3, ["OnDelete", 0, 0, 3]],
	"an early DaemonSet": [_workload("extensions/v1beta1", "DaemonSet", {}), 3, ["OnDelete", 0, 0, 3]],
	"a StatefulSet": [_set(null), 3, ["RollingUpdate", 0, 1, 2]],
	"a StatefulSet below its partition": [_set({"rollingUpdate": {"partition": 3}}), 3, ["RollingUpdate", 0, 0, 3]],
	"a StatefulSet's maxUnavailable": [_set({"rollingUpdate": {"maxUnavailable": 3}}), 3, ["RollingUpdate", 0, 3, 0]],
	"maxUnavailable of another StatefulSet": [
		_workload("apps.kruise.io/v1beta1", "StatefulSet", {"updateStrategy": {"rollingUpdate": {"maxUnavailable": 3}}}),
		3,
		["RollingUpdate", 0, 1, 2],
	],
	"a StatefulSet whose partition is no number": [_set({"rollingUpdate": {"partition": "x"}}), 3, ["RollingUpdate", 0, 1, 2]],
	"a StatefulSet on delete": [_set({"type": "OnDelete"}), 3, ["OnDelete", 0, 0, 3]],
	"an early StatefulSet": [_workload("apps/v1beta1", "StatefulSet", {}), 3, ["OnDelete", 0, 0, 3]],
	"a ReplicaSet": [_workload("apps/v1", "ReplicaSet", {}), 3, ["", 0, 0, 3]],
}

test_of[name] if {
	some name, [obj, replicas, [strategy, surge, unavailable, available]] in _cases
	rollouts.of(obj, replicas) == {
		"strategy": strategy,
		"surge": surge,
		"unavailable": unavailable,
		"available": available,
		"refused": set(),
	}
}

test_a_stateful_set_of_an_older_kubernetes if {
	update := {"rollingUpdate": {"maxUnavailable": 3}}
	rollouts.of(_set(update), 3).available == 2 with input.parameters.kubernetes as "1.36"
	rollouts.of(_set(update), 3).available == 0 with input.parameters.kubernetes as "1.37"
	limits := rollouts.gated_limits(_set(update), 3) with input.parameters.kubernetes as "1.36"
	{limit.value | some limit in limits} == {3}
	rollouts.gated_limits(_set(update), 3) == set()
}

test_a_number_that_is_refused_stops_one if {
	found := rollouts.of(_set({"rollingUpdate": {"maxUnavailable": "x"}}), 3)
	found.refused == {"maxUnavailable"}
	found.available == 2
}

test_refused_counts if {
	found := rollouts.of(_deployment({"rollingUpdate": {"maxSurge": "1", "maxUnavailable": 1}}), 3)
	found.refused == {"maxSurge"}
	found.available == 3
	rollouts.of(_deployment({"rollingUpdate": {"maxUnavailable": -1}}), 3).refused == {"maxUnavailable"}
	rollouts.of(_deployment({"type": "Recreate", "rollingUpdate": {"maxSurge": "1"}}), 3).refused == set()
}
