import { UserError } from '../errors.ts';

/**
 * The text of a file, in the encodings that Kubernetes reads: UTF-8, and UTF-16 with a byte order
 * mark.
 *
 * @throws UserError MANIFEST_ENCODING for bytes that are neither.
 */
export function decode(file: string, bytes: Uint8Array): string {
  try {
    // The decoder takes the byte order mark off.
    return new TextDecoder(encoding(bytes), { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UserError(
      'MANIFEST_ENCODING',
      'this is no text in UTF-8 or in UTF-16 with a byte order mark: save it as UTF-8',
      { place: { file, line: 1, column: 1 }, cause },
    );
  }
}

function encoding(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}
