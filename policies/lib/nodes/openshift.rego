# METADATA
# title: OpenShift
# description: >-
#   What opens the masters of OpenShift to all pods: the Scheduler of the cluster, and an installation without
#   workers, for which the installer writes such a Scheduler (pkg/asset/manifests/scheduler.go). Masters get
#   the label of workers too.
package lib.nodes.openshift

import data.lib.api.fields
import data.lib.nodes.registration_fields

# METADATA
# description: >-
#   returns the registration of masters without their taint, if the object asks for that. Undefined for other
#   objects.
rows(obj) := _rows(obj, registration_fields.id(obj))

# The name of the only one that counts.
_rows(obj, "config.openshift.io/Scheduler") := [row |
	fields.at(obj, ["metadata", "name"], "") == "cluster"
	path := ["spec", "mastersSchedulable"]
	row := _row(path, fields.at(obj, path, false))
]

# An absent list is that of one pool of three workers.
_rows(obj, "bulkhead.dev/InstallConfig") := [_row(["compute"], true) |
	pools := fields.list(obj, "compute")
	count(pools) > 0
	every pool in pools {
		fields.get(pool, "replicas", 3) == 0
	}
] if {
	count(_uncounted(obj)) == 0
} else := [registration_fields.registration({"faults": [fault |
	some path in _uncounted(obj)
	fault := {"path": path, "fault": "the number of workers is not known", "open": false}
]})]

_uncounted(obj) := [["compute"] | not is_array(fields.get(obj, "compute", []))] if {
	not is_array(fields.get(obj, "compute", []))
} else := [["compute", index, "replicas"] |
	some index, pool in fields.list(obj, "compute")
	not is_number(fields.get(pool, "replicas", 3))
]

_row(path, true) := registration_fields.registration({
	"nodes": "control plane nodes",
	"labels": {
		"node-role.kubernetes.io/control-plane": "",
		"node-role.kubernetes.io/master": "",
		"node-role.kubernetes.io/worker": "",
	},
	"place": path,
})

_row(path, value) := registration_fields.registration({
	"place": path,
	"faults": _faults(path, value),
}) if {
	value != true
}

_faults(_, false) := []

_faults(path, value) := [fault] if {
	value != false
	fault := {"path": path, "fault": "mastersSchedulable is neither true nor false", "open": false}
}
