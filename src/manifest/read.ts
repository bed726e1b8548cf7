import { type Place, UserError } from '../errors.ts';
import { type Parsed, parse } from '../goyaml/parser.ts';
import { ReadingError } from '../goyaml/reading-error.ts';
import type { JsonValue } from '../kubernetes/json.ts';
import { decode, encodingOf } from './decode.ts';
import { placesIn } from './place.ts';
import { type Chunk, split } from './split.ts';
import { isUnit, parseUnit, unitName } from './systemd/unit.ts';

/** The documents of a file, and what is wrong with it. */
export interface Manifest {
  readonly documents: readonly ManifestDocument[];
  /** One for each unreadable document. */
  readonly errors: readonly UserError[];
  readonly warnings: readonly ManifestWarning[];
}

/** One document, and its text, to find places in it. */
export interface ManifestDocument {
  readonly file: string;
  /** 0-based among the documents of the file, the unreadable ones included. */
  readonly index: number;
  /** Null for a document without content. */
  readonly value: JsonValue;
  readonly chunk: Chunk;
}

/** Something that Kubernetes may read in another way than its author expects. */
export interface ManifestWarning {
  readonly code: 'DUPLICATE_KEY';
  readonly message: string;
  readonly place: Place;
}

/**
 * Reads a file as kubectl and the API server do, or as systemd does if it has the name of a unit. It
 * never throws, whatever the file contains.
 */
export function readManifest(file: string, bytes: Uint8Array): Manifest {
  const text = tryDecode(file, bytes);
  if (text instanceof UserError) return { documents: [], errors: [text], warnings: [] };
  const documents: ManifestDocument[] = [];
  const errors: UserError[] = [];
  const warnings: ManifestWarning[] = [];
  const chunks = isUnit(file) ? [unitChunk(file, text)] : split(text, encodingOf(bytes));
  chunks.forEach((chunk, index) => {
    const placeOf = placesIn(file, chunk);
    const read = readChunk(chunk);
    if (read instanceof ReadingError) {
      errors.push(errorOf(read, chunk, placeOf));
      return;
    }
    const { root, duplicates } = read;
    documents.push({ file, index, value: root?.value ?? null, chunk });
    for (const { key, first, last } of duplicates) {
      warnings.push(duplicateKey(key, placeOf(first), placeOf(last)));
    }
  });
  return { documents, errors, warnings };
}

/** Reads a chunk, with the place of every value. */
export function readChunk({ text, isJson, unit, rejection }: Chunk): Parsed | ReadingError {
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

function unitChunk(file: string, text: string): Chunk {
  return { text, line: 1, column: 1, isJson: false, unit: unitName(file) };
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

function tryDecode(file: string, bytes: Uint8Array): string | UserError {
  try {
    return decode(file, bytes);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

function errorOf(
  { code, message, offset }: ReadingError,
  { text }: Chunk,
  placeOf: (offset: number) => Place,
): UserError {
  const line = text.search(TEMPLATE);
  if (line >= 0) {
    return new UserError('MANIFEST_TEMPLATE', NOT_RENDERED, {
      place: placeOf(text.indexOf('{{', line)),
    });
  }
  return new UserError(code, `cannot read this document: ${message}`, { place: placeOf(offset) });
}

/** A line with `{{`. In quotes or in a comment, it is not what makes a document unreadable. */
const TEMPLATE = /^[^"'#\r\n]*(?:(?:"[^"\r\n]*"|'[^'\r\n]*')[^"'#\r\n]*)?\{\{/m;

const NOT_RENDERED =
  'this is a Helm or Go template, not a manifest: render it first (helm template … | bulkhead check -)';

function duplicateKey(key: string, first: Place, last: Place): ManifestWarning {
  return {
    code: 'DUPLICATE_KEY',
    message: `duplicate key ${key} (also at ${first.line}:${first.column}): kubectl keeps the last one. Remove one`,
    place: last,
  };
}
