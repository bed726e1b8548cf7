import {
  type Cell,
  COLUMNS,
  type Column,
  type Reason,
  type Row,
  type Table,
} from '../report/component-table.ts';
import type { Report } from '../report/report.ts';
import { objectName, placeText } from './names.ts';
import { counted, visible } from './text.ts';

/** The headings of the columns, in the words of the profile's documentation. */
export const HEADINGS = {
  type: 'Type',
  replicas: 'Replicas',
  nodeRole: 'Node role',
  antiAffinity: 'Anti-affinity',
  disruptionControl: 'Disruption control',
} as const satisfies Record<Column, string>;

/** Returns the title of a table, with the name of the profile. */
export function titleOf({ title, profile }: Table): string {
  return visible(title === profile ? title : `${title} (${profile})`);
}

/** Returns the first cell of a row: its component. */
export function rowName({ component, state }: Row): string {
  return visible(component) + (state === 'missing' ? ' (not found)' : '');
}

/** Returns a cell in words: what the profile says, and what the manifests say where they differ. */
export function cellText(row: Row, column: Column): string {
  const cell = row.cells[column];
  if (cell.deviates) return visible(deviationText(column, cell));
  // Of a component that is not there the manifests say nothing: to repeat the profile would look like a yes.
  if (row.state === 'missing') return cell.actual;
  const { documented, actual } = cell;
  return visible(
    documented === actual || actual === '-' ? documented : `${documented} (${actual})`,
  );
}

function deviationText(column: Column, { documented, actual }: Cell): string {
  if (documented === actual || actual === '-') return `${documented} ✗`;
  if (column !== 'nodeRole') return `${documented}, is ${actual}`;
  if (actual === 'none') return `${documented}, runs nowhere`;
  const roles = actual.split(', ');
  const others = roles.filter((role) => role !== documented);
  return others.length < roles.length
    ? `${documented}, also on ${others.join(', ')}`
    : `${documented}, runs on ${actual}`;
}

/** Returns why a cell deviates: the object unless the message names it, the message, the place. */
export function reasonText(reason: Reason): string {
  const { message, object } = reason;
  const name = objectName(object);
  return `${message.includes(name) ? '' : `${name}: `}${visible(message)}`;
}

/** Returns a reason with its place in parentheses. */
export function reasonWithPlace(reason: Reason): string {
  return `${reasonText(reason)} (${placeText(reason)})`;
}

/** Findings that are the reason of no cell must not get lost behind a table without marks. */
export function elsewhere(table: Table, report: Report): readonly string[] {
  const shown = new Set(
    table.rows.flatMap(({ cells }) =>
      COLUMNS.flatMap((column) => cells[column].reasons.map(reasonWithPlace)),
    ),
  );
  const others = report.findings.filter((finding) => !shown.has(reasonWithPlace(finding)));
  if (others.length === 0) return [];
  return [`${counted(others.length, 'finding')} not in this table: see bulkhead check.`];
}

/** The reasons of a table, each once, numbered in the order of its cells. */
export interface Footnotes {
  readonly notes: readonly string[];
  /** Returns the marks of a cell, ` [1, 2]`, or nothing. */
  readonly marksOf: (cell: Cell) => string;
}

/** Numbers the reasons of a table. */
export function footnotesOf(table: Table): Footnotes {
  const cells = table.rows.flatMap((row) => COLUMNS.map((column) => row.cells[column]));
  const notes = [...new Set(cells.flatMap(({ reasons }) => reasons.map(reasonWithPlace)))];
  return {
    notes,
    marksOf: ({ reasons }) => {
      const numbers = reasons.map((reason) => notes.indexOf(reasonWithPlace(reason)) + 1);
      return numbers.length === 0 ? '' : ` [${numbers.join(', ')}]`;
    },
  };
}
