import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject, JsonValue } from '../../src/kubernetes/json.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { reach } from '../../src/reach.ts';
import { openFiles } from '../../src/session.ts';
import { builtBulkhead, shippedProfile } from '../support/bulkhead.ts';
import { randomFrom } from '../support/mutate.ts';
import { setting, sized } from '../support/settings.ts';
import { PARAMETERS } from './classes.ts';
import { type Random, randomNode, randomPod } from './pods.ts';
import { kubernetesAnswers, type OracleVerdict } from './scheduler.ts';

// Compares the whole way from files to who can run where (src/reach.ts) with Kubernetes' own scheduler, kubelet and
// DaemonSet controller. Each cluster has many Nodes that do not differ for most pods: they are asked as one.

const PAIRS = setting('PAIRS', sized(20_000, 400_000));
const SEED = setting('SEED', 20_261_130);
const NODES = 25;
const PODS = 100;

const PROFILE: Profile = {
  ...shippedProfile('kubeadm'),
  components: [],
  nodeRoles: PARAMETERS.nodeRoles,
  nodeLabels: [],
  otherWorkloads: { nodeRole: 'worker' },
};

/** What a Node has by its present condition, which does not count (lib.nodes.taints). */
const CONDITION = /^node\.(?:kubernetes\.io|cloudprovider\.kubernetes\.io)\//;

test(`${PAIRS} cells of pods and Nodes from seed ${SEED}`, (context) => {
  const random = randomFrom(SEED);
  const counts = { yes: 0, no: 0, rejected: 0 };
  for (let done = 0; done < PAIRS; done += NODES * PODS) {
    const nodes = Array.from({ length: NODES }, (_, index) => shownNode(random, index));
    const pods = Array.from({ length: PODS }, () => randomPod(random));
    const ours = cellsOf(nodes, pods);
    const theirs = kubernetesAnswers(pods.map((pod) => ({ pod, nodes: nodes.map(lasting) })));
    for (const [index, pod] of pods.entries()) {
      const cells = ours.get(`p${index}`);
      if (cells === undefined) counts.rejected += 1;
      else compare({ pod, index, nodes, cells, verdicts: theirs[index]?.nodes ?? [] }, counts);
    }
  }
  context.diagnostic(JSON.stringify(counts));
  assert.ok(counts.yes > PAIRS / 10 && counts.no > PAIRS / 10, JSON.stringify(counts));
  assert.ok(counts.rejected < PAIRS / NODES / 2, JSON.stringify(counts));
});

interface Row {
  readonly pod: JsonObject;
  readonly index: number;
  readonly nodes: readonly JsonObject[];
  readonly cells: ReadonlyMap<string, boolean>;
  readonly verdicts: readonly OracleVerdict[];
}

function compare(
  { pod, index, nodes, cells, verdicts }: Row,
  counts: { yes: number; no: number },
): void {
  assert.equal(verdicts.length, nodes.length);
  for (const [column, verdict] of verdicts.entries()) {
    const runs = expected(pod, index, verdict);
    const node = nodes[column] ?? {};
    assert.equal(cells.get(nameOf(node)), runs, JSON.stringify({ index, pod, node }));
    counts[runs ? 'yes' : 'no'] += 1;
  }
}

/** Whether each pod runs on each Node, by their names; without the pods that no API server accepts. */
function cellsOf(
  nodes: readonly JsonObject[],
  pods: readonly JsonObject[],
): ReadonlyMap<string | null, ReadonlyMap<string, boolean>> {
  const file = asFile([...nodes, ...pods.map(workload)]);
  const found = reach(openFiles(builtBulkhead(), PROFILE, [file]));
  assert.equal(found.nodes.length, NODES);
  return new Map(
    found.workloads.map(({ object, byNode }) => [
      object.name,
      new Map(found.nodes.map(({ name }, column) => [name, byNode[column]?.runs === true])),
    ]),
  );
}

/** Every third one is a DaemonSet, the others are pods. */
function workload(spec: JsonObject, index: number): JsonObject {
  const metadata = { namespace: 'shop', name: `p${index}` };
  if (index % 3 > 0) return { apiVersion: 'v1', kind: 'Pod', metadata, spec };
  const labels = { app: `p${index}` };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata,
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}

function expected(pod: JsonObject, index: number, verdict: OracleVerdict): boolean {
  if (index % 3 === 0) return verdict.daemon;
  return (pod['nodeName'] ?? '') === '' ? verdict.scheduler : verdict.kubelet;
}

/** A Node as an API server shows it: all its labels are known. Some pods name the first three. */
function shownNode(random: Random, index: number): JsonObject {
  const node = randomNode(random);
  const metadata = node['metadata'] as JsonObject;
  return { ...node, metadata: { ...metadata, name: `n${index + 1}`, uid: `uid-${index}` } };
}

function nameOf(node: JsonObject): string {
  return String((node['metadata'] as JsonObject)['name']);
}

function lasting(node: JsonObject): JsonObject {
  const { unschedulable: _, taints = [], ...spec } = node['spec'] as JsonObject;
  const kept = (taints as readonly JsonObject[]).filter(({ key }) => !CONDITION.test(String(key)));
  return { ...node, spec: { ...spec, taints: kept } };
}

function asFile(items: readonly JsonValue[]): {
  readonly name: string;
  readonly bytes: Uint8Array;
} {
  const list = { apiVersion: 'v1', kind: 'List', items };
  return { name: 'cluster.json', bytes: new TextEncoder().encode(JSON.stringify(list)) };
}
