# METADATA
# title: Parity of disruption control
# description: Answers the questions of tools/disruption-oracle with the libraries, in the form of the oracle.
package test.disruption

import data.lib.api.int_or_percent
import data.lib.api.selectors
import data.lib.disruption.budget_status
import data.lib.disruption.budgets
import data.lib.scheduling.feasible_nodes
import data.lib.scheduling.node_ports
import data.lib.scheduling.node_sharing
import data.lib.scheduling.stuck_rollouts
import data.lib.scheduling.topology_spread
import data.lib.workloads.pod_labels
import data.lib.workloads.replicas
import data.lib.workloads.rollouts

# METADATA
# description: is the answer to the one question of the input.
# entrypoint: true
answer := _selector(input.selector) if input.selector

answer := _scale(input.scale) if input.scale

answer := _budget(input.budget) if input.budget

answer := _rollout(input.rollout) if input.rollout

answer := _spread(input.spread) if input.spread

answer := _placed(input.placed) if input.placed

answer := count({true | node_ports.conflict(input.ports.first.spec, input.ports.second.spec)}) > 0 if input.ports

_selector(asked) := {
	"selects": count({true | selectors.matches(asked.selector, asked.labels)}) > 0,
	"invalid": count({true | selectors.valid(asked.selector)}) == 0,
}

_scale(asked) := {"value": 0, "invalid": true} if {
	not int_or_percent.valid(asked.value)
} else := {"value": int_or_percent.scaled_up(asked.value, asked.total), "invalid": false} if {
	asked.roundUp
} else := {"value": int_or_percent.scaled_down(asked.value, asked.total), "invalid": false}

# Pods that the budget does not select do not count.
_budget(asked) := object.union(status, {"selects": selects}) if {
	selects := count({true | budgets.selects(asked.budget, asked.labels)}) > 0
	groups := [group |
		some group in asked.groups
		selects
	]
	status := budget_status.status(asked.budget, groups, sum([_ready(group) | some group in groups]))
}

_ready(group) := object.get(group, "ready", group.replicas)

_rollout(asked) := object.union(rollouts.of(asked.workload, pods), {"replicas": pods}) if {
	pods := _pods(asked)
}

_pods(asked) := asked.nodes if {
	asked.workload.kind == "DaemonSet"
} else := replicas.declared(asked.workload)

_spread(asked) := {
	"within": _means(node_sharing.bounds_within(asked.workload, asked.counts), asked.pods),
	"across": _means(node_sharing.bounds_across(asked.workload, asked.counts), asked.pods),
	"spreads": count([constraint |
		some constraint in topology_spread.constraints(asked.workload)
		constraint.value.whenUnsatisfiable == "DoNotSchedule"
		count(topology_spread.mismatches(constraint, pod_labels.siblings(asked.workload))) == 0
	]) > 0,
	"stuck": count(stuck_rollouts.of(asked.workload, replicas.declared(asked.workload), asked.counts)) > 0,
}

_placed(asked) := {"fit": fit, "full": full} if {
	fit := feasible_nodes.names(asked.workload) with data.inventory as asked.inventory
	sorts := feasible_nodes.sorts(asked.workload) with data.inventory as asked.inventory
	full := "topologySpread" in _means(node_sharing.bounds_within(asked.workload, sorts), asked.pods)
}

# What keeps another pod off a node that has so many.
_means(bounds, pods) := {bound.means | some bound in bounds; bound.pods <= pods}
