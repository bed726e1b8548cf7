import type { Place } from '../errors.ts';

/** A part of a file. */
export interface Excerpt {
  readonly text: string;
  /** Where it starts in the file, 1-based. */
  readonly line: number;
  readonly column: number;
}

/**
 * Converts offsets in an excerpt to places in its file. Lines end as in editors (LF, CRLF, CR); columns
 * are UTF-16 units.
 *
 * Lines are searched at the first call: a text without findings costs nothing.
 */
export function placesIn(file: string, excerpt: Excerpt): (offset: number) => Place {
  let starts: readonly number[] | undefined;
  return (offset) => {
    starts ??= lineStarts(excerpt.text);
    const index = lastAtMost(starts, offset);
    const column = offset - (starts[index] ?? 0);
    return {
      file,
      line: excerpt.line + index,
      column: column + (index === 0 ? excerpt.column : 1),
    };
  };
}

/** The line and column where an excerpt ends. */
export function endOf({ text, line, column }: Excerpt): { line: number; column: number } {
  const lines = text.includes('\r') ? lineStarts(text).length - 1 : countOf('\n', text);
  const start = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
  return { line: line + lines, column: text.length - start + (lines === 0 ? column : 1) };
}

function countOf(character: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count += 1;
  return count;
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  const lineEnd = /\r\n?|\n/g;
  while (lineEnd.test(text)) starts.push(lineEnd.lastIndex);
  return starts;
}

function lastAtMost(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
