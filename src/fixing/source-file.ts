import { decode, encodingOf } from '../manifest/decode.ts';
import { type ManifestDocument, readManifest } from '../manifest/read.ts';

/** A file whose text can be edited. */
export interface SourceFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Without a byte order mark. */
  readonly text: string;
  readonly documents: readonly ManifestDocument[];
  /** How many documents could not be read. */
  readonly unread: number;
}

/** The bytes of the byte order mark. */
const MARK = [0xef, 0xbb, 0xbf];

/** Reads a file; undefined if it is not UTF-8. */
export function sourceFile(name: string, bytes: Uint8Array): SourceFile | undefined {
  if (encodingOf(bytes) === 'utf-16') return undefined;
  const { documents, errors, others } = readManifest(name, bytes);
  if (documents.length === 0) return undefined;
  const text = decode(name, bytes);
  return { name, bytes, text, documents, unread: errors.length + others.length };
}

/** The file with another text. */
export function withText({ name, bytes }: SourceFile, text: string): SourceFile | undefined {
  const own = new TextEncoder().encode(text);
  return sourceFile(name, encodingOf(bytes) === 'utf-8-bom' ? marked(own) : own);
}

function marked(bytes: Uint8Array): Uint8Array {
  const all = new Uint8Array(MARK.length + bytes.length);
  all.set(MARK);
  all.set(bytes, MARK.length);
  return all;
}
