# METADATA
# title: Node registration
# description: >-
#   How nodes register, and with which labels and taints, in one form for all kinds: files of kubeadm, of
#   kubelets and of distributions, the objects of Cluster API and of clouds that make nodes, and the command
#   lines of kubelets.
package lib.nodes.registration

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.api.limits
import data.lib.nodes.cluster_classes
import data.lib.nodes.k0s
import data.lib.nodes.kind
import data.lib.nodes.kops
import data.lib.nodes.kubeadm
import data.lib.nodes.kubelet_flags
import data.lib.nodes.microk8s
import data.lib.nodes.node_pools
import data.lib.nodes.openshift
import data.lib.nodes.rancher
import data.lib.nodes.registration_fields
import data.lib.nodes.talos

# METADATA
# description: >-
#   returns how the object registers nodes: which nodes, their known labels, the path of each that is written,
#   their taints, unless they are not known, and the path at which the object sets them, if it does. Then
#   whether other labels can come (`closed` or `decides` if not), where other taints may be (`elsewhere`),
#   which ones older versions leave out, with which flags the kubelet refuses to start, and what cannot be
#   read (`faults`). None if it has more than is checked.
of(obj, kubelets) := array.concat(
	[_registered(row) | some row in _checked_rows(obj)],
	[_of_kubelet(kubelet) | some kubelet in kubelets],
)

_checked_rows(obj) := [] if {
	excess(obj) != set()
} else := _rows(obj)

# Of the other kinds, nothing but their names is read.
_rows(obj) := [] if {
	registration_fields.other_version(obj)
} else := array.concat(node_pools.rows(obj), cluster_classes.rows(obj)) if {
	node_pools.rows(obj)
} else := kubeadm.rows(obj) if {
	kubeadm.rows(obj)
} else := kops.rows(obj) if {
	kops.rows(obj)
} else := openshift.rows(obj) if {
	openshift.rows(obj)
} else := talos.rows(obj) if {
	talos.rows(obj)
} else := kind.rows(obj) if {
	kind.rows(obj)
} else := array.concat(rancher.rows(obj), array.concat(k0s.rows(obj), microk8s.rows(obj)))

# METADATA
# description: returns what of the object is more than is checked.
excess(obj) := set() if {
	registration_fields.other_version(obj)
} else := found if {
	found := union({over |
		some path in _lists
		items := fields.at(obj, path, [])
		is_array(items)
		over := limits.excess("registrations", count(items), path)
	})
	found != set() # before anything is made of each item
} else := found if {
	found := limits.excess("registrations", count(_rows(obj)), _list(obj))
	found != set()
} else := union({found |
	some row in _rows(obj)
	some [field, limit] in [["given", "taints"], ["gated", "taints"], ["labelled", "labels"], ["flags", "flags"]]
	some source in row[field]
	found := limits.excess(limit, registration_fields.size(source), source.path)
})

# The lists of groups of nodes that some kind has.
_lists := [
	["nodes"],
	["nodeGroups"],
	["managedNodeGroups"],
	["spec", "hosts"],
	["spec", "agentPoolProfiles"],
	["spec", "workerProfiles"],
	["spec", "patches"],
	["spec", "workers", "machineDeployments"],
	["spec", "workers", "machinePools"],
	["spec", "topology", "workers", "machineDeployments"],
	["spec", "topology", "workers", "machinePools"],
]

# Where the list of groups of nodes is.
_list(obj) := array.slice(path, 0, min({count(path)} | {index | some index, key in path; is_number(key)})) if {
	path := _place(_rows(obj)[0])
	path != []
} else := ["spec"]

# METADATA
# description: returns the API group of the file.
group(obj) := inventory.group(obj.apiVersion)

_registered(row) := object.union(_taints(row, listed, kubelet), {
	"registers": _registers(row, kubelet),
	"nodes": row.nodes,
	"labels": object.union(row.labels, {key: label.value | some key, label in labels}),
	"paths": {key: label.path | some key, label in labels},
	"place": _place(row),
	"gated": [item.taint | some item in _read_taints(row.gated); item.taint],
	"closed": false,
	"decides": row.decides,
	"elsewhere": row.elsewhere,
	"older": _older(row, listed),
	"refusals": (kubelet_flags.refusals(kubelet) | _refused_labels(row, kubelet)),
	"faults": array.concat(row.faults, [item |
		some items in [listed, _read_taints(row.gated), labelled, flags, _open_flags(kubelet)]
		some item in items
		item.fault
	]),
}) if {
	listed := _read_taints(row.given)
	labelled := [item |
		some source in row.labelled
		some item in registration_fields.label_items(source)
		not _left_out(row, item)
	]
	flags := [item | some source in row.flags; some item in registration_fields.flag_items(source)]
	kubelet := {
		"flags": [flag | some flag in flags; flag.name in _deciding],
		"dashes": set(),
		"unknown": [],
	}
	labels := object.union(_by_key(labelled), kubelet_flags.labels(kubelet))
}

_registers(row, kubelet) if {
	row.registers
	kubelet_flags.registers(kubelet)
} else := false

_read_taints(sources) := [item | some source in sources; some item in registration_fields.taint_items(source)]

_deciding := {"node-labels", "register-with-taints", "register-node"}

# The last of the labels with a key counts.
_by_key(labelled) := {item.key: item |
	some index, item in labelled
	count([later | some later in array.slice(labelled, index + 1, count(labelled)); later.key == item.key]) == 0
}

# Cluster API copies only some labels of machines to nodes.
_left_out(row, item) if {
	row.synced
	not _synced(split(item.key, "/")[0])
}

_synced("node-role.kubernetes.io")

_synced(prefix) if {
	some domain in ["node-restriction.kubernetes.io", "node.cluster.x-k8s.io"]
	endswith(prefix, domain)
}

# A flag of the kubelet replaces what would be generated from the lists.
_taints(row, listed, kubelet) := flag if {
	row.adds == false
	flag := kubelet_flags.taints(kubelet)
	flag != null
} else := object.union(_path(row, kubelet), {"taints": all_taints}) if {
	all_taints := array.concat(_listed(row, listed), _added(kubelet))
	count([item | some item in array.concat(row.faults, listed); item.fault; item.open]) == 0
	count(_open_flags(kubelet)) == 0
} else := {}

_listed(row, listed) := array.concat(row.implied, [item.taint | some item in listed; item.taint]) if {
	count(_written(row)) > 0
} else := array.concat(row.implied, row.usual)

_written(row) := [source.path | some source in row.given; source.value != null]

_added(kubelet) := kubelet_flags.taints(kubelet).taints if {
	kubelet_flags.taints(kubelet) != null
} else := []

_path(row, kubelet) := {"path": row.place} if {
	row.place != null
} else := {"path": _written(row)[0]} if {
	count(_written(row)) > 0
} else := {"path": path} if {
	path := kubelet_flags.taints(kubelet).path
} else := {}

_place(row) := row.place if {
	row.place != null
} else := sources[0].path if {
	sources := array.concat(row.given, row.gated)
	count(sources) > 0
} else := row.origin

_open_flags(kubelet) := [{"path": flag.path, "fault": fault, "open": true} |
	some flag in kubelet.flags
	registration_fields.open(flag.value)
	fault := concat("", ["the value of ", flag.name, " is not known"])
]

_older(row, listed) := {"says": row.older, "taints": left_out} if {
	written := [item.taint | some item in listed; item.taint]
	left_out := [taint | some taint in row.implied; not taint in written]
	row.older != ""
	count(written) > 0
} else := {"says": "", "taints": []}

# The kubelet must not set such a label on its own node (cmd/kubelet/app/options).
_refused_labels(row, kubelet) := {refusal |
	row.strict
	some key, label in kubelet_flags.labels(kubelet)
	startswith(key, "node-role.kubernetes.io/")
	refusal := {"path": label.path, "flag": "node-labels", "problem": "label", "text": key}
}

_of_kubelet(kubelet) := object.union(_given_taints(kubelet), {
	"registers": _registers({"registers": true}, kubelet),
	"nodes": "nodes",
	"labels": {key: pair.value | some key, pair in kubelet_flags.labels(kubelet)},
	"paths": {key: pair.path | some key, pair in kubelet_flags.labels(kubelet)},
	"place": [],
	"gated": [],
	"closed": count(kubelet.unknown) == 0,
	"decides": false,
	"elsewhere": "",
	"older": {"says": "", "taints": []},
	"refusals": kubelet_flags.refusals(kubelet),
	"faults": [],
})

_given_taints(kubelet) := {"taints": []} if {
	kubelet_flags.taints(kubelet) == null
} else := given if {
	given := kubelet_flags.taints(kubelet)
} else := {}
