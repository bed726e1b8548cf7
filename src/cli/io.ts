/** What the command line uses of the process. A test passes its own. */
export interface Io {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** All of standard input, to its end. */
  readonly readStdin: () => Promise<Uint8Array>;
  /** What relative paths start from. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether standard output is a terminal. */
  readonly isTTY: boolean;
  /** The columns of the terminal; undefined where standard output is none. */
  readonly columns: number | undefined;
  /** Whether standard error is a terminal. */
  readonly isErrorTTY: boolean;
  /** The time, in milliseconds since 1970: waivers expire by it. */
  readonly now: () => number;
  /**
   * Calls a function if the process is told to end by a signal, or standard output is closed (SIGPIPE), until what it returns is
   * called. A function that returns true ends the process itself.
   */
  readonly onEnd?: (stop: (signal: string) => boolean) => () => void;
  /** Is told what a run reads. */
  readonly looking?: Looking;
  readonly watching?: Watching;
}

/** Takes the absolute paths of files and directories before a run reads them: the result depends on them. */
export interface Looking {
  /** A file or directory, whether it is there or not. */
  readonly at: (path: string) => void;
  /** The entries of a directory, and whether the run would have read one that is new or gone. */
  readonly into: (path: string, isWanted: (name: string) => boolean) => void;
}

/** Notices changes of what the run looks at. */
export interface Watcher extends Looking {
  /** How many files these are. */
  readonly fileCount: () => number;
  /** What it cannot watch, and why. */
  readonly failures: () => string | undefined;
  readonly close: () => void;
}

/** How to watch the disk. */
export interface Watching {
  readonly open: (cwd: string, onChange: (path: string) => void) => Watcher;
  /** Waits some milliseconds. */
  readonly wait: (time: number) => Promise<void>;
}

/** The columns of a line where no terminal says how many it has. */
const WIDTH = 100;

/** The columns of a line of output: what `--width` says, else those of the terminal. */
export function lineWidth({ columns }: Pick<Io, 'columns'>, width: string | undefined): number {
  if (width !== undefined) return Number(width);
  // Some pseudo-terminals have 0 columns.
  return columns === undefined || columns === 0 ? WIDTH : columns;
}

/** Whether to use colour: NO_COLOR says no, then FORCE_COLOR says yes, then a terminal does. */
export function wantsColor({ env, isTTY }: Pick<Io, 'env' | 'isTTY'>): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTTY && env['TERM'] !== 'dumb';
}
