/** A position that moves through a chunk, and the start of its line. */
export interface Cursor {
  readonly text: string;
  /** JSON has fewer line breaks, and its own escapes. */
  readonly isJson: boolean;
  at: number;
  /** The start of the line that `at` is in. */
  lineStart: number;
}

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

/** Whether a character is a space or a tab, which goyaml calls a blank. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** Whether a character is a line break of YAML 1.1. */
export function isBreak({ isJson }: Cursor, code: number): boolean {
  if (code === LF || code === CR) return true;
  return code >= 0x85 && !isJson && (code === 0x85 || code === 0x2028 || code === 0x2029);
}

/** Whether a character is a blank, a line break or the end of the text (whose code is NaN). */
export function isBlankOrEnd(cursor: Cursor, code: number): boolean {
  if (code > SPACE && code < 0x85) return false;
  return isBlank(code) || isBreak(cursor, code) || Number.isNaN(code);
}

/** Skips a line break, and returns it as it counts in a scalar: all but two count as a line feed. */
export function takeBreak(cursor: Cursor): string {
  const { text, at } = cursor;
  const code = text.charCodeAt(at);
  cursor.at += code === CR && text.charCodeAt(at + 1) === LF ? 2 : 1;
  cursor.lineStart = cursor.at;
  return code >= 0x2028 ? text.charAt(at) : '\n';
}

/** Skips the rest of the line, up to its line break. */
export function skipLine(cursor: Cursor): void {
  const { text } = cursor;
  while (cursor.at < text.length && !isBreak(cursor, text.charCodeAt(cursor.at))) cursor.at += 1;
}

/** Whether the cursor is at a line that starts with `---` or `...`, which ends a document. */
export function isDocumentMarker(cursor: Cursor): boolean {
  const { text, at, lineStart } = cursor;
  if (at !== lineStart) return false;
  const mark = text.slice(at, at + 3);
  return (mark === '---' || mark === '...') && isBlankOrEnd(cursor, text.charCodeAt(at + 3));
}

/** Folds line breaks: one becomes a space, of more the first is dropped. */
export function fold(first: string, others: string): string {
  if (first !== '\n') return first + others;
  return others === '' ? ' ' : others;
}
