import type { JsonObject } from '../../src/kubernetes/json.ts';

// The specs of the pods that cost most, of those that are checked, and of pods that list more.

const ANY = [{ operator: 'Exists' }];
/** Long keys of labels. */
const key = (index: number | string) => `${'k'.repeat(60)}.example.com/${'k'.repeat(55)}${index}`;

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function affinity(nodeSelectorTerms: readonly JsonObject[]): JsonObject {
  const required = { nodeSelectorTerms: [...nodeSelectorTerms] };
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } };
}

function expressions(count: number, make: (index: number) => JsonObject): JsonObject {
  return { matchExpressions: times(count, make) };
}

const value = (index: number) => `${'v'.repeat(50)}${index}`;
const pairs = (count: number) =>
  Object.fromEntries(times(count, (index) => [key(index), value(index)]));

/** At the limits: 250 tolerations, pairs and terms, 50 requirements in a term, 250 in all, 1,000 values and items. */
export const AT_THE_LIMITS: Readonly<Record<string, JsonObject>> = {
  'tolerations, none of which fits': {
    tolerations: times(250, (index) => ({ key: key(index), operator: 'Exists' })),
  },
  'pairs of nodeSelector': { tolerations: ANY, nodeSelector: pairs(250) },
  'terms of one requirement': {
    tolerations: ANY,
    affinity: affinity(
      times(250, (index) => expressions(1, () => ({ key: `k${index}`, operator: 'DoesNotExist' }))),
    ),
  },
  'terms of fifty requirements, each on a label of its own': {
    tolerations: ANY,
    affinity: affinity(
      times(5, (term) =>
        expressions(50, (index) => ({
          key: key(`${term}-${index}`),
          operator: 'DoesNotExist',
        })),
      ),
    ),
  },
  'fifty requirements on one label, with twenty values each': {
    tolerations: ANY,
    affinity: affinity([
      expressions(50, () => ({ key: key(''), operator: 'In', values: times(20, value) })),
    ]),
  },
  'two requirements with five hundred values that have none in common': {
    tolerations: ANY,
    affinity: affinity([
      expressions(2, (index) => ({
        key: 'pool',
        operator: 'In',
        values: times(500, (one) => value(one + 1000 * index)),
      })),
    ]),
  },
  'two such on the label of the role': {
    tolerations: ANY,
    affinity: affinity([
      expressions(2, (index) => ({
        key: 'node-role.kubernetes.io/worker',
        operator: 'In',
        values: times(500, (one) => value(one + 1000 * index)),
      })),
    ]),
  },
  'numbers and values': {
    tolerations: ANY,
    affinity: affinity([
      expressions(50, (index) => ({
        key: 'pool',
        operator: index === 0 ? 'In' : 'Gt',
        values: index === 0 ? times(951, (one) => String(one).padStart(60, '0')) : ['999'],
      })),
    ]),
  },
  'values that are excluded': {
    tolerations: ANY,
    affinity: affinity([
      expressions(50, (index) => ({
        key: 'pool',
        operator: index === 0 ? 'In' : 'NotIn',
        values: index === 0 ? times(510, value) : times(10, (one) => value(one + 10 * index)),
      })),
    ]),
  },
  numbers: {
    tolerations: ANY,
    affinity: affinity([
      expressions(49, (index) => ({
        key: 'pool',
        operator: index % 2 === 0 ? 'Gt' : 'Lt',
        values: [`${9 * (index % 2)}00`],
      })),
    ]),
  },
  'pairs and requirements together': {
    tolerations: [...ANY, ...times(249, (index) => ({ key: `k${index}`, operator: 'Exists' }))],
    nodeSelector: pairs(100),
    affinity: affinity(
      times(5, (term) =>
        expressions(50, (index) => ({ key: `k${term}-${index}`, operator: 'Exists' })),
      ),
    ),
  },
};

/** Beyond one of them, up to what an API server takes, and what is said of each. */
export const BEYOND: Readonly<Record<string, readonly [JsonObject, RegExp]>> = {
  '251 tolerations': [
    { tolerations: times(251, (index) => ({ key: `k${index}`, operator: 'Exists' })) },
    /has 251 tolerations/,
  ],
  '30,000 tolerations': [
    { tolerations: times(30_000, (index) => ({ key: `k${index}`, operator: 'Exists' })) },
    /has 30000 tolerations/,
  ],
  '30,000 pairs of nodeSelector': [
    {
      tolerations: ANY,
      nodeSelector: Object.fromEntries(times(30_000, (index) => [`k${index}`, 'v'])),
    },
    /has 30000 pairs/,
  ],
  '7,000 terms': [
    {
      tolerations: ANY,
      affinity: affinity(
        times(7000, (index) => expressions(1, () => ({ key: `k${index}`, operator: 'Exists' }))),
      ),
    },
    /has 7000 nodeSelectorTerms/,
  ],
  '51 requirements in a term': [
    {
      tolerations: ANY,
      affinity: affinity(
        [{}, expressions(51, (index) => ({ key: `k${index}`, operator: 'Exists' }))].slice(1),
      ),
    },
    /has 51 requirements in one/,
  ],
  '300 requirements': [
    {
      tolerations: ANY,
      affinity: affinity(
        times(6, () => expressions(50, (index) => ({ key: `k${index}`, operator: 'Exists' }))),
      ),
    },
    /has 300 requirements/,
  ],
  'two requirements with 7,000 values each': [
    {
      tolerations: ANY,
      affinity: affinity([
        expressions(2, (index) => ({
          key: 'pool',
          operator: 'In',
          values: times(7000, (one) => `${one + 10_000 * index}`),
        })),
      ]),
    },
    /has 14000 values/,
  ],
  'pairs for each of many terms': [
    {
      tolerations: ANY,
      nodeSelector: pairs(100),
      affinity: affinity(
        times(10, (index) => expressions(1, () => ({ key: `k${index}`, operator: 'Exists' }))),
      ),
    },
    /has 1011 tolerations and requirements/,
  ],
};
