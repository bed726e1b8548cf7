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
  const entries = files instanceof Map ? [...files] : Object.entries(record(files, name));
  return entries.map(([file, content]): InputFile => {
    if (typeof file !== 'string') throw wrong(`the names of ${name}`, 'strings', file);
    if (typeof content === 'string')
      return { name: file, bytes: new TextEncoder().encode(content) };
    if (content instanceof Uint8Array) return { name: file, bytes: content };
    throw wrong(`${name}[${JSON.stringify(file)}]`, 'a string or a Uint8Array', content);
  });
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

/** @throws TypeError unless the value is an object, and no list, map or class of the host. */
function record(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (isRecord(value)) return value;
  throw wrong(name, 'an object', value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !(value instanceof Map || value instanceof Promise || ArrayBuffer.isView(value));
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
  if (value instanceof Promise) return 'a Promise: await it';
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
