import { KINDS } from '../../policies/lib/workloads/workloads.cel.ts';
import { clusterOf } from '../../scripts/profiles.ts';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { reference } from '../../src/kubernetes/objects.ts';
import { clusterObjects, mapIn, objectIn } from './objects.ts';

/** The label and taint that mark the control plane. */
export const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';
export const TAINT = { key: CONTROL_PLANE, effect: 'NoSchedule' };
/** Tolerates the taint of the control plane. */
export const TOLERATION = { key: CONTROL_PLANE, operator: 'Exists', effect: 'NoSchedule' };

const CONTAINERS = [{ name: 'main', image: 'registry.example/main:1' }];

const shipped = clusterObjects(clusterOf('kubeadm'));

/** The components as kubeadm installs them, one kubelet's mirror of a static pod among them. */
export const KUBE_PROXY = objectIn(shipped, 'DaemonSet', 'kube-proxy');
export const COREDNS = objectIn(shipped, 'Deployment', 'coredns');
export const API_SERVER = objectIn(shipped, 'Pod', 'kube-apiserver-cp-0');

/** A Node for kwok, which plays its kubelet. */
export function node(name: string, labels: JsonObject, taints: readonly JsonObject[]): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { 'kubernetes.io/os': 'linux', 'kubernetes.io/hostname': name, ...labels },
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
    },
    spec: { taints: [...taints] },
  };
}

export const KINDS_OF_WORKLOADS: readonly string[] = KINDS.map(({ kind }) => kind);

/**
 * A workload of any kind, in the namespace of users.
 *
 * @param pod fields in the spec of its pods.
 * @param fields more fields of its own spec.
 * @param more labels of its pods, beside the one that it selects.
 */
export function workload(
  kind: string,
  name: string,
  pod: JsonObject = {},
  fields: JsonObject = {},
  more: { readonly labels?: JsonObject } = {},
): JsonObject {
  const labels = { app: name };
  const metadata = { name, namespace: 'shop', labels };
  const spec = { containers: CONTAINERS, ...pod };
  const template = { metadata: { labels: { ...labels, ...more.labels } }, spec };
  if (kind === 'Pod') return { apiVersion: 'v1', kind, metadata, spec };
  if (kind === 'ReplicationController') {
    return { apiVersion: 'v1', kind, metadata, spec: { selector: labels, template, ...fields } };
  }
  if (kind === 'Job' || kind === 'CronJob') {
    const job = { template: { metadata: { labels }, spec: { restartPolicy: 'Never', ...spec } } };
    const cron = { schedule: '* * * * *', jobTemplate: { spec: job } };
    return {
      apiVersion: 'batch/v1',
      kind,
      metadata,
      spec: { ...(kind === 'Job' ? job : cron), ...fields },
    };
  }
  const selector = { matchLabels: labels };
  return { apiVersion: 'apps/v1', kind, metadata, spec: { selector, template, ...fields } };
}

/** The object with other metadata. */
export function renamed(object: JsonObject, metadata: JsonObject): JsonObject {
  return { ...object, metadata: { ...mapIn(object, 'metadata'), ...metadata } };
}

/** The object with other fields in the spec of its pods. */
function withPod(object: JsonObject, fields: JsonObject): JsonObject {
  const spec = mapIn(object, 'spec');
  const template = mapIn(spec, 'template');
  const pod = { ...mapIn(template, 'spec'), ...fields };
  return { ...object, spec: { ...spec, template: { ...template, spec: pod } } };
}

/** Objects about which a policy says something, each under a name of its own. */
export function intruders(): ReadonlyMap<string, JsonObject> {
  const tolerating = { tolerations: [TOLERATION] };
  const coredns = mapIn(COREDNS, 'spec');
  return new Map<string, JsonObject>([
    ...KINDS_OF_WORKLOADS.map((kind): [string, JsonObject] => [
      `${kind} that tolerates the taint`,
      workload(kind, 'tolerating', tolerating),
    ]),
    [
      'Pod that tolerates every taint',
      workload('Pod', 'wildcard', { tolerations: [{ operator: 'Exists' }] }),
    ],
    [
      'Pod that selects the control plane',
      workload('Pod', 'selecting', { ...tolerating, nodeSelector: { [CONTROL_PLANE]: '' } }),
    ],
    ['Pod of a RuntimeClass with the toleration', workload('Pod', 'class', CLASS)],
    ['Pod with nodeName', workload('Pod', 'named', { nodeName: 'cp-0' })],
    ['Deployment with nodeName', workload('Deployment', 'named', { nodeName: 'cp-0' })],
    ['Pod of another scheduler', workload('Pod', 'own', { schedulerName: 'own' })],
    [
      'kube-proxy as a Deployment',
      { ...KUBE_PROXY, kind: 'Deployment', spec: { ...mapIn(KUBE_PROXY, 'spec'), replicas: 2 } },
    ],
    ['kube-proxy that tolerates nothing', withPod(KUBE_PROXY, { tolerations: [] })],
    [
      'kube-proxy of Windows nodes',
      withPod(KUBE_PROXY, { nodeSelector: { 'kubernetes.io/os': 'windows' } }),
    ],
    ['coredns with 3 replicas', { ...COREDNS, spec: { ...coredns, replicas: 3 } }],
    ['coredns of another namespace', renamed(COREDNS, { namespace: 'shop' })],
    ['Node with the label alone', node('cp-9', { [CONTROL_PLANE]: '' }, [])],
    ['Node with the taint alone', node('cp-9', {}, [TAINT])],
  ]);
}

/** The fields of a pod with a RuntimeClass. */
export const CLASS = { runtimeClassName: 'tolerant' };

/** The RuntimeClass, whose tolerations the API server adds to each of its pods. */
export const RUNTIME_CLASS: JsonObject = {
  apiVersion: 'node.k8s.io/v1',
  kind: 'RuntimeClass',
  metadata: { name: CLASS.runtimeClassName },
  handler: 'runc',
  scheduling: { tolerations: [TOLERATION] },
};

/** A mirror pod as a kubelet makes it of a file. */
export function mirror(pod: JsonObject, node: JsonObject): JsonObject {
  const { uid: _, ...metadata } = mapIn(pod, 'metadata');
  const { name = '' } = reference(node);
  const uid = String(mapIn(node, 'metadata')['uid']);
  const owner = { apiVersion: 'v1', kind: 'Node', name, uid, controller: true };
  return { ...pod, metadata: { ...metadata, ownerReferences: [owner] } };
}

/** Makes each new pod of a namespace tolerate the taint, as a MutatingAdmissionPolicy and its binding. */
export function mutatingPolicy(namespace: string): readonly JsonObject[] {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const metadata = { name: 'tolerate.example.com' };
  const toleration = `Object.spec.tolerations{key: '${CONTROL_PLANE}', operator: 'Exists'}`;
  return [
    {
      apiVersion,
      kind: 'MutatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Fail',
        reinvocationPolicy: 'Never',
        matchConstraints: {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
          resourceRules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] },
          ],
        },
        mutations: [
          {
            patchType: 'JSONPatch',
            jsonPatch: {
              expression: `[JSONPatch{op: 'add', path: '/spec/tolerations/-', value: ${toleration}}]`,
            },
          },
        ],
      },
    },
    {
      apiVersion,
      kind: 'MutatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: metadata.name },
    },
  ];
}

/** A namespace whose pods tolerate the taint by default, with the plugin PodTolerationRestriction. */
export function tolerantNamespace(name: string): JsonObject {
  const key = 'scheduler.alpha.kubernetes.io/defaultTolerations';
  const annotations = { [key]: JSON.stringify([TOLERATION]) };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, annotations } };
}

/** Pods at and beyond the limits of what is checked, each of which tolerates every taint. */
export function adversePods(): ReadonlyMap<string, JsonObject> {
  const pod = (name: string, fields: JsonObject) =>
    workload('Pod', name, { tolerations: [{ operator: 'Exists' }], ...fields });
  const tolerations = (count: number) => [
    { operator: 'Exists' },
    ...times(count - 1, (index) => ({ key: `example.com/k${index}`, operator: 'Exists' })),
  ];
  const pairs = (count: number): JsonObject =>
    Object.fromEntries(times(count, (index) => [`example.com/k${index}`, `v${index}`]));
  const oneOf = (from: number, count: number, key = 'kubernetes.io/hostname') => ({
    key,
    operator: 'In',
    values: times(count, (index) => `v${from + index}`),
  });
  const absent = (term: number) => (index: number) => ({
    key: `example.com/k${term}-${index}`,
    operator: 'DoesNotExist',
  });
  return new Map<string, JsonObject>([
    ['250 tolerations', pod('adverse-0', { tolerations: tolerations(250) })],
    ['250 pairs of nodeSelector', pod('adverse-1', { nodeSelector: pairs(250) })],
    ['250 terms', pod('adverse-2', affinity(times(250, (term) => [absent(term)(0)])))],
    [
      '5 terms of 50 expressions',
      pod('adverse-3', affinity(times(5, (term) => times(50, absent(term))))),
    ],
    ['two In of 500 same values', pod('adverse-4', affinity([[oneOf(0, 500), oneOf(0, 500)]]))],
    ['two In of 500 other values', pod('adverse-5', affinity([[oneOf(0, 500), oneOf(500, 500)]]))],
    ['30,000 tolerations', pod('adverse-6', { tolerations: tolerations(30_000) })],
    ['30,000 pairs of nodeSelector', pod('adverse-7', { nodeSelector: pairs(30_000) })],
    [
      'two In of 7,000 other values',
      pod('adverse-8', affinity([[oneOf(0, 7000), oneOf(7000, 7000)]])),
    ],
    [
      '3,000 terms of two expressions',
      pod('adverse-9', affinity(times(3000, (term) => times(2, absent(term))))),
    ],
    ['10,000 terms of one name', pod('adverse-10', fieldTerms(10_000))],
    ['500 expressions in one term', pod('adverse-11', affinity([times(500, absent(0))]))],
    [
      '500 expressions on one label',
      pod('adverse-12', affinity([times(500, (index) => oneOf(index, 1, 'k'))])),
    ],
    ['one In of 15,000 values', pod('adverse-13', affinity([[oneOf(0, 15_000)]]))],
  ]);
}

/** Required node affinity, by the expressions of each term. */
export function affinity(terms: readonly (readonly JsonObject[])[]): JsonObject {
  return required(terms.map((matchExpressions) => ({ matchExpressions: [...matchExpressions] })));
}

function fieldTerms(count: number): JsonObject {
  const field = (index: number) => ({
    key: 'metadata.name',
    operator: 'In',
    values: [`node-${index}`],
  });
  return required(times(count, (index) => ({ matchFields: [field(index)] })));
}

function required(nodeSelectorTerms: readonly JsonObject[]): JsonObject {
  const requiredDuringSchedulingIgnoredDuringExecution = {
    nodeSelectorTerms: [...nodeSelectorTerms],
  };
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution } } };
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
