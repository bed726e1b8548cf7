# METADATA
# title: Simulation
# description: >-
#   What a simulation of drains and updates needs to know about a workload and a budget, by the same
#   arithmetic as the policies: where pods can be, how many there are, what keeps them on different nodes,
#   how their controller updates them, and how many the budget keeps.
package lib.disruption.simulation

import data.lib.api.fields
import data.lib.disruption.coverage
import data.lib.scheduling.domains
import data.lib.scheduling.feasible_nodes
import data.lib.scheduling.node_sharing
import data.lib.table.subjects
import data.lib.workloads.replicas
import data.lib.workloads.rollouts
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns the workload as the simulation runs it: for each component that matches it, or as another
#   workload where disruption control is required of those.
workloads(obj, parameters) := [workload |
	not subjects.is_custom(obj)
	some subject in subjects.of(obj, parameters)
	coverage.concerns(subject)
	least := coverage.pods(obj)
	workload := {
		"id": id(obj),
		"component": subject.name,
		"kind": obj.kind,
		"nodes": feasible_nodes.names(obj),
		"replicas": least,
		"closed": feasible_nodes.shut_names(obj),
		"apart": _apart(obj),
		"rules": domains.of(obj),
		"update": _update(obj, rollouts.of(obj, least)),
		"peak": _peak(obj, least),
		"isRecreated": _is_recreated(obj, subject),
		"isStatic": _is_static(obj, subject),
	}
]

# METADATA
# description: true if the object should be simulated, and its kind does not say how many pods it runs.
unknown(obj, parameters) if {
	some subject in subjects.custom(obj, parameters)
	coverage.concerns(subject)
}

# METADATA
# description: returns the id of the workload in a simulation.
id(obj) := concat("", [obj.kind, " ", workloads.namespace(obj), "/", workloads.name(obj)])

_apart(obj) := "always" if {
	count(_lasting(node_sharing.across_revisions(obj, feasible_nodes.sorts(obj)))) > 0
} else := "revision" if {
	obj.kind != "DaemonSet"
	count(_lasting(node_sharing.within_revision(obj, feasible_nodes.sorts(obj)))) > 0
} else := "no"

# Topology spread is a rule of domains: how many pods a node takes depends on the others.
_lasting(means) := means - {"topologySpread"}

# The most replicas that autoscalers run, null if that is not more.
_peak(obj, least) := {"replicas": most, "update": _update(obj, rollouts.of(obj, most))} if {
	replicas.counted(obj)
	most := replicas.most(obj)
	most > least
} else := null

_update(obj, rolled) := {"type": "recreate"} if {
	rollouts.recreates(obj)
} else := {"type": "rolling", "surge": rolled.surge, "unavailable": rolled.unavailable} if {
	obj.kind == "Deployment"
} else := {"type": "ordered", "from": from, "unavailable": rolled.unavailable} if {
	from := fields.at(obj, ["spec", "updateStrategy", "rollingUpdate", "partition"], 0)
	obj.kind == "StatefulSet"
	rolled.strategy == "RollingUpdate"
} else := {"type": "daemon", "surge": rolled.surge, "unavailable": rolled.unavailable} if {
	obj.kind == "DaemonSet"
	rolled.strategy == "RollingUpdate"
} else := {"type": "none"}

# A Deployment that has the name of a static pod is evicted as any other.
default _is_static(_, _) := false

_is_static(obj, subject) if {
	subject.static
	obj.kind == "Pod"
}

_is_recreated(obj, _) if obj.kind != "Pod"

_is_recreated(obj, subject) if {
	obj.kind == "Pod"
	subject.managed
} else := false if {
	obj.kind == "Pod"
}

# METADATA
# description: >-
#   returns how many pods of the simulated workloads that it selects the budget keeps healthy besides other
#   pods, which stay, and the causes that never allow an eviction.
budgets(obj, parameters) := [budget |
	coverage.is_budget(obj)
	selected := coverage.selected(obj, parameters)
	own := [found |
		some member in coverage.subjects(selected, parameters)
		coverage.concerns(member.subject)
		some found in member.workloads
		not subjects.is_custom(found) # what is not simulated stays
	]
	count(own) > 0
	lasting := coverage.lasting(obj, selected, own)
	status := coverage.status(obj, lasting)
	budget := {
		"name": workloads.title(obj),
		"workloads": sort({id(found) | some found in own}),
		"desiredHealthy": status.desiredHealthy - (coverage.running(lasting) - _pods(own)),
		"causes": status.causes,
	}
]

_pods(objects) := sum([coverage.pods(obj) | some obj in objects])
