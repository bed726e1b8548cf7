import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { kubernetesAnswers } from '../scheduler/scheduler.ts';
import {
  type Attempt,
  nameOf,
  type Reality,
  readCluster,
  readThemes,
} from '../support/red-team.ts';
import { makeAttempt, namespaceOf } from './attempts.ts';
import { type Cluster, startCluster, until } from './cluster.ts';

// Every attempt of testdata/red-team on a real control plane: the result is the one that is stated there.
// The decisions of the kubelet come from its own code in tools/scheduler-oracle: kubelets are simulated.

const { reserved, workers } = readCluster();
const attempts = readThemes().flatMap((theme) => theme.attempts);
const ofFiles = attempts.filter((attempt) => attempt.static);
const ofNodes = attempts.filter((attempt) => !attempt.static && objectsOf(attempt).every(isNode));
const ofPods = attempts.filter(
  (attempt) => !ofFiles.includes(attempt) && !ofNodes.includes(attempt),
);

/** What happened to an attempt: the error that rejected it, and its pods by the node where they were. */
interface Seen {
  refusal: string;
  readonly pods: Map<string, JsonObject>;
}

const seen = new Map<string, Seen>(
  attempts.map(({ id }) => [id, { refusal: '', pods: new Map() }]),
);

describe('the red team', () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster();
    await prepare(cluster);
    const watching = watch(cluster);
    try {
      await attack(cluster);
    } finally {
      await watching.stop();
    }
    await attackNodes(cluster);
    evaluateKubelets();
  });
  after(() => cluster?.stop());

  for (const attempt of attempts) {
    test(attempt.id, () => {
      const { refusal, pods } = seenOf(attempt);
      const outcome = outcomeOf(attempt);
      assert.deepEqual(outcome, attempt.reality, `${refusal} ${JSON.stringify([...pods])}`);
    });
  }
});

async function prepare(cluster: Cluster): Promise<void> {
  assert.equal(await cluster.create((reserved['kubeadm'] ?? []).map(simulated)), '');
  const names = attempts.map(namespaceOf);
  const namespaces = names.map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }));
  assert.equal(await cluster.create(namespaces), '');
  await ready(cluster);
  await until('a service account in every namespace', async () => {
    const accounts = await cluster.list('serviceaccounts');
    const served = new Set(accounts.map(({ metadata }) => map(metadata)['namespace']));
    return [...names, 'kube-system'].every((name) => served.has(name)) || undefined;
  });
}

/**
 * First there are only the tainted nodes of one profile, then those of the other, and workers last: a pod
 * is bound to a tainted node if it can be, and to a worker only if it cannot.
 */
async function attack(cluster: Cluster): Promise<void> {
  const isOf = (name: string) => (attempt: Attempt) => attempt.profile === name;
  await makeAll(cluster, ofPods.filter(isOf('kubeadm')));
  await settled(cluster, 'reaches', isOf('kubeadm'));
  assert.equal(await cluster.create((reserved['tectonic-1.6.4'] ?? []).map(simulated)), '');
  await ready(cluster);
  await makeAll(cluster, ofPods.filter(isOf('tectonic-1.6.4')));
  await settled(cluster, 'reaches', isOf('tectonic-1.6.4'));
  assert.equal(await cluster.create(workers.map(simulated)), '');
  await ready(cluster);
  await settled(cluster, 'elsewhere', () => true);
}

/** Makes attempts, some at a time. */
async function makeAll(cluster: Cluster, some: readonly Attempt[]): Promise<void> {
  const waiting = [...some];
  const work = async () => {
    for (let attempt = waiting.shift(); attempt !== undefined; attempt = waiting.shift()) {
      seenOf(attempt).refusal = await makeAttempt(cluster, attempt);
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
}

/**
 * Waits until pods are where they are expected, with a timeout, and then until the scheduler has evaluated
 * all other pods.
 */
async function settled(
  cluster: Cluster,
  reality: Reality,
  concerns: (attempt: Attempt) => boolean,
): Promise<void> {
  const expected = ofPods.filter((attempt) => attempt.reality === reality && concerns(attempt));
  const patience = Date.now() + 90_000;
  const isThere = (attempt: Attempt) => outcomeOf(attempt) === reality;
  while (!expected.every(isThere) && Date.now() < patience) await pause(1000);
  await until('every pod to be evaluated', async () => {
    const pods = await cluster.list('pods');
    return pods.every(isDecided) || undefined;
  });
  await pause(3000);
}

/** No scheduler evaluates a pod that is being deleted, and only the default scheduler runs here. */
function isDecided({ metadata, spec, status }: JsonObject): boolean {
  const { nodeName, schedulerName } = map(spec);
  const conditions = map(status)['conditions'];
  return (
    nodeName !== undefined ||
    map(metadata)['deletionTimestamp'] !== undefined ||
    schedulerName !== 'default-scheduler' ||
    (Array.isArray(conditions) && conditions.some((one) => map(one)['type'] === 'PodScheduled'))
  );
}

/** Records where pods are: some do not stay, because they are evicted or their node does not exist. */
function watch(cluster: Cluster): { readonly stop: () => Promise<void> } {
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      note(await cluster.list('pods'));
      await pause(1000);
    }
  })();
  return {
    stop: () => {
      isOver = true;
      return watching;
    },
  };
}

function note(pods: readonly JsonObject[]): void {
  for (const pod of pods) {
    const { nodeName } = map(pod['spec']);
    if (typeof nodeName !== 'string') continue;
    for (const attempt of ofPods.filter((candidate) => isOfAttempt(pod, candidate))) {
      const { pods: noted } = seenOf(attempt);
      if (!noted.has(nodeName)) noted.set(nodeName, pod);
    }
  }
}

/** An attempt has its own namespace. Its pods in other namespaces are found by name. */
function isOfAttempt({ metadata }: JsonObject, attempt: Attempt): boolean {
  const { namespace, name } = map(metadata);
  return (
    namespace === namespaceOf(attempt) ||
    attempt.objects.some(
      (object) =>
        map(object['metadata'])['namespace'] === namespace &&
        String(name).startsWith(nameOf(object)),
    )
  );
}

/** Makes the attempts on nodes, each with a pod that selects the node and tolerates nothing. */
async function attackNodes(cluster: Cluster): Promise<void> {
  for (const attempt of ofNodes) {
    const seenHere = seenOf(attempt);
    seenHere.refusal = await makeAttempt(cluster, attempt, simulated);
    if (seenHere.refusal !== '') continue;
    assert.equal(await cluster.create([probe(attempt)]), '');
  }
  await ready(cluster);
  const isDone = (attempt: Attempt) =>
    attempt.reality !== 'reaches' || seenOf(attempt).pods.size > 0;
  const patience = Date.now() + 60_000;
  do {
    await pause(3000);
    noteProbes(await cluster.list('pods'));
  } while (!ofNodes.every(isDone) && Date.now() < patience);
}

function probe(attempt: Attempt): JsonObject {
  const values = [nodeOf(attempt)];
  const terms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values }] }];
  const required = { nodeSelectorTerms: terms };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'probe', namespace: namespaceOf(attempt) },
    spec: {
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } },
      containers: [{ name: 'main', image: 'registry.example/main' }],
    },
  };
}

function noteProbes(pods: readonly JsonObject[]): void {
  for (const attempt of ofNodes) {
    const found = pods.find(
      ({ metadata }) =>
        map(metadata)['namespace'] === namespaceOf(attempt) && map(metadata)['name'] === 'probe',
    );
    const name = map(found?.['spec'])['nodeName'];
    if (found !== undefined && name === nodeOf(attempt)) seenOf(attempt).pods.set(name, found);
  }
}

/** The attempts whose pods are bound to a tainted node, or are static pods there, and rejected by its kubelet. */
const turnedAway = new Set<string>();

function evaluateKubelets(): void {
  const bound = [...ofPods, ...ofFiles].flatMap((attempt) =>
    nodesFor(attempt).flatMap((node) => {
      const pod = attempt.static ? attempt.objects[0] : seenOf(attempt).pods.get(nameOf(node));
      return pod === undefined ? [] : [{ attempt, node, pod: map(pod['spec']) }];
    }),
  );
  const answers = kubernetesAnswers(bound.map(({ pod, node }) => ({ pod, nodes: [node] })));
  for (const [index, { attempt }] of bound.entries()) {
    const [verdict] = answers[index]?.nodes ?? [];
    const runs = attempt.static ? verdict?.static : verdict?.kubelet;
    if (runs !== true) turnedAway.add(attempt.id);
  }
}

function outcomeOf(attempt: Attempt): Reality {
  const { refusal, pods } = seenOf(attempt);
  if (turnedAway.has(attempt.id)) return 'turned away';
  if (attempt.static) return 'reaches';
  const isOnReserved = ofNodes.includes(attempt)
    ? pods.size > 0
    : nodesFor(attempt).some((node) => pods.has(nameOf(node)));
  if (isOnReserved) return 'reaches';
  if (refusal !== '') return refusalOf(attempt, refusal);
  return pods.size > 0 ? 'elsewhere' : 'pending';
}

/** Returns the expected outcome if the error has the expected text, and otherwise the error. */
function refusalOf({ reality }: Attempt, refusal: string): Reality {
  if (typeof reality !== 'object') return { refused: refusal };
  if ('refused' in reality)
    return refusal.includes(reality.refused) ? reality : { refused: refusal };
  return refusal.includes('no matches for kind') ? reality : { refused: refusal };
}

/** The tainted nodes of the attempt's profile. */
function nodesFor({ profile }: Attempt): readonly JsonObject[] {
  return reserved[profile] ?? [];
}

function nodeOf(attempt: Attempt): string {
  return nameOf(objectsOf(attempt)[0] ?? {});
}

function objectsOf({ objects, review, text }: Attempt): readonly JsonObject[] {
  if (text !== undefined) return [{}];
  const shown = review?.object ?? review?.oldObject;
  return shown === undefined ? objects : [shown];
}

function isNode({ kind }: JsonObject): boolean {
  return kind === 'Node';
}

/** A node with a simulated kubelet (kwok). */
function simulated(node: JsonObject): JsonObject {
  if (!isNode(node)) return node;
  const metadata = map(node['metadata']);
  return {
    ...node,
    metadata: { ...metadata, annotations: { 'kwok.x-k8s.io/node': 'fake' } },
  };
}

async function ready(cluster: Cluster): Promise<void> {
  await until('Ready nodes', async () => {
    const taints = (await cluster.list('nodes')).flatMap(({ spec }) => {
      const found = map(spec)['taints'];
      return Array.isArray(found) ? found : [];
    });
    return taints.every((taint) => !String(map(taint)['key']).endsWith('/not-ready')) || undefined;
  });
}

function seenOf({ id }: Attempt): Seen {
  const found = seen.get(id);
  if (found === undefined) throw new Error(`no entry for ${id}`);
  return found;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function map(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
}
