import type { Node } from '../goyaml/node.ts';
import type { JsonValue } from '../kubernetes/json.ts';
import { ownEntries, type Written } from './place.ts';
import { isBlankBetween, lineStart, type TextEdit } from './text-edit.ts';
import { type FlowStyle, flowPair, flowText } from './written.ts';

// Edits of collections that are written between brackets, those of JSON included.

/** Adds a member to the end of a collection that has some. */
export function addMember(
  written: Written,
  holder: Node,
  {
    key,
    value,
    style,
  }: { readonly key?: string; readonly value: JsonValue; readonly style: FlowStyle },
): TextEdit | undefined {
  const { text, lineBreak } = written;
  const starts = startsOf(holder);
  const last = starts.at(-1);
  if (last === undefined) return undefined;
  const end = text.slice(0, holder.end - 1).trimEnd().length;
  // In a comment, the comma would be lost.
  if (/(?:^|\s)#/.test(text.slice(last, end).split('\n').at(-1) ?? '')) return undefined;
  const ownLine = isBlankBetween(text, lineStart(text, last), last);
  const hasComma = text[end - 1] === ',';
  const comma = hasComma ? '' : ',';
  if (!ownLine) {
    const space = style.isCompact ? '' : ' ';
    return { start: end, end, text: comma + space + member(key, value, style) };
  }
  const indent = text.slice(lineStart(text, last), last);
  const inside = style.isQuoted
    ? prettyMember(key, value).join(`${lineBreak}${indent}`)
    : member(key, value, style);
  return { start: end, end, text: comma + lineBreak + indent + inside };
}

function member(key: string | undefined, value: JsonValue, style: FlowStyle): string {
  return key === undefined ? flowText(value, style) : flowPair(key, value, style);
}

/** The lines of a member of JSON, each thing on its own. */
function prettyMember(key: string | undefined, value: JsonValue): readonly string[] {
  const lines = JSON.stringify(value, null, 2).split('\n');
  return key === undefined ? lines : lines.with(0, `${JSON.stringify(key)}: ${lines[0]}`);
}

/** Where the members of a collection start. */
function startsOf(holder: Node): readonly number[] {
  return holder.items === undefined
    ? ownEntries(holder).map(({ key }) => key.start)
    : holder.items.map(({ start }) => start);
}

/** Removes a member from a collection that has others, with the comma between them. */
export function removeMember(written: Written, holder: Node, start: number): TextEdit | undefined {
  const { text } = written;
  const starts = startsOf(holder);
  const index = starts.indexOf(start);
  const next = starts[index + 1];
  if (index < 0 || starts.length < 2) return undefined;
  if (next !== undefined) return withoutComment(text, { start, end: next, text: '' });
  const comma = text.lastIndexOf(',', start);
  const end = text
    .slice(0, holder.end - 1)
    .trimEnd()
    .replace(/,$/, '')
    .trimEnd().length;
  return comma < 0 ? undefined : withoutComment(text, { start: comma, end, text: '' });
}

/** No comment is removed. */
function withoutComment(text: string, edit: TextEdit): TextEdit | undefined {
  return /\s#/.test(text.slice(edit.start, edit.end)) ? undefined : edit;
}

/** Writes a value between brackets, over several lines if the text around it is. */
export function flowValue(
  { text, isJson, lineBreak }: Written,
  {
    offset,
    value,
    style,
  }: { readonly offset: number; readonly value: JsonValue; readonly style: FlowStyle },
): string {
  const start = lineStart(text, offset);
  const isPretty =
    isJson && !style.isCompact && start > 0 && /^[ \t]*"/.test(text.slice(start, offset + 1));
  if (!isPretty) return flowText(value, style);
  const indent = text.slice(start, start + text.slice(start).search(/[^ \t]/));
  return JSON.stringify(value, null, 2)
    .split('\n')
    .join(lineBreak + indent);
}
