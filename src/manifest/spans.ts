import type { Path } from '../errors.ts';
import type { Node } from '../goyaml/node.ts';
import type { Span } from '../goyaml/token.ts';

/** Returns where the value at a path is written in its chunk; where its closest ancestor is, if it is missing. */
export function spanOf(root: Node, path: Path): Span {
  let node = root;
  let span: Span = root;
  let head = headOf(root);
  for (const step of path) {
    const entry = typeof step === 'string' ? node.entries?.get(step) : undefined;
    const next = typeof step === 'number' ? node.items?.[step] : entry?.node;
    if (next === undefined) return head;
    const isScalar = next.entries === undefined && next.items === undefined;
    const key = isScalar ? undefined : entry?.key;
    span = key === undefined ? next : fromKey(key, next);
    head = key ?? headOf(next);
    node = next;
  }
  return span;
}

/** A key with its value; without it if the value is that of an alias, which is written before the key. */
function fromKey(key: Span, { start, end }: Span): Span {
  return start < key.start ? key : { start: key.start, end };
}

/** What to show of a value without a key where something in it is missing: its first key or character. */
function headOf(node: Node): Span {
  if (node.entries === undefined && node.items === undefined) return node;
  const [first] = node.entries?.values() ?? [];
  const key = first?.key;
  return key?.start === node.start ? key : { start: node.start, end: node.start + 1 };
}

/** Returns the node at a path; undefined if there is none. */
export function nodeAt(root: Node, path: Path): Node | undefined {
  let node: Node | undefined = root;
  for (const step of path) {
    node = typeof step === 'number' ? node?.items?.[step] : node?.entries?.get(step)?.node;
  }
  return node;
}
