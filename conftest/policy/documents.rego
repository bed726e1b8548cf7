# METADATA
# title: Documents
# description: The objects in what conftest reads.
package main.documents

# METADATA
# description: >-
#   lists the objects as kubectl sends them, the items of a list in its place, with its kind, each with the path
#   of its file; without --combine conftest does not say it.
objects := [{"path": document.path, "object": unwrapped} |
	some document in _documents
	_is_object(document.contents)
	some unwrapped in _unwrap(document.contents)
]

# METADATA
# description: true if conftest has combined all documents.
combined if is_array(input)

_documents := input if combined

_documents := [{"path": "", "contents": input}] if is_object(input)

_unwrap(contents) := [object.union(_item_kind(contents), item) | some item in contents.items] if {
	is_array(contents.items)
} else := [contents]

_is_object(contents) if {
	is_string(contents.apiVersion)
	is_string(contents.kind)
}

_item_kind(list) := {"apiVersion": list.apiVersion, "kind": trim_suffix(list.kind, "List")} if {
	endswith(list.kind, "List")
	list.kind != "List"
} else := {}
