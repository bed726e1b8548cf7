# METADATA
# title: Pod affinity terms
# description: Which topology one term of pod affinity is about, and whose pods it looks at.
package lib.scheduling.affinity_terms

import data.lib.api.fields
import data.lib.api.selectors
import data.lib.workloads.workloads

# METADATA
# description: is the topology in which every node is a domain of its own.
node_topology := "kubernetes.io/hostname"

# METADATA
# description: >-
#   true if the term looks into the namespace of the object's pods: one that names no namespaces, or
#   names or selects theirs. Of a namespace's labels only its name is known, which the API server puts
#   on each.
sees_own_namespace(term, obj) if workloads.namespace(obj) in fields.list(term, "namespaces")

sees_own_namespace(term, _) if {
	count(fields.list(term, "namespaces")) == 0
	not is_object(fields.get(term, "namespaceSelector", null))
}

sees_own_namespace(term, obj) if {
	selector := term.namespaceSelector
	selectors.matches(selector, {_name_label: workloads.namespace(obj)})
	every expression in fields.list(selector, "matchExpressions") {
		fields.field_text(expression, "key") == _name_label
	}
}

_name_label := "kubernetes.io/metadata.name"

# METADATA
# description: >-
#   true if a scheduler places the object's pods. It is not asked where they name their node, and the kubelet
#   heeds ports alone.
heeded(obj) if fields.field_text(workloads.pod(obj), "nodeName") == ""

# The node of a pod that runs is the scheduler's choice.
heeded(obj) if {
	obj.kind == "Pod"
	fields.at(obj, ["metadata", "uid"], "") != ""
}
