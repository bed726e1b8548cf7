import type { Hunk } from '../report/fixes.ts';
import { edited, lineStart, nextLine, type TextEdit } from './text-edit.ts';

/** The lines that an edit of a text changes. */
export function hunkOf(text: string, edit: TextEdit): Hunk {
  const from = lineStart(text, edit.start);
  const to = isOfWholeLines(text, edit) ? edit.end : nextLine(text, edit.end);
  const before = linesOf(text.slice(from, to));
  const after = linesOf(
    edited(text.slice(from, to), { ...edit, start: edit.start - from, end: edit.end - from }),
  );
  const shorter = Math.min(before.length, after.length);
  let first = 0;
  while (first < shorter && before[first] === after[first]) first += 1;
  let last = 0;
  while (last < shorter - first && before.at(-1 - last) === after.at(-1 - last)) last += 1;
  return {
    line: countOfLines(text.slice(0, from)) + first + 1,
    removed: before.slice(first, before.length - last),
    added: after.slice(first, after.length - last),
  };
}

function isOfWholeLines(text: string, { start, end, text: added }: TextEdit): boolean {
  const isOwn = lineStart(text, end) === end && (end > start || lineStart(text, start) === start);
  return isOwn && (added === '' ? lineStart(text, start) === start : added.endsWith('\n'));
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function countOfLines(text: string): number {
  return text.split('\n').length - 1;
}
