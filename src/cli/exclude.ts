import { relative, resolve, sep } from 'node:path';
import ignore from 'ignore';

/** Patterns as in .gitignore, and the directory that they are relative to. */
export interface Exclusion {
  readonly patterns: readonly string[];
  /** From the current directory. */
  readonly base: string;
}

/**
 * Makes a function that tells whether a file or directory is excluded: by patterns with the meaning that git gives
 * them. What is outside of their base is not.
 */
export function excluder(
  exclusions: readonly Exclusion[],
  cwd: string,
): (path: string, isDirectory: boolean) => boolean {
  const matchers = exclusions
    .filter(({ patterns }) => patterns.length > 0)
    .map(({ patterns, base }) => ({
      base: resolve(cwd, base),
      matcher: ignore({ ignorecase: false }).add([...patterns]),
    }));
  return (path, isDirectory) =>
    matchers.some(({ base, matcher }) => {
      const inside = relative(base, resolve(cwd, path)).split(sep).join('/');
      if (inside === '' || inside === '..' || inside.startsWith('../')) return false;
      return matcher.ignores(isDirectory ? `${inside}/` : inside);
    });
}
