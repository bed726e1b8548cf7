import type { Built } from './built.ts';
import { reportOf } from './check.ts';
import { type FoundAddon, findAddons, isCovered } from './deriving/addons.ts';
import { type Candidate, candidateOf, isForbidden } from './deriving/candidates.ts';
import { CONFIG_FILE, configText, PROFILE_FILE } from './deriving/config-file.ts';
import { profileHints } from './deriving/hints.ts';
import { type ProposedInputs, proposeInputs } from './deriving/inputs.ts';
import { type ClusterNode, nodesIn } from './deriving/nodes.ts';
import { initPage, type PageFacts } from './deriving/page.ts';
import { type ProfileFacts, profileFileText } from './deriving/profile-file.ts';
import { type NodeRoles, rolesOf } from './deriving/roles.ts';
import { type OldestVersion, oldestVersion } from './deriving/versions.ts';
import { UserError } from './errors.ts';
import { counted } from './formats/text.ts';
import { type InputFile, readInput } from './input.ts';
import type { JsonObject } from './kubernetes/json.ts';
import { identityOf, type ObjectReference, reference } from './kubernetes/objects.ts';
import { readOwnConfig, readOwnProfile } from './own-files.ts';
import type { Profile } from './profile/profile.ts';
import { RELEASE } from './profile/release.ts';
import { reach } from './reach.ts';
import { type Recognition, recognise } from './recognition/recognise.ts';
import { compareReferences, compareText } from './report/order.ts';
import type { InputError } from './report/report.ts';
import { openFiles } from './session.ts';

/** What to derive settings from. */
export interface InitInput {
  /** What the page says was read: `cluster prod through kubectl`, `dump.json`, or `this directory`. */
  readonly source: string;
  /** The objects of the cluster; undefined where only the directory is known. */
  readonly cluster?: readonly InputFile[] | undefined;
  /** What the directory has that is written to, with names relative to it. */
  readonly directory: readonly InputFile[];
  /** The version of the API server that was asked. */
  readonly server?: string | undefined;
  /** What is missing of the cluster, a sentence each. */
  readonly missing?: readonly string[];
  /** The name of the profile that is written. */
  readonly name: string;
  /** The built-in profile that was chosen. */
  readonly profile?: string | undefined;
  /** Where editors find the schemas. */
  readonly schemas: { readonly config: string; readonly profile: string };
  /** The columns of a line of the page. */
  readonly width: number;
}

/** What init writes and prints. */
export interface Derivation {
  /** The texts of the files by their names, in the order in which to write them. */
  readonly files: ReadonlyMap<string, string>;
  readonly page: string;
  /** Whether everything was read that it was derived from. */
  readonly isWhole: boolean;
}

/** The policies by which a workload on a reserved node is a finding. */
const CLAIMED = ['control-plane-intrusion', 'scheduler-bypass'];

/**
 * Derives a configuration and a profile from a cluster, a dump or a directory.
 *
 * The profile extends what is built in, and nothing else in it clears anything: every workload that only the cluster knows is a
 * comment.
 *
 * @throws UserError PROFILE_UNKNOWN for a profile that is not built in; NOTHING_TO_CHECK for a cluster without objects.
 */
export function init(built: Built, input: InitInput): Derivation {
  const { width, schemas, source, missing = [] } = input;
  const files = input.cluster ?? input.directory;
  const read = readInput(files);
  const objects = read.objects.map(({ value }) => value);
  if (input.cluster !== undefined && objects.length === 0) throw nothingIn(source, read.errors);
  const cluster = clusterOf(built, input, objects);
  const { facts, candidates, errors } = profileFor(built, cluster, { input, files });
  // What is not read of a directory is for a check to say: charts are rendered there.
  const unread = input.cluster === undefined ? [] : messagesOf([...read.errors, ...errors]);
  const proposal = proposeInputs(input.directory);
  const hasInput = hasSomething(proposal, input.directory);
  const config = configText({ ...proposal, schema: schemas.config, hasInput });
  const text = profileFileText(facts);
  verify(built, { config, profile: facts.base === null ? undefined : text });
  return {
    files: new Map([
      [PROFILE_FILE, text],
      [CONFIG_FILE, config],
    ]),
    page: initPage({
      ...cluster,
      hasNodes: cluster.nodes.length > 0,
      width,
      read: `Read ${source}: ${counted(read.counts.objects, 'object')}, ${counted(cluster.nodes.length, 'Node')}.`,
      warnings: [...missing, ...unread],
      base: shownBase(cluster, input),
      baseObjects: covered(cluster, objects),
      addons: facts.addons,
      otherAddons: facts.otherAddons,
      candidates,
      proposal,
      hasInput,
    }),
    isWhole: unread.length === 0 && missing.length === 0,
  };
}

/** What the objects say of their cluster. */
interface ClusterFacts {
  readonly objects: readonly JsonObject[];
  readonly nodes: readonly ClusterNode[];
  readonly recognition: Recognition;
  readonly base: Profile | undefined;
  readonly version: OldestVersion | null;
  readonly nodeRoles: NodeRoles;
}

function clusterOf(
  built: Built,
  { profile, server }: InitInput,
  objects: readonly JsonObject[],
): ClusterFacts {
  const nodes = nodesIn(objects);
  const recognition = recognise(objects);
  const base = baseOf(built, profile ?? recognition.profile);
  return {
    objects,
    nodes,
    recognition,
    base,
    version: oldestVersion(nodes, objects, server ?? null),
    nodeRoles: rolesOf(base ?? { nodeRoles: [] }, nodes),
  };
}

function nothingIn(source: string, unread: readonly InputError[]): UserError {
  const reason = unread[0]?.message ?? 'nothing to check';
  return new UserError('NOTHING_TO_CHECK', `cannot derive from ${source}: ${reason}`);
}

function shownBase({ base }: ClusterFacts, { profile }: InitInput): PageFacts['base'] {
  if (base === undefined) return null;
  return { name: base.name, title: base.title, isChosen: profile !== undefined };
}

/** How many objects have a row of the built-in profile. */
function covered({ base }: ClusterFacts, objects: readonly JsonObject[]): number {
  const rows = base?.components ?? [];
  return unique(objects.map(reference)).filter((one) => rows.some((row) => isCovered(row, one)))
    .length;
}

function messagesOf(errors: readonly InputError[]): readonly string[] {
  return [...new Set(errors.map(({ message }) => message))];
}

interface Derived extends Candidates {
  readonly facts: ProfileFacts;
}

/** What to write in the profile, and the workloads that are comments there. */
function profileFor(
  built: Built,
  cluster: ClusterFacts,
  { input, files }: { readonly input: InitInput; readonly files: readonly InputFile[] },
): Derived {
  const { base, recognition, objects, nodes, nodeRoles, version } = cluster;
  const facts: ProfileFacts = {
    schema: input.schemas.profile,
    release: RELEASE,
    origin: originOf(input, recognition),
    name: input.name,
    version,
    base: base?.name ?? null,
    alternatives: alternativesOf(built, recognition, { base, objects }),
    addons: [],
    otherAddons: [],
    nodeRoles,
    roleNames: base?.nodeRoles.map(({ name }) => name) ?? [],
    candidates: [],
    rowNames: [],
  };
  const found = findAddons(built.addons(), objects, nodes);
  const extended = withAddons(built, facts, { base, found });
  if (base === undefined) return { facts: extended, candidates: [], errors: [] };
  const profile = readBack(built, extended);
  const { candidates, errors } = candidatesIn(built, profile, files);
  const rowNames = profile.components.map(({ name }) => name);
  return { facts: { ...extended, candidates, rowNames }, candidates, errors };
}

function baseOf(built: Built, name: string | null): Profile | undefined {
  if (name === null) return undefined;
  const profile = built.profiles()[name];
  if (profile === undefined) {
    throw new UserError(
      'PROFILE_UNKNOWN',
      `unknown profile: ${name}; bulkhead profiles lists them`,
    );
  }
  return profile;
}

function originOf(
  { source, profile }: InitInput,
  { distribution, signs }: Recognition,
): readonly string[] {
  const told = signs.length === 0 ? 'nothing tells' : `seen: ${signs.join('; ')}`;
  return [
    `Written by bulkhead init from ${source}. Only rows of built-in profiles and add-ons are in force: what else was found is a comment.`,
    distribution === null
      ? `The distribution is not known (${told})${profile === undefined ? '' : `; ${profile} was chosen`}.`
      : `The distribution is ${distribution} (${told}).`,
  ];
}

/** Other built-in profiles that the cluster may be of; all of them, the likely ones first, if it is not known. */
function alternativesOf(
  built: Built,
  { also }: Recognition,
  {
    base,
    objects,
  }: { readonly base: Profile | undefined; readonly objects: readonly JsonObject[] },
): ProfileFacts['alternatives'] {
  const profiles = built.profiles();
  const titleOf = (name: string) => profiles[name]?.title ?? name;
  if (base !== undefined) {
    return also
      .filter((name) => name !== base.name)
      .map((name) => ({ name, title: `in its place: ${titleOf(name)}` }));
  }
  const hints = profileHints(objects);
  const likely = [...new Set(hints.map(({ profile }) => profile))];
  const others = Object.keys(profiles)
    .filter((name) => !likely.includes(name))
    .sort(compareText);
  return [...likely, ...others].map((name) => {
    const groups = hints.filter(({ profile }) => profile === name).map(({ group }) => group);
    const why = groups.length === 0 ? '' : `; there are objects of ${groups.join(', ')}`;
    return { name, title: `${titleOf(name)}${why}` };
  });
}

/** Adds the add-ons that the profile can extend together, one by one. */
function withAddons(
  built: Built,
  facts: ProfileFacts,
  { base, found }: { readonly base: Profile | undefined; readonly found: readonly FoundAddon[] },
): ProfileFacts {
  let extended = facts;
  for (const addon of found) {
    const rows = [
      ...(base?.components ?? []),
      ...extended.addons.flatMap(({ name }) => built.addons()[name]?.components ?? []),
    ];
    if (addon.objects.every((object) => rows.some((row) => isCovered(row, object)))) continue;
    const doubt = addon.doubt ?? conflictOf(built, extended, addon);
    extended =
      doubt === null
        ? { ...extended, addons: [...extended.addons, addon] }
        : { ...extended, otherAddons: [...extended.otherAddons, { ...addon, doubt }] };
  }
  return extended;
}

/** A profile whose rows no add-on has. */
const STAND_IN = 'kubeadm';

/** Why a profile cannot extend an add-on as well. */
function conflictOf(built: Built, facts: ProfileFacts, addon: FoundAddon): string | null {
  // Add-ons may contradict each other, whatever profile is chosen later.
  const base = facts.base ?? STAND_IN;
  const text = profileFileText({ ...facts, base, addons: [...facts.addons, addon] });
  const read = readOwnProfile(built, { file: PROFILE_FILE, text }, noFile);
  return read.kind === 'profile' ? null : (read.errors[0]?.message ?? '');
}

function readBack(built: Built, facts: ProfileFacts): Profile {
  const read = readOwnProfile(built, { file: PROFILE_FILE, text: profileFileText(facts) }, noFile);
  if (read.kind === 'profile') return read.profile;
  throw new Error(`the profile that was derived is not valid: ${read.errors[0]?.message}`);
}

function noFile(path: string): never {
  throw new Error(`a derived profile extends no file, but ${path}`);
}

/** What is written must be what a check can read. */
function verify(
  built: Built,
  { config, profile }: { readonly config: string; readonly profile: string | undefined },
): void {
  const read = [
    readOwnConfig(built, { file: CONFIG_FILE, text: config }),
    ...(profile === undefined
      ? []
      : [readOwnProfile(built, { file: PROFILE_FILE, text: profile }, noFile)]),
  ];
  for (const one of read) {
    if (one.kind === 'errors')
      throw new Error(`what init writes is not valid: ${one.errors[0]?.message}`);
  }
}

interface Candidates {
  readonly candidates: readonly Candidate[];
  /** What could not be checked: it may be a candidate, too. */
  readonly errors: readonly InputError[];
}

/** Every workload that is no component and can run on reserved nodes: by who can run where, and by what a check finds. */
function candidatesIn(built: Built, profile: Profile, files: readonly InputFile[]): Candidates {
  // Loaded alone: what the others need of a cluster is not missed.
  const policies = built.catalogue.policies.filter(({ id }) => CLAIMED.includes(id));
  const claimed = { ...built, catalogue: { ...built.catalogue, policies } };
  const session = openFiles(claimed, profile, files);
  const { findings, inputErrors } = reportOf(session);
  const reached = reach(session);
  const intruders = reached.workloads.filter(
    ({ component, byRole }) => component === null && byRole.some(isForbidden),
  );
  const strange = findings.filter(({ component }) => component === null);
  const objects = [...intruders, ...strange].map(({ object }) => object);
  const workloads = new Map(reached.workloads.map((one) => [identityOf(one.object), one]));
  const candidates = unique(objects)
    .map((object) =>
      candidateOf(object, workloads.get(identityOf(object))?.byRole ?? [], reached.roles),
    )
    .sort((a, b) => Number(b.isAgent) - Number(a.isAgent) || compareReferences(a.object, b.object));
  return { candidates, errors: inputErrors };
}

function unique(references: readonly ObjectReference[]): readonly ObjectReference[] {
  return [...new Map(references.map((one) => [identityOf(one), one])).values()];
}

function hasSomething({ inputs }: ProposedInputs, directory: readonly InputFile[]): boolean {
  if (inputs.length > 1) return true;
  return readInput(directory).counts.objects > 0;
}
