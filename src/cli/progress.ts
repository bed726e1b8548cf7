import type { OnProgress } from '../input.ts';
import type { Io } from './io.ts';

/** A run that is over by then says nothing of how far it is. In milliseconds. */
const SILENCE = 1000;
/** A terminal is written to this often at most. In milliseconds. */
const INTERVAL = 100;
const CLEAR_LINE = '\r\x1b[K';

/** A line that tells how far a run is. */
export interface ProgressLine {
  readonly update: OnProgress;
  /** Takes the line away. */
  readonly clear: () => void;
}

/** Makes a line on a terminal; where standard error is none, it says nothing. */
export function progressLine(io: Pick<Io, 'stderr' | 'isErrorTTY' | 'now'>): ProgressLine {
  const start = io.now();
  let next = start + SILENCE;
  let isShown = false;
  return {
    update: (verb, done, total) => {
      if (!io.isErrorTTY) return;
      const now = io.now();
      if (now < next) return;
      next = now + INTERVAL;
      isShown = true;
      io.stderr(`${CLEAR_LINE}${verb} ${done} of ${total}`);
    },
    clear: () => {
      if (isShown) io.stderr(CLEAR_LINE);
      isShown = false;
    },
  };
}
