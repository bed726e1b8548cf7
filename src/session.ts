import { createEngine, type Engine, type EngineData } from './engine/engine.ts';
import { inventoryOf } from './engine/inventory.ts';
import { type Input, type InputFile, type OnProgress, readInput } from './input.ts';
import type { JsonObject } from './kubernetes/json.ts';
import { type ObjectReference, reference } from './kubernetes/objects.ts';
import type { Bulkhead } from './load.ts';
import { bind, catalogueFor, wholeTable } from './policy/parameters.ts';
import { type Catalogue, includes, type Policy } from './policy/policy.ts';
import type { Profile } from './profile/profile.ts';
import { compareText } from './report/order.ts';
import { type Header, type Scope, VERSION } from './report/report.ts';
import { describesPods } from './unsupported-pods.ts';

/** A profile together with the objects of a cluster, and the policies loaded with both. */
export interface Session {
  readonly profile: Profile;
  /** All policies, with the kinds that the profile adds to theirs. */
  readonly catalogue: Catalogue;
  /** The policies to which the profile gives something to check. */
  readonly policies: readonly Policy[];
  /** Those of the policies that check objects of this kind. */
  readonly policiesFor: (object: Pick<ObjectReference, 'apiVersion' | 'kind'>) => readonly Policy[];
  /** What the engine was loaded with: the parameters, the table, and the objects as an inventory. */
  readonly data: EngineData;
  readonly engine: Engine;
}

/** A session over files, with what was read of them. */
export interface FileSession extends Session {
  readonly input: Input;
}

/** How to check files. */
export interface SessionOptions {
  /** Whether the files are all of a cluster, so that components can be missing; `part` by default. */
  readonly scope?: Scope;
  /** What was asked for, as the report names it; the files by default. */
  readonly inputs?: readonly string[];
  readonly onProgress?: OnProgress;
}

/** Opens a session over objects. */
export function openSession(
  bulkhead: Bulkhead,
  profile: Profile,
  objects: readonly JsonObject[],
): Session {
  const catalogue = catalogueFor(bulkhead.catalogue, profile);
  const data = {
    bulkhead: {
      parameters: Object.fromEntries(bind(catalogue, profile)),
      table: wholeTable(profile),
    },
    inventory: inventoryOf(
      objects,
      catalogue.policies.flatMap(({ inventory }) => inventory),
    ),
  };
  const engine = createEngine(bulkhead.wasm, data);
  const policies = catalogue.policies.filter(({ id }) => engine.policies.includes(id));
  return { profile, catalogue, policies, policiesFor: byKind(policies), data, engine };
}

/** Reads files and opens a session over the objects in them. */
export function openFiles(
  bulkhead: Bulkhead,
  profile: Profile,
  files: readonly InputFile[],
  { onProgress }: SessionOptions = {},
): FileSession {
  const input = readInput(files, {
    keeps: isOfUse(catalogueFor(bulkhead.catalogue, profile)),
    onProgress,
  });
  const objects = input.objects.map(({ value }) => value);
  return { ...openSession(bulkhead, profile, objects), input };
}

/** Whether a policy checks or reads an object, or a note may be about it. */
function isOfUse({ policies }: Catalogue): (object: JsonObject) => boolean {
  const resources = policies.flatMap(({ kinds, inventory }) => [...kinds, ...inventory]);
  return (object) => includes(resources, reference(object)) || describesPods(object);
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
  { catalogue, profile, input }: FileSession,
  { scope = 'part', inputs = input.read.map(({ file }) => file) }: SessionOptions,
): Header {
  return {
    version: VERSION,
    tool: { name: 'bulkhead', version: catalogue.version },
    profile: profile.name,
    environment: null,
    scope,
    inputs: [...new Set(inputs)].sort(compareText).map((path) => ({ path })),
    read: input.read,
    excluded: [],
  };
}
