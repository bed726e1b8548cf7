# METADATA
# title: Conftest adapter
# description: >-
#   Shows conftest's input to the policies as Gatekeeper would: each object under review, and with
#   --combine all of them as the inventory. Without --combine a document is alone, so that policies
#   whose verdict depends on other objects are skipped.
package main

import data.entry
import data.lib.api.inventory
import data.lib.findings.parameter_faults
import data.lib.findings.waivers
import data.lib.nodes.roles
import data.main.cluster
import data.main.documents

# METADATA
# description: >-
#   holds what the policies find at the severity error. conftest asks for each rule by itself, and nothing that
#   one computes is known to the next: each asks only the policies of its severity.
violation contains finding if some finding in _open("error")

# METADATA
# description: holds what the policies find at the severity warning.
warn contains finding if some finding in _open("warning")

# Without the parameters of a profile no input would give a finding.
violation contains {"msg": "no parameters: name a profile's data, -d conftest/data/PROFILE.yaml"} if {
	not data.bulkhead.table
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

_open(severity) := {_shown(found, source) |
	some source in documents.objects
	asked := _policies_for(severity, source.object.kind, inventory.group(source.object.apiVersion))
	some found in _findings_in(source.object, asked, _of_profile)
	not _is_waived(found, source.object)
}

# conftest asks for the exceptions of each rule: only the objects that waivers are for are checked again, and
# only with the policies that these name.
_waived contains _shown(found, source) if {
	count(_waivers) > 0
	some source in documents.objects
	applying := waivers.of_object(_waivers, source.object)
	named := {id | some index in applying; some id in _waivers[index].policies}
	group := inventory.group(source.object.apiVersion)
	asked := {id | some severity in _severities; some id in _policies_for(severity, source.object.kind, group)}
	some found in _findings_in(source.object, asked & named, _of_profile)
	_is_waived(found, source.object)
}

_is_waived(found, obj) if {
	some index in waivers.applying(_waivers, obj, found)
	found.policy in _waivers[index].policies
}

_severities := {policy.severity | some policy in data.bulkhead.policies}

# A function of the kind: OPA computes it once for all objects of one.
_policies_for(severity, kind, group) := {id |
	some id, policy in data.bulkhead.policies
	policy.severity == severity
	_answerable(policy)
	_checks(id, kind, group)
}

_answerable(_) if documents.combined

_answerable(policy) if not policy.referential

_checks(id, kind, group) if {
	some checked in data.bulkhead.checks
	id in checked.policies
	group in checked.kinds[kind]
}

# The policies are asked together, with the whole table as the parameters of each: what several of them compute
# of the object is then computed once.
_findings_in(obj, asked, of_profile) := found if {
	count(asked) > 0
	found := _findings with data.inventory as cluster.inventory
		with input as {
			"review": {"object": obj},
			"parameters": data.bulkhead.table,
			"ofProfile": of_profile,
			"policies": asked,
		}
}

_findings := [{"policy": id, "msg": found.msg, "details": found.details} |
	some id in (input.policies - entry.left_out)
	some found in data.policies[id].violation
]

# Someone may have edited the table. It has no mistake if the policies find nothing in an object of another kind
# than theirs, and no row names a role that is missing; else each object says the mistake.
default _of_profile := false

_of_profile if {
	not _misnames_roles
	obj := {"apiVersion": "bulkhead.dev/v1", "kind": "None", "metadata": {"name": "none"}}
	_findings_in(obj, object.keys(data.bulkhead.policies), false) == []
}

_misnames_roles if {
	some row in data.bulkhead.table.components
	parameter_faults.of_role_name(row.nodeRole, roles.words, data.bulkhead.table) != set()
}

_misnames_roles if {
	name := data.bulkhead.table.otherWorkloads.nodeRole
	parameter_faults.of_role_name(name, set(), data.bulkhead.table) != set()
}

_shown(found, source) := object.union(found, {
	"severity": data.bulkhead.policies[found.policy].severity,
	"object": {
		"apiVersion": source.object.apiVersion,
		"kind": source.object.kind,
		"namespace": object.get(source.object, ["metadata", "namespace"], null),
		"name": object.get(source.object, ["metadata", "name"], null),
	},
	"path": source.path,
})
