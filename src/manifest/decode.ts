import { UserError } from '../errors.ts';

/** The encoding of a file. kubectl splits a file depending on it. */
export type Encoding = 'utf-8' | 'utf-8-bom' | 'utf-16';

/**
 * Decodes a file in the encodings that Kubernetes reads: UTF-8, and UTF-16 with a byte order mark.
 *
 * @throws UserError MANIFEST_ENCODING for bytes that are neither.
 */
export function decode(file: string, bytes: Uint8Array): string {
  try {
    // The decoder removes the byte order mark.
    return new TextDecoder(label(bytes), { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UserError(
      'MANIFEST_ENCODING',
      'not UTF-8 text, nor UTF-16 with a byte order mark: save the file as UTF-8',
      { place: { file, line: 1, column: 1 }, cause },
    );
  }
}

/** The encoding of a file, by its first bytes. */
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
