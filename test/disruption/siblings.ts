import type { JsonObject } from '../../src/kubernetes/json.ts';
import type { Random } from '../scheduler/pods.ts';
import type { Question } from './disruption.ts';

// Pods as controllers create them, on nodes. The libraries evaluate a workload, and the oracle evaluates
// two of its pods.

/** How many nodes of each kind there are (policies/lib/scheduling/node_sharing.rego). */
export type NodeCounts = {
  readonly fit: number;
  readonly tainted: number;
  readonly unselected: number;
  readonly neither: number;
};

/** The largest maxSkew of the questions. */
const MOST_SKEW = 3;

const KINDS = ['Deployment', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job'];

/** A workload of some kind with the template, on some nodes. */
export function spreadQuestion(random: Random, template: JsonObject): Question {
  const kind = KINDS[random(KINDS.length)] ?? 'Deployment';
  const workload = {
    apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { name: 'web', namespace: 'default' },
    spec: { template, ...(kind === 'Job' && random(2) === 0 && { completionMode: 'Indexed' }) },
  };
  const fit = 1 + random(4);
  return spreadOf(workload, { fit, ...others(random) }, 1 + random(3));
}

function others(random: Random) {
  return { tainted: random(2), unselected: random(2), neither: random(2) };
}

/**
 * Asks whether a node takes one more pod of the workload, of the same revision and of another, with so many
 * on each node that fits.
 */
export function spreadOf(workload: Workload, counts: NodeCounts, pods = 1): Question {
  const nodes = nodesOf(counts);
  const on = Array.from({ length: counts.fit }, (_, index) => `fit-${index}`);
  // The controller of a DaemonSet binds each pod to one node.
  const placed = Array.from({ length: pods }, () => on).flat();
  const asked = workload.kind === 'DaemonSet' ? on.slice(0, 1) : on;
  const [first, sibling, successor] = podsOf(workload);
  const { nodeName = '' } = (workload.spec.template['spec'] ?? {}) as { nodeName?: string };
  return {
    ours: { spread: { workload, counts, pods } },
    theirs: [
      ...[sibling, successor].map((second) => ({
        spread: { first, second, nodes, on: placed, asked },
      })),
      { spread: { first, second: sibling, ...gathered(counts) } },
    ],
    scheduled: nodeName === '',
  };
}

/**
 * Asks on which of some nodes with labels and taints a pod of the workload fits, and whether its topology spread
 * constraints let one more in with so many on each.
 */
export function placedQuestion(random: Random, template: JsonObject): Question {
  const { nodeName: _, affinity: __, ...spec } = template['spec'] as JsonObject;
  const tolerations = random(3) === 0 ? [{ key: 'reserved', operator: 'Exists' }] : [];
  const workload = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: { template: { ...template, spec: { ...spec, tolerations } } },
  };
  const nodes = Array.from({ length: 1 + random(5) }, (_, index) => placedNode(random, index));
  const pods = 1 + random(3);
  const [first, second] = podsOf(workload);
  const named = Object.fromEntries(nodes.map((node) => [node.metadata.name, node]));
  return {
    ours: { placed: { workload, pods, inventory: { cluster: { v1: { Node: named } } } } },
    theirs: [{ spread: { first, second, nodes, pods } }],
  };
}

function placedNode(random: Random, index: number) {
  const name = `n-${index}`;
  const effect = ['NoSchedule', 'NoExecute', 'PreferNoSchedule'][random(3)] ?? '';
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: name,
      labels: { 'kubernetes.io/hostname': name, pool: random(3) > 0 ? 'm' : 'w' },
    },
    spec: { taints: random(3) === 0 ? [{ key: 'reserved', effect }] : [] },
  };
}

/** One node with as many pods as any skew allows, and another without any. */
function gathered(counts: NodeCounts) {
  const node = 'fit-0';
  return {
    nodes: nodesOf({ ...counts, fit: 2 }),
    on: Array.from({ length: MOST_SKEW }, () => node),
    asked: [node],
  };
}

export type Workload = JsonObject & {
  readonly kind: string;
  readonly spec: { readonly template: JsonObject; readonly completionMode?: string };
};

/** Asks whether two pods with these specs conflict over a host port. */
export function portsQuestion(first: JsonObject, second: JsonObject): Question {
  const pods = { first: podOf({}, first), second: podOf({}, second) };
  const nodes = nodesOf({ fit: 1, tainted: 0, unselected: 0, neither: 0 });
  const theirs = { ports: { ...pods, nodes, on: ['fit-0'], asked: ['fit-0'] } };
  return { ours: { ports: pods }, theirs: [theirs] };
}

function nodesOf({ fit, tainted, unselected, neither }: NodeCounts): readonly JsonObject[] {
  const some = (count: number, name: string, pool: string, spec: JsonObject) =>
    Array.from({ length: count }, (_, index) => ({
      metadata: {
        name: `${name}-${index}`,
        labels: { 'kubernetes.io/hostname': `${name}-${index}`, pool },
      },
      spec,
    }));
  const taints = [{ key: 'reserved', effect: 'NoSchedule' }];
  return [
    ...some(fit, 'fit', 'm', {}),
    ...some(tainted, 'tainted', 'm', { taints }),
    ...some(unselected, 'unselected', 'w', {}),
    ...some(neither, 'neither', 'w', { taints }),
  ];
}

/** A pod of the workload, its sibling, and one that an update creates. */
function podsOf(workload: Workload): readonly [JsonObject, JsonObject, JsonObject] {
  const { template } = workload.spec;
  const { labels = {} } = (template['metadata'] ?? {}) as { labels?: JsonObject };
  const pod = (revision: string, ordinal: string) =>
    podOf({ ...labels, ...givenLabels(workload, revision, ordinal) }, specOf(workload));
  return [pod('6d4f', '0'), pod('6d4f', '1'), pod('7c9b', '1')];
}

/** The labels that each controller adds (k8s.io/kubernetes pkg/controller). */
function givenLabels({ kind, spec }: Workload, revision: string, ordinal: string): JsonObject {
  switch (kind) {
    case 'Deployment':
      return { 'pod-template-hash': revision };
    case 'DaemonSet':
      return { 'controller-revision-hash': revision, 'pod-template-generation': revision };
    case 'StatefulSet':
      return {
        'controller-revision-hash': `web-${revision}`,
        'statefulset.kubernetes.io/pod-name': `web-${ordinal}`,
        'apps.kubernetes.io/pod-index': ordinal,
      };
    case 'Job': {
      const job = { 'job-name': revision, 'batch.kubernetes.io/job-name': revision };
      const key = 'batch.kubernetes.io/job-completion-index';
      return spec.completionMode === 'Indexed' ? { ...job, [key]: ordinal } : job;
    }
    default:
      return {};
  }
}

function specOf({ kind, spec: { template } }: Workload): JsonObject {
  const spec = (template['spec'] ?? {}) as JsonObject;
  if (kind !== 'DaemonSet') return spec;
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: ['fit-0'] }];
  const required = { nodeSelectorTerms: [{ matchFields }] };
  const affinity = (spec['affinity'] ?? {}) as JsonObject;
  const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: required };
  return { ...spec, affinity: { ...affinity, nodeAffinity } };
}

function podOf(labels: JsonObject, spec: JsonObject): JsonObject {
  const metadata = { name: 'pod', namespace: 'default', labels };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec };
}
