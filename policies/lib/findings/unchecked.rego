# METADATA
# title: Unchecked objects in words
# description: >-
#   What is larger than the limits (lib.api.limits) is reported instead of checked: silence about it would be
#   an invitation to hide in a large object.
package lib.findings.unchecked

import data.lib.api.limits
import data.lib.findings.findings
import data.lib.findings.words

# METADATA
# description: >-
#   returns the violation that the object may have a fault, given in words, because of an excess.
violation(may, excess, component) := findings.violation(
	concat("", [
		may,
		": ",
		_says(excess),
		", and at most ",
		words.number(limits.most[excess.limit]),
		" are checked",
	]),
	{
		"path": excess.path,
		"component": component,
		"fix": findings.advice(concat(" ", [
			"Use at most",
			words.number(limits.most[excess.limit]),
			concat("", [things[excess.limit], "."]),
		])),
	},
)

_says(excess) := concat(" ", [_subject(excess), words.number(excess.count), things[excess.limit]])

_subject(excess) := "its namespace has" if {
	startswith(excess.limit, "namespace")
} else := concat(" ", [excess.of, "has"]) if {
	excess.of
} else := "it has"

# METADATA
# description: holds the words for what each limit counts.
things := {
	"tolerations": "tolerations",
	"nodeSelector": "pairs in nodeSelector",
	"terms": "nodeSelectorTerms",
	"termExpressions": "requirements in one nodeSelectorTerm",
	"expressions": "requirements in its nodeSelectorTerms",
	"values": "values in its nodeSelectorTerms",
	"containers": "containers",
	"hostPorts": "ports of containers",
	"podTerms": "terms of pod affinity and anti-affinity",
	"podExpressions": "requirements on other pods",
	"podValues": "values in its requirements on other pods",
	"spreadConstraints": "topologySpreadConstraints",
	"placementItems": "tolerations and requirements of all its terms",
	"podSpecs": "pod templates",
	"labels": "labels",
	"taints": "taints",
	"flags": "flags of a kubelet",
	"registrations": "groups of nodes",
	"commandBytes": "bytes of command lines about nodes",
	"commandWords": "words of command lines about nodes",
	"autoscalers": "autoscalers",
	"selectorItems": "requirements in its selector",
	"selectorValues": "values in its selector",
	"namespaceBudgets": "PodDisruptionBudgets",
	"namespaceRequirements": "requirements and values in the selectors of its PodDisruptionBudgets",
	"namespacePairs": "pairs of a workload and a requirement or PodDisruptionBudget",
	"barePods": "pods that no controller created",
}
