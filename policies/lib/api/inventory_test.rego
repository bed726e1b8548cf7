package lib.api.inventory_test

import data.lib.api.inventory

test_of_a_kind_that_the_cluster_lacks_there_are_no_names if {
	inventory.by_name_in_cluster("v1", "Node") == {} with data.inventory as {}
	inventory.by_name_in_cluster("v1", "Node") == {} with data.inventory as {"cluster": {"v1": {"Namespace": {}}}}
	inventory.by_name_in_cluster("v1", "Node") == {"a": 1} with data.inventory as {"cluster": {"v1": {"Node": {"a": 1}}}}
}
