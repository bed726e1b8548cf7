/** A change of a text: what replaces the characters from `start` to before `end`. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Returns the text with an edit. */
export function edited(text: string, edit: TextEdit): string {
  return text.slice(0, edit.start) + edit.text + text.slice(edit.end);
}

/** Where the line of a character starts. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** After the line break of the line of a character; the end of the text if it has none. */
export function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

/** Whether the text from one place to another is blank. */
export function isBlankBetween(text: string, start: number, end: number): boolean {
  return /^\s*$/.test(text.slice(start, end));
}
