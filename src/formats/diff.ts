import type { Crossing, Diff } from '../report/diff.ts';
import { openFindings, sortReport } from '../report/order.ts';
import { SEVERITIES } from '../report/report.ts';
import { errorBlocks, findingBlocks, noteBlocks } from './blocks.ts';
import type { Context } from './context.ts';
import { reportOfDiff, whyText } from './diff-report.ts';
import {
  findingJson,
  headerJson,
  jsonText,
  objectJson,
  problemJson,
  summaryJson,
  waiverJson,
} from './json.ts';
import { shortMarkdown } from './markdown.ts';
import { objectName, placeText } from './names.ts';
import { type Page, pageOf, pageText } from './page.ts';
import { findingTable, MOST_OF_LINE, noteDetails, unread } from './report-markdown.ts';
import {
  apartLines,
  hiddenLines,
  incompleteLines,
  missingLines,
  otherLines,
  profileText,
} from './summary.ts';
import { counted, thousands, visible } from './text.ts';
import { wrap } from './wrap.ts';

/** Renders a difference for people: what is new and why, who can cross the wall now, and the counts. */
export function renderDiff(diff: Diff, context: Context): string {
  const page = pageOf(context);
  const report = reportOfDiff(diff);
  const [now, old] = [diff.now.report.inputErrors.length, diff.old.report.inputErrors.length];
  const sorted = sortReport(report);
  const errors = { ...sorted, inputErrors: report.inputErrors.slice(0, now) };
  // The lines of a file are those of the new input.
  const oldPage = pageOf({ ...context, source: () => undefined });
  return pageText([
    diff.added.length === 0 ? [] : flush(headingText(diff), page),
    ...findingBlocks(diff.added, page, (group) => [
      ...new Set(group.flatMap((finding) => whyLines(whyText(finding), page))),
    ]),
    ...noteBlocks(sorted.notes, page),
    ...errorBlocks(sortReport(errors).inputErrors, page),
    ...errorBlocks(report.inputErrors.slice(now, now + old), oldPage),
    otherLines(diff, page),
    missingLines(sorted, page),
    aboutLines(diff, page),
    [
      ...flush(countsText(diff), page).map((line) => page.paint(styleOf(diff), line)),
      ...flush(comparedText(diff), page),
      ...apartLines(diff, page),
      ...hiddenLines(diff, page),
      ...incompleteLines(report, page),
    ],
  ]);
}

function whyLines(why: string, page: Page): readonly string[] {
  return why === '' ? [] : page.labelled('why', why);
}

function flush(text: string, { width }: Pick<Page, 'width'>): readonly string[] {
  return wrap(text, { width, first: '', rest: '' });
}

function styleOf(diff: Diff) {
  const { inputErrors } = reportOfDiff(diff);
  if (inputErrors.length > 0) return 'error';
  return SEVERITIES.find((one) => diff.added.some(({ severity }) => severity === one)) ?? 'good';
}

/** Renders a difference in Markdown, for a comment on a pull request. */
export function renderDiffMarkdown(diff: Diff, context: Context): string {
  const report = sortReport(reportOfDiff(diff));
  const page = pageOf({ ...context, color: false, width: Number.POSITIVE_INFINITY });
  const incomplete = report.inputErrors.length === 0 ? '' : ', not everything checked';
  const lines = [
    comparedText(diff),
    ...aboutLines(diff, page),
    ...missingLines(report, page),
    ...apartLines(diff, page),
    ...hiddenLines(diff, page),
    ...incompleteLines(report, page),
  ];
  return pageText([
    [`## Bulkhead: ${countsText(diff).replace(/\.$/, '')}${incomplete}`],
    lines.map((line) => shortMarkdown(line, MOST_OF_LINE)),
    findingTable(openFindings(report), context),
    ...noteDetails(report),
    ...unread(report),
  ]);
}

/** `New since origin/main (4 commits, 3 files changed):` */
function headingText({ old, now, changedFiles }: Diff): string {
  if (old.revision === null)
    return `New in ${visible(now.name)}, compared with ${visible(old.name)}:`;
  const { ahead } = old.revision;
  const commits = ahead === null || ahead === 0 ? [] : [counted(ahead, 'commit')];
  const details = [...commits, `${counted(changedFiles, 'file')} changed`];
  return `New since ${visible(old.name)} (${details.join(', ')}):`;
}

/** `1 new error, 2 fixed, 64 unchanged.` */
function countsText({ old, now, added, fixed, accepted, unchanged }: Diff): string {
  const isRead = [old, now].every(({ report }) => report.inputErrors.length === 0);
  const found = SEVERITIES.map((severity) => ({
    severity,
    count: added.filter((finding) => finding.severity === severity).length,
  })).filter(({ count }) => count > 0);
  const parts = [
    ...(found.length === 0
      ? [isRead ? 'No new findings' : 'No new findings in what could be read']
      : []),
    ...found.map(({ severity, count }) => counted(count, `new ${severity}`)),
    ...(accepted.length === 0 ? [] : [`${thousands(accepted.length)} newly accepted`]),
    `${thousands(fixed.length)} fixed`,
    `${thousands(unchanged)} unchanged`,
  ];
  return `${parts.join(', ')}.`;
}

function comparedText(diff: Diff): string {
  const [now, old] = [diff.now, diff.old].map(({ report: { summary } }) => {
    return `${counted(summary.objects, 'object')} in ${counted(summary.files, 'file')}`;
  });
  return `Compared ${now} with ${old} of ${visible(diff.old.name)}, against ${visible(profileText(diff))}.`;
}

/** What changed without a finding. */
function aboutLines({ crossing, waivers }: Diff, { width }: Page): readonly string[] {
  const places = waivers.map(placeText);
  return [
    ...listed('Can now cross the wall:', crossing.map(crossingText), width),
    ...(waivers.length === 0
      ? []
      : listed('Waivers new here:', [`${thousands(waivers.length)} (${firstOf(places)})`], width)),
  ];
}

const MOST_PLACES = 5;

function firstOf(places: readonly string[]): string {
  const more = places.length - MOST_PLACES;
  return places.slice(0, MOST_PLACES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function crossingText({ environment, object, roles, nodes }: Crossing): string {
  const where = [...roles, ...(roles.length > 0 ? [] : nodes)].map(visible).join(', ');
  const of = environment === null ? '' : `${visible(environment)}: `;
  return `${of}${objectName(object)} (${where})`;
}

const LABEL = 'Can now cross the wall:  '.length;

function listed(label: string, items: readonly string[], width: number): readonly string[] {
  if (items.length === 0) return [];
  const first = label.padEnd(LABEL);
  return wrap(items.join(', '), { width, first, rest: ' '.repeat(LABEL) });
}

/** Renders a difference as JSON by `docs/diff.schema.json`. */
export function renderDiffJson(diff: Diff): string {
  const { old, now } = diff;
  return jsonText({
    ...headerJson(diff),
    old: sideJson(diff, 'old'),
    now: sideJson(diff, 'now'),
    changedFiles: diff.changedFiles,
    new: diff.added.map((finding) => ({
      ...findingJson(finding),
      untouched: finding.isUntouched,
      why: finding.why.map((cause) => ({
        ...objectJson(cause),
        change: cause.change,
        file: cause.file,
      })),
    })),
    fixed: diff.fixed.map(findingJson),
    accepted: diff.accepted.map(findingJson),
    unchanged: diff.unchanged,
    crossing: diff.crossing.map(({ environment, object, component, roles, nodes }) => ({
      environment,
      object: objectJson(object),
      component,
      roles,
      nodes,
    })),
    waivers: diff.waivers.map(waiverJson),
    gone: diff.gone.map(({ name, environment }) => ({ name, environment })),
    notes: diff.notes.map(problemJson),
    inputErrors: {
      old: sortReport(old.report).inputErrors.map(problemJson),
      new: sortReport(now.report).inputErrors.map(problemJson),
    },
  });
}

function sideJson(diff: Diff, side: 'old' | 'now') {
  const { name, revision, report } = diff[side];
  return {
    name,
    commit: revision?.commit ?? null,
    inputs: report.inputs.map(({ path }) => ({ path })),
    read: report.read.map(({ file, state }) => ({ file, state })),
    summary: summaryJson(report),
  };
}
