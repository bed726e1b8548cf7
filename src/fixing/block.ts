import type { Entry, Node } from '../goyaml/node.ts';
import type { JsonValue } from '../kubernetes/json.ts';
import { blockStyleOf, columnOf, ownEntries, type Written } from './place.ts';
import { isBlankBetween, lineStart, nextLine, type TextEdit } from './text-edit.ts';
import { blockLines, isFlat, pairLines } from './written.ts';

// Edits of collections that are written by indentation.

/** Adds a pair to a mapping: in its place if the keys are sorted, else at the end. */
export function addPair(written: Written, map: Node, [key, value]: Pair): TextEdit | undefined {
  const { text } = written;
  const indent = ' '.repeat(columnOf(text, map.start));
  const lines = pairLines(key, value, blockStyleOf(written)).map((line) => indent + line);
  const entries = ownEntries(map);
  const after = placeFor(entries, key);
  const previous = entries[after - 1];
  if (
    previous === undefined &&
    isFirstOfLine(text, map.start) &&
    !hasCommentAbove(text, map.start)
  ) {
    const start = lineStart(text, map.start);
    return { start, end: start, text: joined(lines, written, 'before') };
  }
  const last = previous ?? entries[0];
  return last && insertedAfter(written, after === entries.length ? map.end : endOf(last), lines);
}

/** A key and its value. */
export type Pair = readonly [key: string, value: JsonValue];

/** How many of the entries come before a new key. */
function placeFor(entries: readonly Entry[], key: string): number {
  const keys = entries.map((entry) => entry.key.text);
  const isSorted = keys.every((one, index) => index === 0 || (keys[index - 1] ?? '') < one);
  const next = isSorted ? keys.findIndex((one) => one > key) : -1;
  return next < 0 ? keys.length : next;
}

function hasCommentAbove(text: string, offset: number): boolean {
  const start = lineStart(text, offset);
  return start > 0 && /^[ \t]*#/.test(text.slice(lineStart(text, start - 1), start));
}

function isFirstOfLine(text: string, offset: number): boolean {
  return isBlankBetween(text, lineStart(text, offset), offset);
}

/** Where an entry ends; of an alias, its key. */
function endOf({ key, node }: Entry): number {
  return node.start < key.start ? key.end : Math.max(key.end, node.end);
}

/** Adds an item to the end of a sequence. */
export function addItem(written: Written, list: Node, value: JsonValue): TextEdit | undefined {
  const indent = ' '.repeat(columnOf(written.text, list.start));
  const lines = blockLines([value], blockStyleOf(written)).map((line) => indent + line);
  return insertedAfter(written, list.end, lines);
}

/** Inserts lines below the line of a place. */
function insertedAfter(written: Written, offset: number, lines: readonly string[]): TextEdit {
  const { text } = written;
  const start = nextLine(text, offset);
  const isEnded = start > 0 && text[start - 1] === '\n';
  return { start, end: start, text: joined(lines, written, isEnded ? 'before' : 'after') };
}

function joined(
  lines: readonly string[],
  { lineBreak }: Written,
  where: 'before' | 'after',
): string {
  const text = lines.join(lineBreak);
  return where === 'before' ? text + lineBreak : lineBreak + text;
}

/** Puts a value in the place of an empty one under a key. A comment stays on the line of the key. */
export function fillPair(
  written: Written,
  { key, node }: Entry,
  value: JsonValue,
): TextEdit | undefined {
  const { text, lineBreak } = written;
  const start = afterColon(text, key.end);
  if (start === undefined) return undefined;
  const isNothing = node.start === key.start;
  if (isFlat(value)) {
    const [line = ''] = blockLines(value, blockStyleOf(written));
    return isNothing ? { start, end: start, text: ` ${line}` } : { ...spanOf(node), text: line };
  }
  const valueEnd = isNothing ? start : node.end;
  const rest = /[ \t]*(?:#[^\r\n]*)?/y;
  rest.lastIndex = valueEnd;
  const [after = ''] = rest.exec(text) ?? [];
  const end = valueEnd + after.length;
  const isInLine = isNothing || isBlankLine(text.slice(start, node.start));
  if (!isInLine || !/^(?:\r?\n|$)/.test(text.slice(end, end + 2))) return undefined;
  const style = blockStyleOf(written);
  const column =
    columnOf(text, key.start) + (Array.isArray(value) && style.isLoose ? 0 : style.step);
  const lines = blockLines(value, style).map((line) => ' '.repeat(column) + line);
  return { start, end, text: after.trimEnd() + lineBreak + lines.join(lineBreak) };
}

function spanOf({ start, end }: Node): Omit<TextEdit, 'text'> {
  return { start, end };
}

function isBlankLine(text: string): boolean {
  return /^[ \t]*$/.test(text);
}

function afterColon(text: string, from: number): number | undefined {
  const colon = /[ \t]*:/y;
  colon.lastIndex = from;
  return colon.test(text) ? colon.lastIndex : undefined;
}

/** Puts a value in the place of an empty item of a sequence. */
export function fillItem(written: Written, list: Node, item: Node, value: JsonValue): TextEdit {
  const { text, lineBreak } = written;
  const isNothing = text[item.start] === '-' && item.end === item.start + 1;
  const column = isNothing ? columnOf(text, item.start) + 2 : columnOf(text, item.start);
  const lines = blockLines(value, blockStyleOf(written));
  const inPlace = lines.join(lineBreak + ' '.repeat(column));
  return isNothing && list.start <= item.start
    ? { start: item.end, end: item.end, text: ` ${inPlace}` }
    : { ...spanOf(item), text: inPlace };
}

/** Removes an entry with its lines. */
export function removePair(written: Written, map: Node, entry: Entry): TextEdit | undefined {
  const { text } = written;
  const entries = ownEntries(map);
  if (entries.length !== map.entries?.size || entries.length < 2) return undefined;
  if (isFirstOfLine(text, entry.key.start)) {
    return linesBetween(written, entry.key.start, endOf(entry));
  }
  const next = entries[1];
  const isAfterDash = /^[ \t]*(?:-[ \t]+)+$/.test(
    text.slice(lineStart(text, entry.key.start), entry.key.start),
  );
  if (next === undefined || entries[0] !== entry || !isAfterDash) return undefined;
  // The next key moves up to the dash. What is between them on lines of its own would be lost.
  const between = text.slice(nextLine(text, endOf(entry)), next.key.start);
  if (between.trim() !== '') return undefined;
  return { start: entry.key.start, end: next.key.start, text: '' };
}

/** Removes an item of a sequence with its lines. */
export function removeItem(written: Written, list: Node, index: number): TextEdit | undefined {
  const item = list.items?.[index];
  const dash = dashOf(written, list, index);
  if (item === undefined || dash === undefined) return undefined;
  return linesBetween(written, dash, Math.max(item.end, dash + 1));
}

/** Where the dash of an item is, which stands alone before it on its line. */
function dashOf({ text }: Written, list: Node, index: number): number | undefined {
  const column = columnOf(text, list.start);
  const item = list.items?.[index];
  const before = list.items?.[index - 1];
  let at = before === undefined ? list.start : nextLine(text, before.end) + column;
  while (item !== undefined && at <= item.start) {
    if (text[at] === '-' && isFirstOfLine(text, at)) return at;
    at = nextLine(text, at) + column;
  }
  return undefined;
}

/** Removes whole lines, from that of a place to that of another. */
function linesBetween({ text }: Written, from: number, to: number): TextEdit {
  const [start, end] = [lineStart(text, from), nextLine(text, to)];
  // A text that does not end with a line break still does not. The one above may differ from the others.
  const isEnded = text[end - 1] === '\n';
  const above = /\r?\n$/.exec(text.slice(Math.max(0, start - 2), start))?.[0] ?? '';
  return { start: isEnded ? start : start - above.length, end, text: '' };
}

/** Writes `{}` in place of a mapping of which the only entry goes. */
export function emptyMap(
  written: Written,
  map: Node,
  entry: Entry | undefined,
): TextEdit | undefined {
  const { text } = written;
  if (entry === undefined) return { ...spanOf(map), text: '{}' };
  const start = afterColon(text, entry.key.end);
  if (start === undefined) return undefined;
  const comments = text.slice(start, map.start).trimEnd();
  const isOnlyComments = comments.split('\n').every((line) => /^\s*(?:#.*)?$/.test(line));
  return isOnlyComments ? { start, end: map.end, text: ` {}${comments}` } : undefined;
}
