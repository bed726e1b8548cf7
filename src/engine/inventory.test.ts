import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../kubernetes/json.ts';
import type { Resource } from '../kubernetes/resources.ts';
import { inventoryOf } from './inventory.ts';

const RESOURCES: readonly Resource[] = [
  { kind: 'Deployment', groups: ['apps', 'extensions'], template: ['spec', 'template'] },
  { kind: 'PodDisruptionBudget', groups: ['policy'] },
];

const object = (rest: JsonObject): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  ...rest,
});

test('an object stands under its namespace, apiVersion, kind and name', () => {
  const found = inventoryOf([object({ metadata: { name: 'a', namespace: 'n' } })], RESOURCES);
  assert.deepEqual(found, {
    cluster: {},
    namespace: {
      n: { 'apps/v1': { Deployment: { a: object({ metadata: { name: 'a', namespace: 'n' } }) } } },
    },
  });
});

test('of a pod template only the labels and what decides placement are kept', () => {
  const spec = {
    replicas: 2,
    selector: { matchLabels: { containers: 'x' } },
    template: {
      metadata: { labels: { volumes: 'y' }, annotations: { a: 'b' } },
      spec: { tolerations: [], nodeSelector: {}, containers: [{ name: 'c' }], volumes: [] },
    },
  };
  const [kept] = placed([object({ metadata: { name: 'a' }, spec, status: {} })]);
  assert.deepEqual(
    kept,
    object({
      metadata: { name: 'a' },
      spec: {
        replicas: 2,
        selector: { matchLabels: { containers: 'x' } },
        template: {
          metadata: { labels: { volumes: 'y' } },
          spec: { tolerations: [], nodeSelector: {} },
        },
      },
    }),
  );
});

test('of the annotations only those that are read or are no strings are kept', () => {
  const metrics = { 'autoscaling.alpha.kubernetes.io/metrics': '[]' };
  const kept = [
    [
      { a: 'b', c: null, ...metrics, d: 1 },
      { ...metrics, d: 1 },
    ],
    [['x'], ['x']],
    ['x', 'x'],
  ];
  for (const [annotations = null, expected = null] of kept) {
    const [found] = placed([object({ metadata: { name: 'a', annotations } })]);
    assert.deepEqual(found, object({ metadata: { name: 'a', annotations: expected } }));
  }
  for (const annotations of [null, {}, { a: 'b', c: null }]) {
    const [found] = placed([object({ metadata: { name: 'a', annotations } })]);
    assert.deepEqual(found, object({ metadata: { name: 'a' } }));
  }
});

test('a kind that no policy reads is left out', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } };
  assert.deepEqual(inventoryOf([secret], RESOURCES), { cluster: {}, namespace: {} });
});

test('a kind of another API group is left out', () => {
  const other = { apiVersion: 'example.com/v1', kind: 'Deployment', metadata: { name: 'a' } };
  assert.deepEqual(inventoryOf([other], RESOURCES), { cluster: {}, namespace: {} });
});

test('of two objects with one identity the later wins', () => {
  const [first, second] = [1, 2].map((replicas) =>
    object({ metadata: { name: 'a' }, spec: { replicas } }),
  );
  assert.ok(first !== undefined && second !== undefined);
  assert.deepEqual(placed([first, second]), [second]);
});

test('objects with generateName are separate objects, and keep it', () => {
  const [first, second] = [1, 2].map((replicas) =>
    object({ metadata: { generateName: 'a-' }, spec: { replicas } }),
  );
  assert.ok(first !== undefined && second !== undefined);
  assert.deepEqual(placed([first, second]), [first, second]);
});

test('a namespace or name that JavaScript knows otherwise is a key like any other', () => {
  const hostile = object({ metadata: { name: 'constructor', namespace: '__proto__' } });
  const { namespace } = inventoryOf([hostile], RESOURCES);
  assert.deepEqual(Object.keys(Object(namespace)), ['__proto__']);
  assert.equal(
    JSON.stringify(namespace),
    `{"__proto__":{"apps/v1":{"Deployment":{"constructor":${JSON.stringify(hostile)}}}}}`,
  );
});

test('an object without metadata or with a broken template is kept as far as it goes', () => {
  assert.deepEqual(placed([object({})]), [object({ metadata: {} })]);
  assert.deepEqual(placed([object({ spec: null })]), [object({ metadata: {}, spec: {} })]);
});

/** All objects of the inventory. */
function placed(objects: readonly JsonObject[]): readonly unknown[] {
  const { namespace } = inventoryOf(objects, RESOURCES);
  return Object.values(Object(namespace))
    .flatMap((versions) => Object.values(Object(versions)))
    .flatMap((kinds) => Object.values(Object(kinds)))
    .flatMap((names) => Object.values(Object(names)));
}
