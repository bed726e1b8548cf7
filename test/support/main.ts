import { join } from 'node:path';
import type { Io } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';
import { wire } from '../../src/cli/wire.ts';
import { ROOT } from './bulkhead.ts';

/** Where and when a command line runs. */
export interface Place {
  /** The root of a repository. */
  readonly root: string;
  /** The day, in UTC. */
  readonly today: string;
  /** The current directory, from the root. */
  readonly cwd?: string;
  /** That of this process by default. */
  readonly env?: Io['env'];
  readonly stdin?: Uint8Array;
}

/** What a command line prints, and its exit status. */
export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

const deps = wire(join(ROOT, 'src', 'cli'));

/** Runs a command line in this process, on a given day. */
export async function bulkhead(
  argv: readonly string[],
  { root, today, cwd = '.', env = process.env, stdin = new Uint8Array() }: Place,
): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const io: Io = {
    stdout: (text) => {
      written.stdout += text;
    },
    stderr: (text) => {
      written.stderr += text;
    },
    readStdin: async () => stdin,
    cwd: join(root, cwd),
    env,
    isTTY: false,
    columns: undefined,
    isErrorTTY: false,
    now: () => Date.parse(`${today}T12:00:00Z`),
  };
  const status = await main(argv, io, deps);
  return { ...written, status };
}
