# METADATA
# title: Notes on pods
# description: >-
#   What is not known about the pods of an object, so that silence about it does not mean "clean": where they
#   run, what their scheduler and their RuntimeClass do, and what Kubernetes reads differently than it looks.
package lib.findings.pod_notes

import data.lib.api.fields
import data.lib.api.served
import data.lib.findings.intrusion
import data.lib.findings.rejected_values
import data.lib.nodes.nodes
import data.lib.scheduling.feasibility
import data.lib.scheduling.pods
import data.lib.table.components
import data.lib.table.owners
import data.lib.workloads.workload_refs
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns a note on each thing that is not known about the object's pods. For pods that are checked at
#   their owner it is where they run. A note that concerns many objects says what it is `about`: a report
#   has it once.
of(obj, parameters) := (((({note |
	workloads.known(obj)
	some pod in pods.bound(obj)
	some note in (_unknown_node(obj, pod) | _unshown_node(obj, pod))
} | {note |
	workloads.known(obj)
	not owners.checked_there(obj)
	some pod in pods.bound(obj)
	some note in union({
		_unknown_scheduler(pod, object.get(parameters, "schedulers", [])),
		_unknown_class(pod),
		_gated_operators(pod),
		_null_values(pod),
		_values(obj, pod),
	})
}) | (rejected_values.of_replicas(obj) | _template_elsewhere(obj))) | {note |
	components.other(obj, parameters)
	some pod in pods.bound(obj)
	some note in _unshown_class(pod) # few have one, and the question takes long
	_opens(pod, parameters)
}) | {note |
	some row in components.of(obj, parameters)
	row.nodeRole
	some pod in pods.bound(obj)
	some note in _unshown_class(pod)
}) | _assumed_static(obj, parameters)

_template_elsewhere(obj) := {{
	"code": "TARGET_UNKNOWN",
	"path": ["spec", "workloadRef"],
	"message": concat("", [
		"its pods were not checked: they are made from the template of ",
		fields.field_text(obj.spec.workloadRef, "kind"),
		" ",
		fields.field_text(obj.spec.workloadRef, "name"),
		", which is not in the input",
	]),
} |
	workload_refs.unresolved(obj)
}

# What a controller fills in, no API server rejects.
_values(obj, pod) := {{
	"code": "VALUE_PARAMETER",
	"path": late[0].path,
	"message": concat("", [
		fields.quoted(substring(fields.text(late[0].value), 0, 60)),
		" is filled in when the pods are created: checked as if it could be any value",
	]),
} |
	late := workloads.late_values_at(obj, pod.path)
	count(late) > 0
} | {note |
	some note in rejected_values.of_pod(pod)
	not note.path in {late.path | some late in workloads.late_values_at(obj, pod.path)}
}

_unknown_node(obj, pod) := {{
	"code": "NODE_UNKNOWN",
	"about": name,
	"path": array.concat(pod.path, ["nodeName"]),
	"message": concat("", ["not checked where the pod runs: include Node ", name, " in the input"]),
} |
	pods.runs(obj)
	name := fields.field_text(pod.spec, "nodeName")
	name != ""
	count(nodes.named(name)) == 0
}

# Its status says that it runs there, and both may be made up.
_unshown_node(obj, pod) := {{
	"code": "NODE_UNCONFIRMED",
	"about": name,
	"path": array.concat(pod.path, ["nodeName"]),
	"message": concat("", [
		"where the pod runs was checked only with a Node of the input that no API server has shown ",
		"(it has no uid): ",
		name,
	]),
} |
	pods.runs(obj)
	name := fields.field_text(pod.spec, "nodeName")
	some node in nodes.named(name)
	not served.shown(node)
}

_assumed_static(obj, parameters) := {{
	"code": "STATIC_POD_ASSUMED",
	"about": workloads.title(obj),
	"path": ["metadata", "name"],
	"message": concat("", [
		"checked as a file that a kubelet reads, not as a pod that is created through the API: ",
		workloads.title(obj),
		" was taken for a static pod",
	]),
} |
	obj.kind == "Pod"
	some row in components.of(obj, parameters)
	row.static
	not pods.mirrored(obj)
}

# A pod that sets nodeName bypasses the scheduler.
_unknown_scheduler(pod, schedulers) := {{
	"code": "SCHEDULER_UNKNOWN",
	"path": array.concat(pod.path, ["schedulerName"]),
	"message": concat("", [
		"scheduler ",
		fields.field_text(pod.spec, "schedulerName"),
		" may ignore taints; checked as if the default scheduler placed the pods",
	]),
} |
	not pod.placement.way in {"node", "file"}
	pods.other_scheduler(pod.spec, schedulers)
}

_unknown_class(pod) := {{
	"code": "RUNTIME_CLASS_UNKNOWN",
	"path": array.concat(pod.path, ["runtimeClassName"]),
	"message": concat("", [
		"not checked what RuntimeClass ",
		name,
		" adds to the tolerations and nodeSelector: include it in the input",
	]),
} |
	name := fields.field_text(pod.spec, "runtimeClassName")
	name != ""
	count(pods.runtime_classes(pod.spec)) == 0
}

# The author of the pod may have made it up, while the class of the cluster tolerates more.
# Without the taints, it could run on a node of a reserved role.
_opens(pod, parameters) if {
	without := pods.placement(object.remove(pod.spec, ["runtimeClassName"]), pod.path, pod.placement.way)
	some role in intrusion.reserved(parameters)
	feasibility.reaches(pods.tolerating_all(without), role.classes)
}

_unshown_class(pod) := {{
	"code": "RUNTIME_CLASS_UNCONFIRMED",
	"about": workloads.name(class),
	"path": array.concat(pod.path, ["runtimeClassName"]),
	"message": concat("", [
		"what the RuntimeClass adds was checked only with one of the input that no API server has shown ",
		"(it has no uid): ",
		workloads.name(class),
	]),
} |
	some class in pods.runtime_classes(pod.spec)
	not served.shown(class)
}

_gated_operators(pod) := {{
	"code": "TOLERATION_OPERATOR_GATED",
	"path": array.concat(pod.path, ["tolerations"]),
	"message": concat(" ", [
		"operators Lt and Gt tolerate nothing unless the feature gate TaintTolerationComparisonOperators",
		"is on; checked as if it is off",
	]),
} |
	some toleration in fields.list(pod.spec, "tolerations")
	fields.field_text(toleration, "operator") in {"Lt", "Gt"}
}

# Kubernetes keeps the null as an empty value, which few people mean.
_null_values(pod) := {{
	"code": "NULL_SELECTOR_VALUE",
	"path": array.concat(pod.path, ["nodeSelector", key]),
	"message": concat("", ["nodeSelector has no value for ", key, ": Kubernetes reads it as \"\"; write that"]),
} |
	some key, value in fields.map(pod.spec, "nodeSelector")
	value == null
}
