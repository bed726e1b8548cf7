# METADATA
# title: ClusterClasses
# description: >-
#   What the patches of a ClusterClass of Cluster API write into the configuration of control plane nodes, and
#   the variables of a Cluster that may.
package lib.nodes.cluster_classes

import data.lib.api.fields
import data.lib.nodes.kubeadm
import data.lib.nodes.registration_fields

# METADATA
# description: returns the registrations by patches of a ClusterClass, and by variables; none of other objects.
rows(obj) := [row |
	some index, patch in fields.list(fields.map(obj, "spec"), "patches")
	some place, definition in fields.list(patch, "definitions")
	fields.at(definition, ["selector", "kind"], "") in {"KubeadmControlPlaneTemplate", "KubeadmControlPlane"}
	some step, change in fields.list(definition, "jsonPatches")
	fields.field_text(change, "op") in {"add", "replace"}
	path := ["spec", "patches", index, "definitions", place, "jsonPatches", step, "value"]
	some row in _patched(patch, change, path)
] if {
	registration_fields.id(obj) == "cluster.x-k8s.io/ClusterClass"
} else := [registration_fields.registration({"faults": [{
	"path": item.path,
	"fault": concat(" ", ["the variable", name, "may take taints away"]),
	"open": true,
	"advice": "Check the patches of its ClusterClass",
}]}) |
	some item in _variables(obj)
	name := fields.field_text(item.value, "name")
	contains(lower(name), "taint")
	fields.get(item.value, "value", null) in _empty
] if {
	registration_fields.id(obj) == "cluster.x-k8s.io/Cluster"
} else := []

_empty := [false, null, [], "", "false"]

_variables(obj) := [item |
	some path in [["spec", "topology"], ["spec", "topology", "controlPlane"]]
	some [field, inner] in [["variables", []], ["variables", ["overrides"]]]
	holder := array.concat(path, array.concat([field], inner))
	found := fields.at(obj, holder, [])
	is_array(found)
	some item in fields.items(found, holder)
]

# The patch is written into an empty template, which is then read like one of Cluster API.
_patched(patch, change, path) := [object.union(row, {
	"place": path,
	"elsewhere": _elsewhere(patch),
	"given": [object.union(source, {"path": path}) | some source in row.given],
	"flags": [object.union(source, {"path": path}) | some source in row.flags],
}) |
	keys := _keys(fields.field_text(change, "path"))
	inner := _up_to_list(keys)
	template := _nested(inner, _value(change, keys == inner))
	some name in ["initConfiguration", "joinConfiguration"]
	at := ["spec", "template", "spec", "kubeadmConfigSpec", name]
	_registers(fields.at(template, at, null))
	row := kubeadm.row(template, at, true)
]

_registers(configuration) if {
	some path in [["nodeRegistration", "taints"], ["nodeRegistration", "kubeletExtraArgs"], ["skipPhases"]]
	fields.at(configuration, path, null) != null
}

# What is written into a list that is there, or comes from a variable, is not known.
_value(change, true) := fields.get(change, "value", null) if {
	fields.get(change, "valueFrom", null) == null
} else := "{{ }}"

_value(_, false) := "{{ }}"

_up_to_list(keys) := array.slice(keys, 0, min({count(keys)} | {index |
	some index, key in keys
	_of_list(key)
}))

_of_list("-")

_of_list(key) if {
	key != ""
	trim(key, "0123456789") == ""
}

# A patch with a condition applies to some clusters only.
_elsewhere(patch) := "" if {
	fields.field_text(patch, "enabledIf") in {"", "true"}
} else := concat("", ["what is there without the patch ", fields.field_text(patch, "name")])

_keys(path) := [replace(replace(key, "~1", "/"), "~0", "~") |
	some index, key in split(path, "/")
	index > 0
]

_nested(keys, value) := json.unmarshal(concat("", array.concat(
	[concat("", ["{", json.marshal(key), ":"]) | some key in keys],
	array.concat([json.marshal(value)], ["}" | some _ in keys]),
)))
