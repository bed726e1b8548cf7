import { isAllowed, load } from './rules.ts';
import type { Outcome, Pod, Step, Workload, World } from './world.ts';

/** The pods of a cluster while something happens to them. */
export interface State {
  readonly world: World;
  readonly pods: Pod[];
  readonly cordoned: Set<string>;
  /** The node that is drained next, where an adverse scheduler puts all pods that it may. */
  target: string;
  readonly steps: Step[];
  readonly least: Record<string, number>;
  refusals: number;
}

/** The cluster before anything happens, with as many pods as may be on the node that is drained first. */
export function initial(world: World): State {
  const state: State = {
    world,
    pods: [],
    cordoned: new Set(),
    target: world.nodes[0] ?? '',
    steps: [],
    least: {},
    refusals: 0,
  };
  for (const workload of world.workloads) create(state, workload, workload.replicas);
  start(state);
  for (const { id } of world.workloads) state.least[id] = running(state, id);
  return state;
}

/** Creates pods, which get a node where there is room, and have yet to start. */
export function create(state: State, workload: Workload, count: number, isNew = false): void {
  for (let made = 0; made < count; made += 1) {
    state.pods.push({ workload, isNew, node: undefined, isReady: false });
  }
  schedule(state);
}

/** Starts every pod that has a node. */
export function start(state: State): void {
  schedule(state);
  for (const pod of state.pods) pod.isReady = pod.node !== undefined;
}

/** Removes a pod. What waited for its place gets it, once that is recorded. */
export function remove(state: State, pod: Pod): void {
  state.pods.splice(state.pods.indexOf(pod), 1);
  track(state);
}

/** Gives every pod that waits a node, if one has room for it. */
function schedule(state: State): void {
  for (const pod of state.pods) if (pod.node === undefined) pod.node = freeNode(state, pod);
}

/** Records what happened. */
export function record(state: State, words: string): void {
  const counts = state.world.workloads.map(({ id }) => [id, running(state, id)] as const);
  state.steps.push({ words, running: Object.fromEntries(counts) });
}

/** How many pods of a workload run. */
export function running(state: State, id: string): number {
  return state.pods.filter(({ workload, isReady }) => workload.id === id && isReady).length;
}

/** The result so far. */
export function outcome(state: State, stop?: string): Outcome {
  const { steps, least, refusals } = state;
  return { steps, least, refusals, ...(stop !== undefined && { stop }) };
}

function track(state: State): void {
  for (const { id } of state.world.workloads) {
    state.least[id] = Math.min(state.least[id] ?? 0, running(state, id));
  }
}

/**
 * The worst node that a scheduler may choose: the one that is drained next, or, where that takes no more, the
 * one that lets it take more soon.
 */
function freeNode(state: State, pod: Pod): string | undefined {
  const own = state.pods.filter(
    ({ workload, node }) => workload === pod.workload && node !== undefined,
  );
  const nodes = inOrder(pod.workload, state).filter((node) => !isClosed(state, pod, node));
  const place = { own, pod, isClosed: (node: string) => isClosed(state, pod, node) };
  const [target, ...others] = nodes;
  if (target === undefined || isAllowed(target, place)) return target;
  const loads = others
    .filter((node) => isAllowed(node, place))
    .map((node) => ({ node, load: load(node, place) }));
  return loads.sort((a, b) => a.load - b.load)[0]?.node;
}

function isClosed({ cordoned }: State, { workload }: Pod, node: string): boolean {
  return cordoned.has(node) || workload.closed.includes(node);
}

/** The nodes of a workload in the order in which they are drained next. */
function inOrder({ nodes }: Workload, { target }: State): readonly string[] {
  const at = nodes.findIndex((node) => node >= target);
  return [...nodes.slice(Math.max(at, 0)), ...nodes.slice(0, Math.max(at, 0))];
}

/** A number of pods in words. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
