import type { JsonValue } from '../kubernetes/json.ts';
import { ReadingError } from './reading-error.ts';
import { TOKEN, type Token } from './token.ts';

/** The value of a plain scalar; undefined for a number that JSON does not have. */
export type Scalar = null | boolean | number | string | undefined;

/** The value of a scalar token. */
export function scalarValue(token: Token, tag: Token | undefined, isJson: boolean): JsonValue {
  const { text, start } = token;
  if (tag === undefined && token.type !== TOKEN.PLAIN) return text;
  if (tag?.text === '!!str') return text;
  const value = isJson ? resolveJson(text) : resolvePlain(text);
  if (tag !== undefined && !isTagged(tag.text, text, value)) throw unfitTag(tag);
  if (value === undefined) {
    throw new ReadingError(`${text} is not a JSON number: quote it if it is a string`, start);
  }
  return value;
}

/** The error for a tag that is not supported, or not on this value. */
export function unfitTag({ text, start }: Token): ReadingError {
  return new ReadingError(`tag ${text} is not supported here: write the value without it`, start);
}

function isTagged(tag: string, text: string, value: Scalar): boolean {
  if (tag === '!!null') return value === null;
  if (tag === '!!bool') return typeof value === 'boolean';
  if (tag === '!!int')
    return typeof value === 'number' && bigInteger(text.replaceAll('_', '')) !== undefined;
  return tag === '!!float' && typeof value === 'number';
}

const WORDS: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ...words(null, '', '~', 'null', 'Null', 'NULL'),
  ...words(true, 'y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'),
  ...words(false, 'n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'),
  ...words(undefined, '.nan', '.NaN', '.NAN', '.inf', '.Inf', '.INF'),
  ...words(undefined, '+.inf', '+.Inf', '+.INF', '-.inf', '-.Inf', '-.INF'),
]);

function words(value: Scalar, ...spellings: readonly string[]): readonly [string, Scalar][] {
  return spellings.map((spelling) => [spelling, value]);
}

/**
 * Resolves a plain scalar as Kubernetes' YAML library does (go.yaml.in/yaml/v2 resolve.go): YAML 1.1
 * booleans, nulls and octals, but no dates or base 60 numbers.
 */
export function resolvePlain(text: string): Scalar {
  const first = text.charCodeAt(0);
  if (isDigit(first)) return number(text);
  // Most scalars are strings: only these characters can start another value.
  if (!/[-+.~ynotfYNOTF]|^$/.test(text.charAt(0))) return text;
  if (WORDS.has(text)) return WORDS.get(text);
  if (first === 0x2b || first === 0x2d) return number(text);
  if (first !== 0x2e) return text;
  // In Go, an underscore must be between two digits.
  return float(text.replaceAll(/(?<=[0-9])_(?=[0-9])/g, '')) ?? text;
}

/** Resolves a number, boolean or null of JSON; undefined for a number that is too large. */
function resolveJson(text: string): Scalar {
  const value: unknown = JSON.parse(text);
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : undefined;
  return typeof value === 'boolean' ? value : null;
}

/**
 * The key that a number becomes in JSON: Kubernetes writes integers in decimal, and floats in Go's
 * shortest form (%g) of 32 bits. Undefined for an integer beyond 63 bits, which Kubernetes rejects, and
 * for a negative zero.
 */
export function numberKey(text: string, value: number): NumberKey | undefined {
  const whole = bigInteger(text.replaceAll('_', ''));
  if (whole === undefined) {
    const written = floatKey(value, text.startsWith('-'));
    return written === undefined ? undefined : { text: written, kind: 'a float' };
  }
  return whole < 2n ** 63n ? { text: String(whole), kind: 'an integer' } : undefined;
}

interface NumberKey {
  readonly text: string;
  readonly kind: 'an integer' | 'a float';
}

function floatKey(value: number, isNegative: boolean): string | undefined {
  const single = Math.fround(value);
  // Whether a negative zero is the same key as zero depends on the other keys of the mapping.
  if (single === 0) return isNegative ? undefined : '0';
  if (Number.isFinite(single)) return shortest(single);
  return isNegative ? '-.inf' : '.inf';
}

/** The fewest digits that give the same number of 32 bits, in Go's notation. */
function shortest(single: number): string {
  let written = '';
  for (let digits = 0; digits < 9; digits += 1) {
    written = single.toExponential(digits);
    if (Math.fround(Number(written)) === single) break;
  }
  const [mantissa = '', exponent = ''] = written.split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(Number(written));
  const size = String(Math.abs(power)).padStart(2, '0');
  return `${mantissa}e${power < 0 ? '-' : '+'}${size}`;
}

function number(text: string): number | string {
  // Most numbers are short decimals. A leading zero makes an octal.
  if (/^(?:0|[1-9][0-9]{0,14})$/.test(text)) return Number(text);
  const digits = text.replaceAll('_', '');
  const integer = bigInteger(digits);
  return integer === undefined ? (float(digits) ?? text) : Number(integer);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;

function bigInteger(text: string): bigint | undefined {
  // Go also accepts a sign after the prefix of a binary number.
  const match = INTEGER.exec(text.replace(/^0b([-+])/, '$10b'));
  if (match === null) return undefined;
  const [, sign, hexadecimal, binary, octal, decimal] = match;
  const base = hexadecimal ? '0x' : binary ? '0b' : octal ? '0o' : '';
  const digits = (hexadecimal ?? binary ?? octal ?? decimal ?? '').replace(/^0+(?=.)/, '');
  if (digits.length > 64) return undefined; // more than 64 bits, and slow to convert
  const size = BigInt(base + digits);
  const value = sign === '-' ? -size : size;
  // A number with a sign is read as signed.
  const limit = sign === '' ? 2n ** 64n : 2n ** 63n;
  return value >= -(2n ** 63n) && value < limit ? value : undefined;
}

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

function float(text: string): number | undefined {
  if (!FLOAT.test(text)) return undefined;
  const value = Number(text);
  // JSON has no negative zero.
  return Number.isFinite(value) ? value + 0 : undefined;
}
