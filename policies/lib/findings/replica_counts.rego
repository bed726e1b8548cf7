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
#   returns how the number of the object's replicas differs from what the row expects, a number or a least
#   number: by the minimum of each of its autoscalers where it has any, else as declared. None for a Deployment
#   in whose place a Rollout runs the pods: they are counted there.
differences(obj, row) := set() if {
	not _own(obj)
} else := {_scaled(scaler, expected(row)) |
	some scaler in replicas.autoscalers(obj)
	_differs(scaler.minimum, row)
} if {
	count(replicas.autoscalers(obj)) > 0
} else := {_declared(obj, expected(row)) | _differs(replicas.declared(obj), row)}

_differs(number, row) if number != row.replicas

_differs(number, row) if number < row.minReplicas

# METADATA
# description: returns the number of replicas that the row expects, or the least.
expected(row) := row.replicas if {
	row.replicas >= 0
} else := row.minReplicas

_own(obj) if {
	replicas.counted(obj)
	count(replicas.in_place_of(obj)) == 0
}

_path := ["spec", "replicas"]

_scaled(scaler, number) := {
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
		format_int(number, 10),
		": it sets the number of replicas.",
	])),
	"related": [findings.related(
		scaler.object,
		scaler.fields.minimum,
		concat(" ", [words.minimum_field(scaler), words.number(scaler.minimum)]),
	)],
}

_declared(obj, number) := {
	"path": _path,
	"says": concat(" ", ["has", words.counted(replicas.declared(obj), "replica")]),
	"fix": findings.edits(
		concat("", ["Set replicas to ", format_int(number, 10), "."]),
		true,
		[edits.put(obj, _path, number)],
	),
}
