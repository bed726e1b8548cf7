# METADATA
# title: Kubelets
# description: >-
#   With which labels and taints a kubelet registers its node, as it reads its flags (component-base
#   cli/flag, k8s.io/kubernetes pkg/util/flag).
package lib.nodes.kubelet_flags

import data.lib.api.fields
import data.lib.nodes.taints

# METADATA
# description: true if the kubelet registers its node; the last flag that says so counts.
registers(kubelet) if {
	values := [flag.value | some flag in _named(kubelet, "register-node")]
	not array.slice(values, count(values) - 1, count(values)) in {[word] | some word in _false}
}

_named(kubelet, name) := [flag | some flag in kubelet.flags; flag.name == name]

_true := {"true", "True", "TRUE", "t", "T", "1"}

_false := {"false", "False", "FALSE", "f", "F", "0"}

# METADATA
# description: >-
#   returns the labels of the kubelet's node by key, each with its value and the path of its flag. A
#   flag adds to those before it, and a label without a value has the empty one (ConfigurationMap).
labels(kubelet) := {key: pairs[index] |
	pairs := _pairs(kubelet)
	order := sort([[pair.key, index] | some index, pair in pairs])
	some place, [key, index] in order
	not order[place + 1][0] == key
	not _open(concat("", [key, pairs[index].value]))
}

_pairs(kubelet) := [pair |
	some flag in _named(kubelet, "node-labels")
	some item in split(fields.text(flag.value), ",")
	item != ""
	parts := split(item, "=")
	pair := {
		"key": trim_space(parts[0]),
		"value": trim_space(concat("=", array.slice(parts, 1, count(parts)))),
		"path": flag.path,
	}
]

_open(text) if {
	some character in ["$", "`", "%"]
	contains(text, character)
}

# METADATA
# description: >-
#   returns the flag whose taints the kubelet registers, the last: its path, and the taints; null if there
#   is none. Undefined if its taints are not known.
taints(kubelet) := null if {
	count(_named(kubelet, "register-with-taints")) == 0
	count(kubelet.unknown) + count(files(kubelet)) == 0
} else := {"path": last.path, "taints": _taints(last)} if {
	flags := _named(kubelet, "register-with-taints")
	last := flags[count(flags) - 1]
	not _open(fields.text(last.value))
}

# METADATA
# description: returns the flags that name configuration files of the kubelet, which may set taints.
files(kubelet) := [flag | some flag in kubelet.flags; flag.name in {"config", "config-dir"}]

_taints(flag) := [item.taint | some item in taints.listed(fields.text(flag.value)); item.taint]

# METADATA
# description: >-
#   returns the flags with which the kubelet refuses to start: the path and the name of each, its value, and
#   what is wrong with that.
refusals(kubelet) := kubelet.dashes | {object.union(problem, {"path": flag.path, "flag": flag.name}) |
	some flag in kubelet.flags
	some problem in _problems(flag)
}

_problems(flag) := {{"problem": "no value", "text": ""}} if {
	flag.value == null
} else := {{"problem": "no taint", "text": item.text} |
	some item in taints.listed(flag.value)
	item.refused
	not _open(flag.value)
} | {{"problem": "taint twice", "text": taints.name(taint)} |
	order := sort([[taint.key, taint.effect, taint] | some taint in _taints(flag)])
	some place, [key, effect, _] in order
	[next_key, next_effect, taint] := order[place + 1]
	[next_key, next_effect] == [key, effect]
	not _open(flag.value)
} if {
	flag.name == "register-with-taints"
} else := {{"problem": "no boolean", "text": flag.value}} if {
	flag.name == "register-node"
	not flag.value in (_true | _false)
	not _open(flag.value)
} else := set()
