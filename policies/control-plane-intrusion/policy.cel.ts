import { joined, text } from '../lib/admission/cel.ts';
import { addPod, addTerms, PLACEMENT_CHANGED, WORKLOADS } from '../lib/admission/placing.ts';
import { type CelPolicy, identifier, type Scene, Variables } from '../lib/admission/policy.ts';
import { firstTerm, intrusions } from '../lib/findings/intrusion.cel.ts';
import { violations } from '../lib/findings/unchecked.cel.ts';

/** Undefined where no role is reserved. */
export function policy({ facts }: Scene): CelPolicy | undefined {
  if (facts.reserved.length === 0) return undefined;
  const variables = new Variables();
  addPod(variables, facts);
  const refuses = addTerms(
    variables,
    facts,
    facts.reserved.flatMap(({ classes }) => classes),
  ).pod;
  const found = facts.reserved.map((role, index) => {
    const term = variables.add(
      identifier('term', String(index), role.name),
      firstTerm(role, refuses),
    );
    return intrusions(role, refuses, term);
  });
  const tooMuch = facts.reserved.map(({ name }) =>
    violations(`variables.title + ${text(` may be scheduled onto ${name} nodes`)}`),
  );
  return {
    checks: WORKLOADS,
    about: 'others',
    changed: PLACEMENT_CHANGED,
    variables: variables.all,
    found: `variables.excess.size() > 0 ? ${joined(tooMuch)} : ${joined(found)}`,
  };
}
