import type { OnProgress } from '../input.ts';
import type { Io } from './io.ts';

/** A run that ends before shows no progress. In milliseconds. */
const SILENCE = 1000;
/** The shortest time between two updates. In milliseconds. */
const INTERVAL = 100;
const CLEAR_LINE = '\r\x1b[K';

/** A line that shows the progress of a run. */
export interface ProgressLine {
  readonly update: OnProgress;
  /** Removes the line. */
  readonly clear: () => void;
}

/** Makes the line; it shows nothing unless standard error is a terminal. */
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
