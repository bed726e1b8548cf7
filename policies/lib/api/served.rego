# METADATA
# title: Served objects
# description: >-
#   Whether an API server keeps an object of the input as it is. An object that only clears others, such as a
#   budget or a Node, counts only then: one that the API server rejects, or of a version that it does
#   not serve, is never there.
package lib.api.served

import data.lib.api.fields
import data.lib.api.int_or_percent
import data.lib.api.labels
import data.lib.api.selectors

# METADATA
# description: >-
#   true if an API server of the profile's Kubernetes, or of a current one if it names none, serves the
#   version of the object's API.
version(api_version) if api_version in _current

version(api_version) if _minor < _removed[api_version]

_current := {
	"v1", "apps/v1", "batch/v1", "policy/v1", "node.k8s.io/v1", "autoscaling/v1", "autoscaling/v2",
	"keda.sh/v1alpha1", "argoproj.io/v1alpha1", "apps.openshift.io/v1",
	"apps.kruise.io/v1alpha1", "apps.kruise.io/v1beta1",
}

# METADATA
# description: true if every Kubernetes of the profile is of this minor version or later.
at_least(minor) := _minor >= minor if {
	_minor
} else := true

# METADATA
# description: >-
#   returns what the Kubernetes versions of the profile read in a value, given the minor version since which
#   each of its newer fields counts: an API server drops a field whose feature gate is off.
readings(value, since) := {value} if {
	not is_object(value)
} else := {object.remove(value, [field | some field, first in since; first > minor]) |
	some minor in ({_minor} | {first | some first in since; first > _minor})
} if {
	_minor
} else := {value}

# METADATA
# description: returns what the oldest Kubernetes of the profile reads in an object, as readings() does.
oldest_reading(value, since) := object.remove(value, [field | some field, first in since; first > _minor])

# METADATA
# description: returns the minor version of Kubernetes 1 from which on a version is no longer served.
removed(api_version) := _removed[api_version]

_removed := {
	"apps/v1beta1": 16,
	"apps/v1beta2": 16,
	"autoscaling/v2beta1": 25,
	"autoscaling/v2beta2": 26,
	"batch/v1beta1": 25,
	"batch/v2alpha1": 21,
	"extensions/v1beta1": 16,
	"node.k8s.io/v1alpha1": 24,
	"node.k8s.io/v1beta1": 25,
	"policy/v1beta1": 25,
}

_minor := to_number(split(input.parameters.kubernetes, ".")[1])

# METADATA
# description: >-
#   true if the API server accepts the object, and serves it in this version. Objects of kinds that are
#   not listed here count as accepted.
accepted(obj) if {
	version(obj.apiVersion)
	count(faults(obj)) == 0
}

# METADATA
# description: >-
#   returns why the API server rejects the object, in words, each with its path. The fields that decide
#   whether it clears others are checked, by the rules of k8s.io/kubernetes pkg/apis.
faults(obj) := union({_unnamed(obj), _undecoded(obj), _specific(obj)})

_unnamed(obj) := {{"path": ["metadata", "name"], "says": "it has no name"} |
	fields.at(obj, ["metadata", "name"], "") == ""
	fields.at(obj, ["metadata", "generateName"], "") == ""
} | {{"path": ["metadata", "name"], "says": "its name is not valid"} |
	name := fields.at(obj, ["metadata", "name"], "")
	name != ""
	obj.kind != "Node"
	not _valid_name(name)
}

_valid_name(name) if {
	is_string(name)
	not contains(name, "/")
	lower(name) == name
	labels.valid_key(concat("/", [name, "x"]))
}

# Each evaluation reads every Node.
_undecoded(obj) := {{
	"path": ["metadata", field],
	"says": concat(" ", ["its", field, "are not a map of strings"]),
} |
	obj.kind != "Node"
	some field in ["labels", "annotations"]
	given := fields.at(obj, ["metadata", field], null)
	given != null
	not _is_text_map(given)
}

_is_text_map(given) if {
	is_object(given)
	every _, value in given {
		_is_text(value)
	}
}

_specific(obj) := _budget_faults(object.get(obj, "spec", {})) if obj.kind == "PodDisruptionBudget"

_specific(obj) := _node_faults(obj) if obj.kind == "Node"

_specific(obj) := _class_faults(obj) if obj.kind == "RuntimeClass"

_specific(obj) := _autoscaler_faults(obj) if obj.kind == "HorizontalPodAutoscaler"

_specific(obj) := _scaled_object_faults(object.get(obj, "spec", {})) if obj.kind == "ScaledObject"

_specific(obj) := set() if not obj.kind in _checked

_checked := {"PodDisruptionBudget", "Node", "RuntimeClass", "HorizontalPodAutoscaler", "ScaledObject"}

# ValidatePodDisruptionBudgetSpec
_budget_faults(spec) := (({{"path": ["spec"], "says": "it sets both minAvailable and maxUnavailable"} |
	every field in _numbers {
		fields.get(spec, field, null) != null
	}
} | {{"path": ["spec", field], "says": concat(" ", [field, "is neither a number of pods nor a percentage"])} |
	some field in _numbers
	given := fields.get(spec, field, null)
	given != null
	not _number_accepted(given)
}) | {{"path": ["spec", "selector"], "says": "its selector is not valid"} | not _selector_accepted(spec)}) | {{
	"path": ["spec", "unhealthyPodEvictionPolicy"],
	"says": "unhealthyPodEvictionPolicy has a value that does not exist",
} |
	not fields.get(spec, "unhealthyPodEvictionPolicy", "AlwaysAllow") in {"AlwaysAllow", "IfHealthyBudget"}
}

_numbers := ["minAvailable", "maxUnavailable"]

# IsNotMoreThan100Percent
_number_accepted(given) if {
	int_or_percent.accepted(given)
	not _beyond_all(given)
}

_beyond_all(given) if {
	is_string(given)
	int_or_percent.scaled_up(given, 100) > 100
}

_selector_accepted(spec) if {
	selector := fields.get(spec, "selector", {})
	is_object(selector)
	selectors.valid(selector)
	every _, value in fields.map(selector, "matchLabels") {
		_is_text(value)
	}
}

_is_text(value) if is_string(value)

_is_text(null)

# ValidateNode. Labels and names with an invalid character clear nothing more than valid ones, and each
# evaluation reads every Node.
_node_faults(node) := {{"path": ["spec", "taints", index], "says": "one of its taints has no valid effect"} |
	some index, taint in fields.list(fields.map(node, "spec"), "taints")
	not fields.field_text(taint, "effect") in {"NoSchedule", "PreferNoSchedule", "NoExecute"}
}

# ValidateRuntimeClass
_class_faults(class) := {{"path": ["handler"], "says": "it has no valid handler"} |
	handler := fields.get(class, "handler", "")
	not _handler_accepted(handler)
} | {{
	"path": ["scheduling", "nodeSelector", key],
	"says": concat(" ", ["the label", key, "of its nodeSelector is not valid"]),
} |
	some key, value in fields.map(fields.map(class, "scheduling"), "nodeSelector")
	not _label_accepted(key, value)
}

_handler_accepted(handler) if {
	is_string(handler)
	not contains(handler, ".")
	_valid_name(handler)
}

_label_accepted(key, value) if {
	labels.valid_key(key)
	_is_text(value)
	labels.valid_value(fields.text(value))
}

# ValidateHorizontalPodAutoscaler
_autoscaler_faults(scaler) := {{"path": ["spec", fault[0]], "says": fault[1]} |
	some fault in _autoscaler_spec_faults(scaler, object.get(scaler, "spec", {}))
}

_autoscaler_spec_faults(_, spec) := {["maxReplicas", "maxReplicas is not a number of pods"]} if {
	not _replicas(fields.get(spec, "maxReplicas", null))
}

_autoscaler_spec_faults(scaler, spec) := union({
	{["minReplicas", "minReplicas is not a number of pods that it can scale to"] |
		not _minimum_accepted(minimum, scaler)
	},
	{["maxReplicas", "maxReplicas is less than minReplicas"] |
		is_number(minimum)
		spec.maxReplicas < minimum
	},
	{[target_field(scaler), "it does not name the kind and the name of what it scales"] |
		not _target_accepted(scaler)
	},
}) if {
	_replicas(fields.get(spec, "maxReplicas", null))
	minimum := fields.get(spec, "minReplicas", 1)
}

_replicas(value) if {
	is_number(value)
	value == floor(value)
	value >= 1
	value <= 2147483647 # int32
}

_minimum_accepted(minimum, _) if _replicas(minimum)

# Only a metric from outside the pods can scale up again from 0.
_minimum_accepted(0, scaler) if {
	some metric in fields.list(fields.map(scaler, "spec"), "metrics")
	fields.field_text(metric, "type") in _outside
}

# autoscaling/v1 has them as JSON in an annotation.
_minimum_accepted(0, scaler) if {
	metrics := fields.at(scaler, ["metadata", "annotations", "autoscaling.alpha.kubernetes.io/metrics"], "")
	some type in _outside
	contains(metrics, fields.quoted(type))
}

_outside := {"Object", "External"}

_target_accepted(scaler) if {
	target := fields.at(scaler, ["spec", target_field(scaler)], {})
	every part in ["kind", "name"] {
		_is_given(fields.get(target, part, ""))
	}
}

# The operator of KEDA ignores one that it refuses (apis/keda/v1alpha1 CheckReplicaCountBoundsAreValid).
_scaled_object_faults(spec) := {{
	"path": ["spec", "scaleTargetRef"],
	"says": "it does not name what it scales",
} |
	not _is_given(fields.get(fields.map(spec, "scaleTargetRef"), "name", ""))
} | _bound_faults({
	"minReplicaCount": fields.get(spec, "minReplicaCount", 0),
	"maxReplicaCount": fields.get(spec, "maxReplicaCount", 100),
	"idleReplicaCount": fields.get(spec, "idleReplicaCount", null),
})

_bound_faults(bounds) := found if {
	found := {{"path": ["spec", field], "says": concat(" ", [field, "is not a number of pods"])} |
		some field, given in bounds
		given != null
		not _count(given)
	}
	count(found) > 0
} else := {{"path": ["spec", "maxReplicaCount"], "says": "maxReplicaCount is less than minReplicaCount"} |
	bounds.minReplicaCount > bounds.maxReplicaCount
} | {{"path": ["spec", "idleReplicaCount"], "says": "idleReplicaCount is not less than minReplicaCount"} |
	bounds.idleReplicaCount != null
	bounds.idleReplicaCount >= bounds.minReplicaCount
}

_count(0)

_count(value) if _replicas(value)

# METADATA
# description: returns the field in the spec of an autoscaler that names what it scales.
target_field(scaler) := "scaleRef" if {
	startswith(scaler.apiVersion, "extensions/")
} else := "scaleTargetRef"

_is_given(value) if {
	is_string(value)
	value != ""
}

# METADATA
# description: true if an API server has shown the object, which gave it a uid.
shown(obj) if fields.at(obj, ["metadata", "uid"], "") != ""
