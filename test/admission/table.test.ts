import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterOf } from '../../scripts/profiles.ts';
import { readInput } from '../../src/input.ts';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { askAdmission } from '../support/admission-oracle.ts';
import { manifestsIn, ROOT, shippedProfile } from '../support/bulkhead.ts';
import { cellsOf, documentedCells, TABLE, tableCases } from '../support/component-cells.ts';
import { edited } from '../support/profile-cases.ts';
import { idOf, policiesOf, requestFor } from './asking.ts';
import { complete } from './complete.ts';

// Every cell of the component table deviates once, in a request to an API server.

test('the cells of the component table are those of docs/component-table.md', async () => {
  const { objects } = readInput(manifestsIn(ROOT, clusterOf(TABLE)));
  const whole = objects.map(({ value }) => value);
  const policies = policiesOf(shippedProfile(TABLE));
  const warning = new Set(
    policies
      .filter(({ binding }) => !Object(binding['spec']).validationActions.includes('Deny'))
      .map(({ policy }) => idOf(String(Object(policy['metadata']).name))),
  );
  assert.deepEqual(await deniedIn(whole), [], 'the cluster as it is');

  const asked = tableCases().flatMap((row) =>
    edited(whole, [row])
      .filter((object) => !whole.includes(object))
      .flatMap((object) => {
        const request = requestFor(complete(object));
        return request === undefined ? [] : [{ row, request }];
      }),
  );
  const { answers } = await askAdmission(
    policies,
    asked.map(({ request }) => request),
  );
  const cells = asked.flatMap(({ row }, index) => {
    const { decisions = [], invalid = [] } = answers[index] ?? {};
    assert.deepEqual(invalid, []);
    const denied = new Set(
      decisions.filter(({ action }) => action === 'deny').map(({ policy }) => idOf(policy)),
    );
    return row.expect
      .filter(({ policy }) => denied.has(policy))
      .flatMap((found) =>
        cellsOf(found).map((cell) => `${cell}${warning.has(found.policy) ? ' *' : ''}`),
      );
  });
  assert.deepEqual([...new Set(cells)].sort(), documentedCells('API server'));

  async function deniedIn(some: readonly JsonObject[]): Promise<readonly string[]> {
    const requests = some.flatMap((object) => requestFor(complete(object)) ?? []);
    assert.ok(requests.length > 10);
    const all = (await askAdmission(policies, requests)).answers.flatMap(
      ({ decisions }) => decisions,
    );
    return all
      .filter(({ action }) => action !== 'admit' && action !== 'skip')
      .map(({ message = '' }) => message);
  }
});
