import type { Paint, Style } from './paint.ts';
import { visible, widthOf } from './text.ts';

const MAX_WIDTH = 100;
const BEFORE_CARET = 50;
const TAB_STOP = 4;
// A generated file may be one line of megabytes: nothing past this many characters is looked at.
const MAX_CHARACTERS = 400;
const SEPARATOR = /^\s*(?:---.*|\.\.\.\s*)?$/;

/** A place in the lines of a source, and how its caret looks. */
export interface Spot {
  readonly line: number;
  readonly column: number;
  readonly style: Style;
}

/**
 * Quotes the line of a spot with a caret under its column, between the lines around it.
 *
 * Tabs are shown as blanks up to the next stop and hostile characters as escapes, so the caret
 * stands under what it means; a wide line is cut around it. Nothing is quoted for a line that is not
 * there.
 */
export function excerpt(lines: readonly string[], spot: Spot, paint: Paint): readonly string[] {
  const text = lines[spot.line - 1];
  if (text === undefined) return [];
  const offset = Math.min(spot.column - 1, text.length);
  const start = windowStart(text, offset);
  const gutter = String(spot.line + 1).length;
  const quote = (number: number, line: string) =>
    `${paint('dim', `${String(number).padStart(gutter)} |`)} ${cut(line, start)}`.trimEnd();
  const caret = `${paint('dim', `${' '.repeat(gutter)} |`)} ${caretIndent(text, start, offset)}`;
  return [
    ...around(lines, spot.line - 1).map((line) => quote(spot.line - 1, line)),
    quote(spot.line, text),
    `${caret}${paint(spot.style, '^')}`,
    ...around(lines, spot.line + 1).map((line) => quote(spot.line + 1, line)),
  ];
}

/** A neighbouring line where it tells something: not a blank line, not a document's separator. */
function around(lines: readonly string[], number: number): readonly string[] {
  const line = lines[number - 1];
  return line === undefined || SEPARATOR.test(line.slice(0, MAX_CHARACTERS)) ? [] : [line];
}

function windowStart(text: string, offset: number): number {
  if (offset < MAX_WIDTH - BEFORE_CARET / 2) return 0;
  const start = offset - BEFORE_CARET;
  return isLowSurrogate(text, start) ? start + 1 : start;
}

function isLowSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

function cut(line: string, start: number): string {
  const shown = shownFrom(line.slice(start, start + MAX_CHARACTERS), start);
  let kept = '';
  let width = 0;
  for (const character of shown) {
    width += widthOf(character);
    if (width > MAX_WIDTH) return `${kept}…`;
    kept += character;
  }
  return line.length > start + MAX_CHARACTERS ? `${kept}…` : kept;
}

function caretIndent(text: string, start: number, offset: number): string {
  return ' '.repeat(widthOf(shownFrom(text.slice(start, offset), start)));
}

function shownFrom(text: string, start: number): string {
  let shown = start > 0 ? '…' : '';
  let width = shown.length;
  for (const character of text) {
    const next =
      character === '\t' ? ' '.repeat(TAB_STOP - (width % TAB_STOP)) : visible(character);
    shown += next;
    width += widthOf(next);
  }
  return shown;
}
