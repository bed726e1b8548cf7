import {
  type Cursor,
  fold,
  isBlank,
  isBlankOrEnd,
  isBreak,
  isDocumentMark,
  skipLine,
  takeBreak,
} from './cursor.ts';
import { Refusal } from './refusal.ts';

const TAB = 0x09;
const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** A scalar without quotes: what it says, and whether lines were passed after it. */
export interface PlainText {
  readonly text: string;
  /** Where it ends in the chunk. */
  readonly end: number;
  readonly endsLine: boolean;
}

/**
 * Takes a scalar without quotes, over all its lines.
 *
 * @param indent the least indentation of its lines, which in a flow collection only tabs must keep.
 */
export function takePlain(
  cursor: Cursor,
  { indent, inFlow }: { readonly indent: number; readonly inFlow: boolean },
): PlainText {
  const { text } = cursor;
  let said = '';
  let piece = cursor.at;
  let end = cursor.at;
  let gap: string | undefined; // what the lines passed since `end` come to
  while (!isDocumentMark(cursor) && text[cursor.at] !== '#') {
    const word = cursor.at;
    passWord(cursor, inFlow);
    if (cursor.at > word) {
      if (gap !== undefined) {
        said += text.slice(piece, end) + gap;
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
  return { text: said + text.slice(piece, end), end, endsLine: gap !== undefined };
}

/** Passes over what is no blank, up to what ends a scalar. */
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

/** Passes over blanks and line ends, and says what the lines come to; undefined within a line. */
function passGap(cursor: Cursor, indent: number): string | undefined {
  skipBlanks(cursor, 0);
  if (!isBreak(cursor, cursor.text.charCodeAt(cursor.at))) return undefined;
  const first = takeBreak(cursor);
  return fold(first, takeBlankLines(cursor, indent));
}

/** Passes over lines without text and the blanks of the next, and gives the lines back. */
function takeBlankLines(cursor: Cursor, indent: number): string {
  let lines = '';
  for (;;) {
    skipBlanks(cursor, indent);
    if (!isBreak(cursor, cursor.text.charCodeAt(cursor.at))) return lines;
    lines += takeBreak(cursor);
  }
}

/** Passes over blanks; in the indentation of a line, tabs are refused. */
function skipBlanks(cursor: Cursor, indent: number): void {
  for (;;) {
    const code = cursor.text.charCodeAt(cursor.at);
    if (code === TAB && cursor.at - cursor.lineStart < indent) {
      throw new Refusal('a tab may not indent: write blanks', cursor.at);
    }
    if (!isBlank(code)) return;
    cursor.at += 1;
  }
}

/** Takes a scalar in the quotes that it starts with, and says what it says. */
export function takeQuoted(cursor: Cursor): string {
  const { text } = cursor;
  const start = cursor.at;
  const quote = text.charCodeAt(start);
  cursor.at += 1;
  let said = '';
  for (let piece = cursor.at; ; piece = cursor.at) {
    passQuoted(cursor, quote);
    const end = cursor.at;
    said += text.slice(piece, end);
    const code = text.charCodeAt(end);
    if (Number.isNaN(code)) throw new Refusal('a quote has no end: close it', start);
    if (code === BACKSLASH) {
      said += takeEscape(cursor);
    } else if (code !== quote) {
      said += passGap(cursor, 0) ?? text.slice(end, cursor.at);
    } else if (quote === SINGLE_QUOTE && text.charCodeAt(end + 1) === SINGLE_QUOTE) {
      said += "'";
      cursor.at += 2;
    } else {
      cursor.at += 1;
      return said;
    }
    refuseDocumentMark(cursor);
  }
}

/** Passes over what stands for itself in quotes, up to a line's end or the blanks before it. */
function passQuoted(cursor: Cursor, quote: number): void {
  const { text } = cursor;
  let end = cursor.at; // of the last character that is no blank
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

function refuseDocumentMark(cursor: Cursor): void {
  if (!isDocumentMark(cursor)) return;
  throw new Refusal('a document ends within quotes: close them, or indent the line', cursor.at);
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

/** Takes a backslash with what it stands for. */
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
    throw new Refusal(`there is no escape \\${letter}: double the backslash`, at);
  }
  const digits = text.slice(cursor.at, cursor.at + length);
  const code = /^[0-9a-fA-F]+$/.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
  if (digits.length < length || !(code <= 0x10ffff)) {
    throw new Refusal(`the escape \\${letter} needs the ${length} digits of a character`, at);
  }
  cursor.at += length;
  return isSurrogate(code) ? takePair(cursor, { start: at, code }) : String.fromCodePoint(code);
}

/** JSON writes a character beyond 16 bits as two escapes; YAML does not. */
function takePair(cursor: Cursor, { start, code }: { start: number; code: number }): string {
  const second = /^\\u(d[c-f][0-9a-f]{2})$/i.exec(cursor.text.slice(cursor.at, cursor.at + 6));
  if (!cursor.isJson || code >= 0xdc00 || second === null) {
    throw new Refusal('an escape (\\u) makes half a character: write the whole one', start);
  }
  cursor.at += 6;
  return String.fromCharCode(code, Number.parseInt(second[1] ?? '', 16));
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

/** An escaped line end joins lines without a blank; lines without content after it stay. */
function takeEscapedBreak(cursor: Cursor): string {
  takeBreak(cursor);
  return takeBlankLines(cursor, 0);
}

/** A block scalar: what it says, and where its last line ends. */
export interface BlockText {
  readonly text: string;
  /** The last line break is not part of it. */
  readonly end: number;
}

/**
 * Takes a block of text, from its indicator on.
 *
 * @param parent the indentation of what it is in, -1 for nothing.
 */
export function takeBlock(cursor: Cursor, parent: number): BlockText {
  const isLiteral = cursor.text[cursor.at] === '|';
  const { chomping, increment, headerEnd } = takeHeader(cursor);
  const block: Block = { indent: increment > 0 ? Math.max(parent, 0) + increment : 0, parent };
  let said = '';
  let end = headerEnd;
  let lineEnd = '';
  let blankLines = takeIndentation(cursor, block);
  let wasIndented = false;
  while (cursor.at - cursor.lineStart === block.indent && cursor.at < cursor.text.length) {
    const isIndented = isBlank(cursor.text.charCodeAt(cursor.at));
    const isFolded = !isLiteral && !wasIndented && !isIndented && lineEnd === '\n';
    if (!isFolded) said += lineEnd;
    else if (blankLines === '') said += ' ';
    said += blankLines;
    wasIndented = isIndented;
    const start = cursor.at;
    skipLine(cursor);
    end = cursor.at;
    said += cursor.text.slice(start, end);
    lineEnd = cursor.at < cursor.text.length ? takeBreak(cursor) : '';
    blankLines = takeIndentation(cursor, block);
  }
  if (chomping !== '-') said += lineEnd;
  if (chomping !== '+' || blankLines === '') return { text: said, end };
  return { text: said + blankLines, end: endOfLineBefore(cursor) };
}

/** Where the line before the cursor's ends. */
function endOfLineBefore({ text, lineStart }: Cursor): number {
  return text.startsWith('\r\n', lineStart - 2) ? lineStart - 2 : lineStart - 1;
}

interface Block {
  /** 0 until the first line with content tells. */
  indent: number;
  readonly parent: number;
}

interface Header {
  /** One of + and -, or nothing. */
  readonly chomping: string;
  /** The indentation that it states; 0 for none. */
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
    throw new Refusal('after | or > only + or -, a digit and a comment may stand', start);
  }
  if (!Number.isNaN(code)) takeBreak(cursor);
  return {
    chomping: before || after,
    increment: Number(first || second),
    headerEnd: start + indicators.length,
  };
}

/** Passes over the blanks before a line's text, and over lines without text, which it gives back. */
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
      throw new Refusal('a tab may not indent a block of text: write blanks', cursor.at);
    }
    if (!isBreak(cursor, code)) break;
    lines += takeBreak(cursor);
  }
  if (block.indent === 0) block.indent = Math.max(deepest, block.parent + 1, 1);
  return lines;
}
