import type { Finding } from './report.ts';

/** Lines of a file that others replace. */
export interface Hunk {
  /** The first of them, 1-based, in the file as it was read; where only new ones come, the line that follows them. */
  readonly line: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** A change of a file that removes findings, adds none, and changes nothing else. */
export interface FoundFix {
  readonly file: string;
  /** What it changes, in the order of the file. */
  readonly hunks: readonly Hunk[];
  /** What it removes; at least one. */
  readonly findings: readonly Finding[];
}
