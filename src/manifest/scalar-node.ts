import { type AliasEvent, type Builder, refuse, type ScalarEvent, sourceOf } from './builder.ts';
import { EVENT_ID, getScalarValue } from './events.ts';
import type { JsonValue } from './json.ts';
import type { Key, Node } from './node.ts';
import { integerKey, resolveJson, resolvePlain, type Scalar } from './scalars.ts';

/** Builds the value of a scalar; one that is empty and has neither tag nor anchor starts at -1. */
export function scalarNode(builder: Builder, event: ScalarEvent): Node {
  const start = startOf(builder, event);
  return { value: scalarValue(builder, event, start), start, size: 1 };
}

/** What a scalar says, its style undone. */
export function textOf(builder: Builder, event: ScalarEvent): string {
  return event.valueStart < 0 ? '' : getScalarValue(builder.padded.text, event);
}

/** Whether a scalar stands in quotes, which are no part of its range. */
export function isQuoted(event: ScalarEvent | AliasEvent): boolean {
  return event.type === EVENT_ID.SCALAR && (event.style === 2 || event.style === 3);
}

/** What a scalar or an alias is as a key. */
export function keyOf(
  builder: Builder,
  event: ScalarEvent | AliasEvent,
  { value, start }: Node,
): Key {
  const isAlias = event.type === EVENT_ID.ALIAS;
  const at = isAlias ? event.anchorStart - 1 : start;
  if (typeof value === 'string') return { text: value, kind: 'a string', start: at };
  if (typeof value === 'boolean') return { text: String(value), kind: 'a boolean', start: at };
  // Kubernetes writes other numbers with the precision of 32 bits.
  const isFloat = isAlias || tagOf(builder, event) === '!!float';
  const text = isFloat ? undefined : integerKey(textOf(builder, event));
  if (typeof value === 'number' && text !== undefined) return { text, kind: 'a number', start: at };
  throw refuse(builder, 'a key must be a string, a boolean or a whole number: quote it', at);
}

function startOf({ padded: { text } }: Builder, event: ScalarEvent): number {
  if (event.valueStart < 0) {
    return event.tagStart >= 0
      ? event.tagStart
      : event.anchorStart >= 0
        ? event.anchorStart - 1
        : -1;
  }
  if (isQuoted(event)) return event.valueStart - 1;
  return event.style === 1 ? event.valueStart : blockStart(text, event.valueStart);
}

// A block scalar begins at its indicator, on the line before its text.
function blockStart(text: string, valueStart: number): number {
  let lineStart = valueStart - 1;
  if (text[lineStart] === '\n' && text[lineStart - 1] === '\r') lineStart -= 1;
  while (lineStart > 0 && !/[\r\n]/.test(text[lineStart - 1] ?? '')) lineStart -= 1;
  const header = /[|>][-+0-9]*[ \t]*(?:#.*)?$/m.exec(text.slice(lineStart, valueStart));
  return header === null ? valueStart : lineStart + header.index;
}

function tagOf(builder: Builder, event: ScalarEvent): string {
  return event.tagStart < 0 ? '' : builder.padded.text.slice(event.tagStart, event.tagEnd);
}

function scalarValue(builder: Builder, event: ScalarEvent, start: number): JsonValue {
  refuseUnsure(builder, event, start);
  const text = textOf(builder, event);
  const tag = tagOf(builder, event);
  if (tag === '!!str') return text;
  const isPlain = event.style === 1;
  if (tag === '' && !isPlain) return text;
  const value = builder.isJson ? resolveJson(text) : resolvePlain(text);
  if (tag !== '' && !isTagged(tag, text, value)) {
    throw refuse(builder, `the tag ${tag} is not read here: write the value without it`, start);
  }
  if (value === undefined) {
    throw refuse(builder, `JSON has no number like ${text}: quote it if it is a string`, start);
  }
  return value;
}

function isTagged(tag: string, text: string, value: Scalar): boolean {
  if (tag === '!!null') return value === null;
  if (tag === '!!bool') return typeof value === 'boolean';
  if (tag === '!!int') return typeof value === 'number' && integerKey(text) !== undefined;
  return tag === '!!float' && typeof value === 'number';
}

/** Refuses spellings that Kubernetes and the lexer read differently. */
function refuseUnsure(builder: Builder, event: ScalarEvent, start: number): void {
  if (event.valueStart < 0) return;
  const { text } = builder.padded;
  if (builder.flowDepth > 0 && event.style === 1) refuseIndicator(builder, event);
  if (event.fast) return;
  if (builder.hasStrangeLineEnds) refuseLineEnds(builder, event);
  if (event.style !== 3) return;
  const source = text.slice(event.valueStart, event.valueEnd);
  // Without escaped backslashes, a backslash that stands before a line end escapes it.
  if (/\\(?:\r\n|\r(?!\n)|\n)[ \t]*[\r\n]/.test(source.replaceAll('\\\\', ''))) {
    throw refuse(builder, 'a blank line may not follow an escaped line end: write \\n', start);
  }
  if (/\\u[dD][89a-fA-F]|\\U/.test(source) && /\p{Surrogate}/u.test(textOf(builder, event))) {
    throw refuse(builder, 'an escape (\\u) makes half a character: write the whole one', start);
  }
}

// In a flow collection these may begin a key or a value, and the word only after them.
function refuseIndicator(builder: Builder, event: ScalarEvent): void {
  const first = builder.padded.text[event.valueStart];
  const hasProperty = event.tagStart >= 0 || event.anchorStart >= 0;
  if (first === '?' || (first === ':' && hasProperty)) {
    const reason = `to Kubernetes this "${first}" is no part of the word: quote it`;
    throw refuse(builder, reason, event.valueStart);
  }
}

/** Line ends that Kubernetes does not treat like others in a text over several lines. */
export const STRANGE_LINE_END = /[\u0085\u2028\u2029]/;

function refuseLineEnds(builder: Builder, event: ScalarEvent): void {
  if (STRANGE_LINE_END.test(sourceOf(builder, event.valueStart, event.valueEnd))) {
    const reason =
      'a text over several lines has a strange line end (U+0085, U+2028, U+2029): remove it';
    throw refuse(builder, reason, event.valueStart);
  }
}
