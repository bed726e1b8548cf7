import type { ParameterRow } from '../../src/policy/parameters.ts';
import { type Cel, FALSE, text, texts } from '../lib/admission/cel.ts';
import { addComponents } from '../lib/admission/components.ts';
import { WORKLOADS } from '../lib/admission/placing.ts';
import { type CelPolicy, type Scene, Variables } from '../lib/admission/policy.ts';

/** Undefined where no row says a kind. */
export function policy({ rows }: Scene): CelPolicy | undefined {
  const variables = new Variables();
  const components = addComponents(variables, rows, {
    groupOf: (row) => kinds(row).join(' or '),
    found: differs,
  });
  if (components === undefined) return undefined;
  return {
    checks: WORKLOADS,
    about: 'components',
    changed: FALSE, // the kind of an object never changes
    variables: variables.all,
    ...components,
  };
}

function kinds({ type, kinds: several }: ParameterRow): readonly string[] {
  return several ?? (type === undefined ? [] : [type]);
}

function differs([row]: readonly [ParameterRow, ...ParameterRow[]]): Cel {
  const expected = kinds(row);
  const wanted = expected.map((kind) => `${article(kind)}${kind}`).join(' or ');
  const is = WORKLOADS_BY_ARTICLE;
  return (
    `object.kind in ${texts(expected)} ? [] : [{'path': 'kind', 'says': ' is ' + ${is} + object.kind` +
    ` + ${text(`; the profile expects ${wanted}`)}}]`
  );
}

function article(kind: string): string {
  return /^[AEIOU]/.test(kind) ? 'an ' : 'a ';
}

/** No kind of Kubernetes' own that makes pods begins with a vowel. */
const WORKLOADS_BY_ARTICLE: Cel = "'a '";
