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
		some depth, key in path
		_holds(object.get(obj, array.slice(path, 0, depth), null), key)
	})
}

_holds(holder, _) if is_object(holder)

_holds(holder, key) if {
	is_array(holder)
	key < count(holder)
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

_op(holder, key) := "add" if {
	is_object(holder)
	not key in object.keys(holder)
} else := "set"

_nested(keys, value) := json.unmarshal(concat("", [
	concat("", [_opening(key) | some key in keys]),
	json.marshal(value),
	concat("", [_closing(keys[(count(keys) - 1) - index]) | some index, _ in keys]),
]))

_opening(key) := "[" if {
	is_number(key)
} else := concat("", ["{", json.marshal(key), ":"])

_closing(key) := "]" if {
	is_number(key)
} else := "}"
