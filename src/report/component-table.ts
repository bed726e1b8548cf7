import type { ObjectReference } from '../kubernetes/objects.ts';
import type { Finding, Report } from './report.ts';

/** The columns of the component table, in the document's order. */
export const COLUMNS = [
  'type',
  'replicas',
  'nodeRole',
  'antiAffinity',
  'disruptionControl',
] as const;
export type Column = (typeof COLUMNS)[number];

/** One cell: what the profile says, what the manifests say, and why they differ. */
export interface Cell {
  /** In the document's words: `master`, `2`, `n`, `yes`, `no`, `N/A`. */
  readonly documented: string;
  /** In the same words; `-` for a row without an object. */
  readonly actual: string;
  readonly deviates: boolean;
  /** The findings that make it deviate, in the order of the report. */
  readonly reasons: readonly Reason[];
}

/** Why a cell deviates: the part of a finding that a table shows. */
export type Reason = Pick<Finding, 'policy' | 'message' | 'object' | 'file' | 'line' | 'column'>;

/** One row: a component, or all other workloads. */
export interface Row {
  readonly component: string;
  readonly state: 'present' | 'missing';
  readonly objects: readonly ObjectReference[];
  readonly cells: Readonly<Record<Column, Cell>>;
}

/** The component table, filled in from manifests. */
export interface Table {
  readonly profile: string;
  readonly title: string;
  readonly rows: readonly Row[];
}

/** A table with the report that it was filled in from: what `bulkhead table` prints. */
export interface TableReport {
  readonly table: Table;
  readonly report: Report;
}
