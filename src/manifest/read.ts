import { type Place, UserError } from '../errors.ts';
import { type Construction, construct } from './construct.ts';
import { decode, encodingOf } from './decode.ts';
import { type Events, type Fault, lex } from './events.ts';
import type { JsonValue } from './json.ts';
import { unpad } from './pad.ts';
import { placesIn } from './place.ts';
import { isBlank, lineAfter } from './scan.ts';
import { type Chunk, split } from './split.ts';

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
  /** The line of its first content, 1-based; without content, the line where it starts. */
  readonly line: number;
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

/** Reads a file as kubectl and the API server do. It never throws for what a file says. */
export function readManifest(file: string, bytes: Uint8Array): Manifest {
  const text = tryDecode(file, bytes);
  if (text instanceof UserError) return { documents: [], errors: [text], warnings: [] };
  const documents: ManifestDocument[] = [];
  const errors: UserError[] = [];
  const warnings: ManifestWarning[] = [];
  split(text, encodingOf(bytes)).forEach((chunk, index) => {
    const placeOf = placesIn(file, chunk);
    const read = readChunk(chunk);
    if ('reason' in read) {
      errors.push(errorOf(read, chunk, placeOf));
      return;
    }
    const { root, duplicates, padded } = read;
    const place = (offset: number) => placeOf(unpad(padded, offset));
    const line = root === undefined ? chunk.line : place(root.start).line;
    documents.push({ file, index, line, value: root?.value ?? null, chunk });
    for (const { key, first, last } of duplicates) {
      warnings.push(duplicateKey(key, place(first), place(last)));
    }
  });
  return { documents, errors, warnings };
}

/** Reads a chunk with the places of everything in it. */
export function readChunk(chunk: Chunk): (Construction & Events) | Fault {
  const { text, isJson, refusal } = chunk;
  if (refusal !== undefined) return { code: 'MANIFEST_SYNTAX', reason: refusal, offset: 0 };
  const lexable = isJson ? text : yamlOf(text);
  if (typeof lexable !== 'string') return lexable;
  const lexed = lex(lexable);
  if ('reason' in lexed) return lexed;
  const built = construct(lexed, chunk);
  return 'reason' in built ? built : { ...built, ...lexed };
}

// YAML's printable characters; a byte order mark within a document is not among them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const STRANGE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]/;

/** The same text, unit by unit and its last line ended, as the lexer reads it as Kubernetes does. */
function yamlOf(text: string): string | Fault {
  const fault = strangeCharacter(text) ?? strangeStart(text);
  if (fault !== undefined) return fault;
  // To Kubernetes these end a line, and a comment with it.
  const lines = text.replaceAll(/[\u0085\u2028\u2029]/g, '\n');
  // kubectl reads lines, and ends the last one.
  return text.endsWith('\n') ? lines : `${lines}\n`;
}

function strangeCharacter(text: string): Fault | undefined {
  const doubled = text.indexOf('\r\r\n');
  if (doubled >= 0) {
    const reason = 'a line ends in CR CR LF: write one line end';
    return { code: 'MANIFEST_SYNTAX', reason, offset: doubled };
  }
  const offset = text.search(STRANGE);
  if (offset < 0) return undefined;
  const code = text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0');
  const reason = `it holds the character U+${code}, which may not stand in YAML: remove it`;
  return { code: 'MANIFEST_SYNTAX', reason, offset };
}

/** What the lexer passes over, and Kubernetes stops at, when it stands before all content. */
function strangeStart(text: string): Fault | undefined {
  let offset = 0;
  while (offset < text.length && isBlank(text, offset)) offset = lineAfter(text, offset);
  if (/^(?:%|\.\.\.(?:\s|$))/.test(text.slice(offset, offset + 4))) {
    const reason = 'Kubernetes takes no % and no ... before the content: remove that line';
    return { code: 'MANIFEST_SYNTAX', reason, offset };
  }
  return undefined;
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
