import { UserError } from '../errors.ts';
import type { InputFile } from '../input.ts';
import { decode } from '../manifest/decode.ts';

/**
 * Looks up the text of an input file, for quoting its lines.
 *
 * A file that is not text has none: nothing is quoted of it.
 */
export function sourceOf(files: readonly InputFile[]): (file: string) => string | undefined {
  const byName = new Map(files.map((file) => [file.name, file]));
  return (name) => {
    const file = byName.get(name);
    if (file === undefined || 'error' in file) return undefined;
    try {
      return decode(name, file.bytes);
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  };
}
