# METADATA
# title: Conftest adapter
# description: >-
#   Shows conftest's input to the policies as Gatekeeper would: each object under review, and with
#   --combine all of them as the inventory. Without --combine a document is alone, so that policies
#   whose verdict depends on other objects are skipped.
package main

import data.lib.findings.waivers

# METADATA
# description: holds what the policies find at the severity error.
violation contains finding if {
	some finding in _findings
	finding.severity == "error"
}

# METADATA
# description: holds what the policies find at the severity warning.
warn contains finding if {
	some finding in _findings
	finding.severity == "warning"
}

# Without the parameters of a profile no input would give a finding.
violation contains {"msg": "no parameters: name a profile's data, -d conftest/data/PROFILE.yaml"} if {
	not data.bulkhead.parameters
}

# A waiver that someone wrote with a mistake waives nothing, nor does any other.
violation contains {"msg": concat(": ", ["nothing is waived", says])} if {
	some says in waivers.faults(_waivers)
}

# METADATA
# description: >-
#   holds what waivers accept, at any severity. It fails nothing: conftest leaves out what a rule finds if an
#   exception has its name without the prefix, and counts the exceptions.
violation_waived contains finding if some finding in _waived

# METADATA
# description: holds an exception for each finding that a waiver accepts.
exception contains [finding, "waived"] if some finding in _waived

default _waivers := []

_waivers := data.bulkhead.waivers

# The inventory is set once for all objects: set for each, it would be copied for each.
_findings := found if {
	found := _open with data.inventory as _inventory
}

_waived := found if {
	count(_waivers) > 0
	found := _accepted with data.inventory as _inventory
}

_open contains finding if {
	some source in _sources
	some finding in _findings_in(source, false)
}

# conftest asks for the exceptions of each rule: only the objects that waivers are for are checked again.
_accepted contains finding if {
	some source in _sources
	count(waivers.of_object(_waivers, source.object)) > 0
	some finding in _findings_in(source, true)
}

_findings_in(source, is_waived) := {finding |
	some result in data.entry.findings with input as {"review": {"object": source.object}}
	_answerable(result.policy)
	count(result.waivers) > 0 == is_waived
	finding := {
		"msg": result.msg,
		"details": result.details,
		"policy": result.policy,
		"severity": data.bulkhead.policies[result.policy].severity,
		"object": {
			"apiVersion": source.object.apiVersion,
			"kind": source.object.kind,
			"namespace": object.get(source.object, ["metadata", "namespace"], null),
			"name": object.get(source.object, ["metadata", "name"], null),
		},
		"path": source.path,
	}
}

_answerable(_) if is_array(input)

_answerable(policy) if not data.bulkhead.policies[policy].referential

# Objects as kubectl sends them: the items of a list in its place, with its kind.
_sources := [source |
	some document in _documents
	some unwrapped in _unwrap(document.contents)
	source := {"path": document.path, "object": unwrapped}
]

_documents := input if is_array(input)

_documents := [{"path": "", "contents": input}] if is_object(input)

_unwrap(contents) := [contents] if {
	_is_object(contents)
	not is_array(object.get(contents, "items", null))
}

_unwrap(contents) := [object.union(_item_kind(contents), item) |
	_is_object(contents)
	some item in contents.items
] if {
	is_array(object.get(contents, "items", null))
}

_is_object(contents) if {
	is_string(contents.apiVersion)
	is_string(contents.kind)
}

_item_kind(list) := {"apiVersion": list.apiVersion, "kind": trim_suffix(list.kind, "List")} if {
	endswith(list.kind, "List")
	list.kind != "List"
}

_item_kind(list) := {} if list.kind == "List"

_item_kind(list) := {} if not endswith(list.kind, "List")

# An object without a namespace is in both: cluster-scoped kinds are read only from there.
_inventory := {"namespace": _namespaced, "cluster": object.get(_namespaced, "", {})}

# Of two objects with one identity the later wins, as with kubectl apply.
_namespaced[namespace][api_version][kind][name] := source.object if {
	is_array(input)
	some index, source in _sources
	_last[_identities[index]] == index
	[namespace, api_version, kind, name] := _identities[index]
}

_identities := [[
	object.get(source.object, ["metadata", "namespace"], ""),
	source.object.apiVersion,
	source.object.kind,
	_name(source.object, index),
] |
	some index, source in _sources
]

_name(obj, _) := obj.metadata.name

# Objects without a name are all different: the API server gives each its own.
_name(obj, index) := concat("", ["#", format_int(index, 10)]) if not obj.metadata.name

# By sets: searching all identities for each object would take quadratic time.
_indices[identity] contains index if some index, identity in _identities

_last[identity] := max(indices) if some identity, indices in _indices
