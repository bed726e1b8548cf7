# METADATA
# title: Stopped workloads in words
# description: Why no pod of a workload runs, by its own fields, with the place and the fix.
package lib.findings.stops

import data.lib.api.fields
import data.lib.findings.findings
import data.lib.findings.words
import data.lib.workloads.controllers
import data.lib.workloads.replicas
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns why the workload of the subject may have no pod at all: its number of replicas is 0, or an
#   autoscaler may set it to 0. None if an operator sets the number, and for what a controller scales down,
#   such as the earlier ReplicaSets of a Deployment.
without_replicas(obj, subject) := set() if {
	_is_scaled(obj, subject)
} else := {{
	"path": ["spec", "replicas"],
	"says": "never runs: it has 0 replicas",
	"fix": findings.advice("Set replicas to 2 or more."),
}} if {
	replicas.declared(obj) == 0
	count(replicas.autoscalers(obj)) == 0
} else := {{
	"path": ["spec", "replicas"],
	"says": concat("", [
		"may stop: ",
		workloads.title(scaler.object),
		" scales it down to 0 replicas",
	]),
	"fix": findings.advice(concat("", [words.raised(scaler), " to 2 or more."])),
	"related": [findings.related(
		scaler.object,
		scaler.fields.minimum,
		concat(" ", [words.minimum_field(scaler), "0"]),
	)],
} |
	some scaler in replicas.autoscalers(obj)
	scaler.minimum == 0
}

_is_scaled(obj, _) if not replicas.counted(obj)

_is_scaled(_, subject) if subject.managed

_is_scaled(obj, _) if count(replicas.in_place_of(obj)) > 0

_is_scaled(obj, _) if {
	obj.kind in {"ReplicaSet", "ReplicationController"}
	count(controllers.references(obj)) > 0
}

# METADATA
# description: >-
#   returns that the pods of this spec wait until something removes their scheduling gates. None without gates.
gates(obj, pod) := {{
	"path": array.concat(pod.path, ["schedulingGates"]),
	"says": concat(" ", ["never runs: its pods wait until something removes", _gates(names)]),
	"fix": findings.edits(
		"Remove schedulingGates.",
		false,
		[{"op": "remove", "path": array.concat(pod.path, ["schedulingGates"])} | workloads.built_in(obj)],
	),
} |
	pod.placement.way != "file" # the kubelet reads no gates
	names := [fields.field_text(gate, "name") | some gate in fields.list(pod.spec, "schedulingGates")]
	count(names) > 0
}

_gates(names) := concat(" ", ["the scheduling gate", name]) if {
	[name] := names
	name != ""
} else := concat(" ", ["its", words.counted(count(names), "scheduling gate")])
