import { type Path, type Place, type Range, UserError } from '../errors.ts';
import type { Duplicate } from '../goyaml/node.ts';
import { ReadingError } from '../goyaml/reading-error.ts';
import type { JsonValue } from '../kubernetes/json.ts';
import { decode, encodingOf } from './decode.ts';
import { parseChunk } from './parse.ts';
import { rangesOf } from './ranges.ts';
import { isMachineFile } from './registration/machine-files.ts';
import { bytesMayHaveRootKey, hasRootKeyWord, mayHaveRootKey } from './root-keys.ts';
import { type Chunk, split } from './split.ts';
import { isUnit, unitName } from './systemd/names.ts';

/** The documents of a file, and what is wrong with it. */
export interface Manifest {
  readonly documents: readonly ManifestDocument[];
  /** One for each document that cannot be read, and may be a manifest. */
  readonly errors: readonly UserError[];
  /** One for each document that cannot be read, and is certain to be something else. */
  readonly others: readonly Other[];
  readonly warnings: readonly ManifestWarning[];
}

/** A document that cannot be read, and is no manifest. */
export interface Other {
  readonly error: UserError;
  readonly text: string;
}

/** One document, and its text, to find places in it. */
export interface ManifestDocument {
  readonly file: string;
  /** 0-based among the documents of the file, the unreadable ones included. */
  readonly index: number;
  /** Null for a document without content. */
  readonly value: JsonValue;
  readonly chunk: Chunk;
  /** Where it comes from, if it is a part of another document. */
  readonly origin?: Origin;
  /** How it was made, if Helm or kustomize printed it. */
  readonly rendering?: Rendering;
}

/** How a text was rendered, which has the name of no file. */
export interface Rendering {
  /** The namespace that its objects are installed in, if they name none. */
  readonly namespace: string | undefined;
  readonly sourceOf: FindSource;
}

/**
 * Finds where the files that a text was rendered from have what is at a place of it, or at a path of one of its
 * documents, if that is known.
 */
export type FindSource = (
  place: Place,
  at?: { readonly document: ManifestDocument; readonly path: Path },
) => Range | undefined;

/** Where in another document a document comes from. */
export interface Origin {
  readonly host: ManifestDocument;
  /** The name of the file that it becomes: what it is depends on it. */
  readonly name: string;
  /** Its text is, or is encoded in, the scalar at this path of the host. */
  readonly path: Path;
  /** Whether its text is the scalar as it is, so that what is in it has places of its own. */
  readonly isAsWritten: boolean;
  /** If it was put together of values there, as a JSON Patch does: it has no text of its own. */
  readonly composed?: Composition;
}

/** Where the values of a document without a text are. */
export interface Composition {
  /** Where in the host a path of the document is. */
  readonly pathOf: (path: Path) => Path;
  /** Operations of a patch of which the result is not known. */
  readonly unknown: readonly Path[];
}

/** Something that Kubernetes may read in another way than its author expects. */
export interface ManifestWarning {
  readonly code: 'DUPLICATE_KEY';
  readonly message: string;
  readonly place: Place;
  /** The index of its document. */
  readonly index: number;
}

/**
 * Reads a file as kubectl and the API server do, or as systemd does if it has the name of a unit. It
 * never throws, whatever the file contains.
 */
export function readManifest(file: string, bytes: Uint8Array, rendering?: Rendering): Manifest {
  const text = tryDecode(file, bytes);
  if (text instanceof UserError) {
    const isNamed = rendering === undefined && (isUnit(file) || isMachineFile(file));
    const unread =
      isNamed || bytesMayHaveRootKey(bytes)
        ? { errors: [text], others: [] }
        : { errors: [], others: [{ error: text, text: '' }] };
    return { documents: [], ...unread, warnings: [] };
  }
  const isUnitFile = rendering === undefined && isUnit(file);
  const chunks = isUnitFile ? [unitChunk(file, text)] : split(text, encodingOf(bytes));
  const manifest = readChunks(chunks, { file, text });
  if (rendering === undefined) return manifest;
  const documents = manifest.documents.map((document) => ({ ...document, rendering }));
  return { ...manifest, documents };
}

/** The name of the file that a document is, where that says what the document is: rendered text has none. */
export function fileNameOf({ file, origin, rendering }: ManifestDocument): string {
  return origin?.name ?? (rendering === undefined ? file : '');
}

/** Reads a text that is in a document, as the file that it becomes. */
export function readText(text: string, origin: Origin): Manifest {
  const { name, host } = origin;
  const chunks = isUnit(name) ? [unitChunk(name, text)] : split(text, 'utf-8');
  return readChunks(chunks, { file: host.file, text, origin });
}

interface Whole {
  readonly file: string;
  readonly text: string;
  readonly origin?: Origin;
}

function readChunks(chunks: readonly Chunk[], { file, text, origin }: Whole): Manifest {
  const documents: ManifestDocument[] = [];
  const errors: UserError[] = [];
  const others: Other[] = [];
  const warnings: ManifestWarning[] = [];
  chunks.forEach((chunk, index) => {
    const read = parseChunk(chunk);
    if (read instanceof ReadingError) {
      const error = errorOf(read, chunk, placesOf(file, chunk, origin));
      if (mayBeManifest(chunk, { file, text })) errors.push(error);
      else others.push({ error, text: chunk.text });
      return;
    }
    const { root, duplicates } = read;
    const document = { file, index, value: root?.value ?? null, chunk };
    documents.push(origin === undefined ? document : { ...document, origin });
    if (duplicates.length === 0) return;
    const placeOf = placesOf(file, chunk, origin);
    for (const duplicate of duplicates)
      warnings.push({ ...duplicateKey(duplicate, placeOf), index });
  });
  return { documents, errors, others, warnings };
}

/** Whether a chunk that cannot be read may be a manifest, or registers nodes by the name of its file. */
function mayBeManifest(chunk: Chunk, { file, text }: Whole): boolean {
  if (chunk.unit !== undefined || isMachineFile(file)) return true;
  // Between documents and in a directive, what is wrong may be about each of them.
  if (chunk.text === '' || chunk.text.startsWith('%')) return hasRootKeyWord(text);
  return chunk.rejection === undefined ? mayHaveRootKey(chunk.text) : hasRootKeyWord(chunk.text);
}

/** Returns where the characters of a chunk are written. */
function placesOf(file: string, chunk: Chunk, origin?: Origin): (offset: number) => Place {
  const rangeOf = rangesOf(origin === undefined ? { file, chunk } : { file, chunk, origin });
  return (offset) => {
    const { line, column } = rangeOf({ start: offset, end: offset });
    return { file, line, column };
  };
}

function unitChunk(file: string, text: string): Chunk {
  return { text, start: 0, line: 1, column: 1, isJson: false, unit: unitName(file) };
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
  { text, rejection }: Chunk,
  placeOf: (offset: number) => Place,
): UserError {
  const line = text.search(TEMPLATE);
  if (line >= 0 && rejection === undefined) {
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

function duplicateKey(
  { key, first, last }: Duplicate,
  placeOf: (offset: number) => Place,
): Omit<ManifestWarning, 'index'> {
  const { line, column } = placeOf(first);
  return {
    code: 'DUPLICATE_KEY',
    message: `duplicate key ${key} (also at ${line}:${column}): kubectl keeps the last one. Remove one`,
    place: placeOf(last),
  };
}
