package interrupting_update_test

# cases.yaml has no word for notes.

_parameters := {
	"components": [{"name": "dns", "match": {"namespace": "n", "name": "dns"}, "disruptionControl": true}],
	"otherWorkloads": {"nodeRole": "worker", "disruptionControl": true},
}

_object(api_version, kind, name, spec) := {
	"apiVersion": api_version,
	"kind": kind,
	"metadata": {"namespace": "n", "name": name},
	"spec": object.union({"template": {"spec": {}}}, spec),
}

_missing(count_) := {"replicas": 3, "updateStrategy": {"rollingUpdate": {"maxUnavailable": count_}}}

_custom(kind) := concat("", [
	"whether an instance always runs was not judged: how many pods a ",
	kind,
	" runs, and how it replaces them, is not known",
])

# The object, what else the parameters say, and the message.
_cases := {
	"a component": [
		_object("argoproj.io/v1alpha1", "Rollout", "dns", {}),
		_parameters,
		{_custom("Rollout of argoproj.io")},
	],
	"another workload": [
		_object("apps.kruise.io/v1alpha1", "CloneSet", "web", {}),
		_parameters,
		{_custom("CloneSet of apps.kruise.io")},
	],
	"another workload without a last row": [
		_object("apps.kruise.io/v1alpha1", "CloneSet", "web", {}),
		{"components": []},
		set(),
	],
	"another workload of which nothing is demanded": [
		_object("apps.kruise.io/v1alpha1", "CloneSet", "web", {}),
		{"components": [], "otherWorkloads": {"nodeRole": "worker"}},
		set(),
	],
	"a StatefulSet of another group": [
		_object("apps.kruise.io/v1beta1", "StatefulSet", "dns", _missing("100%")),
		_parameters,
		{_custom("StatefulSet of apps.kruise.io")},
	],
	"a Deployment": [_object("apps/v1", "Deployment", "dns", {}), _parameters, set()],
	"what makes no pods": [_object("example.com/v1", "Thing", "dns", {}), _parameters, set()],
	"a StatefulSet that misses all": [
		_object("apps/v1", "StatefulSet", "dns", _missing("100%")),
		_parameters,
		{concat("", [
			"maxUnavailable 100% was not judged: ",
			"a StatefulSet heeds it where the feature gate MaxUnavailableStatefulSet is on",
		])},
	],
	"a StatefulSet that misses one": [_object("apps/v1", "StatefulSet", "dns", _missing(1)), _parameters, set()],
	"a StatefulSet that does not say": [_object("apps/v1", "StatefulSet", "dns", {"replicas": 3}), _parameters, set()],
}

test_notes[name] if {
	some name, [obj, parameters, expected] in _cases
	found := data.policies["interrupting-update"].note with input as {
		"review": {"object": obj},
		"parameters": parameters,
	}
	{note.message | some note in found} == expected
}
