package lib.scheduling.spreading_test

import data.lib.scheduling.pinning
import data.lib.scheduling.spreading

_workload(kind, spec) := {
	"apiVersion": "apps/v1",
	"kind": kind,
	"metadata": {"name": "dns", "namespace": "n"},
	"spec": {"template": {"metadata": {"labels": {"app": "dns"}}, "spec": spec}},
}

_weighted(weight) := [{"weight": weight, "podAffinityTerm": {
	"topologyKey": "kubernetes.io/hostname",
	"labelSelector": {"matchLabels": {"app": "dns"}},
}}]

test_a_DaemonSet_runs_one_pod_on_a_node if {
	spreading.shortcomings(_workload("DaemonSet", {})) == set()
	count(spreading.shortcomings(_workload("Deployment", {}))) == 1
}

test_a_weight_that_is_no_number_outweighs_nothing if {
	every weight, means in {"100": {"preferred"}, "2": {"preferred"}, "1": set(), "text": set()} {
		spreading.means(_workload("Deployment", {"affinity": {
			"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": _weighted(_weight(weight))},
			"podAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": _weighted(1)},
		}})) == means
	}
}

_weight(text) := to_number(text) if text != "text"

_weight("text") := "100"

_on_node(requirements) := _workload("Deployment", {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {
	"nodeSelectorTerms": [{"matchExpressions": array.concat(
		[{"key": "kubernetes.io/hostname", "operator": "In", "values": ["m-1"]}],
		requirements,
	)}],
}}}})

test_one_name_is_one_node_whatever_else_is_required if {
	every requirement in [
		{"key": "pool", "operator": "In", "values": ["a"]},
		{"key": "pool", "operator": "Exists"},
		{"key": "kubernetes.io/hostname", "operator": "Exists"},
		{"key": "kubernetes.io/hostname", "operator": "NotIn", "values": ["m-2"]},
	] {
		count(pinning.pins(_on_node([requirement]))) == 1
	}
}
