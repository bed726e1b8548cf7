import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../kubernetes/json.ts';
import type { Resource } from '../kubernetes/resources.ts';
import { inventoryOf } from './inventory.ts';
import { indexOf, patternsOf, rowsOf } from './inventory-index.ts';

const RESOURCES: readonly Resource[] = [
  { kind: 'Deployment', groups: ['apps'], template: ['spec', 'template'] },
  { kind: 'PodDisruptionBudget', groups: ['policy'] },
  { kind: 'HorizontalPodAutoscaler', groups: ['autoscaling'] },
  { kind: 'PersistentVolume', groups: [''], isClusterScoped: true },
];

const object = (apiVersion: string, kind: string, name: string, spec: JsonObject): JsonObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'n' },
  spec,
});
const deployment = (name: string, labels: JsonObject) =>
  object('apps/v1', 'Deployment', name, { template: { metadata: { labels } } });
const budget = (name: string, selector: JsonObject) =>
  object('policy/v1', 'PodDisruptionBudget', name, { selector });

function indexed(objects: readonly JsonObject[]) {
  const index = indexOf(inventoryOf(objects, RESOURCES), RESOURCES);
  return Object(index);
}

test('labels of pods are indexed by the keys of the namespace’s budgets alone', () => {
  const objects = [deployment('a', { app: 'x', tier: 'y' }), deployment('b', { app: 1 })];
  assert.deepEqual(indexed(objects).namespace, {});
  const { namespace } = indexed([...objects, budget('c', { matchLabels: { app: 'z' } })]);
  assert.deepEqual(namespace.n['apps/v1'].Deployment, {
    having: { 'spec.template.metadata.labels': { app: { x: ['a'] } } },
  });
});

test('a budget is indexed by its rarest pair, or among the others', () => {
  const { namespace } = indexed([
    budget('a', { matchLabels: { tier: 'x', app: 'a' } }),
    budget('b', { matchLabels: { tier: 'x', app: 'b' } }),
    budget('c', { matchExpressions: [{ key: 'app', operator: 'Exists' }] }),
    budget('d', { matchLabels: { app: 1 }, matchExpressions: [] }),
  ]);
  assert.deepEqual(namespace.n['policy/v1'].PodDisruptionBudget, {
    selecting: {
      'spec.selector.matchLabels': {
        pairs: { app: { a: ['a'], b: ['b'] } },
        others: ['c', 'd'],
      },
    },
    listing: { 'spec.selector.matchExpressions': ['c'] },
  });
});

test('what names another object is indexed by the name', () => {
  const { namespace, cluster } = indexed([
    object('autoscaling/v2', 'HorizontalPodAutoscaler', 'a', { scaleTargetRef: { name: 'web' } }),
    object('v1', 'PersistentVolume', 'b', { claimRef: { name: '__proto__' } }),
  ]);
  assert.deepEqual(namespace.n['autoscaling/v2'].HorizontalPodAutoscaler.having, {
    'spec.scaleTargetRef': { name: { web: ['a'] } },
    'spec.scaleRef': { name: {} },
  });
  assert.equal(
    JSON.stringify(cluster.v1.PersistentVolume.having),
    '{"spec.claimRef":{"name":{"__proto__":["b"]}}}',
  );
});

test('rows are indexed by what they match, with a star for what has one', () => {
  const rows = [
    ['kube-system', 'dns'],
    ['kube-*', 'dns'],
    ['kube-system', 'etcd*'],
    ['kube-system', 'dns'],
  ].map(([namespace = '', name = '']) => ({ match: { namespace, name } }));
  assert.deepEqual(rowsOf(rows), {
    'kube-system': { dns: [0, 3], '*': [2] },
    '*': { dns: [1] },
  });
});

test('names of workloads are indexed by the patterns of rows', () => {
  const patterns = patternsOf(
    ['dns', 'etcd*', '*-proxy', 'etcd*'].map((name) => ({ match: { namespace: 'n', name } })),
  );
  assert.deepEqual(patterns, ['etcd*', '*-proxy']);
  const objects = [
    ...['etcd-a', 'dns', 'a-proxy'].map((name) => deployment(name, {})),
    budget('etcd', {}),
  ];
  const { namespace } = Object(indexOf(inventoryOf(objects, RESOURCES), RESOURCES, patterns));
  assert.deepEqual(namespace.n['apps/v1'].Deployment, {
    fitting: { 'etcd*': ['etcd-a'], '*-proxy': ['a-proxy'] },
  });
  assert.equal(namespace.n['policy/v1'].PodDisruptionBudget.fitting, undefined);
});
