import type { Range } from '../errors.ts';
import type { Node } from '../goyaml/node.ts';
import { ReadingError } from '../goyaml/reading-error.ts';
import type { Span } from '../goyaml/token.ts';
import { parseChunk } from './parse.ts';
import { placesIn } from './place.ts';
import type { ManifestDocument, Origin } from './read.ts';
import { scalarOffsets } from './scalar-offsets.ts';
import { nodeAt } from './spans.ts';

/** What the places in a document depend on. */
export type Placed = Pick<ManifestDocument, 'file' | 'chunk' | 'origin'>;

/**
 * Returns where the parts of a document's chunk are written in its file. In a text that another document has in
 * a form in which single characters have no place, such as base64, each part is where all of the text is.
 *
 * Nothing is searched before the first call: a text without findings costs nothing.
 */
export function rangesOf({ file, chunk, origin }: Placed): (span: Span) => Range {
  if (origin !== undefined) return rangesWithin(origin, chunk.start);
  const placeOf = placesIn(file, chunk);
  return ({ start, end }) => {
    const { line: endLine, column: endColumn } = placeOf(end);
    return { ...placeOf(start), endLine, endColumn };
  };
}

function rangesWithin(origin: Origin, from: number): (span: Span) => Range {
  let written: Written | undefined;
  return ({ start, end }) => {
    written ??= writtenAs(origin);
    const { span, offsets, rangeOf } = written;
    if (offsets === undefined) return rangeOf(span);
    const at = (offset: number) => offsets[Math.min(from + offset, offsets.length - 1)] ?? 0;
    return rangeOf({ start: at(start), end: at(end) });
  };
}

/** How the host of a text has it written. */
interface Written {
  readonly rangeOf: (span: Span) => Range;
  readonly span: Span;
  /** Where each character of the text is, and where it ends; undefined if that is not known. */
  readonly offsets: readonly number[] | undefined;
}

function writtenAs({ host, path, isAsWritten }: Origin): Written {
  const { rangeOf, root } = readAgain(host);
  const scalar = root && nodeAt(root, path);
  if (scalar === undefined) return { rangeOf, span: { start: 0, end: 0 }, offsets: undefined };
  const offsets = isAsWritten ? scalarOffsets(host.chunk.text, scalar) : undefined;
  return { rangeOf, span: scalar, offsets };
}

/** A host, as it is read again to find places in it. */
interface Host {
  readonly document: ManifestDocument;
  readonly rangeOf: (span: Span) => Range;
  readonly root: Node | undefined;
}

/** Many texts have one host, and are read one after the other: it is kept. */
let last: Host | undefined;

function readAgain(document: ManifestDocument): Host {
  if (last?.document === document) return last;
  const read = parseChunk(document.chunk);
  const root = read instanceof ReadingError ? undefined : read.root;
  last = { document, rangeOf: rangesOf(document), root };
  return last;
}
