import type { JsonObject, JsonValue } from '../src/kubernetes/json.ts';
import { isCustom } from '../src/kubernetes/resources.ts';
import { writeYaml } from '../src/manifest/yaml.ts';
import type { Policy } from '../src/policy/policy.ts';

/** The part of a row of `cases.yaml` that the page of a policy needs. */
export interface Example {
  readonly name: string;
  readonly docs: boolean;
  readonly object: JsonObject;
  readonly inventory: readonly JsonObject[];
  readonly expect: readonly { readonly path: JsonValue; readonly msg: string }[];
}

/** The page of a policy in Markdown: what it finds, why that matters, how to fix it, with examples. */
export function policyPage(policy: Policy, cases: readonly Example[]): string {
  const examples = cases.filter(({ docs }) => docs);
  return [
    `# ${policy.title}`,
    `\`${policy.id}\` · ${policy.severity} · ${policy.category}`,
    policy.description,
    `**Checks** ${kindsOf(policy)}${columns(policy)}.`,
    '## Why',
    policy.rationale,
    '## How to fix it',
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
    '| id | severity | description | checks |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function columns({ columns: checked }: Policy): string {
  return checked.length === 0 ? '' : `, for the column ${checked.join(', ')} of the table`;
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

/** The names of the kinds that come with Kubernetes, and the number of the others. */
function kindsOf({ kinds }: Pick<Policy, 'kinds'>): string {
  const named = kinds
    .filter(({ pods, groups }) => pods === undefined && !groups.every(isOfAnother))
    .map(({ kind }) => kind);
  const others = kinds.length - named.length;
  return others === 0 ? named.join(', ') : `${named.join(', ')} and ${others} kinds of other APIs`;
}

function isOfAnother(group: string): boolean {
  return isCustom({ apiVersion: `${group}/v1` });
}
