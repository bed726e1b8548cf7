import type { Path } from '../errors.ts';
import type { ObjectReference } from '../kubernetes/objects.ts';
import { sortReport } from '../report/order.ts';
import type { Finding, Problem, Report, Severity, Summary } from '../report/report.ts';
import type { Context } from './context.ts';
import { excerpt, type Spot } from './excerpt.ts';
import { type Paint, painter } from './paint.ts';
import { counted, visible } from './text.ts';

/** What rendering for people needs besides the report. */
type HumanContext = Pick<Context, 'source' | 'color'>;

interface Page {
  readonly paint: Paint;
  readonly quote: (file: string, spot: Spot) => readonly string[];
}

/**
 * Renders a report for people: findings, notes, missing components, and a last line that counts.
 *
 * What could not be checked is counted here and told by `renderErrors`.
 */
export function renderHuman(report: Report, context: HumanContext): string {
  const sorted = sortReport(report);
  const page = pageOf(context);
  const blocks = [
    ...sorted.findings.map((finding) => findingLines(finding, page)),
    ...sorted.notes.map((note) => noteLines(note, page)),
    missingLines(sorted, page.paint),
    [summaryLine(sorted, page.paint)],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Renders what could not be checked: one sentence each, with its place and its source lines. */
export function renderErrors(errors: readonly Problem[], context: HumanContext): string {
  const page = pageOf(context);
  return errors
    .map((error) => [renderProblem(error), ...problemExcerpt(error, page, 'error')].join('\n'))
    .map((text) => `${text}\n`)
    .join('');
}

/** Renders one problem of the input as one line: its place, if it has one, and its sentence. */
export function renderProblem(
  problem: Pick<Problem, 'file' | 'line' | 'column' | 'message'>,
): string {
  const place = placeOf(problem);
  return `bulkhead: ${place === '' ? '' : `${place}: `}${sentence(problem.message)}`;
}

/** The last line of every report: how much was checked, and what came of it. */
export function summaryLine(report: Report, paint: Paint): string {
  const { objects, checked, findings, inputErrors } = report.summary;
  const missing = report.components.filter((component) => component.state === 'missing').length;
  const read = readLine(report.summary);
  const bySeverity = [severityCount(report, 'error'), severityCount(report, 'warning')].join(', ');
  const outcome = [
    `${counted(findings, 'finding')} (${bySeverity})`,
    counted(inputErrors, 'input error'),
    ...(report.scope === 'cluster' ? [counted(missing, 'missing component')] : []),
  ].join(', ');
  const style = inputErrors + severityNumber(report, 'error') > 0 ? 'error' : 'good';
  const verdict = paint(findings > 0 && style === 'good' ? 'warning' : style, outcome);
  return `${read}, ${checked} of ${counted(objects, 'object')} checked: ${verdict}`;
}

/** What was read; documents that hold no objects are told apart from those that do. */
function readLine(summary: Summary): string {
  const { files, documents, emptyDocuments, otherDocuments, unreadableDocuments } = summary;
  const apart = [
    [emptyDocuments, 'empty'],
    [otherDocuments, 'not a Kubernetes object'],
    [unreadableDocuments, 'unreadable'],
  ] as const;
  const told = apart.filter(([count]) => count > 0).map(([count, sort]) => `${count} ${sort}`);
  const note = told.length === 0 ? '' : ` (${told.join(', ')})`;
  return `${counted(files, 'file')}, ${counted(documents, 'document')}${note}`;
}

/** Names an object as people do: its kind, namespace and name. */
export function objectName(object: ObjectReference): string {
  const name = object.name ?? '(unnamed)';
  return visible(
    `${object.kind} ${object.namespace === null ? '' : `${object.namespace}/`}${name}`,
  );
}

function pageOf(context: HumanContext): Page {
  const paint = painter(context.color);
  const cache = new Map<string, readonly string[]>();
  const linesOf = (file: string): readonly string[] => {
    const lines = cache.get(file) ?? context.source(file)?.split(/\r\n|\n|\r/) ?? [];
    cache.set(file, lines);
    return lines;
  };
  return { paint, quote: (file, spot) => indent(excerpt(linesOf(file), spot, paint)) };
}

function findingLines(finding: Finding, page: Page): readonly string[] {
  const { severity, component } = finding;
  const row = component === null ? '' : ` (component ${visible(component)})`;
  const path = pathText(finding.path);
  return [
    heading(placeOf(finding), page.paint(severity, severity), page.paint('bold', finding.policy)),
    `  ${objectName(finding.object)}${row}${path === '' ? '' : ` at ${path}`}`,
    `  ${sentence(finding.message)}`,
    ...page.quote(finding.file, { ...finding, style: severity }),
    `  ${page.paint('bold', 'fix:')} ${sentence(finding.fix.title)}`,
  ];
}

function noteLines(note: Problem, page: Page): readonly string[] {
  return [
    heading(placeOf(note), page.paint('note', 'note'), page.paint('bold', note.code)),
    `  ${sentence(note.message)}`,
    ...problemExcerpt(note, page, 'note'),
  ];
}

function problemExcerpt(problem: Problem, page: Page, style: Spot['style']): readonly string[] {
  const { file, line, column } = problem;
  if (file === null || line === null || column === null) return [];
  return page.quote(file, { line, column, style });
}

/** In a part of a cluster components may be elsewhere; where no object was read, all are missing. */
function missingLines(report: Report, paint: Paint): readonly string[] {
  if (report.scope === 'part' || report.summary.objects === 0) return [];
  return report.components
    .filter((component) => component.state === 'missing')
    .map(
      ({ name }) =>
        `${paint('note', 'missing')}  ${paint('bold', visible(name))}: no object in the input is this component of ${visible(report.profile)}`,
    );
}

function severityCount(report: Report, severity: Severity): string {
  return counted(severityNumber(report, severity), severity);
}

function severityNumber(report: Report, severity: Severity): number {
  return report.findings.filter((finding) => finding.severity === severity).length;
}

function placeOf(place: Pick<Problem, 'file' | 'line' | 'column'>): string {
  return [place.file, place.line, place.column]
    .filter((part) => part !== null)
    .map((part) => visible(String(part)))
    .join(':');
}

function heading(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('  ');
}

/** A sentence stands on one line, however it was folded where it was written. */
function sentence(text: string): string {
  return visible(text.trim().replaceAll(/[ \t\r\n]+/g, ' '));
}

/** A path into an object as people write it. */
export function pathText(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(step)) return `[${visible(JSON.stringify(step))}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
