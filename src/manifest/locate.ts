import type { Path, Place, Range, RenderedPlace } from '../errors.ts';
import { ReadingError } from '../goyaml/reading-error.ts';
import { parseChunk } from './parse.ts';
import { rangesOf } from './ranges.ts';
import type { ManifestDocument, Rendering } from './read.ts';
import { spanOf } from './spans.ts';

/** Finds ranges by path. It remembers the last document, so ask document by document. */
export type Locator = (document: ManifestDocument, path: Path) => Range;

/**
 * Makes a locator. Lines and columns are 1-based, columns are UTF-16 code units, and `endColumn` is the
 * column after the last character.
 *
 * A scalar or an item of a sequence is its value. A mapping or a sequence under a key is that key and
 * its value, up to the last token: no comments and blank lines after it. What is missing is the key of
 * its closest ancestor. What an alias or a merge key repeats is where it is written. What comes of a chart or
 * kustomization is where its files have it, if that is known.
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

function rangesIn(document: ManifestDocument): (path: Path) => Range {
  const { origin } = document;
  if (origin?.composed !== undefined) {
    const { host, composed } = origin;
    const inHost = rangesIn(host);
    return (path) => inHost(composed.pathOf(path));
  }
  const inText = rangesInText(document);
  const rendering = renderingOf(document);
  if (rendering === undefined) return inText;
  return (path) => {
    const range = inText(path);
    const source = rendering.sourceOf(range, { document, path });
    return { ...(source ?? range), rendered: renderedAt(range) };
  };
}

/** A place of a rendered text, as what a place in a source keeps of it. */
export function renderedAt({ file: input, ...place }: Place): RenderedPlace {
  return { input, ...place };
}

function renderingOf({ rendering, origin }: ManifestDocument): Rendering | undefined {
  return origin === undefined ? rendering : renderingOf(origin.host);
}

function rangesInText(document: ManifestDocument): (path: Path) => Range {
  const rangeOf = rangesOf(document);
  const read = parseChunk(document.chunk);
  if (read instanceof ReadingError || read.root === undefined)
    return () => rangeOf({ start: 0, end: 0 });
  const { root } = read;
  return (path) => rangeOf(spanOf(root, path));
}
