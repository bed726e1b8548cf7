import type { Path } from '../errors.ts';

/** Writes a path into an object: `spec.tolerations[0]`, with `[*]` for the step `*`. */
export function pathText(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number' || step === '*') return `[${step}]`;
      if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}

/** A step of a path: a word, an index or `*`, or a key in quotes. */
const STEP = /\.?([A-Za-z_$][\w$-]*)|\[(\d+|\*)\]|\[("(?:[^"\\]|\\.)*")\]/g;

/** Reads a path as `pathText` writes it; undefined for anything else. */
export function pathIn(text: string): Path | undefined {
  const found = [...text.matchAll(STEP)];
  const isWhole = found.map(([step]) => step).join('') === text && !text.startsWith('.');
  return isWhole && found.length > 0 ? found.map(stepOf) : undefined;
}

function stepOf([, word, index, quoted]: RegExpMatchArray): string | number {
  if (word !== undefined) return word;
  if (index !== undefined) return index === '*' ? index : Number(index);
  try {
    return String(JSON.parse(quoted ?? ''));
  } catch {
    return quoted ?? ''; // an escape that JSON does not have: no field has this name
  }
}
