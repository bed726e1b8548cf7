import type { JsonObject } from '../../src/kubernetes/json.ts';
import { randomFrom } from '../support/mutate.ts';

/** The table of every drawn cluster. */
export const PROFILE = `apiVersion: bulkhead.dev/v1
kind: Profile
metadata: {name: drawn, title: drawn}
nodeRoles:
  master: {labels: {role: master}, taints: [{key: role, value: master, effect: NoSchedule}]}
  worker: {labels: {role: worker}}
components:
  - {name: dns, match: {namespace: kube-system, name: dns}, nodeRole: master, antiAffinity: true, disruptionControl: true}
  - {name: web, match: {namespace: kube-system, name: web}, nodeRole: master, disruptionControl: true}
  - {name: agent, match: {namespace: kube-system, name: agent}, type: DaemonSet, nodeRole: all, disruptionControl: true}
`;

const HOST = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';

/** What can keep two pods of a workload apart. */
export const SPREADS = [
  ...['none', 'preferred', 'soft', 'required', 'revision', 'hostPort', 'zones'],
  ...['even', 'honoring', 'skewed', 'minDomains', 'evenZones'],
] as const;
export type Spread = (typeof SPREADS)[number];

/** A drawn workload. */
export interface Drawn {
  readonly name: string;
  readonly kind: string;
  readonly replicas: number;
  readonly spread: Spread;
  readonly labels: Labels;
  readonly object: JsonObject;
}

/** The labels of pods. */
export interface Labels extends JsonObject {
  readonly app: string;
}

/** A drawn budget, with the labels that it selects. */
export interface Budget {
  readonly name: string;
  readonly labels: Labels;
  readonly object: JsonObject;
}

/** A drawn cluster. */
export interface Cluster {
  readonly workloads: readonly Drawn[];
  readonly nodes: readonly JsonObject[];
  readonly budgets: readonly Budget[];
  readonly autoscalers: readonly JsonObject[];
}

/** Returns a generator of clusters, the same for the same seed. */
export function clustersFrom(seed: number): () => Cluster {
  const random = randomFrom(seed);
  const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;
  const isOneOf = (many: number) => random(many) === 0;

  const node = (role: string, number: number): JsonObject => {
    const name = `${role}-${number}`;
    const taints = [
      ...(role === 'master' ? [{ key: 'role', value: 'master', effect: 'NoSchedule' }] : []),
      ...(isOneOf(8) ? [{ key: 'full', effect: 'NoSchedule' }] : []),
    ];
    const labels = { role, [HOST]: name, ...(!isOneOf(10) && { [ZONE]: pick(['a', 'b', 'c']) }) };
    return {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, uid: name, labels },
      spec: { taints, ...(isOneOf(10) && { unschedulable: true }) },
    };
  };

  const workload = (name: string, kind: string): Drawn => {
    const replicas = kind === 'Pod' ? 1 : pick([0, 1, 1, 2, 2, 2, 3, 3, 4]);
    const spread = kind === 'DaemonSet' ? 'none' : pick(SPREADS);
    const labels = { app: pick([name, name, name, 'shared']) };
    const spec = {
      nodeSelector: kind === 'DaemonSet' ? {} : { role: isOneOf(20) ? 'other' : 'master' },
      tolerations: [pick([{ key: 'role', operator: 'Exists' }, { operator: 'Exists' }])],
      ...spreadOf(spread, labels),
    };
    const template = { metadata: { labels }, spec };
    const metadata = { name, namespace: 'kube-system' };
    const object =
      kind === 'Pod'
        ? { apiVersion: 'v1', kind, metadata: { ...metadata, labels }, spec }
        : {
            apiVersion: 'apps/v1',
            kind,
            metadata,
            spec: {
              ...(kind !== 'DaemonSet' && { replicas }),
              ...strategyOf(kind, pick),
              selector: { matchLabels: labels },
              template,
            },
          };
    return { name, kind, replicas, spread, labels, object };
  };

  return () => {
    const first = pick([
      'Deployment',
      'Deployment',
      'Deployment',
      'StatefulSet',
      'ReplicaSet',
      'Pod',
    ]);
    const workloads = [
      workload('dns', first),
      ...(isOneOf(3) ? [workload('web', pick(['Deployment', 'StatefulSet']))] : []),
      ...(isOneOf(5) ? [workload('agent', 'DaemonSet')] : []),
    ];
    const roles = [...Array(1 + random(5)).fill('master'), ...Array(random(2)).fill('worker')];
    const budgets = Array.from({ length: pick([0, 1, 1, 1, 2]) }, (_, index) =>
      budget(`budget-${index}`, pick(workloads).labels, pick(BUDGETS)),
    );
    const [scaled] = workloads;
    const isScaled =
      isOneOf(5) && scaled !== undefined && ['Deployment', 'StatefulSet'].includes(scaled.kind);
    return {
      workloads,
      nodes: roles.map((role, index) => node(role, index + 1)),
      budgets,
      autoscalers: isScaled && scaled.replicas > 0 ? [autoscaler(scaled, random(3))] : [],
    };
  };
}

const BUDGETS: readonly JsonObject[] = [
  ...[0, 1, 1, 2, 3, '50%', '100%'].map((minAvailable) => ({ minAvailable })),
  ...[0, 1, 1, 2, '50%', '100%'].map((maxUnavailable) => ({ maxUnavailable })),
  {},
];

function budget(name: string, labels: Labels, number: JsonObject): Budget {
  const object = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace: 'kube-system' },
    spec: { selector: { matchLabels: labels }, ...number },
  };
  return { name, labels, object };
}

function autoscaler({ name, kind, replicas }: Drawn, more: number): JsonObject {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace: 'kube-system' },
    spec: {
      minReplicas: replicas,
      maxReplicas: replicas + more,
      scaleTargetRef: { apiVersion: 'apps/v1', kind, name },
    },
  };
}

function strategyOf(kind: string, pick: <T>(items: readonly T[]) => T): JsonObject {
  const limits = pick([
    [1, 0],
    [0, 1],
    ['25%', '25%'],
    [1, '100%'],
    [2, 1],
  ] as const);
  const [maxSurge, maxUnavailable] = limits;
  if (kind === 'Deployment') {
    const rolling = { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } };
    return { strategy: pick([{}, rolling, rolling, rolling, { type: 'Recreate' }]) };
  }
  if (kind === 'StatefulSet') {
    const parted = { rollingUpdate: { partition: 1 } };
    return { updateStrategy: pick([{}, {}, parted, { type: 'OnDelete' }]) };
  }
  if (kind === 'DaemonSet') {
    const rolling = (
      [
        [0, 1],
        [0, '100%'],
        [1, 0],
      ] as const
    ).map(([surge, unavailable]) => ({
      rollingUpdate: { maxSurge: surge, maxUnavailable: unavailable },
    }));
    return { updateStrategy: pick([...rolling, { type: 'OnDelete' }]) };
  }
  return {};
}

function spreadOf(spread: Spread, labels: Labels): JsonObject {
  const labelSelector = { matchLabels: labels };
  const term = { topologyKey: HOST, labelSelector };
  const anti = (rules: JsonObject) => ({ affinity: { podAntiAffinity: rules } });
  const required = (one: JsonObject) =>
    anti({ requiredDuringSchedulingIgnoredDuringExecution: [one] });
  const even = (changes: JsonObject) => ({
    topologySpreadConstraints: [
      { ...term, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule', ...changes },
    ],
  });
  switch (spread) {
    case 'none':
      return {};
    case 'preferred':
      return anti({
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }],
      });
    case 'required':
      return required(term);
    case 'revision':
      return required({ ...term, matchLabelKeys: ['pod-template-hash'] });
    case 'zones':
      return required({ ...term, topologyKey: ZONE });
    case 'hostPort':
      return { containers: [{ name: 'main', ports: [{ containerPort: 1, hostPort: 1 }] }] };
    case 'soft':
      return even({ whenUnsatisfiable: 'ScheduleAnyway' });
    case 'even':
      return even({});
    case 'honoring':
      return even({ nodeTaintsPolicy: 'Honor' });
    case 'skewed':
      return even({ maxSkew: 2 });
    case 'minDomains':
      return even({ minDomains: 4 });
    case 'evenZones':
      return even({ topologyKey: ZONE });
  }
}
