package lib.nodes.registration_test

import data.lib.nodes.registration

_workers(count_of_each) := {"apiVersion": "cluster.x-k8s.io/v1beta1", "kind": "Cluster", "spec": {"topology": {
	"class": "quick-start",
	"workers": {field: [{"class": "default", "name": format_int(index, 10)} |
		some index in numbers.range(1, count_of_each)
	] |
		some field in ["machineDeployments", "machinePools"]
	},
}}}

test_groups_of_nodes_are_counted_over_all_lists if {
	registration.excess(_workers(49)) == set()
	count(registration.excess(_workers(50))) == 1
	registration.of(_workers(50), []) == []
}
