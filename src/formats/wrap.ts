import { visible, widthOf } from './text.ts';

/** How a paragraph is laid out. */
export interface Layout {
  /** The terminal columns of a line, its indentation included. */
  readonly width: number;
  /** What the first line starts with. */
  readonly first: string;
  /** What every other line starts with. */
  readonly rest: string;
}

/**
 * Breaks a text into lines at its spaces.
 *
 * A line is never wider than `width`, unless a word alone is: words are not cut. However the text was
 * folded where it was written, every run of white space counts as one space. Control characters and bidi
 * marks are shown as escapes.
 */
export function wrap(text: string, { width, first, rest }: Layout): readonly string[] {
  const words = text.split(/[ \t\r\n]+/).filter((word) => word !== '');
  const lines: string[] = [];
  let line = first;
  let used = widthOf(first);
  let isEmpty = true;
  for (const word of words.map(visible)) {
    const space = isEmpty ? '' : ' ';
    const wanted = widthOf(space + word);
    if (!isEmpty && used + wanted > width) {
      lines.push(line);
      line = rest + word;
      used = widthOf(line);
    } else {
      line += space + word;
      used += wanted;
    }
    isEmpty = false;
  }
  return isEmpty ? lines : [...lines, line];
}
