# METADATA
# title: Volumes
# description: >-
#   The PersistentVolumeClaims that pods of a workload use, and where their PersistentVolumes let them run (the
#   scheduler's plugin VolumeBinding). A volume only adds requirements: none of a volume that is not given, and
#   none counts where a requirement would clear something, since anyone may write a claim.
# custom:
#   reads: [volume, claim]
package lib.scheduling.volumes

import data.lib.api.fields
import data.lib.api.inventory
import data.lib.scheduling.node_affinity
import data.lib.workloads.replicas
import data.lib.workloads.workloads

# METADATA
# description: >-
#   returns the claims of the pod, each with its path, its name, and whether all pods of the workload share it.
#   A StatefulSet has claims of its own for each ordinal, of which the first 10 count.
claims(obj, pod) := array.slice(_claims(obj, pod), 0, _most_volumes)

_claims(obj, pod) := array.concat(
	[{"path": array.concat(item.path, ["persistentVolumeClaim", "claimName"]), "name": name, "shared": true} |
		listed := array.slice(fields.list(pod.spec, "volumes"), 0, _most_volumes)
		some item in fields.items(listed, array.concat(pod.path, ["volumes"]))
		name := fields.field_text(fields.map(item.value, "persistentVolumeClaim"), "claimName")
		name != ""
	],
	[{"path": array.concat(item.path, ["metadata", "name"]), "name": name, "shared": false} |
		obj.kind == "StatefulSet"
		some item in fields.items(
			fields.list(fields.map(obj, "spec"), "volumeClaimTemplates"),
			["spec", "volumeClaimTemplates"],
		)
		some ordinal in _ordinals(obj)
		name := concat("-", [
			fields.text(fields.at(item.value, ["metadata", "name"], "")),
			workloads.name(obj),
			format_int(ordinal, 10),
		])
	],
)

# Further ones are not looked up: a volume that is left out clears nothing.
_most_volumes := 50

_ordinals(obj) := numbers.range(start, (start + least) - 1) if {
	start := fields.at(obj, ["spec", "ordinals", "start"], 0)
	is_number(start)
	least := min([replicas.least(obj), 10])
	least > 0
} else := []

# METADATA
# description: >-
#   returns the volumes that are bound to the claim in the object's namespace, as the claim or the volume says.
volumes(obj, claim) := array.concat(
	[volume |
		some volume in inventory.having_in_cluster({""}, "PersistentVolume", {
			"path": ["spec", "claimRef"],
			"pairs": {"name": claim.name},
		})
		fields.field_text(volume.spec.claimRef, "namespace") == workloads.namespace(obj)
	],
	# A volume that another claim has is not bound to this one.
	[volume |
		some given in given_claims(obj, claim)
		some volume in inventory.named_in_cluster(
			{""},
			"PersistentVolume",
			fields.text(fields.at(given, ["spec", "volumeName"], "")),
		)
		workloads.name(volume) != ""
		fields.at(volume, ["spec", "claimRef"], {}) == {}
	],
)

# METADATA
# description: returns the claim of the inventory, one or none.
given_claims(obj, claim) := inventory.named_in_namespace(
	workloads.namespace(obj),
	{""},
	"PersistentVolumeClaim",
	claim.name,
)

# METADATA
# description: >-
#   returns the pod with the node affinity of the volume as a further requirement of each of its terms.
held(pod, volume) := pod if {
	fields.at(volume, ["spec", "nodeAffinity", "required"], null) == null
} else := object.union(pod, {"placement": object.union(pod.placement, {"terms": terms})}) if {
	wanted := _terms(volume)
	count(pod.placement.terms) * count(wanted) <= _most_pairs
	terms := node_affinity.joined(pod.placement.terms, wanted)
} else := pod

# More combinations are not tried: a volume that is left out clears nothing.
_most_pairs := 1000

_terms(volume) := node_affinity.terms(
	{"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": required}}},
	[],
	[],
) if {
	required := volume.spec.nodeAffinity.required
}

# METADATA
# description: >-
#   returns the modes of a claim that lets pods of one node, or one pod alone, use it: none if the claim is not
#   given, or has another mode too.
exclusive_modes(obj, claim) := modes if {
	some given in given_claims(obj, claim)
	modes := {fields.text(mode) | some mode in fields.list(fields.map(given, "spec"), "accessModes")}
	count(modes) > 0
	count(modes - {"ReadWriteOnce", "ReadWriteOncePod"}) == 0
} else := set()
