package lib.nodes.taints_test

import data.lib.nodes.taints

_key := "node-role.kubernetes.io/control-plane"

_reserved := {"key": _key, "value": "", "effect": "NoSchedule"}

_valued := {"key": _key, "value": "true", "effect": "NoSchedule"}

_executing := {"key": _key, "value": "", "effect": "NoExecute"}

_numbered := {"key": "sla", "value": "950", "effect": "NoSchedule"}

# The results of the scheduler's own predicate (component-helpers scheduling/corev1).
_cases := {
	"a toleration of the key, Exists and the effect": [{"key": _key, "operator": "Exists", "effect": "NoSchedule"}, _reserved, true],
	"no operator is Equal, and nothing equals the empty value": [{"key": _key, "effect": "NoSchedule"}, _reserved, true],
	"Equal of another value": [{"key": _key, "operator": "Equal", "value": "true"}, _reserved, false],
	"no effect is every effect": [{"key": _key, "operator": "Exists"}, _reserved, true],
	"no key and Exists is everything": [{"operator": "Exists"}, _reserved, true],
	"everything of another effect": [{"operator": "Exists", "effect": "NoExecute"}, _reserved, false],
	"another key": [{"key": "node-role.kubernetes.io/master", "operator": "Exists"}, _reserved, false],
	"a prefix of the key": [{"key": "node-role.kubernetes.io", "operator": "Exists"}, _reserved, false],
	"an effect that only scores": [{"key": _key, "operator": "Exists", "effect": "PreferNoSchedule"}, _reserved, false],
	"the empty value does not equal another": [{"key": _key, "effect": "NoSchedule"}, _valued, false],
	"the same value": [{"key": _key, "value": "true", "effect": "NoSchedule"}, _valued, true],
	"seconds do not matter to the scheduler": [{"key": _key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 0}, _executing, true],
	"the effect differs": [{"key": _key, "operator": "Exists", "effect": "NoSchedule"}, _executing, false],
	"no key and Equal matches every taint of the value": [{"effect": "NoSchedule"}, _reserved, true],
	"empty fields are absent": [{"key": _key, "operator": "Exists", "value": "", "effect": ""}, _reserved, true],
	"Exists does not look at the value": [{"key": _key, "operator": "Exists", "value": "true"}, _reserved, true],
	"operators are case-sensitive": [{"key": _key, "operator": "exists"}, _reserved, false],
	"effects are case-sensitive": [{"key": _key, "operator": "Exists", "effect": "noschedule"}, _reserved, false],
	"In is no operator": [{"key": _key, "operator": "In"}, _reserved, false],
	"Gt is behind a gate": [{"key": "sla", "operator": "Gt", "value": "900"}, _numbered, false],
	"Lt is behind a gate": [{"key": "sla", "operator": "Lt", "value": "951"}, _numbered, false],
	"an empty toleration": [{}, _reserved, true],
	"a null toleration": [null, _reserved, true],
	"null fields are absent": [{"key": _key, "operator": null, "value": null, "effect": null}, _reserved, true],
	"a value that is no string is compared as text": [{"key": _key, "value": true}, _valued, true],
	"a toleration that is not a mapping": ["everything", _valued, false],
}

test_tolerates[name] if {
	some name, [toleration, taint, expected] in _cases
	tolerates(toleration, taint) == expected
}

tolerates(toleration, taint) if taints.tolerates(toleration, taint)

tolerates(toleration, taint) := false if not taints.tolerates(toleration, taint)

test_only_some_effects_block if {
	taints.blocks(_reserved)
	taints.blocks(_executing)
	not taints.blocks({"key": _key, "value": "", "effect": "PreferNoSchedule"})
}

test_name_shows_a_value if {
	taints.name(_reserved) == "node-role.kubernetes.io/control-plane:NoSchedule"
	taints.name(_valued) == "node-role.kubernetes.io/control-plane=true:NoSchedule"
}

test_daemon_tolerations_follow_the_host_network if {
	own := {toleration.key | some toleration in taints.daemon_tolerations({})}
	host := {toleration.key | some toleration in taints.daemon_tolerations({"hostNetwork": true})}
	host - own == {"node.kubernetes.io/network-unavailable"}
	not _key in host
}
