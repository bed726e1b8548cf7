# METADATA
# title: Replicas
# description: >-
#   How many pods a workload runs: its replicas, one where it does not say, or the minimum of the
#   HorizontalPodAutoscaler that scales it.
package lib.replicas

import data.lib.inventory
import data.lib.value
import data.lib.workload

_scalable := {"Deployment", "ReplicaSet", "ReplicationController", "StatefulSet"}

# METADATA
# description: true if the object's kind has a number of replicas.
counted(object_) if {
	workload.known(object_)
	object_.kind in _scalable
}

# METADATA
# description: >-
#   returns the number of replicas as declared, with 1 where it is absent. It may be no number where
#   the API server would refuse the object.
declared(object_) := value.at(object_, ["spec", "replicas"], 1)

# METADATA
# description: >-
#   returns the autoscalers that set the object's replicas; none does while it has 0 of them. Each
#   has its name and the least number it sets, 1 where it does not say.
autoscalers(object_) := {scaler |
	declared(object_) != 0
	some found in inventory.in_namespace(
		workload.namespace(object_),
		{"autoscaling", "extensions"},
		"HorizontalPodAutoscaler",
	)
	_scales(found, object_)
	scaler := {
		"name": workload.name(found),
		"minimum": value.at(found, ["spec", "minReplicas"], 1),
		"maximum": value.at(found, ["spec", "maxReplicas"], declared(object_)),
	}
}

_scales(scaler, object_) if {
	some field in ["scaleTargetRef", "scaleRef"]
	target := value.at(scaler, ["spec", field], {})
	value.field_text(target, "kind") == object_.kind
	value.field_text(target, "name") == workload.name(object_)
}

# METADATA
# description: >-
#   returns in words how the number of the object's replicas differs from the one expected: by its
#   autoscalers' least numbers where it has any, else as declared.
differences(object_, expected) := {_scaled(scaler) |
	some scaler in autoscalers(object_)
	scaler.minimum != expected
} if {
	counted(object_)
	count(autoscalers(object_)) > 0
}

differences(object_, expected) := {concat(" ", ["has", _counted_words(declared(object_))]) |
	declared(object_) != expected
} if {
	counted(object_)
	count(autoscalers(object_)) == 0
}

_scaled(scaler) := concat("", [
	"is scaled by HorizontalPodAutoscaler ",
	scaler.name,
	" with a minimum of ",
	_number(scaler.minimum),
])

# Only a whole number that the API server accepts is printed as one.
_number(count_) := format_int(count_, 10) if {
	is_number(count_)
	count_ == floor(count_)
	abs(count_) < 2147483648
} else := json.marshal(count_)

# METADATA
# description: returns the number of the object's replicas, or the least that autoscalers set.
number(object_) := _number(declared(object_)) if count(autoscalers(object_)) == 0

number(object_) := concat(", ", sort({concat("", [_number(scaler.minimum), " or more"]) |
	some scaler in autoscalers(object_)
})) if {
	count(autoscalers(object_)) > 0
}

_counted_words(1) := "1 replica"

_counted_words(number_) := concat(" ", [_number(number_), "replicas"]) if number_ != 1

# METADATA
# description: >-
#   returns the least number of replicas that the workload runs at, the minimum of its autoscalers where
#   it has any, but one where they may stop it: 0 have nothing to lose, and the next has. 0 where the API
#   server would refuse the number.
least(object_) := max([1, min(_bounds(object_, "minimum"))]) if {
	count(autoscalers(object_)) > 0
} else := min(_bounds(object_, "minimum"))

# METADATA
# description: >-
#   returns the most replicas that the workload runs at, the maximum of its autoscalers where it has any.
most(object_) := max(_bounds(object_, "maximum"))

_bounds(object_, bound) := [_whole(scaler[bound]) | some scaler in autoscalers(object_)] if {
	count(autoscalers(object_)) > 0
} else := [_whole(declared(object_))]

_whole(number_) := number_ if {
	is_number(number_)
	number_ == floor(number_)
	number_ >= 0
} else := 0
