import type { Range } from '../errors.ts';
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
  const rangeOf = rangesOf(origin.host);
  return ({ start, end }) => {
    written ??= writtenAs(origin);
    const { span, offsets } = written;
    if (offsets === undefined) return rangeOf(span);
    const at = (offset: number) => offsets[Math.min(from + offset, offsets.length - 1)] ?? 0;
    return rangeOf({ start: at(start), end: at(end) });
  };
}

/** How the host of a text has it written. */
interface Written {
  readonly span: Span;
  /** Where each character of the text is, and where it ends; undefined if that is not known. */
  readonly offsets: readonly number[] | undefined;
}

function writtenAs({ host, path, isAsWritten }: Origin): Written {
  const read = parseChunk(host.chunk);
  const root = read instanceof ReadingError ? undefined : read.root;
  const scalar = root && nodeAt(root, path);
  if (scalar === undefined) return { span: { start: 0, end: 0 }, offsets: undefined };
  return {
    span: scalar,
    offsets: isAsWritten ? scalarOffsets(host.chunk.text, scalar) : undefined,
  };
}
