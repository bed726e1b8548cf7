import assert from 'node:assert/strict';
import { load } from '../src/engine/data.ts';
import { type LoadedPolicy, loadPolicySync } from '../src/engine/sdk.ts';
import type { JsonObject } from '../src/kubernetes/json.ts';

// How OPA lays out data in the memory of a module: src/engine/records.ts writes it so.

/** Each type of value, each size of object up to the next number of buckets, and a text beyond ASCII. */
const SAMPLE: JsonObject = {
  values: [null, true, false, 0, -1, 1.5, '', 'ä', [], {}, [[1], { a: {} }]],
  objects: [1, 5, 6, 11, 12, 100].map((count) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, index])),
  ),
};

/**
 * Checks that a module has data as this project writes it.
 *
 * @throws Error if it was built by an OPA that has it in another way.
 */
export function checkLayout(wasm: Uint8Array): void {
  const policy = loadPolicySync(wasm, { initial: 256 });
  load(policy, SAMPLE, true);
  try {
    assert.deepEqual(structure(policy, policy.dataAddr), structure(policy, parsed(policy, SAMPLE)));
  } catch (cause) {
    throw new Error(
      'this version of OPA has data in the memory of a module in another way than src/engine/records.ts writes it: ' +
        'use the version that docs/testing.md names',
      { cause },
    );
  }
}

/** Returns the address of what OPA itself makes of JSON, after what the instance has. */
export function parsed(
  { mem, wasmInstance: { exports } }: LoadedPolicy,
  value: JsonObject,
): number {
  const text = new TextEncoder().encode(JSON.stringify(value));
  const at = exports.opa_malloc(text.length);
  new Uint8Array(mem.buffer).set(text, at);
  const parse: unknown = Reflect.get(exports, 'opa_json_parse');
  assert.ok(typeof parse === 'function');
  return Number(parse(at, text.length));
}

/** Returns a value in memory, with the buckets of its objects and the order in them, by OPA's value.h. */
export function structure(policy: LoadedPolicy, address: number): unknown {
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
