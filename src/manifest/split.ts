import type { Encoding } from './decode.ts';
import { type Excerpt, endOf } from './place.ts';
import { doubleQuotedEnd, lineAfter, skip } from './scan.ts';

/** The part of a file that is one document. An error in one leaves the others readable. */
export interface Chunk extends Excerpt {
  /** Its offset in the text that was split. */
  readonly start: number;
  /** JSON is read by its own rules, which allow other characters in strings than YAML's. */
  readonly isJson: boolean;
  /** The name of the systemd unit, if the chunk is one. */
  readonly unit?: string;
  /** Why the chunk cannot be read, if that is known before reading it. */
  readonly rejection?: string;
}

/**
 * Splits a file as kubectl does (apimachinery util/yaml). A line `---`, alone or with a comment, ends a
 * document; anything else after `---` is an error. A file that starts with `{` is first read as a
 * stream of JSON values.
 */
export function split(text: string, encoding: Encoding): readonly Chunk[] {
  const parts =
    // kubectl looks for separators and braces in UTF-8 only: it does not split UTF-16.
    encoding === 'utf-16'
      ? firstOf(text)
      : // After a byte order mark, kubectl does not see the brace, and reads YAML.
        encoding === 'utf-8' && STARTS_AS_JSON.test(text)
        ? jsonParts(text)
        : yamlParts(text, 0);
  return placed(text, parts);
}

/** The offsets of a chunk in the file. */
interface Part {
  readonly start: number;
  readonly end: number;
  readonly isJson?: boolean;
  readonly rejection?: string;
}

function placed(text: string, parts: readonly Part[]): readonly Chunk[] {
  let position = 0;
  let place = { line: 1, column: 1 };
  return parts.map(({ start, end, isJson = false, rejection }) => {
    const { line, column } = endOf({
      text: text.slice(position, start),
      line: place.line,
      column: place.column,
    });
    place = { line, column };
    position = start;
    const chunk = { line, column, start, text: text.slice(start, end), isJson };
    return rejection === undefined ? chunk : { ...chunk, rejection };
  });
}

/**
 * The first document of a text that kubectl does not split: the library of Kubernetes reads one, up to a line
 * that starts another one or ends it, and ignores the rest.
 */
function firstOf(text: string): readonly Part[] {
  const start = skip(text, 0, /---[ \t]*(?:\r?\n|$)/y);
  const isMarked = start > 0;
  let end = text.length;
  for (const at of markers(text, start)) {
    const isStart = !isMarked && text.startsWith('---', at) && !hasContent(text.slice(start, at));
    if (isStart) continue;
    end = at;
    break;
  }
  const rest = hasContent(text.slice(end))
    ? [{ start: end, end: text.length, rejection: ONLY_FIRST }]
    : [];
  return text === '' ? [] : [{ start, end }, ...rest];
}

const ONLY_FIRST =
  'kubectl reads only the first document of a file in UTF-16: save the file as UTF-8';

/** The starts of the lines that start or end a document to the library of Kubernetes. */
function* markers(text: string, from: number): Generator<number> {
  const marker = /(?:---|\.\.\.)(?=[ \t\r\n\u0085\u2028\u2029]|$)/y;
  const lineEnd = /[\r\n\u0085\u2028\u2029]/g;
  for (let at = from; ; at = lineEnd.lastIndex) {
    marker.lastIndex = at;
    if (marker.test(text)) yield at;
    lineEnd.lastIndex = at;
    if (!lineEnd.test(text)) return;
  }
}

/** Whether a text has more than comments and markers of documents. */
function hasContent(text: string): boolean {
  return text
    .split(/[\r\n\u0085\u2028\u2029]/)
    .some((line) => !/^(?:---|\.\.\.)?\s*(?:#.*)?$/.test(line));
}

function yamlParts(text: string, from: number): readonly Part[] {
  const parts: Part[] = [];
  let start = from;
  let hasMarker = false; // whether the first line of the document is a separator
  for (const at of separators(text, from)) {
    parts.push(...documentPart(text, { start, end: at }, hasMarker));
    const next = lineAfter(text, at);
    const isOpen: boolean = hasMarker || at > start;
    const rejection = separatorProblem(text.slice(at + 3, next), isOpen);
    if (rejection !== undefined) parts.push({ start: at, end: at, rejection });
    // Without a line before it, a separator is the first line of a document to kubectl.
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
  // Kubernetes removes a byte order mark at the start of each document; decoding removed the first.
  const isMarked = start > 0 && !hasMarker && text[start] === '\ufeff';
  return [{ start: isMarked ? start + 1 : start, end }];
}

function separatorProblem(rest: string, isOpen: boolean): string | undefined {
  if (/[\u0085\u2028\u2029\ufeff]|\r(?!\n)/.test(rest)) {
    return 'invalid character after the document separator (---): end its line with a line feed';
  }
  const trimmed = rest.trim();
  if (trimmed !== '' && !trimmed.startsWith('#')) {
    return `only a comment can follow ---, not "${trimmed}": put it on its own line`;
  }
  if (isOpen || /^[ \t]*\r?\n?$|^[ \t]+#/.test(rest)) return undefined;
  return 'a comment after the document separator (---) needs a space before it: add one';
}

/** kubectl looks for the brace in the first 4 KiB, after white space by Go's unicode.IsSpace. */
const STARTS_AS_JSON =
  /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]{0,4095}\{/;

/** JSON values. kubectl switches to YAML after none or one of them, but not after two. */
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
  // kubectl skips white space up to the end of a line, and needs four more bytes.
  const from = skip(text, start, GO_SPACES);
  const last = from > start && text[from - 1] === '\n' ? from - 1 : from;
  const isShort =
    new TextEncoder().encode(text.slice(last, last + 4)).length < 4 || text[last] === '\ufffd';
  if (parts.length > 1 || (parts.length === 1 && isJsonMeant) || isShort) {
    const reason = 'only JSON can follow JSON in a file: fix this part, or move it to another file';
    return [...parts, { start: rest, end: rest, rejection: reason }];
  }
  return [...parts, ...yamlParts(text, from)];
}

/** The end of the object or array at a position, after white space; the position if there is none. */
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

/** White space by Go's unicode.IsSpace, to the end of a line. */
const GO_SPACES = /[\t\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*\n?/y;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // read as YAML instead
  }
}
