import { UserError } from '../errors.ts';
import type { InputFile, OnProgress } from '../input.ts';
import type { JsonObject } from '../kubernetes/json.ts';
import { groupOf } from '../kubernetes/resources.ts';
import { clusterName, IN_CLUSTER, snapshotText } from '../manifest/snapshot.ts';
import { compareText } from '../report/order.ts';
import type { KindState, ReadCluster, ReadKind } from '../report/report.ts';
import {
  isBuiltIn,
  qualified,
  type ServedKind,
  servedAs,
  servedKinds,
  unknownGroups,
} from './discovery.ts';
import { itemReader } from './items.ts';
import { type KindToRead, pluralOf } from './kinds.ts';
import { type Answer, type Kubectl, listening, reasonOf } from './kubectl.ts';
import { reduced } from './reduce.ts';

/** What to read of a cluster. */
export interface Reading {
  readonly kinds: readonly KindToRead[];
  /** Kinds that no verdict depends on: what is forbidden or not readable of them is only said. */
  readonly optional?: readonly KindToRead[];
  /** The only namespace to read; all of them by default. */
  readonly namespace?: string | undefined;
  /** The context that kubectl is told to use. */
  readonly context?: string | undefined;
  /** The user that kubectl is told to impersonate. */
  readonly user?: string | undefined;
  /** Single ConfigMaps to read as well; those that are not there are left out. Their data is not kept. */
  readonly configMaps?: readonly { readonly namespace: string; readonly name: string }[];
  /** The time of the reading, in milliseconds since 1970. */
  readonly now: number;
  readonly onProgress?: OnProgress | undefined;
}

/** A cluster as it was read. */
export interface ClusterInput {
  /** One file, named `cluster:CONTEXT`: a snapshot, each object on a line. */
  readonly files: readonly [Extract<InputFile, { readonly bytes: Uint8Array }>];
  readonly cluster: ReadCluster;
  /** The kinds that are forbidden, or that could not be read. */
  readonly notReadable: readonly ReadKind[];
  /** The lines that kubectl printed on standard error, each once. */
  readonly said: readonly string[];
}

/** How many lists are read at a time. */
const AT_A_TIME = 3;

/**
 * Reads objects of a cluster through kubectl. Each is reduced as it arrives: `reduced()` says what is kept.
 *
 * A kind that cannot be listed is a part of the result. Without a connection there is none.
 *
 * @throws UserError TOOL_MISSING, CLUSTER_CONTEXT, CLUSTER_UNREACHABLE, CLUSTER_NAMESPACE
 */
export async function readCluster(kubectl: Kubectl, reading: Reading): Promise<ClusterInput> {
  const { kubectl: heard, said } = listening(kubectl);
  const { context, user } = await contextOf(heard, reading);
  const pinned = inContext(heard, context);
  const server = await versionOf(pinned, context);
  const discovered = await discover(pinned, context);
  const lists = await listAll(pinned, discovered, reading);
  if (reading.namespace !== undefined) await requireNamespace(pinned, reading.namespace, lists);
  const maps = await configMapsOf(pinned, reading);
  const kinds = lists.map(({ read }) => read);
  const cluster: ReadCluster = {
    context,
    user: reading.user ?? userIn(kinds) ?? user,
    server,
    namespace: reading.namespace ?? null,
    at: new Date(reading.now).toISOString().replace(/\.\d+Z$/, 'Z'),
    kinds,
  };
  const objects = [...lists.flatMap(({ objects: own }) => own), ...maps];
  const bytes = new TextEncoder().encode(snapshotText(cluster, objects));
  return {
    files: [{ name: clusterName(cluster), bytes }],
    cluster,
    notReadable: kinds.filter(({ state }) => state === 'forbidden' || state === 'unreadable'),
    said: said(),
  };
}

function isEnded(
  answer: Answer,
): answer is Extract<Answer, { readonly kind: 'ended' }> & { readonly status: 0 } {
  return answer.kind === 'ended' && answer.status === 0;
}

function unreachable(context: string, answer: Answer): UserError {
  if (answer.kind === 'missing') return toolMissing();
  const said = reasonOf(answer);
  const message = `cannot read cluster ${context}: ${said}${adviceOn(said)}`;
  return new UserError('CLUSTER_UNREACHABLE', message);
}

/** What to do about what kubectl says, where that is known. */
function adviceOn(said: string): string {
  if (/refused|no such host|timeout|timed out|i\/o|unreachable|did not end/i.test(said)) {
    return ' (check the address: kubectl cluster-info)';
  }
  if (/Unauthorized|must be logged in|credentials|expired|exec:/i.test(said)) {
    return ' (sign in again, as for any other command of kubectl)';
  }
  if (/x509|certificate/i.test(said)) return ' (check the certificates in the kubeconfig)';
  return '';
}

function toolMissing(): UserError {
  const message =
    'kubectl is not on PATH: audit reads clusters through it. Install it, or on another machine use audit --save FILE, and here --from FILE';
  return new UserError('TOOL_MISSING', message);
}

interface Config {
  readonly 'current-context'?: unknown;
  readonly contexts?: unknown;
}

async function contextOf(
  kubectl: Kubectl,
  { context }: Reading,
): Promise<{ readonly context: string; readonly user: string | null }> {
  const answer = await kubectl(['config', 'view', '-o', 'json']);
  if (answer.kind === 'missing') throw toolMissing();
  if (!isEnded(answer)) {
    const message = `kubectl cannot read its configuration: ${reasonOf(answer)}`;
    throw new UserError('CLUSTER_CONTEXT', message);
  }
  const config = jsonOf(answer.stdout) as Config | undefined;
  if (config === undefined) {
    const message =
      'kubectl config view did not print JSON, so it is not known which cluster it is';
    throw new UserError('CLUSTER_CONTEXT', message);
  }
  const contexts = (Array.isArray(config.contexts) ? config.contexts : []).map((one) => ({
    name: String(one?.name),
    user: typeof one?.context?.user === 'string' ? one.context.user : null,
  }));
  const names = contexts.map(({ name }) => name);
  const chosen = context ?? String(config['current-context'] ?? '');
  const found = contexts.find(({ name }) => name === chosen);
  if (found !== undefined) return { context: found.name, user: found.user };
  if (chosen !== '') throw noContext(`kubectl has no context ${chosen}`, names);
  if (names.length > 0) throw noContext('no context of the kubeconfig is the current one', names);
  return { context: IN_CLUSTER, user: null };
}

function noContext(what: string, names: readonly string[]): UserError {
  const known =
    names.length === 0
      ? 'the kubeconfig has none. Name another file with --kubeconfig'
      : `use --context with one of ${[...names].sort(compareText).join(', ')}`;
  return new UserError('CLUSTER_CONTEXT', `${what}: ${known}`);
}

/** Every call is of one context: someone may choose another one as the current one meanwhile. */
function inContext(kubectl: Kubectl, context: string): Kubectl {
  if (context === IN_CLUSTER) return kubectl;
  return (argv, take) => kubectl([...argv, `--context=${context}`], take);
}

/**
 * A namespace that does not exist has empty lists, and so has one whose name is mistyped.
 *
 * @throws UserError CLUSTER_NAMESPACE
 */
async function requireNamespace(
  kubectl: Kubectl,
  namespace: string,
  lists: readonly Listed[],
): Promise<void> {
  const own = lists.filter(({ isNamespaced }) => isNamespaced);
  if (own.some(({ objects }) => objects.length > 0)) return;
  const argv = ['get', 'namespaces.v1.', namespace, '-o', 'json', '--ignore-not-found'];
  const answer = await kubectl(argv);
  if (isEnded(answer)) {
    if (jsonOf(answer.stdout) !== undefined) return;
    throw noNamespace(`the cluster has no namespace ${namespace}`);
  }
  // What could not be read is in the report.
  if (!own.some(({ read }) => read.state === 'listed')) return;
  throw noNamespace(
    `nothing was found in namespace ${namespace}, and whether there is one could not be read (${reasonOf(answer)})`,
  );
}

function noNamespace(what: string): UserError {
  const message = `${what}: kubectl get namespaces lists them`;
  return new UserError('CLUSTER_NAMESPACE', message);
}

async function versionOf(kubectl: Kubectl, context: string): Promise<string> {
  const answer = await kubectl(['version', '-o', 'json']);
  if (!isEnded(answer)) throw unreachable(context, answer);
  const version = jsonOf(answer.stdout) as
    | { readonly serverVersion?: { readonly gitVersion?: unknown } }
    | undefined;
  return String(version?.serverVersion?.gitVersion ?? 'unknown');
}

interface Discovered {
  readonly served: readonly ServedKind[];
  /** The groups of which it is not known what they serve. */
  readonly unknown: ReadonlySet<string>;
  readonly reason: string;
}

/**
 * Asks what the cluster serves. `api-resources` knows the preferred version of each group, and goes on where the server
 * of one is down, so that it fails and still has an answer.
 */
async function discover(kubectl: Kubectl, context: string): Promise<Discovered> {
  const answer = await kubectl(['api-resources', '--verbs=list', '--no-headers']);
  const text = answer.kind === 'ended' ? decoded(answer.stdout) : '';
  const { served, unread } = servedKinds(text);
  const unknown = answer.kind === 'ended' ? unknownGroups(answer.stderr) : new Set<string>();
  const isPartial = served.length > 0 && unknown.size > 0;
  if (!isEnded(answer) && !isPartial) throw unreachable(context, answer);
  if (unread !== undefined) {
    const message = `cannot read cluster ${context}: kubectl api-resources printed what cannot be read: ${unread} (kubectl 1.20 or later is needed)`;
    throw new UserError('CLUSTER_UNREACHABLE', message);
  }
  if (served.length === 0) {
    const message = `cannot read cluster ${context}: it serves no kind that can be listed`;
    throw new UserError('CLUSTER_UNREACHABLE', message);
  }
  return { served, unknown, reason: reasonOf(answer) };
}

/** What became of one kind. */
interface Listed {
  readonly isNamespaced: boolean;
  readonly read: ReadKind;
  readonly objects: readonly JsonObject[];
}

/** Lists every kind, some at a time, and returns them sorted by resource. */
async function listAll(
  kubectl: Kubectl,
  discovered: Discovered,
  { kinds, optional = [], namespace, onProgress }: Reading,
): Promise<readonly Listed[]> {
  const queue = [
    ...kinds,
    // What only says more is no news where it is not served.
    ...optional.filter((kind) => servedAs(kind, discovered.served) !== undefined),
  ];
  const total = queue.length;
  const found: Listed[] = [];
  const work = async () => {
    for (let kind = queue.shift(); kind !== undefined; kind = queue.shift()) {
      found.push(await listOne(kubectl, kind, { discovered, namespace }));
      onProgress?.('read', found.length, total);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return found.sort((a, b) => compareText(a.read.resource, b.read.resource));
}

const NOT_NAMED = 'kubectl api-resources does not name it, though every API server has it';

async function listOne(
  kubectl: Kubectl,
  wanted: KindToRead,
  {
    discovered: { served, unknown, reason },
    namespace,
  }: { readonly discovered: Discovered; readonly namespace: string | undefined },
): Promise<Listed> {
  const kind = servedAs(wanted, served);
  if (kind === undefined) {
    const why = wanted.groups.some((group) => unknown.has(group))
      ? reason
      : isBuiltIn(wanted)
        ? NOT_NAMED
        : null;
    const read = readKind(wanted, why === null ? 'notServed' : 'unreadable', why);
    return { isNamespaced: false, read, objects: [] };
  }
  const objects: JsonObject[] = [];
  const items = itemReader((item) => {
    const object = withKind(item, kind);
    if (wanted.isKept?.(object) ?? true) objects.push(reduced(object));
  });
  const where =
    namespace === undefined || !kind.isNamespaced ? ['-A'] : [`--namespace=${namespace}`];
  const argv = ['get', qualified(kind), ...where, '-o', 'json', '--chunk-size=500'];
  const answer = await kubectl(argv, items.add);
  const wrong = isEnded(answer) ? items.end() : reasonOf(answer);
  const { isNamespaced } = kind;
  if (wrong === undefined) {
    const read = { ...readKind(kind, 'listed', null), objects: objects.length };
    return { isNamespaced, read, objects };
  }
  const isForbidden = !isEnded(answer) && /\(Forbidden\)|\bis forbidden\b/.test(wrong);
  const read = readKind(kind, isForbidden ? 'forbidden' : 'unreadable', wrong);
  return { isNamespaced, read, objects: [] };
}

/** The items of a list have their kind, but those of lists that other programs print may not. */
function withKind(item: JsonObject, { apiVersion, kind }: ServedKind): JsonObject {
  return typeof item['kind'] === 'string' ? item : { ...item, apiVersion, kind };
}

function readKind(of: KindToRead | ServedKind, state: KindState, reason: string | null): ReadKind {
  const group = 'groups' in of ? (of.groups[0] ?? '') : groupOf(of.apiVersion);
  const plural = 'groups' in of ? pluralOf(of.kind, group) : of.resource;
  const resource = group === '' ? plural : `${plural}.${group}`;
  return { resource, group, kind: of.kind, state, objects: null, reason };
}

/** The name by which the API server knows the user, where it has refused something. */
function userIn(kinds: readonly ReadKind[]): string | undefined {
  for (const { reason } of kinds) {
    const user = /User "([^"]+)" cannot/.exec(reason ?? '')?.[1];
    if (user !== undefined) return user;
  }
  return undefined;
}

async function configMapsOf(
  kubectl: Kubectl,
  { configMaps = [] }: Reading,
): Promise<readonly JsonObject[]> {
  const found: JsonObject[] = [];
  for (const { namespace, name } of configMaps) {
    const argv = ['get', 'configmaps', name, `--namespace=${namespace}`, '-o', 'json'];
    const answer = await kubectl([...argv, '--ignore-not-found']);
    const object = isEnded(answer) ? jsonOf(answer.stdout) : undefined;
    if (object !== undefined) found.push(reduced(object as JsonObject));
  }
  return found;
}

function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function jsonOf(bytes: Uint8Array): object | undefined {
  try {
    const value: unknown = JSON.parse(decoded(bytes));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
