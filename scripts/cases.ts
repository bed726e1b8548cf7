import { parse } from 'yaml';
import type { JsonObject, JsonValue } from '../src/kubernetes/json.ts';
import { isMap } from '../src/kubernetes/objects.ts';
import { writeYaml } from '../src/manifest/yaml.ts';
import { PARAMETERS } from '../src/policy/policy.ts';
import type { Profile } from '../src/profile/profile.ts';
import { readProfile } from '../src/profile/read.ts';

/** One row of a `cases.yaml`: a sentence about the policy, and an object that shows it. */
export interface Case {
  readonly name: string;
  /** Shown in the policy's README. */
  readonly docs: boolean;
  readonly object: JsonObject;
  readonly inventory: readonly JsonObject[];
  readonly profile: Profile;
  /** The parts of an admission request other than the object; empty for a file. */
  readonly request: JsonObject;
  /** A mistake of other tools that the row would catch. */
  readonly trap?: string;
  /** The exact findings, sorted by compareExpectations. */
  readonly expect: readonly Expectation[];
  /** The exact notes of the policy; undefined if the row does not state them. */
  readonly notes?: readonly NoteExpectation[];
}

/** An expected finding. */
export interface Expectation {
  readonly path: readonly (string | number)[];
  readonly msg: string;
}

/** An expected note. */
export interface NoteExpectation {
  readonly code: string;
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const ROW_KEYS = [...['name', 'docs', 'trap', 'object', 'inventory', 'request', 'expect', 'notes']];
const REQUEST_KEYS = ['userInfo', 'operation', 'oldObject'];
/** The parts of the profile that a row can replace, or remove with null. */
const PROFILE_KEYS: readonly string[] = PARAMETERS;

/**
 * Reads the rows of a `cases.yaml`.
 *
 * @param base the text of the profile that is used unless a row replaces parts of it.
 * @throws Error if a file cannot be used, or if the profile of a row is invalid.
 */
export function readCases(file: string, text: string, base: string): readonly Case[] {
  const value = parsed(file, text);
  if (!Array.isArray(value) || value.length === 0) throw invalid(file, 'is not a list of rows');
  const profile = parsed('the base profile', base);
  return value.map((row, index) => readRow(file, row, { index, profile }));
}

function parsed(file: string, text: string): JsonValue {
  try {
    // Rows share their roles, and files of rows are our own.
    return parse(text, { maxAliasCount: -1 });
  } catch (cause) {
    throw new Error(`${file} is not YAML`, { cause });
  }
}

/** Compares two findings, or two notes, of a case: their order. */
export function compareExpectations<T extends Expectation | NoteExpectation>(a: T, b: T): number {
  const [left = '', right = ''] = [a, b].map(
    (one) => `${JSON.stringify(one.path)} ${'msg' in one ? one.msg : one.message}`,
  );
  return left < right ? -1 : left === right ? 0 : 1;
}

function readRow(
  file: string,
  row: JsonValue,
  { index, profile }: { index: number; profile: JsonValue },
): Case {
  if (!isMap(row)) throw invalid(file, `row ${index + 1} is not a map`);
  const { name, docs, trap, object, inventory, request = {}, expect, notes } = row;
  if (typeof name !== 'string') throw invalid(file, `row ${index + 1} has no name`);
  const strange = Object.keys(row).find((key) => ![...ROW_KEYS, ...PROFILE_KEYS].includes(key));
  if (strange !== undefined) throw invalid(file, `"${name}" has the unknown key ${strange}`);
  if (!isMap(object)) throw invalid(file, `"${name}" has no object`);
  if (!Array.isArray(expect)) throw invalid(file, `"${name}" does not say what it expects`);
  if (!isRequest(request)) throw invalid(file, `"${name}" has a request with other keys`);
  return {
    name,
    docs: docs === true,
    object,
    inventory: Array.isArray(inventory) ? inventory.filter(isMap) : [],
    profile: profileOf(row, profile, `${file}: ${name}`),
    request,
    ...(typeof trap === 'string' && { trap }),
    ...(Array.isArray(notes) && {
      notes: notes.map((item) => note(file, name, item)).sort(compareExpectations),
    }),
    expect: expect.map((item) => expectation(file, name, item)).sort(compareExpectations),
  };
}

function profileOf(row: JsonObject, base: JsonValue, file: string): Profile {
  const parts = Object.entries(row).filter(([key]) => PROFILE_KEYS.includes(key));
  const whole = { ...(isMap(base) ? base : {}), ...Object.fromEntries(parts) };
  // A part that is null in a row is missing in its profile.
  const merged = Object.fromEntries(Object.entries(whole).filter(([, part]) => part !== null));
  const read = readProfile(file, writeYaml(merged));
  if (read.kind === 'profile') return read.profile;
  throw read.errors[0] ?? invalid(file, 'has a broken profile');
}

function expectation(file: string, name: string, item: JsonValue): Expectation {
  if (isMap(item) && Array.isArray(item['path']) && typeof item['msg'] === 'string') {
    return { path: pathOf(item['path']), msg: item['msg'] };
  }
  throw invalid(file, `"${name}" expects something without a path and msg`);
}

function note(file: string, name: string, item: JsonValue): NoteExpectation {
  if (isMap(item) && Array.isArray(item['path'])) {
    const { code, message } = item;
    if (typeof code === 'string' && typeof message === 'string') {
      return { code, path: pathOf(item['path']), message };
    }
  }
  throw invalid(file, `"${name}" expects a note without a code, path and message`);
}

function pathOf(steps: readonly JsonValue[]): readonly (string | number)[] {
  return steps.map((step) => (typeof step === 'number' ? step : String(step)));
}

function isRequest(value: JsonValue): value is JsonObject {
  return isMap(value) && Object.keys(value).every((key) => REQUEST_KEYS.includes(key));
}

function invalid(file: string, what: string): Error {
  return new Error(`${file} ${what}`);
}
