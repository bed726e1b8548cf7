import { UserError } from './errors.ts';
import type { InputFile } from './input.ts';
import { decode } from './manifest/decode.ts';

/**
 * Looks up the text of an input file, for quoting its lines.
 *
 * A file that is not text has none: nothing is quoted of it.
 */
export function sourceOf(files: readonly InputFile[]): (file: string) => string | undefined {
  const byName = new Map(files.map((file) => [file.name, file]));
  const bytesOf = (name: string) => {
    const file = byName.get(name);
    if (file === undefined) return renderedFrom(name, files);
    return 'error' in file ? undefined : file.bytes;
  };
  return (name) => {
    const bytes = bytesOf(name);
    if (bytes === undefined) return undefined;
    try {
      return decode(name, bytes);
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  };
}

/** The bytes of a file that an input was rendered from. */
function renderedFrom(name: string, files: readonly InputFile[]): Uint8Array | undefined {
  for (const file of files) {
    const bytes = 'error' in file ? undefined : file.rendered?.read(name);
    if (bytes !== undefined) return bytes;
  }
  return undefined;
}
