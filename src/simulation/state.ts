import type { Outcome, Pod, Step, Workload, World } from './world.ts';

/** The pods of a cluster while something happens to them. */
export interface State {
  readonly world: World;
  readonly pods: Pod[];
  readonly cordoned: Set<string>;
  readonly steps: Step[];
  readonly least: Record<string, number>;
  refusals: number;
}

/** The cluster before anything happens, with each workload's pods on the emptiest of its nodes. */
export function initial(world: World): State {
  const state: State = {
    world,
    pods: [],
    cordoned: new Set(),
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

function freeNode(state: State, pod: Pod): string | undefined {
  const load = (node: string) =>
    state.pods.filter((other) => other.node === node && other.workload === pod.workload).length;
  const [first] = pod.workload.nodes
    .filter((node) => !state.cordoned.has(node) && !isRepelled(state, pod, node))
    .sort((a, b) => load(a) - load(b));
  return first;
}

function isRepelled({ pods }: State, { workload, isNew }: Pod, node: string): boolean {
  if (workload.apart === 'no' && workload.kind !== 'DaemonSet') return false;
  // A DaemonSet has one pod of each revision on a node.
  const isWithin = workload.apart !== 'always';
  return pods.some(
    (other) =>
      other.node === node && other.workload === workload && (!isWithin || other.isNew === isNew),
  );
}

/** A number of pods in words. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
