import { isAdmissionPolicy } from './admission/names.ts';
import type { Built } from './built.ts';
import type { Acceptance } from './config/acceptance.ts';
import { policyRuleOf } from './config/rules.ts';
import { isForEnvironment, type Waiver } from './config/waiver.ts';
import { createEngine, type Engine, type EngineData } from './engine/engine.ts';
import { indexed } from './engine/indexed.ts';
import type { Listed } from './engine/inventory.ts';

import { isConstraint } from './gatekeeper/names.ts';
import { type Input, type InputFile, type OnProgress, type Reading, readInput } from './input.ts';
import type { JsonObject } from './kubernetes/json.ts';
import { isMap, lacksNamespace, type ObjectReference, reference } from './kubernetes/objects.ts';
import type { Resource } from './kubernetes/resources.ts';
import { type ManifestObject, referenceOf } from './manifest/objects.ts';
import { selectionError } from './manifest/strings.ts';
import { createSearch, type Search } from './mentions/search.ts';
import { type Gap, gapsOfClusters, gapsOfDump, unasked } from './policy/gaps.ts';
import { bind, catalogueFor, exemptable, wholeTable } from './policy/parameters.ts';
import { type Catalogue, includes, type Policy, resourceFinder } from './policy/policy.ts';
import type { Profile } from './profile/profile.ts';
import type { Mention } from './report/mention.ts';
import { compareOthers, compareText } from './report/order.ts';
import { type Excluded, type Header, type Scope, type Severity, VERSION } from './report/report.ts';
import { patchFinder } from './unrendered/patch.ts';
import { placeholderFinder } from './unrendered/placeholder.ts';

/** A profile together with the objects of a cluster, and the policies loaded with both. */
export interface Session {
  readonly profile: Profile;
  /** All policies, with the kinds that the profile adds to theirs. */
  readonly catalogue: Catalogue;
  /** The policies to which the profile gives something to check. */
  readonly policies: readonly Policy[];
  /** Those of the policies that check objects of this kind. */
  readonly policiesFor: (object: Pick<ObjectReference, 'apiVersion' | 'kind'>) => readonly Policy[];
  readonly engine: Engine;
  /** The severities that differ from the policies' own, by the id of the policy. */
  readonly severity: Readonly<Record<string, Severity>>;
  /** Whether a policy is asked. */
  readonly asks: (id: string) => boolean;
}

/** A session over files, with what was read of them. */
export interface FileSession extends Session {
  /** The environment that the files are of; null if there are none. */
  readonly environment: string | null;
  /** The built-in add-ons, by name. */
  readonly addons: Built['addons'];
  readonly input: Input;
  /** What policies need and the input does not have, though it is of a cluster. */
  readonly gaps: readonly Gap[];
}

/** What settings change of policies and findings, in all clusters alike. */
export interface Settings {
  /** The severities that differ from the policies' own, by the id of the policy. */
  readonly severity?: Readonly<Record<string, Severity>>;
  /** The policies that are not asked. */
  readonly off?: readonly string[];
  readonly acceptance?: Acceptance;
}

/** How to check files. */
export interface SessionOptions extends Settings {
  /** The name of the cluster, among several. */
  readonly environment?: string | undefined;
  /** Whether the files are all of a cluster, so that components can be missing; `part` by default. */
  readonly scope?: Scope;
  /** What was asked for, as the report names it; the files by default. */
  readonly inputs?: readonly string[];
  /** What was left out of it. */
  readonly excluded?: readonly Excluded[] | undefined;
  /** The namespace of objects that name none, as with `kubectl apply --namespace`. */
  readonly namespace?: string | undefined;
  readonly onProgress?: OnProgress;
}

/** How to open a session over objects. */
export interface OpenOptions extends Pick<Settings, 'severity' | 'off'> {
  /** Violations name those that apply to them, by their index. */
  readonly waivers?: readonly Waiver[];
}

/** Opens a session over objects. */
export function openSession(
  built: Built,
  profile: Profile,
  objects: readonly JsonObject[],
  options: OpenOptions = {},
): Session {
  return openListed(built, profile, listed(objects), options);
}

function listed(objects: readonly JsonObject[]): readonly Listed[] {
  return objects.map((value) => ({ value }));
}

function openListed(
  built: Built,
  profile: Profile,
  objects: readonly Listed[],
  options: OpenOptions,
): Session {
  const { severity = {}, off = [], waivers } = options;
  const catalogue = catalogueFor(built.catalogue, profile);
  // Not kept: the engine has it in a form of its own, and of many objects it is large.
  const engine = createEngine(built.wasm, dataOf(built, profile, objects, waivers));
  const policies = catalogue.policies.filter(({ id }) => engine.policies.includes(id));
  return {
    profile,
    catalogue,
    policies,
    policiesFor: byKind(policies),
    engine,
    severity,
    asks: (id) => !off.includes(id),
  };
}

/** More objects than these take memory that counts: OPA makes about 5 kB of each. */
const MANY = 20_000;

/** What an engine is loaded with: the parameters, the table, and the objects as an inventory with its index. */
export function engineData(
  built: Built,
  profile: Profile,
  objects: readonly JsonObject[],
  waivers: readonly Waiver[] = [],
): EngineData {
  return dataOf(built, profile, listed(objects), waivers);
}

function dataOf(
  built: Built,
  profile: Profile,
  objects: readonly Listed[],
  waivers: readonly Waiver[] = [],
): EngineData {
  const bulkhead = tableData(built, profile, waivers);
  const kinds = catalogueFor(built.catalogue, profile).policies.flatMap(
    ({ inventory }) => inventory,
  );
  return {
    bulkhead,
    inventory: indexed(built.wasm, bulkhead, objects, kinds),
    isLarge: objects.length > MANY,
  };
}

/** What an engine is loaded with beside the objects. */
export function tableData(
  built: Pick<Built, 'catalogue'>,
  profile: Profile,
  waivers: readonly Waiver[] = [],
): EngineData['bulkhead'] {
  const catalogue = catalogueFor(built.catalogue, profile);
  return {
    parameters: Object.fromEntries(bind(catalogue, profile)),
    together: true,
    table: wholeTable(profile),
    exemptable: exemptable(catalogue),
    ...(waivers.length > 0 && { waivers: waivers.map(policyRuleOf) }),
  };
}

/** Reads files and opens a session over the objects in them. */
export function openFiles(
  built: Built,
  profile: Profile,
  files: readonly InputFile[],
  options: SessionOptions = {},
): FileSession {
  const { namespace, onProgress, environment = null } = options;
  const catalogue = catalogueFor(built.catalogue, profile);
  const search = createSearch(catalogue.policies, profile);
  const input = readInput(files, { take: taker(catalogue, search, namespace), onProgress });
  const waivers = waiversOf(options);
  const session = openListed(built, profile, lookedUp(input), { ...options, waivers });
  const gaps = gapsIn(input, session);
  const notAsked = unasked(gaps);
  return {
    ...session,
    asks: (id) => session.asks(id) && !notAsked.has(id),
    environment,
    addons: built.addons,
    input,
    gaps,
  };
}

/** What is in another object registers nodes, and is never looked up. */
function lookedUp({ objects }: Input): readonly ManifestObject[] {
  return objects.filter(({ document }) => document.origin === undefined);
}

/** What is missing of a cluster: what could not be read of it, or what a dump of it does not have. */
function gapsIn({ clusters, objects }: Input, { policies, asks }: Session): readonly Gap[] {
  const asked = policies.filter(({ id }) => asks(id));
  const present = objects.map(referenceOf);
  return [
    ...gapsOfClusters(asked, clusters),
    // The items of a list are in no snapshot: what one says is not said of them.
    ...(objects.some(isDumped) ? gapsOfDump(asked, present) : []),
  ];
}

/** What is added to manifests, as the cluster has it, so that a check of these is exact. */
const BESIDE_MANIFESTS: readonly unknown[] = ['Node', 'RuntimeClass'];

/** Whether an object is an item of a list that an API server has shown. */
function isDumped({ path, value }: ManifestObject): boolean {
  if (path.length === 0) return false;
  const { kind, metadata } = value;
  const isShown = isMap(metadata) && typeof metadata['uid'] === 'string';
  return isShown && !BESIDE_MANIFESTS.includes(kind);
}

/** The waivers, at their index; those that are for other environments are for no policy. */
function waiversOf({ acceptance, environment }: SessionOptions): readonly Waiver[] {
  return (acceptance?.waivers ?? []).map((waiver) =>
    isForEnvironment(waiver, environment) ? waiver : { ...waiver, policies: [] },
  );
}

/**
 * Makes a function that takes each object that a policy checks or reads, or that a note may be about. One
 * with a placeholder where it matters is an error, and so is a patch, of whatever kind.
 */
function taker(
  catalogue: Catalogue,
  search: Search,
  namespace: string | undefined,
): NonNullable<Reading['take']> {
  const resourceFor = resourceFinder(catalogue);
  const patchError = patchFinder();
  const placeholderError = placeholderFinder();
  return (object) => {
    const resource = resourceFor(reference(object.value));
    const error = patchError(object) ?? placeholderError(object, resource);
    if (error !== undefined) return error;
    const mentions = search(object.value);
    const found = withMentions(object, mentions);
    if (resource === undefined) {
      const isKept = isConstraint(object.value) || isAdmissionPolicy(object.value);
      return isKept || mentions.length > 0 ? found : undefined;
    }
    const rejected = selectionError(object, resource);
    if (rejected !== undefined) return rejected;
    const own = object.document.rendering?.namespace ?? namespace;
    if (own === undefined) return found;
    return { ...found, value: withNamespace(object.value, resource, own) };
  };
}

// Written out: what V8 spreads into an object gets a hidden class of its own, larger than the object.
function withMentions(object: ManifestObject, mentions: readonly Mention[]): ManifestObject {
  if (mentions.length === 0) return object;
  const { document, path, value, takenFor, parts } = object;
  return { document, path, value, takenFor, parts, mentions };
}

function withNamespace(object: JsonObject, resource: Resource, namespace: string): JsonObject {
  if (!lacksNamespace(object, resource)) return object;
  const { metadata } = object;
  return { ...object, metadata: { ...(isMap(metadata) && metadata), namespace } };
}

function byKind(policies: readonly Policy[]): Session['policiesFor'] {
  const found = new Map<string, readonly Policy[]>();
  return ({ apiVersion, kind }) => {
    const key = `${apiVersion} ${kind}`;
    const known =
      found.get(key) ?? policies.filter(({ kinds }) => includes(kinds, { apiVersion, kind }));
    found.set(key, known);
    return known;
  };
}

/** Returns what every document says of itself and of the input of its session. */
export function headerOf(
  { catalogue, profile, input, environment, gaps }: FileSession,
  options: SessionOptions,
): Header {
  const { scope = 'part', inputs = input.read.map(({ file }) => file) } = options;
  const { off = [], severity = {}, excluded = [] } = options;
  return {
    version: VERSION,
    tool: { name: 'bulkhead', version: catalogue.version },
    profile: profile.name,
    environment,
    environments: environment === null ? [] : [{ name: environment, profile: profile.name }],
    scope,
    policies: {
      off: [...off].sort(compareText),
      severity,
      ...(gaps.length > 0 && { notAsked: [...unasked(gaps)].sort(compareText) }),
    },
    inputs: [...new Set(inputs)].sort(compareText).map((path) => ({ path })),
    read: input.read,
    excluded: excluded.toSorted((a, b) => compareText(a.path, b.path)),
    otherDocuments: input.others.toSorted(compareOthers),
  };
}
