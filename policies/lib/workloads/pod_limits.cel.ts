import type { AdmissionFacts } from '../../../src/engine/admission.ts';
import type { Cel } from '../admission/cel.ts';
import { excess } from '../findings/unchecked.cel.ts';

/**
 * `lib.workloads.pod_limits.placement`: a list of what is too much to tell where the pods of the object can run, each
 * with its path and in words. Each step counts what the step before has bounded.
 */
export function placement(facts: AdmissionFacts): Cel {
  const { limits } = facts;
  const pairs = 'variables.selector.size()';
  const tolerations = 'variables.pod.?tolerations.orValue([]).size()';
  const all = (count: string) => `variables.listed_terms.map(t, ${count}).sum()`;
  const expressions = 't.?matchExpressions.orValue([]).size() + t.?matchFields.orValue([]).size()';
  const values = ['matchExpressions', 'matchFields']
    .map((list) => `t.?${list}.orValue([]).map(e, e.?values.orValue([]).size()).sum()`)
    .join(' + ');
  const path = (steps: string) => `variables.path + '${steps}'`;
  const steps: readonly (readonly [Cel, Cel])[] = [
    [
      `${tolerations} > ${limits['tolerations']} || ${pairs} > ${limits['nodeSelector']}` +
        ` || variables.listed_terms.size() > ${limits['terms']}`,
      [
        excess(facts, 'tolerations', tolerations, path('.tolerations')),
        excess(facts, 'nodeSelector', pairs, path('.nodeSelector')),
        excess(facts, 'terms', 'variables.listed_terms.size()', path(TERMS)),
      ].join(' + '),
    ],
    [
      `variables.listed_terms.exists(t, ${expressions} > ${limits['termExpressions']})`,
      `variables.listed_terms.filter(t, ${expressions} > ${limits['termExpressions']}).map(t, ` +
        `${excess(facts, 'termExpressions', `(${expressions})`, `variables.path + '${TERMS}[' + string(variables.listed_terms.indexOf(t)) + ']'`)}[0])`,
    ],
    [
      `${all(expressions)} > ${limits['expressions']}`,
      excess(facts, 'expressions', all(expressions), path(TERMS)),
    ],
    [`${all(values)} > ${limits['values']}`, excess(facts, 'values', all(values), path(TERMS))],
    [
      `${tolerations} + ${all(expressions)} + ${pairs} * [1, variables.listed_terms.size()].max() > ${limits['placementItems']}`,
      excess(
        facts,
        'placementItems',
        `(${tolerations} + ${all(expressions)} + ${pairs} * [1, variables.listed_terms.size()].max())`,
        'variables.path',
      ),
    ],
  ];
  return steps.reduceRight((rest, [condition, found]) => `${condition} ? ${found} : ${rest}`, '[]');
}

/** The path of the terms below that of the pod spec, in words. */
export const TERMS =
  '.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
