import type { JsonObject } from '../src/kubernetes/json.ts';
import { randomFrom } from '../test/support/mutate.ts';

type Random = (limit: number) => number;

const KINDS = ['Deployment', 'Deployment', 'Deployment', 'StatefulSet', 'DaemonSet'] as const;

/** The number of workloads in a namespace. */
const PER_NAMESPACE = 50;

/**
 * The objects of a cluster as its API server returns them, with the fields that it and its controllers
 * write: nodes, users' workloads, a ReplicaSet for each Deployment, a Service for every second workload
 * and a budget for every tenth. They are the same for the same numbers.
 */
export function clusterObjects(nodes: number, workloads: number): readonly JsonObject[] {
  const random = randomFrom(workloads);
  return [
    ...Array.from({ length: nodes }, (_, index) => node(index, random)),
    ...Array.from({ length: workloads }, (_, index) => index).flatMap((index) => [
      ...controllers(index, random),
      ...(index % 2 === 0 ? [service(index)] : []),
      ...(index % 10 === 0 ? [budget(index)] : []),
    ]),
  ];
}

function metadata(name: string, namespace: string | undefined, more: JsonObject = {}): JsonObject {
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    uid: `00000000-0000-4000-8000-${name.padStart(12, '0')}`,
    resourceVersion: '123456789',
    generation: 3,
    creationTimestamp: '2026-01-01T00:00:00Z',
    managedFields: [
      { manager: 'kubectl', operation: 'Apply', fieldsType: 'FieldsV1', fieldsV1: FIELDS },
      { manager: 'manager', operation: 'Update', subresource: 'status', fieldsV1: FIELDS },
    ],
    ...more,
  };
}

// The managed fields that the API server records, for about a dozen fields.
const FIELDS: JsonObject = {
  'f:metadata': { 'f:labels': { 'f:app.kubernetes.io/name': {} } },
  'f:spec': Object.fromEntries(
    ['replicas', 'selector', 'strategy', 'template', 'ports', 'env', 'image', 'resources'].map(
      (field) => [`f:${field}`, { '.': {}, 'f:value': {} }],
    ),
  ),
  'f:status': { 'f:conditions': { '.': {}, 'k:{"type":"Available"}': { 'f:status': {} } } },
};

function place(index: number): { readonly name: string; readonly namespace: string } {
  return { name: `app-${index}`, namespace: `team-${Math.floor(index / PER_NAMESPACE)}` };
}

function node(index: number, random: Random): JsonObject {
  const name = `node-${index}`;
  const isMaster = index < 3;
  const role = isMaster ? 'node-role.kubernetes.io/master' : 'node-role.kubernetes.io/node';
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: metadata(name, undefined, {
      labels: {
        [role]: '',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'topology.kubernetes.io/zone': `zone-${random(3)}`,
      },
    }),
    spec: {
      podCIDR: `10.2.${index % 256}.0/24`,
      ...(isMaster && { taints: [{ key: role, effect: 'NoSchedule' }] }),
    },
    status: {
      capacity: { cpu: '16', memory: '64Gi', pods: '110' },
      allocatable: { cpu: '16', memory: '63Gi', pods: '110' },
      conditions: ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].map((type) => ({
        type,
        status: type === 'Ready' ? 'True' : 'False',
        lastHeartbeatTime: '2026-01-01T00:00:00Z',
        reason: `Kubelet${type}`,
        message: `kubelet has told ${type}`,
      })),
      // A kubelet reports up to fifty.
      images: Array.from({ length: 50 }, () => ({
        names: [`registry.example/team/app-${random(5000)}@sha256:${'0123456789abcdef'.repeat(4)}`],
        sizeBytes: 100_000_000 + random(1_000_000),
      })),
    },
  };
}

/** A workload, and the ReplicaSet of a Deployment. */
function controllers(index: number, random: Random): readonly JsonObject[] {
  const { name, namespace } = place(index);
  const kind = KINDS[random(KINDS.length)] ?? 'Deployment';
  const labels = { 'app.kubernetes.io/name': name };
  const replicas = 1 + random(5);
  const spec = {
    ...(kind !== 'DaemonSet' && { replicas }),
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: podSpec(name) },
  };
  const workload = {
    apiVersion: 'apps/v1',
    kind,
    metadata: metadata(name, namespace, { labels }),
    spec,
    status: { observedGeneration: 3, replicas, readyReplicas: replicas, updatedReplicas: replicas },
  };
  if (kind !== 'Deployment') return [workload];
  const owner = { apiVersion: 'apps/v1', kind, name, uid: '0', controller: true };
  const owned = metadata(`${name}-5d4f8c7b9`, namespace, { labels, ownerReferences: [owner] });
  return [workload, { ...workload, kind: 'ReplicaSet', metadata: owned }];
}

function podSpec(name: string): JsonObject {
  return {
    serviceAccountName: 'app',
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [{ key: 'dedicated', value: 'batch', effect: 'NoSchedule' }],
    containers: [
      {
        name: 'main',
        image: `registry.example/team/${name}:1.2.3`,
        args: ['--listen=:8080', '--log-level=info'],
        env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
        ports: [{ containerPort: 8080, name: 'http' }],
        resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
        livenessProbe: { httpGet: { path: '/healthz', port: 'http' }, initialDelaySeconds: 10 },
        volumeMounts: [{ mountPath: '/etc/config', name: 'config' }],
      },
    ],
    volumes: [{ name: 'config', configMap: { name } }],
  };
}

function service(index: number): JsonObject {
  const { name, namespace } = place(index);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(name, namespace),
    spec: {
      clusterIP: '10.3.0.1',
      selector: { 'app.kubernetes.io/name': name },
      ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
    },
    status: { loadBalancer: {} },
  };
}

function budget(index: number): JsonObject {
  const { name, namespace } = place(index);
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadata(name, namespace),
    spec: { maxUnavailable: 1, selector: { matchLabels: { 'app.kubernetes.io/name': name } } },
    status: { currentHealthy: 3, desiredHealthy: 2, disruptionsAllowed: 1, expectedPods: 3 },
  };
}
