# METADATA
# title: Notes on kubelets
# description: >-
#   What is not known about the command lines of kubelets, so that silence about it does not mean "clean".
package lib.findings.kubelet_notes

import data.lib.api.fields
import data.lib.nodes.kubelet_flags
import data.lib.nodes.roles
import data.lib.nodes.shell

# METADATA
# description: >-
#   returns a note on each thing that is not known about the nodes that the object's kubelets register.
#   `is_read` says that something was found in its command lines.
of(obj, kubelets, is_read, all_roles) := {object.union(note, {"code": "KUBELET_FLAGS_UNKNOWN"}) |
	some note in union({
		_silent_units(obj, is_read),
		_replaced_variables(obj),
		{note |
			some kubelet in kubelets
			some note in (_unknown_words(kubelet) | _unread_files(kubelet, all_roles))
		},
	})
}

_unknown_words(kubelet) := {{"path": word.path, "message": message} |
	some word in kubelet.unknown
	message := concat("", [
		"the value of ",
		_display(word),
		" is not known; it may set labels and taints of the node",
	])
}

_display(word) := "this script" if word.vague

_display(word) := word.text if not word.vague

# The file may have taints that the flags do not have.
_unread_files(kubelet, all_roles) := {{"path": flag.path, "message": message} |
	kubelet_flags.registers(kubelet)
	count(kubelet.unknown) == 0
	not kubelet_flags.taints(kubelet)
	some flag in kubelet_flags.files(kubelet)
	some role in all_roles
	roles.reserved(role)
	some pair in role.labels
	kubelet_flags.labels(kubelet)[pair.key].value == pair.value
	message := concat("", [
		"not checked whether nodes of role ",
		role.name,
		" have its taints: they may be in the file of --",
		flag.name,
	])
}

_silent_units(obj, is_read) := {{"path": ["execStart"], "message": message} |
	shell.unit(obj)
	is_read == false
	message := "not checked: no kubelet was found in the command lines of this unit"
}

_replaced_variables(obj) := {{"path": ["variables", index], "message": message} |
	shell.unit(obj)
	count(fields.list(obj, "environmentFiles")) > 0
	some index, variable in fields.list(obj, "variables")
	message := concat("", [
		"checked with the value of $",
		variable,
		" from Environment=; EnvironmentFile= may set another",
	])
}
