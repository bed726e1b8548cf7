# METADATA
# title: Blocking disruption budget
# description: >-
#   A budget that selects the pods of a component never lets one of them be evicted, so that no node
#   that they run on can be drained.
# related_resources:
#   - https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node/
# custom:
#   category: disruption
#   severity: error
#   kinds: [budget]
#   columns: []
#   requires: [controller]
#   admission: warn
#   rationale: >-
#     A drain asks again and again, without end, and whoever updates the node gives up and deletes the
#     pods: then nothing protects them at all.
#   remediation: >-
#     Let at least one pod go: fewer in minAvailable, more in maxUnavailable, or more replicas.
package policies["blocking-disruption-budget"]

import data.lib.disruption.coverage
import data.lib.findings.disruption
import data.lib.workloads.workloads

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": {"path": path, "component": blocked.subject.component}} if {
	coverage.is_budget(input.review.object)
	selected := coverage.selected(input.review.object, input.parameters)
	some blocked in coverage.subjects(selected, input.parameters)
	running := coverage.running(blocked.workloads)
	running > 0
	coverage.countable(input.review.object, selected)
	counted := coverage.lasting(input.review.object, selected, blocked.workloads)
	status := coverage.status(input.review.object, counted)
	status.disruptionsAllowed == 0
	count(coverage.rivals(input.review.object, blocked.workloads)) == 0
	path := disruption.number_path(input.review.object)
	msg := concat("", [
		workloads.title(input.review.object),
		" lets no pod of ",
		blocked.subject.name,
		" be evicted: ",
		disruption.blocking(input.review.object, status, blocked.workloads),
	])
}

# Pods that neither a controller nor an operator makes anew come to as few as it keeps.
violation contains {"msg": msg, "details": {"path": path, "component": worn.subject.component}} if {
	coverage.is_budget(input.review.object)
	selected := coverage.selected(input.review.object, input.parameters)
	some worn in coverage.subjects(selected, input.parameters)
	coverage.wears_off(worn.subject, worn.workloads, selected)
	status := coverage.status(input.review.object, selected)
	status.disruptionsAllowed > 0
	status.desiredHealthy > 0
	count(coverage.rivals(input.review.object, worn.workloads)) == 0
	path := disruption.number_path(input.review.object)
	msg := concat("", [
		workloads.title(input.review.object),
		" lets no pod of ",
		worn.subject.name,
		" be evicted in the end: nothing makes its pods anew, and it keeps ",
		format_int(status.desiredHealthy, 10),
		" of them, a drain never ends",
	])
}

# METADATA
# description: holds where the budget counts pods of a DaemonSet, of which there are as many as nodes.
note contains {"code": "DAEMONSET_PODS_UNKNOWN", "path": path, "message": message} if {
	coverage.is_budget(input.review.object)
	selected := coverage.selected(input.review.object, input.parameters)
	some asked in coverage.subjects(selected, input.parameters)
	not coverage.countable(input.review.object, selected)
	path := disruption.number_path(input.review.object)
	message := concat("", [
		"whether it lets a pod of ",
		asked.subject.name,
		" be evicted was not judged: it counts pods of a DaemonSet, give the Nodes too",
	])
}
