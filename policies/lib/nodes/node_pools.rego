# METADATA
# title: Node pools
# description: >-
#   Kinds of which each object makes nodes that are all alike: where each has their taints and labels. "*"
#   stands for every item of a list or map.
package lib.nodes.node_pools

import data.lib.api.fields
import data.lib.nodes.registration_fields

# METADATA
# description: returns the registrations of a node pool, one for each pool in it. Undefined for other objects.
rows(obj) := _read(obj, _pools(registration_fields.id(obj)))

_read(obj, pools) := [row |
	some pool in pools
	fields.at(obj, pool.switch, true) != false
	some path in _paths(obj, pool.at)
	row := _row(obj, pool, path)
]

_row(obj, pool, path) := registration_fields.registration({
	"labels": object.union(_names(obj, pool, path), _mode(obj, pool, path)),
	"given": _written(obj, path, pool.taints, pool.forms),
	"gated": _written(obj, path, pool.gated, pool.forms),
	"labelled": _written(obj, path, pool.labels, ["map"]),
	"decides": pool.decides,
	"elsewhere": pool.elsewhere,
	"synced": pool.synced,
})

_written(_, _, [], _) := []

_written(obj, path, inner, forms) := [registration_fields.written(obj, array.concat(path, inner), forms)] if {
	inner != []
}

# The labels that have the name of the pool.
_names(obj, pool, path) := {label: names[0] |
	some label, inner in pool.named
	names := [name |
		some one in inner
		name := fields.text(fields.at(obj, array.concat(path, one), ""))
		name != ""
	]
}

# Azure gives each node the mode of its pool.
_mode(_, pool, _) := {} if pool.mode == []

_mode(obj, pool, path) := {"kubernetes.azure.com/mode": lower(fields.text(mode))} if {
	pool.mode != []
	mode := fields.at(obj, array.concat(path, pool.mode), "")
}

# By kind, so that nothing is built for other objects.
_pools("kubelet.config.k8s.io/KubeletConfiguration") := [_pool({"taints": ["registerWithTaints"]})]

# Its startupTaints go away by themselves.
_pools("karpenter.sh/NodePool") := [_deciding({
	"taints": ["spec", "template", "spec", "taints"],
	"labels": ["spec", "template", "metadata", "labels"],
	"named": {"karpenter.sh/nodepool": [["metadata", "name"]]},
})]

_pools("karpenter.sh/Provisioner") := [_deciding({"taints": ["spec", "taints"], "labels": ["spec", "labels"]})]

_pools("hypershift.openshift.io/NodePool") := [_deciding({
	"taints": ["spec", "taints"],
	"labels": ["spec", "nodeLabels"],
	"named": {"hypershift.openshift.io/nodePool": [["metadata", "name"]]},
})]

_pools("machine.openshift.io/MachineSet") := [_deciding({
	"taints": ["spec", "template", "spec", "taints"],
	"labels": ["spec", "template", "spec", "metadata", "labels"],
})]

_pools("machine.openshift.io/Machine") := [_deciding({
	"taints": ["spec", "taints"],
	"labels": ["spec", "metadata", "labels"],
})]

# Its machines also get the label and the taint of masters.
_pools("machine.openshift.io/ControlPlaneMachineSet") := [_pool({"taints": array.concat(
	["spec", "template", "machines_v1beta1_machine_openshift_io"],
	["spec", "taints"],
)})]

# Its pool has labels of its own, and the unit of masters has the taint as a flag.
_pools("machineconfiguration.openshift.io/KubeletConfig") := [_pool({
	"taints": ["spec", "kubeletConfig", "registerWithTaints"],
	"switch": ["spec", "kubeletConfig", "registerNode"],
})]

_pools("k0s.k0sproject.io/ClusterConfig") := [_pool({
	"at": ["spec", "workerProfiles", "*"],
	"taints": ["values", "registerWithTaints"],
})]

_pools("eksctl.io/ClusterConfig") := [_deciding({
	"at": [field, "*"],
	"taints": ["taints"],
	"forms": ["objects", "map"],
	"labels": ["labels"],
	"named": {
		"alpha.eksctl.io/nodegroup-name": [["name"]],
		"eks.amazonaws.com/nodegroup": [["name"]],
	},
}) |
	some field in ["nodeGroups", "managedNodeGroups"]
]

_pools("infrastructure.cluster.x-k8s.io/AWSManagedMachinePool") := [_deciding({
	"taints": ["spec", "taints"],
	"forms": ["kebab"],
	"labels": ["spec", "labels"],
	"named": {"eks.amazonaws.com/nodegroup": [["spec", "eksNodegroupName"]]},
})]

_pools("infrastructure.cluster.x-k8s.io/ROSAMachinePool") := [_deciding({
	"taints": ["spec", "taints"],
	"labels": ["spec", "labels"],
})]

_pools("infrastructure.cluster.x-k8s.io/GCPManagedMachinePool") := [_deciding({
	"taints": ["spec", "kubernetesTaints"],
	"labels": ["spec", "kubernetesLabels"],
	"named": {_gke_pool: [["spec", "nodePoolName"], ["metadata", "name"]]},
})]

_pools("infrastructure.cluster.x-k8s.io/AzureManagedMachinePool") := [_azure(["spec"], _name, {})]

_pools("infrastructure.cluster.x-k8s.io/AzureManagedMachinePoolTemplate") := [_azure(
	["spec", "template", "spec"],
	["spec", "template", "spec", "name"],
	{},
)]

_pools("containerservice.azure.com/ManagedClustersAgentPool") := [_azure(["spec"], _name, _strings)]

_pools("containerservice.azure.com/ManagedCluster") := [_azure(
	[],
	["name"],
	object.union(_strings, {"at": ["spec", "agentPoolProfiles", "*"]}),
)]

_pools("container.cnrm.cloud.google.com/ContainerNodePool") := [_google(_gke_names)]

_pools("container.cnrm.cloud.google.com/ContainerCluster") := [_google({})]

_pools("cluster.x-k8s.io/Machine") := [_machines(["metadata"], ["spec"])]

_pools("cluster.x-k8s.io/MachineSet") := [_machines(_template.metadata, _template.spec)]

_pools("cluster.x-k8s.io/MachineDeployment") := [_machines(_template.metadata, _template.spec)]

_pools("cluster.x-k8s.io/MachinePool") := [_machines(_template.metadata, _template.spec)]

_pools("cluster.x-k8s.io/Cluster") := array.concat(
	[_gated(["spec", "topology", "controlPlane", "taints"])],
	_workers(["spec", "topology", "workers"], ["metadata"]),
)

_pools("cluster.x-k8s.io/ClusterClass") := array.concat(
	[_gated(["spec", "controlPlane", "taints"])],
	array.concat(
		_workers(["spec", "workers"], ["metadata"]),
		_workers(["spec", "workers"], ["template", "metadata"]),
	),
)

# What a pool has unless it says something else.
_pool(given) := object.union(
	{
		"at": [], "taints": [], "forms": ["objects"], "gated": [], "labels": [],
		"named": {}, "mode": [], "decides": false, "synced": false, "elsewhere": "", "switch": ["registerNode"],
	},
	given,
)

# No one else gives labels or taints to the nodes.
_deciding(given) := _pool(object.union(given, {"decides": true}))

_gke_pool := "cloud.google.com/gke-nodepool"

_gke_names := {_gke_pool: [["spec", "resourceID"], ["metadata", "name"]]}

_google(named) := _deciding({
	"taints": ["spec", "nodeConfig", "taint"],
	"forms": ["upper"],
	"labels": ["spec", "nodeConfig", "labels"],
	"named": named,
})

_name := ["metadata", "name"]

_strings := {"taints": ["nodeTaints"], "forms": ["strings"]}

_azure(path, name, given) := _deciding(object.union(pool, {"taints": array.concat(path, pool.taints)})) if {
	pool := object.union(
		{
			"taints": ["taints"],
			"labels": array.concat(path, ["nodeLabels"]),
			"mode": array.concat(path, ["mode"]),
			"named": {
				"agentpool": [["spec", "azureName"], name],
				"kubernetes.azure.com/agentpool": [["spec", "azureName"], name],
			},
		},
		given,
	)
}

_template := {"metadata": ["spec", "template", "metadata"], "spec": ["spec", "template", "spec"]}

# Taints of machines count only with the feature gate MachineTaintPropagation, which is off by default; others
# are where the machine's bootstrap configuration has them.
_machines(metadata, spec) := object.union(_gated(array.concat(spec, ["taints"])), {
	"labels": array.concat(metadata, ["labels"]),
	"synced": true,
	"elsewhere": "the bootstrap configuration of the machines",
})

_gated(path) := _pool({"gated": path})

_workers(path, metadata) := [object.union(
	_machines(metadata, []),
	{"at": array.concat(path, [field, "*"])},
) |
	some field in ["machineDeployments", "machinePools"]
]

_paths(_, pattern) := [pattern] if not "*" in pattern

_paths(obj, pattern) := [array.concat(before, [key]) | some key, _ in found] if {
	before := array.slice(pattern, 0, count(pattern) - 1)
	"*" in pattern
	found := fields.at(obj, before, [])
	not _is_scalar(found)
} else := [array.slice(pattern, 0, count(pattern) - 1)] if {
	"*" in pattern
}

_is_scalar(value) if {
	not is_array(value)
	not is_object(value)
}
