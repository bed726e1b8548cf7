# METADATA
# title: Stopped component
# description: >-
#   No pod of a component runs, or some of its replicas never do: it is scaled to 0, has scheduling gates, is
#   evicted from the nodes of its role, or has more replicas than nodes.
# related_resources:
#   - https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions
#   - https://kubernetes.io/docs/concepts/scheduling-eviction/pod-scheduling-readiness/
# custom:
#   category: components
#   severity: error
#   kinds: [workload]
#   columns: [nodeRole, disruptionControl]
#   admission: warn
#   rationale: >-
#     A budget and a rolling update protect nothing where no pod runs. A pod that tolerates a NoExecute taint
#     for some seconds is scheduled, and deleted after that time, again and again; no budget is asked.
#     Kubernetes reports none of this as an error.
#   remediation: >-
#     Run at least one replica and no more than there are nodes for them, remove schedulingGates, and tolerate
#     NoExecute taints without tolerationSeconds.
package policies["stopped-component"]

import data.lib.disruption.coverage
import data.lib.findings.findings
import data.lib.findings.parameter_faults
import data.lib.findings.placement
import data.lib.findings.stops
import data.lib.findings.unchecked
import data.lib.findings.updates
import data.lib.nodes.nodes
import data.lib.nodes.roles
import data.lib.scheduling.feasible_nodes
import data.lib.scheduling.pods
import data.lib.scheduling.stuck_rollouts
import data.lib.table.components
import data.lib.table.subjects
import data.lib.workloads.pod_limits
import data.lib.workloads.replicas

# METADATA
# entrypoint: true
violation contains findings.violation(msg, object.union(found, {"component": subject.component})) if {
	some subject in subjects.of(input.review.object, input.parameters)
	subject.component != null # others are scaled to 0 on purpose
	subject.disruptionControl
	some found in stops.without_replicas(input.review.object, subject)
	msg := concat(" ", [subject.name, found.says])
}

violation contains findings.violation(msg, object.union(found, {"component": row.name})) if {
	some row in components.placing(input.review.object, input.parameters)
	some pod in pods.of(input.review.object)
	some found in stops.gates(input.review.object, pod)
	msg := concat(" ", [row.name, found.says])
}

violation contains findings.violation(msg, object.union(found, {"component": row.name})) if {
	some row in components.placing(input.review.object, input.parameters)
	some role in roles.demanded(row.nodeRole, input.parameters)
	some pod in pods.rescheduled(input.review.object)
	some found in placement.evictions(input.review.object, pod, role, row.nodeRole)
	msg := concat("", [row.name, " does not stay on ", role.name, " nodes: ", found.says])
}

# Those that an update restarts are findings of stuck-rollout.
violation contains findings.violation(updates.crowded(subject, fault, running), {
	"path": updates.stuck_path(input.review.object, fault),
	"component": subject.component,
	"fix": updates.stuck_fix(input.review.object, fault, running),
	"related": updates.stuck_related(input.review.object),
}) if {
	some subject in subjects.of(input.review.object, input.parameters)
	coverage.concerns(subject)
	replicas.counted(input.review.object)
	count(_excesses) == 0
	running := replicas.most(input.review.object)
	nodes.given
	available := feasible_nodes.sorts(input.review.object)
	available.fit > 0
	some fault in stuck_rollouts.crowded(input.review.object, running, available)
}

violation contains parameter_faults.violation(input.review.object, says) if {
	some says in parameter_faults.of_rows(object.get(input, "parameters", {}), ["nodeRole", "disruptionControl"])
}

violation contains parameter_faults.violation(input.review.object, says) if {
	some row in components.of(input.review.object, input.parameters)
	some says in parameter_faults.of_role_name(row.nodeRole, roles.words, input.parameters)
}

violation contains unchecked.violation(may, excess, subject.component) if {
	some subject in subjects.of(input.review.object, input.parameters)
	coverage.concerns(subject)
	some excess in _excesses
	may := concat("", [subject.name, " may not run"])
}

_excesses := union({
	pod_limits.placement(input.review.object),
	pod_limits.sharing(input.review.object),
	replicas.excess(input.review.object),
})
