/**
 * A text with blanks put before some lines.
 *
 * Kubernetes reads quoted scalars and flow collections that continue at any indentation; the lexer
 * wants them deeper than their parent. Blanks at the start of such a line mean nothing: folding
 * strips them, and flow collections pass over them.
 */
export interface Padded {
  readonly text: string;
  /** Starts of the padded lines in `text`, ascending, and the blanks put there. */
  readonly pads: readonly { readonly at: number; readonly blanks: number }[];
}

/** The offset in the text before padding of an offset in the text after it. */
export function unpad({ pads }: Padded, offset: number): number {
  let moved = 0;
  for (const { at, blanks } of pads) {
    if (at > offset) break;
    moved += Math.min(blanks, offset - at);
  }
  return offset - moved;
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
    const isBlank = /^[ \t]*(?:#|\r?$)/.test(
      text.slice(scan.position, lineEnd(text, scan.position)),
    );
    if (isBlank || (plain !== undefined && indent > plain)) {
      scan.position = nextLine(text, scan.position);
      continue;
    }
    plain = scanLine(scan);
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
  const start = scan.position;
  const at: Cursor = { start, position: start + indentation(scan.text, start), parent: -1 };
  while (passIndicator(scan.text, at) || passNode(scan, at) || passKey(scan.text, at)) {
    if (scan.position !== start) return undefined; // the node ended the line
  }
  return endOfLine(scan, at);
}

/** A place on a line of block style, and the column of what it is nested in. */
interface Cursor {
  readonly start: number;
  position: number;
  parent: number;
}

const PROPERTIES = /[ \t]*(?:[&!][^ \t\r\n]*[ \t]+)*/y;

/** Passes `- ` or `? `, and the blanks, anchors and tags before it. */
function passIndicator(text: string, at: Cursor): boolean {
  at.position = skip(text, at.position, PROPERTIES);
  const end = skip(text, at.position, /[-?](?=\s|$)/y);
  if (end === at.position) return false;
  at.parent = at.position - at.start;
  at.position = end;
  return true;
}

/** Passes a quoted scalar or a flow collection: a key, after which the line goes on, or a value. */
function passNode(scan: Scan, at: Cursor): boolean {
  const { text } = scan;
  const end = nodeEnd(text, at.position);
  if (end === undefined) return false;
  want(scan, at.position, end, at.parent + 1);
  const colon = skip(text, end, /[ \t]*:(?=\s|$)/y);
  if (colon === end || nextLine(text, at.position) <= end) {
    scan.position = nextLine(text, end);
  } else {
    at.parent = at.position - at.start;
    at.position = colon;
  }
  return true;
}

/** Passes a plain key and its colon. */
function passKey(text: string, at: Cursor): boolean {
  if (/[|>#]/.test(text[at.position] ?? '')) return false;
  const end = skip(text, at.position, /[^\r\n#]*?:(?=\s|$)/y);
  if (end === at.position) return false;
  at.parent = at.position - at.start;
  at.position = end;
  return true;
}

/** Passes what is left of a line: a block scalar with all of its lines, or a plain scalar. */
function endOfLine(scan: Scan, { start, position, parent }: Cursor): number | undefined {
  const character = scan.text[position] ?? '\n';
  if (character === '|' || character === '>') {
    scan.position = blockEnd(scan.text, position, parent);
    return undefined;
  }
  scan.position = nextLine(scan.text, position);
  if (/[\r\n#]/.test(character)) return undefined;
  return parent < 0 ? position - start - 1 : parent;
}

/** The end of a quoted scalar or flow collection that starts here; undefined if none does. */
function nodeEnd(text: string, position: number): number | undefined {
  const character = text[position];
  if (character === '"' || character === "'") return quoteEnd(text, position);
  return character === '{' || character === '[' ? flowEnd(text, position) : undefined;
}

function quoteEnd(text: string, position: number): number {
  const quote = text[position] ?? '';
  for (let at = position + 1; at < text.length; at += 1) {
    if (text[at] === '\\' && quote === '"') at += 1;
    else if (text[at] === quote) {
      if (quote === '"' || text[at + 1] !== quote) return at + 1;
      at += 1;
    }
  }
  return text.length;
}

const NESTING: Readonly<Record<string, number>> = { '{': 1, '[': 1, '}': -1, ']': -1 };

function flowEnd(text: string, position: number): number {
  let depth = 0;
  for (let at = position; at < text.length; at += 1) {
    const character = text[at] ?? '';
    const before = text[at - 1] ?? '';
    depth += NESTING[character] ?? 0;
    if (/["']/.test(character) && /[\s,[{:]/.test(before)) at = quoteEnd(text, at) - 1;
    else if (character === '#' && /\s/.test(before)) at = lineEnd(text, at);
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** Asks for an indentation on each line that the node continues on. */
function want(scan: Scan, start: number, end: number, indent: number): void {
  for (let at = nextLine(scan.text, start); at < end; at = nextLine(scan.text, at)) {
    scan.wanted.set(at, indent + 1);
  }
}

/** The end of a block scalar: the first line that is not blank and not deeper than its parent. */
function blockEnd(text: string, position: number, parent: number): number {
  let at = nextLine(text, position);
  while (at < text.length) {
    const indent = indentation(text, at);
    const isBlank = /[\r\n]/.test(text[at + indent] ?? '\n');
    if (!isBlank && indent <= parent) return at;
    at = nextLine(text, at);
  }
  return at;
}

function insert(text: string, wanted: ReadonlyMap<number, number>): Padded {
  const pads: { at: number; blanks: number }[] = [];
  const parts: string[] = [];
  let copied = 0;
  let added = 0;
  for (const [at, indent] of wanted) {
    const blanks = indent - indentation(text, at);
    if (blanks <= 0) continue;
    parts.push(text.slice(copied, at), ' '.repeat(blanks));
    pads.push({ at: at + added, blanks });
    copied = at;
    added += blanks;
  }
  parts.push(text.slice(copied));
  return { text: parts.join(''), pads };
}

function indentation(text: string, position: number): number {
  return skip(text, position, / */y) - position;
}

function skip(text: string, position: number, pattern: RegExp): number {
  pattern.lastIndex = position;
  return pattern.test(text) ? pattern.lastIndex : position;
}

function lineEnd(text: string, position: number): number {
  const newline = text.indexOf('\n', position);
  return newline < 0 ? text.length : newline;
}

function nextLine(text: string, position: number): number {
  return Math.min(lineEnd(text, position) + 1, text.length);
}
