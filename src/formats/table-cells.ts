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
  // The manifests have no value for a missing component: to repeat the profile would look like a match.
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

/** Returns why a cell deviates: the message, behind the object unless it names that or the component. */
export function reasonText({ message, object }: Reason, { component }: Row): string {
  const isNamed = message.includes(component) || message.includes(objectName(object));
  return `${isNamed ? '' : `${objectName(object)}: `}${visible(message)}`;
}

/** Findings that are the reason of no cell must not be lost, if the table has no marks. */
export function elsewhere(table: Table, report: Report): readonly string[] {
  const reasons = table.rows.flatMap(({ cells }) =>
    COLUMNS.flatMap((column) => cells[column].reasons.map(identity)),
  );
  const others = report.findings.filter((finding) => !reasons.includes(identity(finding)));
  if (others.length === 0) return [];
  return [`${counted(others.length, 'finding')} not in this table: see bulkhead check.`];
}

/** Notes that are about no place, such as what the profile leaves out. */
export function generalNotes({ notes }: Report): readonly string[] {
  return notes
    .filter(({ file }) => file === null)
    .map(({ message }) => `Note: ${visible(message)}.`);
}

function identity({ policy, message, object, file, line, column }: Reason): string {
  return JSON.stringify([policy, message, object, file, line, column]);
}

/** The reasons of a table, each once, numbered in the order of its cells. */
export interface Footnotes {
  readonly notes: readonly string[];
  /** Returns the marks of a cell, ` [1, 2]`, or nothing. */
  readonly marksOf: (row: Row, column: Column) => string;
}

/** Numbers the reasons of a table. */
export function footnotesOf(table: Table): Footnotes {
  const notesOf = (row: Row, column: Column) =>
    row.cells[column].reasons.map((reason) => `${reasonText(reason, row)} (${placeText(reason)})`);
  const all = table.rows.flatMap((row) => COLUMNS.flatMap((column) => notesOf(row, column)));
  const notes = [...new Set(all)];
  return {
    notes,
    marksOf: (row, column) => {
      const numbers = notesOf(row, column).map((note) => notes.indexOf(note) + 1);
      return numbers.length === 0 ? '' : ` [${numbers.join(', ')}]`;
    },
  };
}
