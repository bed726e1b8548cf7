package lib.scheduling.pods_test

import data.lib.scheduling.pods

test_a_custom_resource_without_pods_has_an_empty_one if {
	pod := pods.main({"apiVersion": "tekton.dev/v1", "kind": "TaskRun", "spec": {}})
	pod.path == ["spec", "template", "spec"]
	pod.placement.tolerations == []
}
