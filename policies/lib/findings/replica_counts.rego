# METADATA
# title: Numbers of replicas
# description: How many replicas a workload has in place of the number of its component, in words.
package lib.findings.replica_counts

import data.lib.findings.edits
import data.lib.findings.findings
import data.lib.findings.words
import data.lib.workloads.replicas

# METADATA
# description: >-
#   returns how the number of the object's replicas differs from the one expected: by the minimum of each of
#   its autoscalers where it has any, else as declared. None for a Deployment in whose place a Rollout runs
#   the pods: they are counted there.
differences(obj, expected) := set() if {
	not _own(obj)
} else := {_scaled(scaler, expected) |
	some scaler in replicas.autoscalers(obj)
	scaler.minimum != expected
} if {
	count(replicas.autoscalers(obj)) > 0
} else := {_declared(obj, expected) | replicas.declared(obj) != expected}

_own(obj) if {
	replicas.counted(obj)
	count(replicas.in_place_of(obj)) == 0
}

_path := ["spec", "replicas"]

_scaled(scaler, expected) := {
	"path": _path,
	"says": concat("", [
		"is scaled by ",
		words.scaler(scaler),
		" to a minimum of ",
		words.number(scaler.minimum),
	]),
	"fix": findings.advice(concat("", [
		words.raised(scaler),
		" to ",
		format_int(expected, 10),
		": it sets the number of replicas.",
	])),
	"related": [findings.related(
		scaler.object,
		scaler.fields.minimum,
		concat(" ", [words.minimum_field(scaler), words.number(scaler.minimum)]),
	)],
}

_declared(obj, expected) := {
	"path": _path,
	"says": concat(" ", ["has", words.counted(replicas.declared(obj), "replica")]),
	"fix": findings.edits(
		concat("", ["Set replicas to ", format_int(expected, 10), "."]),
		true,
		[edits.put(obj, _path, expected)],
	),
}
