# METADATA
# title: Host ports
# description: >-
#   The ports of its node that a pod uses, which the scheduler and the kubelet give to one pod only
#   (kube-scheduler framework HostPortInfo).
package lib.scheduling.node_ports

import data.lib.api.fields

# METADATA
# description: true if two pods of these specs use the same port of their node.
conflict(pod, other) if count(shared(pod, [], other)) > 0

# METADATA
# description: >-
#   returns the ports of the node that the pod with this spec at the path uses and the other needs, each with
#   its number and its path.
shared(pod, path, other) := {{"number": taken.number, "path": array.concat(path, taken.path)} |
	some taken in _ports(pod)
	some wanted in _ports(other)
	taken.number == wanted.number
	taken.protocol == wanted.protocol
	_overlap(taken.address, wanted.address)
}

# METADATA
# description: true if the pod takes a port of its node.
takes_any(pod) if count(_ports(pod)) > 0

_every_address := "0.0.0.0"

_overlap(address, other) if address == other

_overlap(address, other) if _every_address in {address, other}

_ports(pod) := {port |
	some container in array.concat(fields.items(fields.list(pod, "containers"), ["containers"]), _sidecars(pod))
	some item in fields.items(fields.list(container.value, "ports"), array.concat(container.path, ["ports"]))
	declared := item.value
	port := {
		"path": item.path,
		"number": _number(declared, pod),
		"protocol": _or(fields.field_text(declared, "protocol"), "TCP"),
		"address": _or(fields.field_text(declared, "hostIP"), _every_address),
	}
	port.number > 0
}

# Init containers that end free their ports.
_sidecars(pod) := [container |
	some container in fields.items(fields.list(pod, "initContainers"), ["initContainers"])
	fields.field_text(container.value, "restartPolicy") == "Always"
]

# On the host's network the API server makes every port of a pod, though not of a template, a host port.
_number(declared, pod) := fields.get(declared, "containerPort", 0) if {
	fields.get(declared, "hostPort", 0) == 0
	fields.get(pod, "hostNetwork", false) == true
} else := fields.get(declared, "hostPort", 0)

_or("", fallback) := fallback

_or(text, _) := text if text != ""
