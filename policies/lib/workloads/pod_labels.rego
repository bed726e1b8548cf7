# METADATA
# title: Labels of pods
# description: >-
#   The labels that pods of a workload really have: those of its template, and those that its controller
#   gives them (k8s.io/kubernetes pkg/controller). Values that a controller
#   generates are represented by values that no manifest mentions.
package lib.workloads.pod_labels

import data.lib.api.fields
import data.lib.api.labels
import data.lib.api.served
import data.lib.workloads.replicas
import data.lib.workloads.workload_refs
import data.lib.workloads.workloads

_revision := "5f3b9c1a7d"

_next_revision := "7c9d4f6b8e"

_ordinal := "2147483646"

_other_ordinal := "2147483647"

# METADATA
# description: returns the labels of a pod of the workload.
typical(obj) := _of(obj, _revision, _ordinal)

# METADATA
# description: returns the labels of two pods of one revision of the workload.
siblings(obj) := [_of(obj, _revision, _ordinal), _of(obj, _revision, _other_ordinal)]

# METADATA
# description: >-
#   returns the labels of two such pods as siblings() does, and again with those that a newer Kubernetes of
#   the profile gives them.
sibling_readings(obj) := {
	siblings(obj),
	[_of_newest(obj, _revision, _ordinal), _of_newest(obj, _revision, _other_ordinal)],
}

# METADATA
# description: returns the labels of a pod of the workload, and of one that an update makes.
revisions(obj) := [
	_of(obj, _revision, _ordinal),
	_of(obj, _next_revision, _other_ordinal),
]

# METADATA
# description: >-
#   true if the controller of the object may give a pod this value of the label: any where it generates it,
#   and one of its ordinals where it counts.
may_have(obj, key, _) if {
	key in object.keys(_given(obj, _revision, _ordinal))
	not key in _counting
}

may_have(obj, key, value) if {
	key in object.keys(_given(obj, _revision, _ordinal))
	key in _counting
	_is_ordinal(obj, trim_prefix(value, concat("", [workloads.name(obj), "-"])))
}

_counting := {
	"apps.kubernetes.io/pod-index",
	"statefulset.kubernetes.io/pod-name",
	"batch.kubernetes.io/job-completion-index",
}

_is_ordinal(obj, text) if {
	number := labels.number(text)
	start := fields.at(obj, ["spec", "ordinals", "start"], 0)
	number >= start
	number < start + _ordinals(obj)
}

_ordinals(obj) := replicas.most(obj) if {
	obj.kind == "StatefulSet"
} else := labels.largest_number

_of(obj, revision, ordinal) := object.union(
	_template_labels(obj),
	object.remove(_given(obj, revision, ordinal), _unknown),
)

_of_newest(obj, revision, ordinal) := object.union(_template_labels(obj), _given(obj, revision, ordinal))

_template_labels(obj) := workloads.pod_labels(workload_refs.completed(obj))

# Not every Kubernetes of the profile gives these labels to pods.
_unknown := {key |
	some key, first in {
		"apps.kubernetes.io/pod-index": 28,
		"batch.kubernetes.io/job-completion-index": 28,
		"batch.kubernetes.io/job-name": 27,
		"batch.kubernetes.io/controller-uid": 27,
	}
	not served.at_least(first)
}

_given(obj, revision, _) := {"pod-template-hash": revision} if obj.kind == "Deployment"

_given(obj, revision, _) := {"rollouts-pod-template-hash": revision} if obj.kind == "Rollout"

_given(obj, revision, _) := {"deployment": revision, "deploymentconfig": workloads.name(obj)} if {
	obj.kind == "DeploymentConfig"
}

_given(obj, revision, ordinal) := {
	"controller-revision-hash": revision,
	"apps.kruise.io/cloneset-instance-id": ordinal,
} if {
	obj.kind == "CloneSet"
}

_given(obj, revision, _) := {
	"controller-revision-hash": revision,
	"pod-template-generation": revision,
} if {
	obj.kind == "DaemonSet"
}

_given(obj, revision, ordinal) := {
	"controller-revision-hash": revision,
	"statefulset.kubernetes.io/pod-name": ordinal,
	"apps.kubernetes.io/pod-index": ordinal,
} if {
	obj.kind == "StatefulSet"
}

_given(obj, revision, ordinal) := object.union(_job_labels(revision), _index(obj, ordinal)) if {
	obj.kind in _jobs
}

_given(obj, _, _) := {} if {
	not obj.kind in _labelling
	not obj.kind in _jobs
}

_labelling := {"Deployment", "DaemonSet", "StatefulSet", "Rollout", "DeploymentConfig", "CloneSet"}

_jobs := {"Job", "CronJob"}

_job_labels(run) := {
	"batch.kubernetes.io/job-name": run,
	"batch.kubernetes.io/controller-uid": run,
	"job-name": run,
	"controller-uid": run,
}

_index(obj, ordinal) := {"batch.kubernetes.io/job-completion-index": ordinal} if {
	_mode(obj) == "Indexed"
}

_index(obj, _) := {} if _mode(obj) != "Indexed"

_mode(obj) := fields.at(obj, ["spec", "completionMode"], "") if obj.kind == "Job"

_mode(obj) := fields.at(obj, ["spec", "jobTemplate", "spec", "completionMode"], "") if {
	obj.kind == "CronJob"
}
