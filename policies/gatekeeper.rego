# METADATA
# title: Gatekeeper's entry
# description: >-
#   The rules by which Gatekeeper enters: each template has one policy, as the library lib.policy, and drops the
#   violations that the Constraint waives.
package gatekeeper

import data.lib.findings.parameter_faults
import data.lib.findings.waivers
import data.lib.policy

# METADATA
# description: holds what the policy finds and the Constraint does not waive.
violation contains found if {
	some found in policy.violation
	not _is_waived(found)
}

_is_waived(found) if count(waivers.applying(_waivers, input.review.object, found)) > 0

violation contains found if {
	some found in parameter_faults.of_waivers(input.review.object, _waivers)
}

default _waivers := []

_waivers := input.parameters.waivers
