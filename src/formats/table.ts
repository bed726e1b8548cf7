import {
  type Cell,
  COLUMNS,
  type Column,
  type Row,
  type Table,
  type TableReport,
} from '../report/component-table.ts';
import { compareText } from '../report/order.ts';
import type { Report } from '../report/report.ts';
import type { Context } from './context.ts';
import { summaryLine } from './human.ts';
import { type Paint, painter } from './paint.ts';
import { counted, padTo, visible, widthOf } from './text.ts';

const HEADINGS = {
  type: 'Type',
  replicas: 'Replicas',
  nodeRole: 'Node role',
  antiAffinity: 'Anti-Affinity',
  disruptionControl: 'Disruption Control',
} as const satisfies Record<Column, string>;

/** Why cells deviate: each reason of a row once, numbered in the order of the table. */
interface Footnotes {
  readonly notes: readonly string[];
  readonly numbersOf: (row: Row, cell: Cell) => readonly number[];
}

/** Renders the filled-in table in aligned columns, with the reasons of what deviates below it. */
export function renderTable(
  { table, report }: TableReport,
  { color }: Pick<Context, 'color'>,
): string {
  const paint = painter(color);
  const footnotes = footnotesOf(table);
  const body = table.rows.map((row) => [
    rowName(row),
    ...COLUMNS.map((column) => cellText(row, column, footnotes)),
  ]);
  const header = headings();
  const widths = header.map((heading, index) =>
    Math.max(widthOf(heading), ...body.map((cells) => widthOf(cells[index] ?? ''))),
  );
  const blocks = [
    [paint('bold', titleOf(table))],
    [
      paint('bold', aligned(header, widths).join('  ').trimEnd()),
      ...table.rows.map((row, index) => lineOf(row, aligned(body[index] ?? [], widths), paint)),
    ],
    footnotes.notes.map((note, index) => `[${index + 1}] ${note}`),
    elsewhere(table, report),
    [summaryLine(report, paint)],
  ];
  return joined(blocks);
}

/** Renders the filled-in table in Markdown: deviating cells in bold, their reasons as a list. */
export function renderTableMarkdown({ table, report }: TableReport): string {
  const footnotes = footnotesOf(table);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const blocks = [
    [`## ${markdown(titleOf(table))}`],
    [
      line(headings()),
      line(headings().map(() => '---')),
      ...table.rows.map((row) =>
        line([
          markdown(rowName(row)),
          ...COLUMNS.map((column) => {
            const cell = markdown(cellText(row, column, footnotes));
            return row.cells[column].deviates ? `**${cell}**` : cell;
          }),
        ]),
      ),
    ],
    footnotes.notes.map((note, index) => `${index + 1}. ${markdown(note)}`),
    elsewhere(table, report).map(markdown),
    [markdown(summaryLine(report, painter(false)))],
  ];
  return joined(blocks);
}

function headings(): readonly string[] {
  return ['Component', ...COLUMNS.map((column) => HEADINGS[column])];
}

function titleOf(table: Table): string {
  return visible(table.title === table.profile ? table.title : `${table.title} (${table.profile})`);
}

function footnotesOf(table: Table): Footnotes {
  const numbers = new Map<string, number>();
  for (const row of table.rows) {
    for (const column of COLUMNS) {
      for (const reason of reasonsOf(row.cells[column])) {
        const note = noteOf(row, reason);
        if (!numbers.has(note)) numbers.set(note, numbers.size + 1);
      }
    }
  }
  return {
    notes: [...numbers.keys()],
    numbersOf: (row, cell) =>
      reasonsOf(cell).flatMap((reason) => numbers.get(noteOf(row, reason)) ?? []),
  };
}

/** Most messages name their component themselves. */
function noteOf({ component }: Row, reason: string): string {
  return visible(reason.includes(component) ? reason : `${component}: ${reason}`);
}

function reasonsOf(cell: Cell): readonly string[] {
  return cell.deviates ? cell.reasons.toSorted(compareText) : [];
}

function rowName(row: Row): string {
  return visible(row.component) + (row.state === 'missing' ? ' (missing)' : '');
}

function cellText(row: Row, column: Column, footnotes: Footnotes): string {
  const cell = row.cells[column];
  const documented = visible(cell.documented);
  const actual = visible(cell.actual);
  if (cell.deviates) {
    const numbers = footnotes.numbersOf(row, cell);
    const marked = documented === actual ? `${documented} ✗` : `${documented} ≠ ${actual}`;
    return numbers.length === 0 ? marked : `${marked} [${numbers.join(', ')}]`;
  }
  // Of a row without objects the manifests say nothing: repeating the document would look like a yes.
  if (row.state === 'missing') return actual;
  return documented === actual || actual === '-' ? documented : `${documented} (${actual})`;
}

function aligned(cells: readonly string[], widths: readonly number[]): readonly string[] {
  return widths.map((width, index) => padTo(cells[index] ?? '', width));
}

function lineOf(row: Row, cells: readonly string[], paint: Paint): string {
  const last = cells.length - 1;
  return cells
    .map((cell, index) => {
      const text = index === last ? cell.trimEnd() : cell;
      const column = COLUMNS[index - 1];
      if (column !== undefined && row.cells[column].deviates) return paint('error', text);
      return row.state === 'missing' ? paint('dim', text) : text;
    })
    .join('  ')
    .trimEnd();
}

/** Findings that are the reason of no cell must not get lost behind a table without marks. */
function elsewhere(table: Table, report: Report): readonly string[] {
  const told = new Set(
    table.rows.flatMap((row) => COLUMNS.flatMap((column) => reasonsOf(row.cells[column]))),
  );
  const untold = report.findings.filter((finding) => !told.has(finding.message)).length;
  if (untold === 0) return [];
  return [`${counted(untold, 'finding')} in no cell of the table: see bulkhead check`];
}

/** What Markdown and HTML would read as markup is written as character references or escaped. */
function markdown(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_{}[\]|~#]/g, (character) => `\\${character}`);
}

function joined(blocks: readonly (readonly string[])[]): string {
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}
