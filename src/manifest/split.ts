import type { Encoding } from './decode.ts';

/** A part of a file that holds one document: an error in one leaves the others readable. */
export interface Chunk {
  readonly text: string;
  /** Where it starts in the file, 1-based. */
  readonly line: number;
  readonly column: number;
  /** JSON is read by JSON's rules, which differ from YAML's in what a string may hold. */
  readonly isJson: boolean;
  /** Why the chunk cannot be read, known from its separator already. */
  readonly refusal?: string;
}

/**
 * Splits a file as kubectl does (apimachinery util/yaml YAMLReader): a line that starts with `---`
 * and has nothing but blanks or a comment after it ends a document; anything else after it is
 * refused. A stream that starts with `{` is read as JSON values first.
 */
export function split(text: string, encoding: Encoding): readonly Chunk[] {
  // kubectl knows separators and braces by their UTF-8 bytes: it hands UTF-16 on in one piece.
  if (encoding === 'utf-16') return whole(text);
  // A byte order mark before the brace hides it from kubectl, which then reads YAML.
  return (encoding === 'utf-8' ? jsonStream(text) : undefined) ?? yamlStream(text);
}

function whole(text: string): readonly Chunk[] {
  const marker = /^---[ \t]*(?:\r?\n|$)/.exec(text)?.[0] ?? '';
  const rest = text.slice(marker.length);
  const line = marker === '' ? 1 : 2;
  return text === '' ? [] : [{ text: rest, line, column: 1, isJson: false }];
}

function yamlStream(text: string): readonly Chunk[] {
  const chunks: Chunk[] = [];
  const cursor = new Cursor(text);
  let start = 0;
  let hasLine = false; // whether kubectl has put anything into the document yet
  for (let position = 0; position < text.length; ) {
    const next = lineAfter(text, position);
    if (text.startsWith('---', position)) {
      if (position > start) chunks.push(cursor.chunk(start, position));
      const refusal = separatorFault(text.slice(position + 3, next), hasLine);
      if (refusal !== undefined) chunks.push({ ...cursor.chunk(position, position), refusal });
      // A separator before which there is nothing opens the document and belongs to it.
      hasLine = !hasLine;
      start = next;
    } else {
      hasLine = true;
    }
    position = next;
  }
  if (text.length > start) chunks.push(cursor.chunk(start, text.length));
  return chunks;
}
