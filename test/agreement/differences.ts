import type { Workload } from '../../src/simulation/world.ts';

/** What both `check` and `simulate` are asked about a component, or about the budgets of a cluster. */
export const QUESTIONS = ['stuck', 'interrupted', 'emptied', 'stopped', 'blocked'] as const;
export type Question = (typeof QUESTIONS)[number];

/** What is known where the two differ. */
export interface Case {
  readonly question: Question;
  /** Which of the two sees the fault. */
  readonly by: 'check' | 'simulate';
  /** The component; undefined if the question is about budgets. */
  readonly own?: Workload | undefined;
  /** Whether a pod of the component ran before anything happened. */
  readonly runs: boolean;
  /** Whether a drain that never completes was the last one, so that not all nodes were drained. */
  readonly isCut: boolean;
  /** Whether all pods of the component had a node before anything happened. */
  readonly isWhole: boolean;
  /** Whether that is so of all components with the same labels. */
  readonly areNeighboursWhole: boolean;
  /** Whether pods wait for a node when the drain stops. */
  readonly isWaiting: boolean;
  /** The kinds of the workloads that each budget with a finding selects. */
  readonly blocked: readonly (readonly string[])[];
}

/** Where `check` and `simulate` may differ, by the names of the list in docs/simulation.md. */
export const DIFFERENCES: Readonly<Record<string, (found: Case) => boolean>> = {
  'a DaemonSet': ({ question, by, own, blocked }) =>
    by === 'check' &&
    ((question === 'emptied' && own?.kind === 'DaemonSet') ||
      (question === 'blocked' &&
        blocked.every((kinds) => kinds.length > 0 && kinds.every(isDaemonSet)))),
  'kept apart': ({ question, by, own }) =>
    question === 'emptied' &&
    by === 'check' &&
    own !== undefined &&
    own.kind !== 'DaemonSet' &&
    own.replicas > 1 &&
    own.nodes.length > 0 &&
    (own.apart !== 'no' || own.rules.some(({ isShared }) => !isShared)),
  'no room': ({ question, by, isWaiting }) =>
    question === 'blocked' && by === 'simulate' && isWaiting,
  'not running': ({ question, by, runs, blocked }) =>
    question === 'blocked'
      ? by === 'check' && blocked.every((kinds) => kinds.every(isDaemonSet))
      : question !== 'stopped' && !runs,
  'a cordoned node': ({ question, by, own }) =>
    question !== 'stopped' && by === 'simulate' && (own?.closed.length ?? 0) > 0,
  'a wider topology': ({ question, by, own }) =>
    question !== 'stopped' && by === 'simulate' && own?.rules.some(isWide) === true,
  'too few nodes': ({ question, by, isWhole, areNeighboursWhole }) => {
    if (question === 'stopped') return by === 'check' && !isWhole;
    if (question === 'emptied' && by === 'check') return !areNeighboursWhole;
    return question !== 'stuck' && question !== 'blocked' && by === 'simulate' && !isWhole;
  },
  'after a drain that never completes': ({ question, by, isCut }) =>
    question === 'emptied' && by === 'check' && isCut,
  'a part of the nodes': ({ question, by, own }) =>
    question === 'stopped' && by === 'check' && own?.kind === 'DaemonSet' && own.nodes.length > 0,
};

function isDaemonSet(kind: string): boolean {
  return kind === 'DaemonSet';
}

/** Nodes share a domain, or have none. */
function isWide({ domains }: Workload['rules'][number]): boolean {
  return [...domains].some(([node, domain]) => node !== domain);
}
