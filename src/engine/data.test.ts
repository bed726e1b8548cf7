import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parsed, structure } from '../../scripts/layout.ts';
import { builtBulkhead } from '../../test/support/bulkhead.ts';
import { sized } from '../../test/support/settings.ts';
import { EngineError } from '../errors.ts';
import type { JsonObject } from '../kubernetes/json.ts';
import { load, loadAgain } from './data.ts';
import { type LoadedPolicy, loadPolicySync } from './sdk.ts';

const { wasm } = builtBulkhead();

function instance(): LoadedPolicy {
  return loadPolicySync(wasm, { initial: 256 });
}

const key = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('__proto__', 'metadata', 'a', 'ä', '\uffff', '😀'),
);

test('data is in memory as OPA has it, bucket by bucket', () => {
  const value = fc.oneof(fc.jsonValue({ depthSize: 'medium' }), fc.dictionary(key, fc.integer()));
  fc.assert(
    fc.property(fc.dictionary(key, value, { maxKeys: 40 }), (given) => {
      const data = JSON.parse(JSON.stringify(given)) as JsonObject;
      const policy = instance();
      load(policy, data, true);
      assert.deepEqual(structure(policy, policy.dataAddr), structure(policy, parsed(policy, data)));
    }),
    { numRuns: sized(60, 2000) },
  );
});

test('thousands of keys are in as many buckets as OPA gives them', () => {
  for (const count of [5, 6, 11, 12, 44, 45, 3000]) {
    const data = Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]));
    const policy = instance();
    load(policy, data, true);
    assert.deepEqual(structure(policy, policy.dataAddr), structure(policy, parsed(policy, data)));
  }
});

test('equal parts of data are there once', () => {
  const part = { kind: 'Deployment', labels: { app: 'a' }, list: [1, true, null, { app: 'a' }] };
  const [once, often] = [1, 100].map((length) =>
    load(instance(), { parts: Array.from({ length }, () => part) }, true),
  );
  // Only the list of the parts is longer: an index, and the addresses of both, for each.
  assert.ok((often?.size ?? 0) - (once?.size ?? 0) < 100 * 32);
});

test('a fresh instance takes the data of another one', () => {
  const data = { a: { b: ['c', 1, 'x'.repeat(100_000)] } };
  for (const isLarge of [false, true]) {
    const old = load(instance(), data, isLarge);
    const policy = instance();
    loadAgain(policy, old);
    assert.equal(policy.dataAddr, old.policy.dataAddr);
    assert.deepEqual(structure(policy, policy.dataAddr), structure(old.policy, policy.dataAddr));
    assert.deepEqual(structure(policy, policy.dataAddr), structure(policy, parsed(policy, data)));
  }
});

test('half of a character is an error, as it is to OPA', () => {
  assert.throws(() => load(instance(), { a: '\ud800' }, true), EngineError);
});
