# METADATA
# title: Labels of pods
# description: >-
#   The labels that pods of a workload really have: those of its template, and those that its controller
#   gives them (k8s.io/kubernetes pkg/controller). What a controller makes up is stood for by values
#   that no manifest mentions.
package lib.pod_labels

import data.lib.value
import data.lib.workload

_revision := "5f3b9c1a7d"

_next_revision := "7c9d4f6b8e"

_ordinal := "2147483646"

_other_ordinal := "2147483647"

# METADATA
# description: returns the labels of a pod of the workload.
typical(object_) := _of(object_, _revision, _ordinal)

# METADATA
# description: returns the labels of two pods of one revision of the workload.
siblings(object_) := [_of(object_, _revision, _ordinal), _of(object_, _revision, _other_ordinal)]

# METADATA
# description: returns the labels of a pod of the workload, and of one that an update makes.
revisions(object_) := [
	_of(object_, _revision, _ordinal),
	_of(object_, _next_revision, _other_ordinal),
]

_of(object_, revision, ordinal) := object.union(
	workload.pod_labels(object_),
	_given(object_, revision, ordinal),
)

_given(object_, revision, _) := {"pod-template-hash": revision} if object_.kind == "Deployment"

_given(object_, revision, _) := {
	"controller-revision-hash": revision,
	"pod-template-generation": revision,
} if {
	object_.kind == "DaemonSet"
}

_given(object_, revision, ordinal) := {
	"controller-revision-hash": revision,
	"statefulset.kubernetes.io/pod-name": ordinal,
	"apps.kubernetes.io/pod-index": ordinal,
} if {
	object_.kind == "StatefulSet"
}

_given(object_, revision, ordinal) := object.union(_job_labels(revision), _index(object_, ordinal)) if {
	object_.kind in _jobs
}

_given(object_, _, _) := {} if {
	not object_.kind in {"Deployment", "DaemonSet", "StatefulSet"}
	not object_.kind in _jobs
}

_jobs := {"Job", "CronJob"}

_job_labels(run) := {
	"batch.kubernetes.io/job-name": run,
	"batch.kubernetes.io/controller-uid": run,
	"job-name": run,
	"controller-uid": run,
}

_index(object_, ordinal) := {"batch.kubernetes.io/job-completion-index": ordinal} if {
	_mode(object_) == "Indexed"
}

_index(object_, _) := {} if _mode(object_) != "Indexed"

_mode(object_) := value.at(object_, ["spec", "completionMode"], "") if object_.kind == "Job"

_mode(object_) := value.at(object_, ["spec", "jobTemplate", "spec", "completionMode"], "") if {
	object_.kind == "CronJob"
}
