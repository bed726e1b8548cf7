package lib.workload_test

import data.lib.workload

test_a_custom_resource_without_pods_has_an_empty_one if {
	pod := workload.main_pod({"apiVersion": "tekton.dev/v1", "kind": "TaskRun", "spec": {}})
	pod.path == ["spec", "template", "spec"]
	pod.placement.tolerations == []
}
