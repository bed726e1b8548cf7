# METADATA
# title: Unreachable node role
# description: >-
#   A component cannot run on the nodes of its node role.
# related_resources:
#   - https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
#   - https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
# custom:
#   category: placement
#   severity: error
#   kinds: [workload]
#   columns: [nodeRole]
#   admission: deny
#   rationale: >-
#     To select a node is not to tolerate its taints, and a toleration with another value or effect does not
#     match. Such a component stays Pending, or is missing from the nodes that need it, with no error from
#     the API server.
#   remediation: >-
#     Tolerate every taint of the node role, and require only labels that its nodes have.
package policies["unreachable-node-role"]

import data.lib.findings.findings
import data.lib.findings.parameter_faults
import data.lib.findings.placement
import data.lib.findings.unchecked
import data.lib.nodes.roles
import data.lib.scheduling.capacity
import data.lib.scheduling.pods
import data.lib.scheduling.volumes
import data.lib.table.components
import data.lib.workloads.pod_limits
import data.lib.workloads.workloads

# METADATA
# entrypoint: true
violation contains findings.violation(msg, object.union(found, {"component": row.name})) if {
	some row in components.placing(input.review.object, input.parameters)
	some role in roles.demanded(row.nodeRole, input.parameters)
	some pod in pods.rescheduled(input.review.object)
	some found in _obstacles(row.nodeRole, input.review.object, pod, role)
	msg := concat("", [row.name, " cannot run on ", _nodes(row.nodeRole, role), ": ", found.says])
}

# A pod that its own fields keep off the nodes is a finding without its volumes.
violation contains findings.violation(msg, {
	"path": claim.path,
	"component": row.name,
	"fix": findings.advice("Use a volume that nodes of the role can attach."),
	"related": [findings.related(volume, ["spec", "nodeAffinity"], "its nodes")],
}) if {
	some row in components.placing(input.review.object, input.parameters)
	some role in roles.demanded(row.nodeRole, input.parameters)
	some pod in pods.rescheduled(input.review.object)
	pod.placement.way in {"scheduler", "daemon"}
	some claim in volumes.claims(input.review.object, pod)
	some volume in volumes.volumes(input.review.object, claim)
	count(_obstacles(row.nodeRole, input.review.object, pod, role)) == 0
	count(_obstacles(row.nodeRole, input.review.object, volumes.held(pod, volume), role)) > 0
	msg := concat("", [
		row.name,
		" cannot run on ",
		_nodes(row.nodeRole, role),
		": nodeAffinity of PersistentVolume ",
		workloads.name(volume),
		", which ",
		claim.name,
		" is bound to, matches ",
		_none(row.nodeRole),
	])
}

_none("all") := "not all of them"

_none(name) := "none of them" if name != "all"

violation contains parameter_faults.violation(input.review.object, says) if {
	parameters := object.get(input, "parameters", {})
	some says in (parameter_faults.of_components(parameters, ["nodeRole"]) | parameter_faults.of_roles(parameters))
}

violation contains parameter_faults.violation(input.review.object, says) if {
	some row in components.of(input.review.object, input.parameters)
	some says in parameter_faults.of_role_name(row.nodeRole, roles.words, input.parameters)
}

violation contains unchecked.violation(may, excess, row.name) if {
	some row in components.of(input.review.object, input.parameters)
	some excess in pod_limits.placement(input.review.object)
	some role in roles.demanded(row.nodeRole, input.parameters)
	may := concat(" ", [row.name, "may be unable to run on", role.name, "nodes"])
}

_obstacles("all", obj, pod, role) := placement.gaps(obj, pod, role)

_obstacles(name, obj, pod, role) := placement.obstacles(obj, pod, role) if name != "all"

_nodes("all", role) := concat("", ["every ", role.name, " node"])

_nodes(name, role) := concat(" ", [role.name, "nodes"]) if name != "all"

# METADATA
# description: holds where no Node that the component can run on has what one of its pods requests.
note contains placement.too_large(row.name, pod, exceeded) if {
	some row in components.placing(input.review.object, input.parameters)
	count(pod_limits.placement(input.review.object)) == 0
	pod := pods.main(input.review.object)
	exceeded := capacity.exceeded(input.review.object, pod)
}

# METADATA
# description: holds where a ResourceQuota of the component's namespace admits no pods.
note contains placement.without_quota(row.name, quota) if {
	some row in components.placing(input.review.object, input.parameters)
	some quota in capacity.quotas(input.review.object)
}
