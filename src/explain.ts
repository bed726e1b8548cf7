import type { Built } from './built.ts';
import { UserError } from './errors.ts';
import { wrap } from './formats/wrap.ts';
import type { Policy } from './policy/policy.ts';
import { inWords, similar } from './words.ts';

/** How much of a policy is explained, and for what. */
export interface Explanation {
  readonly form: 'summary' | 'examples' | 'markdown';
  /** The columns of a line; Markdown is not wrapped. */
  readonly width: number;
}

/** Prose is hard to read on longer lines. */
const WIDEST = 100;

/** Lists all policies, one a line. */
export function policyIndex({ catalogue: { policies } }: Built): string {
  const width = Math.max(...policies.map(({ id }) => id.length));
  return policies.map(({ id, title }) => `${id.padEnd(width)}  ${title}\n`).join('');
}

/**
 * Explains a policy: what it finds, why that matters, and how to fix it.
 *
 * @throws UserError POLICY_UNKNOWN
 */
export function explain(built: Built, id: string, { form, width }: Explanation): string {
  const policy = built.catalogue.policies.find((one) => one.id === id);
  if (policy === undefined) throw unknownPolicy(built, id);
  const page = form === 'summary' ? '' : (built.pages()[id] ?? '');
  if (form === 'markdown') return page;
  const columns = Math.min(width, WIDEST);
  const lines =
    form === 'examples' ? examples(page, columns) : [`Examples: bulkhead explain ${id} --examples`];
  return [...summary(policy, columns), '', ...lines, ''].join('\n');
}

function unknownPolicy({ catalogue: { policies } }: Built, id: string): UserError {
  const near = similar(
    id,
    policies.map((policy) => policy.id),
  );
  const hint =
    near.length === 0 ? 'bulkhead explain lists them' : `did you mean ${inWords(near, 'or')}?`;
  return new UserError('POLICY_UNKNOWN', `unknown policy: ${id}; ${hint}`);
}

function summary(policy: Policy, width: number): readonly string[] {
  const { id, title, severity, description, rationale, remediation, resources } = policy;
  const paragraph = (label: string, text: string) =>
    wrap(text, { width, first: label.padEnd(6), rest: ' '.repeat(6) });
  return [
    `${title} (${id}, ${severity})`,
    '',
    ...paragraph('what:', description),
    ...paragraph('why:', rationale),
    ...paragraph('fix:', remediation),
    ...resources.flatMap((link, index) => paragraph(index === 0 ? 'see:' : '', link)),
  ];
}

/** The examples of a policy's page: manifests indented, prose wrapped, without marks of Markdown. */
function examples(page: string, width: number): readonly string[] {
  const [, section = ''] = page.split('\n## Examples\n\n');
  const [text = ''] = section.split('\n\n## ');
  let isManifest = false;
  return text.split('\n').flatMap((line) => {
    const isFence = line.startsWith('```');
    if (isFence) isManifest = !isManifest;
    if (isFence) return [];
    if (isManifest) return [`    ${line}`];
    if (line === '') return [''];
    return wrap(line.replace(/^#+ /, ''), { width, first: '', rest: '  ' });
  });
}
