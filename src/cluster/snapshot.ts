import { UserError } from '../errors.ts';
import type { InputFile } from '../input.ts';
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

/** Whether a file is a snapshot, by its first bytes. */
export function isSnapshot(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, START.length)) === START;
}

/**
 * Reads what a snapshot says of its cluster.
 *
 * @throws UserError SNAPSHOT_INVALID
 */
export function readSnapshot(
  file: Extract<InputFile, { readonly bytes: Uint8Array }>,
): ReadCluster {
  if (!isSnapshot(file.bytes)) throw invalid(file.name, 'it does not start as one');
  const end = file.bytes.indexOf(0x0a);
  const head = parsed(new TextDecoder().decode(file.bytes.subarray(0, end)));
  if (end === -1 || !isCluster(head)) throw invalid(file.name, 'its first line cannot be read');
  const { context, user, server, namespace, at, kinds } = head;
  return { context, user, server, namespace, at, kinds };
}

function invalid(file: string, reason: string): UserError {
  const message = `${file} is not a file of bulkhead audit --save: ${reason}`;
  return new UserError('SNAPSHOT_INVALID', message, { place: { file, line: 1, column: 1 } });
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
