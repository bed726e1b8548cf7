# METADATA
# title: Conftest adapter
# description: >-
#   Shows conftest's input to the policies as Gatekeeper would: each object under review, and with
#   --combine all of them as the inventory. Without --combine a document is alone, so that policies
#   whose verdict depends on other objects are skipped.
package main

import data.lib.api.inventory
import data.lib.findings.waivers

# METADATA
# description: >-
#   holds what the policies find at the severity error. conftest asks for each rule by itself, and nothing that
#   one computes is known to the next: each asks only the policies of its severity.
violation contains finding if some finding in _found("error")

# METADATA
# description: holds what the policies find at the severity warning.
warn contains finding if some finding in _found("warning")

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

# The inventory is set once for all objects: set for each, it would be built for each.
_found(severity) := found if {
	found := _open(severity) with data.inventory as _inventory
}

_waived := found if {
	count(_waivers) > 0
	found := _accepted with data.inventory as _inventory
}

_open(severity) := {finding |
	some source in _sources
	asked := _policies_for(severity, source.object.kind, inventory.group(source.object.apiVersion))
	some finding in _findings_in(source, asked, false)
}

# conftest asks for the exceptions of each rule: only the objects that waivers are for are checked again, and
# only with the policies that these name.
_accepted contains finding if {
	some source in _sources
	applying := waivers.of_object(_waivers, source.object)
	count(applying) > 0
	named := {id | some index in applying; some id in _waivers[index].policies}
	group := inventory.group(source.object.apiVersion)
	asked := {id | some severity in _severities; some id in _policies_for(severity, source.object.kind, group)}
	some finding in _findings_in(source, asked & named, true)
}

_severities := {policy.severity | some policy in data.bulkhead.policies}

# A function of the kind: OPA computes it once for all objects of one.
_policies_for(severity, kind, group) := {id |
	some id, policy in data.bulkhead.policies
	policy.severity == severity
	_answerable(policy)
	_checks(id, kind, group)
}

_answerable(_) if is_array(input)

_answerable(policy) if not policy.referential

_checks(id, kind, group) if {
	some checked in data.bulkhead.checks
	id in checked.policies
	group in checked.kinds[kind]
}

# The data of an earlier version does not have it.
_checks(_, _, _) if not data.bulkhead.checks

_findings_in(source, asked, is_waived) := {finding |
	count(asked) > 0
	some result in data.entry.findings with input as {"review": {"object": source.object}, "policies": asked}
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

# Of two objects with one identity the later wins, as with kubectl apply. Each is in a list, which a union
# takes as it is: it would join two objects key by key.
_namespaced := {namespace: {api_version: {kind: {name: obj | some name, [obj] in by_name} |
	some kind, by_name in by_kind
} |
	some api_version, by_kind in by_version
} |
	some namespace, by_version in object.union_n(_entries)
}

_entries := [{namespace: {source.object.apiVersion: {source.object.kind: {name: [source.object]}}}} |
	is_array(input)
	some index, source in _sources
	namespace := _given(source.object, "namespace", "")

	# Objects without a name are all different: the API server gives each its own.
	name := _given(source.object, "name", concat("", ["#", format_int(index, 10)]))
]

_given(obj, field, otherwise) := otherwise if {
	object.get(obj, ["metadata", field], null) in {null, ""}
} else := obj.metadata[field]
