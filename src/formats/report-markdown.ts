import { openFindings, sortReport, worstFirst } from '../report/order.ts';
import {
  type ComponentState,
  type Finding,
  type Problem,
  type Report,
  SEVERITIES,
} from '../report/report.ts';
import { isLive } from './cluster.ts';
import type { Context } from './context.ts';
import { markdown, shortMarkdown } from './markdown.ts';
import { objectName, placeText } from './names.ts';
import { pageOf, pageText } from './page.ts';
import { sentence } from './sentences.ts';
import { missingComponents, missingLines, summaryLines } from './summary.ts';
import { counted, oneLine, visible } from './text.ts';

/** The rows of a table or list, and the characters that they take together: a comment may have 65,536 in all. */
interface Room {
  readonly rows: number;
  readonly characters: number;
}
const FINDINGS: Room = { rows: 50, characters: 32_000 };
const COMPONENTS: Room = { rows: 100, characters: 6_000 };
const NOTES: Room = { rows: 50, characters: 6_000 };
const ERRORS: Room = { rows: 50, characters: 8_000 };
/** The characters of a line of the summary, and of a cell. */
export const MOST_OF_LINE = 600;
const MOST_OF_CELL = 500;

/**
 * Renders a report in Markdown, for a comment on a pull request or the summary of a job: fewer than 60,000 characters,
 * whatever the input is. What is left out is counted.
 */
export function renderMarkdown(report: Report, context: Context): string {
  const sorted = sortReport(report);
  const page = pageOf({ ...context, color: false, width: Number.POSITIVE_INFINITY });
  const lines = [...summaryLines(sorted, page), ...missingLines(sorted, page)];
  return pageText([
    [`## Bulkhead: ${verdict(sorted)}`],
    lines.map((line) => shortMarkdown(line, MOST_OF_LINE)),
    findingTable(worstFirst(openFindings(sorted)), context),
    ...componentDetails(sorted),
    ...noteDetails(sorted),
    ...unread(sorted),
  ]);
}

/** The counts of what is open, of what was not read, and of what is missing in a cluster: it may be why a check fails. */
function verdict(report: Report): string {
  const open = openFindings(report);
  const counts = SEVERITIES.map((severity) => ({
    severity,
    count: open.filter((finding) => finding.severity === severity).length,
  }));
  const missing = missingComponents(report).length;
  const parts = [
    ...counts
      .filter(({ count }) => count > 0)
      .map(({ severity, count }) => counted(count, severity)),
    ...(report.inputErrors.length > 0
      ? [`${counted(report.inputErrors.length, 'part')} of the input not checked`]
      : []),
    ...(missing > 0 ? [`${counted(missing, 'component')} not found`] : []),
  ];
  return parts.length === 0 ? 'no problems' : parts.join(', ');
}

export function findingTable(
  findings: readonly Finding[],
  { catalogue, lineAddress }: Pick<Context, 'catalogue' | 'lineAddress'>,
): readonly string[] {
  if (findings.length === 0) return [];
  const pages = `${catalogue.repository}/blob/v${catalogue.version}/`;
  const rows = findings.map((finding) => () => [
    finding.severity,
    linked(
      cell(isLive(finding.file) ? finding.file : placeText(finding)),
      lineAddress?.(finding.file, finding.line),
    ),
    cell(objectName(finding.object)),
    cell(sentence(finding)),
    cell(oneLine(finding.fix.title)),
    `[${markdown(finding.policy)}](${pages}${finding.docs})`,
  ]);
  const headings = ['Severity', 'Place', 'Object', 'Problem', 'Fix', 'Policy'];
  return table(headings, rows, { room: FINDINGS, noun: 'finding' });
}

/** The component table of a whole cluster: which rows have objects. */
function componentDetails({ scope, components }: Report): readonly (readonly string[])[] {
  if (scope !== 'cluster' || components.length === 0) return [];
  const missing = components.filter(({ state }) => state === 'missing').length;
  const name = ({ environment, name: own }: ComponentState) =>
    visible(environment === null ? own : `${environment}: ${own}`);
  const rows = components.map((component) => () => [
    cell(name(component)),
    component.state === 'missing' ? '**not found**' : 'found',
    cell(component.objects.map(objectName).join(', ')),
  ]);
  const headings = ['Component', 'State', 'Objects'];
  return details(
    `${counted(components.length, 'component')}, ${missing} not found`,
    table(headings, rows, { room: COMPONENTS, noun: 'component' }),
  );
}

export function noteDetails({ notes }: Pick<Report, 'notes'>): readonly (readonly string[])[] {
  if (notes.length === 0) return [];
  return details(counted(notes.length, 'note'), problemList(notes, { room: NOTES, noun: 'note' }));
}

export function unread({
  inputErrors,
}: Pick<Report, 'inputErrors'>): readonly (readonly string[])[] {
  if (inputErrors.length === 0) return [];
  return [['### Not checked'], problemList(inputErrors, { room: ERRORS, noun: 'part' })];
}

interface Kind {
  readonly room: Room;
  readonly noun: string;
}

function problemList(problems: readonly Problem[], kind: Kind): readonly string[] {
  const items = problems.map((problem) => () => {
    const place = placeText(problem);
    const text = `${place === '' ? '' : `${place}: `}${sentence(problem)}`;
    return `- ${cell(text)} (${markdown(visible(problem.code))})`;
  });
  return shown(items, kind);
}

function table(
  headings: readonly string[],
  rows: readonly (() => readonly string[])[],
  kind: Kind,
): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(headings),
    line(headings.map(() => '---')),
    ...shown(
      rows.map((row) => () => line(row())),
      kind,
    ),
  ];
}

/** The first lines, as many as there is room for, and how many are left out. */
function shown(lines: readonly (() => string)[], { room, noun }: Kind): readonly string[] {
  const kept: string[] = [];
  let characters = 0;
  for (const make of lines.slice(0, room.rows)) {
    const line = make();
    characters += line.length;
    if (characters > room.characters) break;
    kept.push(line);
  }
  const left = lines.length - kept.length;
  return left === 0 ? kept : [...kept, '', `${counted(left, `more ${noun}`)} not shown here.`];
}

/** A part that is folded. Markdown needs an empty line behind the tag. */
function details(summary: string, lines: readonly string[]): readonly (readonly string[])[] {
  return [[`<details><summary>${summary}</summary>`], lines, ['</details>']];
}

/** A link, unless its address would take the room of others. */
function linked(text: string, address: string | undefined): string {
  return address === undefined || address.length > MOST_OF_CELL ? text : `[${text}](${address})`;
}

function cell(text: string): string {
  return shortMarkdown(text, MOST_OF_CELL);
}
