/**
 * Characters that a terminal interprets or hides: controls, bidi and zero-width marks, variation selectors,
/**
 * Characters that a terminal interprets or hides: controls, bidi and zero-width marks, variation selectors,
 * fillers, code points that never are characters, and what looks like a space but is none. An ideographic
 * space is as wide as a letter. And what makes a line of a log a command of GitHub Actions: `##[` anywhere,
 * `::name` at its beginning.
 */
const HOSTILE =
  /(?<=##)\[|(?<!\S):(?=:[a-z])|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u{1d159}]/giu;
const NAMED: ReadonlyMap<string, string> = new Map([
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
]);

const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
const COMBINING = /^[\p{Mn}\p{Me}]/u;

/**
 * Shows every character that a terminal would interpret or hide as an escape.
 *
 * Manifests are written by others: a name may hold a terminal escape, and must not be able to
 * rewrite what a report says about it.
 */
export function visible(text: string): string {
  return text.replaceAll(HOSTILE, escapeOf);
}

/** Writes a text in one line, however it was folded. */
export function oneLine(text: string): string {
  return visible(text.trim().replaceAll(/[ \t\r\n]+/g, ' '));
}

/** The columns that a text takes in a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** Pads a text with spaces up to a width in terminal columns. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Says how many of something, in the singular or the plural. */
export function counted(count: number, noun: string): string {
  return `${thousands(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Writes a number with its thousands apart: `4,371`. */
export function thousands(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Writes a character as an escape: `\\x1b`, `\\u202e`. */
export function escapeOf(character: string): string {
  const named = NAMED.get(character);
  if (named !== undefined) return named;
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\u{${digits}}`;
}

function characterWidth(character: string): number {
  if (character <= '\u007e') return 1;
  if (COMBINING.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
