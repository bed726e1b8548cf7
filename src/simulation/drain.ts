import { create, initial, outcome, record, remove, running, type State, start } from './state.ts';
import type { Budget, Outcome, Pod, World } from './world.ts';

/** What happens when a node is drained, with what earlier drains left. */
export interface Drain extends Outcome {
  readonly node: string;
}

/**
 * Drains each node in turn, as `kubectl drain` does: cordons it, evicts its pods through the budgets,
 * again and again, and uncordons it. A drain that never completes is the last one. Replacements go to the node
 * that is drained next, as far as the scheduler may put them there.
 */
export function drainAll(world: World): readonly Drain[] {
  const state = initial(unshared(world));
  const drains: Drain[] = [];
  for (const [index, node] of world.nodes.entries()) {
    state.target = world.nodes[index + 1] ?? world.nodes[0] ?? '';
    const own: State = { ...state, steps: [], least: counts(state), refusals: 0 };
    own.cordoned.add(node);
    const stop = evictAll(own, node);
    drains.push({ node, ...outcome(own, stop) });
    if (stop !== undefined) return drains;
    own.cordoned.delete(node);
    start(own);
  }
  return drains;
}

/** Pods of others that a spread counts may balance any number of a workload's own on one node. */
function unshared(world: World): World {
  const workloads = world.workloads.map((workload) => ({
    ...workload,
    rules: workload.rules.filter(({ isShared }) => !isShared),
  }));
  return { ...world, workloads };
}

function counts(state: State): Record<string, number> {
  return Object.fromEntries(state.world.workloads.map(({ id }) => [id, running(state, id)]));
}

/** @returns why the drain never completes, if it does not. */
function evictAll(state: State, node: string): string | undefined {
  for (;;) {
    const pods = state.pods.filter((pod) => pod.node === node && isDrained(pod));
    if (pods.length === 0) return undefined;
    trackWorst(state, pods);
    const refusals = pods.flatMap((pod) => evict(state, pod) ?? []);
    state.refusals += refusals.length;
    const [reason] = refusals;
    if (reason !== undefined && refusals.length === pods.length) {
      record(state, `the drain of ${node} waits: ${reason}`);
      return reason;
    }
    start(state);
    record(state, 'replacements start on nodes with room');
  }
}

/** `kubectl drain` leaves pods of DaemonSets, and mirrors of static pods (kubectl/pkg/drain/filters.go). */
function isDrained({ workload: { kind, isStatic } }: Pod): boolean {
  return kind !== 'DaemonSet' && !isStatic;
}

/** Evictions arrive in any order: those of each workload may be the first that its budget allows. */
function trackWorst(state: State, pods: readonly Pod[]): void {
  for (const { id } of new Set(pods.map(({ workload }) => workload))) {
    const beside = pods.filter(({ workload }) => workload.id === id).length;
    const left = running(state, id) - Math.min(beside, allowed(state, id));
    state.least[id] = Math.min(state.least[id] ?? left, left);
  }
}

/** How many evictions of the workload's pods its budgets allow. */
function allowed(state: State, id: string): number {
  const [budget, ...others] = state.world.budgets.filter(({ workloads }) => workloads.includes(id));
  if (budget === undefined) return Number.POSITIVE_INFINITY;
  if (others.length > 0 || budget.refuses !== undefined) return 0;
  return Math.max(0, healthyOf(state, budget) - budget.desiredHealthy);
}

function healthyOf(state: State, { workloads }: Budget): number {
  return workloads.reduce((sum, id) => sum + running(state, id), 0);
}

/** Evicts a pod, all of a node's in one go, before replacements start; or says why not. */
function evict(state: State, pod: Pod): string | undefined {
  const refusal = refusalOf(state, pod);
  if (refusal !== undefined) return refusal;
  const { workload, node } = pod;
  remove(state, pod);
  record(state, `a pod of ${workload.component} is evicted from ${node}`);
  if (workload.isRecreated) create(state, workload, 1);
  return undefined;
}

/** Why the eviction API rejects the eviction, if it does. */
function refusalOf(state: State, { workload }: Pod): string | undefined {
  const budgets = state.world.budgets.filter(({ workloads }) => workloads.includes(workload.id));
  const [budget, ...others] = budgets;
  if (budget === undefined) return undefined;
  if (others.length > 0) {
    const names = budgets.map(({ name }) => name).sort();
    return `${names.join(' and ')} select the pods of ${workload.component}: every eviction fails`;
  }
  return refusalBy(state, budget);
}

function refusalBy(state: State, budget: Budget) {
  const { name, desiredHealthy, refuses } = budget;
  if (refuses !== undefined) return `${name} allows 0 disruptions: ${refuses}`;
  const healthy = healthyOf(state, budget);
  return healthy > desiredHealthy
    ? undefined
    : `${name} allows 0 disruptions: ${healthy} healthy, ${desiredHealthy} required`;
}
