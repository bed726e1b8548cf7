# METADATA
# title: Optional fields
# description: >-
#   Reads fields that may be missing, null or of another type, so that no rule becomes undefined
#   because a manifest leaves a field out.
package lib.api.fields

# METADATA
# description: >-
#   returns the field, or the fallback where it is missing or null: Kubernetes decodes an explicit
#   null as an absent field.
get(holder, key, fallback) := found if {
	found := holder[key]
	found != null
} else := fallback

# METADATA
# description: returns the field at a path of keys, or the fallback where any step is missing or null.
at(holder, path, fallback) := found if {
	found := object.get(holder, path, null)
	found != null
} else := fallback

# METADATA
# description: returns the field if it is a map, else an empty map.
map(holder, key) := found if {
	found := get(holder, key, {})
	is_object(found)
} else := {}

# METADATA
# description: returns the field if it is a list, else an empty list.
list(holder, key) := found if {
	found := get(holder, key, [])
	is_array(found)
} else := []

# METADATA
# description: >-
#   returns a string as it is, null as the empty string (Go decodes it so), and any other value as
#   its JSON text: the API server rejects it, and the closest valid value is checked.
text(value) := value if is_string(value)

text(value) := "" if is_null(value)

text(value) := json.marshal(value) if {
	not is_string(value)
	not is_null(value)
}

# METADATA
# description: returns the field as text, the empty string where it is missing.
field_text(holder, key) := text(get(holder, key, ""))

# METADATA
# description: returns a map with every value as text, for labels and selectors.
text_map(values) := {key: text(value) | some key, value in values}

# METADATA
# description: returns a string in quotes, which shows an empty value in a message.
quoted(string) := concat("", ["\"", string, "\""])

# METADATA
# description: returns the items that the list has, each with its path below the given one.
items(values, path) := [{"value": item, "path": array.concat(path, [index])} |
	some index, item in values
]
