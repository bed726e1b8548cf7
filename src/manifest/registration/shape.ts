import type { JsonObject } from '../../kubernetes/json.ts';

/** What a file without apiVersion and kind was taken for. */
export interface Shape {
  /** In words, after "taken for". */
  readonly what: string;
  /** The object that is checked: what the file says, with what tells its kind. */
  readonly value: JsonObject;
}

/** A document, as what it is can be recognised by. */
export interface Candidate {
  /** The name of its file, with its directories. */
  readonly name: string;
  readonly text: string;
}

/** Recognises what registers nodes, or contains what does, by the name and the keys of its file. */
export type Recognise = (value: JsonObject, candidate: Candidate) => Shape | undefined;

/** Returns the keys of a file as an object of one of Bulkhead's own kinds, with the name of the file. */
export function ownObject(
  kind: string,
  name: string,
  fields: JsonObject,
  facts: JsonObject = {},
): JsonObject {
  const metadata = { name: name.slice(name.lastIndexOf('/') + 1) };
  return { metadata, ...fields, ...facts, apiVersion: 'bulkhead.dev/v1', kind };
}

/** Whether an object has one of the keys. */
export function hasAny(value: JsonObject, keys: readonly string[]): boolean {
  return keys.some((key) => Object.hasOwn(value, key));
}
