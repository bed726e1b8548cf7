import type { Header, InputError, Note } from '../report/report.ts';
import type { Drain } from './drain.ts';
import type { Outcome, Workload } from './world.ts';

/** What happens to the components while nodes are drained and updates roll. */
export interface Simulation extends Header {
  readonly nodes: readonly string[];
  /** Each node drained in turn; one that never completes is the last. */
  readonly drains: readonly Drain[];
  readonly updates: readonly WorkloadUpdate[];
  readonly workloads: readonly Workload[];
  /** Workloads of 0 replicas: nothing of them moves, and none of them runs. */
  readonly stopped: readonly Workload[];
  /** Components that are not in the input. */
  readonly missing: readonly string[];
  readonly inputErrors: readonly InputError[];
  readonly notes: readonly Note[];
}

/** The update of one workload; no outcome where no pod restarts by itself. */
export interface WorkloadUpdate {
  readonly workload: Workload;
  readonly outcome?: Outcome;
}
