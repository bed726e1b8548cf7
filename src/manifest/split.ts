import type { Encoding } from './decode.ts';
import { type Excerpt, endOf } from './place.ts';
import { doubleQuotedEnd, lineAfter, skip } from './scan.ts';

/** A part of a file that holds one document: an error in one leaves the others readable. */
export interface Chunk extends Excerpt {
  /** JSON is read by JSON's rules, which differ from YAML's in what a string may hold. */
  readonly isJson: boolean;
  /** The name of the systemd unit that the chunk is. */
  readonly unit?: string;
  /** Why the chunk cannot be read, where that is known without reading it. */
  readonly refusal?: string;
}

/**
 * Splits a file as kubectl does (apimachinery util/yaml): a line that starts with `---` and has
 * nothing but blanks or a comment after it ends a document; anything else after it is refused. A file
 * that starts with `{` is tried as a stream of JSON values first.
 */
export function split(text: string, encoding: Encoding): readonly Chunk[] {
  const parts =
    // kubectl knows separators and braces by their UTF-8 bytes: it hands UTF-16 on in one piece.
    encoding === 'utf-16'
      ? wholeOf(text)
      : // A byte order mark hides the brace from kubectl, which then reads YAML.
        encoding === 'utf-8' && STARTS_AS_JSON.test(text)
        ? jsonParts(text)
        : yamlParts(text, 0);
  return placed(text, parts);
}

/** A chunk by its offsets in the file. */
interface Part {
  readonly start: number;
  readonly end: number;
  readonly isJson?: boolean;
  readonly refusal?: string;
}

function placed(text: string, parts: readonly Part[]): readonly Chunk[] {
  let position = 0;
  let place = { line: 1, column: 1 };
  return parts.map(({ start, end, isJson = false, refusal }) => {
    place = endOf({ ...place, text: text.slice(position, start) });
    position = start;
    const chunk = { ...place, text: text.slice(start, end), isJson };
    return refusal === undefined ? chunk : { ...chunk, refusal };
  });
}

function wholeOf(text: string): readonly Part[] {
  const start = skip(text, 0, /---[ \t]*(?:\r?\n|$)/y);
  return text === '' ? [] : [{ start, end: text.length }];
}

function yamlParts(text: string, from: number): readonly Part[] {
  const parts: Part[] = [];
  let start = from;
  let hasMarker = false; // whether the document's first line is a separator
  for (const at of separators(text, from)) {
    parts.push(...documentPart(text, { start, end: at }, hasMarker));
    const next = lineAfter(text, at);
    const isOpen: boolean = hasMarker || at > start;
    const refusal = separatorFault(text.slice(at + 3, next), isOpen);
    if (refusal !== undefined) parts.push({ start: at, end: at, refusal });
    // With no line before it, kubectl takes a separator for the first line of a document.
    hasMarker = !isOpen;
    start = next;
  }
  return [...parts, ...documentPart(text, { start, end: text.length }, hasMarker)];
}

/** The starts of the lines that start with `---`. */
function* separators(text: string, from: number): Generator<number> {
  if (text.startsWith('---', from)) yield from;
  for (let at = from; ; ) {
    at = text.indexOf('\n---', at) + 1;
    if (at === 0) return;
    yield at;
  }
}

function documentPart(text: string, { start, end }: Part, hasMarker: boolean): readonly Part[] {
  if (start === end) return [];
  // Kubernetes takes off the byte order mark that a document starts with; decoding took the first.
  const isMarked = start > 0 && !hasMarker && text[start] === '\ufeff';
  return [{ start: isMarked ? start + 1 : start, end }];
}

function separatorFault(rest: string, isOpen: boolean): string | undefined {
  if (/[\u0085\u2028\u2029\ufeff]|\r(?!\n)/.test(rest)) {
    return 'the line of a separator (---) ends in a strange character: end it with a line feed';
  }
  const trimmed = rest.trim();
  if (trimmed !== '' && !trimmed.startsWith('#')) {
    return `after --- only a comment may stand, not "${trimmed}": put it on a line of its own`;
  }
  if (isOpen || /^[ \t]*\r?\n?$|^[ \t]+#/.test(rest)) return undefined;
  return 'a separator (---) needs a blank before its comment: put one there';
}

/** kubectl looks for the brace in the first 4 KiB, after what Go's unicode.IsSpace takes for blanks. */
const STARTS_AS_JSON =
  /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]{0,4095}\{/;

/** Values of JSON; kubectl goes over to YAML after none or one of them, but not after two. */
function jsonParts(text: string): readonly Part[] {
  const parts: Part[] = [];
  let start = 0;
  for (let end = valueEnd(text, start); end > start; end = valueEnd(text, start)) {
    if (!isJson(text.slice(start, end))) break;
    parts.push({ start, end, isJson: true });
    start = end;
  }
  const rest = skip(text, start, /[ \t\r\n]+/y);
  if (rest === text.length) return parts;
  const isJsonMeant = skip(text, rest, /["[{]|-?[0-9]|true|false|null/y) > rest;
  // kubectl passes over blanks up to a line's end, and wants four bytes at each step.
  const from = skip(text, start, GO_BLANKS);
  const last = from > start && text[from - 1] === '\n' ? from - 1 : from;
  const isShort =
    new TextEncoder().encode(text.slice(last, last + 4)).length < 4 || text[last] === '\ufffd';
  if (parts.length > 1 || (parts.length === 1 && isJsonMeant) || isShort) {
    const reason = 'this is no JSON, which must follow JSON: correct it, or put it in another file';
    return [...parts, { start: rest, end: rest, refusal: reason }];
  }
  return [...parts, ...yamlParts(text, from)];
}

/** The end of the object or list that starts at or after a position; the position if there is none. */
function valueEnd(text: string, from: number): number {
  const token = /["{}[\]]/g;
  token.lastIndex = skip(text, from, /[ \t\r\n]+/y);
  if (!/[{[]/.test(text[token.lastIndex] ?? '')) return from;
  let depth = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    if (match[0] === '"') token.lastIndex = doubleQuotedEnd(text, match.index);
    else depth += match[0] === '{' || match[0] === '[' ? 1 : -1;
    if (depth === 0) return token.lastIndex;
  }
  return from;
}

/** The blanks of Go's unicode.IsSpace, to the end of a line. */
const GO_BLANKS = /[\t\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*\n?/y;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // read as YAML instead
  }
}
