# METADATA
# title: Nodes
# description: >-
#   The Node object: its labels and taints, and the class that contains only this node
#   (lib.nodes.roles).
# custom:
#   reads: [node]
package lib.nodes.nodes

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.api.limits
import data.lib.api.served
import data.lib.nodes.taints

# METADATA
# description: true if the object is a Node.
known(obj) if {
	obj.kind == "Node"
	inventory.group(obj.apiVersion) == ""
}

# METADATA
# description: lists the Nodes of the inventory, without those that no API server would accept.
present := of_keys(facts.present) if {
	facts
} else := [node | some node in inventory.in_cluster({""}, "Node"); _accepted(node)]

# METADATA
# description: >-
#   holds what the index has of the Nodes (lib.nodes.roles), which it names by their keys in the inventory;
#   undefined without an index.
facts := inventory.node_facts

# METADATA
# description: returns the Nodes of the inventory with these keys.
of_keys(chosen) := [_by_key[key] | some key in chosen]

# METADATA
# description: returns the Nodes of the inventory as present does, by their keys.
present_by_key := {key: node | some key, node in _by_key; _accepted(node)}

# No other version of the core group was ever served.
_by_key := inventory.by_name_in_cluster("v1", "Node")

# METADATA
# description: true if the inventory has Nodes.
given if count(facts.present) > 0

given if {
	not facts
	count(present) > 0
}

# METADATA
# description: returns the Nodes of the inventory with this name, one or none.
named(name) := [node | some node in inventory.named_in_cluster({""}, "Node", name); _accepted(node)]

# A cluster may have thousands of Nodes, which its API server has accepted.
_accepted(node) if {
	node.apiVersion == "v1"
	served.shown(node)
}

_accepted(node) if {
	not served.shown(node)
	served.accepted(node)
}

# METADATA
# description: returns the node's name, empty where it has none.
name(node) := fields.text(fields.at(node, ["metadata", "name"], ""))

# METADATA
# description: returns the node's labels, each value as text.
labels(node) := fields.text_map(fields.map(fields.map(node, "metadata"), "labels"))

# METADATA
# description: returns what of the Node is more than is checked.
excess(obj) := limits.excess("taints", count(written), ["spec", "taints"]) if {
	known(obj)
	written := fields.list(fields.map(obj, "spec"), "taints")
} else := set()

# METADATA
# description: returns the node's taints, each with its path. None if that is more than are checked.
listed_taints(node) := [] if {
	excess(node) != set()
} else := [{"path": item.path, "value": taint} |
	some item in fields.items(fields.list(fields.map(node, "spec"), "taints"), ["spec", "taints"])
	taint := taints.parsed(item.value)
]

# METADATA
# description: >-
#   returns the class of this one node: its name, labels and taints, with a cordon as a
#   taint, as for the scheduler. All its labels are known only if it comes from an API server, because a
#   kubelet adds labels to those of a manifest; else only the labels of the set are known.
class(node, known_labels) := {
	"name": name(node),
	"forced": labels(node),
	"states": {},
	"present": set(),
	"absent": set(),
	"forbidden": set(),
	"known": known_labels,
	"closed": fields.at(node, ["metadata", "uid"], "") != "",
	"taints": ({item.value | some item in listed_taints(node)} | _cordon(node)),
}

_cordon(node) := {{"key": "node.kubernetes.io/unschedulable", "value": "", "effect": "NoSchedule"} |
	fields.at(node, ["spec", "unschedulable"], false) == true
}

# METADATA
# description: >-
#   returns the class of this one node without the taints of its condition: which pods can run there does
#   not depend on its present state.
lasting_class(node, known_labels) := object.union(found, {"taints": {taint |
	some taint in found.taints
	not taint.key in taints.conditions
}}) if {
	found := class(node, known_labels)
}
