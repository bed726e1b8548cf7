# METADATA
# title: Capacity
# description: >-
#   Whether what a pod requests is more than any Node that was given has (the scheduler's plugin
#   NodeResourcesFit), and whether a ResourceQuota admits no pods. What other pods use is not known.
# custom:
#   reads: [quota]
package lib.scheduling.capacity

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.scheduling.feasible_nodes
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns the names of the resources of which the pods of the workload request more than Nodes have, where
#   none of the Nodes that they can run on has enough of all; with how many Nodes these are. None where some
#   Node says nothing about its capacity.
exceeded(obj, pod) := {"resources": names, "nodes": count(members)} if {
	members := feasible_nodes.members(obj)
	count(members) > 0
	not _is_large(pod.spec)
	requests := _requests(pod.spec)
	lacking := [missing | some member in members; missing := _lacking(requests, member)]
	every missing in lacking {
		count(missing) > 0
	}
	names := {name | some missing in lacking; some name in missing}
}

# What no review has time for gets no note. It clears nothing.
_is_large(spec) if count(fields.list(spec, "containers")) > _most_items

_is_large(spec) if {
	some container in fields.list(spec, "containers")
	count(_of_container(container)) > _most_items
}

_most_items := 25

# A Node without the resource has none of it.
_lacking(requests, member) := {name |
	allocatable := fields.map(fields.map(member, "status"), "allocatable")
	count(allocatable) > 0
	some name, amount in requests
	amount > _amount(fields.get(allocatable, name, "0"))
}

# What all containers request. Init containers and overhead may add to it.
_requests(spec) := object.union(
	{name: sum([amount |
		some container in containers
		amount := _amount(fields.get(_of_container(container), name, "0"))
	]) |
		some container in containers
		some name, _ in _of_container(container)
	},
	{name: _amount(written) | some name, written in _of_container(spec)},
) if {
	containers := fields.list(spec, "containers")
}

# The API server sets requests to the limits where only those are given.
_of_container(container) := object.union(
	fields.map(resources, "limits"),
	fields.map(resources, "requests"),
) if {
	resources := fields.map(container, "resources")
}

# A quantity of Kubernetes in thousandths, so that those of CPUs add up exactly. None for another text.
_amount(written) := to_number(digits) * _thousandths[suffix] if {
	text := fields.text(written)
	digits := trim_right(text, "numkKMGTPEi")
	suffix := substring(text, count(digits), -1)
}

_thousandths := {
	"n": 0.000001,
	"u": 0.001,
	"m": 1,
	"": 1000,
	"k": 1000000,
	"M": 1000000000,
	"G": 1000000000000,
	"T": 1000000000000000,
	"P": 1000000000000000000,
	"E": 1000000000000000000000,
	"Ki": 1024000,
	"Mi": 1048576000,
	"Gi": 1073741824000,
	"Ti": 1099511627776000,
	"Pi": 1125899906842624000,
	"Ei": 1152921504606846976000,
}

# METADATA
# description: returns the ResourceQuotas of the object's namespace that admit no pod, whatever it is.
quotas(obj) := [quota |
	some quota in inventory.in_namespace(workloads.namespace(obj), {""}, "ResourceQuota")
	spec := fields.map(quota, "spec")
	count(fields.list(spec, "scopes")) == 0
	count(fields.map(spec, "scopeSelector")) == 0
	_admits_none(fields.map(spec, "hard"))
]

_admits_none(hard) if {
	some name in ["pods", "count/pods"]
	_amount(fields.get(hard, name, "1")) == 0
}
