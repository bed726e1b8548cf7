import type { Path, Place } from '../errors.ts';
import type { Node } from '../goyaml/node.ts';
import { placesIn } from './place.ts';
import { type ManifestDocument, readChunk } from './read.ts';

/** Finds places by path; it remembers the last document, so that paths are best asked in order. */
export type Locator = (document: ManifestDocument, path: Path) => Place;

/**
 * Makes a locator: of a path it says where the value is written if that is a scalar or an item of a
 * list, and where the key is if it is a map or a list under one. What is missing is shown at its
 * closest ancestor, what an alias or a merge repeats where it is written.
 *
 * Positions are not kept while reading: a document with findings is read again.
 */
export function createLocator(): Locator {
  let last: { document: ManifestDocument; place: (path: Path) => Place } | undefined;
  return (document, path) => {
    if (last?.document !== document) last = { document, place: placesOf(document) };
    return last.place(path);
  };
}

/** The place of one path of a document. */
export function locate(document: ManifestDocument, path: Path): Place {
  return placesOf(document)(path);
}

function placesOf({ file, chunk }: ManifestDocument): (path: Path) => Place {
  const placeOf = placesIn(file, chunk);
  const read = readChunk(chunk);
  if ('reason' in read || read.root === undefined) return () => placeOf(0);
  const { root } = read;
  return (path) => placeOf(offsetOf(root, path));
}

function offsetOf(root: Node, path: Path): number {
  let node = root;
  let offset = root.start;
  for (const step of path) {
    const entry = typeof step === 'string' ? node.entries?.get(step) : undefined;
    const next = typeof step === 'number' ? node.items?.[step] : entry?.node;
    if (next === undefined) return offset;
    const isScalar = next.entries === undefined && next.items === undefined;
    offset = entry === undefined || isScalar ? next.start : entry.key.start;
    node = next;
  }
  return offset;
}
