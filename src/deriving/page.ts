import { counted, padTo, thousands, visible } from '../formats/text.ts';
import { wrap } from '../formats/wrap.ts';
import { isReserved } from '../profile/profile.ts';
import type { Recognition } from '../recognition/recognise.ts';
import type { FoundAddon } from './addons.ts';
import { type Candidate, named } from './candidates.ts';
import { CONFIG_FILE, PROFILE_FILE } from './config-file.ts';
import type { ProposedInputs } from './inputs.ts';
import { taintText } from './nodes.ts';
import { type OtherAddon, UNCHOSEN } from './profile-file.ts';
import type { ExtraRole, NodeRoles, RoleFacts } from './roles.ts';
import type { OldestVersion } from './versions.ts';

/** What the page of init is made from. */
export interface PageFacts {
  /** The columns of a line. */
  readonly width: number;
  /** What was read: `Read dump.json: 1,204 objects, 9 Nodes.` */
  readonly read: string;
  /** What could not be read, or is missing. */
  readonly warnings: readonly string[];
  readonly recognition: Recognition;
  /** The built-in profile that is extended, and its title; null if it is not known. */
  readonly base: {
    readonly name: string;
    readonly title: string;
    readonly isChosen: boolean;
  } | null;
  readonly version: OldestVersion | null;
  readonly nodeRoles: NodeRoles;
  readonly hasNodes: boolean;
  /** How many objects are components of the built-in profile. */
  readonly baseObjects: number;
  readonly addons: readonly FoundAddon[];
  readonly otherAddons: readonly OtherAddon[];
  readonly candidates: readonly Candidate[];
  readonly proposal: ProposedInputs;
  readonly hasInput: boolean;
}

const LABEL = 14;
/** More candidates than these are only counted: all are in the file. */
const MOST_CANDIDATES = 20;

/** Writes the page that init prints when both files are written. */
export function initPage(facts: PageFacts): string {
  const { width, read, warnings } = facts;
  return [
    ...wrap(read, { width, first: '', rest: '' }),
    ...warnings.flatMap((text) => wrap(text, { width, first: '! ', rest: '  ' })),
    '',
    ...entryLines('distribution', distribution(facts), width),
    ...entryLines('node roles', nodeRoleTexts(facts), width),
    ...entryLines('components', componentTexts(facts), width),
    ...entryLines('candidates', [candidateText(facts)], width),
    ...candidateTable(facts.candidates),
    '',
    ...wroteLines(facts),
    '',
    ...wrap(next(facts), { width, first: 'Next: ', rest: '      ' }),
    '',
  ].join('\n');
}

/** A line of an entry: a text, or one with a name before it, in a column of its own. */
type Line = string | readonly [name: string, text: string];

function entryLines(label: string, lines: readonly Line[], width: number): readonly string[] {
  const column = Math.max(
    0,
    ...lines.map((line) => (typeof line === 'string' ? 0 : line[0].length + 2)),
  );
  return lines.flatMap((line, index) => {
    const before = index === 0 ? padTo(`  ${label}`, LABEL + 2) : ' '.repeat(LABEL + 2);
    const [name, text] = typeof line === 'string' ? ['', line] : line;
    const own = typeof line === 'string' ? 0 : column;
    return wrap(text, {
      width,
      first: before + padTo(visible(name), own),
      rest: ' '.repeat(LABEL + 2 + own),
    });
  });
}

function distribution({ recognition, base, version }: PageFacts): readonly string[] {
  const { distribution: name, layers, signs } = recognition;
  const of = version === null ? '' : `, Kubernetes ${version.full}`;
  const managed = layers.filter((layer) => layer !== name);
  const by = managed.length === 0 ? '' : `, made by ${managed.join(' and ')}`;
  const seen =
    signs.length === 0
      ? 'no sign of one was seen'
      : `two signs of one distribution are needed; seen: ${signs.join('; ')}`;
  const first = name === null ? [`unknown${of}`, seen] : [`${name}${by}${of}`, signs.join('; ')];
  if (base === null) return first;
  const chosen = base.isChosen ? 'profile ' : 'built-in profile ';
  return [
    ...first,
    `${chosen}${base.name}: ${base.title}${base.isChosen ? ', as --profile says' : ''}`,
  ];
}

/** Distributions whose control plane has no Nodes in the cluster. */
const MANAGED: ReadonlyMap<string, string> = new Map([
  ['eks', 'AWS'],
  ['gke', 'Google'],
  ['aks', 'Azure'],
]);

function nodeRoleTexts({ nodeRoles, hasNodes, base }: PageFacts): readonly Line[] {
  const owner = MANAGED.get(base?.name ?? '');
  const managed =
    owner === undefined
      ? []
      : [
          `The control plane is not in the cluster: ${owner} runs it, and it has no Nodes. What can be reserved is a pool for add-ons.`,
        ];
  if (!hasNodes) return [...managed, 'No Node was seen: which roles there are is not known.'];
  const { roles, others, extra } = nodeRoles;
  return [
    ...managed,
    ...roles.filter(isShown).map(roleLine),
    ...extra.map(extraLine),
    ...(others.length > 0 ? [['(none)', counted(others.length, 'Node')] as const] : []),
  ];
}

/** A role that a cluster may lack is left out if it does. */
function isShown({ role, nodes }: RoleFacts): boolean {
  return nodes.length > 0 || (isReserved(role) && role.optional !== true);
}

function roleLine({ role, nodes, untainted }: RoleFacts): Line {
  const count = counted(nodes.length, 'Node');
  if (!isReserved(role)) return [role.name, count];
  const sets = [role.taints, ...(role.alternativeTaints ?? [])];
  const taints = sets.map((set) => set.map(taintText).join(' and ')).join(', or ');
  if (nodes.length === 0) return [role.name, `${count}; it would be reserved by ${taints}`];
  if (untainted.length === 0) return [role.name, `${count}, reserved by the taint ${taints}`];
  return [role.name, `${count}, ${untaintedText({ role, nodes, untainted })} the taint ${taints}`];
}

function untaintedText({ role, nodes, untainted }: RoleFacts): string {
  const names = untainted.map(({ name }) => name);
  const some = names.slice(0, 3).join(', ') + (names.length > 3 ? ', …' : '');
  const effect =
    role.optionalTaints === true
      ? 'every workload can run there, and a check does not report it'
      : 'every workload can run there, and a check reports the Nodes';
  return untainted.length < nodes.length
    ? `NOT all reserved (${effect}): ${some} without`
    : `NOT reserved (${effect}): none has`;
}

function extraLine({ name, label, nodes, taints }: ExtraRole): Line {
  const shown = label.value === '' ? label.key : `${label.key}=${label.value}`;
  const count = `${counted(nodes.length, 'Node')} with the label ${shown}`;
  if (taints.length === 0) return [name, `${count}, not reserved`];
  const all = `with the taint ${taints.map(taintText).join(' and ')}`;
  return [name, `${count}, ${all}; the profile has no such role: it is there as a comment`];
}

function componentTexts({ base, baseObjects, addons, otherAddons }: PageFacts): readonly Line[] {
  const all: readonly Line[] = [
    ...(base === null ? [] : [`${thousands(baseObjects)} of ${base.name}`]),
    ...addons.map(({ name, objects }) => [name, objects.map(named).join(', ')] as const),
    ...otherAddons.map(
      ({ name, objects, doubt }) =>
        [name, `not taken for it: ${objects.map(named).join(', ')}; ${doubt}`] as const,
    ),
  ];
  return all.length === 0 ? ['none of an add-on'] : all;
}

function candidateText({ base, candidates, nodeRoles, hasNodes }: PageFacts): string {
  if (base === null) return 'not known before a profile is chosen';
  if (candidates.length > 0) {
    return `${thousands(candidates.length)} more can run on reserved nodes:`;
  }
  const isOpen = nodeRoles.roles.every(
    ({ role, nodes }) =>
      !isReserved(role) || (role.optionalTaints === true && (hasNodes || nodes.length === 0)),
  );
  return isOpen
    ? 'none, as no node is reserved: a check finds no intruder until the nodes have a taint'
    : 'nothing else can run on reserved nodes';
}

function candidateTable(candidates: readonly Candidate[]): readonly string[] {
  if (candidates.length === 0) return [];
  const shown = candidates.slice(0, MOST_CANDIDATES).map((candidate) => ({
    name: visible(named(candidate.object)),
    where: visible(candidate.where),
    question: candidate.isAgent ? 'a component?' : 'a mistake?',
  }));
  const width = Math.max(...shown.map(({ name }) => name.length));
  const widest = Math.max(...shown.map(({ where }) => where.length));
  const more = candidates.length - shown.length;
  return [
    '',
    ...shown.map(
      ({ name, where, question }) =>
        `    ${padTo(name, width)}  ${padTo(where, widest)}  ${question}`,
    ),
    ...(more > 0 ? [`    and ${thousands(more)} more, which are in ${PROFILE_FILE}`] : []),
  ];
}

function wroteLines(facts: PageFacts): readonly string[] {
  const { width } = facts;
  const pad = (name: string) => padTo(`Wrote ${name}`, 30);
  const rest = ' '.repeat(30);
  return [
    ...wrap(inputsText(facts), { width, first: pad(CONFIG_FILE), rest }),
    ...wrap(profileSummary(facts), { width, first: pad(PROFILE_FILE), rest }),
  ];
}

function inputsText({ proposal, hasInput }: PageFacts): string {
  const { inputs, environments, exclude } = proposal;
  if (!hasInput) return 'inputs: none, as there is nothing to check here yet';
  const rendered = (kind: string) => inputs.filter(({ source }) => source.kind === kind).length;
  const parts = [
    'this directory',
    ...(rendered('kustomize') > 0 ? [counted(rendered('kustomize'), 'kustomization')] : []),
    ...(rendered('helm') > 0 ? [counted(rendered('helm'), 'chart')] : []),
  ];
  const split =
    environments.size === 0 ? '' : `; environments: ${[...environments.keys()].join(', ')}`;
  const out = exclude.length === 0 ? '' : `; exclude: ${counted(exclude.length, 'pattern')}`;
  return `inputs: ${parts.join(', ')}${split}${out}`;
}

function profileSummary({ base, addons, candidates, otherAddons }: PageFacts): string {
  const names = [base?.name ?? UNCHOSEN, ...addons.map(({ name }) => name)];
  const comments = candidates.length + otherAddons.length;
  const unseen =
    comments === 0 ? '' : '; what else was found is there as comments: nothing is admitted unseen';
  return `extends ${names.join(', ')}${unseen}`;
}

function next({ base, candidates }: PageFacts): string {
  if (base === null) {
    return `write your distribution in ${PROFILE_FILE} in place of ${UNCHOSEN} (bulkhead profiles lists them), or run bulkhead init --force --profile NAME. Until then, bulkhead check ends with an error.`;
  }
  return candidates.length === 0
    ? 'bulkhead check'
    : 'uncomment what belongs there, then bulkhead check; --write-baseline accepts what is there today';
}
