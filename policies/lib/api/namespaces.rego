# METADATA
# title: Namespaces
# description: Which namespaces a selector selects, by the Namespaces of the inventory.
# custom:
#   reads: [namespace]
package lib.api.namespaces

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.api.selectors
import data.lib.api.served

# METADATA
# description: >-
#   true if the selector may select the namespace of this name. The API server labels each with its name. Other
#   labels are known of a Namespace that an API server has shown; one of a manifest may have more.
may_be_selected(selector, name) if {
	is_object(selector)
	selectors.excess(selector, []) != set()
	name != ""
}

may_be_selected(selector, name) if {
	is_object(selector)
	selectors.excess(selector, []) == set()
	name != ""
	selectors.valid(selector)
	labels := _labels(name)
	every part in selectors.unmet(selector, labels) {
		not part.requirement.key in object.keys(labels)
		not _shown(name)
	}
}

_labels(name) := object.union_n(array.concat(
	[fields.text_map(fields.map(fields.map(found, "metadata"), "labels")) | some found in _named(name)],
	[{"kubernetes.io/metadata.name": name}],
))

_shown(name) if {
	some found in _named(name)
	served.shown(found)
}

_named(name) := inventory.named_in_cluster({""}, "Namespace", name)
