# METADATA
# title: Parity with the scheduler
# description: >-
#   Answers the questions of tools/scheduler-oracle with the libraries: in which ways a pod can get to
#   each node, and which classes of nodes of a role it reaches.
package test.scheduler

import data.lib.nodes.nodes
import data.lib.nodes.roles
import data.lib.scheduling.feasibility
import data.lib.scheduling.pods

# METADATA
# description: has for each node the ways in which the pod of the input can get there.
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

# Binding sets the nodeName of a pod that has none. A static pod runs on the node with its file.
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
#   has for each class of nodes of the role of the input, and for the nodes outside of it, the terms by
#   which the pod reaches the class, and whether it reaches every node of it.
# entrypoint: true
on_classes := [{
	"class": {"forced": class.forced, "forbidden": class.forbidden},
	"covers": _covers(class),
	"terms": [term.path | some term in feasibility.reaching_terms(_scheduled, class)],
} |
	some role in roles.named(input.role, input.parameters)
	some class in array.concat(role.classes, roles.outside(role))
]

_scheduled := _placement("scheduler")

_covers(class) if feasibility.covers(_scheduled, class)

_covers(class) := false if not feasibility.covers(_scheduled, class)
