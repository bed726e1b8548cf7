import type { JsonObject } from '../../src/kubernetes/json.ts';

// Objects with claims that anyone can write, and that an API server or a kubelet would have made otherwise.

/** The node that no user's pod may reach, and its label. */
export const RESERVED = 'cp-0';
const ROLE = { 'node-role.kubernetes.io/control-plane': '' };

export const NODE: JsonObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: RESERVED, labels: { 'kubernetes.io/os': 'linux', ...ROLE } },
  spec: { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] },
};

const CONTAINERS = [{ name: 'main', image: 'registry.example/main:1' }];
const TOLERANT = { tolerations: [{ operator: 'Exists' }], containers: CONTAINERS };
const ON_RESERVED = { ...TOLERANT, nodeSelector: ROLE };

export interface Forged {
  readonly name: string;
  /** What a user sends to the cluster. */
  readonly object: JsonObject;
  /** What a user gives to `check`, in files. */
  readonly files: readonly JsonObject[];
  /** Whether the API server shows it like an object that no user made. No kubelet runs such a pod. */
  readonly isIndistinguishable?: boolean;
}

/** @param uid of the Node */
export function forged(uid: string): readonly Forged[] {
  return [
    asFile('source annotation', staticPod('etcd-x', { 'kubernetes.io/config.source': 'file' })),
    asFile(
      'source annotation of an API',
      staticPod('etcd-y', { 'kubernetes.io/config.source': 'api' }),
    ),
    asFile('mirror annotation', mirrorPod('etcd-z', {})),
    { ...asFile('mirror pod', mirrorPod('etcd-cp-0', { uid })), isIndistinguishable: true },
    madeUp(),
  ];
}

function asFile(name: string, object: JsonObject): Forged {
  return { name, object, files: [object] };
}

function staticPod(name: string, annotations: JsonObject): JsonObject {
  const metadata = { name, namespace: 'kube-system', annotations };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: ON_RESERVED };
}

/**
 * What a kubelet writes into a mirror pod, sent by someone else. The API server requires the node.
 *
 * @param owner the Node that is the controller; a pod without it has none
 */
function mirrorPod(name: string, owner: { readonly uid?: string }): JsonObject {
  const pod = staticPod(name, {
    'kubernetes.io/config.mirror': 'a1b2',
    'kubernetes.io/config.source': 'file',
    'kubernetes.io/config.hash': 'a1b2',
  });
  const node = { apiVersion: 'v1', kind: 'Node', name: RESERVED, controller: true };
  const ownerReferences = owner.uid === undefined ? [] : [{ ...node, uid: owner.uid }];
  const metadata = { ...(pod['metadata'] as JsonObject), ownerReferences };
  return { ...pod, metadata, spec: { ...TOLERANT, nodeName: RESERVED } };
}

/** A pod that says it runs, on a Node that the file says is a worker. The API server drops the status. */
function madeUp(): Forged {
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: RESERVED, labels: { 'node-role.kubernetes.io/worker': '' } },
  };
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'made-up', namespace: 'shop', uid: '7f0c2ad4-0000-4000-8000-000000000001' },
    spec: { nodeName: RESERVED, containers: CONTAINERS },
    status: { phase: 'Running' },
  };
  return { name: 'made-up Node and phase', object, files: [object, node] };
}

const LABELS = { app: 'db' };

/** A StatefulSet whose update stops before its only pod, first with a template that is not harmless. */
export function statefulSet(isHarmless: boolean): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', namespace: 'shop' },
    spec: {
      replicas: 1,
      serviceName: 'db',
      selector: { matchLabels: LABELS },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } },
      template: templateOf(isHarmless),
    },
  };
}

/** A revision that a user writes for the StatefulSet. */
export function forgedRevision(uid: string): JsonObject {
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', uid, controller: true };
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: { name: 'db-forged', namespace: 'shop', labels: LABELS, ownerReferences: [owner] },
    revision: 7,
    data: { spec: { template: { $patch: 'replace', ...templateOf(false) } } },
  };
}

function templateOf(isHarmless: boolean): JsonObject {
  return {
    metadata: { labels: LABELS },
    spec: isHarmless ? { containers: CONTAINERS } : ON_RESERVED,
  };
}
