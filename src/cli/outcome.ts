import { UserError } from '../errors.ts';
import { problemLine } from '../formats/names.ts';
import { visible } from '../formats/text.ts';
import type { Io } from './io.ts';

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

/** The outcome of a command that was given up: a user's error is one sentence, any other is a bug with its stack. */
export function failed(error: unknown): Outcome {
  return { stdout: '', stderr: `${complaint(error)}\n`, status: 2 };
}

function complaint(error: unknown): string {
  if (error instanceof UserError) {
    const { message, place } = error;
    return problemLine({ message, ...(place ?? { file: null, line: null, column: null }) });
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const lines = stack.split('\n').map(visible).join('\n');
  return `bulkhead: internal error; please report it, and treat this run as failed:\n${lines}`;
}

/** Prints what a command has to say. */
export function written({ stdout, stderr }: Outcome, io: Pick<Io, 'stdout' | 'stderr'>): void {
  if (stderr !== '') io.stderr(stderr);
  if (stdout !== '') io.stdout(stdout);
}
