import type { Path } from '../errors.ts';
import { ReadingError } from '../goyaml/reading-error.ts';
import { parseChunk } from '../manifest/parse.ts';
import type { ManifestDocument } from '../manifest/read.ts';
import { isEqual } from '../rendered/counterpart.ts';
import type { Edit } from '../report/report.ts';
import type { Written } from './place.ts';
import { edited, type TextEdit } from './text-edit.ts';
import { withEdit } from './values.ts';
import { writtenEdit } from './write.ts';

/** What edits make of a document. */
export interface EditedDocument {
  /** In the order in which they apply, each to the text that those before it have made. */
  readonly texts: readonly TextEdit[];
  /** What they do to the value of the document. */
  readonly edits: readonly Edit[];
}

/**
 * Finds the edits of a document's text that do what edits of an object in it say, and nothing else: read again, its
 * value is the one with the edits. Undefined if there are none.
 *
 * @param path where the object is in the document.
 */
export function editDocument(
  { chunk }: Pick<ManifestDocument, 'chunk'>,
  path: Path,
  edits: readonly Edit[],
): EditedDocument | undefined {
  if (chunk.unit !== undefined || (!chunk.isJson && OTHER_BREAK.test(chunk.text))) return undefined;
  const texts: TextEdit[] = [];
  const done: Edit[] = [];
  let { text } = chunk;
  let root = rootOf(text, chunk);
  for (const edit of edits) {
    const found = root && writtenEdit(root, { ...edit, path: [...path, ...edit.path] });
    if (root === undefined || found === undefined) return undefined;
    text = edited(text, found.text);
    const expected = withEdit(root.root.value, found.edit);
    root = rootOf(text, chunk);
    if (expected === undefined || !isEqual(root?.root.value, expected)) return undefined;
    texts.push(found.text);
    done.push(found.edit);
  }
  return { texts, edits: done };
}

/** Line breaks of YAML that are not those of an editor. */
const OTHER_BREAK = /\r(?!\n)|[\u0085\u2028\u2029]/;

function rootOf(text: string, chunk: ManifestDocument['chunk']): Written | undefined {
  const read = parseChunk({ ...chunk, text });
  if (read instanceof ReadingError || read.root === undefined || read.duplicates.length > 0)
    return undefined;
  return {
    text,
    root: read.root,
    isJson: chunk.isJson,
    lineBreak: /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n',
  };
}
