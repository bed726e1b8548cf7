import {
  counted,
  create,
  initial,
  outcome,
  record,
  remove,
  running,
  type State,
  start,
} from './state.ts';
import type { Outcome, Pod, Update, Workload, World } from './world.ts';

/** What happens when a workload's template changes; undefined where nothing restarts by itself. */
export function update(workload: Workload, world: World): Outcome | undefined {
  if (workload.update.type === 'none') return undefined;
  const state = initial({ ...world, workloads: [workload] });
  const stop = roll(state, workload, workload.update);
  return outcome(state, stop);
}

function roll(state: State, workload: Workload, how: Exclude<Update, { type: 'none' }>) {
  switch (how.type) {
    case 'recreate':
      return recreate(state, workload);
    case 'ordered':
      return replaceInOrder(state, workload, how);
    case 'daemon':
      return rollDaemons(state, workload, how);
    case 'rolling':
      return rollDeployment(state, workload, how);
  }
}

function recreate(state: State, workload: Workload): string | undefined {
  for (const pod of [...state.pods]) remove(state, pod);
  record(state, 'all old pods stop before a new one starts');
  create(state, workload, workload.replicas, true);
  start(state);
  if (state.pods.some(({ node }) => node === undefined)) return noRoom(state, workload);
  record(state, 'the new pods are running');
  return undefined;
}

/** A StatefulSet deletes its pods from the last down to one, as many at a time as may be unavailable. */
function replaceInOrder(
  state: State,
  workload: Workload,
  { from, unavailable }: Extract<Update, { type: 'ordered' }>,
): string | undefined {
  const old = state.pods.slice(from).reverse();
  const many = Math.max(1, unavailable);
  for (let at = 0; at < old.length; at += many) {
    const batch = old.slice(at, at + many);
    for (const pod of batch) {
      remove(state, pod);
      record(state, 'an old pod is deleted');
    }
    for (const _ of batch) {
      create(state, workload, 1, true);
      start(state);
      if (state.pods.at(-1)?.node === undefined) return noRoom(state, workload);
      record(state, `its replacement is running on ${state.pods.at(-1)?.node}`);
    }
  }
  return undefined;
}

interface Limits {
  readonly surge: number;
  readonly unavailable: number;
}

function rollDaemons(state: State, workload: Workload, { surge, unavailable }: Limits) {
  const old = [...state.pods];
  const many = Math.max(1, surge > 0 ? surge : unavailable);
  for (let at = 0; at < old.length; at += many) {
    const batch = old.slice(at, at + many);
    if (surge === 0) retire(state, batch);
    create(state, workload, batch.length, true);
    start(state);
    if (state.pods.some(({ node }) => node === undefined)) return noRoom(state, workload);
    record(state, `${counted(batch.length, 'new pod')} created and running`);
    if (surge > 0) retire(state, batch);
  }
  return undefined;
}

function retire(state: State, pods: readonly Pod[]): void {
  for (const pod of pods) remove(state, pod);
  if (pods.length > 0) record(state, `${counted(pods.length, 'old pod')} deleted`);
}

/** The Deployment controller: deletes old pods down to what must run, creates new ones up to the surge. */
function rollDeployment(state: State, workload: Workload, { surge, unavailable }: Limits) {
  const { replicas } = workload;
  for (;;) {
    // Old pods stop before the new ones of this round are ready.
    const doomed = oldToDelete(state, workload, replicas - unavailable);
    const fresh = state.pods.filter(({ isNew }) => isNew);
    const room = Math.min(replicas - fresh.length, replicas + surge - state.pods.length);
    retire(state, doomed);
    if (room > 0) {
      create(state, workload, room, true);
      record(state, `${counted(room, 'new pod')} created`);
    }
    start(state);
    const isDone = state.pods.every(({ isNew, node }) => isNew && node !== undefined);
    if (isDone && state.pods.length === replicas) return undefined;
    if (room <= 0 && doomed.length === 0) return noRoom(state, workload);
  }
}

/** Pending old pods first, then as many as may be unavailable. */
function oldToDelete(state: State, { id }: Workload, atLeast: number): readonly Pod[] {
  const old = state.pods.filter(({ isNew }) => !isNew);
  const waiting = old.filter(({ node }) => node === undefined);
  const spare = Math.max(0, running(state, id) - atLeast);
  return [...waiting, ...old.filter(({ node }) => node !== undefined).slice(0, spare)];
}

function noRoom(state: State, { nodes, id, replicas }: Workload): string {
  const words = `no node is free for the new pod: ${running(state, id)} of ${replicas} replicas run on ${counted(nodes.length, 'node')}, and none may be stopped`;
  record(state, words);
  return words;
}
