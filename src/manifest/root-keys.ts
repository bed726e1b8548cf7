import { afterComments, CONTROL, HOLE, LEADING_CONTROL, OUTPUT, TRIMS } from './holes.ts';
import { keysInBrackets } from './root-brackets.ts';
import { Levels } from './root-levels.ts';

/**
 * The keys by which a document is a manifest: kubectl asks for both at the root, in just this spelling.
 *
 * This file decides for documents that cannot be read whether they may have one there, so that they are
 * manifests with a mistake. Only the text can tell. What cannot be decided counts: a wrong yes is an error
 * that someone looks at, a wrong no would hide a manifest.
 */
const WORD = /(?<!\w)(?:kind|apiVersion)(?!\w)/;

/** A longer text is not taken apart: one of the words is enough, wherever it is. */
const LONGEST = 512 * 1024;

/** Whether a document that cannot be read may have `apiVersion` or `kind` at its root. */
export function mayHaveRootKey(text: string): boolean {
  if (text.length > LONGEST) return hasRootKeyWord(text);
  return waysToRead(text).some(rootMayHaveKey);
}

/** Whether a text has one of the words, however deep. */
export function hasRootKeyWord(text: string): boolean {
  return waysToRead(text).some((way) => WORD.test(way));
}

/** Whether bytes that are not text may be a manifest: one in UTF-16, say, has a NUL after each letter. */
export function bytesMayHaveRootKey(bytes: Uint8Array): boolean {
  const ways = waysToRead(new TextDecoder('latin1').decode(bytes));
  return ways.some((way) => /kind|apiVersion/.test(way));
}

/** Controls and marks that an editor does not show. The library of Kubernetes skips some. */
const UNSEEN = /(?![\t\n\r\u0085])[\p{Cc}\p{Cf}\p{Cs}\ufffe\uffff]/gu;
const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8}))/g;
const ESCAPED_LINE_END = /\\(?:\r\n?|[\n\u0085\u2028\u2029])[ \t]*/g;

/** The text without what is not seen, with the letters that escapes stand for; as it is, and with lines joined. */
function waysToRead(text: string): readonly string[] {
  const seen = text.replaceAll(UNSEEN, '').replaceAll(ESCAPE, letterOf);
  const joined = seen.replaceAll(ESCAPED_LINE_END, '');
  return joined === seen ? [seen] : [seen, joined];
}

function letterOf(written: string, x?: string, u?: string, long?: string): string {
  const code = Number.parseInt(x ?? u ?? long ?? '', 16);
  const isLetter = code < 0x80 && /[A-Za-z]/.test(String.fromCharCode(code));
  return isLetter ? String.fromCharCode(code) : written;
}

const LINE = /([^\r\n\u0085\u2028\u2029]*)(?:\r\n?|[\n\u0085\u2028\u2029]|$)/y;
/** A line after which a document starts, that may have other indentation. */
const MARKER = /^(?:---(?:\s+|$)|\.\.\.$|%(?:YAML|TAG)\s.*)/;
/** Empty lines, comments, and anchors and tags of what is on the next line. */
const LEFT_OUT = /^(?:#.*|(?:[&!][^\s{}[\]"']*(?:\s+|$))*)$/;
/** A line in brackets, which are not those of a placeholder. */
const IN_BRACKETS = /^(?:[&!][^\s{}[\]"']*\s+)*(?:\{(?![{%])|\[(?!\[))/;

/** Goes through a document line by line: a key is not at the root only if it is certain to be deeper. */
function rootMayHaveKey(text: string): boolean {
  const hasWord = WORD.test(text);
  // To YAML, this tag of Jinja opens a mapping, and the rest of its line is a comment.
  if (hasWord && /^(?:\s|#.*\n|---)*\{#/.test(text)) return true;
  const levels = new Levels();
  for (const { content, column, end, isFirst, isTrimmed } of linesOf(text)) {
    const isInBrackets = IN_BRACKETS.test(content);
    if (isFirst) {
      levels.clear();
      const isRoot = isInBrackets || /^[,\]}]/.test(content);
      if (isRoot) return bracketsMayHaveKey(text.slice(end - content.length));
    }
    const isDeeper = levels.add(column, content) && !isTrimmed;
    if (!isDeeper && (mayBeKey(content) || (isInBrackets && hasWord))) return true;
  }
  return false;
}

/** A line that has more than comments, and tags of templates that no text comes for. */
interface Line {
  /** Without what comes before it, and white space at its end. */
  readonly content: string;
  readonly column: number;
  /** Where it ends in the text. */
  readonly end: number;
  /** Of the document. */
  readonly isFirst: boolean;
  /** Whether a tag before it takes its line break away, and with it the indentation. */
  readonly isTrimmed: boolean;
}

function* linesOf(text: string): Generator<Line> {
  let isFirst = true;
  let isTrimmed = false;
  for (let at = afterComments(text), next = at; at < text.length; at = next) {
    LINE.lastIndex = at;
    const line = LINE.exec(text)?.[1]?.trimEnd() ?? '';
    next = LINE.lastIndex;
    const marker = MARKER.exec(line)?.[0] ?? '';
    isFirst ||= marker !== '';
    const rest = line.slice(marker.length).trimStart();
    const content = rest.replace(LEADING_CONTROL, '');
    const isLeftOut = LEFT_OUT.test(content);
    const column = line.length - rest.length;
    if (!isLeftOut) yield { content, column, end: at + line.length, isFirst, isTrimmed };
    isFirst &&= isLeftOut;
    isTrimmed = TRIMS.test(line) || (isTrimmed && isLeftOut);
  }
}

const MALFORMED_ESCAPE = /\\(?:x(?![\da-fA-F]{2})|u(?![\da-fA-F]{4})|U(?![\da-fA-F]{8}))/;

const BEHIND_COMMA = /,\s*["']?(?:kind|apiVersion)["']?\s*:/;

/** A line without brackets that match, and what is in them. */
function outsideBrackets(line: string): string {
  let [before, after] = [line, line.replaceAll(INNERMOST, '')];
  for (let depth = 0; depth < DEEPEST && after !== before; depth += 1) {
    [before, after] = [after, after.replaceAll(INNERMOST, '')];
  }
  return after;
}

const INNERMOST = /\{[^{}[\]]*\}|\[[^{}[\]]*\]/g;
const DEEPEST = 20;

/** A key in double quotes, or one that lacks the second. */
const QUOTED_KEY = /^"(?:[^"\\]|\\.)*(?:"\s*:|$)/;

/** Whether a line that is not known to be deeper may be, or bring, one of the keys. */
function mayBeKey(content: string): boolean {
  const key = content.replace(/^(?:[&!][^\s{}[\]"']*\s+)*/, '');
  // An explicit key, a merge, an alias, or what a template puts there.
  if (/^(?:\?(?:\s|$)|<<\s*:|\*[-\w]+\s*:|\{\{|\{%|<%)/.test(key)) return true;
  if (key.replaceAll(OUTPUT, '').trim() === '' || isPlaceholder(key)) return true;
  if (/^["']?(?:kind|apiVersion)(?:["']|\s*(?::|$))/.test(key)) return true;
  if (MALFORMED_ESCAPE.test(QUOTED_KEY.exec(key)?.[0] ?? '')) return true;
  // A brace that opens the root, behind something that should not be there, or in the place of it.
  if (WORD.test(key) && BEHIND_COMMA.test(outsideBrackets(key))) return true;
  return !/^["']?[\w./$-]+["']?\s*:/.test(key) && key.includes('{') && WORD.test(key);
}

/** Stands for a hole. It cannot be in the text, since it is not seen. */
const HELD = '\0';

/** Whether one of the keys of an object is to be filled in as a whole. */
export function hasHole(keys: readonly string[]): boolean {
  return keys.some((key) => key.replaceAll(HOLE, '') === '');
}

function isPlaceholder(key: string): boolean {
  const [held = ''] = /^["']?[^\s:"']+["']?\s*:(?:\s|$)/.exec(key.replaceAll(HOLE, HELD)) ?? [];
  return held.includes(HELD);
}

/**
 * Whether a root in brackets may have one of the keys. It is certain not to if it is JSON, with comments or
 * without: then the brackets tell how deep a key is, whether `//` starts a comment, as in JSON with comments, or
 * not, as in YAML. Otherwise a word is enough, wherever it is.
 */
function bracketsMayHaveKey(text: string): boolean {
  const isSought = (key: string) => mayBeKey(`${key}:`);
  const asJson = keysInBrackets(text, { isJson: true, isSought });
  if (asJson === 'none' && /\/[/*]/.test(text)) {
    return keysInBrackets(text, { isJson: false, isSought }) !== 'none';
  }
  if (asJson !== 'unsure') return asJson === 'some';
  if (WORD.test(text) || /<<\s*:|\*[-\w]+\s*:/.test(text)) return true;
  if (/\0[^\0\s:"',{}[\]]*["']?\s*:/.test(text.replaceAll(HOLE, HELD))) return true;
  const held = text.replaceAll(CONTROL, '').replaceAll(OUTPUT, HELD);
  return /^[^\S\n]*\0[^\S\n]*,?[^\S\n]*$/m.test(held) || /\{\s*\0/.test(held);
}
