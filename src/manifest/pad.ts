import { doubleQuotedEnd, isBlank, lineAfter, singleQuotedEnd, skip } from './scan.ts';

/**
 * A text with blanks put before some lines.
 *
 * Kubernetes reads quoted scalars and flow collections that continue at any indentation; the lexer
 * wants them deeper than their parent. Blanks at the start of such a line mean nothing: folding
 * strips them, and flow collections pass over them.
 */
export interface Padded {
  readonly text: string;
  /** In the order of the text. */
  readonly pads: readonly Pad[];
}

interface Pad {
  /** The start of the padded line in the padded text. */
  readonly at: number;
  readonly blanks: number;
  /** The blanks of this pad and of all before it. */
  readonly total: number;
}

/** The offset in the text before padding of an offset in the text after it. */
export function unpad({ pads }: Padded, offset: number): number {
  let low = 0;
  let high = pads.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pads[middle]?.at ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const last = pads[low - 1];
  if (last === undefined) return offset;
  return offset - last.total + Math.max(0, last.blanks - (offset - last.at));
}

/**
 * Pads every line that continues a quoted scalar or flow collection at too low an indentation.
 *
 * The scan follows the document's lines without parsing it, so that it may take a line for what it is
 * not. The caller must hold each padded line against what was parsed: padding is harmless only
 * inside a quoted scalar or a flow collection.
 */
export function padContinuations(text: string): Padded {
  const scan: Scan = { text, position: 0, wanted: new Map() };
  let plain: number | undefined; // the indentation above which lines continue a plain scalar
  while (scan.position < text.length) {
    const indent = indentation(text, scan.position);
    if (isBlank(text, scan.position) || (plain !== undefined && indent > plain)) {
      scan.position = lineAfter(text, scan.position);
    } else {
      plain = scanLine(scan);
    }
  }
  return insert(text, scan.wanted);
}

interface Scan {
  readonly text: string;
  position: number;
  /** By start of a continuation line, the indentation that it needs at least. */
  readonly wanted: Map<number, number>;
}

/** Scans a line of block style, and says above which indentation lines continue its plain scalar. */
function scanLine(scan: Scan): number | undefined {
  const { text } = scan;
  const start = scan.position;
  const indent = indentation(text, start);
  let parent = indent - 1;
  for (let position = start + indent; ; ) {
    position = skip(text, position, /[ \t]*(?:[&!][^ \t\r\n]*[ \t]+)*/y);
    const column = position - start;
    const end = nodeEnd(text, position);
    const next =
      end === undefined
        ? skip(text, position, INDICATOR_OR_KEY)
        : skip(text, end, /[ \t]*:(?=\s|$)/y);
    if (end !== undefined) want(scan, { start: position, end, indent: parent + 1 });
    if (next === (end ?? position)) return leave(scan, end ?? position, parent);
    parent = column;
    position = next;
  }
}

/** The dash, question mark or colon before a node, or a plain key with its colon. */
const INDICATOR_OR_KEY = /[-?:](?=\s|$)|[^\r\n#|>][^\r\n#]*?:(?=\s|$)/y;

/** Goes on after the last node of a line. */
function leave(scan: Scan, position: number, parent: number): number | undefined {
  const { text } = scan;
  const character = text[position] ?? '\n';
  const isBlock = /[|>]/.test(character);
  scan.position = isBlock ? blockEnd(text, position, parent) : lineAfter(text, position);
  return isBlock || /[\s#]/.test(character) ? undefined : parent;
}

/** The end of a quoted scalar or flow collection that starts here; undefined if none does. */
function nodeEnd(text: string, position: number): number | undefined {
  const character = text[position];
  if (character === '"') return doubleQuotedEnd(text, position);
  if (character === "'") return singleQuotedEnd(text, position);
  return character === '{' || character === '[' ? flowEnd(text, position) : undefined;
}

function flowEnd(text: string, start: number): number {
  const token = /(?<=[\s,[{:])["'#]|[{}[\]]/g;
  token.lastIndex = start;
  let depth = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const { 0: character, index } = match;
    if (character === '"') token.lastIndex = doubleQuotedEnd(text, index);
    else if (character === "'") token.lastIndex = singleQuotedEnd(text, index);
    else if (character === '#') token.lastIndex = lineAfter(text, index);
    else depth += character === '{' || character === '[' ? 1 : -1;
    if (depth === 0) return token.lastIndex;
  }
  return text.length;
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly indent: number;
}

/** Asks for an indentation on each line that the node continues on. */
function want({ text, wanted }: Scan, { start, end, indent }: Span): void {
  for (let at = lineAfter(text, start); at < end; at = lineAfter(text, at)) {
    // These end a document even there: padded, they would be content.
    if (!/^(?:---|\.\.\.)/.test(text.slice(at, at + 3))) wanted.set(at, indent);
  }
}

/** The end of a block scalar: the first line that is not blank and not deeper than its parent. */
function blockEnd(text: string, position: number, parent: number): number {
  let at = lineAfter(text, position);
  while (at < text.length) {
    const indent = indentation(text, at);
    if (indent <= parent && !/[\r\n]/.test(text[at + indent] ?? '\n')) return at;
    at = lineAfter(text, at);
  }
  return at;
}

function insert(text: string, wanted: ReadonlyMap<number, number>): Padded {
  const pads: Pad[] = [];
  const parts: string[] = [];
  let copied = 0;
  let total = 0;
  for (const [at, indent] of wanted) {
    const blanks = indent - indentation(text, at);
    if (blanks <= 0) continue;
    parts.push(text.slice(copied, at), ' '.repeat(blanks));
    pads.push({ at: at + total, blanks, total: total + blanks });
    copied = at;
    total += blanks;
    // No text that people write comes near it; one made to grow without end is left as it is.
    if (total > 16 * text.length + 65_536) return { text, pads: [] };
  }
  parts.push(text.slice(copied));
  return { text: parts.join(''), pads };
}

function indentation(text: string, position: number): number {
  return skip(text, position, / */y) - position;
}
