import type { JsonObject, JsonValue } from '../src/goyaml/json.ts';
import type { Posed } from './disruption.ts';
import { pick, type Random } from './pods.ts';
import { posedPorts, posedSpread } from './siblings.ts';

// Questions that lean towards the odd corners: fields that are absent, null, empty, of an older version,
// refused by validation, or at the edge of rounding.

const KEYS = ['app', 'tier', 'zone'];
const ODD_KEYS = ['', 'a b', 'Upper.example/x', 'example.com/app', 'app/', 'x-'];
const VALUES = ['x', 'x', 'y', '', '7'];
const ODD_VALUES = ['a b', '-', 'x.', 'x'.repeat(64), 'é'];
const NONE_LABEL = 'pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match';
const CONTROLLERS = [
  ...['Deployment', 'Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController'],
  ...['DaemonSet', 'Job', 'Node', 'Pod', 'CloneSet'],
];

/** Everything that can decide (outcomesOf). */
export const OUTCOMES = [
  ...['selector: selects', 'selector: does not', 'selector: invalid'],
  ...['scale: value', 'scale: invalid'],
  ...['budget: not its pods', 'budget: cannot sync', 'budget: allows'],
  ...['budget: none to spare', 'budget: counts none'],
  ...['rollout: refused', 'rollout: surges', 'rollout: takes some down'],
  ...['rollout: takes all down', 'rollout: recreates', 'rollout: on delete'],
  ...['spread: hostPort', 'spread: antiAffinity', 'spread: topologySpread', 'spread: together'],
  ...['spread: within one revision', 'spread: across revisions', 'spread: never placed'],
  ...['ports: clash', 'ports: free'],
];

/** A question of some sort. */
export function randomQuestion(random: Random): Posed {
  const sort = random(20);
  if (sort < 4) return same({ selector: randomSelection(random) });
  if (sort < 6) return same({ scale: randomScale(random) });
  if (sort < 11) return same({ budget: randomBudget(random) });
  if (sort < 15) return same({ rollout: randomRollout(random) });
  return sort < 19
    ? posedSpread(random, randomTemplate(random))
    : posedPorts(randomContainers(random, 1), randomContainers(random, 1));
}

function same(question: JsonObject): Posed {
  return { ours: question, theirs: [question] };
}

function randomSelection(random: Random): JsonObject {
  return { selector: randomSelector(random), labels: randomLabels(random) };
}

function randomLabels(random: Random): JsonObject {
  const keys = KEYS.filter(() => random(3) > 0);
  return Object.fromEntries(keys.map((key) => [key, pick(random, VALUES)]));
}

function randomSelector(random: Random, keys: readonly string[] = KEYS): JsonValue {
  if (random(15) === 0) return null;
  if (random(12) === 0) return {};
  return {
    ...(random(2) === 0 && { matchLabels: randomPairs(random, keys) }),
    ...(random(2) === 0 && {
      matchExpressions:
        random(15) === 0 ? null : listOf(random, 3, () => randomExpression(random, keys)),
    }),
  };
}

function randomPairs(random: Random, keys: readonly string[]): JsonValue {
  if (random(15) === 0) return null;
  return Object.fromEntries(
    listOf(
      random,
      3,
      () => [randomKey(random, keys), nullOr(random, randomValue(random))] as const,
    ),
  );
}

function randomExpression(random: Random, keys: readonly string[]): JsonValue {
  if (random(60) === 0) return null;
  const odd = random(8) === 0 ? ['in', '', 'Gt', 'Lt', '='] : [];
  const operator = pick(random, [
    ...['In', 'In', 'NotIn', 'NotIn', 'Exists', 'DoesNotExist'],
    ...odd,
  ]);
  if (operator === 'Gt' || operator === 'Lt')
    return { key: randomKey(random, keys), operator, values: ['7'] };
  const takesNone = operator === 'Exists' || operator === 'DoesNotExist';
  const count = takesNone === random(25) > 0 ? 0 : 1 + random(2);
  return {
    key: randomKey(random, keys),
    operator,
    ...(count === 0
      ? pick<JsonObject>(random, [{}, { values: [] }, { values: null }])
      : { values: Array.from({ length: count }, () => nullOr(random, randomValue(random))) }),
  };
}

function randomKey(random: Random, keys: readonly string[]): string {
  return random(50) === 0 ? pick(random, ODD_KEYS) : pick(random, keys);
}

function randomValue(random: Random): string {
  return random(40) === 0 ? pick(random, ODD_VALUES) : pick(random, VALUES);
}

function randomScale(random: Random): JsonObject {
  return { value: randomCount(random), total: random(13), roundUp: random(2) === 0 };
}

/** A number or a percentage, or something that is neither. */
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

function randomBudget(random: Random): JsonObject {
  const version = random(3) === 0 ? 'policy/v1beta1' : 'policy/v1';
  const budget = {
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
  const length = pick(random, [0, 1, 1, 1, 2, 3]);
  const groups = Array.from({ length }, () => randomGroup(random));
  return { budget, labels: random(8) === 0 ? {} : { app: 'x', tier: '' }, groups };
}

/** Most select the pods; some are empty, or have the label that the API server strikes. */
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
  const kind = pick(random, ['Deployment', 'Deployment', 'DaemonSet', 'StatefulSet'] as const);
  const field = kind === 'Deployment' ? 'strategy' : 'updateStrategy';
  const most = kind === 'StatefulSet' ? 4 : 12;
  const workload = {
    apiVersion: pick(random, VERSIONS[kind]),
    kind,
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      ...(random(6) > 0 && { replicas: nullOr(random, random(most + 1)) }),
      ...(random(5) > 0 && { [field]: nullOr(random, randomStrategy(random, kind)) }),
    },
  };
  return { workload, nodes: random(6) };
}

function randomStrategy(random: Random, kind: keyof typeof VERSIONS): JsonObject {
  const other = kind === 'Deployment' ? 'Recreate' : 'OnDelete';
  const type = pick(random, ['', 'RollingUpdate', 'RollingUpdate', null, other, 'rollingUpdate']);
  // The control of StatefulSets fails where nothing was defaulted.
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

const NODE = 'kubernetes.io/hostname';
/** Labels that controllers give, and of which the values are not known. */
const GIVEN_KEYS = [
  ...['pod-template-hash', 'controller-revision-hash', 'apps.kubernetes.io/pod-index'],
  ...['statefulset.kubernetes.io/pod-name', 'batch.kubernetes.io/job-completion-index'],
  'job-name',
];

/** A pod template, with what keeps its pods apart and nothing else. */
function randomTemplate(random: Random): JsonObject {
  return {
    metadata: { labels: { app: 'x', ...(random(2) === 0 && { tier: pick(random, VALUES) }) } },
    spec: {
      ...randomContainers(random),
      nodeSelector: { pool: 'm' },
      ...(random(12) === 0 && { nodeName: pick(random, ['', 'fit-0']) }),
      ...(random(2) === 0 && { affinity: randomAffinity(random) }),
      ...(random(2) === 0 && {
        topologySpreadConstraints: listOf(random, 3, () => randomConstraint(random)),
      }),
    },
  };
}

function randomAffinity(random: Random): JsonValue {
  if (random(25) === 0) return null;
  const terms = listOf(random, 3, () => randomTerm(random));
  const weighted = terms.map((podAffinityTerm) => ({ weight: 1, podAffinityTerm }));
  return {
    podAntiAffinity:
      random(6) === 0
        ? { preferredDuringSchedulingIgnoredDuringExecution: weighted }
        : { requiredDuringSchedulingIgnoredDuringExecution: terms },
  };
}

function randomTerm(random: Random): JsonObject {
  if (random(6) === 0) {
    const field = pick(random, ['matchLabelKeys', 'mismatchLabelKeys']);
    return { topologyKey: NODE, labelSelector: {}, [field]: ['pod-template-hash'] };
  }
  return {
    topologyKey: random(8) === 0 ? 'topology.kubernetes.io/zone' : NODE,
    ...ownSelector(random),
    ...(random(5) === 0 && { namespaces: pick(random, [['other'], ['default'], [], null]) }),
    ...(random(5) === 0 && { namespaceSelector: randomNamespaces(random) }),
    ...(random(3) === 0 && { matchLabelKeys: keyList(random) }),
    ...(random(4) === 0 && { mismatchLabelKeys: keyList(random) }),
  };
}

function randomNamespaces(random: Random): JsonValue {
  const key = 'kubernetes.io/metadata.name';
  return pick<JsonValue>(random, [
    ...[null, {}, { matchLabels: { [key]: 'default' } }, { matchLabels: { [key]: 'other' } }],
    { matchExpressions: [{ key, operator: 'NotIn', values: ['other'] }] },
    { matchLabels: { team: 'a' } },
  ]);
}

/** Most select the pods themselves. */
function ownSelector(random: Random): JsonObject {
  if (random(12) === 0) return {};
  if (random(2) === 0) return { labelSelector: { matchLabels: { app: 'x' } } };
  if (random(6) > 0) return { labelSelector: randomSelector(random, ['app', 'app', 'tier']) };
  const key = pick(random, GIVEN_KEYS);
  const operator = pick(random, ['Exists', 'DoesNotExist']);
  return { labelSelector: { matchExpressions: [{ key, operator }] } };
}

function keyList(random: Random): JsonValue {
  if (random(2) === 0) return ['pod-template-hash'];
  return listOf(random, 3, () => pick(random, [...GIVEN_KEYS, 'app', 'tier', 'zone']));
}

function randomConstraint(random: Random): JsonObject {
  const policy = () => pick(random, ['Honor', 'Ignore', null]);
  return {
    topologyKey: random(25) === 0 ? 'topology.kubernetes.io/zone' : NODE,
    whenUnsatisfiable: random(6) === 0 ? 'ScheduleAnyway' : 'DoNotSchedule',
    maxSkew: random(6) === 0 ? 2 : 1,
    ...ownSelector(random),
    ...(random(2) === 0 && { minDomains: nullOr(random, 1 + random(7)) }),
    ...(random(3) === 0 && { nodeTaintsPolicy: policy() }),
    ...(random(3) === 0 && { nodeAffinityPolicy: policy() }),
    ...(random(4) === 0 && { matchLabelKeys: keyList(random) }),
  };
}

/** Containers of which one in some has ports. */
function randomContainers(random: Random, portless = 6): JsonObject {
  const ports = () =>
    random(portless) === 0 ? { ports: listOf(random, 3, () => randomPort(random)) } : {};
  const restart = pick(random, [{ restartPolicy: 'Always' }, { restartPolicy: null }, {}]);
  return {
    containers: [{ name: 'main', image: 'main', ...ports() }],
    ...(random(3) === 0 && {
      initContainers: [{ name: 'init', image: 'init', ...restart, ...ports() }],
    }),
    ...(random(5) === 0 && { hostNetwork: nullOr(random, random(3) > 0) }),
  };
}

function randomPort(random: Random): JsonObject {
  return {
    containerPort: pick(random, [53, 80, 8080]),
    ...(random(3) > 0 && { hostPort: pick(random, [53, 53, 80, 0, null]) }),
    ...(random(3) === 0 && { protocol: pick(random, ['UDP', 'TCP', 'SCTP', '', null]) }),
    ...(random(3) === 0 && {
      hostIP: pick(random, ['10.0.0.1', '10.0.0.2', '0.0.0.0', '', '::', null]),
    }),
  };
}

function nullOr<T>(random: Random, value: T): T | null {
  return random(25) === 0 ? null : value;
}

function listOf<T>(random: Random, most: number, make: () => T): readonly T[] {
  return Array.from({ length: random(most) + (random(10) > 0 ? 1 : 0) }, make);
}
