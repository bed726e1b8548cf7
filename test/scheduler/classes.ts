import type { JsonObject, JsonValue } from '../../src/kubernetes/json.ts';
import { pick, type Random } from './pods.ts';
import type { ClassVerdict } from './scheduler.ts';

// A cluster of three roles, and the nodes of a class of nodes, as far as they differ for a pod. It shares
// no code with the policies: these nodes test the verdicts of the policies on a class.

/** Roles with a plain label, with a label of another value, and without taints. */
export const PARAMETERS = {
  nodeRoles: [
    {
      name: 'control-plane',
      labels: [{ key: 'role', value: '' }],
      taints: [{ key: 'role', value: '', effect: 'NoSchedule' }],
    },
    {
      name: 'infra',
      labels: [{ key: 'infra', value: 'true' }],
      taints: [{ key: 'infra', value: 'true', effect: 'NoExecute' }],
    },
    { name: 'worker', labels: [{ key: 'role', value: 'x' }], taints: [] },
  ],
  nodeLabels: [{ key: 'kubernetes.io/arch', value: 'x' }],
} as const;

/** A class of nodes, and the name of the role that it is inside or outside of. */
export type RoleClass = ClassVerdict['class'] & { readonly role: string };

/**
 * Nodes of a class: all that differ for the pod, or a random sample of `most`.
 *
 * @returns also whether they are all.
 */
export function nodesOf(
  pod: JsonObject,
  { role, forced, forbidden }: RoleClass,
  random: Random,
  most: number,
): { readonly nodes: readonly JsonObject[]; readonly areAll: boolean } {
  const keys = [...new Set(['role', 'infra', ...keysOf(pod), ...Object.keys(forced)])].filter(
    isKey,
  );
  const domains = keys.map((key) => domain(key, wordsAbout(key, pod), { role, forced, forbidden }));
  const names = ['n1', 'n2', 'n3', 'other'];
  const size = domains.reduce((product, { length }) => product * length, names.length);
  const areAll = size <= most;
  const nodes = Array.from({ length: Math.min(size, most) }, (_, index) => {
    let rest = index;
    const next = <T>(items: readonly T[]): T => {
      if (!areAll) return pick(random, items);
      const item = items[rest % items.length] as T;
      rest = Math.floor(rest / items.length);
      return item;
    };
    const name = next(names);
    const labels = keys.map((key, at) => [key, next(domains[at] ?? [undefined])] as const);
    const present = labels.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]));
    return node(name, Object.fromEntries(present));
  });
  return { nodes, areAll };
}

function node(name: string, labels: JsonObject): JsonObject {
  const taints = PARAMETERS.nodeRoles
    .filter((role) => role.labels.some(({ key, value }) => labels[key] === value))
    .flatMap((role) => role.taints.map((taint) => ({ ...taint })));
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: { taints } };
}

/**
 * Every value that makes a difference; undefined for a node without the label. A label of the class's own role
 * has the values that roles have, and so has that of a reserved role on unreserved nodes; that of another role may
 * have any value.
 */
function domain(
  key: string,
  words: readonly string[],
  { role, forced, forbidden }: RoleClass,
): readonly (string | undefined)[] {
  if (Object.hasOwn(forced, key)) return [forced[key]];
  const pairs = PARAMETERS.nodeRoles.flatMap(({ name, labels }) =>
    labels.map((label) => ({ name, ...label })),
  );
  const marks = pairs.filter((pair) => pair.key === key).map(({ value }) => value);
  const isOwn =
    pairs.some((pair) => pair.name === role && pair.key === key) ||
    forbidden.some((pair) => pair.key === key);
  const values = isOwn ? marks : [...marks, ...distinguished(words)];
  const allowed = values.filter(
    (value) => !forbidden.some((pair) => pair.key === key && pair.value === value),
  );
  return [...new Set([undefined, ...allowed])];
}

/** What the pod requires of a label: texts of its nodeSelector and of the requirements on it. */
function wordsAbout(key: string, pod: JsonObject): readonly string[] {
  const { [key]: selected } = (pod['nodeSelector'] ?? {}) as JsonObject;
  return [...new Set([...texts(selected), ...requirementsOn(key, pod['affinity']).flatMap(texts)])];
}

function requirementsOn(key: string, value: JsonValue | undefined): readonly JsonValue[] {
  if (typeof value !== 'object' || value === null) return [];
  if (!Array.isArray(value) && (value as JsonObject)['key'] === key) return [value];
  return Object.values(value).flatMap((item: JsonValue) => requirementsOn(key, item));
}

/** A value of each sort that the words of a pod about a label tell apart. */
function distinguished(words: readonly string[]): readonly string[] {
  const numbers = words.filter(isNumber).flatMap((word) => {
    const around = [-1n, 0n, 1n].map((step) => BigInt(word) + step);
    const near = around.filter((number) => number >= 0n && number < 2n ** 63n).map(String);
    return near.map((number) => unlike(number, words));
  });
  const literals = words.filter((word) => /^(?:[a-z0-9](?:[-\w.]*[a-z0-9])?)?$/i.test(word));
  return ['fresh', ...literals, ...numbers];
}

/** The number in another spelling than in the pod: leading zeros change nothing. */
function unlike(number: string, words: readonly string[]): string {
  return words.includes(number) ? unlike(`0${number}`, words) : number;
}

function isNumber(word: string): boolean {
  return /^\d{1,19}$/.test(word);
}

function isKey(key: string): boolean {
  return /^(?:[a-z.]+\/)?[a-z]+$/.test(key);
}

function keysOf(pod: JsonObject): readonly string[] {
  const selector = pod['nodeSelector'];
  const pairs = typeof selector === 'object' && selector !== null ? Object.keys(selector) : [];
  return [...pairs, ...texts(pod['affinity'])];
}

function texts(value: JsonValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return value === null ? [''] : [];
  return Object.values(value).flatMap((item: JsonValue) => texts(item));
}
