# METADATA
# title: Caveats
# description: >-
#   What a verdict on command lines of kubelets leaves out, so that silence about it is not taken for
#   "clean".
package lib.findings.unjudged

import data.lib.api.fields
import data.lib.nodes.kubelet_flags
import data.lib.nodes.shell
import data.lib.nodes.taints

# METADATA
# description: >-
#   returns what is not known of the nodes that the object makes register by these kubelets of it, each
#   with its path and a message.
of(obj, kubelets, roles) := union({
	_silent_units(obj, kubelets),
	_replaced_variables(obj),
	{unknown |
		some found in kubelets
		some unknown in (_unknown_words(found) | _unread_files(found, roles))
	},
})

_unknown_words(found) := {{"path": word.path, "message": message} |
	some word in found.unknown
	message := concat("", [
		"what ",
		_display(word),
		" stands for was not judged: it may give labels and taints of the node",
	])
}

_display(word) := "this script" if word.vague

_display(word) := word.text if not word.vague

# The file may have the taints that the flags do not give.
_unread_files(found, roles) := {{"path": flag.path, "message": message} |
	kubelet_flags.registers(found)
	count(found.unknown) == 0
	not kubelet_flags.taints(found)
	some flag in kubelet_flags.files(found)
	some role in roles
	some taint in role.taints
	taints.blocks(taint)
	some pair in role.labels
	kubelet_flags.labels(found)[pair.key].value == pair.value
	message := concat("", [
		"whether a node of the role ",
		role.name,
		" has its taints was not judged: they may be in the file of --",
		flag.name,
	])
}

_silent_units(obj, kubelets) := {{"path": ["execStart"], "message": message} |
	shell.unit(obj)
	count(kubelets) == 0
	message := "what this unit starts was not judged: no kubelet was found in its command lines"
}

_replaced_variables(obj) := {{"path": ["variables", index], "message": message} |
	shell.unit(obj)
	count(fields.list(obj, "environmentFiles")) > 0
	some index, variable in fields.list(obj, "variables")
	message := concat("", [
		"only what Environment= has for $",
		variable,
		" was judged: EnvironmentFile= may have something else",
	])
}
