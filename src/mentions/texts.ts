/**
 * What a text says behind its escapes: the text as a program would read it after one more round of JSON, YAML,
 * URL or base64. Everything here is linear in the length of the text.
 */
export function* readings(text: string): Generator<string> {
  yield text;
  const plain = unescaped(text);
  if (plain !== text) yield plain;
  const inside = decoded(plain);
  if (inside !== '') yield unescaped(inside);
}

/** Texts can be quoted in each other; more rounds than this, no program writes. */
const ROUNDS = 3;

/** The text without the escapes of JSON, YAML, JSON Pointer and URLs. */
export function unescaped(text: string): string {
  if (!/[\\%~]/.test(text)) return text;
  let plain = text;
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = plain.replaceAll(ESCAPE, meantBy).replaceAll(PERCENT, fromPercent);
    if (next === plain) return plain;
    plain = next;
  }
  return plain;
}

/** \u0061, \x61 and \U00000061; a line that goes on; \n and \t; a backslash before any other character; ~1. */
const ESCAPE =
  /\\(?:\\(?:\\\\)*|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8})|\r?\n[ \t]*|[\s\S])|~1/g;

function meantBy(written: string, ...codes: readonly (string | undefined)[]): string {
  const code = codes.slice(0, 3).find((digits) => digits !== undefined);
  if (code !== undefined) return fromCode(Number.parseInt(code, 16), written);
  if (written === '~1') return '/';
  const next = written[1];
  if (next === '\\') return '\\'.repeat(written.length / 2);
  if (next === '\n' || next === '\r') return '';
  return next === 'n' || next === 'r' || next === 't' ? ' ' : (next ?? '');
}

function fromCode(code: number, written: string): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : written;
}

const PERCENT = /(?:%[0-9a-f]{2})+/gi;

function fromPercent(escapes: string): string {
  try {
    return decodeURIComponent(escapes);
  } catch {
    return escapes.replaceAll(/%[0-7][0-9a-f]/gi, decodeURIComponent);
  }
}

/** What looks like base64, and is long enough for a word that matters. */
const BASE64 = /[A-Za-z0-9+/_-]{14,}={0,2}/g;
/** A whole text of base64, broken into lines. */
const LINES = /^[A-Za-z0-9+/_-]{40,}(?:\r?\n[ \t]*[A-Za-z0-9+/_-]+)+={0,2}\s*$/;

/** The texts that are in the text as base64. */
function decoded(text: string): string {
  const whole = LINES.test(text) ? text.replaceAll(/\s/g, '') : text;
  const found: string[] = [];
  for (const [blob] of whole.matchAll(BASE64)) {
    const inside = fromBase64(blob);
    if (inside !== undefined) found.push(inside);
  }
  return found.join('\n');
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
// biome-ignore lint/suspicious/noControlCharactersInRegex: what is in no text
const BINARY = /[\x00-\x08\x0e-\x1f]/;

function fromBase64(blob: string): string | undefined {
  const digits = blob.replaceAll('-', '+').replaceAll('_', '/').replaceAll('=', '');
  if (digits.length % 4 === 1) return undefined;
  try {
    const text = UTF8.decode(Uint8Array.from(atob(digits), (byte) => byte.charCodeAt(0)));
    return BINARY.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
