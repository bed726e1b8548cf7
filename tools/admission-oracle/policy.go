package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/policy/generic"
	"k8s.io/apiserver/pkg/admission/plugin/policy/matching"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

// document is a ValidatingAdmissionPolicy with the binding that puts it to use.
type document struct {
	Policy  json.RawMessage `json:"policy"`
	Binding json.RawMessage `json:"binding"`
}

// policy is a policy that is ready to be asked, or what the API server finds wrong with it or its binding.
type policy struct {
	Name    string   `json:"name"`
	Invalid []string `json:"invalid,omitempty"`

	definition admissionv1.ValidatingAdmissionPolicy
	binding    admissionv1.ValidatingAdmissionPolicyBinding
	validator  validating.Validator
	meter      *meter
}

// decision is what a policy says of a request.
type decision struct {
	Policy string `json:"policy"`
	// Matches: the request is among those that the policy and its binding are for.
	Matches bool `json:"matches"`
	// Conditions: the matchConditions hold. Nil if the request does not match, or if they cannot be evaluated.
	Conditions *bool `json:"conditions,omitempty"`
	// Errors has every error of an expression, also of those that do not change what the API server answers.
	Errors []string `json:"errors"`
	// Action is skip if the validations are not evaluated, error if one of them or a match condition cannot be,
	// else deny if one of them is false, else admit.
	Action string `json:"action"`
	// Message and Reason are of the first validation that does not admit.
	Message string              `json:"message,omitempty"`
	Reason  metav1.StatusReason `json:"reason,omitempty"`
	// Refusal is what the API server answers under this policy alone, as its failurePolicy and the validationActions
	// of the binding have it; nil if the request passes.
	Refusal          *refusal          `json:"refusal,omitempty"`
	AuditAnnotations map[string]string `json:"auditAnnotations"`
	Cost             cost              `json:"cost"`
	// Nanoseconds is the median time of an evaluation, with matchConditions.
	Nanoseconds int64 `json:"nanoseconds"`
}

type refusal struct {
	Code    int32               `json:"code"`
	Reason  metav1.StatusReason `json:"reason"`
	Message string              `json:"message"`
}

// load creates a policy and its binding, and compiles the policy. If old is set, its expressions are evaluated in the
// environment that they have to compile in, else in that of the API server, which has all that it knows.
func load(server *server, given document, old bool) *policy {
	var named metav1.PartialObjectMetadata
	// What cannot be read here is found invalid.
	_ = json.Unmarshal(given.Policy, &named)
	p := &policy{Name: named.Name, meter: &meter{}}
	p.create(server, "validatingadmissionpolicies", given.Policy, &p.definition)
	p.create(server, "validatingadmissionpolicybindings", given.Binding, &p.binding)
	if len(p.Invalid) > 0 {
		return p
	}
	if named := p.binding.Spec.PolicyName; named != p.Name {
		p.Invalid = append(p.Invalid, fmt.Sprintf("the binding is of policy %q", named))
	}
	p.validator = compile(&p.definition, p.meter, old)
	p.Invalid = append(p.Invalid, p.meter.uncompiled...)
	return p
}

// create has the API server create an object, which must have no unknown field.
func (p *policy) create(server *server, plural string, given []byte, into runtime.Object) {
	seen, refusal := server.submit(&request{
		Operation: admission.Create,
		Resource:  resource(admissionv1.SchemeGroupVersion.WithResource(plural)),
		Object:    given,
		strict:    true,
	})
	if seen != nil {
		must(legacyscheme.Scheme.Convert(seen.GetObject(), into, nil))
		return
	}
	if refusal.Undecodable != "" {
		refusal.Invalid = append(refusal.Invalid, refusal.Undecodable)
	}
	for _, message := range refusal.Invalid {
		p.Invalid = append(p.Invalid, plural+": "+message)
	}
}

// messagesOf has the faults of each field, or the message as a whole.
func messagesOf(status metav1.Status) []string {
	if status.Details == nil || len(status.Details.Causes) == 0 {
		return []string{status.Message}
	}
	messages := []string{}
	for _, cause := range status.Details.Causes {
		messages = append(messages, fmt.Sprintf("%s: %s", cause.Field, cause.Message))
	}
	return messages
}

// decide asks the policy about a request, as the API server's dispatcher does.
func (p *policy) decide(seen *sighting, repeat int) decision {
	if len(p.Invalid) > 0 {
		return decision{Policy: p.Name, Action: "error", Errors: p.Invalid, AuditAnnotations: map[string]string{}}
	}
	times := make([]time.Duration, 0, repeat)
	var asked *evaluation
	var err error
	for range max(1, repeat) {
		p.meter.reset()
		asked = &evaluation{Validator: p.validator}
		hook := validating.PolicyHook{
			Policy:    &p.definition,
			Bindings:  []*admissionv1.ValidatingAdmissionPolicyBinding{&p.binding},
			Evaluator: asked,
		}
		err = dispatcher.Dispatch(context.Background(), seen.Attributes, seen.ObjectInterfaces, []validating.PolicyHook{hook})
		times = append(times, asked.elapsed)
	}
	slices.Sort(times)
	given := decision{
		Policy:           p.Name,
		Matches:          asked.evaluated,
		Action:           "skip",
		AuditAnnotations: map[string]string{},
		Cost:             p.meter.cost,
		Nanoseconds:      times[len(times)/2].Nanoseconds(),
	}
	p.summarize(&given, asked)
	given.refuse(err)
	given.Errors = append([]string{}, p.meter.errors...)
	if given.Action == "error" && len(given.Errors) == 0 {
		given.Errors = append(given.Errors, given.Message)
	}
	return given
}

// summarize reduces the decisions of the validations to one.
func (p *policy) summarize(given *decision, asked *evaluation) {
	if !asked.evaluated {
		return
	}
	if p.meter.failed {
		given.Action = "error"
	} else {
		holds := p.meter.holds
		given.Conditions = &holds
		if holds {
			given.Action = "admit"
		}
	}
	for i, validation := range asked.result.Decisions {
		if validation.Evaluation == validating.EvalAdmit {
			continue
		}
		if given.Message == "" {
			given.Message, given.Reason = validation.Message, validation.Reason
		}
		if validation.Evaluation == validating.EvalError {
			given.Action = "error"
			continue
		}
		if given.Action != "error" {
			given.Action = "deny"
		}
		p.checkMessage(i, validation.Message)
	}
	for _, annotation := range asked.result.AuditAnnotations {
		switch annotation.Action {
		case validating.AuditAnnotationActionPublish:
			given.AuditAnnotations[annotation.Key] = annotation.Value
		case validating.AuditAnnotationActionError:
			given.Action = "error"
			p.meter.report(fmt.Sprintf("spec.auditAnnotations %s", annotation.Key), errors.New(annotation.Error))
		}
	}
}

// checkMessage reports a messageExpression whose result is not the message: the API server says nothing when it falls
// back to the message of the validation.
func (p *policy) checkMessage(i int, message string) {
	if i >= len(p.meter.messages) || p.meter.messages[i] == nil {
		return // there is none, or its error is reported
	}
	if given := fmt.Sprint(p.meter.messages[i].Value()); strings.TrimSpace(given) != message {
		p.meter.report(pathOf(messages, i), fmt.Errorf("the API server does not use this message: %.100q", given))
	}
}

// refuse notes what the API server answers.
func (d *decision) refuse(err error) {
	if err == nil {
		return
	}
	status := apierrors.APIStatus(nil)
	if !errors.As(err, &status) {
		d.Action, d.Message = "error", err.Error()
		return
	}
	answered := status.Status()
	d.Refusal = &refusal{Code: answered.Code, Reason: answered.Reason, Message: answered.Message}
	if !d.Matches || d.Action == "skip" {
		d.Action, d.Message = "error", answered.Message
	}
}

// evaluation is a validator that keeps its result.
type evaluation struct {
	validating.Validator
	evaluated bool
	result    validating.ValidateResult
	elapsed   time.Duration
}

// Validate evaluates the policy.
func (e *evaluation) Validate(ctx context.Context, resource schema.GroupVersionResource, attributes *admission.VersionedAttributes, params runtime.Object, namespace *corev1.Namespace, budget int64, authz authorizer.UnconditionalAuthorizer) validating.ValidateResult {
	start := time.Now()
	e.result = e.Validator.Validate(ctx, resource, attributes, params, namespace, budget, authz)
	e.elapsed = time.Since(start)
	e.evaluated = true
	return e.result
}

// dispatcher is the API server's. For its policies, no user is authorized to do anything.
var dispatcher = validating.NewDispatcher(
	authorizerfactory.NewAlwaysDenyAuthorizer(),
	generic.NewPolicyMatcher(matching.NewMatcher(namespaces{}, nil)),
)

// namespaces has a namespace of every name, with the label that the API server gives it.
type namespaces struct {
	corelisters.NamespaceLister
}

// Get returns a namespace.
func (namespaces) Get(name string) (*corev1.Namespace, error) {
	return &corev1.Namespace{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{corev1.LabelMetadataName: name}},
		Spec:       corev1.NamespaceSpec{Finalizers: []corev1.FinalizerName{corev1.FinalizerKubernetes}},
		Status:     corev1.NamespaceStatus{Phase: corev1.NamespaceActive},
	}, nil
}
