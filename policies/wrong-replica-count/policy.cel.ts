import { addComponents } from '../lib/admission/components.ts';
import { WORKLOADS } from '../lib/admission/placing.ts';
import { type CelPolicy, type Scene, Variables } from '../lib/admission/policy.ts';
import { COUNTED, differences } from '../lib/findings/replica_counts.cel.ts';
import { KINDS } from '../lib/workloads/workloads.cel.ts';

/** Undefined where no row says a number. */
export function policy({ rows }: Scene): CelPolicy | undefined {
  const variables = new Variables();
  const components = addComponents(variables, rows, {
    groupOf: ({ replicas, minReplicas, managed }) =>
      managed === true || (replicas ?? minReplicas) === undefined
        ? ''
        : `${replicas ?? ''}/${minReplicas ?? ''}`,
    found: ([row]) => differences(row),
  });
  if (components === undefined) return undefined;
  const resources = KINDS.filter(({ kind }) => COUNTED.includes(kind)).map(
    ({ resource }) => resource,
  );
  return {
    checks: WORKLOADS.filter(({ resource }) => resources.some((one) => one === resource)),
    about: 'components',
    changed: 'object.spec.?replicas != oldObject.spec.?replicas',
    variables: variables.all,
    ...components,
  };
}
