import type { JsonObject } from '../../src/kubernetes/json.ts';
import { type Attempt, bytesOf, type Objects, type Step } from '../support/red-team.ts';
import type { Cluster } from './cluster.ts';

/** The namespace of an attempt that names none. */
export function namespaceOf({ id }: Attempt): string {
  return `red-team-${id}`;
}

/**
 * Makes an attempt, step by step, up to the first step that is rejected.
 *
 * @param change changes each object before it is sent.
 * @returns the error of that step, or the empty string.
 */
export async function makeAttempt(
  cluster: Cluster,
  attempt: Attempt,
  change: (object: JsonObject) => JsonObject = (object) => object,
): Promise<string> {
  const made: Making = { cluster, attempt, change };
  const steps = attempt.live ?? [{ create: ['objects'] as const }];
  const all: readonly Step[] = [{ create: attempt.unseen }, ...steps];
  for (const step of all) {
    const refusal = await take(step, made);
    if (refusal !== '') return refusal;
  }
  return '';
}

interface Making {
  readonly cluster: Cluster;
  readonly attempt: Attempt;
  readonly change: (object: JsonObject) => JsonObject;
}

async function take(step: Step, made: Making): Promise<string> {
  const { cluster, attempt } = made;
  const namespace = namespaceOf(attempt);
  if ('create' in step) return sendAll('create', step.create, made);
  if ('apply' in step) return sendAll('apply', step.apply, made);
  if ('wait' in step) {
    await new Promise((resolve) => setTimeout(resolve, 1000 * step.wait));
    return '';
  }
  if ('run' in step) return cluster.kubectl([...step.run, '-n', namespace]);
  if ('post' in step) {
    const path = step.post.replace('{namespace}', namespace);
    const as = step.as === undefined ? [] : ['--as', step.as];
    return cluster.kubectl(['create', '--raw', path, ...as, '-f', '-'], json(step.object));
  }
  return cluster.kubectl([...patchOf(step), '-n', namespace]);
}

function patchOf(step: Extract<Step, { readonly patch: string }>): readonly string[] {
  const { patch, subresource } = step;
  const type = step.json === undefined ? 'merge' : 'json';
  return [
    'patch',
    patch,
    `--type=${type}`,
    ...(subresource === undefined ? [] : [`--subresource=${subresource}`]),
    '-p',
    JSON.stringify(step.json ?? step.with),
  ];
}

/** Sends objects one by one, in the order of the file; raw text as a whole. */
async function sendAll(verb: string, objects: Objects, made: Making): Promise<string> {
  const { cluster, attempt, change } = made;
  const namespace = namespaceOf(attempt);
  const refusals: string[] = [];
  for (const object of objects.flatMap((one) => (one === 'objects' ? own(attempt) : [one]))) {
    const written = JSON.stringify(change(object)).replaceAll('{namespace}', namespace);
    const sent = kept(JSON.parse(await withUid(written, made)));
    const { namespace: said } = (sent['metadata'] ?? {}) as JsonObject;
    const where = said === undefined ? ['-n', namespace] : [];
    refusals.push(await send(cluster, [verb, ...where], json(sent)));
  }
  if (objects.includes('objects') && attempt.text !== undefined) {
    refusals.push(await send(cluster, [verb, '-n', namespace], bytesOf(attempt)));
  }
  return refusals.join('');
}

/** Adds a finalizer, which keeps a pod that is evicted at once for observation. Deletes must not wait for it. */
function kept(object: JsonObject): JsonObject {
  if (object['kind'] !== 'Pod') return object;
  const metadata = (object['metadata'] ?? {}) as JsonObject;
  return { ...object, metadata: { ...metadata, finalizers: ['example.com/seen'] } };
}

/** Leaves out nodes beside workloads: they only claim something about the cluster, and no user can create nodes. */
function own({ objects }: Attempt): readonly JsonObject[] {
  const others = objects.filter(({ kind }) => kind !== 'Node');
  return others.length > 0 ? others : objects;
}

/** A namespace that was just created has no service account yet. */
async function send(cluster: Cluster, argv: readonly string[], bytes: Uint8Array): Promise<string> {
  for (let patience = 20; ; patience -= 1) {
    const refusal = await cluster.kubectl([...argv, '--validate=false', '-f', '-'], bytes);
    if (patience === 0 || !refusal.includes('serviceaccount "default" not found')) return refusal;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** An ownerReference needs the uid of the owner, which only the cluster knows. */
async function withUid(written: string, { cluster, attempt }: Making): Promise<string> {
  if (!written.includes('{uid}')) return written;
  const { ownerReferences } = JSON.parse(written).metadata;
  const [{ kind, name }] = ownerReferences;
  const found = (await cluster.list(String(kind))).find(({ metadata }) => {
    const its = (metadata ?? {}) as JsonObject;
    const isNear = [undefined, namespaceOf(attempt)].includes(its['namespace'] as string);
    return its['name'] === name && isNear;
  });
  const { uid } = (found?.['metadata'] ?? {}) as JsonObject;
  return written.replaceAll('{uid}', String(uid));
}

function json(object: JsonObject): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(object));
}
