import type { JsonObject } from '../../src/kubernetes/json.ts';

/** A component with its own nodes and its own namespace. */
export interface Configuration {
  /** Its namespace, and the label of its nodes. */
  readonly id: string;
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly replicas: number;
  readonly nodes: number;
  /** Nodes of its label that take no pod: tainted, or cordoned. */
  readonly closed?: readonly ('tainted' | 'cordoned')[];
  /** The replicas in its manifest, where an autoscaler has scaled it to its minimum, `replicas`. */
  readonly scaledFrom?: number;
  readonly apart: keyof typeof APART;
  /** The fields of the object about updates. */
  readonly strategy: JsonObject;
  /** The fields of each of its budgets, without the selector. */
  readonly budgets: readonly JsonObject[];
}

/** Simulated pods are ready at once. For this time they are not available, like pods that are slow to start. */
export const MIN_READY_SECONDS = 5;

type Named = Omit<Configuration, 'id'>;

/** The component's labels, which its budgets select. */
const LABELS = { app: 'web' };

const TERM = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: LABELS } };
const CONTAINER = { name: 'main', image: 'registry.example/main:1' };

/** What can keep the pods off one node, as fields of their template. */
const APART = {
  no: {},
  always: affinity(TERM),
  revision: affinity({ ...TERM, matchLabelKeys: ['pod-template-hash'] }),
  spread: spread({}),
  honoring: spread({ nodeTaintsPolicy: 'Honor' }),
  pairs: spread({ maxSkew: 2 }),
  soft: spread({ whenUnsatisfiable: 'ScheduleAnyway' }),
  zone: affinity({ ...TERM, topologyKey: 'zone' }),
  hostPort: { containers: [{ ...CONTAINER, ports: [{ containerPort: 80, hostPort: 80 }] }] },
} as const satisfies Record<string, JsonObject>;

const BUDGETS: readonly (readonly JsonObject[])[] = [
  [],
  ...[0, 1, 2, '50%', '51%', '100%'].map((minAvailable) => [{ minAvailable }]),
  ...[0, 1, 2, '1%', '50%', '51%'].map((maxUnavailable) => [{ maxUnavailable }]),
  [{}],
  [{ minAvailable: 0 }, { maxUnavailable: 1 }],
];

const STRATEGIES: readonly JsonObject[] = [
  {},
  rolling(0, 1),
  rolling('25%', '25%'),
  { type: 'Recreate' },
  rolling(1, 1),
  rolling(2, 1),
  rolling(0, '100%'),
];

const APARTS = ['no', 'always', 'revision', 'hostPort'] as const;

/** Every budget with three numbers of replicas. The other parts rotate by steps without a common factor. */
function budgeted(): readonly Named[] {
  return BUDGETS.flatMap((budgets, row) =>
    [1, 2, 3, 4]
      .filter((replicas) => (row + replicas) % 4 > 0)
      .map((replicas) => {
        const at = 4 * row + replicas;
        return {
          kind: 'Deployment' as const,
          replicas,
          nodes: 1 + ((row + 2 * replicas) % 4),
          apart: pick(APARTS, Math.floor(at / 3)),
          strategy: pick(STRATEGIES, at),
          budgets,
        };
      }),
  );
}

/** Every strategy with everything that keeps pods off one node, on as many nodes as pods or on one more. */
function updated(): readonly Named[] {
  return STRATEGIES.flatMap((strategy, row) =>
    APARTS.map((apart, column) => {
      const replicas = 1 + ((row + column) % 3);
      return {
        kind: 'Deployment' as const,
        replicas,
        nodes: replicas + (row + column < 5 ? 0 : 1),
        apart,
        strategy,
        budgets: pick([[{ maxUnavailable: 1 }], [{ minAvailable: 1 }], []], row),
      };
    }),
  );
}

function ordered(): readonly Named[] {
  const one = (replicas: number, nodes: number, changes: Partial<Named> = {}): Named => ({
    ...{ kind: 'StatefulSet', replicas, nodes, apart: 'no', strategy: {}, budgets: [] },
    ...changes,
  });
  return [
    one(1, 1),
    one(1, 2, { budgets: [{ maxUnavailable: 1 }] }),
    one(2, 2, { apart: 'always', budgets: [{ minAvailable: 1 }] }),
    one(3, 3, { apart: 'always', budgets: [{ minAvailable: '51%' }] }),
    one(3, 4, { apart: 'hostPort', budgets: [{ maxUnavailable: 1 }] }),
    one(3, 2, { apart: 'always' }),
    one(2, 2, { strategy: { type: 'OnDelete' }, budgets: [{ maxUnavailable: 0 }] }),
    one(2, 2, {
      strategy: { type: 'OnDelete' },
      budgets: [{ minAvailable: 1 }, { minAvailable: 0 }],
    }),
    one(3, 3, { strategy: { rollingUpdate: { partition: 2 } }, budgets: [{ minAvailable: 2 }] }),
    one(3, 3, { strategy: { rollingUpdate: { maxUnavailable: 2 } } }),
    one(3, 3, { apart: 'always', strategy: { rollingUpdate: { maxUnavailable: '67%' } } }),
    one(2, 2, { strategy: { rollingUpdate: { maxUnavailable: '100%' } } }),
    one(3, 3, { strategy: { rollingUpdate: { maxUnavailable: '100%', partition: 1 } } }),
  ];
}

function daemons(): readonly Named[] {
  const one = (nodes: number, changes: Partial<Named> = {}): Named => ({
    ...{ kind: 'DaemonSet', replicas: nodes, nodes, apart: 'no', strategy: {}, budgets: [] },
    ...changes,
  });
  return [
    one(1),
    one(3, { budgets: [{ minAvailable: 1 }] }),
    one(3, { strategy: rolling(0, 2), budgets: [{ minAvailable: 3 }] }),
    one(3, { strategy: rolling(0, '100%'), budgets: [{ maxUnavailable: 1 }] }),
    one(2, { strategy: rolling(1, 0), budgets: [{ minAvailable: '50%' }] }),
    one(1, { strategy: rolling(1, 0) }),
    one(2, { strategy: rolling(1, 0), apart: 'hostPort' }),
    one(3, { strategy: rolling('50%', 0), apart: 'always', budgets: [{ minAvailable: 0 }] }),
    one(2, { strategy: { type: 'OnDelete' } }),
  ];
}

/** Topology spread constraints, beside nodes that take no pod. */
function spreading(): readonly Named[] {
  const one = (replicas: number, nodes: number, changes: Partial<Named>): Named => ({
    ...{ kind: 'Deployment', replicas, nodes, apart: 'spread', strategy: {} },
    ...{ budgets: [{ maxUnavailable: 1 }], ...changes },
  });
  return [
    ...(['spread', 'honoring', 'pairs', 'soft'] as const).flatMap((apart) => [
      one(2, 2, { apart }),
      one(2, 3, { apart, strategy: rolling(0, 1) }),
      one(3, 3, { apart, closed: ['tainted'] }),
      one(2, 2, { apart, closed: ['cordoned'], strategy: rolling(1, 1) }),
    ]),
    one(3, 2, { closed: [], budgets: [{ minAvailable: 2 }] }),
    one(2, 1, { apart: 'honoring', closed: ['tainted'], strategy: rolling(0, 1) }),
    one(1, 1, { closed: ['tainted'], budgets: [{ minAvailable: 0 }] }),
    one(2, 2, { kind: 'StatefulSet', closed: ['cordoned'] }),
    one(3, 3, { kind: 'StatefulSet', apart: 'honoring', closed: ['tainted', 'cordoned'] }),
    one(2, 3, { apart: 'zone', strategy: rolling(0, 1) }),
    one(2, 2, { apart: 'zone', budgets: [{ minAvailable: 1 }] }),
  ];
}

/** Workloads that an autoscaler has scaled to its minimum. */
function scaled(): readonly Named[] {
  const one = (replicas: number, scaledFrom: number, changes: Partial<Named>): Named => ({
    ...{ kind: 'Deployment', replicas, scaledFrom, nodes: 3, apart: 'no', strategy: {} },
    ...{ budgets: [], ...changes },
  });
  return [
    one(1, 3, { budgets: [{ minAvailable: 1 }] }),
    one(1, 3, { budgets: [{ maxUnavailable: 1 }] }),
    one(2, 3, { budgets: [{ minAvailable: 2 }] }),
    one(2, 4, { budgets: [{ minAvailable: '51%' }] }),
    one(1, 2, { strategy: rolling(0, 1) }),
    one(2, 3, { strategy: rolling(0, 2), budgets: [{ minAvailable: 1 }] }),
    one(1, 3, { kind: 'StatefulSet', budgets: [{ minAvailable: 1 }] }),
    one(2, 3, { apart: 'always', strategy: rolling(0, 1), budgets: [{ maxUnavailable: 1 }] }),
  ];
}

/** All configurations. Every outcome occurs in them. */
export const CONFIGURATIONS: readonly Configuration[] = [
  ...budgeted(),
  ...updated(),
  ...ordered(),
  ...daemons(),
  ...spreading(),
  ...scaled(),
].map((configuration, index) => ({ id: `c-${index}`, ...configuration }));

/** The manifests of a configuration, with its autoscaler. */
export function manifestsOf(configuration: Configuration): readonly JsonObject[] {
  const { id, kind, replicas, scaledFrom } = configuration;
  if (scaledFrom === undefined) return objectsOf(configuration);
  const scaler = {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: 'web', namespace: id },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind, name: 'web' },
      minReplicaCount: replicas,
      maxReplicaCount: scaledFrom,
      triggers: [{ type: 'cron', metadata: {} }],
    },
  };
  return [...objectsOf({ ...configuration, replicas: scaledFrom }), scaler];
}

/** The objects of a configuration in the cluster, where a scaled workload has its fewest replicas. */
export function objectsOf({ id, kind, budgets, ...said }: Configuration): readonly JsonObject[] {
  const metadata = { name: 'web', namespace: id };
  const pod = { nodeSelector: { config: id }, containers: [CONTAINER], ...APART[said.apart] };
  const workload = {
    apiVersion: 'apps/v1',
    kind,
    metadata,
    spec: {
      ...(kind !== 'DaemonSet' && { replicas: said.replicas }),
      ...(kind === 'StatefulSet' && { serviceName: 'web' }),
      [kind === 'Deployment' ? 'strategy' : 'updateStrategy']: said.strategy,
      minReadySeconds: MIN_READY_SECONDS,
      selector: { matchLabels: LABELS },
      template: { metadata: { labels: LABELS }, spec: pod },
    },
  };
  return [
    workload,
    ...budgets.map((budget, index) => ({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: `budget-${index}`, namespace: id },
      spec: { selector: { matchLabels: LABELS }, ...budget },
    })),
  ];
}

/** The nodes of a configuration that take its pods. */
export function nodesOf({ id, nodes }: Configuration): readonly JsonObject[] {
  return Array.from({ length: nodes }, (_, index) => node(id, `${id}-n${index + 1}`, {}));
}

/** Its nodes that take none. */
export function closedNodesOf({ id, closed = [] }: Configuration): readonly JsonObject[] {
  return closed.map((why, index) =>
    node(id, `${id}-x${index + 1}`, {
      ...(why === 'cordoned' && { unschedulable: true }),
      ...(why === 'tainted' && { taints: [{ key: 'reserved', effect: 'NoSchedule' }] }),
    }),
  );
}

function node(id: string, name: string, spec: JsonObject): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { config: id, zone: name, 'kubernetes.io/hostname': name },
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
    },
    spec,
  };
}

function spread(said: JsonObject): JsonObject {
  const constraint = {
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: { matchLabels: LABELS },
    ...said,
  };
  return { topologySpreadConstraints: [constraint] };
}

function affinity(term: JsonObject): JsonObject {
  const podAntiAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [term] };
  return { affinity: { podAntiAffinity } };
}

function rolling(maxSurge: number | string, maxUnavailable: number | string): JsonObject {
  return { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } };
}

function pick<T>(items: readonly [T, ...T[]] | readonly T[], at: number): T {
  const item = items[at % items.length];
  if (item === undefined) throw new Error('the list is empty');
  return item;
}
