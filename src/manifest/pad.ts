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
    const isBlank = /^[ \t]*(?:#|\r?$)/.test(text.slice(scan.position, lineEnd(text, scan.position)));
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
  const { text } = scan;
  const start = scan.position;
  let parent = -1;
  let position = start + indentation(text, start);
  for (;;) {
    position = skip(text, position, /[ \t]*(?:[&!][^ \t\r\n]*[ \t]+)*/y);
    const column = position - start;
    const character = text[position] ?? '\n';
    if (/[-?]/.test(character) && /\s|^$/.test(text[position + 1] ?? '')) {
      parent = column;
      position += 1;
      continue;
    }
    const end = nodeEnd(text, position, character);
    if (end !== undefined) {
      want(scan, position, end, parent + 1);
      const colon = skip(text, end, /[ \t]*:(?=\s|$)/y);
      if (colon === end || text.slice(position, end).includes('\n')) {
        scan.position = nextLine(text, end);
        return undefined;
      }
      parent = column;
      position = colon;
      continue;
    }
    if (character === '|' || character === '>') {
      scan.position = blockEnd(text, position, parent);
      return undefined;
    }
    const key = skip(text, position, /[^\r\n#]*?:(?=\s|$)/y);
    if (key === position) {
      scan.position = nextLine(text, position);
      return /[\r\n#]/.test(character) ? undefined : parent < 0 ? column - 1 : parent;
    }
    parent = column;
    position = key;
  }
}

/** The end of a quoted scalar or flow collection that starts here; undefined if none does. */
function nodeEnd(text: string, position: number, character: string): number | undefined {
  if (character === '"') return skip(text, position, /"(?:[^"\\]|\\[^])*"?/y);
  if (character === "'") return skip(text, position, /'(?:[^']|'')*'?/y);
  if (character !== '{' && character !== '[') return undefined;
  const token = /(?<=[\s,[{:])"(?:[^"\\]|\\[^])*"|(?<=[\s,[{:])'(?:[^']|'')*'|\s#[^\n]*|[{}[\]]/y;
  let depth = 0;
  for (let at = position; at < text.length; ) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (match === null) {
      at += 1;
      continue;
    }
    if (match[0] === '{' || match[0] === '[') depth += 1;
    if (match[0] === '}' || match[0] === ']') depth -= 1;
    at = token.lastIndex;
    if (depth === 0) return at;
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
