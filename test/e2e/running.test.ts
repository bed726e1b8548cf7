import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { check } from '../../src/check.ts';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { readProfile } from '../../src/profile/read.ts';
import { builtBulkhead } from '../support/bulkhead.ts';
import { type Cluster, startCluster, until } from './cluster.ts';

// Whether a component runs, and whether its pods can be evicted once they are not ready: the verdict against a
// real control plane. All workloads share the nodes of one role, and each has its own namespace.

const NODES = 3;
const NOT_READY = 2;
const EVICTED = { key: 'dedicated', operator: 'Exists', effect: 'NoExecute' };
const CONTAINER = { name: 'main', image: 'registry.example/main:1' };
const LABELS = { app: 'web' };
const APART = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: LABELS } },
    ],
  },
};

interface Workload {
  readonly name: string;
  readonly kind?: 'Deployment' | 'DaemonSet' | 'ReplicaSet' | 'StatefulSet';
  readonly replicas?: number;
  /** Fields of the object's spec beside the template. */
  readonly spec?: JsonObject;
  /** Fields of the pod's spec. Its tolerations are EVICTED if it has none here. */
  readonly pod?: JsonObject;
}

const seconds = (tolerationSeconds: number | null) => ({ ...EVICTED, tolerationSeconds });
const tolerating = (...tolerations: readonly JsonObject[]) => ({ tolerations });
const EVERY = { operator: 'Exists' };

const WORKLOADS: readonly Workload[] = [
  { name: 'tolerates the taint for good' },
  { name: 'has 1 replica', replicas: 1 },
  { name: 'tolerates the taint for 5 seconds', pod: tolerating(seconds(5)) },
  { name: 'tolerates the taint for 0 seconds', pod: tolerating(seconds(0)) },
  { name: 'tolerates the taint for less than 0 seconds', pod: tolerating(seconds(-1)) },
  { name: 'has null seconds', pod: tolerating(seconds(null)) },
  { name: 'has seconds before a toleration for good', pod: tolerating(seconds(3), EVICTED) },
  { name: 'has seconds after a toleration for good', pod: tolerating(EVICTED, seconds(3)) },
  { name: 'has seconds before a toleration of every taint', pod: tolerating(seconds(3), EVERY) },
  { name: 'has seconds after a toleration of every taint', pod: tolerating(EVERY, seconds(3)) },
  {
    name: 'has seconds for a value that the taint has not',
    pod: tolerating({ ...seconds(3), operator: 'Equal', value: 'other' }, EVICTED),
  },
  {
    name: 'has seconds for every NoExecute taint',
    pod: tolerating({ operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 3 }, EVERY),
  },
  { name: 'is a DaemonSet', kind: 'DaemonSet' },
  { name: 'is a DaemonSet with 3 seconds', kind: 'DaemonSet', pod: tolerating(seconds(3)) },
  { name: 'is a DaemonSet with 0 seconds', kind: 'DaemonSet', pod: tolerating(seconds(0)) },
  { name: 'is a StatefulSet with 3 seconds', kind: 'StatefulSet', pod: tolerating(seconds(3)) },
  {
    name: 'names its node and has 3 seconds',
    pod: { nodeName: 'dedicated-1', ...tolerating(seconds(3)) },
  },
  { name: 'names its node', pod: { nodeName: 'dedicated-1', ...tolerating(EVICTED) } },
  {
    name: 'has a class that tolerates for good',
    pod: { runtimeClassName: 'good', tolerations: [] },
  },
  {
    name: 'has seconds beside a class that tolerates for good',
    pod: { runtimeClassName: 'good', ...tolerating(seconds(3)) },
  },
  {
    name: 'has seconds for its value beside a class that tolerates every one',
    pod: {
      runtimeClassName: 'every',
      ...tolerating({ ...seconds(3), operator: 'Equal', value: '' }),
    },
  },
  {
    name: 'tolerates for good beside a class with seconds',
    pod: { runtimeClassName: 'brief', ...tolerating(EVICTED) },
  },
  { name: 'has a class with seconds', pod: { runtimeClassName: 'brief', tolerations: [] } },
  { name: 'has a scheduling gate', pod: { schedulingGates: [{ name: 'shop.example/wait' }] } },
  { name: 'has no scheduling gates', pod: { schedulingGates: [] } },
  {
    name: 'is a DaemonSet with a scheduling gate',
    kind: 'DaemonSet',
    pod: { schedulingGates: [{ name: 'shop.example/wait' }] },
  },
  { name: 'has 0 replicas', replicas: 0 },
  { name: 'is a StatefulSet of 0 replicas', kind: 'StatefulSet', replicas: 0 },
  {
    name: 'has a replica for each node',
    kind: 'ReplicaSet',
    replicas: 3,
    pod: { affinity: APART },
  },
  { name: 'has a replica too many', kind: 'ReplicaSet', replicas: 4, pod: { affinity: APART } },
  { name: 'shares its nodes', kind: 'ReplicaSet', replicas: 4 },
  {
    name: 'is a StatefulSet with a replica too many, which nothing restarts',
    kind: 'StatefulSet',
    replicas: 4,
    spec: { updateStrategy: { type: 'OnDelete' } },
    pod: { affinity: APART },
  },
  {
    name: 'is a StatefulSet with a replica too many, of which none is updated',
    kind: 'StatefulSet',
    replicas: 4,
    spec: { updateStrategy: { rollingUpdate: { partition: 4 } } },
    pod: { affinity: APART },
  },
  {
    name: 'has a port of the node and a replica too many',
    kind: 'ReplicaSet',
    replicas: 4,
    pod: { containers: [{ ...CONTAINER, ports: [{ containerPort: 80, hostPort: 8000 }] }] },
  },
];

interface Budgeted {
  readonly name: string;
  readonly replicas: number;
  readonly budget: JsonObject;
}

const always = { unhealthyPodEvictionPolicy: 'AlwaysAllow' };

const BUDGETED: readonly Budgeted[] = [
  { name: 'may lose one of 3', replicas: 3, budget: { minAvailable: 2 } },
  { name: 'may lose one of 3 by maxUnavailable', replicas: 3, budget: { maxUnavailable: 1 } },
  { name: 'may lose two of 3', replicas: 3, budget: { maxUnavailable: 2 } },
  { name: 'may lose three of 4', replicas: 4, budget: { minAvailable: '25%' } },
  { name: 'may lose all', replicas: 3, budget: { minAvailable: 0 } },
  { name: 'lets unhealthy pods go', replicas: 3, budget: { minAvailable: 2, ...always } },
  { name: 'lets unhealthy pods of all go', replicas: 3, budget: { minAvailable: 0, ...always } },
  {
    name: 'lets unhealthy pods go while enough are healthy',
    replicas: 3,
    budget: { minAvailable: 2, unhealthyPodEvictionPolicy: 'IfHealthyBudget' },
  },
];

const idOf = (prefix: string, index: number) => `${prefix}-${index}`;

describe('components on a real cluster', () => {
  let cluster: Cluster;
  let api: string;
  before(async () => {
    cluster = await startCluster();
    api = await cluster.serve();
    const namespaces = [
      ...WORKLOADS.map((_, index) => idOf('w', index)),
      ...BUDGETED.map((_, index) => idOf('b', index)),
    ].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
    assert.equal(await cluster.create([...namespaces, ...CLUSTER]), '');
    await until('a service account in every namespace, and Ready nodes', async () => {
      const accounts = await cluster.list('serviceaccounts');
      const nodes = JSON.stringify(await cluster.list('nodes'));
      const isServed = accounts.length >= namespaces.length;
      return (isServed && !nodes.includes('node.kubernetes.io/not-ready')) || undefined;
    });
    assert.equal(
      await cluster.create([...WORKLOADS.map(manifest), ...BUDGETED.flatMap(budgeted)]),
      '',
    );
  });
  after(() => cluster?.stop());

  test('run where no finding says that they stop', async (context) => {
    const nodes = await cluster.list('nodes');
    const stopped = reported([...WORKLOADS.map(manifest), ...nodes], ['stopped-component']);
    const expected = WORKLOADS.map((_, index) => !stopped.has(idOf('w', index)));
    // What is evicted comes again: its pods are never the same for long.
    const seen = await until('every other component to run', async () => {
      const first = await cluster.list('pods');
      await new Promise((resolve) => setTimeout(resolve, 8000));
      const second = await cluster.list('pods');
      const isLasting = (pod: JsonObject) =>
        isReady(pod) && first.some((one) => uidOf(one) === uidOf(pod));
      const running = WORKLOADS.map((workload, index) => {
        const own = second.filter((pod) => namespaceOf(pod) === idOf('w', index));
        const wanted = workload.kind === 'DaemonSet' ? NODES : (workload.replicas ?? 2);
        return wanted > 0 && own.filter(isLasting).length === wanted;
      });
      const isSettled = running.every((runs, index) => runs || !expected[index]);
      return isSettled ? running : undefined;
    });
    assert.deepEqual(
      WORKLOADS.flatMap(({ name }, index) => (seen[index] === expected[index] ? [] : [name])),
      [],
    );
    context.diagnostic(`${seen.filter(Boolean).length} of ${seen.length} run`);
    assert.ok(seen.filter(Boolean).length > 5 && seen.filter((runs) => !runs).length > 5);
  });

  test('keep pods that are not ready where a finding says so', async (context) => {
    const nodes = await cluster.list('nodes');
    const policy = 'unevictable-unhealthy-pods';
    const keeping = reported([...BUDGETED.flatMap(budgeted), ...nodes], [policy]);
    const seen = new Map<string, boolean>();
    for (const [index, { replicas }] of BUDGETED.entries()) {
      const id = idOf('b', index);
      const own = await until(`the pods of ${id}`, async () => {
        const pods = (await cluster.list('pods')).filter((pod) => namespaceOf(pod) === id);
        return pods.length === replicas && pods.every(isReady) ? pods : undefined;
      });
      // All crash, one after the other: whether the eviction of one of them is ever refused.
      let refused = false;
      for (const [crashed, pod] of own.entries()) {
        await crash(api, pod);
        await until(`the budget of ${id} to count`, async () => {
          const [budget] = (await cluster.list('poddisruptionbudgets')).filter(
            (one) => namespaceOf(one) === id,
          );
          const status = Object(budget?.['status']);
          return status.currentHealthy === replicas - crashed - 1 || undefined;
        });
        refused ||= (await evict(api, pod)) === 429;
      }
      seen.set(id, refused);
    }
    assert.deepEqual(
      BUDGETED.flatMap(({ name }, index) => {
        const id = idOf('b', index);
        return seen.get(id) === keeping.has(id) ? [] : [name];
      }),
      [],
    );
    const refusing = [...seen.values()].filter(Boolean).length;
    context.diagnostic(`${refusing} of ${seen.size} refuse evictions`);
    assert.ok(refusing >= NOT_READY && refusing < seen.size);
  });
});

/** The namespaces of the components about which one of the policies reports something. */
function reported(
  objects: readonly JsonObject[],
  policies: readonly string[],
): ReadonlySet<string> {
  const rows = objects.flatMap((object) =>
    object['kind'] === 'Node' || object['kind'] === 'PodDisruptionBudget'
      ? []
      : [
          {
            name: namespaceOf(object),
            match: { namespace: namespaceOf(object), name: 'web' },
            nodeRole: 'dedicated',
            disruptionControl: true,
            drainable: true,
          },
        ],
  );
  const roles = {
    worker: { labels: { pool: 'worker' } },
    dedicated: {
      labels: { pool: 'dedicated' },
      taints: [{ key: 'dedicated', value: '', effect: 'NoExecute' }],
    },
  };
  const head = 'apiVersion: bulkhead.dev/v1\nkind: Profile\nmetadata: {name: e2e, title: e2e}\n';
  const text = `${head}nodeRoles: ${JSON.stringify(roles)}\ncomponents: ${JSON.stringify(rows)}\n`;
  const read = readProfile('e2e.yaml', text);
  if (read.kind === 'errors') throw new AggregateError(read.errors);
  const list = { apiVersion: 'v1', kind: 'List', items: [...objects, ...CLASSES] };
  const bytes = new TextEncoder().encode(JSON.stringify(list));
  const report = check(builtBulkhead(), read.profile, [{ name: 'cluster.json', bytes }]);
  assert.deepEqual(report.inputErrors, []);
  return new Set(
    report.findings
      .filter(({ policy }) => policies.includes(policy))
      .map(({ object }) => object.namespace ?? ''),
  );
}

function manifest(
  { kind = 'Deployment', replicas = 2, spec, pod }: Workload,
  index: number,
): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'web', namespace: idOf('w', index) },
    spec: {
      ...(kind !== 'DaemonSet' && { replicas }),
      ...(kind === 'StatefulSet' && { serviceName: 'web' }),
      ...spec,
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: {
          nodeSelector: { pool: 'dedicated' },
          tolerations: [EVICTED],
          containers: [CONTAINER],
          ...pod,
        },
      },
    },
  };
}

function budgeted({ replicas, budget }: Budgeted, index: number): readonly JsonObject[] {
  const namespace = idOf('b', index);
  const workload = manifest({ name: '', replicas }, index);
  return [
    { ...workload, metadata: { name: 'web', namespace } },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', namespace },
      spec: { ...budget, selector: { matchLabels: LABELS } },
    },
  ];
}

const CLASSES: readonly JsonObject[] = [
  runtimeClass('good', EVICTED),
  runtimeClass('every', EVERY),
  runtimeClass('brief', seconds(3)),
];

const CLUSTER: readonly JsonObject[] = [
  ...Array.from({ length: NODES }, (_, index) => node(`dedicated-${index + 1}`, 'dedicated')),
  node('worker-1', 'worker'),
  ...CLASSES,
];

function node(name: string, pool: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { pool, 'kubernetes.io/hostname': name },
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
    },
    spec: { taints: pool === 'dedicated' ? [{ key: 'dedicated', effect: 'NoExecute' }] : [] },
  };
}

function runtimeClass(name: string, toleration: JsonObject): JsonObject {
  return {
    apiVersion: 'node.k8s.io/v1',
    kind: 'RuntimeClass',
    metadata: { name },
    handler: name,
    scheduling: { tolerations: [toleration] },
  };
}

/** Makes a pod not ready, as one whose container crashes. */
async function crash(api: string, pod: JsonObject): Promise<void> {
  const condition = { type: 'Ready', status: 'False', reason: 'ContainersNotReady' };
  const response = await fetch(`${urlOf(api, pod)}/status`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/strategic-merge-patch+json' },
    body: JSON.stringify({ status: { conditions: [condition] } }),
  });
  assert.equal(response.status, 200, await response.text());
}

/** Asks whether a pod can be evicted. @returns the status of the response. */
async function evict(api: string, pod: JsonObject): Promise<number> {
  const { name, namespace } = Object(pod['metadata']);
  const response = await fetch(`${urlOf(api, pod)}/eviction`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace },
      deleteOptions: { dryRun: ['All'] },
    }),
  });
  await response.text();
  return response.status;
}

function urlOf(api: string, pod: JsonObject): string {
  const { name, namespace } = Object(pod['metadata']);
  return `${api}/api/v1/namespaces/${namespace}/pods/${name}`;
}

function namespaceOf({ metadata }: JsonObject): string {
  return Object(metadata).namespace ?? '';
}

function uidOf({ metadata }: JsonObject): string {
  return Object(metadata).uid;
}

function isReady({ metadata, status }: JsonObject): boolean {
  const conditions: readonly JsonObject[] = Object(status).conditions ?? [];
  const isLeaving = Object(metadata).deletionTimestamp !== undefined;
  return !isLeaving && conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
}
