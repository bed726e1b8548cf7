import type { JsonValue } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';

/** How the collections of a block are indented in a text. */
export interface BlockStyle {
  /** The columns by which what is in a map is indented. */
  readonly step: number;
  /** Whether the dashes of a sequence are below its key, without indentation. */
  readonly isLoose: boolean;
}

/** How collections are written between brackets. */
export interface FlowStyle {
  /** Whether every string is in double quotes, as in JSON. */
  readonly isQuoted: boolean;
  /** Whether there are no spaces after commas and colons. */
  readonly isCompact: boolean;
}

/** What YAML 1.1 takes for something else than a string, in any case of its letters. */
const WORDS = /^(?:y|n|yes|no|true|false|on|off|null)$/i;
const PLAIN = /^[A-Za-z][\w./-]*$/;

/** Whether a value is neither a map nor a list with something in it. */
export function isFlat(value: JsonValue): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0;
}

/** A string as it is where that is a string to every reader of YAML, else in double quotes. */
function stringText(text: string): string {
  return PLAIN.test(text) && !WORDS.test(text) ? text : quoted(text);
}

/** JSON, without characters that YAML does not allow in a text. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A value that is flat, on a line. */
function flatText(value: JsonValue): string {
  return typeof value === 'string' ? stringText(value) : JSON.stringify(value);
}

/** A string in the quotes of another one, which it replaces. */
export function stringLike(text: string, old: string): string {
  if (old.startsWith('"')) return quoted(text);
  const isSimple = /^[\x20-\x26\x28-\x7e]*$/.test(text);
  return old.startsWith("'") && isSimple ? `'${text}'` : stringText(text);
}

/** The lines of a value in a block, without indentation. */
export function blockLines(value: JsonValue, style: BlockStyle): readonly string[] {
  if (isFlat(value)) return [flatText(value)];
  if (Array.isArray(value)) {
    return value.flatMap((item) =>
      blockLines(item, style).map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`)),
    );
  }
  return isMap(value)
    ? Object.entries(value).flatMap(([key, item]) => pairLines(key, item, style))
    : [];
}

/** The lines of a key and its value in a block. */
export function pairLines(key: string, value: JsonValue, style: BlockStyle): readonly string[] {
  const name = stringText(key);
  if (isFlat(value)) return [`${name}: ${flatText(value)}`];
  const indent = ' '.repeat(Array.isArray(value) && style.isLoose ? 0 : style.step);
  return [`${name}:`, ...blockLines(value, style).map((line) => indent + line)];
}

/** A value between brackets, on a line. */
export function flowText(value: JsonValue, style: FlowStyle): string {
  const comma = style.isCompact ? ',' : ', ';
  if (Array.isArray(value)) {
    return `[${value.map((item) => flowText(item, style)).join(comma)}]`;
  }
  if (isMap(value)) {
    const pairs = Object.entries(value).map(([key, item]) => flowPair(key, item, style));
    return `{${pairs.join(comma)}}`;
  }
  if (typeof value === 'string') return style.isQuoted ? quoted(value) : stringText(value);
  return JSON.stringify(value);
}

/** A key and its value between brackets. */
export function flowPair(key: string, value: JsonValue, style: FlowStyle): string {
  const name = style.isQuoted ? quoted(key) : stringText(key);
  return `${name}:${style.isCompact ? '' : ' '}${flowText(value, style)}`;
}
