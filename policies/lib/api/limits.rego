# METADATA
# title: Limits
# description: >-
#   The largest objects that are checked. A review must end before the API server gives up on it, whatever
#   anyone writes into an object: each limit is counted before anything is walked, and what is larger is
#   reported instead of checked. docs/limits.md explains the numbers.
package lib.api.limits

# METADATA
# description: holds the limits by their name.
most := {
	# Of one pod.
	"tolerations": 250,
	"nodeSelector": 250,
	"terms": 250,
	"termExpressions": 50,
	"expressions": 250,
	"values": 1000,
	"containers": 250,
	"hostPorts": 250,
	"podTerms": 50,
	"podExpressions": 100,
	"podValues": 1000,
	"spreadConstraints": 50,
	# Of all pods of one object: tolerations, and requirements of all terms, each with the pairs of nodeSelector.
	"placementItems": 1000,
	"podSpecs": 100,
	# Of one object.
	"labels": 250,
	"taints": 250,
	"flags": 250,
	"registrations": 100,
	"commandBytes": 65536,
	"commandWords": 2000,
	# That name one workload.
	"autoscalers": 50,
	# Of one selector of a budget.
	"selectorItems": 50,
	"selectorValues": 1000,
	# Of one namespace.
	"namespaceBudgets": 5000,
	"namespaceRequirements": 10000,
	"namespacePairs": 40000,
	"barePods": 50,
}

# METADATA
# description: >-
#   returns the excess of so many things over the limit of this name, at this path of the object. None if they
#   are within it. (As a comprehension it would have no type in OPA 1.3, the engine of Gatekeeper 3.19.)
excess(name, number, path) := {{"limit": name, "count": number, "path": path}} if {
	number > least # WASM makes the table of all limits for each object that asks it
	number > most[name]
} else := set()

# METADATA
# description: is the least of the limits.
least := 50
