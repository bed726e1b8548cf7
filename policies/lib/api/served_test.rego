package lib.api.served_test

import data.lib.api.served

_workload(api_version, name) := {"apiVersion": api_version, "kind": "Deployment", "metadata": {"name": name}}

test_of_other_kinds_only_version_and_name_are_checked if {
	served.accepted(_workload("apps/v1", "web"))
	not served.accepted(_workload("apps/v1beta1", "web"))
	not served.accepted(_workload("apps/v1", ""))
}
