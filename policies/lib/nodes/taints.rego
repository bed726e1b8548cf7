# METADATA
# title: Taints and tolerations
# description: >-
#   Which taints keep a pod off a node, and which tolerations tolerate them
#   (k8s.io/api core/v1 ToleratesTaint).
package lib.nodes.taints

import data.lib.api.fields
import data.lib.api.labels

# METADATA
# description: >-
#   true if the scheduler places no pod on a node with this taint unless the pod tolerates it;
#   PreferNoSchedule only lowers a score.
blocks(taint) if taint.effect in {"NoSchedule", "NoExecute"}

# METADATA
# description: returns a taint of a manifest with all its fields, a missing one as the empty string.
parsed(written) := {
	"key": fields.field_text(written, "key"),
	"value": fields.field_text(written, "value"),
	"effect": fields.field_text(written, "effect"),
}

# METADATA
# description: true if the two are one taint to Kubernetes (MatchTaint), whose values may differ.
same(taint, other) if {
	taint.key == other.key
	taint.effect == other.effect
}

# METADATA
# description: true if some toleration of the list tolerates the taint.
tolerated(taint, tolerations) if {
	some toleration in tolerations
	tolerates(toleration, taint)
}

# METADATA
# description: >-
#   true if the toleration tolerates the taint. An empty effect matches every effect and an empty
#   key every key; an absent operator is Equal and an absent value the empty string. A taint of some value
#   that is not known has null, and is `lenient` where that may be any.
tolerates(toleration, taint) if {
	_names(fields.field_text(toleration, "key"), taint.key)
	_names(fields.field_text(toleration, "effect"), taint.effect)
	_value_tolerated(toleration, taint)
}

_names("", _)

_names(text, wanted) if text == wanted

# METADATA
# description: >-
#   returns for how many seconds the tolerations tolerate a NoExecute taint, one number or none: the pod is
#   scheduled, and deleted after that time. The first toleration that matches the taint decides
#   (GetMatchingTolerations of k8s.io/component-helpers, pkg/controller/tainteviction).
seconds(taint, tolerations) := [found |
	taint.effect == "NoExecute"
	found := fields.get(_matching(taint, tolerations)[0], "tolerationSeconds", null)
	found != null
]

_matching(taint, tolerations) := [toleration | some toleration in tolerations; tolerates(toleration, taint)]

# METADATA
# description: >-
#   returns the same for tolerations that admission has merged with those of a RuntimeClass: one that another
#   includes is gone (MergeTolerations of k8s.io/kubernetes pkg/util/tolerations).
merged_seconds(taint, tolerations) := [lasting |
	taint.effect == "NoExecute"
	longest := {shape: max(terms) | some shape, terms in _terms(taint, tolerations)}
	kept := {[term[1], term[0]] |
		some shape, term in longest
		count({other | some other, its in longest; other != shape; _includes([other, its[0]], [shape, term[0]])}) == 0
	}
	lasting := max(kept)[1]
	lasting < _for_good
]

# By the fields of a toleration without its seconds: how long each lasts, and its place, of which the first is
# the greatest.
_terms(taint, tolerations) := {shape: terms |
	matching := _matching(taint, tolerations)
	shapes := {_shape(toleration) | some toleration in matching}
	some shape in shapes
	terms := {[lasting, count(matching) - place] |
		some place, toleration in matching
		_shape(toleration) == shape
		lasting := fields.get(toleration, "tolerationSeconds", _for_good)
	}
}

# The values of matching tolerations are equal where they count.
_shape(toleration) := [fields.field_text(toleration, field) | some field in ["key", "operator", "effect"]]

_for_good := 9223372036854775808 # more than an int64

_includes([[key, operator, effect], lasting], [[other_key, other_operator, other_effect], other_lasting]) if {
	key in {other_key, ""}
	effect in {other_effect, ""}
	lasting >= other_lasting
	_includes_operator(operator, other_operator)
}

_includes_operator("Exists", _)

_includes_operator(operator, "Equal") if operator in {"", "Equal"}

# METADATA
# description: true if the toleration names no key and so tolerates the taints of every key.
wildcard(toleration) if {
	fields.field_text(toleration, "key") == ""
	fields.field_text(toleration, "operator") == "Exists"
} else := false

_value_tolerated(toleration, _) if fields.field_text(toleration, "operator") == "Exists"

# Lt and Gt (KEP-5471) need a feature gate that is off by default: they tolerate nothing.
_value_tolerated(toleration, taint) if {
	fields.field_text(toleration, "operator") in {"", "Equal"}
	_equal(toleration, taint)
}

_equal(toleration, taint) if fields.field_text(toleration, "value") == taint.value

_equal(_, taint) if taint.lenient

# METADATA
# description: >-
#   returns the tolerations that the DaemonSet controller adds to each pod it makes
#   (AddOrUpdateDaemonPodTolerations); none of them tolerates a control-plane taint.
daemon_tolerations(pod) := array.concat(
	[{"key": key, "operator": "Exists", "effect": effect} | some [key, effect] in _daemon_taints],
	[{
		"key": _network_unavailable,
		"operator": "Exists",
		"effect": "NoSchedule",
	} |
		fields.get(pod, "hostNetwork", false) == true
	],
)

# METADATA
# description: >-
#   holds the keys of the taints for which Kubernetes adds tolerations to pods that are being created: the
#   DaemonSet controller and admission do.
added_keys := {key | some [key, _] in _daemon_taints} | {_network_unavailable}

# METADATA
# description: >-
#   holds the keys of the taints that Kubernetes itself sets and removes as the condition of a node
#   changes.
conditions := added_keys | {
	"node.kubernetes.io/out-of-service",
	"node.cloudprovider.kubernetes.io/uninitialized",
}

_network_unavailable := "node.kubernetes.io/network-unavailable"

_daemon_taints := [
	["node.kubernetes.io/not-ready", "NoExecute"],
	["node.kubernetes.io/unreachable", "NoExecute"],
	["node.kubernetes.io/disk-pressure", "NoSchedule"],
	["node.kubernetes.io/memory-pressure", "NoSchedule"],
	["node.kubernetes.io/pid-pressure", "NoSchedule"],
	["node.kubernetes.io/unschedulable", "NoSchedule"],
]

# METADATA
# description: returns a taint as Kubernetes prints it, key=value:Effect, without an empty or unknown value.
name(taint) := concat("", [taint.key, _value_suffix(taint.value), ":", taint.effect])

_value_suffix(value) := "" if {
	value in {"", null}
} else := concat("", ["=", value])

# METADATA
# description: >-
#   returns the items of a list of taints as a flag has it, each with its text. One is a taint, another
#   is `refused`; a removal (it ends in a dash) is neither (pkg/util/taints ParseTaints).
listed(text) := [_listed(item) | some item in split(text, ",")] if text != ""

listed("") := []

_listed(item) := {"text": item, "refused": false, "taint": parsed} if {
	parsed := _parsed(item)
} else := {"text": item, "refused": false} if {
	endswith(item, "-")
	_removable(trim_suffix(item, "-"))
} else := {"text": item, "refused": true}

_removable(item) if labels.valid_key(item)

_removable(item) if _parsed(item)

_parsed(item) := {"key": pair[0], "value": value, "effect": effect} if {
	[named, effect] := split(item, ":")
	effect in {"NoSchedule", "PreferNoSchedule", "NoExecute"}
	pair := split(named, "=")
	count(pair) <= 2
	labels.valid_key(pair[0])
	value := concat("", array.slice(pair, 1, 2))
	labels.valid_value(value)
}
