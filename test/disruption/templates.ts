import type { JsonObject, JsonValue } from '../../src/kubernetes/json.ts';
import { pick, type Random } from '../scheduler/pods.ts';
import { listOf, nullOr, randomSelector } from './selectors.ts';

// Random pod templates with everything that can keep two pods off one node.

const NODE = 'kubernetes.io/hostname';
/** Labels that controllers set, with values that are not known beforehand. */
const GIVEN_KEYS = [
  ...['pod-template-hash', 'controller-revision-hash', 'apps.kubernetes.io/pod-index'],
  ...['statefulset.kubernetes.io/pod-name', 'batch.kubernetes.io/job-completion-index'],
  'job-name',
];

/** A pod template with only what keeps its pods off one node. */
export function randomTemplate(random: Random): JsonObject {
  return {
    metadata: {
      labels: { app: 'x', ...(random(2) === 0 && { tier: pick(random, ['x', 'y', '']) }) },
    },
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
    maxSkew: pick(random, [1, 1, 1, 2, 2, 3]),
    ...ownSelector(random),
    ...(random(2) === 0 && { minDomains: nullOr(random, 1 + random(7)) }),
    ...(random(3) === 0 && { nodeTaintsPolicy: policy() }),
    ...(random(3) === 0 && { nodeAffinityPolicy: policy() }),
    ...(random(4) === 0 && { matchLabelKeys: keyList(random) }),
  };
}

/** Containers, some of which have ports. */
export function randomContainers(random: Random, portless = 6): JsonObject {
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
