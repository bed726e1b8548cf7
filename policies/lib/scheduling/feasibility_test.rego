package lib.scheduling.feasibility_test

import data.lib.nodes.roles
import data.lib.scheduling.feasibility
import data.lib.scheduling.pods

_label := "node-role.kubernetes.io/control-plane"

_role := {"name": "control-plane", "labels": [{"key": _label, "value": ""}], "taints": []}

_with_classes := roles.of({"nodeRoles": [_role]})[0]

_in(key, values) := {"key": key, "operator": "In", "values": values}

_op(key, operator) := {"key": key, "operator": operator}

_with(key, operator, values) := {"key": key, "operator": operator, "values": values}

_terms(terms) := {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term |
	some expressions in terms
	term := {"matchExpressions": expressions}
]}}}}

_fields(requirements) := {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchFields": requirements}]}}}}

# For each pod: can it run on some control plane node, some other node, every control plane node and every
# other node, by its labels alone.
_cases := {
	"no constraint": [{}, [true, true, true, true]],
	"nodeSelector of the label": [{"nodeSelector": {_label: ""}}, [true, false, true, false]],
	"nodeSelector of another value": [{"nodeSelector": {_label: "true"}}, [false, false, false, false]],
	"Exists": [_terms([[_op(_label, "Exists")]]), [true, false, true, false]],
	"DoesNotExist": [_terms([[_op(_label, "DoesNotExist")]]), [false, true, false, true]],
	"NotIn of another value": [_terms([[_with(_label, "NotIn", ["true"])]]), [true, true, true, true]],
	"NotIn of the value": [_terms([[_with(_label, "NotIn", [""])]]), [false, true, false, true]],
	"a tautology": [_terms([[_op(_label, "Exists")], [_op(_label, "DoesNotExist")]]), [true, true, true, true]],
	"an escape term": [_terms([[_op(_label, "Exists")], [_in("pool", ["infra"])]]), [true, true, true, false]],
	"a label more than the role's": [_terms([[_op(_label, "Exists"), _in("pool", ["infra"])]]), [true, false, false, false]],
	"a split tautology of existence": [_terms([[_op("pool", "DoesNotExist")], [_op("pool", "Exists")]]), [true, true, true, true]],
	"a split tautology of values": [_terms([[_in("pool", ["a"])], [_with("pool", "NotIn", ["a"])]]), [true, true, true, true]],
	"nodeSelector against a term": [
		object.union({"nodeSelector": {"pool": "a"}}, _terms([[_op("pool", "DoesNotExist")], [_op(_label, "Exists")]])),
		[true, false, false, false],
	],
	"a contradictory term": [_terms([[_in("pool", ["a"]), _in("pool", ["b"])], [_op(_label, "Exists")]]), [true, false, true, false]],
	"a name": [_fields([_in("metadata.name", ["cp-1"])]), [true, true, false, false]],
	"a host name": [_terms([[_in("kubernetes.io/hostname", ["cp-1"])]]), [true, true, false, false]],
	"an empty term": [_terms([[]]), [false, false, false, false]],
	"an empty term beside a nodeSelector": [
		object.union({"nodeSelector": {_label: ""}}, _terms([[]])),
		[false, false, false, false],
	],
	"a number that the label is not": [_terms([[_with(_label, "Gt", ["0"])]]), [false, false, false, false]],
	"a dead term": [_terms([[_with(_label, "Gt", ["x"])], [_op(_label, "Exists")]]), [true, false, true, false]],
	"a name left out": [
		{"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{
			"matchExpressions": [_op(_label, "Exists")],
			"matchFields": [_with("metadata.name", "NotIn", ["cp-9"])],
		}]}}}},
		[true, false, false, false],
	],
	"names on both sides": [
		{"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
			{"matchFields": [_with("metadata.name", "NotIn", ["cp-9"])]},
			{"matchFields": [_in("metadata.name", ["cp-9"])]},
		]}}}},
		[true, true, true, true],
	],
	"a field that no node has": [_fields([_in("spec.unschedulable", ["true"])]), [false, false, false, false]],
	"a field that no node has, left out": [_fields([_with("spec.unschedulable", "NotIn", ["true"])]), [true, true, true, true]],
	"two names in one requirement": [_fields([_in("metadata.name", ["a", "b"])]), [false, false, false, false]],
	"an operator that names lack": [_fields([_op("metadata.name", "Exists")]), [false, false, false, false]],
	"thresholds that meet": [_terms([[_with("n", "Gt", ["7"])], [_with("n", "Lt", ["8"])], [_op("n", "DoesNotExist")], [_with("n", "NotIn", ["7", "8"])]]), [true, true, true, true]],
	"thresholds with a gap": [_terms([[_with("n", "Gt", ["8"])], [_with("n", "Lt", ["8"])], [_op("n", "DoesNotExist")]]), [true, true, false, false]],
	"less than no number": [_terms([[_with("n", "Lt", ["0"])]]), [false, false, false, false]],
	"a negative threshold": [_terms([[_with("n", "Lt", ["-1"])]]), [false, false, false, false]],
	"a zero in front": [_terms([[_with("n", "Gt", ["07"]), _in("n", ["08"])]]), [true, true, false, false]],
	"a number beyond 64 bits": [_terms([[_with("n", "Gt", ["9223372036854775808"])]]), [false, false, false, false]],
	"two thresholds in one requirement": [_terms([[_with("n", "Gt", ["1", "2"])]]), [false, false, false, false]],
	"In without values": [_terms([[_with("n", "In", [])]]), [false, false, false, false]],
	"Exists with a value": [_terms([[_with("n", "Exists", ["x"])]]), [false, false, false, false]],
	"a key that is no label": [_terms([[_op("a b", "Exists")]]), [false, false, false, false]],
	"a key whose prefix is no domain": [_terms([[_op("A_b/c", "Exists")]]), [false, false, false, false]],
	"a value that is no label": [_terms([[_in("n", ["a b"])]]), [false, false, false, false]],
	"an operator that does not exist": [_terms([[_op("n", "exists")]]), [false, false, false, false]],
	"null values are empty strings": [_terms([[_with(_label, "In", [null])]]), [true, false, true, false]],
	"more labels than can be tried": [
		_terms([[_in(key, ["x", "y"])] | some key in ["a", "b", "c", "d", "e", "f", "g"]]),
		[true, true, false, false],
	],
}

test_class_verdicts[name] if {
	some name, [pod, expected] in _cases
	placement := pods.placement(pod, [], "scheduler")
	inside := _with_classes.classes[0]
	outside := _with_classes.outside[0]
	[
		_reaches(placement, inside),
		_reaches(placement, outside),
		_covers(placement, inside),
		_covers(placement, outside),
	] == expected
}

# Every state of a label that another role has is known.
test_terms_that_cover_the_states_of_another_role if {
	worker := {"name": "worker", "labels": [{"key": "worker", "value": ""}], "taints": []}
	class := roles.of({"nodeRoles": [_role, worker]})[0].classes[0]
	_covers(pods.placement(_terms([[_op("worker", "Exists")], [_op("worker", "DoesNotExist")]]), [], "scheduler"), class)
	not _covers(pods.placement(_terms([[_op("worker", "Exists")], [_in("worker", ["x"])]]), [], "scheduler"), class)
}

_reaches(placement, class) if feasibility.reaches(placement, [class])

_reaches(placement, class) := false if not feasibility.reaches(placement, [class])

_covers(placement, class) if feasibility.covers(placement, class)

_covers(placement, class) := false if not feasibility.covers(placement, class)

test_a_label_of_two_roles_has_the_value_of_the_other_outside_of_one if {
	parameters := {"nodeRoles": [
		{"name": "control-plane", "labels": [{"key": "role", "value": ""}], "taints": []},
		{"name": "worker", "labels": [{"key": "role", "value": "x"}], "taints": []},
	]}
	outside := roles.of(parameters)[0].outside[0]
	both := pods.placement(_terms([[_op("role", "DoesNotExist")], [_in("role", ["x"])]]), [], "scheduler")
	one := pods.placement(_terms([[_op("role", "DoesNotExist")]]), [], "scheduler")
	feasibility.covers(both, outside)
	not feasibility.covers(one, outside)
}
