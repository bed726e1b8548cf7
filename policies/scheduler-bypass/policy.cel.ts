import { joined, text } from '../lib/admission/cel.ts';
import { addPod, addTerms, PLACEMENT_CHANGED, WORKLOADS } from '../lib/admission/placing.ts';
import { type CelPolicy, type Scene, Variables } from '../lib/admission/policy.ts';
import { bindings, bypasses, mayBypass } from '../lib/findings/intrusion.cel.ts';
import { violations } from '../lib/findings/unchecked.cel.ts';
import { otherScheduler } from '../lib/scheduling/pods.cel.ts';
import { podTitle } from '../lib/workloads/workloads.cel.ts';

/** The endpoints by which a pod is bound to a node: both take a Binding. */
const BINDINGS = [
  { group: '', resource: 'pods/binding', operations: ['CREATE'] },
  { group: '', resource: 'bindings', operations: ['CREATE'] },
];

/** Undefined where no role is reserved. */
export function policy({ facts, profile }: Scene): CelPolicy | undefined {
  if (facts.reserved.length === 0) return undefined;
  const variables = new Variables();
  addPod(variables, facts);
  variables.add('pod_title', podTitle);
  variables.add('may_bypass', mayBypass(otherScheduler(profile.schedulers)));
  const refuses = addTerms(
    variables,
    facts,
    facts.reserved.flatMap(({ classes }) => classes),
  ).bypass;
  const found = joined(facts.reserved.map((role) => bypasses(role, refuses)));
  const tooMuch = joined(
    facts.reserved.map(({ name }) =>
      violations(`variables.title + ${text(` may bypass the taints of ${name} nodes`)}`),
    ),
  );
  return {
    checks: [...WORKLOADS, ...BINDINGS],
    about: 'others',
    changed: `object.kind != 'Binding' && ${PLACEMENT_CHANGED}`,
    variables: variables.all,
    found:
      `object.kind == 'Binding' ? ${joined(facts.reserved.map(bindings))}` +
      ` : variables.excess.size() > 0 ? (variables.may_bypass ? ${tooMuch} : []) : ${found}`,
  };
}
