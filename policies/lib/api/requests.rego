# METADATA
# title: Requests
# description: >-
#   What the API server says of a request beside the object: a file and an audit have no operation. The
#   only library that reads it.
package lib.api.requests

# METADATA
# description: >-
#   true if the object is the one under review, in an engine that keeps the values of rules while it checks an
#   object, but not those of functions (WASM). Gatekeeper's keeps both.
is_kept(obj) if {
	input.keepsRules
	obj == input.review.object
}

# METADATA
# description: true if the parameters are those of the review, in such an engine.
keeps(parameters) if {
	input.keepsRules
	parameters == input.parameters
}

# METADATA
# description: >-
#   true if the parameters are the component table of a profile, which was validated, and not what someone wrote
#   for the policy.
of_profile if input.ofProfile

# METADATA
# description: >-
#   true if the object is what a request asks the API server for, and so what its author wrote: what only the
#   API server sets may be there already, and shows nothing.
asks_for(obj) if {
	input.review.operation in {"CREATE", "UPDATE"}
	obj == input.review.object
}

# METADATA
# description: >-
#   true if a kubelet makes the request: the API server knows the group from the certificate of the kubelet.
by_kubelet if "system:nodes" in input.review.userInfo.groups
