import { type Parsed, parse } from '../goyaml/parser.ts';
import { ReadingError } from '../goyaml/reading-error.ts';
import type { Chunk } from './split.ts';
import { parseUnit } from './systemd/unit.ts';

/** Parses a chunk, with the place of every value. */
export function parseChunk({ text, isJson, unit, rejection }: Chunk): Parsed | ReadingError {
  if (rejection !== undefined) return new ReadingError(rejection, 0);
  try {
    if (unit !== undefined) return { root: parseUnit(unit, text), duplicates: [] };
    if (!isJson) rejectInvalidCharacters(text);
    // kubectl adds the last line break.
    return parse(isJson || text.endsWith('\n') ? text : `${text}\n`, isJson);
  } catch (error) {
    if (error instanceof ReadingError) return error;
    throw error;
  }
}

// Characters that YAML does not allow, a byte order mark within a document among them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this looks for
const INVALID = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]/;

function rejectInvalidCharacters(text: string): void {
  const doubled = text.indexOf('\r\r\n');
  if (doubled >= 0) throw new ReadingError('line break CR CR LF: use a single line break', doubled);
  const offset = text.search(INVALID);
  if (offset < 0) return;
  const code = text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0');
  const reason = `contains U+${code}, which YAML does not allow: remove it`;
  throw new ReadingError(reason, offset);
}
