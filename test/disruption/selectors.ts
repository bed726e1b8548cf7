import type { JsonObject, JsonValue } from '../../src/kubernetes/json.ts';
import { pick, type Random } from '../scheduler/pods.ts';

// Label selectors with few keys and values, which match often, and every form of a missing one.

const KEYS = ['app', 'tier', 'zone'];
const ODD_KEYS = ['', 'a b', 'Upper.example/x', 'example.com/app', 'app/', 'x-'];
const VALUES = ['x', 'x', 'y', '', '7'];
const ODD_VALUES = ['a b', '-', 'x.', 'x'.repeat(64), 'é'];
/** Random labels of a pod. */
export function randomLabels(random: Random): JsonObject {
  const keys = KEYS.filter(() => random(3) > 0);
  return Object.fromEntries(keys.map((key) => [key, pick(random, VALUES)]));
}

/** A random selector over some keys. */
export function randomSelector(random: Random, keys: readonly string[] = KEYS): JsonValue {
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

/** The value, or sometimes null. */
export function nullOr<T>(random: Random, value: T): T | null {
  return random(25) === 0 ? null : value;
}

/** A list of a few items, rarely empty. */
export function listOf<T>(random: Random, most: number, make: () => T): readonly T[] {
  return Array.from({ length: random(most) + (random(10) > 0 ? 1 : 0) }, make);
}
