import type { Node } from '../goyaml/node.ts';

/**
 * Returns where each character of a scalar's value is written in a text, and where the value ends. Undefined if
 * it is folded, so that a character of the value can stand for several, or for none.
 */
export function scalarOffsets(text: string, scalar: Node): readonly number[] | undefined {
  const { value, start, end } = scalar;
  if (typeof value !== 'string') return undefined;
  const style = text[start];
  if (style === '|') return ofLiteral(text, start, value);
  if (style === '"') return ofQuoted(text, scalar, value, DOUBLE_QUOTED);
  if (style === "'") return ofQuoted(text, scalar, value, SINGLE_QUOTED);
  return text.slice(start, end) === value ? counted(start, value.length) : undefined;
}

function counted(start: number, length: number): readonly number[] {
  return Array.from({ length: length + 1 }, (_, index) => start + index);
}

/** A literal block scalar has the lines of its value, each after the same indentation. */
function ofLiteral(text: string, start: number, value: string): readonly number[] | undefined {
  const offsets: number[] = [];
  let indentation: number | undefined;
  let lineStart = nextLine(text, start);
  for (const [index, line] of value.split('\n').entries()) {
    if (index > 0) offsets.push(endOfLine(text, lineStart));
    if (index > 0) lineStart = nextLine(text, lineStart);
    const end = endOfLine(text, lineStart);
    if (line === '') continue;
    const from = end - line.length;
    indentation ??= from - lineStart;
    if (from - lineStart !== indentation || text.slice(from, end) !== line) return undefined;
    for (let at = from; at < end; at += 1) offsets.push(at);
  }
  const end = endOfLine(text, lineStart);
  return [...offsets, value.endsWith('\n') ? lineStart : end];
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  const end = newline < 0 ? text.length : newline;
  return text[end - 1] === '\r' ? end - 1 : end;
}

function nextLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline < 0 ? text.length : newline + 1;
}

/** A character or an escape, and what it stands for. */
interface Quoting {
  readonly pieces: RegExp;
  readonly meant: (written: string) => string | undefined;
}

const SINGLE_QUOTED: Quoting = {
  pieces: /''|[\s\S]/g,
  meant: (written) => (written === "''" ? "'" : written),
};

const DOUBLE_QUOTED: Quoting = {
  pieces: /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S])|[\s\S]/g,
  meant: (written) => {
    if (written.length === 1) return written;
    const letter = written[1] ?? '';
    if (written.length === 2) return ESCAPES[letter] ?? letter;
    const code = Number.parseInt(written.slice(2), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
  },
};

/** Escapes of one letter that stand for another character than their own, by YAML and JSON. */
const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

function ofQuoted(
  text: string,
  { start, end }: Node,
  value: string,
  { pieces, meant }: Quoting,
): readonly number[] | undefined {
  const offsets: number[] = [];
  let read = '';
  for (const { 0: written, index } of text.slice(start + 1, end - 1).matchAll(pieces)) {
    const character = meant(written) ?? '';
    read += character;
    for (let unit = 0; unit < character.length; unit += 1) offsets.push(start + 1 + index);
  }
  // Lines that are folded make another text.
  return read === value ? [...offsets, end - 1] : undefined;
}
