import { type Place, UserError } from '../errors.ts';
import { type Parsed, parse } from '../goyaml/parser.ts';
import { type Fault, Refusal } from '../goyaml/refusal.ts';
import type { JsonValue } from '../kubernetes/json.ts';
import { decode, encodingOf } from './decode.ts';
import { placesIn } from './place.ts';
import { type Chunk, split } from './split.ts';
import { isUnit, parseUnit, unitName } from './systemd/unit.ts';

/** What a file holds: its documents, and what is wrong with it. */
export interface Manifest {
  readonly documents: readonly ManifestDocument[];
  /** One for each document that cannot be read. */
  readonly errors: readonly UserError[];
  readonly warnings: readonly ManifestWarning[];
}

/** One document, with what it takes to find a place in it. */
export interface ManifestDocument {
  readonly file: string;
  /** 0-based among the file's documents, those that cannot be read included. */
  readonly index: number;
  /** Null for a document without content. */
  readonly value: JsonValue;
  readonly chunk: Chunk;
}

/** Something that Kubernetes reads in a way that its author may not expect. */
export interface ManifestWarning {
  readonly code: 'DUPLICATE_KEY';
  readonly message: string;
  readonly place: Place;
}

/**
 * Reads a file as kubectl and the API server do, or as systemd does if its name is that of a unit. It
 * never throws for what a file says.
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
    if ('reason' in read) {
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

/** Reads a chunk with the places of everything in it. */
export function readChunk({ text, isJson, unit, refusal }: Chunk): Parsed | Fault {
  if (refusal !== undefined) return { code: 'MANIFEST_SYNTAX', reason: refusal, offset: 0 };
  try {
    if (unit !== undefined) return { root: parseUnit(unit, text), duplicates: [] };
    if (!isJson) refuseStrangeCharacters(text);
    // kubectl ends the last line.
    return parse(isJson || text.endsWith('\n') ? text : `${text}\n`, isJson);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function unitChunk(file: string, text: string): Chunk {
  return { text, line: 1, column: 1, isJson: false, unit: unitName(file) };
}

// YAML's printable characters; a byte order mark within a document is not among them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const STRANGE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]/;

function refuseStrangeCharacters(text: string): void {
  const doubled = text.indexOf('\r\r\n');
  if (doubled >= 0) throw new Refusal('a line ends in CR CR LF: write one line end', doubled);
  const offset = text.search(STRANGE);
  if (offset < 0) return;
  const code = text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0');
  const reason = `it holds the character U+${code}, which may not stand in YAML: remove it`;
  throw new Refusal(reason, offset);
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
  { code, reason, offset }: Fault,
  { text }: Chunk,
  placeOf: (offset: number) => Place,
): UserError {
  const brace = text.indexOf('{{');
  if (brace < 0) {
    const message = `this document cannot be read: ${reason}`;
    return new UserError(code, message, { place: placeOf(offset) });
  }
  const message = `this is a template ({{ … }}), not a manifest: render it first (${reason})`;
  return new UserError('MANIFEST_TEMPLATE', message, { place: placeOf(brace) });
}

function duplicateKey(key: string, first: Place, last: Place): ManifestWarning {
  return {
    code: 'DUPLICATE_KEY',
    message: `the key ${key} is also at ${first.line}:${first.column}; the last one counts, as with kubectl: remove one`,
    place: last,
  };
}
