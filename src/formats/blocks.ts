import type {
  AppliedWaiver,
  Finding,
  InputError,
  Location,
  Note,
  Related,
} from '../report/report.ts';
import { isLive } from './cluster.ts';
import { fieldText, isOfChart, messageLines, objectName, renderedText } from './names.ts';
import type { Page } from './page.ts';
import type { Style } from './paint.ts';
import { counted } from './text.ts';

/**
 * Returns a block for each place: findings of one policy at one place share it.
 *
 * @param more makes the lines that follow what is wrong.
 */
export function findingBlocks<F extends Finding>(
  findings: readonly F[],
  page: Page,
  more: (group: readonly F[]) => readonly string[] = () => [],
): readonly (readonly string[])[] {
  return grouped(findings, samePlace).map((group) => findingLines(group, page, more(group)));
}

function samePlace(finding: Finding): string {
  const { policy, file, line, column, object, rendered, environment, status, waiver } = finding;
  const place = [file, line, column, rendered?.input, environment];
  return JSON.stringify([policy, object, place, status, waiver]);
}

function findingLines(
  group: readonly Finding[],
  page: Page,
  more: readonly string[],
): readonly string[] {
  const [finding] = group;
  if (finding === undefined) return [];
  const { severity, status } = finding;
  const [word, style] = status === 'open' ? [severity, severity] : [status, 'note' as const];
  const { quoted, intro } = quotation(finding, page, severity);
  const related = uniqueBy(
    group.flatMap((one) => one.related),
    (one) => relatedText(one, page),
  );
  return [
    page.heading({ place: finding, word, style, code: finding.policy }),
    ...group.flatMap(({ message }) => page.paragraph(message)),
    ...(finding.environment === null
      ? []
      : page.paragraph(`in environment ${finding.environment}`)),
    ...(finding.waiver === null ? [] : page.paragraph(waiverText(finding.waiver))),
    ...page.paragraph(unsaid(group, quoted)),
    ...more,
    ...intro,
    ...(quoted.length === 0 ? [] : ['', ...quoted, '']),
    ...(finding.now === undefined ? [] : page.labelled('now', finding.now)),
    ...uniqueBy(group, ({ fix }) => fix.title).flatMap(({ fix }) =>
      page.labelled('fix', fix.title, 'good'),
    ),
    ...(finding.command === undefined ? [] : [page.command(finding.command)]),
    ...related
      .slice(0, MOST_RELATED)
      .flatMap((one) => page.labelled('see', relatedText(one, page))),
    ...(related.length > MOST_RELATED
      ? page.labelled('see', counted(related.length - MOST_RELATED, 'more object'))
      : []),
  ];
}

/** Until when a finding is accepted, by whom and why. */
function waiverText({ expires, owner, reason, ticket }: AppliedWaiver): string {
  const until = expires === 'never' ? 'waived for good' : `waived until ${expires}`;
  return `${until}, ${owner}: ${reason}${ticket === null ? '' : ` (${ticket})`}`;
}

const MOST_RELATED = 3;

/** Returns the lines of a place. A template is not what Helm prints of it: the rendered text is quoted. */
export function quotation(
  place: Location,
  page: Page,
  style: Style,
): { readonly quoted: readonly string[]; readonly intro: readonly string[] } {
  const { rendered, file } = place;
  if (rendered === undefined) return { quoted: page.quote(place, style), intro: [] };
  const { input, endLine = null, endColumn = null } = rendered;
  const isText = file === input || isOfChart(input);
  const spot = isText ? { ...rendered, file: input, endLine, endColumn } : place;
  const quoted = page.quote(spot, style);
  const end = isText && quoted.length > 0 ? ':' : '';
  return { quoted, intro: page.paragraph(`${renderedText(rendered)}${end}`) };
}

/** The object and the path, as far as neither the message nor the source lines show them. */
function unsaid(group: readonly Finding[], quoted: readonly string[]): string {
  const [{ object, path, message } = group[0] as Finding] = group;
  const field = path.findLast((step) => typeof step === 'string');
  const isShown = quoted.some((line) => field === undefined || line.includes(field));
  const parts = [
    ...(message.includes(objectName(object)) ? [] : [objectName(object)]),
    ...(isShown || path.length === 0 ? [] : [fieldText(path)]),
  ];
  return parts.length === 0 ? '' : `at ${parts.join(', ')}`;
}

function relatedText(related: Related, page: Page): string {
  const place = isLive(related.file) ? '' : page.placeText(related);
  const name = objectName(related);
  const says = related.says === '' ? '' : `: ${related.says}`;
  return `${place === '' ? '' : `${place} `}${name}${says}`;
}

/** Returns a block for each note; many notes of one kind share one, with a count. */
export function noteBlocks(notes: readonly Note[], page: Page): readonly (readonly string[])[] {
  return grouped(notes, ({ code }) => code).flatMap((group) => blocksOfKind(group, page));
}

function blocksOfKind(group: readonly Note[], page: Page): readonly (readonly string[])[] {
  const [first] = group;
  if (first === undefined) return [];
  if (group.length <= MOST_NOTES) return group.map((note) => noteLines(note, page));
  const places = group.slice(0, MOST_NOTES).map(page.placeText);
  const isSame = group.every(({ message }) => message === first.message);
  return [
    [
      page.heading({
        place: { file: null, line: null, column: null },
        word: counted(group.length, 'note'),
        style: 'note',
        code: first.code,
      }),
      ...page.paragraph(isSame ? first.message : `for example: ${first.message}`),
      ...page.paragraph(`at ${places.join(', ')} and ${group.length - MOST_NOTES} more`),
    ],
  ];
}

const MOST_NOTES = 3;

function noteLines(note: Note, page: Page): readonly string[] {
  const { quoted, intro } = quotation(note, page, 'note');
  return [
    page.heading({ place: note, word: 'note', style: 'note', code: note.code }),
    ...page.paragraph(note.message),
    ...intro,
    ...(quoted.length === 0 ? [] : ['', ...quoted]),
  ];
}

/** Returns a block for each thing that could not be read. */
export function errorBlocks(
  errors: readonly InputError[],
  page: Page,
): readonly (readonly string[])[] {
  return errors.map((error) => errorLines(error, page));
}

function errorLines(error: InputError, page: Page): readonly string[] {
  const { quoted, intro } = quotation(error, page, 'error');
  return [
    page.heading({ place: error, word: 'unreadable', style: 'error', code: error.code }),
    ...messageLines(error).flatMap((line) => page.paragraph(line)),
    ...intro,
    ...(quoted.length === 0 ? [] : ['', ...quoted]),
  ];
}

/** Splits a list into runs of equal keys that keep the order of their first member. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

function uniqueBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  return grouped(items, keyOf).flatMap((group) => group.slice(0, 1));
}
