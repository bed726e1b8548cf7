# METADATA
# title: Owners in words
# description: >-
#   What is said of an object whose controller is not in the input. It is checked itself, because anyone can
#   write an ownerReference.
package lib.findings.ownership

import data.lib.api.fields
import data.lib.findings.findings
import data.lib.workloads.controllers

# METADATA
# description: >-
#   returns what was found in the object, with `says` and `fix`: both name the controller where it is not in
#   the input.
with_owner(obj, found) := object.union(found, {
	"says": concat("", [found.says, "; its owner ", owner, " is not in the input"]),
	"fix": findings.edits(_include(owner, found.fix.title), false, found.fix.edits),
}) if {
	owner := _title(controllers.absent(obj)[0])
} else := found

_title(reference) := concat(" ", [fields.field_text(reference, "kind"), fields.field_text(reference, "name")])

_include(owner, title) := concat("", [
	"Include ",
	owner,
	" in the input: what it makes is checked there. Else: ",
	title,
])
