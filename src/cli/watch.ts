import { relative, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { counted, visible } from '../formats/text.ts';
import { type Arguments, usage } from './args.ts';
import type { Command } from './commands.ts';
import type { Io, Watcher } from './io.ts';
import { WATCH, WRITE_BASELINE } from './options.ts';
import { failed, type Outcome, written } from './outcome.ts';

/** How long nothing may change before all is read again, and how long that may take. In milliseconds. */
const QUIET = 100;
const PATIENCE = 1000;
const CLEAR = '\x1b[2J\x1b[H';

/** Makes a command that runs again after every change, if it is told to watch. */
export function watchable(run: Command['run']): Command['run'] {
  return (args, io, deps) =>
    args.values.has(WATCH.name)
      ? watch(args, io, (watched) => run(args, watched, deps))
      : run(args, io, deps);
}

/** Runs until the process is told to end. What a run looks at is what is watched, so every run watches from its start. */
async function watch(args: Arguments, io: Io, run: (io: Io) => Promise<Outcome>): Promise<Outcome> {
  checkFlags(args);
  const { watching } = io;
  if (watching === undefined) throw new Error('there is nothing to watch with');
  const changes = changesBut(outputsOf(args, io), watching.wait);
  let status: number | undefined;
  // Before the first page there is no status to end with.
  const forget = io.onEnd?.((signal) => {
    const isMine = status !== undefined && (signal === 'SIGINT' || signal === 'SIGPIPE');
    if (isMine) changes.end();
    return isMine;
  });
  let watcher: Watcher | undefined;
  try {
    do {
      const isFirst = watcher === undefined;
      if (!isFirst) io.stderr(`Checking again: ${namesOf(changes.take(), io)} changed.\n`);
      // The earlier one is closed only after the run: no change is lost between the two.
      const earlier = watcher;
      watcher = watching.open(io.cwd, changes.note);
      const outcome = await outcomeOf(run, { ...io, looking: watcher, readStdin }, isFirst);
      earlier?.close();
      if (changes.hasEnded()) break;
      status = outcome.status;
      if (io.isTTY && !isFirst) io.stdout(CLEAR);
      written(outcome, io);
      io.stderr(lastLines(watcher));
    } while (await changes.come());
  } finally {
    watcher?.close();
    forget?.();
  }
  return { stdout: '', stderr: '', status: status ?? 2 };
}

/** What a run ends with. A command line that is wrong stays wrong: it is the error of the first run. */
async function outcomeOf(
  run: (io: Io) => Promise<Outcome>,
  io: Io,
  isFirst: boolean,
): Promise<Outcome> {
  try {
    return await run(io);
  } catch (error) {
    if (isFirst && error instanceof UserError && error.code === 'USAGE') throw error;
    return failed(error);
  }
}

function lastLines(watcher: Watcher): string {
  const failures = watcher.failures();
  const page = `Watching ${counted(watcher.fileCount(), 'file')}. Ctrl-C ends.\n`;
  return failures === undefined ? page : `bulkhead: ${failures}\n${page}`;
}

function checkFlags({ values, positionals }: Arguments): void {
  if (positionals.includes('-')) throw noStdin();
  if (values.has(WRITE_BASELINE.name)) {
    throw usage(`--${WATCH.name} cannot be used with --${WRITE_BASELINE.name}`);
  }
}

function noStdin(): UserError {
  return usage(`--${WATCH.name} cannot read standard input: name files and directories`);
}

/** A configuration may name it. */
function readStdin(): Promise<never> {
  return Promise.reject(noStdin());
}

/** The files that the run itself writes. */
function outputsOf({ lists }: Arguments, { cwd }: Io): ReadonlySet<string> {
  const named = (lists.get('output') ?? []).filter((output) => output.includes('='));
  return new Set(named.map((output) => resolve(cwd, output.replace(/^[^=]*=/, ''))));
}

function namesOf([first = '', ...others]: readonly string[], { cwd }: Io): string {
  const name = visible(relative(cwd, first) || '.');
  return others.length === 0 ? name : `${name} and ${others.length} more`;
}

interface Changes {
  readonly note: (path: string) => void;
  /** Returns what has changed, and forgets it. */
  readonly take: () => readonly string[];
  /** Waits for changes, and until no more follow. False means the end. */
  readonly come: () => Promise<boolean>;
  readonly end: () => void;
  readonly hasEnded: () => boolean;
}

function changesBut(ignored: ReadonlySet<string>, wait: (time: number) => Promise<void>): Changes {
  const paths = new Set<string>();
  let events = 0;
  let isEnded = false;
  let wake = () => {};
  return {
    note: (path) => {
      if (ignored.has(path)) return;
      paths.add(path);
      events += 1;
      wake();
    },
    take: () => {
      const taken = [...paths].sort();
      paths.clear();
      return taken;
    },
    come: async () => {
      const something = new Promise<void>((resolve) => {
        wake = resolve;
      });
      if (paths.size === 0 && !isEnded) await something;
      for (let waited = 0; waited < PATIENCE && !isEnded; waited += QUIET) {
        const before = events;
        await wait(QUIET);
        if (events === before) break;
      }
      return !isEnded;
    },
    end: () => {
      isEnded = true;
      wake();
    },
    hasEnded: () => isEnded,
  };
}
