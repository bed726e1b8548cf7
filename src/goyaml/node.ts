import type { JsonValue } from '../kubernetes/json.ts';
import type { Span, Token } from './token.ts';

/**
 * A value, and where it is written. A tag or an anchor before a value is not part of its span, unless
 * the value is empty. A block collection ends with its last token, before comments.
 */
export interface Node extends Span {
  readonly value: JsonValue;
  /** How many nodes it has, with aliases expanded. */
  readonly size: number;
  readonly entries: Entries | undefined;
  readonly items: readonly Node[] | undefined;
  /** The token of a scalar without a tag. */
  readonly token: Token | undefined;
}

/** The pairs of a mapping, by key. */
export type Entries = ReadonlyMap<string, Entry>;

/** A pair of a mapping. */
export interface Entry {
  readonly key: Key;
  readonly node: Node;
  /** Where the key is written in the mapping itself; -1 if a merge added it. */
  readonly written: number;
}

/** A key as it is in JSON, and where it is written. */
export interface Key extends Span {
  readonly text: string;
  /** `1` and "1" are one key in JSON, but two in YAML. */
  readonly kind: 'a string' | 'a boolean' | 'an integer' | 'a float';
}

/** A key that is written twice in one mapping. The last one counts. */
export interface Duplicate {
  readonly key: string;
  readonly first: number;
  readonly last: number;
}

/** The node of an empty value: its span is that of the dash or the key before it. */
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

/** The node of a sequence. */
export function listNode(items: readonly Node[], { start, end }: Span): Node {
  let size = 1;
  const value: JsonValue[] = [];
  for (const item of items) {
    size += item.size;
    value.push(item.value);
  }
  return { value, start, end, size, entries: undefined, items, token: undefined };
}
