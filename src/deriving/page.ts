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
  const entry = (label: string, texts: readonly string[]) => entryLines(label, texts, width);
  return [
    ...wrap(read, { width, first: '', rest: '' }),
    ...warnings.flatMap((text) => wrap(text, { width, first: '! ', rest: '  ' })),
    '',
    ...entry('distribution', distribution(facts)),
    ...entry('node roles', nodeRoleTexts(facts)),
    ...entry('components', componentTexts(facts)),
    ...entry('candidates', candidateTexts(facts)),
    ...candidateTable(facts.candidates),
    '',
    ...wroteLines(facts),
    '',
    ...wrap(next(facts), { width, first: 'Next: ', rest: '      ' }),
    '',
  ].join('\n');
}

function entryLines(label: string, texts: readonly string[], width: number): readonly string[] {
  const rest = ' '.repeat(LABEL + 2);
  return texts.flatMap((text, index) =>
    wrap(text, {
      width,
      first: index === 0 ? padTo(`  ${label}`, LABEL + 2) : rest,
      rest: text.startsWith('- ') ? `${rest}  ` : rest,
    }),
  );
}

function distribution({ recognition, base, version }: PageFacts): readonly string[] {
  const { distribution: name, layers, signs } = recognition;
  const of = version === null ? '' : `, Kubernetes ${version.full}`;
  const managed = layers.filter((layer) => layer !== name);
  const by = managed.length === 0 ? '' : `, made by ${managed.join(' and ')}`;
  const seen =
    signs.length === 0 ? 'no sign of one was seen' : `one sign is not enough: ${signs.join('; ')}`;
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

function nodeRoleTexts(facts: PageFacts): readonly string[] {
  const { nodeRoles, hasNodes, base } = facts;
  const owner = MANAGED.get(base?.name ?? '');
  const managed =
    owner === undefined
      ? []
      : [
          `The control plane is not in the cluster: ${owner} runs it, and it has no Nodes. What can be reserved is a pool for add-ons:`,
        ];
  if (!hasNodes) return [...managed, 'no Node was seen: which roles they have is not known'];
  const { roles, others, extra } = nodeRoles;
  const width = Math.max(
    0,
    ...roles.map(({ role }) => role.name.length),
    ...extra.map(({ name }) => name.length),
    others.length > 0 ? NO_ROLE.length : 0,
  );
  return [
    ...managed,
    ...roles.flatMap((facts_) => (isShown(facts_) ? [roleText(facts_, width)] : [])),
    ...extra.map((role) => extraText(role, width)),
    ...(others.length > 0 ? [`- ${NO_ROLE}: ${counted(others.length, 'Node')}`] : []),
  ];
}

const NO_ROLE = 'no role';

/** A role that a cluster may lack is left out if it does. */
function isShown({ role, nodes }: RoleFacts): boolean {
  return nodes.length > 0 || isReserved(role);
}

function roleText({ role, nodes, untainted }: RoleFacts, _width: number): string {
  const count = `- ${role.name}: ${counted(nodes.length, 'Node')}`;
  if (!isReserved(role)) return count;
  const sets = [role.taints, ...(role.alternativeTaints ?? [])].map((set) =>
    set.map(taintText).join(' and '),
  );
  const taints = sets.join(', or ');
  if (nodes.length === 0) return `${count}; it would be reserved by ${taints}`;
  if (untainted.length === 0) return `${count}, reserved by the taint ${taints}`;
  const names = untainted.map(({ name }) => name);
  const some = names.slice(0, 3).join(', ') + (names.length > 3 ? ', …' : '');
  if (untainted.length < nodes.length) {
    return `${count}, NOT all reserved: ${some} without the taint ${taints}`;
  }
  const effect =
    role.optionalTaints === true
      ? 'a check finds nothing there'
      : 'every workload can run there, and a check reports the Nodes';
  return `${count}, NOT reserved: none has the taint ${taints}; ${effect}`;
}

function extraText({ name, label, nodes, taints }: ExtraRole, _width: number): string {
  const shown = label.value === '' ? label.key : `${label.key}=${label.value}`;
  const count = `- ${name}: ${counted(nodes.length, 'Node')} with the label ${shown}`;
  if (taints.length === 0) return `${count}, not reserved`;
  return `${count}, all with the taint ${taints.map(taintText).join(' and ')}: no role of the profile; it is in the file as a comment`;
}

function componentTexts({ base, baseObjects, addons, otherAddons }: PageFacts): readonly string[] {
  const own = base === null ? [] : [`${thousands(baseObjects)} of ${base.name}`];
  const found = addons.map(({ name, objects }) => `- ${name}: ${objects.map(named).join(', ')}`);
  const doubted = otherAddons.map(
    ({ name, objects, doubt }) => `- not ${name}: ${objects.map(named).join(', ')}; ${doubt}`,
  );
  const all = [...own, ...found, ...doubted];
  return all.length === 0 ? ['none of an add-on'] : all;
}

function candidateTexts({ base, candidates }: PageFacts): readonly string[] {
  if (base === null) return ['not known before a profile is chosen'];
  if (candidates.length === 0) return ['nothing else can run on reserved nodes'];
  const verb = candidates.length === 1 ? 'more can' : 'more can';
  return [`${thousands(candidates.length)} ${verb} run on reserved nodes:`];
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
