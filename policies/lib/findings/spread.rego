# METADATA
# title: Spread in words
# description: Why the pods of a workload are not spread across nodes, and how to fix it.
# custom:
#   reads: [controller, pod]
package lib.findings.spread

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.api.selectors
import data.lib.findings.edits
import data.lib.findings.findings
import data.lib.findings.words
import data.lib.scheduling.inter_pod_affinity
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns that the pods of the subject are not spread across nodes, and why.
unspread(subject, fault) := concat("", [subject.name, " is not spread across nodes: ", _reason(fault)])

_reason(fault) := _reasons[fault.type]

_reasons := {
	"missing": "it has no pod anti-affinity",
	"widerOnly": "it has no pod anti-affinity, and no topology spread constraint over kubernetes.io/hostname",
	"nodeName": "nodeName is set, and only a scheduler applies its pod anti-affinity",
	"namespaces": "its anti-affinity term applies to other namespaces only",
	"namespaceSelector": "its anti-affinity term selects namespaces by labels that its own may not have",
	"pinnedByName": "nodeName puts all of its pods on one node",
	"pinnedBySelection": "its nodeSelector or required node affinity allows one node only",
	"pinnedByAffinity": "its required pod affinity puts all of its pods on one node",
}

# The term or constraint that the fault is in.
_holder(fault) := "its topology spread constraint" if {
	"topologySpreadConstraints" in object.get(fault, "path", [])
} else := "its anti-affinity term"

_reason(fault) := concat(" ", [_holder(fault), "has no labelSelector and matches no pod"]) if {
	fault.type == "noSelector"
}

_reason(fault) := concat("", [
	_holder(fault),
	" has an empty labelSelector, by which the scheduler counts no pods",
]) if {
	fault.type == "emptySelector"
}

_reason(fault) := concat(" ", [_holder(fault), "has no valid", fault.type]) if {
	fault.type in {"maxSkew", "whenUnsatisfiable"}
}

_reason(fault) := concat("", [
	"its preferred anti-affinity of weight ",
	words.number(fault.weight),
	" does not outweigh its preferred affinity of weight ",
	words.number(fault.affinity),
	" to the same pods",
]) if {
	fault.type == "outweighed"
}

_reason(fault) := concat("", [
	_holder(fault),
	" has topologyKey ",
	fields.quoted(fault.value),
	", and Node ",
	fault.node,
	" does not have this label",
]) if {
	fault.type == "unlabelled"
}

_reason(fault) := concat("", [
	_holder(fault),
	" has topologyKey ",
	fields.quoted(fault.value),
	", not ",
	inter_pod_affinity.node_topology,
]) if {
	fault.type == "topologyKey"
}

_reason(fault) := concat("", [
	_holder(fault),
	" matches only the pod itself: matchLabelKeys has ",
	fault.key,
	", and each pod has its own value",
]) if {
	fault.type == "matchLabelKeys"
}

_reason(fault) := concat("", [
	"its anti-affinity term leaves its own pods out: mismatchLabelKeys has ",
	fault.key,
	", and they have the same value",
]) if {
	fault.type == "mismatchLabelKeys"
}

_reason(fault) := concat("", [
	_holder(fault),
	" selects pods ",
	_selected(fault.requirement),
	"; ",
	_whose(fault),
	_label(fault),
]) if {
	fault.type == "labelSelector"
	selectors.valid({"matchExpressions": [fault.requirement]})
}

_reason(fault) := concat("", [
	_holder(fault),
	" has an invalid selector: ",
	json.marshal(fault.requirement),
]) if {
	fault.type == "labelSelector"
	not selectors.valid({"matchExpressions": [fault.requirement]})
}

_selected(requirement) := concat("", ["with the label ", requirement.key]) if requirement.operator == "Exists"

_selected(requirement) := concat("", ["without the label ", requirement.key]) if {
	requirement.operator == "DoesNotExist"
}

_selected(requirement) := concat("", ["with ", requirement.key, "=", requirement.values[0]]) if {
	requirement.operator == "In"
	count(requirement.values) == 1
}

_selected(requirement) := concat("", ["with ", requirement.key, " in ", _list(requirement.values)]) if {
	requirement.operator == "In"
	count(requirement.values) > 1
}

_selected(requirement) := concat("", ["with ", requirement.key, " not in ", _list(requirement.values)]) if {
	requirement.operator == "NotIn"
}

_list(values) := concat("", ["(", concat(", ", sort(values)), ")"])

_whose(fault) := "its own pods" if not fault.other

_whose(fault) := workloads.title(fault.other) if fault.other

_label(fault) := concat("", [_verb(fault, "have", "has"), fault.requirement.key, "=", fault.label]) if {
	fault.label != null
}

_label(fault) := concat("", [verb, "the label ", fault.requirement.key]) if {
	fault.label == null
	verb := _verb(fault, "do not have", "does not have")
}

_verb(fault, plural, _) := concat("", [" ", plural, " "]) if not fault.other

_verb(fault, _, singular) := concat("", [" ", singular, " "]) if fault.other

# METADATA
# description: >-
#   returns how to fix what keeps the pods of the object from being spread. If each of them is created
#   separately, the others are given: which labels they share is not known.
unspread_fix(obj, fault, others) := _topology_fix(obj, fault) if {
	fault.type in {"topologyKey", "unlabelled"}
} else := _key_fix(fault) if {
	fault.type in {"matchLabelKeys", "mismatchLabelKeys"}
} else := _value_fix(obj, fault) if {
	others == []
	_is_typo(obj, fault)
} else := _term_fix(obj, fault) if {
	others == []
	fault.type in {"missing", "widerOnly", "noSelector", "emptySelector"}
	words.selector(obj) != {}
} else := findings.advice(_labels_advice(obj)) if {
	others == []
	fault.type == "labelSelector"
} else := findings.advice(object.get(_advice, fault.type, "Correct the term."))

_add_term := "Add a pod anti-affinity term over kubernetes.io/hostname that selects all pods of the component."

_advice := {
	"missing": _add_term,
	"widerOnly": _add_term,
	"noSelector": "Add a labelSelector that matches all pods of the component.",
	"emptySelector": "Add a labelSelector that matches all pods of the component.",
	"maxSkew": "Set maxSkew to 1.",
	"whenUnsatisfiable": "Set whenUnsatisfiable to ScheduleAnyway.",
	"outweighed": "Remove the preferred pod affinity to the same pods.",
	"labelSelector": "Select labels that all pods of the component have.",
	"nodeName": "Remove nodeName.",
	"namespaces": "Remove namespaces from the term.",
	"namespaceSelector": "Remove namespaceSelector from the term.",
	"pinnedByName": "Remove nodeName.",
	"pinnedBySelection": "Select nodes by a label that several have.",
	"pinnedByAffinity": "Remove the pod affinity term, or give it a topologyKey of a zone.",
}

_labels_advice(obj) := concat("", ["Select the labels of its own pods: ", words.labels(labels), "."]) if {
	labels := words.selector(obj)
	labels != {}
} else := "Add labels to the pod template, and select them."

# Another topology, such as a zone, may be meant; a spelling of the node's is not.
_topology_fix(obj, fault) := findings.edits(title, safe, [edits.put(obj, fault.path, node)]) if {
	node := inter_pod_affinity.node_topology
	title := concat("", ["Set topologyKey to ", node, "."])
	safe := endswith(fault.value, "hostname")
}

_key_fix(fault) := findings.edits(title, false, [edits.remove(fault.path)]) if {
	title := concat("", ["Remove ", fault.key, " from ", fault.type, "."])
}

_value_fix(obj, fault) := findings.edits(title, true, [edits.put(obj, fault.path, fault.label)]) if {
	title := concat("", ["Set the value of ", fault.requirement.key, " to ", fault.label, "."])
}

_term_fix(obj, fault) := findings.edits(title, false, [edit]) if {
	fault.type in {"noSelector", "emptySelector"}
	labels := words.selector(obj)
	title := concat("", ["Add a labelSelector with ", words.labels(labels), "."])
	edit := edits.put(obj, fault.path, {"matchLabels": labels})
}

_term_fix(obj, fault) := findings.edits(title, false, [edit]) if {
	fault.type in {"missing", "widerOnly"}
	labels := words.selector(obj)
	title := concat("", [
		"Add a preferred pod anti-affinity term over ",
		inter_pod_affinity.node_topology,
		" that selects ",
		words.labels(labels),
		".",
	])
	term := {"topologyKey": inter_pod_affinity.node_topology, "labelSelector": {"matchLabels": labels}}
	edit := edits.put(obj, fault.path, {"preferredDuringSchedulingIgnoredDuringExecution": [{
		"weight": 100,
		"podAffinityTerm": term,
	}]})
}

# The value differs from the label of its own pods in two characters that follow each other, none of them a
# digit, and no other pods of the namespace have it.
_is_typo(obj, fault) if {
	fault.type == "labelSelector"
	fault.requirement.operator == "In"
	[value] := fault.requirement.values
	fault.label != null
	_is_near(value, fault.label)
	not _is_used(obj, fault.requirement.key, value)
}

_is_near(value, other) if {
	prefix := _shared_prefix(value, other)
	suffix := _shared_suffix(substring(value, prefix, -1), substring(other, prefix, -1))
	prefix + suffix > 3
	every text in [value, other] {
		changed := substring(text, prefix, (count(text) - prefix) - suffix)
		count(changed) <= 2
		every character in split(changed, "") {
			not character in _digits
		}
	}
}

_shared_prefix(text, other) := max([length |
	some length in numbers.range(0, min([count(text), count(other)]))
	substring(text, 0, length) == substring(other, 0, length)
])

_shared_suffix(text, other) := max([length |
	some length in numbers.range(0, min([count(text), count(other)]))
	substring(text, count(text) - length, -1) == substring(other, count(other) - length, -1)
])

_digits := {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}

_is_used(obj, key, value) if {
	some kind, sort in workloads.kinds
	some _ in inventory.having_in_namespace(workloads.namespace(obj), sort.groups, kind, {
		"path": array.concat(sort.template, ["metadata", "labels"]),
		"pairs": {key: value},
	})
}

# METADATA
# description: returns the pod that the anti-affinity should match as the other object of a finding.
related(fault) := [findings.related(fault.other, ["metadata", "labels"], "another pod of the component")] if {
	fault.other
} else := []

# METADATA
# description: returns that it is not known how many pods a custom resource of this kind runs.
unknown(kind) := {"code": "REPLICAS_UNKNOWN", "path": [], "message": concat("", [
	"whether its pods are spread across nodes was not checked: how many a ",
	kind,
	" runs is not known",
])}
