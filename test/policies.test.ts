import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Case, compareExpectations, readCases } from '../scripts/cases.ts';
import { createEngine } from '../src/engine/engine.ts';
import { indexed } from '../src/engine/indexed.ts';
import { inventoryOf } from '../src/engine/inventory.ts';
import type { JsonObject } from '../src/kubernetes/json.ts';
import type { Policy } from '../src/policy/policy.ts';
import { tableData } from '../src/session.ts';
import { builtBulkhead, textOf } from './support/bulkhead.ts';
import { type Answer, UPDATES_CASES, updateCases } from './support/update-cases.ts';

// Every row of every cases.yaml, through the published WASM module. UPDATE_GOLDEN=1 rewrites the `expect` of
// rows, and the `notes` of rows that have some.

const bulkhead = builtBulkhead();
const base = textOf('profiles/tectonic-1.6.4/profile.yaml');

/** Mistakes that other tools make, as rows name them in `trap`. */
const TRAPS = [
  'a field whose parent is missing makes the rule undefined',
  'a message over a missing field drops the violation',
  'a reference to an empty inventory under `not` silences the rule',
  'a string compares greater than any number',
  'absent matchLabels are a subset of everything',
  'an autoscaler beats the replicas',
  'an empty selector is everything to policy/v1 and nothing to policy/v1beta1',
  'an empty string is not a missing key',
  'an object without a namespace is not in one that is named',
  'selectors are more than equal labels, or any label, or any value',
];
const tagged: string[] = [];

for (const policy of bulkhead.catalogue.policies) {
  const file = `policies/${policy.id}/cases.yaml`;
  const cases = readCases(file, textOf(file), base);
  tagged.push(...cases.flatMap(({ trap }) => trap ?? []));
  if (UPDATES_CASES) {
    updateCases(file, new Map(cases.map((row) => [row.name, answerTo(policy, row)])));
    continue;
  }
  describe(policy.id, () => {
    for (const row of cases) {
      test(row.name, () => {
        const { expect, notes } = answerTo(policy, row);
        assert.deepEqual(expect, row.expect);
        if (row.notes !== undefined) assert.deepEqual(notes, row.notes);
      });
    }
    test('no two rows have the same name', () => {
      const names = cases.map(({ name }) => name);
      assert.deepEqual(names, [...new Set(names)]);
    });
    test('its table has a clean row, a finding, and rows for the README', () => {
      assert.ok(cases.some(({ expect }) => expect.length === 0));
      assert.ok(cases.some(({ expect }) => expect.length > 0));
      assert.ok(cases.some(({ docs, expect }) => docs && expect.length > 0));
      assert.ok(cases.some(({ docs, expect }) => docs && expect.length === 0));
    });
    // The other kinds differ only in the path of their pod specs, which the rows of one policy cover.
    test('its table has a row for each well-known kind that it checks', () => {
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

test('every trap has a row', () => assert.deepEqual([...new Set(tagged)].sort(), TRAPS));

function answerTo(policy: Policy, { profile, object, inventory, request }: Case): Answer {
  // As in a check, the inventory has the object itself, and of the others only what the policy reads.
  const objects = [...inventory, object];
  const own = tableData(bulkhead, profile);
  const scanned = inventoryOf(objects, policy.inventory);
  const answer = (inventory: JsonObject) => {
    const engine = createEngine(bulkhead.wasm, { bulkhead: own, inventory });
    const asked = engine.policies.filter((id) => id === policy.id);
    const { violations, notes } = engine.evaluate(object, asked, request);
    return {
      expect: violations
        .map(({ path, message }) => ({ path, msg: message }))
        .sort(compareExpectations),
      notes: notes
        .map(({ code, message, path }) => ({ code, message, path }))
        .sort(compareExpectations),
    };
  };
  const found = answer(scanned);
  // Gatekeeper has no index: the answer is the same with one.
  const listed = objects.map((value) => ({ value }));
  const looked = indexed(bulkhead.wasm, own, listed, policy.inventory);
  assert.deepEqual(answer(looked), found);
  return found;
}
