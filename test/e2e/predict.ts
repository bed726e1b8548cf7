import type { JsonObject } from '../../src/kubernetes/json.ts';
import { reference } from '../../src/kubernetes/objects.ts';
import { SERVED } from '../../src/kubernetes/resources.ts';
import type { Admission } from '../../src/policy/policy.ts';
import { openSession } from '../../src/session.ts';
import { builtBulkhead, shippedProfile } from '../support/bulkhead.ts';
import { cellsOf } from '../support/component-cells.ts';
import { objectIn } from './objects.ts';
import type { Answer, Verb } from './requests.ts';

const bulkhead = builtBulkhead();
const profile = shippedProfile('tectonic-1.6.4');

/** The resources of a SyncSet, as arguments of kubectl. */
export const SYNCED = SERVED.map(
  ({ kind, version, group }) => `${kind}.${version}.${group}`,
).join();

/** The findings of a request, by enforcement action. */
export interface Prediction extends Pick<Answer, 'denied' | 'warned'> {
  readonly policies: ReadonlyMap<string, Admission>;
  /** The cells of the component table that they are about; with a star those of a warning. */
  readonly cells: readonly string[];
}

/** Evaluates the policies as Gatekeeper does: with the synced objects, and the data of the request. */
export function predict(
  world: readonly JsonObject[],
  verb: Verb,
  object: JsonObject,
  old: JsonObject = verb === 'POST' ? {} : liveOf(world, object),
): Prediction {
  const operation = OPERATIONS[verb];
  const { engine, policiesFor } = openSession(bulkhead, profile, world);
  const asked = policiesFor(reference(object)).filter(({ operations }) =>
    operations.includes(operation),
  );
  const request = {
    operation,
    userInfo: { username: 'kubernetes-admin' },
    ...(verb !== 'POST' && { oldObject: old }),
  };
  const ids = asked.map(({ id }) => id);
  const { violations } = engine.evaluate(object, ids, request);
  const foundFor = (action: Admission) =>
    violations.filter(({ policy }) =>
      asked.some(({ id, admission }) => id === policy && admission === action),
    );
  const messages = (action: Admission) =>
    foundFor(action)
      .map(({ message }) => message)
      .sort();
  return {
    denied: messages('deny'),
    warned: messages('warn'),
    policies: new Map(
      (['deny', 'warn'] as const).flatMap((action) =>
        foundFor(action).map(({ policy }) => [policy, action] as const),
      ),
    ),
    cells: [
      ...foundFor('deny').flatMap(cellsOf),
      ...foundFor('warn').flatMap((found) => cellsOf(found).map((cell) => `${cell} *`)),
    ],
  };
}

const OPERATIONS = { POST: 'CREATE', PUT: 'UPDATE', DELETE: 'DELETE' } as const;

function liveOf(world: readonly JsonObject[], object: JsonObject): JsonObject {
  const { kind, name } = reference(object);
  return objectIn(world, kind, name ?? '');
}

export function brief({ denied, warned }: Pick<Answer, 'denied' | 'warned'>) {
  // The API server has generated the name by then.
  const plain = (message: string) => message.replace(/^Pod shop\/web-\w{5} /, 'Pod shop/web-… ');
  return { denied: denied.map(plain), warned };
}
