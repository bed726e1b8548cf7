import { UserError } from '../errors.ts';
import type { InputFile } from '../input.ts';
import { nearest } from '../words.ts';

// What a program passes in. A wrong argument is a TypeError that names it: never a report about manifests.

/**
 * Manifests by the names that places in the report have: text, or bytes as they are in a file. Names are paths
 * with `/`: a kustomization names others by theirs, and a chart is a `Chart.yaml` with what is beside it.
 */
export type Files =
  | Readonly<Record<string, string | Uint8Array>>
  | ReadonlyMap<string, string | Uint8Array>;

/**
 * Reads the files that a program passes in.
 *
 * @throws TypeError
 */
export function inputFiles(files: unknown, name = 'files'): readonly InputFile[] {
  const entries = isMap(files)
    ? [...files]
    : Object.entries(record(files, name, 'an object or a Map'));
  return entries.map(([file, content]): InputFile => {
    if (typeof file !== 'string') throw wrong(`the names of ${name}`, 'strings', file);
    const own = `${name}[${JSON.stringify(file)}]`;
    // A kustomization that is named in the way of Windows would not be taken for one.
    if (file.includes('\\')) throw new TypeError(`${own}: names are paths with /`);
    if (typeof content === 'string')
      return { name: file, bytes: new TextEncoder().encode(content) };
    if (isBytes(content)) return { name: file, bytes: ownBytes(content, own) };
    throw wrong(own, 'a string or a Uint8Array', content);
  });
}

/** The bytes, unless they have been sent away: then nothing is left of them, which would be an empty file. */
function ownBytes(content: Uint8Array, name: string): Uint8Array {
  const { buffer, byteOffset, byteLength } = content;
  if (byteLength === 0 && isDetached(buffer)) {
    throw new TypeError(`${name}: its bytes were transferred to another thread`);
  }
  // Another thread may change what is shared, and browsers decode none of it.
  if (tagOf(buffer) === 'SharedArrayBuffer') return Uint8Array.from(content);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function isDetached(buffer: ArrayBufferLike): boolean {
  try {
    return new Uint8Array(buffer).byteLength < 0;
  } catch {
    return true;
  }
}

/** What an option may be, and a test of it. */
export interface Kind {
  readonly expected: string;
  readonly is: (value: unknown) => boolean;
}

export const TEXT: Kind = { expected: 'a string', is: (value) => typeof value === 'string' };
export const FLAG: Kind = { expected: 'true or false', is: (value) => typeof value === 'boolean' };
export const FUNCTION: Kind = {
  expected: 'a function',
  is: (value) => typeof value === 'function',
};
export const OBJECT: Kind = { expected: 'an object', is: isRecord };

/** One of some words. */
export function oneOf(words: readonly string[]): Kind {
  return {
    expected: `one of ${words.join(', ')}`,
    is: (value) => typeof value === 'string' && words.includes(value),
  };
}

/** Text that matches a pattern. */
export function textLike(pattern: RegExp, expected: string): Kind {
  return { expected, is: (value) => typeof value === 'string' && pattern.test(value) };
}

/** A list of some kind. */
export function listOf({ expected, is }: Kind): Kind {
  return {
    expected: `a list, each item ${expected}`,
    is: (value) => Array.isArray(value) && value.every(is),
  };
}

/** A whole number from one on. */
export function wholeNumber(least: number): Kind {
  return {
    expected: `a whole number, ${least} or more`,
    is: (value) => Number.isInteger(value) && Number(value) >= least,
  };
}

/**
 * Checks the options of a call: each has its kind, and there are no others. An option that is undefined is
 * as if it were absent.
 *
 * @throws TypeError
 */
export function checkOptions(
  options: unknown,
  kinds: Readonly<Record<string, Kind>>,
  name = 'options',
): void {
  for (const [key, value] of Object.entries(record(options, name))) {
    const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
    if (kind === undefined) {
      const near = nearest(key, Object.keys(kinds));
      const hint =
        near === undefined ? `expected ${Object.keys(kinds).join(', ')}` : `did you mean ${near}?`;
      throw new TypeError(`${name}.${key} is not an option; ${hint}`);
    }
    if (value !== undefined && !kind.is(value)) throw wrong(`${name}.${key}`, kind.expected, value);
  }
}

/** @throws TypeError unless the value is a plain object. */
function record(
  value: unknown,
  name: string,
  expected = OBJECT.expected,
): Readonly<Record<string, unknown>> {
  if (isRecord(value)) return value;
  throw wrong(name, expected, value);
}

/** Of a class, or of an object that inherits from another, not everything is seen: what is inherited has no key. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.hasOwn(prototype, 'isPrototypeOf');
}

// Test runners and frames have classes of their own: `instanceof` does not know them.

/** The name of a class of the host. */
function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

function isMap(value: unknown): value is ReadonlyMap<unknown, unknown> {
  return tagOf(value) === 'Map';
}

export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && tagOf(value) === 'Uint8Array';
}

export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return tagOf(value) === 'ArrayBuffer';
}

/** The error of an argument that is something else than it has to be. */
export function wrong(name: string, expected: string, value: unknown): TypeError {
  return new TypeError(`${name} must be ${expected}, not ${what(value)}`);
}

function what(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return JSON.stringify(value.slice(0, MOST_SHOWN));
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'a list';
  if (tagOf(value) === 'Promise') return 'a Promise: await it';
  const name = Object.getPrototypeOf(value)?.constructor?.name ?? 'Object';
  return typeof value === 'function' ? 'a function' : `a value of ${name}`;
}

const MOST_SHOWN = 60;

/** The first of the mistakes in a file, with all of them. */
export function firstOf(errors: readonly UserError[]): UserError {
  const [first, ...others] = errors;
  if (first === undefined) throw new Error('there is no mistake');
  const { code, message, place } = first;
  const more = others.length === 0 ? '' : ` (and ${others.length} more: see errors)`;
  return new UserError(code, message + more, { ...(place && { place }), errors });
}

/** @throws TypeError */
export function checkText(value: unknown, name = 'text'): void {
  if (typeof value !== 'string') throw wrong(name, TEXT.expected, value);
}
