# METADATA
# title: Disruption in words
# description: The numbers of a budget and of an update as messages give them, and where each is written.
package lib.findings.disruption

import data.lib.disruption.budget_status
import data.lib.disruption.coverage
import data.lib.workloads.rollouts

# METADATA
# description: returns the path of the number that the budget goes by, its spec where it has none.
number_path(budget) := ["spec", budget_status.field(budget)] if {
	budget_status.field(budget) != ""
} else := ["spec"]

# METADATA
# description: >-
#   returns why the budget, with this status, allows no eviction of pods of the workloads, with its numbers:
#   2 replicas, minAvailable 2: 0 evictions allowed, a drain never ends.
blocking(budget, status, workloads) := concat("", [status.reason, _never(workloads)]) if {
	not _by_number(budget, status)
} else := concat("", [
	counted(status.expectedPods),
	", ",
	number(budget),
	_never(workloads),
	_advice(status.expectedPods, workloads),
])

_never(workloads) := ": 0 evictions allowed, a drain never ends" if _drained(workloads)

_never(workloads) := ": 0 evictions allowed" if not _drained(workloads)

# kubectl drain passes the pods of DaemonSets over.
_drained(workloads) if {
	some found in workloads
	found.kind != "DaemonSet"
}

_advice(count_, workloads) := advice(count_) if _drained(workloads)

_advice(_, workloads) := "" if not _drained(workloads)

_by_number(budget, status) if {
	not status.syncFailed
	status.expectedPods > 0
	budget_status.field(budget) != ""
}

# METADATA
# description: returns in numbers why the budget lets all pods go.
powerless(budget, running, allowed) := concat("", [
	counted(running),
	", ",
	number(budget),
	": ",
	format_int(allowed, 10),
	" evictions allowed at once",
])

# METADATA
# description: returns the budget's number in words, as in "minAvailable 50%".
number(budget) := concat(" ", [budget_status.field(budget), text(budget.spec[budget_status.field(budget)])])

# METADATA
# description: returns a count of pods in words.
counted(1) := "1 replica"

counted(count_) := concat(" ", [format_int(count_, 10), "replicas"]) if count_ != 1

# METADATA
# description: returns what to change where there is but one pod, which no number of a budget helps.
advice(1) := "; with 1 replica a budget either blocks or protects nothing, run 2"

advice(count_) := "" if count_ != 1

# METADATA
# description: returns a number or percentage as it is written.
text(given) := given if is_string(given)

text(given) := json.marshal(given) if not is_string(given)

_means := {
	"hostPort": "a port of the node",
	"antiAffinity": "required pod anti-affinity",
	"topologySpread": "a topology spread constraint",
}

# METADATA
# description: >-
#   returns why an update of so many replicas never ends on so many nodes, where the means keep new pods
#   off the nodes of old ones, or of each other.
stuck(obj, running, fit, means) := concat("", [
	_kept(obj, running, fit),
	" are kept apart by ",
	concat(" and ", sort([_means[name] | some name in means])),
	_hindrance(running, fit),
])

_kept(obj, _, _) := "the old and the new pod of a node" if obj.kind == "DaemonSet"

_kept(obj, running, fit) := concat(" on ", [counted(running), _nodes(fit)]) if {
	obj.kind != "DaemonSet"
}

_hindrance(running, fit) := ", and none may go before a new one runs" if running <= fit

_hindrance(running, fit) := concat("", [
	", so that no more than ",
	format_int(fit, 10),
	" can run",
]) if {
	running > fit
}

_nodes(1) := "1 node"

_nodes(count_) := concat(" ", [format_int(count_, 10), "nodes"]) if count_ != 1

# METADATA
# description: >-
#   returns the update of a workload with its numbers: how many pods it runs, how many are available
#   at least while it is updated, why in words, and the place to change.
update(obj) := {
	"replicas": running,
	"available": rolled.available,
	"path": _update_path(obj),
	"words": _update_words(obj, rolled, running),
} if {
	running := coverage.pods(obj)
	rolled := rollouts.of(obj, running)
}

# METADATA
# description: >-
#   returns the number of pods of a StatefulSet that may be missed during an update where a feature gate is
#   on, if it is not 1: where it is written, and as it is written.
gated_update(obj) := {"path": path, "text": text(given)} if {
	obj.kind == "StatefulSet"
	startswith(obj.apiVersion, "apps/")
	path := ["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"]
	given := object.get(obj, path, null)
	not given in {null, 1}
	rollouts.of(obj, coverage.pods(obj)).unavailable > 0
}

_update_path(obj) := ["spec", rollouts.field[obj.kind], "type"] if {
	rollouts.recreates(obj)
} else := ["spec", "strategy", "rollingUpdate", "maxUnavailable"] if {
	obj.kind == "Deployment"
} else := ["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"] if {
	obj.kind == "DaemonSet"
} else := ["spec", "replicas"]

_update_words(obj, rolled, running) := concat("", [
	rolled.strategy,
	" deletes every pod before it makes a new one",
]) if {
	rollouts.recreates(obj)
} else := "a StatefulSet deletes its 1 replica before it makes the next" if {
	obj.kind == "StatefulSet"
} else := "it may take the pods of all nodes down at once" if {
	obj.kind == "DaemonSet"
} else := concat("", [
	counted(running),
	", of which ",
	format_int(rolled.unavailable, 10),
	" may be unavailable",
])
