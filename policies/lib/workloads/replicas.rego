# METADATA
# title: Replicas
# description: >-
#   How many pods a workload runs: its replicas, one where it does not say, or the minimum of the
#   HorizontalPodAutoscaler that scales it.
# custom:
#   reads: [autoscaler]
package lib.workloads.replicas

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.api.served
import data.lib.workloads.workloads

_scalable := {"Deployment", "ReplicaSet", "ReplicationController", "StatefulSet"}

# METADATA
# description: true if the object's kind has replicas.
counted(obj) if {
	workloads.known(obj)
	obj.kind in _scalable
}

# METADATA
# description: >-
#   returns the number of replicas as declared, with 1 where it is absent. It may not be a
#   number if the API server would reject the object.
declared(obj) := fields.at(obj, ["spec", "replicas"], 1)

# METADATA
# description: >-
#   returns the autoscalers that set the object's replicas; none does while it has 0 of them. Each
#   has its name, the least and the most replicas that it sets, and the object itself. Of many that contradict
#   each other, those with the least and the most are enough.
autoscalers(obj) := {_scaler(found) | some found in _decisive(_scaling(obj))}

_scaler(found) := {
	"name": workloads.name(found),
	"minimum": _minimum(found),
	"maximum": found.spec.maxReplicas,
	"object": found,
}

_minimum(scaler) := fields.at(scaler, ["spec", "minReplicas"], 1)

_decisive(found) := found if count(found) <= 4

_decisive(found) := array.concat(
	[scaler | some [_, _, scaler] in array.slice(by_minimum, 0, 2)],
	[scaler | some [_, _, scaler] in array.slice(by_maximum, count(found) - 2, count(found))],
) if {
	count(found) > 4
	by_minimum := sort([[_minimum(scaler), workloads.name(scaler), scaler] | some scaler in found])
	by_maximum := sort([[scaler.spec.maxReplicas, workloads.name(scaler), scaler] | some scaler in found])
}

_scaling(obj) := [found |
	declared(obj) != 0
	some field in ["scaleTargetRef", "scaleRef"]
	some found in inventory.having_in_namespace(
		workloads.namespace(obj),
		{"autoscaling", "extensions"},
		"HorizontalPodAutoscaler",
		{"path": ["spec", field, "name"], "value": workloads.name(obj)},
	)
	field == served.target_field(found)
	served.accepted(found)
	fields.at(found, ["metadata", "deletionTimestamp"], "") == ""
	target := fields.at(found, ["spec", field], {})
	fields.field_text(target, "kind") == obj.kind
	_same_group(fields.get(target, "apiVersion", obj.apiVersion), obj)
]

# The scale client finds the target by its group (pkg/controller/podautoscaler). A Deployment of extensions is
# one of apps.
_same_group(api_version, obj) if inventory.group(api_version) == inventory.group(obj.apiVersion)

_same_group(api_version, obj) if {
	every group in {inventory.group(api_version), inventory.group(obj.apiVersion)} {
		group in {"apps", "extensions"}
	}
}

# METADATA
# description: >-
#   returns the least number of replicas that the workload runs at, the minimum of its autoscalers where
#   it has any. One if they may scale to 0, since 0 replicas have nothing to lose and the next number has. 0
#   if the API server would reject the number.
least(obj) := max([1, min(_bounds(obj, "minimum"))]) if {
	count(autoscalers(obj)) > 0
} else := min(_bounds(obj, "minimum"))

# METADATA
# description: >-
#   returns the most replicas that the workload runs at, the maximum of its autoscalers where it has any.
most(obj) := max(_bounds(obj, "maximum"))

_bounds(obj, bound) := [_whole(scaler[bound]) | some scaler in autoscalers(obj)] if {
	count(autoscalers(obj)) > 0
} else := [_whole(declared(obj))]

_whole(value) := value if {
	is_number(value)
	value == floor(value)
	value >= 0
} else := 0
