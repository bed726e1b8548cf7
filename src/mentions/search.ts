import type { Path } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap, type ObjectReference, reference } from '../kubernetes/objects.ts';
import { isCustom, RESOURCES } from '../kubernetes/resources.ts';
import { includes, isAt, type Policy, podPatterns } from '../policy/policy.ts';
import type { Profile } from '../profile/profile.ts';
import type { Mention, Mentioned } from '../report/mention.ts';
import { commandLines, unitLines } from './commands.ts';
import { labelledBy, partsWithWishes } from './kinds.ts';
import { scaledBy } from './scales.ts';
import { createWords, NEVER_PATCHES, type Words } from './words.ts';

/** Finds what decides where pods run in an object that policies do not check, or not there. */
export type Search = (object: JsonObject) => readonly Mention[];

/** Returns a search by the kinds of the policies and the words of a profile. */
export function createSearch(
  policies: readonly Policy[],
  profile: Pick<Profile, 'nodeRoles' | 'schedulers' | 'components' | 'otherWorkloads'>,
): Search {
  const all = policies.flatMap(({ kinds }) => kinds);
  const kinds = [
    ...new Map(all.map((kind) => [`${kind.groups.join()} ${kind.kind}`, kind])).values(),
  ];
  const terms = { kinds, profile, words: createWords(profile, kinds) };
  const knownOf = factsByKind(kinds);
  const lone = new Map<string, readonly Mention[]>();
  return (object) => {
    const found = searched(object, knownOf(reference(object)), terms);
    const [first] = found;
    if (first === undefined || found.length > 1) return found;
    // The pods of most workloads are at a few paths.
    const { code, what, path } = first;
    const key = JSON.stringify([code, what, path]);
    const same = lone.get(key) ?? found;
    lone.set(key, same);
    return same;
  };
}

interface Terms {
  readonly words: Words;
  readonly profile: Pick<Profile, 'components' | 'otherWorkloads'>;
  /** The kinds that policies check. */
  readonly kinds: Policy['kinds'];
}

/** What policies check of the objects of a kind. */
interface Facts {
  /** Where they may check its pods. */
  readonly pods: readonly (readonly string[])[];
  /** Whether they check how it registers nodes. */
  readonly registers: boolean;
}

interface Walk extends Terms, Facts {
  readonly found: Mention[];
  /** Where the walk is: one list throughout, since every object is walked whole. */
  readonly path: (string | number)[];
  /** Whether this changes an object that is elsewhere. */
  readonly isPatch: boolean;
  /** Whether this is in a pod that policies know: what only has containers there is a part of it. */
  readonly isInPod: boolean;
}

/** Most objects are of a few kinds: what is known of each is looked up once. */
function factsByKind(kinds: Policy['kinds']) {
  const known = new Map<string, Facts>();
  return ({ apiVersion, kind }: Pick<ObjectReference, 'apiVersion' | 'kind'>): Facts => {
    const key = `${apiVersion} ${kind}`;
    const facts = known.get(key) ?? {
      pods: podPatterns(kinds, { apiVersion, kind }),
      registers: includes(RESOURCES.registration, { apiVersion, kind }),
    };
    known.set(key, facts);
    return facts;
  };
}

function searched(object: JsonObject, facts: Facts, terms: Terms): readonly Mention[] {
  const found: Mention[] = [];
  const { kinds, profile, words } = terms;
  const { pods, registers } = facts;
  // Written out: what V8 spreads into an object gets hidden classes of its own, larger than the object.
  const walk: Walk = {
    kinds,
    profile,
    words,
    pods,
    registers,
    found,
    path: [],
    isPatch: false,
    isInPod: false,
  };
  if (!isCustom(object)) visitOwn(object, walk);
  visitWishes(object, walk);
  if (object['kind'] === 'SystemdUnit') visitLines(unitLines(object), walk);
  const scaled = scaledBy(object, terms.profile);
  if (scaled !== undefined) found.push({ code: 'REPLICAS_OVERRIDDEN', ...scaled });
  const label = labelledBy(object);
  if (label !== undefined) found.push({ code: 'PLACEMENT_MENTIONED', ...label });
  return found;
}

/** Visits an object of Kubernetes' own kinds: only its pods, wherever they are, or the files of a ConfigMap. */
function visitOwn(object: JsonObject, walk: Walk): void {
  const { kind } = object;
  if (kind === 'ConfigMap') visitFiles(object, walk);
  // Schemas are large, and have no pods.
  else if (kind !== 'CustomResourceDefinition') visitPods(object, walk);
}

function visitPods(value: JsonValue, walk: Walk): void {
  if (typeof value !== 'object' || value === null) return;
  if (isMap(value) && Array.isArray(value['containers'])) {
    visitCommands(value, walk);
    report(walk, { code: 'KIND_UNSUPPORTED', what: 'pods' });
    return;
  }
  for (const [key, item] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    walk.path.push(key);
    visitPods(item, walk);
    walk.path.pop();
  }
}

function visitFiles({ data }: JsonObject, { words, found }: Pick<Walk, 'words' | 'found'>): void {
  for (const [name, text] of isMap(data) ? Object.entries(data) : []) {
    const mentioned = typeof text === 'string' ? words.inFile(text, name) : undefined;
    if (mentioned !== undefined) found.push({ ...mentioned, path: ['data', name] });
  }
}

/** Visits the parts of an object that are wishes of its author. */
function visitWishes(object: JsonObject, walk: Walk): void {
  for (const part of partsWithWishes(object)) {
    const holder = part.slice(0, -1);
    const key = String(part.at(-1));
    const value = at(object, part);
    if (value === undefined) continue;
    walk.path.push(...holder);
    visitEntry(key, value, walk);
    walk.path.length -= holder.length;
  }
}

function at(object: JsonObject, path: Path): JsonValue | undefined {
  let value: JsonValue | undefined = object;
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)] as JsonValue | undefined;
    else value = isMap(value) ? value[step] : undefined;
  }
  return value;
}

/** What controllers write, and what compares or counts nodes and places nothing. */
const NOT_WISHES = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'managedFields',
  'ownerReferences',
  'topologySpreadConstraints',
  'ignoreDifferences',
  'driftDetection',
]);

const PATCH = /patch|mutat|overlay|overrid/i;

/** Fields by which objects register nodes; policies read them where they know the kind. */
const OF_NODES =
  /^(?:taint|(?:node|nodeInitialization|kubernetes|startup)?taints|registerWithTaints|(?:node|kubernetes)?labels|(?:kubelet)?(?:extra)?args|installFlags|skipPhases|mastersSchedulable|noTaints)$/i;

function visitEntry(key: string, value: JsonValue, walk: Walk): void {
  if (NOT_WISHES.has(key) || (walk.registers && OF_NODES.test(key))) return;
  const isPatch = walk.isPatch || PATCH.test(key);
  walk.path.push(key);
  const word = walk.words.inEntry(key, value, isPatch);
  if (word === undefined) visit(value, key, isPatch === walk.isPatch ? walk : { ...walk, isPatch });
  else report(walk, { code: 'PLACEMENT_MENTIONED', what: word });
  walk.path.pop();
}

function visit(value: JsonValue, key: string, walk: Walk): void {
  if (isMap(value)) visitMap(value, walk);
  else if (Array.isArray(value)) visitItems(value, key, walk);
  else if (typeof value === 'string') {
    const mentioned = walk.words.inText(value, key, walk.isPatch);
    if (mentioned !== undefined) report(walk, mentioned);
  }
}

function visitItems(items: readonly JsonValue[], key: string, walk: Walk): void {
  for (const [index, item] of items.entries()) {
    walk.path.push(index);
    visit(item, key, walk);
    walk.path.pop();
  }
}

function visitMap(value: JsonObject, walk: Walk): void {
  if (visitObject(value, walk)) return;
  const isKnown = walk.pods.some((pattern) => isAt(pattern, walk.path));
  const isPod = Array.isArray(value['containers']) && isWhole(value, walk);
  if (isPod) visitCommands(value, walk);
  if (isPod || (isKnown && placesPods(value))) {
    report(walk, { code: 'KIND_UNSUPPORTED', what: 'pods' });
  }
  // What else is in pods that policies know can be a wish; the rest is reported with the pod.
  if (isPod && !isKnown) return;
  const isCovered = (key: string) =>
    isKnown && (PLACING.has(key) || key === 'schedulerName' || (isPod && OF_CONTAINERS.has(key)));
  const inside = isKnown ? { ...walk, isInPod: true } : walk;
  for (const [key, item] of Object.entries(value)) {
    if (!isCovered(key)) visitEntry(key, item, inside);
  }
}

/** Whether containers make a pod here: not in a patch, and not in a part of another pod. */
function isWhole(value: JsonObject, { isPatch, isInPod }: Walk): boolean {
  return !isPatch && (!isInPod || placesPods(value));
}

/** The fields by which a pod's spec says where it goes; policies read them where they know of pods. */
const PLACING = new Set(['tolerations', 'nodeSelector', 'nodeName', 'affinity']);

/** The fields of a pod's spec that are about its containers. */
const OF_CONTAINERS = new Set(['containers', 'initContainers', 'ephemeralContainers', 'volumes']);

/** Whether a map has one of the fields by which a pod's spec says where it goes. */
function placesPods(value: JsonObject): boolean {
  return [...PLACING].some((key) => Object.hasOwn(value, key));
}

/** Visits a map that is an object inside of another. Whether that is all there is to see of it. */
function visitObject(value: JsonObject, walk: Walk): boolean {
  const { kind, apiVersion } = value;
  if (typeof kind !== 'string' || walk.path.length === 0) return false;
  if (isChecked(value, walk)) {
    report(walk, { code: 'OBJECT_EMBEDDED', what: kind });
    return true;
  }
  if (isSecret(value)) return true;
  // In a list of objects, a policy or the definition of a kind is as silent as in a file of its own.
  const isListed = typeof walk.path.at(-1) === 'number' && typeof apiVersion === 'string';
  if (!isListed || !Object.keys(value).every((key) => OF_OBJECTS.has(key))) return false;
  if (!isMap(value['metadata']) || value['spec'] === undefined) return false;
  visitWishes(value, { ...walk, pods: [] });
  return true;
}

/** A Secret, whose values are never read. */
function isSecret({ apiVersion, kind, ...fields }: JsonObject): boolean {
  return (
    apiVersion === 'v1' &&
    kind === 'Secret' &&
    Object.keys(fields).every((key) => OF_SECRETS.has(key))
  );
}

const OF_SECRETS = new Set(['metadata', 'type', 'data', 'stringData', 'immutable']);

const OF_OBJECTS = new Set(['apiVersion', 'kind', 'metadata', 'spec', 'status']);

/** What only an object has, and a reference to one does not. */
const OBJECT_FIELDS = ['metadata', 'spec', 'data', 'template', 'target', 'clone'];

/** Whether a map is an object of a kind that policies check, with or without its apiVersion. */
function isChecked(value: JsonObject, { kinds, isPatch }: Walk): boolean {
  const { apiVersion, kind } = reference(value);
  if (!OBJECT_FIELDS.some((field) => isMap(value[field]))) return false;
  // A patch of a workload has the name of one: only its words count.
  const named = isPatch ? kinds.filter((one) => NEVER_PATCHES.has(one.kind)) : kinds;
  if (apiVersion !== '')
    return includes(
      named.filter(({ isOnlyRead }) => !isOnlyRead),
      { apiVersion, kind },
    );
  return named.some((one) => one.kind === kind && one.groups.some((group) => !group.includes('.')));
}

/** Visits the command lines of a pod. */
function visitCommands(pod: JsonObject, walk: Walk): void {
  visitLines(commandLines(pod), walk);
}

function visitLines(lines: ReturnType<typeof commandLines>, { words, found, path }: Walk): void {
  for (const command of lines) {
    const mentioned = words.inCommand(command.line);
    if (mentioned !== undefined) found.push({ ...mentioned, path: [...path, ...command.path] });
  }
}

function report({ found, path }: Walk, { code, what }: Mentioned): void {
  found.push({ code, what, path: [...path] });
}
