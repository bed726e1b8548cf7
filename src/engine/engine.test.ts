import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtBulkhead, shippedProfile } from '../../test/support/bulkhead.ts';
import { EngineError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { bind, exemptable, wholeTable } from '../policy/parameters.ts';
import { createEngine, type EngineData } from './engine.ts';
import { loadPolicySync } from './sdk.ts';

// The SDK reports many failures as "no violations", all of which were observed. Each must be an EngineError
// here, or have no effect.

const { wasm, catalogue } = builtBulkhead();
const profile = shippedProfile('tectonic-1.6.4');
const data: EngineData = {
  bulkhead: {
    parameters: Object.fromEntries(bind(catalogue, profile)),
    table: wholeTable(profile),
    exemptable: exemptable(catalogue),
  },
  inventory: {},
};
const intruder: JsonObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'b' },
  spec: { tolerations: [{ operator: 'Exists' }] },
};

function nested(depth: number): JsonValue {
  let value: JsonValue = null;
  for (let level = 0; level < depth; level += 1) value = { a: value };
  return value;
}

test('the policies need no built-in of the host, which would differ from OPA', () => {
  const module = loadPolicySync(wasm, { initial: 64 });
  // The SDK fills this in from the module's own list.
  const instance: unknown = Reflect.get(module, 'wasmInstance');
  const exports: unknown = Reflect.get(Object(instance), 'exports');
  const [builtins, dump] = ['builtins', 'opa_json_dump'].map((name) =>
    Reflect.get(Object(exports), name),
  );
  const address: unknown = dump(builtins());
  const memory = new Uint8Array(module.mem.buffer);
  const start = Number(address);
  const text = new TextDecoder().decode(memory.subarray(start, memory.indexOf(0, start)));
  assert.equal(text, '{}');
});

test('an engine without policies is rejected: it would find nothing', () => {
  assert.throws(
    () => createEngine(wasm, { ...data, bulkhead: { ...data.bulkhead, parameters: {} } }),
    EngineError,
  );
});

test('a module that is no policy is an error, not a clean verdict', () => {
  const engine = createEngine(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]), data);
  assert.throws(() => engine.evaluate(intruder), EngineError);
});

test('after an object that the policies cannot take, the next is checked from a fresh instance', () => {
  const engine = createEngine(wasm, data);
  const before = engine.evaluate(intruder);
  for (let round = 0; round < 3; round += 1) {
    assert.throws(() => engine.evaluate({ ...intruder, metadata: nested(20_000) }), EngineError);
    assert.deepEqual(engine.evaluate(intruder), before);
  }
  assert.deepEqual(
    before.violations.map(({ policy }) => policy),
    ['control-plane-intrusion'],
  );
});

test('policies with the same parameters find together what each finds alone', () => {
  const engine = createEngine(wasm, data);
  const { parameters } = data.bulkhead;
  const objects: readonly JsonObject[] = [
    intruder,
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'kube-dns', namespace: 'kube-system' },
      spec: { template: { spec: { nodeSelector: { 'node-role.kubernetes.io/master': '' } } } },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'kube-scheduler', namespace: 'kube-system' },
      spec: { replicas: 0, template: { spec: {} } },
    },
  ];
  for (const object of objects) {
    const alone = Object.entries(parameters).flatMap(
      ([id, own]) =>
        createEngine(wasm, {
          ...data,
          bulkhead: { ...data.bulkhead, parameters: { [id]: own } },
        }).evaluate(object).violations,
    );
    const together = engine.evaluate(object).violations;
    assert.ok(together.length > 0);
    const byText = (one: unknown) => JSON.stringify(one);
    assert.deepEqual(together.map(byText).sort(), alone.map(byText).sort());
  }
});

test('an object far larger than the memory at the start is checked', () => {
  const engine = createEngine(wasm, data);
  const big = { ...intruder, data: 'x'.repeat(30_000_000) };
  assert.deepEqual(engine.evaluate(big), engine.evaluate(intruder));
});

test('text beyond ASCII, quotes and NUL come back as they went in', () => {
  const engine = createEngine(wasm, data);
  const name = 'ünï "\\ \u0000 😀';
  const [violation] = engine.evaluate({
    ...intruder,
    metadata: { name, namespace: 'b' },
  }).violations;
  assert.ok(violation?.message.startsWith(`Pod b/${name} can be scheduled`));
});

test('an instance works for thousands of objects', () => {
  const engine = createEngine(wasm, data);
  const first = engine.evaluate(intruder);
  for (let round = 0; round < 3000; round += 1) engine.evaluate(intruder);
  assert.deepEqual(engine.evaluate(intruder), first);
});

test('cells describe an object in the words of the table', () => {
  const engine = createEngine(wasm, data);
  const cells = engine.cells({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'kube-dns', namespace: 'kube-system' },
  });
  assert.deepEqual(cells, [
    {
      component: 'kube-dns',
      type: 'Deployment',
      replicas: '1',
      nodeRole: 'worker',
      antiAffinity: 'no',
      disruptionControl: 'no',
    },
  ]);
});
