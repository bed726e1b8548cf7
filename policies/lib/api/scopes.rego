# METADATA
# title: Scopes
# description: Which of the objects that are checked are in no namespace.
package lib.api.scopes

import data.lib.api.inventory

# METADATA
# description: >-
#   true if objects of this kind are in no namespace: the API server drops the one that an author writes, and
#   what exists only in files has none. Any other kind is in one.
without_namespace(obj) if inventory.group(obj.apiVersion) in _kinds[obj.kind]

without_namespace(obj) if inventory.group(obj.apiVersion) in _groups_of_files

_kinds := {
	"Node": {""},
	"RuntimeClass": {"node.k8s.io"},
	"ClusterWorkflowTemplate": {"argoproj.io"},
	"Scheduler": {"config.openshift.io"},
	"KubeletConfig": {"machineconfiguration.openshift.io"},
	"NodePool": {"karpenter.sh"},
	"Provisioner": {"karpenter.sh"},
	# Talos names no group.
	"KubeNodeConfig": {""},
}

_groups_of_files := {
	"kubeadm.k8s.io",
	"kubelet.config.k8s.io",
	"kops.k8s.io",
	"k0sctl.k0sproject.io",
	"eksctl.io",
	"kind.x-k8s.io",
	"bulkhead.dev",
}
