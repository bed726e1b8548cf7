# METADATA
# title: Updates in words
# description: What is wrong with how a workload is updated, and how to fix it.
# custom:
#   reads: [node]
package lib.findings.updates

import data.lib.findings.edits
import data.lib.findings.findings
import data.lib.findings.words
import data.lib.nodes.nodes
import data.lib.scheduling.feasible_nodes
import data.lib.scheduling.topology_spread
import data.lib.workloads.replicas
import data.lib.workloads.rollouts
import data.lib.workloads.workloads

# METADATA
# description: returns that no pod of the subject is available during an update of so many.
interrupting(obj, subject, running) := concat("", [
	subject.name,
	" is down during an update: ",
	_why_interrupting(obj, running),
])

_why_interrupting(obj, running) := concat(" ", [
	"strategy",
	rollouts.of(obj, running).strategy,
	"stops every pod before it starts a new one",
]) if {
	rollouts.recreates(obj)
}

_why_interrupting(obj, running) := concat(" ", ["maxUnavailable allows", _all_of(obj, running), "to stop"]) if {
	not rollouts.recreates(obj)
	rollouts.limits_unavailable(obj, running)
}

_why_interrupting(obj, running) := "a StatefulSet stops its only replica before it starts the new one" if {
	not rollouts.recreates(obj)
	not rollouts.limits_unavailable(obj, running)
}

_all_of(obj, _) := "its pods on all nodes" if obj.kind == "DaemonSet"

_all_of(obj, 1) := "its only replica" if obj.kind != "DaemonSet"

_all_of(obj, running) := concat(" ", ["all of its", words.counted(running, "replica")]) if {
	obj.kind != "DaemonSet"
	running != 1
}

# METADATA
# description: returns how to keep a pod of the object available during an update of so many.
interrupting_fix(obj, running) := _limits_fix(obj, {"maxUnavailable": 1}) if {
	not rollouts.recreates(obj)
	running > 1
} else := _limits_fix(obj, {"maxUnavailable": 0, "maxSurge": 1}) if {
	_rolls(obj)
} else := findings.advice(concat("", ["Set ", words.replicas_field(obj), " to 2."])) if {
	not rollouts.recreates(obj)
} else := findings.advice("Set the type of the update strategy to RollingUpdate.")

_rolls(obj) if {
	obj.kind in {"Deployment", "DaemonSet"}
	not rollouts.recreates(obj)
}

# It may need a node more, or stop a pod more at a time.
_limits_fix(obj, limits) := findings.edits(title, false, changes) if {
	title := concat("", [
		"Set ",
		concat(" and ", [concat(" to ", [name, words.number(limits[name])]) |
			some name in ["maxUnavailable", "maxSurge"]
			_ := limits[name]
		]),
		".",
	])
	changes := _limit_edits(obj, array.concat(["spec", rollouts.field[obj.kind]], ["rollingUpdate"]), limits)
}

# One edit for each field, or one for all of them if there is no rollingUpdate yet.
_limit_edits(obj, path, limits) := [edits.put(obj, array.concat(path, [name]), limits[name]) |
	some name in sort(object.keys(limits))
] if {
	is_object(object.get(obj, path, null))
} else := [edits.put(obj, path, limits)]

# METADATA
# description: returns the autoscalers of the object as the other objects of a finding.
related(obj) := [findings.related(scaler.object, scaler.fields.minimum, concat("", [
	"scales ",
	workloads.title(obj),
	" down to ",
	words.number(scaler.minimum),
])) |
	some scaler in replicas.autoscalers(obj)
]

# METADATA
# description: >-
#   returns that a maxUnavailable of the object, which would stop all of so many pods, counts in an older
#   Kubernetes only with a feature gate.
gated(limit, running) := {"code": "FEATURE_GATED", "path": limit.path, "message": concat("", [
	"maxUnavailable ",
	words.amount(limit.value),
	" was not checked: it allows all of its ",
	words.counted(running, "replica"),
	" to stop from Kubernetes 1.37 on, before that only with the feature gate MaxUnavailableStatefulSet",
])}

# METADATA
# description: >-
#   returns that an update may wait for a claim with these modes, which a new pod shares with an old one.
exclusive(obj, claim, modes) := {"code": "VOLUME_EXCLUSIVE", "path": claim.path, "message": concat("", [
	"whether an update of ",
	workloads.title(obj),
	" finishes was not checked: a new pod starts beside an old one, and both use PersistentVolumeClaim ",
	claim.name,
	", which is ",
	concat(" and ", sort(modes)),
	"; set maxSurge to 0, or use a volume that several nodes can attach",
])}

# METADATA
# description: returns that it is not known whether the pods of a custom resource of this kind stay available.
unknown(obj, kind) := {"code": "REPLICAS_UNKNOWN", "path": [], "message": concat("", [
	"whether a pod stays available during an update was not checked: how ",
	not_known(obj, kind),
])}

# METADATA
# description: returns what is not known of a custom resource of this kind.
not_known(obj, kind) := concat("", ["a ", kind, " replaces its pods is not known"]) if {
	replicas.counted(obj)
} else := concat("", ["many pods a ", kind, " runs, and how it replaces them, is not known"])

# METADATA
# description: returns the path of the field that keeps an update from finishing for this reason.
stuck_path(_, fault) := array.concat(fault.counting[0].path, ["nodeTaintsPolicy"]) if count(fault.counting) > 0

stuck_path(obj, fault) := _cause_path(obj, fault.cause) if count(fault.counting) == 0

_cause_path(_, "crowded") := ["spec", "replicas"]

_cause_path(obj, "surge") := ["spec", rollouts.field[obj.kind], "rollingUpdate", "maxSurge"]

_cause_path(obj, "unavailable") := ["spec", rollouts.field[obj.kind], "rollingUpdate", "maxUnavailable"]

# METADATA
# description: returns that an update of so many pods of the subject can never finish, and why.
stuck(subject, fault, running) := concat("", [
	"an update of ",
	subject.name,
	" can never finish: ",
	_why(fault, running),
])

# METADATA
# description: returns that not all of so many replicas of the subject can run, and why.
crowded(subject, fault, running) := concat("", [
	"some replicas of ",
	subject.name,
	" never run: ",
	_why(fault, running),
])

_why(fault, running) := concat("", [
	concat(" and ", sort([_means[name] | some name in fault.means])),
	_bound(fault),
	_why_stuck(fault, running),
])

_means := {
	"hostPort": "a hostPort",
	"antiAffinity": "required pod anti-affinity",
	"topologySpread": "a topology spread constraint",
}

_bound(fault) := concat("", [_keeps(fault.means), " the new pod off the node of the old one"]) if {
	fault.cause == "surge"
} else := concat(" ", [" counts", _unusable(fault.nodes.tainted + fault.nodes.neither), "as empty"]) if {
	count(fault.counting) > 0
} else := concat("", [_keeps(fault.means), " its pods on different nodes"]) if {
	fault.pods == 1
} else := concat(" ", [" allows", words.counted(fault.pods, "pod"), "on a node"])

_unusable(1) := "1 cordoned or tainted node"

_unusable(number) := concat(" ", [words.number(number), "cordoned or tainted nodes"]) if number != 1

_keeps(means) := " keeps" if count(means) == 1

_keeps(means) := " keep" if count(means) > 1

_why_stuck(fault, _) := ", and the old one may not stop before the new one is ready" if fault.cause == "surge"

_why_stuck(fault, running) := concat("", [
	", and only ",
	words.number(fault.pods * fault.nodes.fit),
	" of ",
	words.counted(running, "replica"),
	" fit on ",
	words.counted(fault.nodes.fit, "node"),
]) if {
	fault.cause == "crowded"
}

_why_stuck(fault, running) := concat("", [
	", ",
	words.counted(running, "replica"),
	_nodes_needed(fault.nodes.fit),
	", and no old pod may stop before a new one is ready",
]) if {
	fault.cause == "unavailable"
}

_nodes_needed(1) := " needs the only node"

_nodes_needed(fit) := concat(" ", [" need all", words.counted(fit, "node")]) if fit != 1

# METADATA
# description: returns how to let an update of so many replicas finish.
stuck_fix(obj, fault, running) := findings.advice(concat(" ", [
	"Set whenUnsatisfiable to ScheduleAnyway, or tolerate the taints:",
	"before Kubernetes 1.26 nodeTaintsPolicy is ignored.",
])) if {
	count(fault.counting) > 0
	not topology_spread.can_honor_taints
} else := findings.edits("Set nodeTaintsPolicy to Honor.", false, changes) if {
	changes := [edits.put(obj, array.concat(constraint.path, ["nodeTaintsPolicy"]), "Honor") |
		some constraint in fault.counting
	]
	count(changes) > 0
} else := findings.advice(concat("", [
	"Run at most ",
	words.counted(fault.pods * fault.nodes.fit, "replica"),
	_limited(obj),
	", or add nodes that its pods can run on.",
])) if {
	fault.cause == "crowded"
} else := _limits_fix(obj, {"maxUnavailable": 1, "maxSurge": 0}) if {
	fault.cause == "surge"
} else := _limits_fix(obj, {"maxUnavailable": 1}) if {
	fault.cause == "unavailable"
	running > 1
} else := findings.advice("Add a node that its pods can run on.")

_limited(obj) := concat("", [" (", concat(" and ", sort(limiting)), ")"]) if {
	limiting := {concat("", [concat(".", scaler.fields.maximum), " of ", workloads.title(scaler.object)]) |
		some scaler in replicas.autoscalers(obj)
	}
	count(limiting) > 0
} else := ""

# METADATA
# description: >-
#   returns the Nodes that the pods can be on, and the autoscalers of the object, as the other objects of a
#   finding about an update that is stuck.
stuck_related(obj) := array.concat(
	[findings.related(scaler.object, scaler.fields.maximum, concat("", [
		"scales ",
		workloads.title(obj),
		" up to ",
		words.number(scaler.maximum),
	])) |
		some scaler in replicas.autoscalers(obj)
	],
	[findings.related(node, ["metadata", "name"], "its pods can run here") |
		some name in feasible_nodes.names(obj)
		some node in nodes.named(name)
	],
)
