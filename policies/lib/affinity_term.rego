# METADATA
# title: Pod affinity terms
# description: Which topology one term of pod affinity is about, and whose pods it looks at.
package lib.affinity_term

import data.lib.label_selector
import data.lib.value
import data.lib.workload

# METADATA
# description: is the topology in which every node is a domain of its own.
node_topology := "kubernetes.io/hostname"

# METADATA
# description: >-
#   true if the term looks into the namespace of the object's pods: one that names no namespaces, or
#   names or selects theirs. Of a namespace's labels only its name is known, which the API server puts
#   on each.
sees_own_namespace(term, object_) if workload.namespace(object_) in value.list(term, "namespaces")

sees_own_namespace(term, _) if {
	count(value.list(term, "namespaces")) == 0
	not is_object(value.get(term, "namespaceSelector", null))
}

sees_own_namespace(term, object_) if {
	selector := term.namespaceSelector
	label_selector.matches(selector, {_name_label: workload.namespace(object_)})
	every expression in value.list(selector, "matchExpressions") {
		value.field_text(expression, "key") == _name_label
	}
}

_name_label := "kubernetes.io/metadata.name"

# METADATA
# description: >-
#   true if a scheduler places the object's pods. It is not asked where they name their node, and the kubelet
#   heeds ports alone.
heeded(object_) if value.field_text(workload.pod(object_), "nodeName") == ""

# The node of a pod that runs is the scheduler's choice.
heeded(object_) if {
	object_.kind == "Pod"
	value.at(object_, ["metadata", "uid"], "") != ""
}
