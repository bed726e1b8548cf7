import type { JsonValue } from '../kubernetes/json.ts';
import type { Span, Token } from './token.ts';

/**
 * A value with the place of everything in it. A tag or an anchor before a value is not part of its
 * span, unless the value is empty; a block collection ends with its last token, before comments.
 */
export interface Node extends Span {
  readonly value: JsonValue;
  /** How many nodes it has, aliases expanded. */
  readonly size: number;
  readonly entries: Entries | undefined;
  readonly items: readonly Node[] | undefined;
  /** The scalar as written, if it has no tag. */
  readonly token: Token | undefined;
}

/** What a map holds, by key. */
export type Entries = ReadonlyMap<string, Entry>;

/** A value in a map, and where its key is written. */
export interface Entry {
  readonly key: Key;
  readonly node: Node;
  /** Where the key is written in the map itself; -1 if it is only merged into it. */
  readonly written: number;
}

/** A key as JSON has it, and as it was written. */
export interface Key extends Span {
  readonly text: string;
  /** `1` and "1" are one key of JSON, but two of YAML. */
  readonly kind: 'a string' | 'a boolean' | 'a whole number' | 'a fraction';
}

/** A key that is written twice in one map; the later counts. */
export interface Duplicate {
  readonly key: string;
  readonly first: number;
  readonly last: number;
}

/** The node of what is left out, which a dash, a key or a bracket stands for. */
export function nothingAt({ start, end }: Span): Node {
  return {
    value: null,
    start,
    end,
    size: 1,
    entries: undefined,
    items: undefined,
    token: undefined,
  };
}

/** The node of a list. */
export function listNode(items: readonly Node[], { start, end }: Span): Node {
  let size = 1;
  const value: JsonValue[] = [];
  for (const item of items) {
    size += item.size;
    value.push(item.value);
  }
  return { value, start, end, size, entries: undefined, items, token: undefined };
}
