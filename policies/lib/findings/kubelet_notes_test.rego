package lib.findings.kubelet_notes_test

import data.lib.findings.kubelet_notes
import data.lib.nodes.kubelet_commands
import data.lib.nodes.shell

_roles := [{
	"name": "master",
	"labels": [{"key": "master", "value": ""}],
	"taints": [{"key": "master", "value": "", "effect": "NoSchedule"}],
}]

_pod(command) := {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"command": command}]}}

_unit(words) := {"apiVersion": "bulkhead.dev/v1", "kind": "SystemdUnit", "execStart": [words]}

_unknowns(obj) := kubelet_notes.of(obj, kubelets, count(kubelets) > 0, _roles) if {
	kubelets := kubelet_commands.of(shell.having(obj, kubelet_commands.names))
}

_places(obj) := {unknown.path | some unknown in _unknowns(obj)}

_word(index) := ["spec", "containers", 0, "command", index]

test_nothing_is_left_out[obj] if {
	some obj in {
		_pod(["kubelet", "--v=2"]),
		_pod(["kubelet", "--node-ip=$(IP)", "--node-labels=master"]),
		_pod(["kubelet", "--config=/etc/kubelet.yaml", "--node-labels=other"]),
		_pod(["kubelet", "--config=/etc/kubelet.yaml", "--node-labels=master", "--register-with-taints="]),
		_pod(["kubelet", "--config=/etc/kubelet.yaml", "--node-labels=master", "--register-node=false"]),
		_pod(["sh", "-c", "exec kubelet --node-ip=$IP --note='a b' --node-labels=master; sleep $FOR"]),
		_pod(["sh", "-c", "systemctl restart kubelet; echo $X"]),
		_pod(["/csi", "--dir=/var/lib/kubelet", "--node=$(NODE)"]),
		{"apiVersion": "v1", "kind": "Node"},
		_unit(["kubelet", "--eviction-hard=memory.available<5%"]),
		object.union(_unit(["kubelet"]), {"variables": ["A"]}),
		object.union(_unit(["kubelet"]), {"environmentFiles": ["/etc/default/kubelet"]}),
	}
	_places(obj) == set()
}

test_words_that_may_be_flags[obj] if {
	some [obj, index] in {
		[_pod(["kubelet", "$(MORE)"]), 1],
		[_pod(["kubelet", "--node-labels=$(LABELS)"]), 1],
		[_pod(["kubelet", "--node-labels", "$(LABELS)"]), 2],
		[_pod(["kubelet", "--register-node=$(REGISTER)"]), 1],
		[_pod(["sh", "-c", "kubelet $MORE"]), 2],
		[_pod(["sh", "-c", "kubelet \"$@\""]), 2],
		[_pod(["sh", "-c", "kubelet --node-ip=$(hostname -i)"]), 2],
		[_pod(["sh", "-c", "kubelet --node-ip=`hostname`"]), 2],
		[_pod(["sh", "-c", "sh -c \"echo 'a; kubelet $MORE'\""]), 2],
		[_pod(["sh", "-c", "echo \"it's\"; kubelet --v=2; echo \"he's\""]), 2],
		[_pod(["sh", "-c", "kubelet --note=\\\"a\\ b\\\""]), 2],
	}
	_places(obj) == {_word(index)}
}

test_taints_may_be_in_the_kubelets_file if {
	_places(_pod(["kubelet", "--config", "/etc/kubelet.yaml", "--node-labels=master"])) == {_word(1)}
}

test_words_of_units_that_may_be_flags if {
	_places(_unit(["kubelet", "$MORE", "--node-labels=%i"])) == {["execStart", 0, 1], ["execStart", 0, 2]}
}

test_a_unit_that_starts_something_else if {
	_places(_unit(["/opt/start-kubelet.sh", "--node-labels=master"])) == {["execStart"]}
}

test_a_file_may_set_a_variable_otherwise if {
	unit := object.union(_unit(["kubelet"]), {
		"variables": ["A", "B"],
		"environmentFiles": ["/etc/default/kubelet"],
	})
	_places(unit) == {["variables", 0], ["variables", 1]}
}

test_the_message_names_the_word if {
	{unknown.message | some unknown in _unknowns(_pod(["kubelet", "$(MORE)"]))} == {
		"the value of $(MORE) is not known; it may set labels and taints of the node",
	}
}
