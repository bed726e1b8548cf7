import type { JsonObject, JsonValue } from '../../src/kubernetes/json.ts';
import { pick, type Random } from '../scheduler/pods.ts';
import { type Question, rolloutQuestion, same } from './disruption.ts';
import { nullOr, randomLabels, randomSelector } from './selectors.ts';
import { placedQuestion, portsQuestion, spreadQuestion } from './siblings.ts';
import { randomContainers, randomTemplate } from './templates.ts';

// Random questions, with many edge cases: fields that are absent, null, empty, of an older version,
// rejected by validation, or at the edge of rounding.

const NONE_LABEL = 'pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match';
const CONTROLLERS = [
  ...['Deployment', 'Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController'],
  ...['DaemonSet', 'Job', 'Node', 'Pod', 'CloneSet'],
];

/** A random question of any kind. */
export function randomQuestion(random: Random): Question {
  const sort = random(22);
  if (sort < 4) return same({ selector: randomSelection(random) });
  if (sort < 6) return same({ scale: randomScale(random) });
  if (sort < 11) return same({ budget: randomBudgetQuestion(random) });
  if (sort < 15) return rolloutQuestion(randomRollout(random), random(4) === 0);
  if (sort < 19) return spreadQuestion(random, randomTemplate(random));
  return sort < 21
    ? placedQuestion(random, randomTemplate(random))
    : portsQuestion(randomContainers(random, 1), randomContainers(random, 1));
}

function randomSelection(random: Random): JsonObject {
  return { selector: randomSelector(random), labels: randomLabels(random) };
}

function randomScale(random: Random): JsonObject {
  return { value: randomCount(random), total: random(13), roundUp: random(2) === 0 };
}

/** A number, a percentage, or an invalid value. */
function randomCount(random: Random): JsonValue {
  if (random(3) === 0) return pick(random, [0, 1, 1, 2, 3, 5, 10, -1, 2147483647]);
  if (random(8) > 0)
    return `${pick(random, [0, 1, 10, 25, 33, 34, 50, 51, 66, 67, 99, 100, 150])}%`;
  return pick(random, [
    '1',
    '',
    '%',
    '5%%',
    '025%',
    '+34%',
    '-34%',
    ' 5%',
    '1.5%',
    'x%',
    '+%',
    '5 %',
  ]);
}

/** A budget with only the fields that decide its count of disruptions. */
export function randomBudget(random: Random): JsonObject {
  const version = random(3) === 0 ? 'policy/v1beta1' : 'policy/v1';
  return {
    apiVersion: version,
    kind: 'PodDisruptionBudget',
    metadata: { name: 'budget' },
    spec: {
      ...(random(20) > 0 && { selector: budgetSelector(random) }),
      ...(random(2) === 0 && { maxUnavailable: nullOr(random, randomCount(random)) }),
      ...(random(2) === 0 && { minAvailable: nullOr(random, randomCount(random)) }),
      ...(random(4) === 0 && {
        unhealthyPodEvictionPolicy: pick(random, ['AlwaysAllow', 'IfHealthyBudget', null]),
      }),
    },
  };
}

function randomBudgetQuestion(random: Random): JsonObject {
  const budget = randomBudget(random);
  const length = pick(random, [0, 1, 1, 1, 2, 3]);
  const groups = Array.from({ length }, () => randomGroup(random));
  return { budget, labels: random(8) === 0 ? {} : { app: 'x', tier: '' }, groups };
}

/** Most select the pods; some are empty, or have the label that the API server removes. */
function budgetSelector(random: Random): JsonValue {
  const none = {
    key: NONE_LABEL,
    operator: pick(random, ['Exists', 'DoesNotExist', 'In']),
    ...(random(5) === 0 && { values: ['x'] }),
  };
  return pick<() => JsonValue>(random, [
    ...Array.from({ length: 6 }, () => () => ({ matchLabels: { app: 'x' } })),
    () => ({}),
    () => ({ matchLabels: {}, matchExpressions: [] }),
    () => ({ matchExpressions: [none] }),
    () => ({ matchExpressions: [none, { key: 'app', operator: 'Exists' }] }),
    () => ({ matchLabels: { app: 'x' }, matchExpressions: [none] }),
    () => randomSelector(random),
    () => randomSelector(random, ['app', 'tier']),
  ])();
}

function randomGroup(random: Random): JsonObject {
  const replicas = random(7);
  const ready = random(3) === 0 ? { ready: random(replicas + 1) } : {};
  return { kind: pick(random, CONTROLLERS), replicas, ...ready };
}

const VERSIONS = {
  Deployment: ['apps/v1', 'apps/v1', 'apps/v1beta1', 'apps/v1beta2', 'extensions/v1beta1'],
  DaemonSet: ['apps/v1', 'apps/v1', 'apps/v1beta2', 'extensions/v1beta1'],
  StatefulSet: ['apps/v1', 'apps/v1', 'apps/v1beta1', 'apps/v1beta2'],
} as const;

function randomRollout(random: Random): JsonObject {
  return { workload: randomWorkload(random), nodes: random(6) };
}

/** A workload with an update strategy, and only the fields that decide how it is updated. */
export function randomWorkload(random: Random): JsonObject {
  const kind = pick(random, ['Deployment', 'Deployment', 'DaemonSet', 'StatefulSet'] as const);
  const field = kind === 'Deployment' ? 'strategy' : 'updateStrategy';
  const most = kind === 'StatefulSet' ? 4 : 12;
  return {
    apiVersion: pick(random, VERSIONS[kind]),
    kind,
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      ...(random(6) > 0 && { replicas: nullOr(random, random(most + 1)) }),
      ...(random(5) > 0 && { [field]: nullOr(random, randomStrategy(random, kind)) }),
    },
  };
}

function randomStrategy(random: Random, kind: keyof typeof VERSIONS): JsonObject {
  const other = kind === 'Deployment' ? 'Recreate' : 'OnDelete';
  const type = pick(random, ['', 'RollingUpdate', 'RollingUpdate', null, other, 'rollingUpdate']);
  // The StatefulSet control fails without defaults.
  const isUnknown = kind === 'StatefulSet' && type === 'rollingUpdate';
  return {
    ...(random(4) > 0 && { type }),
    ...(!isUnknown &&
      random(5) > 0 && { rollingUpdate: nullOr(random, randomLimits(random, kind)) }),
  };
}

function randomLimits(random: Random, kind: keyof typeof VERSIONS): JsonObject {
  if (kind === 'StatefulSet') {
    return {
      ...(random(3) > 0 && { partition: nullOr(random, random(6)) }),
      ...(random(3) === 0 && { maxUnavailable: randomCount(random) }),
    };
  }
  return {
    ...(random(4) > 0 && { maxSurge: nullOr(random, randomCount(random)) }),
    ...(random(4) > 0 && { maxUnavailable: nullOr(random, randomCount(random)) }),
  };
}
