# METADATA
# title: Findings
# description: >-
#   The one constructor of what a policy reports: a violation with the place, the component, the fix and
#   the other objects that take part.
package lib.findings.findings

# METADATA
# description: >-
#   returns a violation. `path` is the path to the cause in the object, `component` the name of the
#   component, or null for other workloads, `fix` what advice() or edits() returns, and `related` the
#   list of other objects that take part, each as related() returns it.
violation(msg, details) := {"msg": msg, "details": {
	"path": details.path,
	"component": details.component,
	"fix": details.fix,
	"related": object.get(details, "related", []),
}}

# METADATA
# description: returns a fix of which only the sentence is known, what a person has to do.
advice(title) := edits(title, false, [])

# METADATA
# description: >-
#   returns a fix with its edits of the object: each has an `op` (remove, set or add), a `path` and, unless
#   it removes, a `value`. It is safe if it changes nothing else that the object does.
edits(title, safe, changes) := {"title": title, "safe": safe, "edits": changes}

# METADATA
# description: >-
#   returns another object that takes part in a violation, such as a budget or an autoscaler, with the
#   path of the field that matters and what it says, in a few words.
related(obj, path, says) := {
	"apiVersion": obj.apiVersion,
	"kind": obj.kind,
	"namespace": object.get(obj, ["metadata", "namespace"], null),
	"name": object.get(obj, ["metadata", "name"], null),
	"path": path,
	"says": says,
}
