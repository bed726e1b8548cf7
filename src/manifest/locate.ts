import type { Path, Range } from '../errors.ts';
import type { Node } from '../goyaml/node.ts';
import { ReadingError } from '../goyaml/reading-error.ts';
import type { Span } from '../goyaml/token.ts';
import { placesIn } from './place.ts';
import { type ManifestDocument, readChunk } from './read.ts';

/** Finds ranges by path. It remembers the last document, so ask document by document. */
export type Locator = (document: ManifestDocument, path: Path) => Range;

/**
 * Makes a locator. Lines and columns are 1-based, columns are UTF-16 code units, and `endColumn` is the
 * column after the last character.
 *
 * A scalar or an item of a sequence is its value. A mapping or a sequence under a key is that key and
 * its value, up to the last token: no comments and blank lines after it. What is missing is the key of
 * its closest ancestor. What an alias or a merge key repeats is where it is written.
 *
 * Positions are not kept while reading: a document with findings is read again.
 */
export function createLocator(): Locator {
  let last: { document: ManifestDocument; rangeOf: (path: Path) => Range } | undefined;
  return (document, path) => {
    if (last?.document !== document) last = { document, rangeOf: rangesIn(document) };
    return last.rangeOf(path);
  };
}

/** The range of one path of a document. */
export function locate(document: ManifestDocument, path: Path): Range {
  return rangesIn(document)(path);
}

function rangesIn({ file, chunk }: ManifestDocument): (path: Path) => Range {
  const placeOf = placesIn(file, chunk);
  const rangeOf = ({ start, end }: Span): Range => {
    const { line: endLine, column: endColumn } = placeOf(end);
    return { ...placeOf(start), endLine, endColumn };
  };
  const read = readChunk(chunk);
  if (read instanceof ReadingError || read.root === undefined)
    return () => rangeOf({ start: 0, end: 0 });
  const { root } = read;
  return (path) => rangeOf(spanOf(root, path));
}

function spanOf(root: Node, path: Path): Span {
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
