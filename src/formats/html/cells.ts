import type { Expectation, NodeReach, RoleReach, WorkloadReach } from '../../report/reach.ts';
import { counted } from '../text.ts';
import { short } from './markup.ts';

/** What a cell shows, worst first: on the wrong side, missing where it belongs, at its place, kept out. */
export const STATES = ['leak', 'gap', 'fits', 'off'] as const;
export type State = (typeof STATES)[number];

/** A workload and some nodes that are alike, or a role. */
export interface Cell {
  readonly state: State;
  /** Whether it holds for some of the nodes only. */
  readonly isPartial: boolean;
  /** What the shape says, in words. */
  readonly text: string;
  /** Why, in words; '' if that is not known. */
  readonly reason: string;
  /** How many pods run there now. */
  readonly running: number;
  /** Whether no scheduler places it, and where it is placed is not known: then nothing keeps it out. */
  readonly isUnplaced?: true;
}

/** The nodes of a column, or a role without Nodes in the input. */
export type Where =
  | ({ readonly kind: 'nodes' } & Nodes)
  | { readonly kind: 'role'; readonly index: number };

/** Nodes by their places in `Reach.nodes`. */
export interface Nodes {
  readonly indexes: readonly number[];
  readonly names: readonly string[];
  /** The place of each, by its name. */
  readonly places: ReadonlyMap<string, number>;
}

/** Returns what a workload can do on the nodes of a column. */
export function cellOf(workload: WorkloadReach, where: Where): Cell {
  if (isUnplaced(workload)) return UNPLACED;
  return where.kind === 'role'
    ? roleCell(workload.byRole[where.index])
    : nodesCell(workload, where);
}

function roleCell(reach: RoleReach | undefined): Cell {
  if (reach === undefined) return UNKNOWN;
  const { share, expected } = reach;
  const isPartial = share === 'some';
  const state = isPartial && expected === 'required' ? 'gap' : stateOf(share !== 'none', expected);
  const text = isPartial ? PARTIAL[state] : WORDS[state][expected];
  return { state, isPartial, text, reason: '', running: 0 };
}

/** Whether kubelets read it from files, and the input has no mirror that says which. */
function isUnplaced({ isStatic, byRole, byNode, running }: WorkloadReach): boolean {
  return (
    isStatic &&
    byNode.every(({ runs }) => !runs) &&
    byRole.every(({ share }) => share === 'none') &&
    Object.keys(running).length === 0
  );
}

const UNPLACED: Cell = {
  state: 'off',
  isPartial: false,
  text: 'is not placed by a scheduler',
  reason: 'it is a static pod, and runs where its file is',
  running: 0,
  isUnplaced: true,
};

/** A list that is too short says nothing of a node: that must not look like "kept out". */
const UNKNOWN: Cell = {
  state: 'gap',
  isPartial: true,
  text: 'it is not known whether it can run here',
  reason: '',
  running: 0,
};

interface One {
  readonly state: State;
  readonly name: string;
  readonly reach: NodeReach;
}

function nodesCell(workload: WorkloadReach, nodes: Nodes): Cell {
  let running = 0;
  let isStray = false;
  for (const [name, pods] of Object.entries(workload.running)) {
    const place = nodes.places.get(name);
    if (place === undefined) continue;
    running += pods;
    const { runs = false, expected } = workload.byNode[place] ?? {};
    isStray ||= !runs && expected === 'forbidden';
  }
  const cell = isStray ? freshCell(workload.byNode, nodes, workload) : knownCell(workload, nodes);
  return running === 0 ? cell : { ...cell, running };
}

/** What a shape says, and how many pods run there now. */
export function saidOf({ text, running }: Pick<Cell, 'text' | 'running'>): string {
  return running === 0 ? text : `${text}; ${counted(running, 'pod')} here now`;
}

/** Workloads that are placed alike share their list, and so the cells that are made of it. */
const known = new WeakMap<readonly NodeReach[], Map<Nodes, Cell>>();

function knownCell({ byNode }: WorkloadReach, nodes: Nodes): Cell {
  const own = known.get(byNode) ?? new Map<Nodes, Cell>();
  known.set(byNode, own);
  const cell = own.get(nodes) ?? freshCell(byNode, nodes);
  own.set(nodes, cell);
  return cell;
}

function freshCell(
  byNode: readonly NodeReach[],
  { indexes, names }: Nodes,
  workload?: WorkloadReach,
): Cell {
  const each: One[] = [];
  for (const [at, index] of indexes.entries()) {
    const reach = byNode[index];
    if (reach === undefined) return UNKNOWN;
    const name = names[at] ?? '';
    const running = workload === undefined ? 0 : runningOn(workload, name);
    each.push({ state: nodeState(reach, running), name, reach });
  }
  const state = STATES.find((one) => each.some((node) => node.state === one)) ?? 'off';
  const shown = each.filter((node) => node.state === state);
  const isPartial = shown.length < each.length;
  const text = isPartial ? `${PARTIAL[state]} (${shown.length} of ${each.length})` : wordsOf(shown);
  return { state, isPartial, text, reason: reasonOf(shown), running: 0 };
}

function wordsOf(nodes: readonly One[]): string {
  const [first] = nodes;
  if (first === undefined) return '';
  const { state, reach } = first;
  if (state === 'leak' && nodes.every((node) => !node.reach.runs)) return STRAY;
  return WORDS[state][reach.expected];
}

/** A pod that was there before its node was closed to it. */
const STRAY = 'runs here now, and must not';

/** The state of a workload on a node. A pod that is there counts, although no new one could come. */
export function nodeState({ runs, expected }: NodeReach, running: number): State {
  return stateOf(runs || (running > 0 && expected === 'forbidden'), expected);
}

function stateOf(runs: boolean, expected: Expectation): State {
  if (runs) return expected === 'forbidden' ? 'leak' : 'fits';
  return expected === 'required' ? 'gap' : 'off';
}

/** How many pods of a workload run on a node. */
function runningOn({ running }: WorkloadReach, node: string): number {
  return Object.hasOwn(running, node) ? (running[node] ?? 0) : 0;
}

const LEAK = 'can run here, and must not';
const GAP = 'cannot run here, and should';

const WORDS = {
  leak: { required: LEAK, allowed: LEAK, forbidden: LEAK },
  gap: { required: GAP, allowed: GAP, forbidden: GAP },
  fits: {
    required: 'can run here, as it should',
    allowed: 'may run here',
    forbidden: 'may run here',
  },
  off: {
    required: 'kept out',
    allowed: 'is not placed here, and need not be',
    forbidden: 'kept out, as it should be',
  },
} as const satisfies Record<State, Record<Expectation, string>>;

const GENERAL = {
  leak: LEAK,
  gap: GAP,
  fits: 'can run here',
  off: 'kept out, or not placed here',
} as const satisfies Record<State, string>;

/** What the shape of a cell says of workloads that are not alike in all. */
export function generalText({ state, isPartial }: Pick<Cell, 'state' | 'isPartial'>): string {
  return isPartial ? PARTIAL[state] : GENERAL[state];
}

const PARTIAL = {
  leak: 'can run on some of these nodes, and must not',
  gap: 'cannot run on some of these nodes, and should',
  fits: 'can run on some of these nodes',
  off: 'kept out of some of these nodes',
} as const satisfies Record<State, string>;

/** The reasons of the nodes that decide, each once. They have no subject: that is the pod. */
function reasonOf(nodes: readonly One[]): string {
  const byReason = new Map<string, string[]>();
  for (const { name, reach } of nodes) {
    const named = byReason.get(reach.reason);
    if (named === undefined) byReason.set(reach.reason, [name]);
    else named.push(name);
  }
  const reasons = [...byReason];
  const [first] = reasons;
  if (reasons.length <= 1) return ofPod(first?.[0] ?? '');
  const told = reasons.slice(0, MOST_REASONS).map(([reason, [name = '', ...others]]) => {
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return `${short(name, MOST_OF_NODE)}${more}: ${ofPod(reason)}`;
  });
  const left = reasons.length - told.length;
  return told.join('; ') + (left === 0 ? '' : `; and ${counted(left, 'other reason')}`);
}

function ofPod(reason: string): string {
  return reason === '' ? '' : `it ${short(reason, MOST_OF_REASON)}`;
}

const MOST_REASONS = 3;
const MOST_OF_REASON = 240;
const MOST_OF_NODE = 40;
