import { create, initial, outcome, record, remove, running, type State, start } from './state.ts';
import type { Budget, Outcome, Pod, World } from './world.ts';

/** What happens when a node is drained, with what earlier drains left. */
export interface Drain extends Outcome {
  readonly node: string;
}

/**
 * Drains each node in turn, as `kubectl drain` does: cordons it, evicts its pods through the budgets,
 * again and again, and uncordons it. A drain that never completes is the last one.
 */
export function drainAll(world: World): readonly Drain[] {
  const state = initial(world);
  const drains: Drain[] = [];
  for (const node of world.nodes) {
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

function counts(state: State): Record<string, number> {
  return Object.fromEntries(state.world.workloads.map(({ id }) => [id, running(state, id)]));
}

/** @returns why the drain never completes, if it does not. */
function evictAll(state: State, node: string): string | undefined {
  for (;;) {
    const pods = state.pods.filter((pod) => pod.node === node && pod.workload.kind !== 'DaemonSet');
    if (pods.length === 0) return undefined;
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

function refusalBy(state: State, { name, workloads, desiredHealthy, refuses }: Budget) {
  if (refuses !== undefined) return `${name} allows 0 disruptions: ${refuses}`;
  const healthy = workloads.reduce((sum, id) => sum + running(state, id), 0);
  return healthy > desiredHealthy
    ? undefined
    : `${name} allows 0 disruptions: ${healthy} healthy, ${desiredHealthy} required`;
}
