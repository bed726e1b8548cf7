import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Case, compareExpectations, readCases } from '../scripts/cases.ts';
import { createEngine } from '../src/engine/engine.ts';
import { inventoryOf } from '../src/engine/inventory.ts';
import type { Policy } from '../src/policy/policy.ts';
import { openSession } from '../src/session.ts';
import { builtBulkhead, textOf } from './support/bulkhead.ts';
import { UPDATES_CASES, updateCases } from './support/update-cases.ts';

// Every row of every cases.yaml, through the WASM module that ships. UPDATE_GOLDEN=1 rewrites what the rows
// expect.

const bulkhead = builtBulkhead();
const base = textOf('profiles/tectonic-1.6.4/profile.yaml');

for (const policy of bulkhead.catalogue.policies) {
  const file = `policies/${policy.id}/cases.yaml`;
  const cases = readCases(file, textOf(file), base);
  if (UPDATES_CASES) {
    updateCases(file, new Map(cases.map((row) => [row.name, findings(policy, row)])));
    continue;
  }
  describe(policy.id, () => {
    for (const row of cases) {
      test(row.name, () => assert.deepEqual(findings(policy, row), row.expect));
    }
    test('no two rows have one name', () => {
      const names = cases.map(({ name }) => name);
      assert.deepEqual(names, [...new Set(names)]);
    });
    test('its table has a clean row, a finding, and rows for the README', () => {
      assert.ok(cases.some(({ expect }) => expect.length === 0));
      assert.ok(cases.some(({ expect }) => expect.length > 0));
      assert.ok(cases.some(({ docs, expect }) => docs && expect.length > 0));
      assert.ok(cases.some(({ docs, expect }) => docs && expect.length === 0));
    });
    // The kinds beside the well-known ones differ in where their pods are, which one table shows.
    test('its table has a row for each well-known kind that it judges', () => {
      const kinds = new Set(cases.map(({ object }) => object['kind']));
      assert.deepEqual(
        policy.kinds
          .filter(({ pods }) => pods === undefined)
          .map(({ kind }) => kind)
          .filter((kind) => !kinds.has(kind)),
        [],
      );
    });
  });
}

function findings(policy: Policy, { profile, object, inventory }: Case) {
  // As in a check, the object is one of those that are there; of the others just what the policy reads.
  const objects = [...inventory, object];
  const { data } = openSession(bulkhead, profile, objects);
  const engine = createEngine(bulkhead.wasm, {
    ...data,
    inventory: inventoryOf(objects, policy.inventory),
  });
  return engine
    .evaluate(object)
    .violations.filter((violation) => violation.policy === policy.id)
    .map(({ path, message }) => ({ path, msg: message }))
    .sort(compareExpectations);
}
