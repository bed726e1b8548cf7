import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '../src/check.ts';
import type { JsonObject } from '../src/kubernetes/json.ts';
import type { Profile } from '../src/profile/profile.ts';
import { simulate } from '../src/simulate.ts';
import { builtBulkhead, shippedProfile } from './support/bulkhead.ts';
import { randomFrom } from './support/mutate.ts';
import { sized } from './support/settings.ts';

// The findings about budgets and updates agree with what happens in the simulation.

const bulkhead = builtBulkhead();
const profile = shippedProfile('tectonic-1.6.4');
const LABELS = { app: 'scheduler' };
const random = randomFrom(20_261_126);
const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;

const BUDGETS: readonly JsonObject[] = [
  ...[0, 1, 2, 3, '1%', '50%', '51%', '100%'].map((minAvailable) => ({ minAvailable })),
  ...[0, 1, 2, '0%', '1%', '50%', '51%', '100%'].map((maxUnavailable) => ({ maxUnavailable })),
  {},
];
const STRATEGIES: readonly JsonObject[] = [
  {},
  { type: 'Recreate' },
  ...[0, 1, '25%', '100%'].flatMap((maxSurge) =>
    [0, 1, 2, '25%', '100%']
      .filter((maxUnavailable) => maxSurge !== 0 || maxUnavailable !== 0)
      .map((maxUnavailable) => ({ rollingUpdate: { maxSurge, maxUnavailable } })),
  ),
];
const TERM = {
  topologyKey: 'kubernetes.io/hostname',
  labelSelector: { matchLabels: LABELS },
};
const PODS: readonly JsonObject[] = [
  {},
  { containers: [{ name: 'main', ports: [{ containerPort: 1, hostPort: 1 }] }] },
  apart([TERM]),
  apart([{ ...TERM, matchLabelKeys: ['pod-template-hash'] }]),
];

const COMPONENTS = sized(100, 300);

test(`the policies and the simulation agree on ${COMPONENTS} components`, () => {
  const outcomes = new Map<string, number>();
  const count: Count = (name, isSo) =>
    outcomes.set(`${name} ${isSo}`, (outcomes.get(`${name} ${isSo}`) ?? 0) + 1);
  for (let done = 0; done < COMPONENTS; done += 1)
    compare(1 + random(4), pick([1, 1, 2, 3, 4, 6]), count);
  for (const name of ['stuck', 'interrupted', 'drain never completes', 'powerless']) {
    for (const isSo of [true, false]) {
      assert.ok((outcomes.get(`${name} ${isSo}`) ?? 0) > COMPONENTS / 100, name);
    }
  }
});

test('a simulation without a component, without nodes or of an unknown role is an error', () => {
  const file = (items: readonly JsonObject[]) => [{ name: 'cluster.json', bytes: encode(items) }];
  const run = (items: readonly JsonObject[], nodes?: ReadonlyMap<string, number>) => () =>
    simulate(bulkhead, profile, file(items), nodes && { nodes });
  assert.throws(run(masters(1)), { code: 'NOTHING_TO_CHECK' });
  assert.throws(run([workload(2)]), { code: 'NODES_UNKNOWN' });
  assert.throws(run([workload(2)], new Map([['boss', 1]])), { code: 'PROFILE_ROLE_UNKNOWN' });
  assert.deepEqual(run([workload(2)], new Map([['master', 2]]))().nodes, ['master-1', 'master-2']);
});

test('nodes of --nodes come beside those of the files', () => {
  const files = [{ name: 'a.json', bytes: encode([workload(2), node('master-1'), node('x')]) }];
  const { nodes, notes } = simulate(bulkhead, profile, files, { nodes: new Map([['master', 2]]) });
  assert.deepEqual(nodes, ['master-1', 'master-2', 'master-3', 'x']);
  assert.ok(notes.every(({ code }) => code !== 'DUPLICATE_OBJECT'));
});

test('the fewest pods are those that an adverse scheduler leaves', () => {
  const least = (spec: JsonObject, nodes = masters(3)) => {
    const own = deployment(spec);
    const files = [{ name: 'a.json', bytes: encode([own, ...nodes]) }];
    const { drains } = simulate(bulkhead, profile, files);
    return Math.min(...drains.flatMap((drain) => Object.values(drain.least)));
  };
  const spread = (changes: JsonObject = {}) => ({
    topologySpreadConstraints: [
      { ...TERM, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule', ...changes },
    ],
  });
  assert.equal(least({}), 0);
  assert.equal(least(apart([TERM])), 1);
  assert.equal(least(spread()), 1);
  assert.equal(least(spread({ maxSkew: 2 })), 0);
  assert.equal(least(spread({ whenUnsatisfiable: 'ScheduleAnyway' })), 0);
  const preferred = { weight: 100, podAffinityTerm: TERM };
  const soft = {
    affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [preferred] } },
  };
  assert.equal(least(soft), 0);
});

test('components of 0 replicas and missing ones are named', () => {
  const files = [{ name: 'a.json', bytes: encode([workload(0), ...masters(2)]) }];
  const { workloads, stopped, missing } = simulate(bulkhead, profile, files);
  assert.deepEqual(workloads, []);
  assert.deepEqual(
    stopped.map(({ component }) => component),
    ['kube-scheduler'],
  );
  assert.ok(missing.includes('kube-dns'));
  assert.ok(!missing.includes('kube-scheduler'));
});

test('a number of replicas that cannot be simulated is an error with its place', () => {
  const files = [{ name: 'a.json', bytes: encode([workload(2_000_000_000), ...masters(2)]) }];
  const { workloads, inputErrors } = simulate(bulkhead, profile, files);
  assert.deepEqual(workloads, []);
  assert.deepEqual(
    inputErrors.map(({ code, line }) => [code, line]),
    [['NOT_SIMULATED', 1]],
  );
});

test('the notes are those of a check of the same input, but for the nodes of --nodes', () => {
  const made = {
    apiVersion: 'example.com/v1',
    kind: 'Machine',
    metadata: { name: 'm', namespace: 'kube-system' },
    spec: { tolerations: [{ operator: 'Exists' }] },
  };
  const files = [{ name: 'a.json', bytes: encode([workload(2), made, ...masters(2)]) }];
  const expected = check(bulkhead, profile, files).notes;
  assert.ok(expected.length > 0);
  const { notes } = simulate(bulkhead, profile, files, { nodes: new Map([['master', 2]]) });
  assert.deepEqual(notes, expected);
});

test('a custom resource that should be simulated is an error with its place', () => {
  const rollout = { ...workload(2), apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' };
  const files = [{ name: 'cluster.json', bytes: encode([rollout, ...masters(3)]) }];
  const { workloads, inputErrors: errors } = simulate(bulkhead, profile, files);
  assert.deepEqual(workloads, []);
  assert.deepEqual(
    errors.map(({ code, line }) => [code, line]),
    [['NOT_SIMULATED', 1]],
  );
});

test('of an object that is defined twice, the last is simulated', () => {
  const budget = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'budget', namespace: 'kube-system' },
    spec: { selector: { matchLabels: LABELS }, minAvailable: 1 },
  };
  const deployments = [1, 2].map((replicas) => ({ ...workload(replicas), apiVersion: 'apps/v1' }));
  const twice = [...deployments, budget, budget, ...masters(3)];
  const { workloads, drains } = simulate(bulkhead, profile, [
    { name: 'cluster.json', bytes: encode(twice) },
  ]);
  assert.deepEqual(
    workloads.map(({ replicas }) => replicas),
    [2],
  );
  assert.ok(drains.every(({ stop }) => stop === undefined));
});

test('an update that completes at the fewest replicas of an autoscaler and not at the most never completes', () => {
  const deployment = {
    ...workload(2),
    spec: {
      replicas: 2,
      strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: { tolerations: [{ operator: 'Exists' }], ...apart([TERM]) },
      },
    },
  };
  const autoscaler = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'scheduler', namespace: 'kube-system' },
    spec: {
      minReplicas: 2,
      maxReplicas: 3,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'kube-scheduler' },
    },
  };
  const files = [{ name: 'a.json', bytes: encode([deployment, autoscaler, ...masters(3)]) }];
  const [updated] = simulate(bulkhead, profile, files).updates;
  assert.equal(updated?.workload.replicas, 3);
  assert.ok(updated?.outcome?.stop);
  const { findings } = check(bulkhead, profile, files);
  assert.ok(findings.some(({ policy }) => policy === 'stuck-rollout'));
});

test('pods of an operator are recreated in a drain, and others are not', () => {
  const pods = ['kube-etcd-0', 'kube-etcd-1'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'kube-system', labels: LABELS },
    spec: {
      nodeSelector: { 'node-role.kubernetes.io/master': '' },
      tolerations: [{ operator: 'Exists' }],
    },
  }));
  const files = [{ name: 'cluster.json', bytes: encode([...pods, ...masters(3)]) }];
  const bare = profile.components.map(({ managed: _, ...row }) => row);
  const remade = (components: Profile['components']) =>
    simulate(bulkhead, { ...profile, components }, files).workloads.map(
      ({ isRecreated }) => isRecreated,
    );
  assert.deepEqual(remade(profile.components), [true, true]);
  assert.deepEqual(remade(bare), [false, false]);
});

type Count = (name: string, isSo: boolean) => void;

/** Compares the findings with the simulation, for one random component. */
function compare(replicas: number, nodes: number, count: Count): void {
  const objects = [workload(replicas), ...budgets(), ...autoscalers(replicas), ...masters(nodes)];
  const files = [{ name: 'cluster.json', bytes: encode(objects) }];
  const report = check(bulkhead, profile, files);
  assert.deepEqual(report.inputErrors, []);
  const finds = (policy: string) => report.findings.some((one) => one.policy === policy);
  const { drains, updates } = simulate(bulkhead, profile, files);
  const shown = JSON.stringify(objects.slice(0, 3));
  const [updated] = updates;
  const isStuck = updated?.outcome?.stop !== undefined;
  assert.equal(isStuck, finds('stuck-rollout'), shown);
  count('stuck', isStuck);
  // With too few nodes, pods that exclude each other stay Pending: an update interrupts nothing then.
  const hasRoom = updated?.workload.apart === 'no' || nodes >= replicas;
  if (hasRoom && updated?.workload.replicas === replicas) {
    const isInterrupted = Object.values(updated?.outcome?.least ?? {}).includes(0);
    assert.equal(isInterrupted, finds('interrupting-update'), shown);
    count('interrupted', isInterrupted);
  }
  const blocks = finds('blocking-disruption-budget') || finds('overlapping-disruption-budgets');
  const neverCompletes = drains.some(({ stop }) => stop !== undefined);
  count('drain never completes', neverCompletes);
  // Where a replacement is scheduled at once, only the budget can block a drain.
  if (nodes > replicas) assert.equal(neverCompletes, blocks, shown);
  if (blocks) assert.ok(neverCompletes, shown);
  // On the only node, a drain completes if the budget allows the eviction of the last pod.
  if (nodes === 1 && hasRoom && objects.some(({ kind }) => kind === 'PodDisruptionBudget')) {
    assert.equal(!neverCompletes, finds('powerless-disruption-budget'), shown);
    count('powerless', !neverCompletes);
  }
}

function workload(replicas: number): JsonObject {
  return {
    apiVersion: pick(['apps/v1', 'apps/v1', 'extensions/v1beta1']),
    kind: 'Deployment',
    metadata: { name: 'kube-scheduler', namespace: 'kube-system' },
    spec: {
      replicas,
      strategy: pick(STRATEGIES),
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: {
          nodeSelector: { 'node-role.kubernetes.io/master': '' },
          tolerations: [{ operator: 'Exists' }],
          ...pick(PODS),
        },
      },
    },
  };
}

/** One of 2 replicas, with these fields in the spec of its pods. */
function deployment(spec: JsonObject): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'kube-scheduler', namespace: 'kube-system' },
    spec: {
      replicas: 2,
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: {
          nodeSelector: { 'node-role.kubernetes.io/master': '' },
          tolerations: [{ operator: 'Exists' }],
          ...spec,
        },
      },
    },
  };
}

function budgets(): readonly JsonObject[] {
  const many = pick([0, 1, 1, 1, 1, 1, 2]);
  return Array.from({ length: many }, (_, index) => ({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: `budget-${index}`, namespace: 'kube-system' },
    spec: { selector: { matchLabels: LABELS }, ...pick(BUDGETS) },
  }));
}

function autoscalers(minReplicas: number): readonly JsonObject[] {
  return pick([[], [], [0], [1], [2]]).map((more) => ({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'scheduler', namespace: 'kube-system' },
    spec: {
      minReplicas,
      maxReplicas: minReplicas + more,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'kube-scheduler' },
    },
  }));
}

function masters(count: number): readonly JsonObject[] {
  return Array.from({ length: count }, (_, index) => node(`m-${index}`));
}

function node(name: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: name, labels: { 'node-role.kubernetes.io/master': '' } },
    spec: { taints: [{ key: 'node-role.kubernetes.io/master', effect: 'NoSchedule' }] },
  };
}

function apart(terms: readonly JsonObject[]): JsonObject {
  return {
    affinity: {
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [...terms] },
    },
  };
}

function encode(items: readonly JsonObject[]): Uint8Array {
  const list = { apiVersion: 'v1', kind: 'List', items: [...items] };
  return new TextEncoder().encode(JSON.stringify(list));
}
