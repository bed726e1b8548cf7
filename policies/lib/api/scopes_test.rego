package lib.api.scopes_test

import data.lib.api.scopes

test_the_group_decides_whether_a_kind_is_in_a_namespace if {
	every kind in [["v1", "Node"], ["karpenter.sh/v1", "NodePool"], ["kops.k8s.io/v1alpha2", "InstanceGroup"]] {
		scopes.without_namespace({"apiVersion": kind[0], "kind": kind[1]})
	}
	every kind in [
		["v1", "Pod"],
		["example.com/v1", "Node"],
		["hypershift.openshift.io/v1", "NodePool"],
		["argoproj.io/v1alpha1", "Workflow"],
	] {
		not scopes.without_namespace({"apiVersion": kind[0], "kind": kind[1]})
	}
}

test_what_does_not_say_its_kind_is_in_one if {
	every obj in [null, "Node", {}, {"kind": "Node"}, {"apiVersion": "v1"}] {
		not scopes.without_namespace(obj)
	}
}
