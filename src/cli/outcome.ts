import type { UserError } from '../errors.ts';
import { problemLine } from '../formats/names.ts';

/** What a command prints, and its exit status. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** The outcome of a command that prints a text and has nothing to complain about. */
export function success(stdout: string): Outcome {
  return { stdout, stderr: '', status: 0 };
}

/** The outcome of a command whose settings or profile have mistakes: one line for each. */
export function invalidFiles(errors: readonly UserError[]): Outcome {
  const sentences = errors.map(({ message, place }) =>
    problemLine({ message, ...(place ?? { file: null, line: null, column: null }) }),
  );
  return { stdout: '', stderr: sentences.map((text) => `${text}\n`).join(''), status: 2 };
}
