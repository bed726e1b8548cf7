import { wrap } from '../formats/wrap.ts';
import { writeYaml } from '../manifest/yaml.ts';
import type { NodeRole } from '../profile/profile.ts';
import { writtenRole } from '../profile/write.ts';
import type { FoundAddon } from './addons.ts';
import { type Candidate, named, rowLines } from './candidates.ts';
import { taintText } from './nodes.ts';
import { type ExtraRole, isLabelValue, type NodeRoles } from './roles.ts';
import type { OldestVersion } from './versions.ts';
import { comment, commentedOut, scalar } from './yaml-text.ts';

/** What stands in place of a profile until a user chooses one: no profile has this name, so that a check says so. */
export const UNCHOSEN = 'choose-a-profile';

/** An add-on that is not extended, and why. */
export interface OtherAddon extends FoundAddon {
  readonly doubt: string;
}

/** What a profile is written from. */
export interface ProfileFacts {
  /** Where an editor finds the schema. */
  readonly schema: string;
  /** The release of Bulkhead that writes it. */
  readonly release: string;
  /** What it was derived from, and what was recognised: a sentence each. */
  readonly origin: readonly string[];
  readonly name: string;
  readonly version: OldestVersion | null;
  /** The built-in profile that it extends; null if it is not known. */
  readonly base: string | null;
  /** Built-in profiles that may be right as well, or instead, each with what it is. */
  readonly alternatives: readonly { readonly name: string; readonly title: string }[];
  readonly addons: readonly FoundAddon[];
  readonly otherAddons: readonly OtherAddon[];
  readonly nodeRoles: Pick<NodeRoles, 'adapted' | 'extra'>;
  /** The names of the roles of the profile. */
  readonly roleNames: readonly string[];
  readonly candidates: readonly Candidate[];
  /** The names of the rows that the profile has by what it extends. */
  readonly rowNames: readonly string[];
}

/** Writes the text of bulkhead.profile.yaml. What a cluster has beyond built-in rows is a comment there. */
export function profileFileText(facts: ProfileFacts): string {
  return `${[
    `# yaml-language-server: $schema=${facts.schema}`,
    ...facts.origin.flatMap((text) => wrap(text, { width: 120, first: '# ', rest: '# ' })),
    'apiVersion: bulkhead.dev/v1',
    'kind: Profile',
    'metadata:',
    `  name: ${scalar(facts.name)}`,
    `bulkhead: ${scalar(facts.release)}`,
    ...versionLines(facts.version),
    '',
    ...extendsLines(facts),
    ...roleLines(facts),
    ...candidateLines(facts),
  ].join('\n')}\n`;
}

function versionLines(version: OldestVersion | null): readonly string[] {
  if (version === null) {
    return [
      '# The oldest version of Kubernetes that it is for. No kubelet or API server was seen that says one:',
      '# kubernetes: "1.31"',
    ];
  }
  return [`kubernetes: "${version.minor}" ${comment(`the oldest that was seen: ${version.full}`)}`];
}

function extendsLines({
  base,
  alternatives,
  addons,
  otherAddons,
}: ProfileFacts): readonly string[] {
  return [
    ...(base === null ? CHOOSE : []),
    'extends:',
    `  - ${base ?? UNCHOSEN}`,
    ...alternatives.map(({ name, title }) => `  # - ${name} ${comment(title)}`),
    ...addons.map(({ name, objects }) => `  - ${name} ${comment(objects.map(named).join(', '))}`),
    ...otherAddons.map(
      ({ name, objects, doubt }) =>
        `  # - ${name} ${comment(`${objects.map(named).join(', ')}: ${doubt}`)}`,
    ),
  ];
}

const CHOOSE = [
  `# Which distribution this is, is not known. Write its profile in place of ${UNCHOSEN}; until then, every check`,
  '# ends with an error. bulkhead profiles NAME prints one. If none is right, write nodeRoles of your own.',
];

function roleLines({ nodeRoles: { adapted, extra }, roleNames }: ProfileFacts): readonly string[] {
  const reserved = extra.filter(({ taints }) => taints.length > 0);
  if (adapted.length === 0 && reserved.length === 0) return [];
  const key = 'nodeRoles:';
  const taken = new Set(roleNames);
  return [
    '',
    ...(adapted.length > 0 ? [key] : commentedOut([key])),
    ...adapted.flatMap(({ role, because }) => [
      `  ${comment(`As in the profile that this one extends, but: ${because}`)}`,
      ...roleText(role.name, role),
    ]),
    ...reserved.flatMap((role) => extraRoleLines(role, taken)),
  ];
}

function roleText(name: string, role: NodeRole): readonly string[] {
  return indented(writeYaml({ [name]: writtenRole(role) }), '  ');
}

function extraRoleLines(
  { label: { key, value }, name, nodes, taints }: ExtraRole,
  taken: Set<string>,
): readonly string[] {
  const label = value === '' ? key : `${key}=${value}`;
  const count = nodes.length === 1 ? '1 Node has' : `${nodes.length} Nodes have`;
  const about = comment(
    `${count} the label ${label} and the taint ${taints.map(taintText).join(' and ')}. With this role, what tolerates that and has no row is found`,
  );
  const free = [name, `${name}-nodes`].find((one) => isRoleName(one) && !taken.has(one));
  if (free === undefined || !isLabelValue(value)) return [about];
  taken.add(free);
  const role = { name: free, labels: [{ key, value }], taints };
  return [about, ...commentedOut(roleText(free, role))];
}

function isRoleName(name: string): boolean {
  return /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(name) && !WORDS.includes(name);
}

const WORDS = ['all', 'any', 'reserved', 'unreserved'];

function candidateLines({ candidates, rowNames, base }: ProfileFacts): readonly string[] {
  if (candidates.length === 0) {
    return [
      '',
      ...commentedOut([
        base === null
          ? 'Rows of your own, for what is a part of the cluster:'
          : 'Nothing else that was seen can run on reserved nodes. Rows of your own, for what is a part of the cluster:',
        'components:',
        '  - name: node-agent',
        '    match: { namespace: monitoring, name: node-agent, kind: DaemonSet }',
        '    type: DaemonSet',
        '    nodeRole: all',
      ]),
    ];
  }
  const taken = new Set(rowNames);
  return [
    '',
    '# What else can run on reserved nodes, and so is a finding. Uncomment the key and the rows of what is a part of the cluster.',
    ...commentedOut(['components:']),
    ...candidates.flatMap((candidate) => candidateText(candidate, taken)),
  ];
}

function candidateText(candidate: Candidate, taken: Set<string>): readonly string[] {
  const { object, where, isAgent } = candidate;
  const row = rowLines(candidate, taken);
  const question = isAgent ? 'a component?' : 'a mistake?';
  const about = `${named(object)}: ${where}; ${question}`;
  if (row === undefined) return commentedOut([`  ${comment(`${about} No row can name it`)}`]);
  return commentedOut([`  ${comment(about)}`, ...row.map((line) => `  ${line}`)]);
}

function indented(text: string, by: string): readonly string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => by + line);
}
