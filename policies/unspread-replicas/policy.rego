# METADATA
# title: Unspread replicas
# description: >-
#   Nothing hints the scheduler to keep the pods of a component on different nodes.
# related_resources:
#   - https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
# custom:
#   category: spread
#   severity: error
#   kinds: [workload]
#   columns: [antiAffinity]
#   parameters: [components, customWorkloads]
#   inventory: [controller, node, runtimeClass]
#   referential: false
#   rationale: >-
#     Two replicas on one node fail together. A rule that selects other pods than its own, or
#     spreads over a wider topology than the node, is accepted by the API server and does nothing.
#   remediation: >-
#     Add a pod anti-affinity term over kubernetes.io/hostname whose selector matches the labels of
#     the component's own pods.
package policies["unspread-replicas"]

import data.lib.anti_affinity
import data.lib.component
import data.lib.eligible_node
import data.lib.owner
import data.lib.spread

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": {"path": fault.path, "component": row.name}} if {
	not owner.judged_there(input.review.object)
	some row in component.rows_of(input.review.object, input.parameters.components)
	row.antiAffinity
	count(spread.within_revision(
		input.review.object,
		eligible_node.sorts(input.review.object),
	)) == 0
	some fault in anti_affinity.shortcomings(input.review.object)
	msg := concat("", [row.name, " is not spread over nodes: ", fault.reason])
}
