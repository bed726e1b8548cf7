import { COLUMNS, type TableReport } from '../report/component-table.ts';
import type { Context } from './context.ts';
import { markdown } from './markdown.ts';
import { pageOf, pageText } from './page.ts';
import { missingLines, otherLines, summaryLines } from './summary.ts';
import {
  cellText,
  elsewhere,
  footnotesOf,
  generalNotes,
  HEADINGS,
  rowName,
  titleOf,
} from './table-cells.ts';

/** Renders the component table in Markdown: deviating cells in bold, their reasons as a list. */
export function renderTableMarkdown({ table, report }: TableReport, context: Context): string {
  const { notes, marksOf } = footnotesOf(table);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const page = pageOf({ ...context, color: false, width: Number.POSITIVE_INFINITY });
  const headings = ['Component', ...COLUMNS.map((column) => HEADINGS[column])];
  return pageText([
    [`## ${markdown(titleOf(table))}`],
    [
      line(headings),
      line(headings.map(() => '---')),
      ...table.rows.map((row) =>
        line([
          markdown(rowName(row)),
          ...COLUMNS.map((column) => {
            const cell = row.cells[column];
            const text = markdown(cellText(row, column) + marksOf(row, column));
            return cell.deviates ? `**${text}**` : text;
          }),
        ]),
      ),
    ],
    notes.map((note, index) => `${index + 1}. ${markdown(note)}`),
    elsewhere(table, report).map(markdown),
    generalNotes(report).map(markdown),
    otherLines(report, page).map(listed),
    missingLines(report, page).map(markdown),
    summaryLines(report, page).map(markdown),
  ]);
}

/** A line of a list under its heading. */
function listed(line: string): string {
  return line.startsWith(' ') ? `- ${markdown(line.trim())}` : markdown(line);
}
