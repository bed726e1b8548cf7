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
#   its autoscalers where it has any, else as declared.
differences(obj, expected) := {_scaled(obj, name, minimum, expected) |
	some [name, minimum] in {[scaler.name, scaler.minimum] |
		some scaler in replicas.autoscalers(obj)
	}
	minimum != expected
} if {
	replicas.counted(obj)
	count(replicas.autoscalers(obj)) > 0
}

differences(obj, expected) := {_declared(obj, expected) |
	replicas.declared(obj) != expected
} if {
	replicas.counted(obj)
	count(replicas.autoscalers(obj)) == 0
}

_path := ["spec", "replicas"]

_scaled(obj, name, minimum, expected) := {
	"path": _path,
	"says": concat("", [
		"is scaled by HorizontalPodAutoscaler ",
		name,
		" to a minimum of ",
		words.number(minimum),
	]),
	"fix": findings.advice(concat("", [
		"Set minReplicas of HorizontalPodAutoscaler ",
		name,
		" to ",
		format_int(expected, 10),
		": it sets the number of replicas.",
	])),
	"related": [findings.related(
		scaler.object,
		["spec", "minReplicas"],
		concat(" ", ["minReplicas", words.number(minimum)]),
	) |
		some scaler in replicas.autoscalers(obj)
		scaler.name == name
	],
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
