import type { InputFile } from '../check.ts';

/**
 * Looks up the text of an input file, for quoting its lines.
 *
 * A file that is not text has none: nothing is quoted of it.
 */
export function sourceOf(files: readonly InputFile[]): (file: string) => string | undefined {
  const byName = new Map(files.map((file) => [file.name, file]));
  return (name) => {
    const file = byName.get(name);
    return file === undefined || 'error' in file ? undefined : decoded(file.bytes);
  };
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}
