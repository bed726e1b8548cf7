import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { check } from '../../src/check.ts';
import { inventoryOf } from '../../src/engine/inventory.ts';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { readProfile } from '../../src/profile/read.ts';
import { PARAMETERS } from '../scheduler/classes.ts';
import { randomPod } from '../scheduler/pods.ts';
import { compileScheduling, kubernetesAnswers } from '../scheduler/scheduler.ts';
import { builtBulkhead } from '../support/bulkhead.ts';
import { randomFrom } from '../support/mutate.ts';
import { type Cluster, startCluster, until } from './cluster.ts';

// Hundreds of workloads on a real control plane: the node of each pod, or that it stays Pending, never
// contradicts the libraries and the policies.

const PODS = 300;
const SEED = 20_261_124;

// The roles of test/scheduler/classes.ts, as a profile.
const PROFILE = `apiVersion: bulkhead.dev/v1
kind: Profile
metadata: {name: e2e, title: e2e}
nodeRoles: ${JSON.stringify(
  Object.fromEntries(
    PARAMETERS.nodeRoles.map(({ name, labels, taints }) => [
      name,
      { labels: Object.fromEntries(labels.map(({ key, value }) => [key, value])), taints },
    ]),
  ),
)}
components: [{name: none, match: {namespace: kube-system, name: none}, type: Pod}]
otherWorkloads: {nodeRole: worker}
`;

const NODES = [
  node('n1', { role: '' }, [{ key: 'role', effect: 'NoSchedule' }]),
  node('n2', { role: 'x', n: '7' }, []),
  node('n3', { infra: 'true' }, [{ key: 'infra', value: 'true', effect: 'NoExecute' }]),
  node('n4', { role: '', n: '8', 'example.com/pool': 'x' }, [
    { key: 'role', effect: 'NoSchedule' },
  ]),
  node('n5', { role: 'x', n: '08', 'example.com/pool': 'y' }, [
    { key: 'sla', value: '950', effect: 'NoSchedule' },
  ]),
  node('n6', { role: 'x', 'example.com/pool': '' }, []),
  { ...node('n7', { role: 'x', n: '0' }, []), spec: { unschedulable: true } },
];

describe('a real scheduler', () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster();
  });
  after(() => cluster?.stop());

  test('binds no pod to a node where it cannot run according to the policies', async (context) => {
    assert.equal(await cluster.create(NODES), '');
    await until('the default service account and Ready nodes', async () => {
      const accounts = await cluster.list('serviceaccounts');
      const isServed = accounts.some(({ metadata }) => text(metadata, 'namespace') === 'default');
      const taints = (await cluster.list('nodes')).flatMap((given) =>
        list(given['spec'], 'taints'),
      );
      const isReady = taints.every((taint) => !text(taint, 'key').endsWith('/not-ready'));
      return isServed && isReady ? true : undefined;
    });
    const workloads = validWorkloads();
    assert.equal(await cluster.create([RUNTIME_CLASS, ...workloads]), '');
    // A node whose heartbeat is late, on a busy machine, has a taint for a while. What contradicts the policies
    // after it is gone is a contradiction.
    const patience = Date.now() + 90_000;
    const { contradictions, table } = await until('all pods to be bound or pending', async () => {
      const nodes = await cluster.list('nodes');
      const daemonSets = await cluster.list('daemonsets');
      const pods = await cluster.list('pods');
      if (!isSettled(pods, daemonSets, workloads)) return undefined;
      const outcome = compare(workloads, nodes, pods);
      return outcome.contradictions.length === 0 || Date.now() > patience ? outcome : undefined;
    });
    context.diagnostic(JSON.stringify(table));
    assert.deepEqual(contradictions, []);
    // Every kind of outcome occurs, or the test proves little.
    for (const [outcome, count] of Object.entries(table)) {
      assert.ok(count > 5, `${outcome}: ${count}`);
    }
  });
});

const RUNTIME_CLASS: JsonObject = {
  apiVersion: 'node.k8s.io/v1',
  kind: 'RuntimeClass',
  metadata: { name: 'tolerant' },
  handler: 'tolerant',
  scheduling: { tolerations: [{ key: 'role', operator: 'Exists' }] },
};

/** Pods that the API server accepts, each as a Pod, a Deployment or a DaemonSet. */
function validWorkloads(): readonly JsonObject[] {
  const random = randomFrom(SEED);
  const drawn = Array.from({ length: 4 * PODS }, () => {
    // A pod with nodeName bypasses the scheduler: policies/scheduler-bypass checks it.
    const { nodeName: _, ...pod } = randomPod(random);
    return random(8) === 0 ? { ...pod, runtimeClassName: 'tolerant' } : pod;
  });
  const answers = kubernetesAnswers(drawn.map((pod) => ({ pod, nodes: [], validate: true })));
  return drawn
    .filter((_, index) => (answers[index]?.invalid ?? []).length === 0)
    .slice(0, PODS)
    .map((pod, index) => workload(pod, index));
}

function workload(pod: JsonObject, index: number): JsonObject {
  const name = `w-${index}`;
  const spec = { ...pod, containers: [{ name: 'main', image: 'registry.example/main:1' }] };
  const labels = { app: name };
  const metadata = { name, namespace: 'default' };
  if (index % 3 === 0) {
    return { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, labels }, spec };
  }
  const kind = index % 3 === 1 ? 'Deployment' : 'DaemonSet';
  const template = { metadata: { labels }, spec };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata,
    spec: { selector: { matchLabels: labels }, template },
  };
}

/** Whether every workload has all its pods, and each is bound or unschedulable. */
function isSettled(
  pods: readonly JsonObject[],
  daemonSets: readonly JsonObject[],
  workloads: readonly JsonObject[],
): boolean {
  const owners = new Set(pods.map(ownerOf));
  const complete = new Set(daemonSets.filter(hasPods).map(nameOf));
  return (
    workloads.every((object) =>
      (object['kind'] === 'DaemonSet' ? complete : owners).has(nameOf(object)),
    ) && pods.every((pod) => text(pod['spec'], 'nodeName') !== '' || isUnschedulable(pod))
  );
}

/** Whether the controller has created the pods of a DaemonSet: it creates them in batches. */
function hasPods(daemonSet: JsonObject): boolean {
  const { observedGeneration, desiredNumberScheduled, currentNumberScheduled } = map(
    daemonSet['status'],
  );
  return (
    observedGeneration === map(daemonSet['metadata'])['generation'] &&
    currentNumberScheduled === desiredNumberScheduled
  );
}

function isUnschedulable(pod: JsonObject): boolean {
  return list(pod['status'], 'conditions').some(
    (condition) => text(condition, 'reason') === 'Unschedulable',
  );
}

const libraries = compileScheduling(
  undefined,
  inventoryOf(
    [RUNTIME_CLASS],
    [{ kind: 'RuntimeClass', groups: ['node.k8s.io'], isClusterScoped: true }],
  ),
);

/** The nodes on which a workload's pods can be. */
function expected(object: JsonObject, nodes: readonly JsonObject[]): readonly string[] {
  const way = object['kind'] === 'DaemonSet' ? 'daemon' : 'scheduler';
  const ways = libraries.nodes({ pod: podOf(object), nodes });
  return nodes.filter((_, index) => ways[index]?.includes(way)).map(nameOf);
}

function compare(
  workloads: readonly JsonObject[],
  nodes: readonly JsonObject[],
  pods: readonly JsonObject[],
) {
  const found = reserved(workloads, nodes);
  const table = {
    workloads: workloads.length,
    pods: pods.length,
    onReserved: 0,
    onOthers: 0,
    pending: 0,
    'reported to reach tainted nodes': found.size,
  };
  const contradictions: JsonObject[] = [];
  for (const object of workloads) {
    const own = pods.filter((pod) => ownerOf(pod) === nameOf(object));
    const can = expected(object, nodes);
    const on = own.map((pod) => text(pod['spec'], 'nodeName'));
    for (const name of on) {
      if (name === '') table.pending += 1;
      else if (RESERVED.has(name)) table.onReserved += 1;
      else table.onOthers += 1;
    }
    const bound = on.filter((name) => name !== '');
    const isReported = found.has(nameOf(object));
    const isRight =
      bound.every((name) => can.includes(name)) &&
      (object['kind'] === 'DaemonSet'
        ? JSON.stringify([...bound].sort()) === JSON.stringify([...can].sort())
        : bound.length > 0 === can.length > 0) &&
      // A workload that is not reported has no pod on a tainted node.
      (isReported || !bound.some((name) => RESERVED.has(name)));
    if (!isRight) contradictions.push({ object, can, on, isReported });
  }
  return { contradictions, table };
}

const RESERVED = new Set(['n1', 'n3', 'n4']);

/** The workloads that the policies report, given their manifests and the Nodes of the cluster. */
function reserved(
  workloads: readonly JsonObject[],
  nodes: readonly JsonObject[],
): ReadonlySet<string> {
  const read = readProfile('e2e.yaml', PROFILE);
  if (read.kind === 'errors') throw new AggregateError(read.errors);
  const items = [...workloads, ...nodes, RUNTIME_CLASS];
  const bytes = new TextEncoder().encode(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  const report = check(builtBulkhead(), read.profile, [{ name: 'cluster.json', bytes }]);
  assert.deepEqual(report.inputErrors, []);
  return new Set(
    report.findings
      .filter(({ policy }) => policy === 'control-plane-intrusion')
      .map(({ object }) => object.name ?? ''),
  );
}

function node(name: string, labels: JsonObject, taints: readonly JsonObject[]): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { 'kubernetes.io/arch': 'x', ...labels },
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
    },
    spec: { taints: [...taints] },
  };
}

function podOf(object: JsonObject): JsonObject {
  const spec = map(object['spec']);
  return object['kind'] === 'Pod' ? spec : map(map(spec['template'])['spec']);
}

/** The workload of a pod, by the label that all pods of a workload have. */
function ownerOf(pod: JsonObject): string {
  return text(map(pod['metadata'])['labels'], 'app');
}

function nameOf(object: JsonObject): string {
  return text(object['metadata'], 'name');
}

function map(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
}

function text(holder: unknown, key: string): string {
  const value = map(holder)[key];
  return typeof value === 'string' ? value : '';
}

function list(holder: unknown, key: string): readonly JsonObject[] {
  const value = map(holder)[key];
  return Array.isArray(value) ? (value as readonly JsonObject[]) : [];
}
