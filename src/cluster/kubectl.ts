/** What became of a call of kubectl. */
export type Answer =
  /** No kubectl is on PATH. */
  | { readonly kind: 'missing' }
  /** It could not be started, or was stopped: why, to follow its name. */
  | { readonly kind: 'stopped'; readonly reason: string; readonly stderr: string }
  | {
      readonly kind: 'ended';
      readonly status: number;
      readonly stdout: Uint8Array;
      readonly stderr: string;
    };

/**
 * Runs kubectl with the flags of the user.
 *
 * @param take gets standard output as it arrives; without it the answer has all of it.
 */
export type Kubectl = (
  argv: readonly string[],
  take?: (chunk: Uint8Array) => void,
) => Promise<Answer>;

/** The characters that are kept of a line of kubectl. */
const MOST = 500;

/** What kubectl says is wrong: its last line, as it is. */
export function lastLine(stderr: string): string {
  return (linesOf(stderr).at(-1) ?? '').slice(0, MOST);
}

/** The lines of kubectl that say something. */
export function linesOf(stderr: string): readonly string[] {
  return stderr
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Why a call of kubectl gave no answer. */
export function reasonOf(answer: Answer): string {
  if (answer.kind === 'missing') return 'kubectl is not on PATH';
  const said = lastLine(answer.stderr);
  if (answer.kind === 'stopped') return `kubectl ${answer.reason}${said === '' ? '' : `: ${said}`}`;
  return said === '' ? `kubectl failed with exit status ${answer.status}` : said;
}
