# METADATA
# title: Words
# description: Numbers, labels and lists as messages write them.
package lib.findings.words

import data.lib.api.fields
import data.lib.api.selectors
import data.lib.workloads.pod_labels
import data.lib.workloads.replicas
import data.lib.workloads.workloads

# METADATA
# description: returns a count with its noun, as in "1 replica" and "2 replicas".
counted(1, noun) := concat(" ", ["1", noun])

counted(n, noun) := concat("", [number(n), " ", noun, "s"]) if n != 1

# METADATA
# description: >-
#   returns a number as it is written. Only a whole number that the API server accepts is printed as one.
number(n) := format_int(n, 10) if _whole(n)

number(n) := json.marshal(n) if not _whole(n)

# METADATA
# description: returns a number or percentage as it is written.
amount(value) := value if is_string(value)

amount(value) := number(value) if not is_string(value)

_whole(n) if {
	is_number(n)
	n == floor(n)
	abs(n) < 2147483648
}

# METADATA
# description: returns the titles of the objects as a list. After the third the others are only counted.
titles(objects) := concat(" and ", sorted) if {
	sorted := sort({workloads.title(obj) | some obj in objects})
	count(sorted) < 4
} else := concat(" and ", [concat(", ", array.slice(sorted, 0, 3)), counted(count(sorted) - 3, "other")]) if {
	sorted := sort({workloads.title(obj) | some obj in objects})
}

# METADATA
# description: returns a label of a role as a selector has it, with its value in quotes.
mark(label) := concat("=", [label.key, fields.quoted(label.value)]) if {
	is_string(label.value)
} else := label.key if {
	label.exists
} else := concat("", ["!", label.key])

# METADATA
# description: returns the labels of a role, of which its nodes have one, and those that they all lack.
marks(role_labels) := concat(" and ", [text |
	some text in array.concat([concat(" or ", marking) | count(marking) > 0], lacked)
]) if {
	marking := sort([mark(label) | some label in role_labels; object.get(label, "exists", true)])
	lacked := sort([mark(label) | some label in role_labels; label.exists == false])
}

# METADATA
# description: returns labels as YAML in one line, with every value in quotes.
labels(pairs) := concat(", ", [concat(": ", [key, fields.quoted(pairs[key])]) |
	some key in sort(object.keys(pairs))
])

# METADATA
# description: >-
#   returns the labels by which a new selector would match the pods of the object: those by which its own
#   selector does, or all labels of its pods.
selector(obj) := pairs if {
	pairs := fields.text_map(fields.map(fields.at(obj, ["spec", "selector"], {}), "matchLabels"))
	pairs != {}
	selectors.pairs_hold({"matchLabels": pairs}, pod_labels.typical(obj))
} else := workloads.pod_labels(obj)

# METADATA
# description: >-
#   returns the words for the field that sets the least number of the workload's replicas: that of its
#   autoscaler where it has one.
replicas_field(obj) := concat(" and ", sort({_minimum_of(found) | some found in found_scalers})) if {
	found_scalers := replicas.autoscalers(obj)
	count(found_scalers) > 0
} else := concat("", ["spec.replicas of ", workloads.title(obj)])

# METADATA
# description: returns the autoscaler in messages about what it scales, which is in its namespace.
scaler(found) := concat(" ", [found.object.kind, workloads.name(found.object)])

# METADATA
# description: returns the name of the field by which the autoscaler sets the least number of replicas.
minimum_field(found) := found.fields.minimum[count(found.fields.minimum) - 1]

# METADATA
# description: >-
#   returns the sentence, without its end, by which the autoscaler sets another least number of replicas.
raised(found) := concat("", ["Set ", _minimum[found.object.kind], " of ", scaler(found)]) if {
	minimum_field(found) == _minimum[found.object.kind]
} else := concat("", [
	"Remove ",
	minimum_field(found),
	" from ",
	scaler(found),
	", and set its ",
	_minimum[found.object.kind],
])

_minimum_of(found) := concat("", ["spec.", _minimum[found.object.kind], " of ", workloads.title(found.object)])

_minimum := {"HorizontalPodAutoscaler": "minReplicas", "ScaledObject": "minReplicaCount"}
