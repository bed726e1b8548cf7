import { ReadingError } from '../../goyaml/reading-error.ts';
import type { Span } from '../../goyaml/token.ts';

/** A text from several parts of a file. */
export interface Written {
  readonly text: string;
  /** The offset of each of its characters, and last where it ends. */
  readonly at: readonly number[];
}

/** A word, and where it is written in the file, including its quotes. */
export interface Word extends Written, Span {
  /** Whether it is written without quotes and escapes. */
  readonly isPlain: boolean;
}

/** The texts of words. */
export function textsOf(words: readonly Word[]): readonly string[] {
  return words.map(({ text }) => text);
}

const BLANK = /\s/;

/**
 * Splits a setting into words as systemd does (extract_first_word). Quotes can be anywhere in a word, and
 * a backslash starts an escape, in quotes too.
 *
 * @param escapes 'none' in the value of a variable, where a backslash is only dropped.
 * @throws ReadingError for an unterminated quote.
 */
export function wordsOf(written: Written, escapes: 'C' | 'none' = 'C'): readonly Word[] {
  const words: Word[] = [];
  for (let from = skipBlanks(written, 0); from < written.text.length; ) {
    const { word, next } = wordAt(written, from, escapes);
    words.push(word);
    from = skipBlanks(written, next);
  }
  return words;
}

function skipBlanks({ text }: Written, from: number): number {
  let at = from;
  while (BLANK.test(text[at] ?? '')) at += 1;
  return at;
}

function wordAt(
  { text, at }: Written,
  from: number,
  escapes: 'C' | 'none',
): { readonly word: Word; readonly next: number } {
  let found = '';
  const offsets: number[] = [];
  let quote = '';
  let next = from;
  let textEnd = at[from] ?? 0; // before a closing quote
  while (next < text.length && (quote !== '' || !BLANK.test(text[next] ?? ''))) {
    const piece = pieceAt(text, next, { quote, escapes });
    found += piece.value;
    for (let count = 0; count < piece.value.length; count += 1) offsets.push(at[next] ?? 0);
    next += piece.length;
    quote = piece.quote;
    if (piece.value !== '') textEnd = at[next] ?? 0;
  }
  const start = at[from] ?? 0;
  if (quote !== '')
    throw new ReadingError(`unterminated quoted string: add the closing ${quote}`, start);
  const end = at[next] ?? start;
  const isPlain = found === text.slice(from, next);
  return { word: { text: found, at: [...offsets, textEnd], start, end, isPlain }, next };
}

interface Piece {
  readonly value: string;
  /** Its length as written. */
  readonly length: number;
  /** The quote that is open after it. */
  readonly quote: string;
}

function pieceAt(
  text: string,
  index: number,
  { quote, escapes }: { readonly quote: string; readonly escapes: 'C' | 'none' },
): Piece {
  const character = text[index] ?? '';
  if (character === quote) return { value: '', length: 1, quote: '' };
  if (quote === '' && /["']/.test(character)) return { value: '', length: 1, quote: character };
  const { value, length } = escapes === 'none' ? bareAt(text, index) : escapedAt(text, index);
  return { value, length, quote };
}

function bareAt(text: string, index: number): Omit<Piece, 'quote'> {
  const [first = '', second = ''] = [text[index], text[index + 1]];
  return first === '\\' ? { value: second, length: 2 } : { value: first, length: 1 };
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  s: ' ',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

const CODED = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([0-7]{3}))/iy;

/** The character at a position, with escapes resolved. `%%` is one percent sign. */
function escapedAt(text: string, index: number): Omit<Piece, 'quote'> {
  const [first = '', second = ''] = [text[index], text[index + 1]];
  if (first === '%' && second === '%') return { value: '%', length: 2 };
  if (first !== '\\') return { value: first, length: 1 };
  const known = ESCAPES[second];
  if (known !== undefined) return { value: known, length: 2 };
  CODED.lastIndex = index;
  const [coded, x, u, long, octal] = CODED.exec(text) ?? [];
  // Systemd keeps an unknown escape as it is.
  if (coded === undefined) return { value: first, length: 1 };
  const code = Number.parseInt(octal ?? x ?? u ?? long ?? '', octal === undefined ? 16 : 8);
  return { value: code <= 0x10ffff ? String.fromCodePoint(code) : '', length: coded.length };
}
