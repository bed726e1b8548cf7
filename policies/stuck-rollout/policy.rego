# METADATA
# title: Stuck rollout
# description: >-
#   An update of a component can never end: its new pods may not share a node with the old ones, and too
#   few of these may go first, or not with each other, and there are too few nodes.
# related_resources:
#   - https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment
# custom:
#   category: spread
#   severity: error
#   kinds: [workload]
#   columns: []
#   requires: [node]
#   admission: warn
#   rationale: >-
#     By default a Deployment of up to three replicas lets none go before a new one runs. With as many
#     nodes as replicas, and pods that keep apart, the new one waits for ever: the next update of the
#     component is the one that never arrives.
#   remediation: >-
#     Let one pod be unavailable (maxUnavailable 1, maxSurge 0), or keep only pods of one revision apart
#     (matchLabelKeys pod-template-hash), or add a node.
package policies["stuck-rollout"]

import data.lib.api.inventory
import data.lib.disruption.coverage
import data.lib.findings.disruption
import data.lib.scheduling.feasible_nodes
import data.lib.scheduling.spread
import data.lib.table.subjects
import data.lib.workloads.replicas

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": {"path": path, "component": subject.component}} if {
	some subject in subjects.of(input.review.object, input.parameters)
	coverage.concerns(subject)
	_is_known(input.review.object) # in a cluster, to read all Nodes takes longer than all else
	nodes := feasible_nodes.sorts(input.review.object)
	nodes.fit > 0
	running := _running(input.review.object, nodes)
	spread.stuck(input.review.object, running, nodes)
	path := _path(input.review.object, running, nodes)
	msg := concat("", [
		subject.name,
		" can never finish an update: ",
		disruption.stuck(
			input.review.object,
			running,
			nodes.fit,
			_means(input.review.object, running, nodes),
		),
	])
}

# How many nodes there are, or that it does not matter: on each a DaemonSet has one pod to replace.
_is_known(_) if inventory.has_nodes

_is_known(obj) if obj.kind == "DaemonSet"

_running(obj, _) := replicas.most(obj) if obj.kind != "DaemonSet"

_running(obj, nodes) := nodes.fit if obj.kind == "DaemonSet"

_means(obj, running, nodes) := spread.within_revision(obj, nodes) if {
	spread.crowded(obj, running, nodes)
} else := spread.across_revisions(obj, nodes)

_path(obj, running, nodes) := ["spec", "replicas"] if {
	spread.crowded(obj, running, nodes)
} else := ["spec", "updateStrategy", "rollingUpdate", "maxSurge"] if {
	obj.kind == "DaemonSet"
} else := ["spec", "strategy", "rollingUpdate", "maxUnavailable"]
