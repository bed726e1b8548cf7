import type { Problem } from '../report/report.ts';
import type { Drain } from './drain.ts';
import type { Outcome, Workload } from './world.ts';

/** What happens to the components while nodes are drained and updates roll. */
export interface Simulation {
  readonly profile: string;
  readonly nodes: readonly string[];
  /** Each node drained in turn; one that never ends is the last. */
  readonly drains: readonly Drain[];
  readonly updates: readonly WorkloadUpdate[];
  readonly workloads: readonly Workload[];
  readonly errors: readonly Problem[];
}

/** The update of one workload; no outcome where nothing restarts by itself. */
export interface WorkloadUpdate {
  readonly workload: Workload;
  readonly outcome?: Outcome;
}
