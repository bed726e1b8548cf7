import type { JsonObject, JsonValue } from '../src/kubernetes/json.ts';
import { writeYaml } from '../src/manifest/yaml.ts';
import type { Policy } from '../src/policy/policy.ts';

/** A row of a policy's table of cases, as far as its page needs it. */
export interface Example {
  readonly name: string;
  readonly docs: boolean;
  readonly object: JsonObject;
  readonly inventory: readonly JsonObject[];
  readonly expect: readonly { readonly path: JsonValue; readonly msg: string }[];
}

/** The page of a policy in Markdown: what it finds, why that matters, how to mend it, by example. */
export function policyPage(policy: Policy, cases: readonly Example[]): string {
  const examples = cases.filter(({ docs }) => docs);
  return [
    `# ${policy.title}`,
    `\`${policy.id}\` · ${policy.severity} · ${policy.category}`,
    policy.description,
    `**Judged on** ${kindsOf(policy)}${columns(policy)}.`,
    '## Why',
    policy.rationale,
    '## How to mend it',
    policy.remediation,
    '## Examples',
    ...examples.map(example),
    '## See also',
    policy.resources.map((link) => `- <${link}>`).join('\n'),
  ]
    .join('\n\n')
    .concat('\n');
}

/** The list of all policies in Markdown. */
export function policyList(policies: readonly Policy[]): string {
  const rows = policies.map(
    ({ id, severity, description, kinds }) =>
      `| [${id}](../policies/${id}/README.md) | ${severity} | ${description} | ${kindsOf({ kinds })} |`,
  );
  return [
    '# Policies',
    '',
    '| id | severity | the fault | judged on |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function columns({ columns: judged }: Policy): string {
  return judged.length === 0 ? '' : `, for the column ${judged.join(', ')} of the table`;
}

function example({ name, object, inventory, expect }: Example): string {
  const objects = [object, ...inventory].map(writeYaml).join('---\n');
  const verdict =
    expect.length === 0
      ? 'No finding.'
      : expect.map(({ path, msg }) => `- \`${dotted(path)}\`: ${msg}`).join('\n');
  return `### ${name.charAt(0).toUpperCase()}${name.slice(1)}\n\n\`\`\`yaml\n${objects}\`\`\`\n\n${verdict}`;
}

function dotted(path: JsonValue): string {
  return Array.isArray(path) ? path.join('.') : String(path);
}

/** The kinds by name; of the many kinds beside the well-known ones, how many. */
function kindsOf({ kinds }: Pick<Policy, 'kinds'>): string {
  const named = kinds.filter(({ pods }) => pods === undefined).map(({ kind }) => kind);
  const others = kinds.length - named.length;
  return others === 0 ? named.join(', ') : `${named.join(', ')} and ${others} kinds of other APIs`;
}
