import { UserError } from '../errors.ts';

/** How the text of a file is written; kubectl treats a file by it. */
export type Encoding = 'utf-8' | 'utf-8-bom' | 'utf-16';

/**
 * The text of a file, in the encodings that Kubernetes reads: UTF-8, and UTF-16 with a byte order
 * mark.
 *
 * @throws UserError MANIFEST_ENCODING for bytes that are neither.
 */
export function decode(file: string, bytes: Uint8Array): string {
  try {
    // The decoder takes the byte order mark off.
    return new TextDecoder(label(bytes), { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UserError(
      'MANIFEST_ENCODING',
      'this is no text in UTF-8 or in UTF-16 with a byte order mark: save it as UTF-8',
      { place: { file, line: 1, column: 1 }, cause },
    );
  }
}

/** The encoding that a file's first bytes say it has. */
export function encodingOf(bytes: Uint8Array): Encoding {
  if (label(bytes) !== 'utf-8') return 'utf-16';
  const [first, second, third] = bytes;
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8-bom' : 'utf-8';
}

function label(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}
