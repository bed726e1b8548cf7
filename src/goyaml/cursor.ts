/** A place in a chunk that moves on, and knows the line it is in. */
export interface Cursor {
  readonly text: string;
  /** JSON has fewer line ends, and escapes of its own. */
  readonly isJson: boolean;
  at: number;
  /** Where the line of `at` starts. */
  lineStart: number;
}

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

/** A blank within a line. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** Whether a line ends with this character, by YAML 1.1. */
export function isBreak({ isJson }: Cursor, code: number): boolean {
  if (code === LF || code === CR) return true;
  return code >= 0x85 && !isJson && (code === 0x85 || code === 0x2028 || code === 0x2029);
}

/** A blank, a line end or the end of the text (whose code is NaN). */
export function isBlankOrEnd(cursor: Cursor, code: number): boolean {
  if (code > SPACE && code < 0x85) return false;
  return isBlank(code) || isBreak(cursor, code) || Number.isNaN(code);
}

/** Passes over a line end, and says what it is in a text that keeps it. */
export function takeBreak(cursor: Cursor): string {
  const { text, at } = cursor;
  const code = text.charCodeAt(at);
  cursor.at += code === CR && text.charCodeAt(at + 1) === LF ? 2 : 1;
  cursor.lineStart = cursor.at;
  return code >= 0x2028 ? text.charAt(at) : '\n';
}

/** Passes over the rest of the line, its end excluded. */
export function skipLine(cursor: Cursor): void {
  const { text } = cursor;
  while (cursor.at < text.length && !isBreak(cursor, text.charCodeAt(cursor.at))) cursor.at += 1;
}

/** Whether `---` or `...` stands at the start of the line, which ends a document. */
export function isDocumentMark(cursor: Cursor): boolean {
  const { text, at, lineStart } = cursor;
  if (at !== lineStart) return false;
  const mark = text.slice(at, at + 3);
  return (mark === '---' || mark === '...') && isBlankOrEnd(cursor, text.charCodeAt(at + 3));
}

/** How lines are joined: one break makes a blank, more make one break less. */
export function fold(first: string, others: string): string {
  if (first !== '\n') return first + others;
  return others === '' ? ' ' : others;
}
