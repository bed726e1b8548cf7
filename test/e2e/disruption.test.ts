import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { check } from '../../src/check.ts';
import type { InputFile } from '../../src/input.ts';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { readProfile } from '../../src/profile/read.ts';
import { simulate } from '../../src/simulate.ts';
import type { Simulation } from '../../src/simulation/simulation.ts';
import type { Outcome } from '../../src/simulation/world.ts';
import { builtBulkhead } from '../support/bulkhead.ts';
import { type Cluster, startCluster, until } from './cluster.ts';
import {
  CONFIGURATIONS,
  type Configuration,
  closedNodesOf,
  MIN_READY_SECONDS,
  manifestsOf,
  nodesOf,
  objectsOf,
} from './configurations.ts';

// Real evictions and real updates on a real control plane: Bulkhead predicts the result of each. Every
// configuration has its own nodes: all run at the same time.

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly deletionTimestamp?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly conditions?: readonly { type: string; status: string; reason?: string }[];
  };
}

interface Budget {
  readonly metadata: { readonly namespace: string; readonly generation: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly currentHealthy?: number;
    readonly disruptionsAllowed?: number;
    readonly disruptedPods?: JsonObject;
    readonly conditions?: readonly { reason: string }[];
  };
}

/** What happened to a configuration. */
interface Seen {
  /** Pods that ran before anything happened. */
  running: number;
  /** The status of the eviction API, before anything happened. */
  eviction: number;
  /** The disruptions that the budget allowed then; undefined unless there is exactly one budget. */
  allowed: number | undefined;
  drain: { ended: boolean; least: number };
  update: { ended: boolean; restarted: number; least: number };
}

describe('a real cluster', () => {
  let cluster: Cluster;
  let stop: () => Promise<void> = async () => {};
  let predictions: ReadonlyMap<string, Prediction>;
  const seen = new Map<string, Seen>();
  before(async () => {
    cluster = await startCluster();
    const api = await cluster.serve();
    const pods = watchPods(api);
    stop = pods.stop;
    await makeAll(cluster, pods);
    predictions = predict(await cluster.list('nodes'));
    const rest = await atRest(api, pods);
    const drains = await drainAll(api, pods);
    const updates = await updateAll(api, pods);
    for (const { id } of CONFIGURATIONS) {
      seen.set(id, { ...of(rest, id), drain: of(drains, id), update: of(updates, id) });
    }
  });
  after(async () => {
    await stop();
    cluster?.stop();
  });

  test('drains and updates as predicted', (context) => {
    const table: Record<string, number> = { configurations: CONFIGURATIONS.length };
    const contradictions: string[] = [];
    for (const configuration of CONFIGURATIONS) {
      const { id } = configuration;
      const predicted = of(predictions, id);
      const found = compare(configuration, predicted, of(seen, id));
      for (const outcome of found.outcomes) table[outcome] = (table[outcome] ?? 0) + 1;
      if (found.contradictions.length === 0) continue;
      contradictions.push(
        JSON.stringify({ ...configuration, ...found, predicted, seen: of(seen, id) }),
      );
    }
    context.diagnostic(JSON.stringify({ ...table, contradictions: contradictions.length }));
    assert.deepEqual(contradictions, []);
    // Every kind of outcome occurs, or the test proves little.
    for (const outcome of OUTCOMES) assert.ok((table[outcome] ?? 0) > 1, outcome);
  });
});

const OUTCOMES = [
  'drain ended',
  'drain never ended',
  'update ended',
  'update never ended',
  'nothing restarted',
  'blocking-disruption-budget',
  'powerless-disruption-budget',
  'overlapping-disruption-budgets',
  'stuck-rollout',
  'interrupting-update',
];

/** Creates every configuration, and waits until every pod that fits a node runs. */
async function makeAll(cluster: Cluster, pods: Pods): Promise<void> {
  const namespaces = CONFIGURATIONS.map(({ id }) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: id },
  }));
  assert.equal(await cluster.create([...namespaces, ...CONFIGURATIONS.flatMap(allNodesOf)]), '');
  await until('a service account in every namespace, and Ready nodes', async () => {
    const accounts = await cluster.list('serviceaccounts');
    const nodes = JSON.stringify(await cluster.list('nodes'));
    const isServed = accounts.length >= CONFIGURATIONS.length;
    return (isServed && !nodes.includes('node.kubernetes.io/not-ready')) || undefined;
  });
  assert.equal(await cluster.create(CONFIGURATIONS.flatMap(objectsOf)), '');
  await until('a pod of every configuration', async () => {
    return CONFIGURATIONS.every(({ id }) => pods.of(id).length > 0) || undefined;
  });
  await pods.quiet(6000);
}

/** What Bulkhead predicts for a configuration. */
interface Prediction {
  readonly simulation: Simulation;
  readonly findings: ReadonlySet<string>;
}

function predict(nodes: readonly JsonObject[]): ReadonlyMap<string, Prediction> {
  const bulkhead = builtBulkhead();
  const rows = CONFIGURATIONS.map(({ id }) => ({
    name: id,
    match: { namespace: id, name: 'web' },
    disruptionControl: true,
  }));
  const head = 'apiVersion: bulkhead.dev/v1\nkind: Profile\nmetadata: {name: e2e, title: e2e}\n';
  const text = `${head}nodeRoles: {worker: {labels: {role: worker}}}\ncomponents: ${JSON.stringify(rows)}\n`;
  const read = readProfile('e2e.yaml', text);
  if (read.kind === 'errors') throw new AggregateError(read.errors);
  const all = [...CONFIGURATIONS.flatMap(manifestsOf), ...nodes];
  const report = check(bulkhead, read.profile, [file(all)]);
  assert.deepEqual(report.inputErrors, []);
  return new Map(
    CONFIGURATIONS.map((configuration) => {
      const own = nodes.filter((node) => JSON.stringify(node).includes(`"${configuration.id}"`));
      assert.equal(own.length, allNodesOf(configuration).length);
      const findings = report.findings.filter(
        ({ object }) => object.namespace === configuration.id,
      );
      const simulation = simulate(bulkhead, read.profile, [
        file([...manifestsOf(configuration), ...own]),
      ]);
      assert.deepEqual(simulation.inputErrors, []);
      return [configuration.id, { simulation, findings: new Set(findings.map((f) => f.policy)) }];
    }),
  );
}

function allNodesOf(configuration: Configuration): readonly JsonObject[] {
  return [...nodesOf(configuration), ...closedNodesOf(configuration)];
}

function file(items: readonly JsonObject[]): InputFile {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  return { name: 'cluster.json', bytes: new TextEncoder().encode(list) };
}

type Rest = Pick<Seen, 'running' | 'eviction' | 'allowed'>;

async function atRest(api: string, pods: Pods): Promise<ReadonlyMap<string, Rest>> {
  const budgets = await counted(api, pods);
  const rest = CONFIGURATIONS.map(async ({ id }): Promise<[string, Rest]> => {
    const [pod] = pods.of(id).filter(isReady);
    assert.ok(pod, id);
    const own = budgets.filter(({ metadata }) => metadata.namespace === id);
    const allowed = own.length === 1 ? own[0]?.status?.disruptionsAllowed : undefined;
    return [id, { running: pods.running(id), eviction: await evict(api, pod, true), allowed }];
  });
  return new Map(await Promise.all(rest));
}

/** Drains a node of each configuration, one pod after the other, with retries. */
async function drainAll(api: string, pods: Pods): Promise<ReadonlyMap<string, Seen['drain']>> {
  const left = new Map(CONFIGURATIONS.map((one) => [one.id, { node: fullest(one, pods), no: 0 }]));
  const drained = new Map<string, Seen['drain']>();
  await cordon(api, [...left.values()], true);
  await pods.quiet(2000);
  pods.count(0);
  while (left.size > 0) {
    const round = CONFIGURATIONS.filter(({ id }) => left.has(id)).map(async ({ id, kind }) => {
      const drain = of(left, id);
      const [pod] = pods.of(id).filter((own) => own.spec.nodeName === drain.node);
      const ended = pod === undefined || kind === 'DaemonSet';
      // An eviction that fails twice, while nothing else changes, always fails.
      if (ended || drain.no === 2) {
        drained.set(id, { ended, least: pods.least(id) });
        left.delete(id);
      } else {
        drain.no = (await evict(api, pod, false)) === 201 ? 0 : drain.no + 1;
      }
    });
    await Promise.all(round);
    await pods.quiet(2000);
    await counted(api, pods);
  }
  const nodes = CONFIGURATIONS.flatMap(nodesOf);
  await cordon(
    api,
    nodes.map((node) => ({ node: nameOf(node) })),
    false,
  );
  await pods.quiet(6000);
  return drained;
}

/** The node of a configuration with the most pods. */
function fullest(configuration: Configuration, pods: Pods): string {
  const load = (node: string) =>
    pods.of(configuration.id).filter(({ spec }) => spec.nodeName === node).length;
  const [first] = nodesOf(configuration)
    .map(nameOf)
    .sort((a, b) => load(b) - load(a));
  assert.ok(first);
  return first;
}

async function cordon(
  api: string,
  nodes: readonly { readonly node: string }[],
  unschedulable: boolean,
): Promise<void> {
  await Promise.all(
    nodes.map(({ node }) => patch(`${api}/api/v1/nodes/${node}`, { spec: { unschedulable } })),
  );
}

/** Changes every template, and waits until nothing changes any more. */
async function updateAll(api: string, pods: Pods): Promise<ReadonlyMap<string, Seen['update']>> {
  const change = { spec: { template: { metadata: { annotations: { round: '2' } } } } };
  // Controllers count from the start of the second in which a pod became ready.
  pods.count(1000 * MIN_READY_SECONDS - 1500);
  await Promise.all(CONFIGURATIONS.map((one) => patch(workloadUrl(api, one), change)));
  await pods.quiet(12_000);
  await nudge(api, pods);
  return new Map(
    CONFIGURATIONS.map((configuration) => {
      const { id } = configuration;
      const restarted = pods.of(id).filter(isUpdated).length;
      return [id, { ended: isDone(configuration, pods), restarted, least: pods.least(id) }];
    }),
  );
}

/**
 * Makes the controllers sync updates again that do not proceed, until that changes nothing. The DaemonSet
 * controller syncs again minReadySeconds after a pod became ready, but keeps the earlier of two such times:
 * it can find a second pod not yet available, and then waits until something else happens.
 */
async function nudge(api: string, pods: Pods): Promise<void> {
  let before = '';
  for (let no = 1; ; no += 1) {
    const waiting = CONFIGURATIONS.filter((one) => !isDone(one, pods));
    const now = JSON.stringify(waiting.map(({ id }) => pods.of(id).map(sketch)));
    if (now === before) return;
    before = now;
    const change = { metadata: { annotations: { nudge: `${no}` } } };
    await Promise.all(waiting.map((one) => patch(workloadUrl(api, one), change)));
    await pods.quiet(1000 * (MIN_READY_SECONDS + 2));
  }
}

/** Whether an update has restarted all pods that it should, and all pods are ready. */
function isDone(configuration: Configuration, pods: Pods): boolean {
  const own = pods.of(configuration.id);
  const { replicas } = configuration;
  const restarted = own.filter(isUpdated).length;
  const isWhole = own.length === replicas && own.filter(isReady).length === replicas;
  return isWhole && restarted === expected(configuration);
}

function workloadUrl(api: string, { id, kind }: Configuration): string {
  return `${api}/apis/apps/v1/namespaces/${id}/${kind.toLowerCase()}s/web`;
}

/** How many pods an update should restart. */
function expected({ replicas, strategy }: Pick<Configuration, 'replicas' | 'strategy'>): number {
  return replicas - (Object(strategy['rollingUpdate']).partition ?? 0);
}

function isUpdated({ metadata }: Pod): boolean {
  return metadata.annotations?.['round'] === '2';
}

/** Returns what happened to a configuration, and what contradicts the prediction. */
function compare(configuration: Configuration, predicted: Prediction, seen: Seen) {
  const [drain] = predicted.simulation.drains;
  const [update] = predicted.simulation.updates;
  assert.ok(drain && update);
  const id = update.workload.id;
  const outcomes = [seen.drain.ended ? 'drain ended' : 'drain never ended'];
  const contradictions: string[] = [];
  const expect = (isRight: boolean, what: string) => isRight || contradictions.push(what);
  expect(seen.drain.ended === (drain.stop === undefined), 'the drain ends');
  expect(seen.drain.least >= leastOf(drain, id), 'pods that run in the drain');
  if (update.outcome === undefined) {
    outcomes.push('nothing restarted');
    expect(seen.update.restarted === 0, 'no rollout');
  } else {
    outcomes.push(seen.update.ended ? 'update ended' : 'update never ended');
    expect(seen.update.ended === (update.outcome.stop === undefined), 'the update ends');
    expect(seen.update.least >= leastOf(update.outcome, id), 'pods that run in the update');
    outcomes.push(
      seen.update.least === update.outcome.least[id] ? 'fewest as predicted' : 'more ran',
    );
  }
  // The findings hold for a component with all pods running.
  if (seen.running === configuration.replicas) {
    for (const [policy, isSeen] of faults(configuration, seen, update.outcome !== undefined)) {
      expect(predicted.findings.has(policy) === isSeen, policy);
      if (isSeen) outcomes.push(policy);
    }
  }
  return { outcomes, contradictions };
}

function leastOf({ least }: Outcome, id: string): number {
  return least[id] ?? 0;
}

/** Whether each policy should report something, by what happened in the cluster. */
function faults(
  { apart }: Configuration,
  { running, eviction, allowed, update }: Seen,
  restarts: boolean,
): readonly (readonly [policy: string, isSeen: boolean])[] {
  const seen: readonly (readonly [string, boolean])[] = [
    ['blocking-disruption-budget', eviction === 429],
    ['overlapping-disruption-budgets', eviction === 500],
    ['powerless-disruption-budget', (allowed ?? 0) >= running],
    ['stuck-rollout', restarts && !update.ended],
    ['interrupting-update', update.least === 0],
  ];
  // Topologies wider than the node are known to the simulation alone.
  return seen.filter(([policy]) => policy !== 'stuck-rollout' || apart !== 'zone');
}

/** The current pods of a cluster. */
interface Pods {
  /** Those of a namespace that are not being deleted. */
  readonly of: (namespace: string) => readonly Pod[];
  readonly running: (namespace: string) => number;
  /** Starts to count the fewest pods that have been ready for this time. */
  readonly count: (milliseconds: number) => void;
  readonly least: (namespace: string) => number;
  /** Waits until nothing has changed for this time, and every pod is ready or unschedulable. */
  readonly quiet: (milliseconds: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Watches every change of every pod, in order: no moment with few running pods is missed. */
function watchPods(api: string): Pods {
  const pods = new Map<string, Pod>();
  const fewest = new Map<string, number>();
  let changed = Date.now();
  const own = (namespace: string) =>
    [...pods.values()].filter(
      ({ metadata }) => metadata.namespace === namespace && !metadata.deletionTimestamp,
    );
  const running = (namespace: string) => own(namespace).filter(isReady).length;
  const stopping = new AbortController();
  const since = new Map<string, number>();
  let grace = 0;
  const standing = (namespace: string) =>
    own(namespace).filter(
      ({ metadata: { uid } }) => Date.now() - (since.get(uid) ?? Number.POSITIVE_INFINITY) >= grace,
    ).length;
  let broken: unknown;
  const take = ({ type, object }: Event) => {
    const { uid, namespace } = object.metadata;
    const old = pods.get(uid);
    if (type === 'DELETED') pods.delete(uid);
    else pods.set(uid, object);
    if (!isReady(object)) since.delete(uid);
    else if (!since.has(uid)) since.set(uid, Date.now());
    if (sketch(old) !== sketch(pods.get(uid))) changed = Date.now();
    fewest.set(namespace, Math.min(fewest.get(namespace) ?? 0, standing(namespace)));
  };
  const watching = follow(`${api}/api/v1/pods?watch=true`, stopping.signal, take).catch(
    (error: unknown) => {
      broken = error;
    },
  );
  return {
    of: own,
    running,
    count: (milliseconds) => {
      grace = milliseconds;
      for (const { id } of CONFIGURATIONS) fewest.set(id, standing(id));
    },
    least: (namespace) => fewest.get(namespace) ?? 0,
    quiet: async (milliseconds) => {
      const from = Date.now();
      const isQuiet = () =>
        Date.now() - Math.max(changed, from) > milliseconds && [...pods.values()].every(isSettled);
      await until('quiet', async () => {
        assert.equal(broken, undefined);
        return isQuiet() || undefined;
      });
    },
    stop: async () => {
      stopping.abort();
      await watching;
    },
  };
}

type Event = { readonly type: string; readonly object: Pod };

/** Handles every event. A watch that ends is continued where it was: no event is missed. */
async function follow(
  url: string,
  signal: AbortSignal,
  take: (event: Event) => void,
): Promise<void> {
  let from = '0';
  while (!signal.aborted) {
    try {
      const { body } = await fetch(`${url}&resourceVersion=${from}`, { signal });
      for await (const line of linesOf(body ?? [])) {
        const event: Event = JSON.parse(line);
        if (event.type === 'ERROR') throw new Error(line);
        take(event);
        // The initial state of a watch has no order.
        from = newer(from, event.object.metadata.resourceVersion);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

async function* linesOf(chunks: AsyncIterable<Uint8Array> | readonly Uint8Array[]) {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

function newer(one: string, other: string): string {
  return Number(other) > Number(one) ? other : one;
}

function sketch(pod: Pod | undefined): string {
  if (pod === undefined) return '';
  return JSON.stringify([pod.spec.nodeName, isReady(pod), pod.metadata.deletionTimestamp]);
}

function isReady({ status }: Pod): boolean {
  return (
    status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false
  );
}

function isSettled(pod: Pod): boolean {
  if (pod.metadata.deletionTimestamp) return false;
  return isReady(pod) || (pod.status.conditions ?? []).some((c) => c.reason === 'Unschedulable');
}

/** Returns the budgets, once each has counted the running pods. */
async function counted(api: string, pods: Pods): Promise<readonly Budget[]> {
  // If two budgets select a pod, only one of them is updated.
  const single = new Set(
    CONFIGURATIONS.filter(({ budgets }) => budgets.length === 1).map(({ id }) => id),
  );
  return until('every budget to count', async () => {
    const response = await fetch(`${api}/apis/policy/v1/poddisruptionbudgets`);
    const { items }: { items: readonly Budget[] } = JSON.parse(await response.text());
    const isDone = ({ metadata: { namespace, generation }, status }: Budget) =>
      !single.has(namespace) ||
      status?.conditions?.some(({ reason }) => reason === 'SyncFailed') ||
      (status?.observedGeneration === generation && healthy(status) === pods.running(namespace));
    return items.every(isDone) ? items : undefined;
  });
}

/** A pod that a StatefulSet recreates with the name of an evicted one counts as healthy only after two minutes. */
function healthy({ currentHealthy = 0, disruptedPods = {} }: NonNullable<Budget['status']>) {
  return currentHealthy + Object.keys(disruptedPods).length;
}

/** Requests an eviction. @returns the status of the response. */
async function evict(api: string, { metadata }: Pod, isDry: boolean): Promise<number> {
  const { name, namespace } = metadata;
  const response = await fetch(`${api}/api/v1/namespaces/${namespace}/pods/${name}/eviction`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace },
      ...(isDry && { deleteOptions: { dryRun: ['All'] } }),
    }),
  });
  await response.text();
  return response.status;
}

async function patch(url: string, change: JsonObject): Promise<void> {
  const response = await fetch(url, {
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify(change),
  });
  assert.equal(response.status, 200, await response.text());
}

function nameOf({ metadata }: JsonObject): string {
  return JSON.parse(JSON.stringify(metadata)).name;
}

/** The entry of a configuration. */
function of<T>(known: ReadonlyMap<string, T>, id: string): T {
  const found = known.get(id);
  if (found === undefined) throw new Error(`no entry for ${id}`);
  return found;
}
