import type { JsonObject, JsonValue } from './json.ts';

/** A value with the place of everything in it. Offsets are in the text that was lexed. */
export interface Node {
  readonly value: JsonValue;
  readonly start: number;
  /** How many nodes it has, aliases expanded. */
  readonly size: number;
  readonly entries?: Entries;
  readonly items?: readonly Node[];
}

/** What a map holds, by key. */
export type Entries = ReadonlyMap<string, Entry>;

/** A value in a map, and where its key is written. */
export interface Entry {
  readonly key: Key;
  readonly node: Node;
}

/** A key as JSON has it, and as it was written. */
export interface Key {
  readonly text: string;
  /** `1` and "1" are one key of JSON, but two of YAML. */
  readonly kind: 'a string' | 'a boolean' | 'a number';
  readonly start: number;
}

/** A key that is written twice in one map; the later counts. */
export interface Duplicate {
  readonly key: string;
  readonly first: number;
  readonly last: number;
}

/** The value of a map. */
export function objectOf(entries: Entries): JsonObject {
  const value: Record<string, JsonValue> = {};
  for (const [key, { node }] of entries) {
    if (key === '__proto__') define(value, key, node.value);
    else value[key] = node.value;
  }
  return value;
}

// Assigned, it would be the prototype and vanish from the map.
function define(object: Record<string, JsonValue>, key: string, value: JsonValue): void {
  Object.defineProperty(object, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
