import type { JsonObject, JsonValue } from '../../src/kubernetes/json.ts';

/** Returns random numbers below a limit. */
export type Random = (limit: number) => number;

// Random pods and nodes, with many edge cases. They have few keys and values, which match often. Some
// values are empty, absent, null, of another case, not a number, or not a valid label.

const KEYS = ['role', 'infra', 'n', 'example.com/pool', 'kubernetes.io/arch'];
const ODD_KEYS = ['', 'a b', 'Upper.example/x', 'role '];
const VALUES = ['', '', 'true', 'x', 'y', 'X', '7', '8', '08', '007', '0', '6'];
const ODD_VALUES = ['many', '-1', 'a b', '9223372036854775806', '9223372036854775807'];
const ODDER_VALUES = ['9223372036854775808', '1e3', '1.0', '+7', 'x-', '99999999999999999999'];
const NAMES = ['n1', 'n2', 'n3'];
const EFFECTS = ['NoSchedule', 'NoSchedule', 'NoExecute', 'PreferNoSchedule'];
const TAINT_KEYS = ['role', 'infra', 'node.kubernetes.io/unschedulable', 'sla'];
const DAEMON_KEYS = [
  'not-ready',
  'unreachable',
  'disk-pressure',
  'memory-pressure',
  'pid-pressure',
];

/** A pod's spec with only the fields that decide where it can run. */
export function randomPod(random: Random): JsonObject {
  return {
    ...maybe(random, 3, () => ({ nodeSelector: randomSelector(random) })),
    ...maybe(random, 2, () => ({ affinity: randomAffinity(random) })),
    ...(random(4) > 0 && { tolerations: listOf(random, 4, randomToleration) }),
    ...maybe(random, 8, () => ({ nodeName: pick(random, ['', ...NAMES]) })),
    ...maybe(random, 6, () => ({ hostNetwork: random(2) === 0 })),
  };
}

/** A Node that a cluster could have. */
export function randomNode(random: Random): JsonObject {
  const keys = [...KEYS].filter(() => random(2) === 0);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: pick(random, NAMES),
      labels: Object.fromEntries(keys.map((key) => [key, labelValue(random)])),
    },
    spec: {
      ...maybe(random, 2, () => ({ taints: listOf(random, 3, randomTaint) })),
      ...maybe(random, 6, () => ({ unschedulable: random(3) > 0 })),
    },
  };
}

function randomTaint(random: Random): JsonObject {
  const isCondition = random(5) === 0;
  const key = isCondition
    ? `node.kubernetes.io/${pick(random, [...DAEMON_KEYS, 'network-unavailable'])}`
    : pick(random, TAINT_KEYS);
  return {
    key,
    ...maybe(random, 2, () => ({
      value: nullOr(random, pick(random, ['', 'true', '950', '0950'])),
    })),
    effect: pick(random, EFFECTS),
  };
}

function randomToleration(random: Random): JsonValue {
  if (random(40) === 0) return null;
  const operators = ['Exists', 'Exists', 'Equal', '', 'exists', 'Lt', 'Gt', null];
  const values = ['', 'true', 'x', '900', '1000', null];
  return {
    ...(random(4) > 0 && { key: nullOr(random, pick(random, [...TAINT_KEYS, 'Role', ''])) }),
    ...(random(4) > 0 && { operator: pick(random, operators) }),
    ...maybe(random, 3, () => ({ value: pick(random, values) })),
    ...maybe(random, 2, () => ({ effect: pick(random, [...EFFECTS, '', 'noschedule', null]) })),
    ...maybe(random, 12, () => ({ tolerationSeconds: random(2) })),
  };
}

function randomSelector(random: Random): JsonValue {
  if (random(20) === 0) return null;
  return Object.fromEntries(
    listOf(random, 3, () => [pick(random, KEYS), nullOr(random, value(random))] as const),
  );
}

function randomAffinity(random: Random): JsonValue {
  if (random(20) === 0) return null;
  if (random(20) === 0) return { nodeAffinity: null };
  const field = random(10) === 0 ? 'preferred' : 'required';
  if (field === 'preferred') {
    const preference = { matchExpressions: [randomExpression(random)] };
    const preferred = [{ weight: 1, preference }];
    return { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } };
  }
  const required =
    random(20) === 0
      ? pick<JsonValue>(random, [null, {}, { nodeSelectorTerms: null }])
      : { nodeSelectorTerms: listOf(random, 4, randomTerm) };
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } };
}

function randomTerm(random: Random): JsonValue {
  if (random(30) === 0) return null;
  return {
    ...(random(6) > 0 && { matchExpressions: listOf(random, 4, randomExpression) }),
    ...maybe(random, 4, () => ({ matchFields: listOf(random, 3, randomField) })),
  };
}

function randomExpression(random: Random): JsonObject {
  const operator = pick(random, [
    ...['In', 'In', 'NotIn', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt', 'Gt', 'Lt'],
    ...(random(12) === 0 ? ['exists', '', 'Equals'] : []),
  ]);
  const key = random(40) === 0 ? pick(random, ODD_KEYS) : pick(random, KEYS);
  return { key, operator, ...valuesFor(operator, random) };
}

function valuesFor(operator: string, random: Random): JsonObject {
  if (random(25) === 0) return { values: null };
  if (operator === 'Exists' || operator === 'DoesNotExist') {
    return random(15) === 0 ? { values: [value(random)] } : {};
  }
  if (operator === 'Gt' || operator === 'Lt') {
    const count = random(15) === 0 ? random(3) : 1;
    return { values: Array.from({ length: count }, () => number(random)) };
  }
  return { values: listOf(random, 4, value) };
}

function randomField(random: Random): JsonObject {
  const key = random(12) === 0 ? pick(random, ['metadata.namespace', '', 'name']) : 'metadata.name';
  const operator =
    random(5) === 0 ? pick(random, ['Exists', 'Exists', 'Gt', '']) : pick(random, ['In', 'NotIn']);
  const count = random(4) === 0 ? random(3) : 1;
  const values = Array.from({ length: count }, () => pick(random, [...NAMES, '']));
  return { key, operator, values };
}

function value(random: Random): string {
  if (random(12) === 0) return pick(random, ODD_VALUES);
  return pick(random, random(60) === 0 ? ODDER_VALUES : VALUES);
}

// The API server accepts no other value for a label of a Node.
function labelValue(random: Random): string {
  const drawn = value(random);
  return /^(?:[a-z0-9](?:[-\w.]*[a-z0-9])?)?$/i.test(drawn) ? drawn : '';
}

function number(random: Random): string {
  return random(6) === 0 ? value(random) : pick(random, ['6', '7', '8', '07', '0', '9']);
}

/** A random item of a list. */
export function pick<T>(random: Random, items: readonly T[]): T {
  return items[random(items.length)] as T;
}

function listOf<T>(random: Random, limit: number, make: (random: Random) => T): T[] {
  return Array.from({ length: random(limit) }, () => make(random));
}

function maybe<T>(random: Random, of: number, make: () => T): T | Record<string, never> {
  return random(of) === 0 ? make() : {};
}

function nullOr(random: Random, text: string): JsonValue {
  return random(25) === 0 ? null : text;
}
