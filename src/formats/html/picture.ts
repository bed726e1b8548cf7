import type { Table } from '../../report/component-table.ts';
import type { Reach } from '../../report/reach.ts';
import type { Report } from '../../report/report.ts';
import type { Simulation } from '../../simulation/simulation.ts';

/** Everything that the page of who can run where shows. */
export interface Picture {
  readonly report: Report;
  /** One for each environment, or just one. */
  readonly clusters: readonly ClusterPicture[];
  /** The component table, if that was asked for. */
  readonly table: Table | null;
}

/** Who can run where in one cluster, and what happens when its nodes are drained. */
export interface ClusterPicture {
  readonly reach: Reach;
  /** The roles that other workloads are kept off. */
  readonly reservedRoles: readonly string[];
  /** Null if nothing can be simulated. */
  readonly simulation: Simulation | null;
  /** Why nothing can be simulated; null if something was. */
  readonly notSimulated: string | null;
}
