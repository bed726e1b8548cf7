import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
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

/** What OPA itself makes of JSON, after what the instance has. */
function parsed({ mem, wasmInstance: { exports } }: LoadedPolicy, value: JsonObject): number {
  const text = new TextEncoder().encode(JSON.stringify(value));
  const at = exports.opa_malloc(text.length);
  new Uint8Array(mem.buffer).set(text, at);
  const parse: unknown = Reflect.get(exports, 'opa_json_parse');
  assert.ok(typeof parse === 'function');
  return Number(parse(at, text.length));
}

/** A value in memory, with the buckets of its objects and the order in them, by OPA's value.h. */
function structure(policy: LoadedPolicy, address: number): unknown {
  const memory = new DataView(policy.mem.buffer);
  const word = (at: number, index: number) => memory.getInt32(at + 4 * index, true);
  const text = (at: number, length: number) =>
    new TextDecoder().decode(new Uint8Array(policy.mem.buffer, at, length));
  const listed = (length: number) => Array.from({ length }, (_, index) => index);
  const read = (at: number): unknown => {
    const form = memory.getUint8(at + 1);
    switch (memory.getUint8(at)) {
      case 1:
        return null;
      case 2:
      case 9: // a constant
        return form !== 0;
      case 3:
        return form === 1 ? word(at, 2) : { digits: text(word(at, 2), word(at, 3)) };
      case 4:
        return text(word(at, 2), word(at, 1));
      case 5:
        return listed(2 * word(at, 2)).map((index) => read(word(word(at, 1), index)));
      default:
        assert.equal(memory.getUint8(at), 6);
        return {
          entries: word(at, 3),
          buckets: listed(word(at, 2)).map((index) => entries(word(word(at, 1), index))),
        };
    }
  };
  const entries = (first: number): unknown[] =>
    first === 0 ? [] : [[read(word(first, 0)), read(word(first, 1))], ...entries(word(first, 2))];
  return read(address);
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
      load(policy, data);
      assert.deepEqual(structure(policy, policy.dataAddr), structure(policy, parsed(policy, data)));
    }),
    { numRuns: sized(60, 2000) },
  );
});

test('thousands of keys are in as many buckets as OPA gives them', () => {
  for (const count of [5, 6, 11, 12, 44, 45, 3000]) {
    const data = Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]));
    const policy = instance();
    load(policy, data);
    assert.deepEqual(structure(policy, policy.dataAddr), structure(policy, parsed(policy, data)));
  }
});

test('equal parts of data are there once', () => {
  const part = { kind: 'Deployment', labels: { app: 'a' }, list: [1, true, null, { app: 'a' }] };
  const [once, often] = [1, 100].map((length) =>
    load(instance(), { parts: Array.from({ length }, () => part) }),
  );
  // Only the list of the parts is longer: an index, and the addresses of both, for each.
  assert.ok((often?.size ?? 0) - (once?.size ?? 0) < 100 * 32);
});

test('a fresh instance takes the data of another one', () => {
  const data = { a: { b: ['c', 1, 'x'.repeat(100_000)] } };
  const old = load(instance(), data);
  const policy = instance();
  loadAgain(policy, old);
  assert.equal(policy.dataAddr, old.policy.dataAddr);
  assert.deepEqual(structure(policy, policy.dataAddr), structure(old.policy, policy.dataAddr));
});

test('half of a character is an error, as it is to OPA', () => {
  assert.throws(() => load(instance(), { a: '\ud800' }), EngineError);
});
