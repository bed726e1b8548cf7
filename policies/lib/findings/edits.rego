# METADATA
# title: Edits
# description: The edits by which a fix changes an object.
package lib.findings.edits

import data.lib.api.fields

# METADATA
# description: >-
#   returns the edit that gives the field at the path this value: it replaces what is there, or adds the
#   first part of the path that is missing.
put(obj, path, value) := {
	"op": _op(fields.at(obj, array.slice(path, 0, depth), obj), path[depth]),
	"path": array.slice(path, 0, depth + 1),
	"value": _nested(array.slice(path, depth + 1, count(path)), value),
} if {
	depth := max({0} | {depth |
		some depth, _ in path
		is_object(object.get(obj, array.slice(path, 0, depth), null))
	})
}

# METADATA
# description: returns the edit that adds the item at the end of the list at the path.
append(obj, path, item) := put(obj, path, [item]) if {
	_length(obj, path) == 0
} else := {"op": "add", "path": array.concat(path, [_length(obj, path)]), "value": item}

_length(obj, path) := count(fields.list({"list": fields.at(obj, path, null)}, "list"))

# METADATA
# description: returns the edit that removes what is at the path.
remove(path) := {"op": "remove", "path": path}

_op(holder, key) := "set" if key in object.keys(holder)

_op(holder, key) := "add" if not key in object.keys(holder)

_nested(keys, value) := json.unmarshal(concat("", [
	concat("", [concat("", ["{", json.marshal(key), ":"]) | some key in keys]),
	json.marshal(value),
	concat("", ["}" | some _ in keys]),
]))
