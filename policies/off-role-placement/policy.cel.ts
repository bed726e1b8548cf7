import { joined, text } from '../lib/admission/cel.ts';
import { demandOf, placementPolicy } from '../lib/admission/components.ts';
import { type CelPolicy, identifier, type Scene } from '../lib/admission/policy.ts';
import { escapes, escapingTerm } from '../lib/findings/placement.cel.ts';
import { violations } from '../lib/findings/unchecked.cel.ts';

/** Undefined where no row has a node role that it must not leave. */
export function policy(scene: Scene): CelPolicy | undefined {
  return placementPolicy(scene, {
    roles: ({ confining }) => confining,
    classes: ({ outside, apart }) => [...outside, ...apart.flatMap(({ classes }) => classes)],
    found: (demand, refuses, variables) =>
      joined(
        demand.confining.map((role) => {
          const term = variables.add(
            identifier('term', demandOf(demand), role.name),
            escapingTerm(role, refuses),
          );
          return `(${escapes(role, refuses, term)})`;
        }),
      ),
    tooMuch: ({ name }) => violations(text(` may run outside ${name} nodes`)),
  });
}
