package main

import (
	"context"
	"fmt"
	"math"
	"slices"

	celgo "github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types/ref"
	admissionapi "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/cel/environment"
)

// cost is what the expressions of a policy cost, in the units of Kubernetes' budgets.
type cost struct {
	// Conditions is the cost of matchConditions, of 2,500,000.
	Conditions int64 `json:"conditions"`
	// Total is the cost of validations and messageExpressions with the variables that they use, of 10,000,000.
	Total int64 `json:"total"`
	// Annotations is the cost of auditAnnotations with the variables that they use, of another 10,000,000.
	Annotations int64 `json:"annotations"`
	// Largest is the cost of the most expensive expression, of 1,000,000.
	Largest int64 `json:"largest"`
}

// The groups of expressions that are evaluated one after the other.
const (
	conditions  = "spec.matchConditions[%d].expression"
	validations = "spec.validations[%d].expression"
	messages    = "spec.validations[%d].messageExpression"
	annotations = "spec.auditAnnotations[%d].valueExpression"
)

func pathOf(phase string, i int) string { return fmt.Sprintf(phase, i) }

// meter keeps what the expressions of a policy cost and which of them fail.
type meter struct {
	// uncompiled has the expressions that do not compile.
	uncompiled []string

	phase  string
	cost   cost
	errors []string
	// holds: the match conditions hold. failed: they cannot be evaluated.
	holds, failed bool
	// messages has the results of the messageExpressions.
	messages []ref.Val
}

func (m *meter) reset() {
	*m = meter{uncompiled: m.uncompiled, holds: true}
}

// report keeps an error once: variables are evaluated again for the messages.
func (m *meter) report(path string, err error) {
	if message := path + ": " + err.Error(); !slices.Contains(m.errors, message) {
		m.errors = append(m.errors, message)
	}
}

func (m *meter) charge(spent uint64) {
	amount := int64(min(spent, math.MaxInt64))
	m.cost.Largest = max(m.cost.Largest, amount)
	switch m.phase {
	case conditions:
		m.cost.Conditions += amount
	case annotations:
		m.cost.Annotations += amount
	default:
		m.cost.Total += amount
	}
}

// meteredCompiler puts a meter at each program.
type meteredCompiler struct {
	cel.Compiler
	meter *meter
}

// CompileCELExpression compiles an expression.
func (c meteredCompiler) CompileCELExpression(expression cel.ExpressionAccessor, declared cel.OptionalVariableDeclarations, mode environment.Type) cel.CompilationResult {
	result := c.Compiler.CompileCELExpression(expression, declared, mode)
	if result.Error != nil {
		message := fmt.Sprintf("%s: %v", expression.GetExpression(), result.Error)
		c.meter.uncompiled = append(c.meter.uncompiled, message)
	}
	if result.Program != nil {
		result.Program = meteredProgram{result.Program, expression, c.meter}
	}
	return result
}

// CompileCondition compiles the expressions of a group, some of which may be nil.
func (c meteredCompiler) CompileCondition(expressions []cel.ExpressionAccessor, declared cel.OptionalVariableDeclarations, mode environment.Type) cel.ConditionEvaluator {
	results := make([]cel.CompilationResult, len(expressions))
	for i, expression := range expressions {
		if expression != nil {
			results[i] = c.CompileCELExpression(expression, declared, mode)
		}
	}
	return cel.NewCondition(results)
}

type meteredProgram struct {
	celgo.Program
	expression cel.ExpressionAccessor
	meter      *meter
}

// ContextEval evaluates an expression.
func (p meteredProgram) ContextEval(ctx context.Context, input any) (ref.Val, *celgo.EvalDetails, error) {
	value, details, err := p.Program.ContextEval(ctx, input)
	if details != nil && details.ActualCost() != nil {
		p.meter.charge(*details.ActualCost())
	}
	// An error of a variable can be hidden by the expression that uses it, as in `variables.v || true`.
	if variable, is := p.expression.(*validating.Variable); is && err != nil {
		p.meter.report("spec.variables "+variable.Name, err)
	}
	return value, details, err
}

// meteredEvaluator evaluates a group of expressions.
type meteredEvaluator struct {
	cel.ConditionEvaluator
	meter *meter
	phase string
}

// ForInput evaluates the expressions.
func (e *meteredEvaluator) ForInput(ctx context.Context, attributes *admission.VersionedAttributes, request *admissionapi.AdmissionRequest, bound cel.OptionalVariableBindings, namespace *corev1.Namespace, budget int64) ([]cel.EvaluationResult, int64, error) {
	e.meter.phase = e.phase
	results, remaining, err := e.ConditionEvaluator.ForInput(ctx, attributes, request, bound, namespace, budget)
	if err != nil {
		e.meter.report(fmt.Sprintf("%s, budget %d", e.phase[:len(e.phase)-len("[%d].expression")], budget), err)
	}
	for i, result := range results {
		if result.Error != nil {
			e.meter.report(pathOf(e.phase, i), result.Error)
		}
	}
	if e.phase == messages {
		e.meter.messages = make([]ref.Val, len(results))
		for i, result := range results {
			e.meter.messages[i] = result.EvalResult
		}
	}
	return results, remaining, err
}

// meteredMatcher keeps whether the match conditions hold.
type meteredMatcher struct {
	matchconditions.Matcher
	meter *meter
}

// Match evaluates the match conditions.
func (m *meteredMatcher) Match(ctx context.Context, attributes *admission.VersionedAttributes, params runtime.Object, authz authorizer.UnconditionalAuthorizer) matchconditions.MatchResult {
	result := m.Matcher.Match(ctx, attributes, params, authz)
	m.meter.holds = result.Matches
	m.meter.failed = result.FailedConditionName == "" && !result.Matches
	return result
}
