# METADATA
# title: Replicas
# description: >-
#   How many pods a workload runs: its replicas, those that its kind has where it does not say, or what its
#   autoscalers set: a HorizontalPodAutoscaler, or a ScaledObject of KEDA.
# custom:
#   reads: [autoscaler]
package lib.workloads.replicas

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.api.limits
import data.lib.api.served
import data.lib.workloads.custom_resources
import data.lib.workloads.workload_refs
import data.lib.workloads.workloads

_scalable := {"Deployment", "ReplicaSet", "ReplicationController", "StatefulSet"}

# METADATA
# description: true if the object's kind has replicas, each of them one pod of its template.
counted(obj) if {
	workloads.built_in(obj)
	obj.kind in _scalable
}

counted(obj) if custom_resources.default_replicas(obj) >= 0

# METADATA
# description: >-
#   returns the number of replicas as declared, with the default of the kind where it is absent. It may not be a
#   number if the API server would reject the object. A DeploymentConfig with `test` runs pods only while it is
#   deployed.
declared(obj) := 0 if {
	obj.kind == "DeploymentConfig"
	fields.at(obj, ["spec", "test"], false) == true
} else := fields.at(obj, ["spec", "replicas"], _default(obj))

_default(obj) := custom_resources.default_replicas(obj)

_default(obj) := 1 if not custom_resources.default_replicas(obj)

# METADATA
# description: >-
#   returns the autoscalers that set the object's replicas. Each has the least and the most replicas that it
#   sets, the paths of the fields that say so, and the object itself. Of many that contradict each other, those
#   with the least and the most are enough. None if there are more than are checked.
autoscalers(obj) := {scaler | some scaler in _decisive(_scaling(obj))}

_decisive(found) := found if count(found) <= 4

_decisive(found) := array.concat(
	[scaler | some [_, _, scaler] in array.slice(by_minimum, 0, 2)],
	[scaler | some [_, _, scaler] in array.slice(by_maximum, count(found) - 2, count(found))],
) if {
	count(found) > 4
	by_minimum := sort([[scaler.minimum, workloads.title(scaler.object), scaler] | some scaler in found])
	by_maximum := sort([[scaler.maximum, workloads.title(scaler.object), scaler] | some scaler in found])
}

# METADATA
# description: returns whether more autoscalers name the object than are read.
excess(obj) := limits.excess("autoscalers", count(_naming(obj)), ["metadata", "name"]) if {
	counted(obj)
} else := set()

_scaling(obj) := [object.union(_bounds(scaler, obj), {"object": scaler}) |
	named := _naming(obj)
	count(named) <= limits.most.autoscalers
	some scaler in named
	_targets(scaler, obj)
	served.accepted(scaler)
	fields.at(scaler, ["metadata", "deletionTimestamp"], "") == ""
]

# What else they say is read of so few.
_naming(obj) := [scaler |
	some kind in _kinds
	some scaler in inventory.having_in_namespace(
		workloads.namespace(obj),
		kind.groups,
		kind.kind,
		{"path": ["spec", kind.field], "pairs": {"name": workloads.name(obj)}},
	)
]

_kinds := [
	{"kind": "HorizontalPodAutoscaler", "groups": {"autoscaling", "extensions"}, "field": "scaleTargetRef"},
	{"kind": "HorizontalPodAutoscaler", "groups": {"autoscaling", "extensions"}, "field": "scaleRef"},
	{"kind": "ScaledObject", "groups": {"keda.sh"}, "field": "scaleTargetRef"},
]

# With 0 replicas a HorizontalPodAutoscaler does nothing (pkg/controller/podautoscaler).
_targets(scaler, obj) if {
	scaler.kind == "HorizontalPodAutoscaler"
	declared(obj) != 0
	target := fields.at(scaler, ["spec", served.target_field(scaler)], {})
	fields.field_text(target, "name") == workloads.name(obj)
	fields.field_text(target, "kind") == obj.kind
	_same_group(fields.get(target, "apiVersion", obj.apiVersion), obj)
}

_targets(scaler, obj) if {
	scaler.kind == "ScaledObject"
	target := fields.at(scaler, ["spec", "scaleTargetRef"], {})
	fields.get(target, "kind", "Deployment") == obj.kind
	_same_group(fields.get(target, "apiVersion", "apps/v1"), obj)
}

# The scale client finds the target by its group (pkg/controller/podautoscaler). A Deployment of extensions is
# one of apps.
_same_group(api_version, obj) if inventory.group(api_version) == inventory.group(obj.apiVersion)

_same_group(api_version, obj) if {
	every group in {inventory.group(api_version), inventory.group(obj.apiVersion)} {
		group in {"apps", "extensions"}
	}
}

_bounds(scaler, _) := {
	"minimum": fields.at(scaler, ["spec", "minReplicas"], 1),
	"maximum": scaler.spec.maxReplicas,
	"fields": {"minimum": ["spec", "minReplicas"], "maximum": ["spec", "maxReplicas"]},
} if {
	scaler.kind == "HorizontalPodAutoscaler"
}

# apis/keda/v1alpha1 ScaledObjectSpec: from 0 to 100 by default. What else it may be held at counts as well, so
# that an annotation takes nothing away.
_bounds(scaler, obj) := {
	"minimum": minimum,
	"maximum": maximum,
	"fields": {"minimum": minimum_field, "maximum": maximum_field},
} if {
	scaler.kind == "ScaledObject"
	held := array.concat(_given(scaler, ["spec", "idleReplicaCount"]), _held(scaler, obj))
	lows := sort(array.concat([_bound(scaler, "minReplicaCount", 0)], held))
	highs := sort(array.concat([_bound(scaler, "maxReplicaCount", 100)], held))
	[minimum, minimum_field] := lows[0]
	[maximum, maximum_field] := highs[count(highs) - 1]
}

_bound(scaler, field, fallback) := [fields.at(scaler, ["spec", field], fallback), ["spec", field]]

_given(scaler, path) := [[value, path] |
	value := fields.at(scaler, path, null)
	value != null
]

# While it is paused KEDA sets the number of the annotation, or none at all. Without a trigger it sets none.
_held(scaler, obj) := array.concat(
	[[number, path] |
		path := _annotation("paused-replicas")
		text := fields.text(fields.at(scaler, path, ""))
		regex.match(`^[0-9]{1,9}$`, text)
		number := to_number(text)
	],
	[[_whole(declared(obj)), path] | some path in array.slice(_pauses(scaler), 0, 1)],
)

_pauses(scaler) := array.concat(
	[path |
		some name in ["paused", "paused-replicas", "paused-scale-in", "paused-scale-out"]
		path := _annotation(name)
		value := fields.at(scaler, path, null)
		value != null
		not lower(fields.text(value)) in {"0", "f", "false"}
	],
	[["spec", "triggers"] | fields.list(fields.map(scaler, "spec"), "triggers") == []],
)

_annotation(name) := ["metadata", "annotations", concat("", ["autoscaling.keda.sh/", name])]

# METADATA
# description: >-
#   returns the Rollouts that run the pods of the Deployment in its place: each takes its template, and has
#   scaled it down to 0, or does so (spec.workloadRef.scaleDown).
in_place_of(obj) := [rollout |
	some rollout in workload_refs.naming(obj)
	served.accepted(rollout)
	fields.at(rollout, ["metadata", "deletionTimestamp"], "") == ""
	_takes_over(rollout, obj)
]

_takes_over(_, obj) if declared(obj) == 0

_takes_over(rollout, _) if {
	fields.field_text(rollout.spec.workloadRef, "scaleDown") in {"onsuccess", "progressively"}
}

# METADATA
# description: >-
#   returns the least number of replicas that the workload runs at, the minimum of its autoscalers where
#   it has any. One if they may scale to 0, since 0 replicas have nothing to lose and the next number has. 0
#   if the API server would reject the number, and where a Rollout runs the pods.
least(obj) := 0 if {
	count(in_place_of(obj)) > 0
} else := max([1, min([_whole(scaler.minimum) | some scaler in scalers])]) if {
	scalers := autoscalers(obj)
	count(scalers) > 0
} else := _whole(declared(obj))

# METADATA
# description: >-
#   returns the most replicas that the workload runs at, the maximum of its autoscalers where it has any.
most(obj) := 0 if {
	count(in_place_of(obj)) > 0
} else := max([_whole(scaler.maximum) | some scaler in scalers]) if {
	scalers := autoscalers(obj)
	count(scalers) > 0
} else := _whole(declared(obj))

# METADATA
# description: returns the most pods of its template, by the workload or by the Rollouts in its place.
most_alike(obj) := max(array.concat([most(obj)], [most(rollout) | some rollout in in_place_of(obj)]))

_whole(value) := value if {
	is_number(value)
	value == floor(value)
	value >= 0
} else := 0
