import { reference } from '../../src/check.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { inventoryOf } from '../../src/engine/inventory.ts';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { SERVED } from '../../src/kubernetes/resources.ts';
import { bind, wholeTable } from '../../src/policy/parameters.ts';
import { type Admission, includes } from '../../src/policy/policy.ts';
import { builtBulkhead, shippedProfile } from '../support/bulkhead.ts';
import { objectIn } from './objects.ts';
import type { Answer, Verb } from './requests.ts';

const bulkhead = builtBulkhead();
const { policies } = bulkhead.catalogue;
const profile = shippedProfile('tectonic-1.6.4');

/** What a SyncSet asks for, as kubectl names it. */
export const SYNCED = SERVED.map(
  ({ kind, version, group }) => `${kind}.${version}.${group}`,
).join();

/** What Bulkhead says of a request, by where each finding is told. */
export interface Foretold extends Pick<Answer, 'denied' | 'warned'> {
  readonly policies: ReadonlyMap<string, Admission>;
}

/** Asks the policies as Gatekeeper does: with the synced objects, and what is said of a request. */
export function foretell(
  world: readonly JsonObject[],
  verb: Verb,
  object: JsonObject,
  old: JsonObject = verb === 'POST' ? {} : liveOf(world, object),
): Foretold {
  const operation = OPERATIONS[verb];
  const engine = createEngine(bulkhead.wasm, {
    parameters: bind(bulkhead.catalogue, profile),
    table: wholeTable(profile),
    inventory: inventoryOf(
      world,
      policies.flatMap(({ inventory }) => inventory),
    ),
  });
  const { apiVersion, kind } = reference(object);
  const asked = policies.filter(
    (policy) =>
      includes(policy.kinds, { apiVersion, kind }) && policy.operations.includes(operation),
  );
  const request = {
    operation,
    userInfo: { username: 'kubernetes-admin' },
    ...(verb !== 'POST' && { oldObject: old }),
  };
  const ids = asked.map(({ id }) => id);
  const { violations } = engine.judge(object, ids, request);
  const told = (action: Admission) =>
    violations.filter(({ policy }) =>
      asked.some(({ id, admission }) => id === policy && admission === action),
    );
  const messages = (action: Admission) =>
    told(action)
      .map(({ message }) => message)
      .sort();
  return {
    denied: messages('deny'),
    warned: messages('warn'),
    policies: new Map(
      (['deny', 'warn'] as const).flatMap((action) =>
        told(action).map(({ policy }) => [policy, action] as const),
      ),
    ),
  };
}

const OPERATIONS = { POST: 'CREATE', PUT: 'UPDATE', DELETE: 'DELETE' } as const;

function liveOf(world: readonly JsonObject[], object: JsonObject): JsonObject {
  const { kind, name } = reference(object);
  return objectIn(world, kind, name ?? '');
}

export function brief({ denied, warned }: Pick<Answer, 'denied' | 'warned'>) {
  // The API server has made the name by then.
  const plain = (message: string) => message.replace(/^Pod web-\w{5} /, 'Pod web-… ');
  return { denied: denied.map(plain), warned };
}
