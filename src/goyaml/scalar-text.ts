import {
  type Cursor,
  fold,
  isBlank,
  isBlankOrEnd,
  isBreak,
  isDocumentMarker,
  skipLine,
  takeBreak,
} from './cursor.ts';
import { ReadingError } from './reading-error.ts';

const TAB = 0x09;
const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** A plain scalar (without quotes), and whether a line break follows it. */
export interface PlainText {
  readonly text: string;
  /** Where it ends in the chunk. */
  readonly end: number;
  readonly endsLine: boolean;
}

/**
 * Takes a plain scalar, with all its lines.
 *
 * @param indent the smallest indentation of its lines. In a flow collection it only restricts tabs.
 */
export function takePlain(
  cursor: Cursor,
  { indent, inFlow }: { readonly indent: number; readonly inFlow: boolean },
): PlainText {
  const { text } = cursor;
  let value = '';
  let piece = cursor.at;
  let end = cursor.at;
  let gap: string | undefined; // the folded line breaks since `end`
  while (!isDocumentMarker(cursor) && text[cursor.at] !== '#') {
    const word = cursor.at;
    passWord(cursor, inFlow);
    if (cursor.at > word) {
      if (gap !== undefined) {
        value += text.slice(piece, end) + gap;
        piece = word;
        gap = undefined;
      }
      end = cursor.at;
    }
    const before = cursor.at;
    const passed = passGap(cursor, indent);
    if (cursor.at === before) break;
    gap = passed;
    if (!inFlow && cursor.at - cursor.lineStart < indent) break;
  }
  return { text: value + text.slice(piece, end), end, endsLine: gap !== undefined };
}

/** Skips characters up to a blank or the end of the scalar. */
function passWord(cursor: Cursor, inFlow: boolean): void {
  const { text } = cursor;
  for (; ; cursor.at += 1) {
    const code = text.charCodeAt(cursor.at);
    if (isBlankOrEnd(cursor, code)) return;
    if (code === COLON && isBlankOrEnd(cursor, text.charCodeAt(cursor.at + 1))) return;
    if (inFlow && isFlowIndicator(code)) return;
  }
}

/** One of , ? [ ] { } */
function isFlowIndicator(code: number): boolean {
  return (
    code === 0x2c ||
    code === 0x3f ||
    code === 0x5b ||
    code === 0x5d ||
    code === 0x7b ||
    code === 0x7d
  );
}

/** Skips blanks and line breaks. Returns the folded line breaks; undefined if there are none. */
function passGap(cursor: Cursor, indent: number): string | undefined {
  skipBlanks(cursor, 0);
  if (!isBreak(cursor, cursor.text.charCodeAt(cursor.at))) return undefined;
  const first = takeBreak(cursor);
  return fold(first, takeBlankLines(cursor, indent));
}

/** Skips empty lines and the indentation of the next line. Returns the line breaks. */
function takeBlankLines(cursor: Cursor, indent: number): string {
  let lines = '';
  for (;;) {
    skipBlanks(cursor, indent);
    if (!isBreak(cursor, cursor.text.charCodeAt(cursor.at))) return lines;
    lines += takeBreak(cursor);
  }
}

/** Skips blanks. Tabs in the indentation of a line are rejected. */
function skipBlanks(cursor: Cursor, indent: number): void {
  for (;;) {
    const code = cursor.text.charCodeAt(cursor.at);
    if (code === TAB && cursor.at - cursor.lineStart < indent) {
      throw new ReadingError('tabs cannot be used for indentation: use spaces', cursor.at);
    }
    if (!isBlank(code)) return;
    cursor.at += 1;
  }
}

/** Takes a quoted scalar, and returns its value. */
export function takeQuoted(cursor: Cursor): string {
  const { text } = cursor;
  const start = cursor.at;
  const quote = text.charCodeAt(start);
  cursor.at += 1;
  let value = '';
  for (let piece = cursor.at; ; piece = cursor.at) {
    passQuoted(cursor, quote);
    const end = cursor.at;
    value += text.slice(piece, end);
    const code = text.charCodeAt(end);
    if (Number.isNaN(code))
      throw new ReadingError('unterminated quoted scalar: add the closing quote', start);
    if (code === BACKSLASH) {
      value += takeEscape(cursor);
    } else if (code !== quote) {
      value += passGap(cursor, 0) ?? text.slice(end, cursor.at);
    } else if (quote === SINGLE_QUOTE && text.charCodeAt(end + 1) === SINGLE_QUOTE) {
      value += "'";
      cursor.at += 2;
    } else {
      cursor.at += 1;
      return value;
    }
    rejectDocumentMarker(cursor);
  }
}

/** Skips characters without a special meaning in quotes, up to a line break and the blanks before it. */
function passQuoted(cursor: Cursor, quote: number): void {
  const { text } = cursor;
  let end = cursor.at; // of the last character that is not a blank
  for (let at = end; ; at += 1) {
    const code = text.charCodeAt(at);
    if (isBlank(code)) continue;
    const isEnd = code === quote || (code === BACKSLASH && quote === DOUBLE_QUOTE);
    if (isEnd) end = at;
    if (isEnd || isBlankOrEnd(cursor, code)) break;
    end = at + 1;
  }
  cursor.at = end;
}

function rejectDocumentMarker(cursor: Cursor): void {
  if (!isDocumentMarker(cursor)) return;
  throw new ReadingError(
    'document marker inside a quoted scalar: close the quotes, or indent this line',
    cursor.at,
  );
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  [' ', ' '],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['N', '\x85'],
  ['_', '\xa0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
]);

const CODE_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** Takes an escape sequence, and returns its value. */
function takeEscape(cursor: Cursor): string {
  const { text, at, isJson } = cursor;
  cursor.at += 1;
  if (isBreak(cursor, text.charCodeAt(cursor.at))) return takeEscapedBreak(cursor);
  const letter = text.charAt(cursor.at);
  cursor.at += 1;
  const simple = isJson && letter === '/' ? '/' : ESCAPES.get(letter);
  if (simple !== undefined) return simple;
  const length = CODE_LENGTHS.get(letter);
  if (length === undefined) {
    throw new ReadingError(`unknown escape \\${letter}: double the backslash`, at);
  }
  const digits = text.slice(cursor.at, cursor.at + length);
  const code = /^[0-9a-fA-F]+$/.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
  if (digits.length < length || !(code <= 0x10ffff)) {
    throw new ReadingError(
      `invalid \\${letter} escape: expected the ${length} hexadecimal digits of a character`,
      at,
    );
  }
  cursor.at += length;
  return isSurrogate(code) ? takePair(cursor, { start: at, code }) : String.fromCodePoint(code);
}

/** JSON writes a character beyond 16 bits as two escapes (a surrogate pair); YAML does not. */
function takePair(cursor: Cursor, { start, code }: { start: number; code: number }): string {
  const second = /^\\u(d[c-f][0-9a-f]{2})$/i.exec(cursor.text.slice(cursor.at, cursor.at + 6));
  if (!cursor.isJson || code >= 0xdc00 || second === null) {
    throw new ReadingError('unpaired surrogate in a \\u escape: write the whole character', start);
  }
  cursor.at += 6;
  return String.fromCharCode(code, Number.parseInt(second[1] ?? '', 16));
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

/** An escaped line break joins lines without a space. Empty lines after it are kept. */
function takeEscapedBreak(cursor: Cursor): string {
  takeBreak(cursor);
  return takeBlankLines(cursor, 0);
}

/** A block scalar (| or >). */
export interface BlockText {
  readonly text: string;
  /** Where it ends in the chunk, before its last line break. */
  readonly end: number;
}

/**
 * Takes a block scalar, from its indicator on.
 *
 * @param parent the indentation of the collection that it is in, -1 for none.
 */
export function takeBlock(cursor: Cursor, parent: number): BlockText {
  const isLiteral = cursor.text[cursor.at] === '|';
  const { chomping, increment, headerEnd } = takeHeader(cursor);
  const block: Block = { indent: increment > 0 ? Math.max(parent, 0) + increment : 0, parent };
  let value = '';
  let end = headerEnd;
  let lineEnd = '';
  let blankLines = takeIndentation(cursor, block);
  let wasIndented = false;
  while (cursor.at - cursor.lineStart === block.indent && cursor.at < cursor.text.length) {
    const isIndented = isBlank(cursor.text.charCodeAt(cursor.at));
    const isFolded = !isLiteral && !wasIndented && !isIndented && lineEnd === '\n';
    if (!isFolded) value += lineEnd;
    else if (blankLines === '') value += ' ';
    value += blankLines;
    wasIndented = isIndented;
    const start = cursor.at;
    skipLine(cursor);
    end = cursor.at;
    value += cursor.text.slice(start, end);
    lineEnd = cursor.at < cursor.text.length ? takeBreak(cursor) : '';
    blankLines = takeIndentation(cursor, block);
  }
  if (chomping !== '-') value += lineEnd;
  if (chomping !== '+' || blankLines === '') return { text: value, end };
  return { text: value + blankLines, end: endOfLineBefore(cursor) };
}

/** Where the line before the current one ends. */
function endOfLineBefore({ text, lineStart }: Cursor): number {
  return text.startsWith('\r\n', lineStart - 2) ? lineStart - 2 : lineStart - 1;
}

interface Block {
  /** 0 until the first line with content determines it. */
  indent: number;
  readonly parent: number;
}

interface Header {
  /** `+`, `-` or empty. */
  readonly chomping: string;
  /** The indentation indicator; 0 for none. */
  readonly increment: number;
  readonly headerEnd: number;
}

function takeHeader(cursor: Cursor): Header {
  const header = /([|>](?:([-+])([1-9])?|([1-9])([-+])?)?)[ \t]*/y;
  header.lastIndex = cursor.at;
  const [all = '', indicators = '', before = '', second = '', first = '', after = ''] =
    header.exec(cursor.text) ?? [];
  const start = cursor.at;
  cursor.at += all.length;
  if (cursor.text[cursor.at] === '#') skipLine(cursor);
  const code = cursor.text.charCodeAt(cursor.at);
  if (!isBreak(cursor, code) && !Number.isNaN(code)) {
    throw new ReadingError(
      "only '+' or '-', a digit and a comment can follow | or >: start the text on the next line",
      start,
    );
  }
  if (!Number.isNaN(code)) takeBreak(cursor);
  return {
    chomping: before || after,
    increment: Number(first || second),
    headerEnd: start + indicators.length,
  };
}

/** Skips empty lines and the indentation of the next line. Returns the line breaks. */
function takeIndentation(cursor: Cursor, block: Block): string {
  const { text } = cursor;
  let lines = '';
  let deepest = 0;
  for (;;) {
    const limit = block.indent === 0 ? Number.POSITIVE_INFINITY : cursor.lineStart + block.indent;
    while (cursor.at < limit && text.charCodeAt(cursor.at) === SPACE) cursor.at += 1;
    deepest = Math.max(deepest, cursor.at - cursor.lineStart);
    const code = text.charCodeAt(cursor.at);
    if (cursor.at < limit && code === TAB) {
      throw new ReadingError('tabs cannot be used to indent a block scalar: use spaces', cursor.at);
    }
    if (!isBreak(cursor, code)) break;
    lines += takeBreak(cursor);
  }
  if (block.indent === 0) block.indent = Math.max(deepest, block.parent + 1, 1);
  return lines;
}
