import type { JsonValue } from '../kubernetes/json.ts';
import type { Duplicate, Entry, Key, Node } from './node.ts';
import { Refusal } from './refusal.ts';
import { numberKey } from './scalar-value.ts';
import { type Span, TOKEN } from './token.ts';

/** A map that is being read. */
export interface MapBuilder {
  readonly entries: Map<string, Entry>;
  readonly value: Record<string, JsonValue>;
  readonly start: number;
  size: number;
}

/** Starts a map. */
export function mapBuilder(start: number): MapBuilder {
  return { entries: new Map(), value: {}, start, size: 1 };
}

/** The node of a map that was read. */
export function mapNode({ entries, value, start, size }: MapBuilder, end: number): Node {
  return { value, start, end, size, entries, items: undefined, token: undefined };
}

/** Puts a pair into a map; the duplicate that it makes, if its key is written there already. */
export function addPair(map: MapBuilder, key: Key, node: Node): Duplicate | undefined {
  const first = map.entries.get(key.text)?.written ?? -1;
  put(map, { key, node, written: key.start });
  return first < 0 ? undefined : { key: key.text, first, last: key.start };
}

/**
 * Merges maps into a map. A merge overrides what stands before it, as goyaml has it and no YAML
 * specification.
 *
 * @param offset where the merge is written.
 */
export function mergeInto(map: MapBuilder, merged: Node, offset: number): void {
  // The first map of a list counts most, so that it is merged last.
  const sources = merged.items === undefined ? [merged] : [...merged.items].reverse();
  for (const { entries } of sources) {
    if (entries === undefined) {
      throw new Refusal('a merge (<<) takes maps only: give it one, or quote it', offset);
    }
    for (const [text, { key, node }] of entries) {
      put(map, { key, node, written: map.entries.get(text)?.written ?? -1 });
    }
  }
}

/** How many pairs a merge brings. */
export function mergedSize({ entries, items }: Node): number {
  if (items === undefined) return entries?.size ?? 0;
  return items.reduce((sum, item) => sum + (item.entries?.size ?? 0), 0);
}

/** Whether a key merges what stands under it. */
export function isMerge({ token }: Node): boolean {
  return token !== undefined && token.type === TOKEN.PLAIN && token.text === '<<';
}

/**
 * What a node is as a key.
 *
 * @param span where it is written, which for an alias is not where its value is.
 */
export function keyOf({ value, token, entries, items }: Node, { start, end }: Span): Key {
  if (typeof value === 'string') return { text: value, kind: 'a string', start, end };
  if (typeof value === 'boolean') return { text: String(value), kind: 'a boolean', start, end };
  if (entries !== undefined || items !== undefined) {
    throw new Refusal('a key must be a word, not a map or a list: quote it', start);
  }
  const number =
    typeof value === 'number' && token !== undefined ? numberKey(token.text, value) : undefined;
  if (number !== undefined) return { ...number, start, end };
  throw new Refusal('a key must be a string, a boolean or a number: quote it', start);
}

function put(map: MapBuilder, entry: Entry): void {
  const { text, kind, start } = entry.key;
  const before = map.entries.get(text);
  // Of two keys that only JSON takes for one, Kubernetes keeps either.
  if (before !== undefined && (before.key.kind !== kind || kind === 'a fraction')) {
    const reason = `the key ${text} is there as ${before.key.kind} and as ${kind}: remove one`;
    throw new Refusal(reason, start);
  }
  map.entries.set(text, entry);
  map.size += entry.node.size;
  if (text === '__proto__') define(map.value, text, entry.node.value);
  else map.value[text] = entry.node.value;
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
