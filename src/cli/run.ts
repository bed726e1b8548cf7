import { type ChildProcess, spawn } from 'node:child_process';
import { kill } from 'node:process';
import type { Io } from './io.ts';

/** What became of a program that was run. */
export type Ran =
  /** No program of the name is on PATH. */
  | { readonly kind: 'missing' }
  /** It could not be started, or was stopped: why, to follow its name. */
  | { readonly kind: 'stopped'; readonly reason: string; readonly stderr: string }
  | {
      readonly kind: 'ended';
      readonly status: number;
      readonly stdout: Uint8Array;
      readonly stderr: string;
    };

/** How long a program may run, and how much it may print. */
export interface Limits {
  readonly milliseconds: number;
  readonly bytes: number;
}

/** Enough for all that a cluster has, and for fetching what a kustomization names. */
const LIMITS: Limits = { milliseconds: 300_000, bytes: 64 * 1024 * 1024 };

/** What is kept of standard error: its end says why a program failed. */
const MOST_ERRORS = 16 * 1024;

/** Where a program runs. */
export interface Surroundings {
  /** A directory that only this process writes to: PATH may have names that are relative to it. */
  readonly cwd: string;
  readonly io: Pick<Io, 'env' | 'onEnd'>;
  readonly limits?: Limits | undefined;
  /** Gets standard output as it arrives: then it may be of any size, and is not in the result. */
  readonly take?: ((chunk: Uint8Array) => void) | undefined;
}

/**
 * Runs another program, as PATH finds it, with arguments that no shell reads.
 *
 * It gets the environment as it is, an empty standard input, and a session of its own without a terminal: it can ask
 * nothing. At a limit, and if this process is told to end, it is killed with all that it started.
 */
export function run(
  program: string,
  argv: readonly string[],
  { cwd, io, limits = LIMITS, take }: Surroundings,
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(program, [...argv], {
      cwd,
      env: { ...io.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      windowsHide: true,
    });
    const stdout: Buffer[] = [];
    let printed = 0;
    let errors = Buffer.alloc(0);
    const stderr = () => new TextDecoder().decode(errors);
    const forget = io.onEnd?.(() => {
      killGroup(child);
      return false;
    });
    const settle = (ran: Ran) => {
      clearTimeout(timer);
      forget?.();
      resolve(ran);
    };
    const stop = (reason: string) => {
      settle({ kind: 'stopped', reason, stderr: stderr() });
      killGroup(child);
      // A process that has left the group may keep the pipes open.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const { milliseconds, bytes } = limits;
    const late = () => stop(`did not end within ${milliseconds / 1000} s`);
    const timer = setTimeout(late, milliseconds);
    child.stdout.on('data', (chunk: Buffer) => {
      if (take !== undefined) {
        take(chunk);
        return;
      }
      printed += chunk.length;
      if (printed <= bytes) stdout.push(chunk);
      else stop(`printed more than ${Math.floor(bytes / 1024 / 1024)} MB`);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors = Buffer.concat([errors, chunk]).subarray(-MOST_ERRORS);
    });
    child.on('error', (error) => settle(unstarted(error)));
    child.on('close', (status, signal) => {
      settle(
        status === null
          ? { kind: 'stopped', reason: `was ended by ${signal}`, stderr: stderr() }
          : { kind: 'ended', status, stdout: Buffer.concat(stdout), stderr: stderr() },
      );
    });
  });
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['E2BIG', 'the arguments are too long'],
  ['ENOEXEC', 'not a program of this machine'],
  ['ENOMEM', 'not enough memory'],
  ['EAGAIN', 'too many processes'],
]);

function unstarted(error: Error): Ran {
  const code = 'code' in error ? String(error.code) : error.message;
  if (code === 'ENOENT') return { kind: 'missing' };
  const reason = `cannot be run: ${REASONS.get(code) ?? code}`;
  return { kind: 'stopped', reason, stderr: '' };
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL'); // it has ended, or the system has no process groups
  }
}
