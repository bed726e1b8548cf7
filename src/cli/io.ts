/** All that the command line has of the world: what `main` is given, and a test can give. */
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
  /** Whether standard error is a terminal. */
  readonly isErrorTTY: boolean;
  /** The time, in milliseconds. */
  readonly now: () => number;
}

/** Whether to colour: NO_COLOR forbids it, then FORCE_COLOR demands it, then a terminal gets it. */
export function wantsColor({ env, isTTY }: Pick<Io, 'env' | 'isTTY'>): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTTY && env['TERM'] !== 'dumb';
}
