# METADATA
# title: Parity with the scheduler
# description: >-
#   Puts the questions of tools/scheduler-oracle to the vocabulary: by which ways a pod can run on
#   each of some nodes, and what is said of the classes of a role.
package test.scheduler

import data.lib.nodes.nodes
import data.lib.nodes.roles
import data.lib.scheduling.feasibility
import data.lib.scheduling.pods

# METADATA
# description: holds for each node the ways by which the pod of the input can run there.
# entrypoint: true
on_nodes := [{way |
	some way in ["scheduler", "daemon", "node", "file"]
	placement := object.union(_placement(way), {"node": _node(way, class)})
	feasibility.reaches(placement, [class])
} |
	some given in input.nodes
	class := object.union(nodes.class(given, set()), {"closed": true})
]

_placement(way) := pods.placement(input.pod, [], way)

# Bound by whatever means, a pod without nodeName gets that of the node; a file is where it is.
_node(way, class) := class.name if {
	way == "node"
	object.get(input.pod, "nodeName", null) in {null, ""}
}

_node(way, _) := input.pod.nodeName if {
	way != "file"
	not object.get(input.pod, "nodeName", null) in {null, ""}
}

_node(way, _) := "" if {
	not way in {"node", "file"}
	object.get(input.pod, "nodeName", null) in {null, ""}
}

_node("file", class) := class.name

# METADATA
# description: >-
#   holds for the role of the input, with the parameters of the input, whether the pod reaches each class of
#   its nodes and every node of it, and the same for the nodes outside; with the terms that do.
# entrypoint: true
on_classes := [{
	"class": {"forced": class.forced, "forbidden": class.forbidden},
	"covers": _covers(class),
	"terms": [term.path | some term in feasibility.reaching_terms(_scheduled, class)],
} |
	some role in roles.named(input.role, input.parameters)
	some class in array.concat(role.classes, [role.outside])
]

_scheduled := _placement("scheduler")

_covers(class) if feasibility.covers(_scheduled, class)

_covers(class) := false if not feasibility.covers(_scheduled, class)
