import { COLUMNS, type Row, type Table, type TableReport } from '../report/component-table.ts';
import { errorBlocks } from './blocks.ts';
import type { Context } from './context.ts';
import { placeText } from './names.ts';
import { type Page, pageOf, pageText } from './page.ts';
import { missingLines, otherLines, summaryLines } from './summary.ts';
import {
  cellText,
  elsewhere,
  footnotesOf,
  generalNotes,
  HEADINGS,
  reasonText,
  rowName,
  titleOf,
} from './table-cells.ts';
import { counted, padTo, widthOf } from './text.ts';
import { wrap } from './wrap.ts';

/**
 * Renders the component table for people: as a grid where that fits the width, else as a list of what
 * deviates. Every reason has its place.
 */
export function renderTable({ table, report }: TableReport, context: Context): string {
  const page = pageOf(context);
  const rows = gridRows(table);
  const fits = rows.every((cells) => widthOf(cells.join('  ').trimEnd()) <= page.width);
  return pageText([
    [page.paint('bold', titleOf(table))],
    ...(fits
      ? [gridLines(table, rows, page), footnoteLines(table, page)]
      : listBlocks(table, page)),
    elsewhere(table, report),
    ...errorBlocks(report.inputErrors, page),
    generalNotes(report).flatMap((note) => wrap(note, { width: page.width, first: '', rest: '' })),
    otherLines(report, page),
    missingLines(report, page),
    summaryLines(report, page),
  ]);
}

/** The cells of every line, padded to the width of their columns. */
function gridRows(table: Table): readonly (readonly string[])[] {
  const { marksOf } = footnotesOf(table);
  const rows = [
    ['Component', ...COLUMNS.map((column) => HEADINGS[column])],
    ...table.rows.map((row) => [
      rowName(row),
      ...COLUMNS.map((column) => cellText(row, column) + marksOf(row, column)),
    ]),
  ];
  const widths = [...COLUMNS, 'last'].map((_, index) =>
    Math.max(...rows.map((cells) => widthOf(cells[index] ?? ''))),
  );
  return rows.map((cells) => cells.map((cell, index) => padTo(cell, widths[index] ?? 0)));
}

function gridLines(
  table: Table,
  [head = [], ...rows]: readonly (readonly string[])[],
  { paint }: Page,
): readonly string[] {
  return [
    paint('bold', head.join('  ').trimEnd()),
    ...table.rows.map((row, index) => gridLine(row, rows[index] ?? [], paint)),
  ];
}

function gridLine(row: Row, cells: readonly string[], paint: Page['paint']): string {
  const last = cells.length - 1;
  const painted = cells.map((cell, index) => {
    const text = index === last ? cell.trimEnd() : cell;
    const column = COLUMNS[index - 1];
    if (column !== undefined && row.cells[column].deviates) return paint('error', text);
    return row.state === 'missing' ? paint('dim', text) : text;
  });
  return painted.join('  ').trimEnd();
}

function footnoteLines(table: Table, { width }: Page): readonly string[] {
  const { notes } = footnotesOf(table);
  return notes.flatMap((note, index) => {
    const first = `[${index + 1}] `;
    return wrap(note, { width, first, rest: ' '.repeat(first.length) });
  });
}

/** What deviates, a block for each component. */
function listBlocks(table: Table, page: Page): readonly (readonly string[])[] {
  const deviating = table.rows.filter(({ cells }) =>
    COLUMNS.some((column) => cells[column].deviates),
  );
  const missing = table.rows.filter(({ state }) => state === 'missing').length;
  const good = table.rows.length - deviating.length - missing;
  return [
    [
      `${deviating.length} of ${counted(table.rows.length, 'row')} deviate, ${good} as documented, ${missing} not found.`,
    ],
    ...deviating.map((row) => [page.paint('bold', rowName(row)), ...rowLines(row, page)]),
  ];
}

function rowLines(row: Row, { paint, width }: Page): readonly string[] {
  return COLUMNS.filter((column) => row.cells[column].deviates).flatMap((column) => {
    const head = `  ${HEADINGS[column].toLowerCase().padEnd(LABEL)}  `;
    const rest = ' '.repeat(head.length);
    const [first = '', ...more] = wrap(cellText(row, column), { width, first: head, rest });
    return [
      head + paint('error', first.slice(head.length)),
      ...more,
      ...row.cells[column].reasons.flatMap((reason) => [
        ...wrap(reasonText(reason, row), { width, first: rest, rest }),
        ...wrap(placeText(reason), { width, first: rest, rest }),
      ]),
    ];
  });
}

const LABEL = Math.max(...COLUMNS.map((column) => HEADINGS[column].length));
