# METADATA
# title: Stuck rollout
# description: >-
#   An update of a component can never finish: its new pods cannot share a node with the old ones, and
#   too few of these may stop first; or its replicas cannot share a node, and there are too few nodes; or a
#   topology spread constraint counts nodes that its pods cannot run on. What an older Kubernetes of the profile
#   ignores lets no update finish.
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
#     By default a Deployment of up to three replicas stops no old pod before a new one is ready. If its
#     pods cannot share a node, and every node has one, the new pod stays pending and the update never
#     completes. By default a topology spread constraint counts a cordoned or tainted node as one without
#     pods, so that maxSkew keeps pods off the others.
#   remediation: >-
#     Allow one pod to be unavailable (maxUnavailable 1, maxSurge 0), or apply the anti-affinity to pods of
#     one revision only (matchLabelKeys pod-template-hash, from Kubernetes 1.31 on), or add a node. In a
#     topology spread constraint, set nodeTaintsPolicy to Honor (from Kubernetes 1.26 on).
package policies["stuck-rollout"]

import data.lib.disruption.coverage
import data.lib.findings.findings
import data.lib.findings.parameter_faults
import data.lib.findings.unchecked
import data.lib.findings.updates
import data.lib.nodes.nodes
import data.lib.scheduling.feasible_nodes
import data.lib.scheduling.pods
import data.lib.scheduling.stuck_rollouts
import data.lib.scheduling.volumes
import data.lib.table.subjects
import data.lib.workloads.pod_limits
import data.lib.workloads.replicas
import data.lib.workloads.rollouts

# METADATA
# entrypoint: true
violation contains findings.violation(updates.stuck(subject, stuck, running), {
	"path": updates.stuck_path(input.review.object, stuck),
	"component": subject.component,
	"fix": updates.stuck_fix(input.review.object, stuck, running),
	"related": updates.stuck_related(input.review.object),
}) if {
	some subject in subjects.of(input.review.object, input.parameters)
	coverage.concerns(subject)
	count(_excesses) == 0
	_is_known(input.review.object) # in a cluster, reading all Nodes takes longer than everything else
	sorts := feasible_nodes.sorts(input.review.object)
	sorts.fit > 0
	running := _running(input.review.object, sorts)
	some stuck in stuck_rollouts.explained(input.review.object, running, sorts)
}

violation contains parameter_faults.violation(input.review.object, says) if {
	some says in parameter_faults.of_rows(object.get(input, "parameters", {}), [])
}

violation contains unchecked.violation(may, excess, subject.component) if {
	some subject in subjects.of(input.review.object, input.parameters)
	coverage.concerns(subject)
	some excess in _excesses
	may := concat("", ["an update of ", subject.name, " may never finish"])
}

# METADATA
# description: holds where a new pod shares a claim with the old one that one node, or one pod, uses at a time.
note contains updates.exclusive(input.review.object, claim, modes) if {
	some subject in subjects.of(input.review.object, input.parameters)
	coverage.concerns(subject)
	some pod in pods.of(input.review.object)
	some claim in volumes.claims(input.review.object, pod)
	claim.shared
	modes := volumes.exclusive_modes(input.review.object, claim)
	count(modes) > 0
	rollouts.of(input.review.object, coverage.pods(input.review.object)).surge > 0
}

_excesses := union({
	pod_limits.placement(input.review.object),
	pod_limits.sharing(input.review.object),
	replicas.excess(input.review.object),
})

# The number of nodes is known, or does not matter: a DaemonSet replaces one pod on each.
_is_known(_) if nodes.given

_is_known(obj) if obj.kind == "DaemonSet"

_running(obj, _) := replicas.most(obj) if obj.kind != "DaemonSet"

_running(obj, sorts) := sorts.fit if obj.kind == "DaemonSet"
