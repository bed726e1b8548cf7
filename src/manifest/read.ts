import { type Place, UserError } from '../errors.ts';
import { type Construction, type ConstructionFault, construct } from './construct.ts';
import { decode } from './decode.ts';
import { type Events, lex } from './events.ts';
import type { JsonValue } from './json.ts';
import { unpad } from './pad.ts';
import { placesIn } from './place.ts';
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
  /** 0-based among the file's documents. */
  readonly index: number;
  /** Null for a document without content. */
  readonly value: JsonValue;
  /** The text of the whole file. */
  readonly text: string;
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
  let text: string;
  try {
    text = decode(file, bytes);
  } catch (error) {
    if (error instanceof UserError) return { documents: [], errors: [error], warnings: [] };
    throw error;
  }
  const documents: ManifestDocument[] = [];
  const errors: UserError[] = [];
  const warnings: ManifestWarning[] = [];
  const placeOf = placesIn(file, text);
  split(text).forEach((chunk, index) => {
    const read = readChunk(chunk);
    const place = (offset: number) => placeOf(chunk.offset + offset);
    if ('reason' in read) {
      errors.push(error(read, chunk, place(read.offset)));
      return;
    }
    documents.push({ file, index, value: read.root?.value ?? null, text, chunk });
    for (const { key, first, last } of read.duplicates) {
      const [before, after] = [first, last].map((at) => place(unpad(read.padded, at)));
      if (before === undefined || after === undefined) continue;
      warnings.push({
        code: 'DUPLICATE_KEY',
        message: `the key ${key} is also on line ${before.line}; the last one counts, as with kubectl`,
        place: after,
      });
    }
  });
  return { documents, errors, warnings };
}

/** Reads a chunk with the places of everything in it. */
export function readChunk(chunk: Chunk): (Construction & Events) | ConstructionFault {
  if (chunk.badSeparator !== undefined) {
    const reason = `after --- only a comment may stand, not "${chunk.badSeparator}"`;
    return { reason, offset: 0 };
  }
  const strange = strangeCharacter(chunk.text);
  if (strange !== undefined) return strange;
  const lexed = lex(lexable(chunk.text));
  if ('reason' in lexed) return lexed;
  const built = construct(lexed);
  if (!('reason' in built)) return { ...built, ...lexed };
  return { ...built, offset: unpad(lexed.padded, built.offset) };
}

// YAML's printable characters; a byte order mark past the start of the file is not among them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const STRANGE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]/;

function strangeCharacter(text: string): ConstructionFault | undefined {
  const offset = text.search(STRANGE);
  if (offset < 0) return undefined;
  const code = text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0');
  return { reason: `the character U+${code} may not stand in YAML`, offset };
}

/** The same text, character by character, with what the lexer takes for something else replaced. */
function lexable(text: string): string {
  // To Kubernetes these end a line, and a comment with it.
  const lines = text.replaceAll(/[\u0085\u2028\u2029]/g, '\n');
  // In JSON a tab is a blank; in YAML it may not indent.
  return /^\s*\{/.test(lines) ? lines.replaceAll('\t', ' ') : lines;
}

function error(fault: ConstructionFault, { text }: Chunk, place: Place): UserError {
  if (text.includes('{{')) {
    return new UserError(
      'MANIFEST_TEMPLATE',
      `this is a template ({{ … }}), not a manifest: render it first (${fault.reason})`,
      { place },
    );
  }
  const code = fault.isTooLarge === true ? 'MANIFEST_TOO_LARGE' : 'MANIFEST_SYNTAX';
  return new UserError(code, `this document cannot be read: ${fault.reason}`, { place });
}
