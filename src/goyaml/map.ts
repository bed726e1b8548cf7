import type { JsonValue } from '../kubernetes/json.ts';
import type { Duplicate, Entry, Key, Node } from './node.ts';
import { ReadingError } from './reading-error.ts';
import { numberKey } from './scalar-value.ts';
import { type Span, TOKEN } from './token.ts';

/** A mapping that is being read. */
export interface MapBuilder {
  readonly entries: Map<string, Entry>;
  readonly value: Record<string, JsonValue>;
  readonly start: number;
  size: number;
}

/** Starts a mapping. */
export function mapBuilder(start: number): MapBuilder {
  return { entries: new Map(), value: {}, start, size: 1 };
}

/** The node of a mapping that was read. */
export function mapNode({ entries, value, start, size }: MapBuilder, end: number): Node {
  return { value, start, end, size, entries, items: undefined, token: undefined };
}

/** Adds a pair to a mapping. Returns the duplicate if the mapping already has the key. */
export function addPair(map: MapBuilder, key: Key, node: Node): Duplicate | undefined {
  const first = map.entries.get(key.text)?.written ?? -1;
  put(map, { key, node, written: key.start });
  return first < 0 ? undefined : { key: key.text, first, last: key.start };
}

/**
 * Merges mappings into a mapping. In goyaml a merge overrides the keys before it; by the YAML
 * specification it would not.
 *
 * @param offset where the merge is written, for errors.
 */
export function mergeInto(map: MapBuilder, merged: Node, offset: number): void {
  // The first mapping of a sequence wins, so it is merged last.
  const sources = merged.items === undefined ? [merged] : [...merged.items].reverse();
  for (const { entries } of sources) {
    if (entries === undefined) {
      throw new ReadingError(
        'a merge key (<<) needs a mapping: write one, or quote the key',
        offset,
      );
    }
    for (const [text, { key, node }] of entries) {
      put(map, { key, node, written: map.entries.get(text)?.written ?? -1 });
    }
  }
}

/** How many pairs a merge adds. */
export function mergedSize({ entries, items }: Node): number {
  if (items === undefined) return entries?.size ?? 0;
  return items.reduce((sum, item) => sum + (item.entries?.size ?? 0), 0);
}

/** Whether a key is a merge key. */
export function isMerge({ token }: Node): boolean {
  return token !== undefined && token.type === TOKEN.PLAIN && token.text === '<<';
}

/**
 * Converts a node to a key.
 *
 * @param span where it is written: for an alias, not where its value is.
 */
export function keyOf({ value, token, entries, items }: Node, { start, end }: Span): Key {
  if (typeof value === 'string') return { text: value, kind: 'a string', start, end };
  if (typeof value === 'boolean') return { text: String(value), kind: 'a boolean', start, end };
  if (entries !== undefined || items !== undefined) {
    throw new ReadingError('a key must be a scalar, not a mapping or a sequence: quote it', start);
  }
  const number =
    typeof value === 'number' && token !== undefined ? numberKey(token.text, value) : undefined;
  if (number !== undefined) return { ...number, start, end };
  throw new ReadingError('a key must be a string, a boolean or a number: quote it', start);
}

function put(map: MapBuilder, entry: Entry): void {
  const { text, kind, start } = entry.key;
  const before = map.entries.get(text);
  // Of two YAML keys that are the same in JSON, Kubernetes keeps one at random.
  if (before !== undefined && (before.key.kind !== kind || kind === 'a float')) {
    const reason = `key ${text} is given as ${before.key.kind} and as ${kind}: remove one`;
    throw new ReadingError(reason, start);
  }
  map.entries.set(text, entry);
  map.size += entry.node.size;
  if (text === '__proto__') define(map.value, text, entry.node.value);
  else map.value[text] = entry.node.value;
}

// An assignment would set the prototype, and the key would be lost.
function define(object: Record<string, JsonValue>, key: string, value: JsonValue): void {
  Object.defineProperty(object, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
