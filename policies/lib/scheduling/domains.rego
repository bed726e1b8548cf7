# METADATA
# title: Domains
# description: >-
#   What a scheduler must respect when it places the pods of one workload beside each other, by the domains of
#   its required anti-affinity and topology spread constraints, whatever their topology is. What is only
#   preferred promises nothing.
# custom:
#   reads: [controller, pod]
package lib.scheduling.domains

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.api.selectors
import data.lib.nodes.nodes
import data.lib.scheduling.feasible_nodes
import data.lib.scheduling.inter_pod_affinity
import data.lib.scheduling.topology_spread
import data.lib.workloads.controllers
import data.lib.workloads.pod_labels
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns the rules of the workload, each with the domain of each Node that counts. `exclusive`: a domain
#   takes one pod, and a node without domain any number. `spread`: a domain takes a pod while it then has at
#   most `maxSkew` more than the emptiest domain, which is empty if there are fewer than `minDomains`, and a
#   node without domain takes none; where it `honorsTaints`, a node that is closed to new pods does not count.
#   `across`: old and new pods count for each other during an update. `isShared`: pods of other workloads count
#   too, and how they are spread is not known. The controller itself binds the pods of a DaemonSet.
of(obj) := [] if {
	obj.kind == "DaemonSet"
} else := array.concat(
	[rule | some rule in {_exclusive(obj, term) | some term in _repelling(obj, pod_labels.siblings(obj))}],
	[_spread(obj, constraint) |
		[first, second] := pod_labels.siblings(obj)
		some constraint in topology_spread.binding(obj, first, second)
	],
)

_repelling(obj, [first, second]) := array.concat(
	inter_pod_affinity.repelling(obj, first, second),
	inter_pod_affinity.repelling(obj, second, first),
)

_exclusive(obj, term) := {
	"means": "exclusive",
	"across": term in _repelling(obj, pod_labels.revisions(obj)),
	"domains": {nodes.name(member): domain |
		some member in feasible_nodes.members(obj)
		some domain in _domain(member, fields.field_text(term.value, "topologyKey"))
	},
	"maxSkew": 1,
	"minDomains": 1,
	"honorsTaints": false,
	"isShared": false,
}

_spread(obj, constraint) := {
	"means": "spread",
	"across": _counts_across(obj, constraint),
	"domains": {nodes.name(member): domain |
		some member in feasible_nodes.of_sorts(obj, {"fit"} | topology_spread.counting(constraint.value))
		_has_all_domains(obj, member)
		some domain in _domain(member, fields.field_text(constraint.value, "topologyKey"))
	},
	"maxSkew": constraint.value.maxSkew,
	"minDomains": fields.get(constraint.value, "minDomains", 1),
	"honorsTaints": topology_spread.honors_taints(constraint.value),
	"isShared": _is_shared(obj, constraint),
}

_counts_across(obj, constraint) if {
	[first, second] := pod_labels.revisions(obj)
	constraint in topology_spread.binding(obj, first, second)
} else := false

# Nodes without the label of some required constraint do not count for any.
_has_all_domains(obj, member) if {
	every constraint in topology_spread.required(obj) {
		count(_domain(member, fields.field_text(constraint.value, "topologyKey"))) > 0
	}
}

# The kubelet sets the label of the node itself.
_domain(member, key) := [fields.get(nodes.labels(member), key, nodes.name(member))] if {
	key == inter_pod_affinity.node_topology
} else := [value | value := nodes.labels(member)[key]]

# Pods of others that a constraint counts may balance any number of the workload's own on one node.
_is_shared(obj, constraint) if {
	selector := inter_pod_affinity.selector(constraint.value, pod_labels.typical(obj))
	some kind, sort in workloads.kinds
	some other in inventory.in_namespace(workloads.namespace(obj), sort.groups, kind)
	workloads.title(other) != workloads.title(obj)
	not controllers.named(other) # its controller is there, or is the object itself
	selectors.matches(selector, pod_labels.typical(other))
} else := false
