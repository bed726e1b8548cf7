package main

import (
	admissionv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions"
	"k8s.io/apiserver/pkg/cel/environment"
)

// compile does what compilePolicy of k8s.io/apiserver/pkg/admission/plugin/policy/validating does, which is not
// exported, with a meter at each expression.
func compile(policy *admissionv1.ValidatingAdmissionPolicy, meter *meter, old bool) validating.Validator {
	mode := environment.StoredExpressions
	if old {
		mode = environment.NewExpressions
	}
	spec := &policy.Spec
	declared := cel.OptionalVariableDeclarations{HasParams: spec.ParamKind != nil, HasAuthorizer: true}
	compiler, err := cel.NewCompositedCompiler(environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion()))
	must(err)
	metered := meteredCompiler{compiler.Compiler, meter}
	compiler.Compiler, compiler.ConditionCompiler = metered, metered

	named := make([]cel.NamedExpressionAccessor, len(spec.Variables))
	for i, variable := range spec.Variables {
		named[i] = &validating.Variable{Name: variable.Name, Expression: variable.Expression}
	}
	compiler.CompileAndStoreVariables(named, declared, mode)

	evaluator := func(phase string, expressions []cel.ExpressionAccessor, declared cel.OptionalVariableDeclarations) cel.ConditionEvaluator {
		return &meteredEvaluator{compiler.CompileCondition(expressions, declared, mode), meter, phase}
	}
	var matcher matchconditions.Matcher
	if len(spec.MatchConditions) > 0 {
		expressions := make([]cel.ExpressionAccessor, len(spec.MatchConditions))
		for i := range spec.MatchConditions {
			expressions[i] = (*matchconditions.MatchCondition)(&spec.MatchConditions[i])
		}
		inner := matchconditions.NewMatcher(evaluator(conditions, expressions, declared), spec.FailurePolicy, "policy", "validate", policy.Name)
		matcher = &meteredMatcher{inner, meter}
	}
	checked := make([]cel.ExpressionAccessor, len(spec.Validations))
	worded := make([]cel.ExpressionAccessor, len(spec.Validations))
	for i, validation := range spec.Validations {
		checked[i] = &validating.ValidationCondition{
			Expression: validation.Expression,
			Message:    validation.Message,
			Reason:     validation.Reason,
		}
		if validation.MessageExpression != "" {
			worded[i] = &validating.MessageExpressionCondition{MessageExpression: validation.MessageExpression}
		}
	}
	annotated := make([]cel.ExpressionAccessor, len(spec.AuditAnnotations))
	for i, annotation := range spec.AuditAnnotations {
		annotated[i] = &validating.AuditAnnotationCondition{Key: annotation.Key, ValueExpression: annotation.ValueExpression}
	}
	unauthorized := cel.OptionalVariableDeclarations{HasParams: declared.HasParams}
	return validating.NewValidator(
		evaluator(validations, checked, declared),
		matcher,
		evaluator(annotations, annotated, declared),
		evaluator(messages, worded, unauthorized),
		spec.FailurePolicy,
		nil,
	)
}
