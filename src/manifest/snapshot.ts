import type { JsonObject } from '../kubernetes/json.ts';
import type { ReadCluster } from '../report/report.ts';

const API_VERSION = 'bulkhead.dev/v1';
const KIND = 'Snapshot';

/** Writes what was read of a cluster: a line that says what it is, and a line for each object. */
export function snapshotText(cluster: ReadCluster, objects: readonly JsonObject[]): string {
  const head = { apiVersion: API_VERSION, kind: KIND, ...cluster };
  return [head, ...objects].map((object) => `${JSON.stringify(object)}\n`).join('');
}

/** The first characters of every snapshot. */
const START = `{"apiVersion":"${API_VERSION}","kind":"${KIND}",`;

/** Whether a file starts as a snapshot. */
function isSnapshot(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, START.length)) === START;
}

/** Whether an object is the first line of a snapshot. */
export function isSnapshotHead({ apiVersion, kind }: JsonObject): boolean {
  return apiVersion === API_VERSION && kind === KIND;
}

/** Returns what a snapshot says of its cluster, if its first line can be read. */
export function clusterOf(head: unknown): ReadCluster | undefined {
  if (!isCluster(head)) return undefined;
  const { context, user, server, namespace, at, kinds } = head;
  return { context, user, server, namespace, at, kinds };
}

/** The same of the bytes of a file. */
export function clusterIn(bytes: Uint8Array): ReadCluster | undefined {
  const end = bytes.indexOf(0x0a);
  if (!isSnapshot(bytes) || end === -1) return undefined;
  return clusterOf(parsed(new TextDecoder().decode(bytes.subarray(0, end))));
}

/** The context where there is no kubeconfig: kubectl uses the account of the pod that it runs in. */
export const IN_CLUSTER = 'in-cluster';

/** What a report calls a cluster, in the place of a file. */
export function clusterName({ context }: Pick<ReadCluster, 'context'>): string {
  return `cluster:${context}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const STATES: readonly unknown[] = ['listed', 'forbidden', 'notServed', 'unreadable'];

function isCluster(head: unknown): head is ReadCluster {
  if (typeof head !== 'object' || head === null) return false;
  const { context, user, server, namespace, at, kinds } = head as Record<string, unknown>;
  return (
    [context, server, at].every(isText) &&
    [user, namespace].every((one) => one === null || isText(one)) &&
    Array.isArray(kinds) &&
    kinds.every(isKind)
  );
}

function isKind(kind: unknown): boolean {
  if (typeof kind !== 'object' || kind === null) return false;
  const { resource, group, kind: name, state, objects, reason } = kind as Record<string, unknown>;
  return (
    [resource, group, name].every(isText) &&
    STATES.includes(state) &&
    (objects === null || Number.isInteger(objects)) &&
    (reason === null || isText(reason))
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
