import { isNamespaceName, type ObjectReference } from '../kubernetes/objects.ts';
import type { RoleReach } from '../report/reach.ts';
import { inWords } from '../words.ts';
import { scalar } from './yaml-text.ts';

/** A workload that is not a component, and can run on nodes of a reserved role. */
export interface Candidate {
  readonly object: ObjectReference;
  /** Where it can run, in words. */
  readonly where: string;
  /** The value of a row's nodeRole by which it would be right where it is; null if none is. */
  readonly nodeRole: string | null;
  /** Whether it is more likely a component than a mistake. */
  readonly isAgent: boolean;
}

/** The kinds that a row can have. */
const KINDS = [
  'Pod',
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'DaemonSet',
  'StatefulSet',
  'Job',
  'CronJob',
];

/** Names an object as kubectl does, with its namespace. */
export function named({ kind, namespace, name }: ObjectReference): string {
  return `${kind} ${namespace === null ? '' : `${namespace}/`}${name ?? '?'}`;
}

/**
 * Writes the row of the component table by which a candidate becomes a component.
 *
 * Undefined if no row can name just this object: its name is not one that an API server accepts, or a `*` in it would make a
 * pattern.
 *
 * @param taken the names of the rows that are there.
 */
export function rowLines(
  { object, nodeRole }: Candidate,
  taken: Set<string>,
): readonly string[] | undefined {
  const { kind, namespace, name } = object;
  if (namespace === null || name === null || !KINDS.includes(kind)) return undefined;
  if (!isNamespaceName(namespace) || !isObjectName(name)) return undefined;
  const row = freeName(
    [name, `${namespace}-${name}`, `${namespace}-${name}-${kind.toLowerCase()}`],
    taken,
  );
  taken.add(row);
  return [
    `- name: ${scalar(row)}`,
    `  match: { namespace: ${scalar(namespace)}, name: ${scalar(name)}, kind: ${kind} }`,
    `  type: ${kind}`,
    ...(nodeRole === null ? [] : [`  nodeRole: ${scalar(nodeRole)}`]),
  ];
}

function freeName(names: readonly string[], taken: ReadonlySet<string>): string {
  const free = names.find((name) => !taken.has(name));
  if (free !== undefined) return free;
  const last = names.at(-1) ?? '';
  for (let count = 2; ; count += 1) {
    const name = `${last}-${count}`;
    if (!taken.has(name)) return name;
  }
}

function isObjectName(name: string): boolean {
  return (
    name.length <= 253 &&
    /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/.test(name)
  );
}

/** Whether a pod can run on nodes that it must stay off. */
export function isForbidden({ share, expected }: RoleReach): boolean {
  return expected === 'forbidden' && share !== 'none';
}

/**
 * Makes a candidate of an object.
 *
 * @param byRole where its pods can run, by the index of the role; empty if it has no pods of its own.
 */
export function candidateOf(
  object: ObjectReference,
  byRole: readonly RoleReach[],
  roles: readonly string[],
): Candidate {
  return {
    object,
    where: whereText(byRole, roles),
    nodeRole: nodeRoleOf(byRole, roles),
    isAgent: object.kind === 'DaemonSet',
  };
}

function whereText(byRole: readonly RoleReach[], roles: readonly string[]): string {
  if (byRole.length > 0 && byRole.every(({ share }) => share === 'every')) return 'on every node';
  const names = roles.filter((_, index) => {
    const role = byRole[index];
    return role !== undefined && isForbidden(role);
  });
  return names.length === 0 ? 'without the scheduler' : `on ${inWords(names, 'and')} nodes`;
}

/** What a row would say of where the pods can run today. */
function nodeRoleOf(byRole: readonly RoleReach[], roles: readonly string[]): string | null {
  const reached = roles.filter((_, index) => (byRole[index]?.share ?? 'none') !== 'none');
  if (reached.length === 0) return null;
  if (byRole.every(({ share }) => share === 'every')) return 'all';
  if (reached.length === roles.length) return 'any';
  return reached.length === 1 ? (reached[0] ?? null) : null;
}
