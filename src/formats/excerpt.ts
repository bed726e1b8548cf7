import { shownLine } from './confidential.ts';
import type { Paint, Style } from './paint.ts';
import { visible, widthOf } from './text.ts';

const TAB_STOP = 4;
// A generated file may be one line of megabytes: nothing past this many characters is looked at.
const MAX_CHARACTERS = 400;
const SEPARATOR = /^\s*(?:---.*|\.\.\.\s*)?$/;

/** A value in the lines of a source, and how it is underlined. Its end is exclusive. */
export interface Spot {
  readonly line: number;
  readonly column: number;
  readonly endLine: number | null;
  readonly endColumn: number | null;
  readonly style: Style;
}

/** How source lines are shown. */
export interface Look {
  readonly paint: Paint;
  /** The terminal columns of a line, the line number included. */
  readonly width: number;
}

/**
 * Quotes the first line of a value, underlined, between the lines around it.
 *
 * Tabs are shown as spaces up to the next stop, and control characters as escapes: the marks are below
 * the value. A wide line is cut around the value. Nothing is quoted for a line that
 * does not exist.
 */
export function excerpt(
  lines: readonly string[],
  spot: Spot,
  { paint, width }: Look,
): readonly string[] {
  const source = lines[spot.line - 1];
  if (source === undefined) return [];
  const from = Math.min(spot.column - 1, source.length);
  const shown = shownLine(lines, spot.line, { from, to: endOf(source, spot, from) });
  const { text } = shown;
  const gutter = String(spot.line + 1).length;
  const room = Math.max(width - gutter - ' | '.length, LEAST_ROOM);
  const offset = shown.from;
  const start = windowStart(text, offset, room);
  const quote = (number: number, line: string) =>
    `${paint('dim', `${String(number).padStart(gutter)} |`)} ${cut(line, start, room)}`.trimEnd();
  const indent = widthOf(shownFrom(text.slice(start, offset), start));
  const length = endOf(source, spot, from) - from;
  const end = Math.min(offset + length, text.length);
  const marks = marksUnder(text, { end, offset, start, room: room - indent });
  return [
    ...around(lines, spot.line - 1).map((line) => quote(spot.line - 1, line)),
    quote(spot.line, text),
    `${paint('dim', `${' '.repeat(gutter)} |`)} ${' '.repeat(indent)}${paint(spot.style, marks)}`,
    ...around(lines, spot.line + 1).map((line) => quote(spot.line + 1, line)),
  ];
}

const LEAST_ROOM = 20;

/** Where a value ends on its first line, or a character if that is not known. */
function endOf(text: string, { line, endLine, endColumn }: Spot, from: number): number {
  if (endLine === null || endColumn === null) return from + 1;
  return endLine > line ? text.length : endColumn - 1;
}

interface Underline {
  readonly end: number;
  readonly offset: number;
  readonly start: number;
  readonly room: number;
}

/** A mark for each column of the value on its first line, one at least. */
function marksUnder(text: string, { end, offset, start, room }: Underline): string {
  const before = shownFrom(text.slice(start, offset), start);
  const value = text.slice(start, Math.min(end, offset + MAX_CHARACTERS)).trimEnd();
  const width = widthOf(shownFrom(value, start)) - widthOf(before);
  return '^'.repeat(Math.max(1, Math.min(width, room)));
}

/** A neighbouring line, unless it is empty or the separator of documents. */
function around(lines: readonly string[], number: number): readonly string[] {
  const line = lines[number - 1];
  if (line === undefined || SEPARATOR.test(line.slice(0, MAX_CHARACTERS))) return [];
  return [shownLine(lines, number).text];
}

/** A line in some terminal columns, cut around a place if it is wider. */
export function lineAround(text: string, offset: number, room: number): string {
  return cut(text, windowStart(text, offset, room), room).trimEnd();
}

/** Where the shown part of a line starts: at its start, if the value is near enough to it. */
function windowStart(text: string, offset: number, room: number): number {
  if (offset < (room * 3) / 4) return 0;
  const start = offset - Math.floor(room / 2);
  return isLowSurrogate(text, start) ? start + 1 : start;
}

function isLowSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

function cut(line: string, start: number, room: number): string {
  const shown = shownFrom(line.slice(start, start + MAX_CHARACTERS), start);
  let kept = '';
  let width = 0;
  for (const character of shown) {
    width += widthOf(character);
    if (width > room) return `${kept.slice(0, -1)}…`;
    kept += character;
  }
  return line.length > start + MAX_CHARACTERS ? `${kept}…` : kept;
}

function shownFrom(text: string, start: number): string {
  let shown = start > 0 ? '…' : '';
  let width = shown.length;
  for (const piece of text.split(/(\t)/)) {
    const next = piece === '\t' ? ' '.repeat(TAB_STOP - (width % TAB_STOP)) : visible(piece);
    shown += next;
    width += widthOf(next);
  }
  return shown;
}
