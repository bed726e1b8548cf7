/** A part of a file that holds one document: an error in one leaves the others readable. */
export interface Chunk {
  readonly text: string;
  /** Where it starts in the text of the file, in UTF-16 units. */
  readonly offset: number;
  /** A separator line that Kubernetes refuses, in whose place the chunk stands. */
  readonly badSeparator?: string;
}

/**
 * Splits a file as kubectl does (apimachinery util/yaml YAMLReader): a line that starts with `---`
 * and has nothing but blanks or a comment after it ends a document; anything else after it is
 * refused. A stream that starts with `{` is read as JSON values first.
 */
export function split(text: string): readonly Chunk[] {
  return jsonStream(text) ?? yamlStream(text);
}

function yamlStream(text: string): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let start = 0;
  let position = 0;
  const end = (at: number) => {
    if (at > start) chunks.push({ text: text.slice(start, at), offset: start });
  };
  while (position < text.length) {
    const newline = text.indexOf('\n', position);
    const next = newline < 0 ? text.length : newline + 1;
    if (text.startsWith('---', position)) {
      const rest = text.slice(position + 3, next).trim();
      end(position);
      start = next;
      if (rest !== '' && !rest.startsWith('#')) {
        chunks.push({ text: '', offset: position, badSeparator: rest });
      }
    }
    position = next;
  }
  end(text.length);
  return chunks;
}

/** The values of a JSON stream, or undefined if the text is none. */
function jsonStream(text: string): readonly Chunk[] | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  const chunks: Chunk[] = [];
  let start = 0;
  for (let end = valueEnd(text, start); end > start; end = valueEnd(text, start)) {
    const value = text.slice(start, end);
    if (!isJson(value)) return undefined;
    chunks.push({ text: value, offset: start });
    start = end;
  }
  return text.slice(start).trim() === '' && chunks.length > 0 ? chunks : undefined;
}

/** The end of the object or list that starts at or after a position; the position if there is none. */
function valueEnd(text: string, from: number): number {
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]]/gs;
  token.lastIndex = from;
  let depth = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    if (match[0] === '{' || match[0] === '[') depth += 1;
    else if (match[0] === '}' || match[0] === ']') depth -= 1;
    if (depth <= 0) return token.lastIndex;
  }
  return from;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // read as YAML instead
  }
}
