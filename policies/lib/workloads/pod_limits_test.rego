package lib.workloads.pod_limits_test

import data.lib.workloads.pod_limits

_affinity(terms) := {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}}

_expression := {"key": "a", "operator": "Exists"}

_many(item, number) := [item | some _ in numbers.range(1, number)]

_pairs(number) := {format_int(index, 10): "" | some index in numbers.range(1, number)}

_names(spec) := {excess.limit | some excess in pod_limits.placement({
	"apiVersion": "v1",
	"kind": "Pod",
	"spec": spec,
})}

test_at_the_limit_nothing_is_too_much if {
	every spec in [
		{"tolerations": _many({}, 250)},
		{"nodeSelector": _pairs(250)},
		{"affinity": _affinity(_many({}, 250))},
		{"affinity": _affinity(_many({"matchExpressions": [_expression]}, 250))},
		{"affinity": _affinity([{"matchExpressions": _many(_expression, 25), "matchFields": _many(_expression, 25)}])},
		{"affinity": _affinity([{"matchExpressions": [{"values": _many("a", 1000)}]}])},
		{"nodeSelector": _pairs(3), "affinity": _affinity(_many({"matchExpressions": [_expression]}, 250))},
		{"affinity": _affinity("many")},
		{"affinity": _affinity([{"matchExpressions": null}, null, "term"])},
	] {
		_names(spec) == set()
	}
}

test_beyond_the_limit_it_is[position] if {
	some position, [spec, limit] in [
		[{"tolerations": _many({}, 251)}, "tolerations"],
		[{"nodeSelector": _pairs(251)}, "nodeSelector"],
		[{"affinity": _affinity(_many({}, 251))}, "terms"],
		[{"affinity": _affinity(array.concat([{"matchFields": [_expression]}], _many({}, 250)))}, "terms"],
		[
			{"affinity": _affinity([{"matchExpressions": _many(_expression, 26), "matchFields": _many(_expression, 25)}])},
			"termExpressions",
		],
		[
			{"affinity": _affinity(_many({"matchExpressions": [_expression], "matchFields": [_expression]}, 126))},
			"expressions",
		],
		[{"affinity": _affinity([{"matchFields": [{"values": _many("a", 1001)}]}])}, "values"],
		[
			{"nodeSelector": _pairs(4), "affinity": _affinity(_many({"matchExpressions": [_expression]}, 201))},
			"placementItems",
		],
	]
	_names(spec) == {limit}
}
