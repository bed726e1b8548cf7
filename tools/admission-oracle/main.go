// Command admission-oracle reports what a kube-apiserver decides of requests under ValidatingAdmissionPolicies.
//
// It reads JSON values from standard input and answers each with a line of JSON. The first value has the policies,
// each with its binding; the answer has what the API server finds wrong with them. Each further value is a request;
// the answer has the objects as the policies see them and the decision of each policy, or why the API server refuses
// the request before it asks any policy.
//
// All of it is the API server's own code: the handlers of the endpoints, with decoding, defaults, the preparation and
// validation of the registries; the matching, compilation, budgets and evaluation of policies. Only etcd is replaced,
// and no mutating admission plugin is on.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"log"
	"os"
	"slices"

	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/util/compatibility"
	basecompatibility "k8s.io/component-base/compatibility"
	"k8s.io/klog/v2"
)

type policies struct {
	Policies []document `json:"policies"`
}

// answer is what is known of a request. It has no decisions if the API server refuses the request before it asks the
// policies.
type answer struct {
	// Undecodable is why the API server cannot read the object.
	Undecodable string `json:"undecodable,omitempty"`
	// Invalid has the errors of API validation.
	Invalid []string `json:"invalid,omitempty"`
	// Object and OldObject are what the policies see, but for managedFields: these depend on the time.
	Object    json.RawMessage `json:"object,omitempty"`
	OldObject json.RawMessage `json:"oldObject,omitempty"`
	Decisions []decision      `json:"decisions"`
}

func main() {
	older := flag.String("compatibility", "", "minor version, such as 1.29, that all expressions must compile in")
	repeat := flag.Int("repeat", 1, "how often each policy is evaluated; the median time is reported")
	flag.Parse()
	silence()
	if *older != "" {
		setCompatibility(version.MustParseGeneric(*older))
	}
	input := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20))
	output := bufio.NewWriterSize(os.Stdout, 1<<20)
	answers := json.NewEncoder(output)
	answers.SetEscapeHTML(false)

	var given policies
	must(input.Decode(&given))
	server := newServer()
	loaded := make([]*policy, len(given.Policies))
	for i, document := range given.Policies {
		loaded[i] = load(server, document, *older != "")
	}
	must(answers.Encode(map[string]any{"policies": loaded}))
	for {
		var asked request
		if err := input.Decode(&asked); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			log.Fatal(err)
		}
		must(answers.Encode(decide(server, loaded, &asked, *repeat)))
	}
	must(output.Flush())
}

// silence discards the logs of Kubernetes, also its errors: the answers have what is wrong.
func silence() {
	flags := flag.NewFlagSet("klog", flag.PanicOnError)
	klog.InitFlags(flags)
	must(flags.Parse([]string{"-logtostderr=false", "-stderrthreshold=FATAL"}))
	klog.SetOutput(io.Discard)
}

// setCompatibility makes the API server accept only expressions that compile in the given version, as it does for new
// policies with --min-compatibility-version.
func setCompatibility(oldest *version.Version) {
	effective := compatibility.DefaultComponentGlobalsRegistry.EffectiveVersionFor(basecompatibility.DefaultKubeComponent)
	effective.(basecompatibility.MutableEffectiveVersion).SetMinCompatibilityVersion(oldest)
}

func decide(server *server, loaded []*policy, asked *request, repeat int) answer {
	seen, refusal := server.submit(asked)
	if seen == nil {
		refusal.Decisions = []decision{}
		return refusal
	}
	given := answer{
		Object:    versioned(seen.Attributes.GetObject(), seen),
		OldObject: versioned(seen.Attributes.GetOldObject(), seen),
		Decisions: []decision{},
	}
	for _, name := range asked.Policies {
		if !slices.ContainsFunc(loaded, func(p *policy) bool { return p.Name == name }) {
			log.Fatalf("no policy is named %s", name)
		}
	}
	for _, policy := range loaded {
		if asked.Policies == nil || slices.Contains(asked.Policies, policy.Name) {
			given.Decisions = append(given.Decisions, policy.decide(seen, repeat))
		}
	}
	return given
}

// sighting is what validating admission is asked about.
type sighting struct {
	admission.Attributes
	admission.ObjectInterfaces
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
