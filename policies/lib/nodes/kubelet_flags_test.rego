package lib.nodes.kubelet_flags_test

import data.lib.nodes.kubelet_commands
import data.lib.nodes.kubelet_flags
import data.lib.nodes.shell

_kubelet(words) := kubelet_commands.of(shell.having(
	{
		"apiVersion": "bulkhead.dev/v1",
		"kind": "SystemdUnit",
		"execStart": [array.concat(["/usr/bin/kubelet"], words)],
	},
	kubelet_commands.names,
))[0]

# How pflag, RegisterWithTaintsVar and ConfigurationMap of Kubernetes 1.36.3 parse the same words: labels
# and taints, "none" if no node registers, "refused" if the kubelet rejects them.
_flags := {
	[["--register-with-taints=a=b:NoSchedule"], {"labels": {}, "taints": ["a=b:NoSchedule"]}],
	[["--register-with-taints=a:NoSchedule,c=:NoExecute"], {"labels": {}, "taints": ["a=:NoSchedule", "c=:NoExecute"]}],
	[["--register-with-taints=a"], "refused"],
	[["--register-with-taints=a:noschedule"], "refused"],
	[["--register-with-taints=a:"], "refused"],
	[["--register-with-taints=a:NoSchedule-"], {"labels": {}, "taints": []}],
	[["--register-with-taints=a-"], {"labels": {}, "taints": []}],
	[["--register-with-taints=a=b:NoSchedule-"], {"labels": {}, "taints": []}],
	[["--register-with-taints=a:Foo-"], "refused"],
	[["--register-with-taints=-"], "refused"],
	[["--register-with-taints=a:NoSchedule,a:NoSchedule"], "refused"],
	[["--register-with-taints=a=1:NoSchedule,a=2:NoSchedule"], "refused"],
	[["--register-with-taints=a:NoSchedule,a:NoExecute"], {"labels": {}, "taints": ["a=:NoSchedule", "a=:NoExecute"]}],
	[["--register-with-taints=a=b=c:NoSchedule"], "refused"],
	[["--register-with-taints=a:NoSchedule:x"], "refused"],
	[["--register-with-taints=a:NoSchedule, b:NoSchedule"], "refused"],
	[["--register-with-taints="], {"labels": {}, "taints": []}],
	[["--register-with-taints=,"], "refused"],
	[["--register-with-taints=a:NoSchedule,"], "refused"],
	[["--register-with-taints=a/b/c:NoSchedule"], "refused"],
	[["--register-with-taints=a=b c:NoSchedule"], "refused"],
	[["--register-with-taints==b:NoSchedule"], "refused"],
	[["--register-with-taints=UP.example/x:NoSchedule"], "refused"],
	[["--register-with-taints=\"a:NoSchedule\""], "refused"],
	[["--register-with-taints=a:NoSchedule", "--register-with-taints=b:NoSchedule"], {"labels": {}, "taints": ["b=:NoSchedule"]}],
	[["--register-with-taints=a:NoSchedule", "--register-with-taints="], {"labels": {}, "taints": []}],
	[["--register-with-taints=a", "--register-with-taints=b:NoSchedule"], "refused"],
	[["--register-with-taints", "a:NoSchedule"], {"labels": {}, "taints": ["a=:NoSchedule"]}],
	[["--register-with-taints"], "refused"],
	[["--register_with_taints=a:NoSchedule"], {"labels": {}, "taints": ["a=:NoSchedule"]}],
	[["-register-with-taints=a:NoSchedule"], "refused"],
	[["-node-labels=a"], "refused"],
	[["--node-labels=a=b,c, d = e ,"], {"labels": {"a": "b", "c": "", "d": "e"}, "taints": []}],
	[["--node-labels=a=b=c"], {"labels": {"a": "b=c"}, "taints": []}],
	[["--node-labels=a=1", "--node-labels=a=2,b=3"], {"labels": {"a": "2", "b": "3"}, "taints": []}],
	[["--node-labels=a=1", "--node-labels="], {"labels": {"a": "1"}, "taints": []}],
	[["--node-labels", "--register-with-taints=a:NoSchedule"], {"labels": {"--register-with-taints": "a:NoSchedule"}, "taints": []}],
	[["--register-node=false"], "none"],
	[["--register-node=F"], "none"],
	[["--register-node"], {"labels": {}, "taints": []}],
	[["--register-node=false", "--register-node"], {"labels": {}, "taints": []}],
	[["--register-node=fALSE"], "refused"],
}

test_flags_mean_what_they_mean_to_the_kubelet[words] if {
	some [words, expected] in _flags
	_read(_kubelet(words)) == expected
}

_read(found) := "refused" if {
	count(kubelet_flags.refusals(found)) > 0
} else := "none" if {
	not kubelet_flags.registers(found)
} else := {"labels": labels, "taints": taints} if {
	labels := {key: pair.value | some key, pair in kubelet_flags.labels(found)}
	taints := [text |
		some taint in _taints(kubelet_flags.taints(found))
		text := concat("", [taint.key, "=", taint.value, ":", taint.effect])
	]
}

_taints(null) := []

_taints(given) := given.taints if given != null

test_taints_are_not_known[words] if {
	some words in {
		["$MORE"],
		["--config=/etc/kubelet.yaml"],
		["--config-dir", "/etc/kubelet.d"],
		["--register-with-taints=$TAINTS"],
		["--register-with-taints", "${TAINTS}"],
		["--register-with-taints=%i:NoSchedule"],
	}
	not kubelet_flags.taints(_kubelet(words))
}

test_what_is_not_known_is_no_label if {
	found := _kubelet(["--node-labels=a=$A,b=1,$C"])
	{key | some key, _ in kubelet_flags.labels(found)} == {"b"}
}
