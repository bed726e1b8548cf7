# METADATA
# title: Custom workloads
# description: >-
#   Kinds, besides the well-known controllers, that contain or create pods: where each describes its
#   pods. A path leads to a pod spec, or to a map with those fields of one that place a pod;
#   "*" in it stands for every item of a list or map. The only library that reads the parameters: the
#   profile may name kinds of its own cluster.
# custom:
#   reads: [workload]
package lib.workloads.custom_resources

import data.lib.api.inventory
import data.lib.api.limits

# METADATA
# description: >-
#   lists each kind with the API groups that serve it and the paths of its pod specs. `replicas` is the number
#   that an absent spec.replicas stands for, of the kinds of which it counts pods of one template: pods with the
#   labels of the template, whose controllers have a scale subresource.
kinds := object.union(_replicated_kinds, {
	"PodTemplate": [{"groups": [""], "pods": [["template", "spec"]]}],
	# The history of a StatefulSet or DaemonSet, from which a rollback restores a template.
	"ControllerRevision": [_one("apps", ["data", "spec", "template", "spec"])],
	"Workflow": [_argo_workflow(["spec"])],
	"WorkflowTemplate": [_argo_workflow(["spec"])],
	"ClusterWorkflowTemplate": [_argo_workflow(["spec"])],
	"CronWorkflow": [_argo_workflow(["spec", "workflowSpec"])],
	"DaemonSet": [_one("apps.kruise.io", _template)],
	"BroadcastJob": [_one("apps.kruise.io", _template)],
	"AdvancedCronJob": [{"groups": ["apps.kruise.io"], "pods": [
		["spec", "template", "jobTemplate", "spec", "template", "spec"],
		["spec", "template", "broadcastJobTemplate", "spec", "template", "spec"],
	]}],
	# Each subset adds tolerations, and selects nodes, for pods of the template.
	"UnitedDeployment": [{"groups": ["apps.kruise.io"], "pods": [
		["spec", "template", "*", "spec", "template", "spec"],
		["spec", "topology", "subsets", "*"],
	]}],
	# Its webhook adds the same to the pods of another workload.
	"WorkloadSpread": [_one("apps.kruise.io", ["spec", "subsets", "*"])],
	"LeaderWorkerSet": [{"groups": ["leaderworkerset.x-k8s.io"], "pods": [
		["spec", "leaderWorkerTemplate", "workerTemplate", "spec"],
		["spec", "leaderWorkerTemplate", "leaderTemplate", "spec"],
	]}],
	"JobSet": [_one("jobset.x-k8s.io", ["spec", "replicatedJobs", "*", "template", "spec", "template", "spec"])],
	"Job": [_one("batch.volcano.sh", ["spec", "tasks", "*", "template", "spec"])],
	"Service": [_one("serving.knative.dev", _template)],
	"Configuration": [_one("serving.knative.dev", _template)],
	"Revision": [_one("serving.knative.dev", ["spec"])],
	# KubeVirt copies the scheduling fields of a machine to its launcher pod.
	"VirtualMachine": [_one("kubevirt.io", _template)],
	"VirtualMachineInstance": [_one("kubevirt.io", ["spec"])],
	"VirtualMachineInstanceReplicaSet": [_one("kubevirt.io", _template)],
	"TaskRun": [_one("tekton.dev", ["spec", "podTemplate"])],
	"PipelineRun": [{"groups": ["tekton.dev"], "pods": [
		["spec", "podTemplate"],
		["spec", "taskRunTemplate", "podTemplate"],
		["spec", "taskRunSpecs", "*", "podTemplate"],
	]}],
	"FlinkDeployment": [{"groups": ["flink.apache.org"], "pods": [
		["spec", "podTemplate", "spec"],
		["spec", "jobManager", "podTemplate", "spec"],
		["spec", "taskManager", "podTemplate", "spec"],
	]}],
	"SparkApplication": [_spark(["spec"])],
	"ScheduledSparkApplication": [_spark(["spec", "template"])],
	"RayCluster": [_ray(["spec"])],
	"RayJob": [_ray(["spec", "rayClusterSpec"])],
	"RayService": [_ray(["spec", "rayClusterConfig"])],
	"PyTorchJob": [_kubeflow("pytorchReplicaSpecs")],
	"TFJob": [_kubeflow("tfReplicaSpecs")],
	"MPIJob": [_kubeflow("mpiReplicaSpecs")],
	"XGBoostJob": [_kubeflow("xgbReplicaSpecs")],
	"Prometheus": [_one("monitoring.coreos.com", ["spec"])],
	"PrometheusAgent": [_one("monitoring.coreos.com", ["spec"])],
	"Alertmanager": [_one("monitoring.coreos.com", ["spec"])],
	"ThanosRuler": [_one("monitoring.coreos.com", ["spec"])],
	"Elasticsearch": [_one("elasticsearch.k8s.elastic.co", ["spec", "nodeSets", "*", "podTemplate", "spec"])],
})

# By themselves: more is asked of them than of the others, and it takes long to make the table of all.
_replicated_kinds := {
	# An absent number is the zero of its type (openshift/api apps/v1 DeploymentConfigSpec).
	"DeploymentConfig": [_replicated("apps.openshift.io", 0)],
	# argo-rollouts utils/defaults DefaultReplicas
	"Rollout": [_replicated("argoproj.io", 1)],
	# kruise apis/apps/defaults
	"CloneSet": [_replicated("apps.kruise.io", 1)],
	"StatefulSet": [_replicated("apps.kruise.io", 1)],
}

_one(group, path) := {"groups": [group], "pods": [path]}

_replicated(group, replicas) := {"groups": [group], "pods": [_template], "replicas": replicas}

_template := ["spec", "template", "spec"]

# A step may override what the workflow says for all steps.
_argo_workflow(path) := {"groups": ["argoproj.io"], "pods": [path, array.concat(path, ["templates", "*"])]}

_spark(path) := {"groups": ["sparkoperator.k8s.io"], "pods": [
	array.concat(path, ["driver"]),
	array.concat(path, ["executor"]),
	array.concat(path, ["driver", "template", "spec"]),
	array.concat(path, ["executor", "template", "spec"]),
]}

_ray(path) := {"groups": ["ray.io"], "pods": [
	array.concat(path, ["headGroupSpec", "template", "spec"]),
	array.concat(path, ["workerGroupSpecs", "*", "template", "spec"]),
]}

_kubeflow(field) := {"groups": ["kubeflow.org"], "pods": [["spec", field, "*", "template", "spec"]]}

# METADATA
# description: true if the object is of a kind listed here, or named by the profile.
known(obj) if count(_listed(obj)) > 0

# METADATA
# description: >-
#   returns the number of replicas of the object where it does not say it. Undefined if replicas of its kind are
#   not pods.
default_replicas(obj) := replicas if {
	contains(obj.apiVersion, ".") # no group of Kubernetes itself: most objects end here
	some listed in _replicated_kinds[obj.kind]
	inventory.group(obj.apiVersion) in listed.groups
	replicas := listed.replicas
}

# METADATA
# description: >-
#   returns the objects in the namespace of the kinds whose replicas are pods.
replicated_in_namespace(namespace) := [obj |
	some kind in inventory.kinds_in(namespace)
	some listed in _replicated_kinds[kind]
	some obj in inventory.in_namespace(namespace, listed.groups, kind)
]

# METADATA
# description: >-
#   returns the paths of the pod specs that the object has: most of those of a custom resource are
#   optional. None if it may have more than are checked.
pod_paths(obj) := [] if {
	most_pods(obj) > limits.most.podSpecs
} else := [path |
	some pattern in _listed(obj)
	some path in _found(obj, pattern)
	is_object(object.get(obj, path, null))
]

# METADATA
# description: >-
#   returns how many pod specs the object has at most, without looking for them.
most_pods(obj) := sum([number |
	some pattern in _listed(obj)
	number := _most(obj, pattern)
])

_most(obj, pattern) := 1 if {
	not "*" in pattern
	object.get(obj, pattern, null) != null
}

_most(obj, pattern) := sum([count(items) |
	some at, step in pattern
	step == "*"
	items := _items(object.get(obj, array.slice(pattern, 0, at), []))
]) if {
	"*" in pattern
}

_items(found) := found if is_array(found)

_items(found) := found if is_object(found)

_listed(obj) := array.concat(
	[pattern |
		_may_be_listed(obj) # most other objects end here, before the table is made
		some listed in kinds[obj.kind]
		inventory.group(obj.apiVersion) in listed.groups
		some pattern in listed.pods
	],
	[pattern |
		some named in _named
		named.kind == obj.kind
		named.group == inventory.group(obj.apiVersion)
		some pattern in named.pods
	],
)

_may_be_listed(obj) if contains(obj.apiVersion, ".")

_may_be_listed(obj) if obj.kind in _of_kubernetes

_of_kubernetes := {"PodTemplate", "ControllerRevision"}

# METADATA
# description: returns the objects of all these kinds in the namespace.
in_namespace(namespace) := array.concat(
	[obj |
		some kind in inventory.kinds_in(namespace)
		some listed in kinds[kind]
		some obj in inventory.in_namespace(namespace, listed.groups, kind)
	],
	[obj | some named in _named; some obj in inventory.in_namespace(namespace, {named.group}, named.kind)],
)

default _named := []

_named := input.parameters.customWorkloads

_found(_, pattern) := [pattern] if not "*" in pattern

_found(obj, pattern) := [path |
	"*" in pattern
	some at, step in pattern
	step == "*"
	before := array.slice(pattern, 0, at)
	some key, _ in object.get(obj, before, [])
	path := array.concat(before, array.concat([key], array.slice(pattern, at + 1, count(pattern))))
] if {
	"*" in pattern
}
