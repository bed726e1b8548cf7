import { compareText, openFindings } from '../report/order.ts';
import { type Header, type Report, SEVERITIES, type Severity } from '../report/report.ts';
import { checkedInCluster, liveCluster, mayHideComponents } from './cluster.ts';
import { placeText } from './names.ts';
import type { Page } from './page.ts';
import type { Style } from './paint.ts';
import { counted, oneLine, thousands, visible } from './text.ts';
import { wrap } from './wrap.ts';

/** Beyond this many findings a page ends with totals by policy. */
const MOST_WITHOUT_TOTALS = 10;

/** The components that are not in the input, where the input is a whole cluster. */
export function missingComponents(report: Report): readonly string[] {
  // If no object was read, every component is missing: a list of them is useless.
  if (report.scope !== 'cluster' || report.summary.objects === 0) return [];
  if (mayHideComponents(report)) return [];
  return report.components
    .filter(({ state }) => state === 'missing')
    .map(({ name, environment }) => (environment === null ? name : `${environment}: ${name}`));
}

/** What is said of one of them, for formats that have a line for each thing. */
export function missingSentence(component: string): string {
  return `component ${oneLine(component)} was not found in the input`;
}

/** What such a sentence has in place of the code of a note. */
export const COMPONENT_MISSING = 'COMPONENT_MISSING';

/** A sentence that names the missing components. */
export function missingLines(report: Report, { paint, width }: Page): readonly string[] {
  const missing = missingComponents(report);
  if (missing.length === 0) return [];
  const text = `Components not found (${missing.length} of ${report.components.length}): ${missing.join(', ')}.`;
  return wrap(text, { width, first: '', rest: '' }).map((line) => paint('note', line));
}

/** How often each policy reported something, most first, on a page that is too long to see at once. */
export function totalLines(report: Report, { paint }: Page): readonly string[] {
  const findings = openFindings(report);
  if (findings.length <= MOST_WITHOUT_TOTALS) return [];
  const totals = new Map<string, { count: number; severity: Severity }>();
  for (const { policy, severity } of findings) {
    totals.set(policy, { count: (totals.get(policy)?.count ?? 0) + 1, severity });
  }
  const rows = [...totals].sort(([a, x], [b, y]) => y.count - x.count || compareText(a, b));
  const width = Math.max(...rows.map(([policy]) => policy.length));
  return rows.map(
    ([policy, { count, severity }]) =>
      `${String(count).padStart(4)}  ${policy.padEnd(width)}  ${paint(severity, severity)}`,
  );
}

/** The last lines of every page: what was found, how much was checked, and whether that was all. */
export function summaryLines(report: Report, page: Page): readonly string[] {
  const { paint, width } = page;
  const style = worstOf(report);
  const layout = { width, first: '', rest: '' };
  const verdict = wrap(verdictOf(report), layout).map((line) => paint(style, line));
  const checked = checkedText(report);
  if (openFindings(report).length === 0 && report.inputErrors.length === 0) {
    // A clean result fits on a line.
    const [first = ''] = verdict;
    const [line = '', ...more] = wrap(`${verdictOf(report)} ${checked}`, layout);
    return [
      first + line.slice(verdictOf(report).length),
      ...more,
      ...apartLines(report, page),
      ...hiddenLines(report, page),
    ];
  }
  return [
    ...verdict,
    ...wrap(checked, layout),
    ...apartLines(report, page),
    ...hiddenLines(report, page),
    ...incompleteLines(report, page),
  ];
}

function worstOf(report: Report): Style {
  const { inputErrors } = report;
  const findings = openFindings(report);
  if (inputErrors.length > 0) return 'error';
  return SEVERITIES.find((severity) => findings.some((one) => one.severity === severity)) ?? 'good';
}

function verdictOf(report: Report): string {
  const { inputErrors, notes, summary } = report;
  const findings = openFindings(report);
  const noted =
    acceptedText(report) + (notes.length === 0 ? '' : ` ${counted(notes.length, 'note')}.`);
  if (findings.length === 0) {
    return `${inputErrors.length === 0 ? 'No problems.' : 'No findings in what could be read.'}${noted}`;
  }
  const counts = SEVERITIES.map((severity) => ({
    severity,
    count: findings.filter((one) => one.severity === severity).length,
  })).filter(({ count }) => count > 0);
  const parts = counts.map(({ severity, count }) => counted(count, severity)).join(', ');
  const problems = counts.length > 1 ? `${counted(findings.length, 'problem')} (${parts})` : parts;
  // A rendered text is one file of the input, whatever it was made from.
  if (liveCluster(report) !== undefined) return `${problems}.${noted}`;
  const files = new Set(findings.map(({ file, rendered }) => rendered?.input ?? file)).size;
  const share = files === summary.files ? '' : `${files} of `;
  return `${problems} in ${share}${counted(summary.files, 'file')}.${noted}`;
}

/** How many findings are accepted, so that they are not taken for none. */
function acceptedText({ summary, waivers }: Report): string {
  const { waived, baselined } = summary;
  const expiring = waivers.filter(
    ({ state, findings }) => state === 'expiring' && findings > 0,
  ).length;
  const soon = expiring === 0 ? '' : ` (${counted(expiring, 'waiver')} about to expire)`;
  const parts = [
    ...(baselined > 0 ? [`${baselined} in the baseline`] : []),
    ...(waived > 0 ? [`${waived} waived${soon}`] : []),
  ];
  return parts.length === 0 ? '' : ` ${parts.join(', ')}.`;
}

/** What the settings hid: it must not pass for nothing. */
export function hiddenLines(
  { policies }: Pick<Header, 'policies'>,
  { width }: Pick<Page, 'width'>,
): readonly string[] {
  const changed = Object.entries(policies.severity).map(([id, severity]) => `${id} (${severity})`);
  return [
    ...(policies.off.length > 0 ? [`Policies off: ${policies.off.join(', ')}.`] : []),
    ...(changed.length > 0 ? [`Severity changed: ${changed.join(', ')}.`] : []),
  ].flatMap((text) => wrap(text, { width, first: '', rest: '' }));
}

/** The profiles, with the environments that they are of. */
export function profileText({
  profile,
  environments,
}: Pick<Header, 'profile' | 'environments'>): string {
  if (environments.length === 0) return profile;
  return environments.map(({ name, profile: own }) => `${own} (${name})`).join(', ');
}

function checkedText(report: Report): string {
  const { summary } = report;
  const live = checkedInCluster(report, visible(profileText(report)));
  if (live !== undefined) return live;
  const { files, objects, checked, emptyDocuments } = summary;
  const share = checked === objects ? '' : `${thousands(checked)} of `;
  const apart = emptyDocuments === 0 ? '' : ` (${counted(emptyDocuments, 'document')} empty)`;
  return `Checked ${share}${counted(objects, 'object')} in ${counted(files, 'file')}${apart} against ${visible(profileText(report))}.`;
}

/** What was read and is not an object, and what was not read: each a line, since neither is checked. */
export function apartLines(
  { otherDocuments, excluded }: Header,
  { width, verbose }: Pick<Page, 'width' | 'verbose'>,
): readonly string[] {
  const count = otherDocuments.length;
  const what = count === 1 ? 'that is no Kubernetes object' : 'that are no Kubernetes objects';
  const hint = verbose ? '' : `; --verbose lists ${count === 1 ? 'it' : 'them'}`;
  return [
    ...(count === 0 ? [] : [`${counted(count, 'document')} ${what}${hint}.`]),
    ...leftOut(excluded),
  ].flatMap((text) => wrap(text, { width, first: '', rest: '' }));
}

/** Where the documents are that are not objects, and what each is instead; nothing unless it was asked for. */
export function otherLines(
  { otherDocuments }: Pick<Header, 'otherDocuments'>,
  { verbose }: Pick<Page, 'verbose'>,
): readonly string[] {
  if (!verbose || otherDocuments.length === 0) return [];
  return [
    'Not Kubernetes objects:',
    ...otherDocuments.map((document) => `  ${placeText(document)}  ${visible(document.reason)}`),
  ];
}

function leftOut(excluded: Header['excluded']): readonly string[] {
  if (excluded.length === 0) return [];
  const names = [...new Set(excluded.map(({ path }) => visible(lastName(path))))].sort(compareText);
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  // Walks leave out directories; patterns of the settings also files.
  const hasFiles = excluded.some(({ reason }) => reason === 'pattern');
  const many = hasFiles ? 'files and directories' : 'directories';
  const one = hasFiles ? 'file or directory' : 'directory';
  const count = excluded.length === 1 ? `1 ${one}` : `${thousands(excluded.length)} ${many}`;
  return [`Left out: ${names.slice(0, MOST_NAMES).join(', ')}${more} (${count}).`];
}

const MOST_NAMES = 5;

function lastName(path: string): string {
  return path.replace(/\/+$/, '').replace(/^.*\//, '');
}

/** A sentence that something could not be read: the result is not clean. */
export function incompleteLines(
  { inputErrors }: Pick<Report, 'inputErrors'>,
  { width }: Pick<Page, 'width'>,
): readonly string[] {
  if (inputErrors.length === 0) return [];
  const parts = counted(inputErrors.length, 'part');
  const text = `${parts} of the input could not be checked, so this is not a clean result (exit status 2).`;
  return wrap(text, { width, first: '', rest: '' });
}
