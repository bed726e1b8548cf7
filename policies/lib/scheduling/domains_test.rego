package lib.scheduling.domains_test

import data.lib.scheduling.domains

_labels := {"app": "x"}

_spread(changes) := object.union(
	{
		"maxSkew": 1,
		"topologyKey": "kubernetes.io/hostname",
		"whenUnsatisfiable": "DoNotSchedule",
		"labelSelector": {"matchLabels": _labels},
	},
	changes,
)

_term(changes) := object.union(
	{"topologyKey": "topology.kubernetes.io/zone", "labelSelector": {"matchLabels": _labels}},
	changes,
)

_object(kind, spec) := {
	"apiVersion": "apps/v1",
	"kind": kind,
	"metadata": {"name": "web", "namespace": "shop"},
	"spec": {"replicas": 2, "template": {
		"metadata": {"labels": _labels},
		"spec": object.union({"nodeSelector": {"web": "yes"}}, spec),
	}},
}

_constrained(constraint) := _object("Deployment", {"topologySpreadConstraints": [constraint]})

_repelling(term) := _object("Deployment", {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}})

_node(name, labels, taints) := {
	"apiVersion": "v1",
	"kind": "Node",
	"metadata": {"name": name, "uid": name, "labels": labels},
	"spec": {"taints": taints},
}

_zone(zone) := {"web": "yes", "topology.kubernetes.io/zone": zone}

_taint := [{"key": "full", "effect": "NoSchedule"}]

_nodes := {
	"a": _node("a", _zone("1"), []),
	"b": _node("b", _zone("1"), []),
	"c": _node("c", {"web": "yes", "kubernetes.io/hostname": "c.local"}, []),
	"t": _node("t", _zone("2"), _taint),
	"u": _node("u", {"topology.kubernetes.io/zone": "3"}, []),
}

_beside(others) := {
	"cluster": {"v1": {"Node": _nodes}},
	"namespace": {"shop": {"apps/v1": {"Deployment": others}}},
}

_other(labels, owners) := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "other", "namespace": "shop", "ownerReferences": owners},
	"spec": {"template": {"metadata": {"labels": labels}}},
}

_hosts := {"a": "a", "b": "b", "c": "c.local"}

_spread_cases := {
	"a tainted node counts by default": [_spread({}), object.union(_hosts, {"t": "t"}), {}],
	"a tainted node does not count where taints are honoured": [
		_spread({"nodeTaintsPolicy": "Honor"}),
		_hosts,
		{"honorsTaints": true},
	],
	"an unselected node counts where the selection is ignored": [
		_spread({"nodeTaintsPolicy": "Honor", "nodeAffinityPolicy": "Ignore"}),
		object.union(_hosts, {"u": "u"}),
		{"honorsTaints": true},
	],
	"any skew and number of domains is given": [
		_spread({"maxSkew": 3, "minDomains": 5}),
		object.union(_hosts, {"t": "t"}),
		{"maxSkew": 3, "minDomains": 5},
	],
	"a node without the label does not count": [
		_spread({"topologyKey": "topology.kubernetes.io/zone"}),
		{"a": "1", "b": "1", "t": "2"},
		{},
	],
	"old pods do not count if the revision is a part of the selector": [
		_spread({"matchLabelKeys": ["pod-template-hash"]}),
		object.union(_hosts, {"t": "t"}),
		{"across": false},
	],
}

test_spread[name] if {
	some name, [constraint, expected, changes] in _spread_cases
	[rule] := domains.of(_constrained(constraint)) with data.inventory as _beside({})
	rule == object.union(
		{
			"means": "spread",
			"across": true,
			"domains": expected,
			"maxSkew": 1,
			"minDomains": 1,
			"honorsTaints": false,
			"isShared": false,
		},
		changes,
	)
}

_promising_nothing := {
	"a preferred constraint": _constrained(_spread({"whenUnsatisfiable": "ScheduleAnyway"})),
	"a constraint on other pods": _constrained(_spread({"labelSelector": {"matchLabels": {"app": "y"}}})),
	"a constraint with an empty selector": _constrained(object.union(object.remove(_spread({}), ["labelSelector"]), {"labelSelector": {}})),
	"a constraint without a selector": _constrained(object.remove(_spread({}), ["labelSelector"])),
	"a constraint without a skew": _constrained(_spread({"maxSkew": 0})),
	"a constraint of a DaemonSet": _object("DaemonSet", {"topologySpreadConstraints": [_spread({})]}),
	"a constraint of pods with nodeName": _object("Deployment", {
		"nodeName": "a",
		"topologySpreadConstraints": [_spread({})],
	}),
	"a term in another namespace": _repelling(_term({"namespaces": ["other"]})),
	"a term on other pods": _repelling(_term({"labelSelector": {"matchLabels": {"app": "y"}}})),
}

test_promising_nothing[name] if {
	some name, obj in _promising_nothing
	domains.of(obj) == [] with data.inventory as _beside({})
}

test_a_required_term_makes_zones_exclusive if {
	[rule] := domains.of(_repelling(_term({}))) with data.inventory as _beside({})
	rule.means == "exclusive"
	rule.across
	rule.domains == {"a": "1", "b": "1"}
}

test_a_term_on_a_revision_lets_the_next_one_in if {
	[rule] := domains.of(_repelling(_term({"matchLabelKeys": ["pod-template-hash"]}))) with data.inventory as _beside({})
	not rule.across
}

test_a_constraint_that_counts_pods_of_others_is_shared if {
	obj := _constrained(_spread({}))
	domains.of(obj)[0].isShared with data.inventory as _beside({"other": _other(_labels, [])})
	not domains.of(obj)[0].isShared with data.inventory as _beside({"other": _other({"app": "y"}, [])})
}

test_pods_of_the_workload_itself_are_not_others if {
	owner := {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "controller": true}
	inventory := _beside({"web": _constrained(_spread({})), "other": _other(_labels, [owner])})
	not domains.of(_constrained(_spread({})))[0].isShared with data.inventory as inventory
}

test_every_required_constraint_must_find_its_label if {
	obj := _object("Deployment", {"topologySpreadConstraints": [
		_spread({}),
		_spread({"topologyKey": "topology.kubernetes.io/zone"}),
	]})
	found := domains.of(obj) with data.inventory as _beside({})
	[object.keys(rule.domains) | some rule in found] == [{"a", "b", "t"}, {"a", "b", "t"}]
}
