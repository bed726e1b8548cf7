import type { JsonObject, JsonValue } from '../../kubernetes/json.ts';

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
export type Recognise<Value extends JsonValue = JsonObject> = (
  value: Value,
  candidate: Candidate,
) => Shape | undefined;

/** The API of the objects that Bulkhead makes of files without one. */
export const OWN_API = 'bulkhead.dev/v1';

/** The name of a file without its directories. */
export function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** Returns the keys of a file as an object of one of Bulkhead's own kinds. */
export function ownObject(
  kind: string,
  name: string,
  fields: JsonObject,
  facts: JsonObject = {},
): JsonObject {
  return { metadata: { name: baseName(name) }, ...fields, ...facts, apiVersion: OWN_API, kind };
}

/** Whether an object has one of the keys. */
export function hasAny(value: JsonObject, keys: readonly string[]): boolean {
  return keys.some((key) => Object.hasOwn(value, key));
}
