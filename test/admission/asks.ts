import type { JsonObject } from '../../src/kubernetes/json.ts';
import type { Profile } from '../../src/profile/profile.ts';
import type { AdmissionAnswer, AdmissionRequest } from '../support/admission-oracle.ts';
import { idOf, JANE, requestFor } from './asking.ts';
import { complete, map } from './complete.ts';
import { HOSTILE, PROFILES } from './profiles.ts';

// Requests that differ in who asks, for what, and in what an update changes.

/** A request, and what each policy answers: the beginning of its message, or why it does not check. */
export interface Ask {
  readonly name: string;
  readonly profile: Profile;
  readonly request: AdmissionRequest;
  /** The policies that refuse, each with a part of its message; all others admit, or do not check. */
  readonly refused: Readonly<Record<string, string>>;
}

const [kubeadm, , fences] = PROFILES as readonly [Profile, Profile, Profile];

const ANY = [{ operator: 'Exists' }];
const INTRUDES = { 'control-plane-intrusion': 'can be scheduled onto control-plane nodes' };
const PASSES = { 'control-plane-intrusion': 'would pass for what a controller makes' };

function controller(name: string): AdmissionRequest['userInfo'] {
  return {
    username: `system:serviceaccount:kube-system:${name}`,
    groups: ['system:serviceaccounts', 'system:authenticated'],
  };
}

function kubelet(node: string): AdmissionRequest['userInfo'] {
  return { username: `system:node:${node}`, groups: ['system:nodes', 'system:authenticated'] };
}

interface Made {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: JsonObject;
  readonly annotations?: JsonObject;
  readonly owner?: string;
  readonly spec?: JsonObject;
}

function pod({
  name = 'made-1',
  namespace = 'kube-system',
  owner,
  spec,
  ...metadata
}: Made): JsonObject {
  return complete({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, ...metadata, ...owned(owner) },
    spec: spec ?? { tolerations: ANY },
  });
}

function workload(
  kind: string,
  { name = 'made', namespace = 'kube-system', owner, spec, labels, ...metadata }: Made,
): JsonObject {
  const template = { metadata: { labels: labels ?? {} }, spec: spec ?? { tolerations: ANY } };
  return complete({
    apiVersion: kind === 'Job' || kind === 'CronJob' ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { name, namespace, ...metadata, ...owned(owner) },
    spec: kind === 'CronJob' ? { jobTemplate: { spec: { template } } } : { template },
  });
}

function owned(owner: string | undefined): JsonObject {
  if (owner === undefined) return {};
  const [kind = '', name = ''] = owner.split('/');
  const apiVersion =
    kind === 'Node' ? 'v1' : ['Job', 'CronJob'].includes(kind) ? 'batch/v1' : 'apps/v1';
  return { ownerReferences: [{ apiVersion, kind, name, uid: 'u', controller: true }] };
}

function node(
  labels: JsonObject,
  taints: readonly JsonObject[],
  spec: JsonObject = {},
): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1', labels },
    spec: { ...spec, taints: [...taints] },
  };
}

const MIRROR = { 'kubernetes.io/config.mirror': 'x', 'kubernetes.io/config.hash': 'x' };
const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';
const LABELLED = { [CONTROL_PLANE]: '' };
const TAINT = { key: CONTROL_PLANE, effect: 'NoSchedule' };
const HASH = { 'pod-template-hash': '5d78', app: 'x' };
const OF_COREDNS = { owner: 'ReplicaSet/coredns-5d78', labels: HASH };

function binding(name: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name, namespace: 'kube-system' },
    target: { kind: 'Node', name: 'n1' },
  };
}

/** Required node affinity: for one node, as the DaemonSet controller writes it; for nodes of no control plane. */
function affinity(term: JsonObject): JsonObject {
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] },
    },
  };
}
const PINNED = {
  tolerations: ANY,
  affinity: affinity({
    matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }],
  }),
};
const OFF = affinity({ matchExpressions: [{ key: CONTROL_PLANE, operator: 'DoesNotExist' }] });

type Row = readonly [
  name: string,
  object: JsonObject,
  rest: Partial<AdmissionRequest>,
  refused: Readonly<Record<string, string>>,
];

const UNDER_KUBEADM: readonly Row[] = [
  [
    'a pod that the ReplicaSet controller makes for coredns',
    pod(OF_COREDNS),
    { userInfo: controller('replicaset-controller') },
    {},
  ],
  [
    'the same by the controller manager without service accounts',
    pod(OF_COREDNS),
    { userInfo: { username: 'system:kube-controller-manager', groups: [] } },
    {},
  ],
  ['a pod of a user that names the ReplicaSet of coredns', pod(OF_COREDNS), {}, INTRUDES],
  [
    'a pod of a ReplicaSet of that name in another namespace',
    pod({ ...OF_COREDNS, namespace: 'shop' }),
    { userInfo: controller('replicaset-controller') },
    INTRUDES,
  ],
  [
    'a pod whose label is not the hash of its ReplicaSet',
    pod({ ...OF_COREDNS, labels: { 'pod-template-hash': '78' } }),
    { userInfo: controller('replicaset-controller') },
    INTRUDES,
  ],
  [
    'a pod of a ReplicaSet without a hash',
    pod({ owner: 'ReplicaSet/coredns-5d78' }),
    { userInfo: controller('replicaset-controller') },
    INTRUDES,
  ],
  [
    'a pod with an empty hash',
    pod({ owner: 'ReplicaSet/coredns-', labels: { 'pod-template-hash': '' } }),
    { userInfo: controller('replicaset-controller') },
    INTRUDES,
  ],
  [
    'a pod of kube-proxy',
    pod({ owner: 'DaemonSet/kube-proxy' }),
    { userInfo: controller('daemon-set-controller') },
    {},
  ],
  [
    'a pod of another DaemonSet',
    pod({ owner: 'DaemonSet/agent' }),
    { userInfo: controller('daemon-set-controller') },
    INTRUDES,
  ],
  [
    'a pod of another DaemonSet that its controller pins to a node',
    pod({ owner: 'DaemonSet/agent', spec: PINNED }),
    { userInfo: controller('daemon-set-controller') },
    {},
  ],
  [
    'the same by a user',
    pod({ owner: 'DaemonSet/agent', spec: PINNED }),
    {},
    { 'control-plane-intrusion': 'matches them' },
  ],
  [
    'the same of a ReplicaSet',
    pod({ owner: 'ReplicaSet/agent', spec: PINNED }),
    { userInfo: controller('replicaset-controller') },
    { 'control-plane-intrusion': 'matches them' },
  ],
  [
    'a pod of kube-proxy by a controller that is not one of Kubernetes',
    pod({ owner: 'DaemonSet/kube-proxy' }),
    { userInfo: controller('my-controller') },
    INTRUDES,
  ],
  [
    'a pod that names kube-proxy, but not as its controller',
    complete({
      ...pod({}),
      metadata: {
        name: 'a',
        namespace: 'kube-system',
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'kube-proxy', uid: 'u' },
        ],
      },
    }),
    { userInfo: controller('daemon-set-controller') },
    INTRUDES,
  ],
  [
    'the ReplicaSet of coredns',
    workload('ReplicaSet', { name: 'coredns-5d78', owner: 'Deployment/coredns', labels: HASH }),
    { userInfo: controller('deployment-controller') },
    {},
  ],
  [
    'a ReplicaSet of a user with a name like that',
    workload('ReplicaSet', {
      name: 'coredns-5d78',
      labels: HASH,
      spec: { runtimeClassName: 'kata' },
    }),
    {},
    PASSES,
  ],
  [
    'a ReplicaSet of a user without the hash',
    workload('ReplicaSet', { name: 'coredns-5d78', spec: {} }),
    {},
    {},
  ],
  [
    'a ReplicaSet of a user for no component',
    workload('ReplicaSet', { name: 'web-5d78', labels: HASH, spec: {} }),
    {},
    {},
  ],
  [
    'a label on a pod that tolerates everything',
    pod({ labels: { a: 'b' } }),
    { operation: 'UPDATE', oldObject: pod({}) },
    {},
  ],
  [
    'a toleration that is appended',
    pod({}),
    { operation: 'UPDATE', oldObject: pod({ spec: {} }) },
    INTRUDES,
  ],
  [
    'a toleration that is appended to a pod of coredns',
    pod({ ...OF_COREDNS }),
    { operation: 'UPDATE', oldObject: pod({ ...OF_COREDNS, spec: {} }) },
    INTRUDES,
  ],
  [
    'an owner that is taken from a pod of kube-proxy',
    pod({}),
    {
      operation: 'UPDATE',
      oldObject: pod({ owner: 'DaemonSet/kube-proxy' }),
      userInfo: controller('generic-garbage-collector'),
    },
    {},
  ],
  [
    'a Deployment that tolerates everything gets a label',
    workload('Deployment', { annotations: { a: 'b' } }),
    { operation: 'UPDATE', oldObject: workload('Deployment', {}) },
    {},
  ],
  [
    'another image of a Deployment that tolerates everything',
    workload('Deployment', { spec: { tolerations: ANY, containers: [{ image: 'b' }] } }),
    { operation: 'UPDATE', oldObject: workload('Deployment', {}) },
    {},
  ],
  [
    'another image of a DaemonSet that tolerates everything, whose pods are not asked',
    workload('DaemonSet', { spec: { tolerations: ANY, containers: [{ image: 'b' }] } }),
    { operation: 'UPDATE', oldObject: workload('DaemonSet', {}) },
    INTRUDES,
  ],
  [
    'a label on a DaemonSet that tolerates everything',
    workload('DaemonSet', { annotations: { a: 'b' } }),
    { operation: 'UPDATE', oldObject: workload('DaemonSet', {}) },
    {},
  ],
  [
    'a pod of a StatefulSet with the name of a component',
    pod({ owner: 'StatefulSet/coredns' }),
    { userInfo: controller('statefulset-controller') },
    {},
  ],
  [
    'a pod of a ReplicationController with the name of a component',
    pod({ owner: 'ReplicationController/coredns' }),
    { userInfo: controller('replication-controller') },
    {},
  ],
  [
    'a label on a component with another number of replicas',
    workload('Deployment', {
      name: 'coredns',
      annotations: { a: 'b' },
      spec: { tolerations: ANY, nodeSelector: { 'kubernetes.io/os': 'linux' } },
    }),
    {
      operation: 'UPDATE',
      oldObject: workload('Deployment', {
        name: 'coredns',
        spec: { tolerations: ANY, nodeSelector: { 'kubernetes.io/os': 'linux' } },
      }),
    },
    {},
  ],
  [
    'a label on a component of another kind',
    workload('StatefulSet', { name: 'kube-proxy', annotations: { a: 'b' } }),
    { operation: 'UPDATE', oldObject: workload('StatefulSet', { name: 'kube-proxy' }) },
    {},
  ],
  [
    'a scheduler with a name of two lines',
    pod({ spec: { schedulerName: `a\nb`, tolerations: ANY } }),
    {},
    { ...INTRUDES, 'scheduler-bypass': 'scheduler a b is not known' },
  ],
  [
    'a nodeSelector that is taken from a Deployment',
    workload('Deployment', {}),
    {
      operation: 'UPDATE',
      oldObject: workload('Deployment', {
        spec: { tolerations: ANY, nodeSelector: { 'node-role.kubernetes.io/worker': '' } },
      }),
    },
    INTRUDES,
  ],
  [
    'an affinity that is taken from a Deployment',
    workload('Deployment', {}),
    {
      operation: 'UPDATE',
      oldObject: workload('Deployment', { spec: { tolerations: ANY, affinity: OFF } }),
    },
    INTRUDES,
  ],
  [
    'a nodeName that a Deployment gets',
    workload('Deployment', { spec: { nodeName: 'n1' } }),
    { operation: 'UPDATE', oldObject: workload('Deployment', { spec: {} }) },
    { 'scheduler-bypass': 'nodeName puts it on n1' },
  ],
  [
    'a scheduler that a Deployment gets',
    workload('Deployment', { spec: { schedulerName: 'own' } }),
    { operation: 'UPDATE', oldObject: workload('Deployment', { spec: {} }) },
    { 'scheduler-bypass': 'scheduler own is not known' },
  ],
  [
    'a hash that is given to a ReplicaSet named like that of coredns',
    workload('ReplicaSet', { name: 'coredns-5d78', labels: HASH, spec: {} }),
    { operation: 'UPDATE', oldObject: workload('ReplicaSet', { name: 'coredns-5d78', spec: {} }) },
    PASSES,
  ],
  [
    'the mirror of a static pod, by its kubelet',
    mirror('kube-apiserver-n1', 'n1'),
    { userInfo: kubelet('n1') },
    {},
  ],
  [
    'the same by a user',
    mirror('kube-apiserver-n1', 'n1'),
    {},
    { 'scheduler-bypass': 'nodeName puts it on n1' },
  ],
  [
    'the mirror of a static pod that is no component',
    mirror('stranger-n1', 'n1'),
    { userInfo: kubelet('n1') },
    { 'scheduler-bypass': 'it is a static pod on n1' },
  ],
  [
    'a mirror that names another Node',
    mirror('kube-apiserver-n1', 'n2'),
    { userInfo: kubelet('n1') },
    { 'scheduler-bypass': 'nodeName puts it on n1' },
  ],
  ['a Binding of a user', binding('web'), {}, { 'scheduler-bypass': 'it puts the pod on n1' }],
  [
    'the same of a user at pods/binding',
    binding('web'),
    { resource: { group: '', version: 'v1', resource: 'pods' }, subresource: 'binding' },
    { 'scheduler-bypass': 'it puts the pod on n1' },
  ],
  [
    'a Binding of the scheduler',
    binding('web'),
    { userInfo: { username: 'system:kube-scheduler', groups: [] } },
    {},
  ],
  ['a Binding of a pod with the name of a component', binding('coredns'), {}, {}],
  ['a Node with the label and the taint', node(LABELLED, [TAINT]), {}, {}],
  [
    'a Node with the label alone',
    node(LABELLED, []),
    { userInfo: kubelet('n1') },
    { 'untainted-control-plane-node': 'but not its taint' },
  ],
  [
    'a Node with the taint alone, as a kubelet registers it',
    node({}, [TAINT]),
    { userInfo: kubelet('n1') },
    {},
  ],
  [
    'a Node with the taint alone, by a user',
    node({}, [TAINT]),
    {},
    { 'untainted-control-plane-node': 'but not its label' },
  ],
  [
    'a taint that is taken',
    node(LABELLED, []),
    { operation: 'UPDATE', oldObject: node(LABELLED, [TAINT]) },
    { 'untainted-control-plane-node': 'but not its taint' },
  ],
  [
    'label and taint that are taken',
    node({}, []),
    { operation: 'UPDATE', oldObject: node(LABELLED, [TAINT]) },
    { 'untainted-control-plane-node': 'loses the label and the taint' },
  ],
  [
    'a label that is taken by nodes/status',
    node({}, [TAINT]),
    { operation: 'UPDATE', oldObject: node(LABELLED, [TAINT]), subresource: 'status' },
    { 'untainted-control-plane-node': 'but not its label' },
  ],
  [
    'a value of the taint',
    node(LABELLED, [{ ...TAINT, value: 'x' }]),
    { operation: 'UPDATE', oldObject: node(LABELLED, [TAINT]) },
    { 'untainted-control-plane-node': 'with value "x"' },
  ],
  [
    'a cordon of a Node that is at fault',
    node(LABELLED, [], { unschedulable: true }),
    { operation: 'UPDATE', oldObject: node(LABELLED, []) },
    {},
  ],
  [
    'a taint of the node lifecycle on a Node that is at fault',
    node(LABELLED, [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }]),
    { operation: 'UPDATE', oldObject: node(LABELLED, []) },
    {},
  ],
  [
    'a Pod of a user with the name of a component',
    pod({ name: 'coredns' }),
    {},
    { 'wrong-workload-kind': 'coredns is a Pod' },
  ],
  [
    'a Deployment of another number of replicas',
    workload('Deployment', {
      name: 'coredns',
      spec: { tolerations: ANY, nodeSelector: { 'kubernetes.io/os': 'linux' } },
    }),
    {},
    { 'wrong-replica-count': 'coredns has 1 replica; the profile expects 2' },
  ],
];

const UNDER_FENCES: readonly Row[] = [
  ['a pod of a user in an exempt namespace', pod({ namespace: 'exempt-1' }), {}, {}],
  ['a pod of a user in the namespace exempt', pod({ namespace: 'exempt' }), {}, INTRUDES],
  [
    'a Job of cleaner',
    workload('Job', { name: 'cleaner-29384720', owner: 'CronJob/cleaner' }),
    { userInfo: controller('cronjob-controller') },
    {},
  ],
  [
    'a pod of a Job of cleaner',
    pod({ name: 'cleaner-29384720-x', owner: 'Job/cleaner-29384720' }),
    { userInfo: controller('job-controller') },
    {},
  ],
  [
    'a pod of a Job of cleaner in a later century',
    pod({ name: 'x', owner: 'Job/cleaner-129384720' }),
    { userInfo: controller('job-controller') },
    {},
  ],
  [
    'a pod of a Job that a user named after cleaner',
    pod({ name: 'cleaner-now-x', owner: 'Job/cleaner-now' }),
    { userInfo: controller('job-controller') },
    INTRUDES,
  ],
  [
    'a Job of a user with the name of one of cleaner',
    workload('Job', { name: 'cleaner-29384720', spec: {} }),
    {},
    PASSES,
  ],
  [
    'a pod of dns by a controller of the profile',
    pod({ owner: 'ReplicaSet/dns-5d78', labels: HASH }),
    { userInfo: { username: 'own-controller', groups: [] } },
    {},
  ],
  [
    'a pod of a StatefulSet named dns, which the row is not for',
    pod({ owner: 'StatefulSet/dns' }),
    { userInfo: controller('statefulset-controller') },
    INTRUDES,
  ],
  [
    'a Binding of a user of the profile',
    binding('web'),
    { userInfo: { username: 'binder', groups: [] } },
    {},
  ],
  ['a pod of a scheduler of the profile', pod({ spec: { schedulerName: 'second' } }), {}, {}],
  [
    'a pod of another scheduler',
    pod({
      spec: {
        schedulerName: 'third',
        tolerations: [{ key: 'role', operator: 'Exists', effect: 'NoExecute' }],
      },
    }),
    {},
    {
      'scheduler-bypass': 'scheduler third is not known',
      'control-plane-intrusion': 'it tolerates role:NoExecute',
    },
  ],
];

const UNDER_HOSTILE: readonly Row[] = [
  [
    'the mirror of a static pod that runs on every node',
    mirror('api-n1', 'n1', ANY),
    { userInfo: kubelet('n1') },
    {},
  ],
];

function mirror(
  name: string,
  owner: string,
  tolerations: readonly JsonObject[] = [{ operator: 'Exists', effect: 'NoExecute' }],
): JsonObject {
  return pod({
    name,
    annotations: MIRROR,
    owner: `Node/${owner}`,
    spec: { nodeName: 'n1', tolerations },
  });
}

/** What is wrong with the answer to a request, of the policies that were asked; nothing if it is as expected. */
export function faultsOf({ refused }: Ask, { decisions }: AdmissionAnswer): readonly string[] {
  return decisions.flatMap(({ policy, action, message = '' }) => {
    const part = refused[idOf(policy)];
    if (part === undefined)
      return ['admit', 'skip'].includes(action) ? [] : [`${policy}: ${message}`];
    return action === 'deny' && message.includes(part)
      ? []
      : [`${policy} does not say ${part}: ${message}`];
  });
}

/** Every such request. */
export const ASKS: readonly Ask[] = [
  ...UNDER_KUBEADM.map((row) => ask(kubeadm, row)),
  ...UNDER_FENCES.map((row) => ask(fences, row)),
  ...UNDER_HOSTILE.map((row) => ask(HOSTILE, row)),
];

function ask(profile: Profile, [name, object, rest, refused]: Row): Ask {
  const request = requestFor(object, { userInfo: JANE, ...rest });
  if (request === undefined) throw new Error(`${name}: no policy is about it`);
  return {
    name,
    profile,
    refused,
    request: { ...request, namespace: String(map(object['metadata'])['namespace'] ?? '') },
  };
}
