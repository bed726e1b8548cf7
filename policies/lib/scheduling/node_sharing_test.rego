package lib.scheduling.node_sharing_test

import data.lib.scheduling.node_ports
import data.lib.scheduling.node_sharing
import data.lib.scheduling.stuck_rollouts

_node := "kubernetes.io/hostname"

_three := {"fit": 3, "tainted": 0, "unselected": 0, "neither": 0}

_one_tainted := object.union(_three, {"tainted": 1})

_one_unselected := object.union(_three, {"unselected": 1})

_one_neither := object.union(_three, {"neither": 1})

_x := {"matchLabels": {"app": "x"}}

_required(term) := {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}}

_term(fields) := _required(object.union({"topologyKey": _node, "labelSelector": _x}, fields))

_even(fields) := {"topologySpreadConstraints": [object.union(
	{"topologyKey": _node, "labelSelector": _x, "maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule"},
	fields,
)]}

_even_over(selector) := {"topologySpreadConstraints": [{
	"topologyKey": _node,
	"labelSelector": selector,
	"maxSkew": 1,
	"minDomains": 4,
	"whenUnsatisfiable": "DoNotSchedule",
}]}

_port(fields) := {"containers": [{"ports": [object.union({"containerPort": 53}, fields)]}]}

_template(pod) := {"metadata": {"labels": {"app": "x"}}, "spec": pod}

_workload(kind, pod) := {
	"apiVersion": "apps/v1",
	"kind": kind,
	"metadata": {"name": "x", "namespace": "n"},
	"spec": {"template": _template(pod)},
}

_deployment(pod) := _workload("Deployment", pod)

_job(spec) := object.union(_workload("Job", _term({"matchLabelKeys": [_index]})), {"apiVersion": "batch/v1", "spec": spec})

_index := "batch.kubernetes.io/job-completion-index"

_cron_job := {
	"apiVersion": "batch/v1",
	"kind": "CronJob",
	"metadata": {"name": "x", "namespace": "n"},
	"spec": {"jobTemplate": {"spec": {"template": _template(_term({"matchLabelKeys": [_index, "job-name"]}))}}},
}

# The workload, the nodes, and the reasons within a revision and across revisions.
_cases := {
	"nothing": [_deployment({}), _three, set(), set()],
	"a term": [_deployment(_term({})), _three, {"antiAffinity"}, {"antiAffinity"}],
	"a term without selector": [_deployment(_term({"labelSelector": null})), _three, set(), set()],
	"a term on zones": [_deployment(_term({"topologyKey": "zone"})), _three, set(), set()],
	"a term on another namespace": [_deployment(_term({"namespaces": ["other"]})), _three, set(), set()],
	"a term on every namespace": [
		_deployment(_term({"namespaces": ["other"], "namespaceSelector": {}})),
		_three,
		{"antiAffinity"},
		{"antiAffinity"},
	],
	"a term within a revision": [
		_deployment(_term({"matchLabelKeys": ["pod-template-hash"]})),
		_three,
		{"antiAffinity"},
		set(),
	],
	"a term against other revisions": [
		_deployment(_term({"mismatchLabelKeys": ["pod-template-hash"]})),
		_three,
		set(),
		{"antiAffinity"},
	],
	"a term on the label that the controller gives": [
		_deployment(_term({"labelSelector": {"matchExpressions": [{"key": "pod-template-hash", "operator": "Exists"}]}})),
		_three,
		{"antiAffinity"},
		{"antiAffinity"},
	],
	"a term of a pod with itself": [
		_workload("StatefulSet", _term({"matchLabelKeys": ["statefulset.kubernetes.io/pod-name"]})),
		_three,
		set(),
		set(),
	],
	"a term that leaves the siblings out": [_deployment(_term({"mismatchLabelKeys": ["app"]})), _three, set(), set()],
	"a term over a label that no pod has": [
		_workload("ReplicaSet", _term({"matchLabelKeys": ["pod-template-hash"]})),
		_three,
		{"antiAffinity"},
		{"antiAffinity"},
	],
	"the index of a job": [_job({"completionMode": "Indexed"}), _three, set(), set()],
	"a job without index": [_job({}), _three, {"antiAffinity"}, {"antiAffinity"}],
	"a cron job": [_cron_job, _three, {"antiAffinity"}, set()],
	"a term of pods that name their node": [
		_deployment(object.union(_term({}), {"nodeName": "a"})),
		_three,
		set(),
		set(),
	],
	"a term of a pod that runs": [
		{
			"apiVersion": "v1",
			"kind": "Pod",
			"metadata": {"name": "x", "namespace": "n", "uid": "u", "labels": {"app": "x"}},
			"spec": object.union(_term({}), {"nodeName": "a"}),
		},
		_three,
		{"antiAffinity"},
		{"antiAffinity"},
	],
	"a port": [_deployment(_port({"hostPort": 53})), _three, {"hostPort"}, {"hostPort"}],
	"a port on the host's network": [
		_deployment(object.union(_port({}), {"hostNetwork": true})),
		_three,
		{"hostPort"},
		{"hostPort"},
	],
	"a DaemonSet": [_workload("DaemonSet", {}), _three, {"DaemonSet"}, set()],
	"a DaemonSet counts one node": [
		_workload("DaemonSet", _even({"minDomains": 2})),
		_three,
		{"DaemonSet", "topologySpread"},
		{"topologySpread"},
	],
	"a DaemonSet counts all nodes": [
		_workload("DaemonSet", _even({"minDomains": 3, "nodeAffinityPolicy": "Ignore"})),
		_three,
		{"DaemonSet"},
		set(),
	],
	"a constraint": [_deployment(_even({})), _three, set(), set()],
	"a constraint on more nodes than there are": [
		_deployment(_even({"minDomains": 4})),
		_three,
		{"topologySpread"},
		{"topologySpread"},
	],
	"as many as there are": [_deployment(_even({"minDomains": 3})), _three, set(), set()],
	"a constraint within a revision": [
		_deployment(_even({"minDomains": 4, "matchLabelKeys": ["pod-template-hash"]})),
		_three,
		{"topologySpread"},
		set(),
	],
	"two on a node": [_deployment(_even({"minDomains": 4, "maxSkew": 2})), _three, set(), set()],
	"a constraint without selector": [_deployment(_even({"minDomains": 4, "labelSelector": null})), _three, set(), set()],
	"a constraint on none": [_deployment(_even_over({})), _three, set(), set()],
	"a constraint on zones": [_deployment(_even({"minDomains": 4, "topologyKey": "zone"})), _three, set(), set()],
	"a wish": [_deployment(_even({"minDomains": 4, "whenUnsatisfiable": "ScheduleAnyway"})), _three, set(), set()],
	"a tainted node stays empty": [_deployment(_even({})), _one_tainted, {"topologySpread"}, {"topologySpread"}],
	"a tainted node that does not count": [_deployment(_even({"nodeTaintsPolicy": "Honor"})), _one_tainted, set(), set()],
	"a node that is not selected": [_deployment(_even({})), _one_unselected, set(), set()],
	"a node that counts all the same": [
		_deployment(_even({"nodeAffinityPolicy": "Ignore"})),
		_one_unselected,
		{"topologySpread"},
		{"topologySpread"},
	],
	"a node that is neither counts only if taints and affinity are ignored": [
		_deployment(_even({"nodeAffinityPolicy": "Ignore"})),
		_one_neither,
		{"topologySpread"},
		{"topologySpread"},
	],
	"a node that is neither, with taints respected": [
		_deployment(_even({"nodeAffinityPolicy": "Ignore", "nodeTaintsPolicy": "Honor"})),
		_one_neither,
		set(),
		set(),
	],
}

test_means[name] if {
	some name, [obj, nodes, within, across] in _cases
	node_sharing.within_revision(obj, nodes) == within
	node_sharing.across_revisions(obj, nodes) == across
}

_surging(pod) := object.union(
	_workload("DaemonSet", pod),
	{"spec": {"updateStrategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}}},
)

# The workload, its replicas, and whether its update on three nodes is stuck.
_updates := {
	"as many replicas as nodes": [_deployment(_term({})), 3, true],
	"more nodes": [_deployment(_term({})), 2, false],
	"one that may be down": [_deployment(_term({})), 4, true],
	"no replicas": [_deployment(_term({})), 0, false],
	"revisions that share": [_deployment(_term({"matchLabelKeys": ["pod-template-hash"]})), 3, false],
	"replicas that share": [_deployment(_term({"mismatchLabelKeys": ["pod-template-hash"]})), 3, false],
	"Recreate": [object.union(_deployment(_term({})), {"spec": {"strategy": {"type": "Recreate"}}}), 3, false],
	"a DaemonSet that surges": [_surging(_port({"hostPort": 53})), 3, true],
	"a DaemonSet that surges beside": [_surging({}), 3, false],
	"a DaemonSet": [_workload("DaemonSet", _port({"hostPort": 53})), 3, false],
	"a StatefulSet": [_workload("StatefulSet", _term({})), 3, false],
}

test_stuck[name] if {
	some name, [obj, replicas, expected] in _updates
	count(stuck_rollouts.of(obj, replicas, _three)) == 1 == expected
}

# Two pods' ports, and whether they clash.
_ports := {
	"another protocol": [{"hostPort": 53, "protocol": "UDP"}, {"hostPort": 53}, false],
	"another number": [{"hostPort": 53}, {"hostPort": 54}, false],
	"another address": [{"hostPort": 53, "hostIP": "10.0.0.1"}, {"hostPort": 53, "hostIP": "10.0.0.2"}, false],
	"the same address": [{"hostPort": 53, "hostIP": "10.0.0.1"}, {"hostPort": 53, "hostIP": "10.0.0.1"}, true],
	"every address": [{"hostPort": 53, "hostIP": "10.0.0.1"}, {"hostPort": 53, "protocol": "TCP"}, true],
	"no host port": [{}, {}, false],
}

test_conflict[name] if {
	some name, [one, other, expected] in _ports
	count({true | node_ports.conflict(_port(one), _port(other))}) == 1 == expected
}

test_only_containers_that_stay_keep_their_ports if {
	ports := [{"containerPort": 53, "hostPort": 53}]
	sidecar := {"initContainers": [{"restartPolicy": "Always", "ports": ports}]}
	node_ports.conflict(sidecar, sidecar)
	first := {"initContainers": [{"ports": ports}]}
	not node_ports.conflict(first, first)
}
