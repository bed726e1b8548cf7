#!/usr/bin/env node
import { problemLine } from '../formats/names.ts';
import { main } from './main.ts';
import { writerTo } from './output.ts';
import { wire } from './wire.ts';

let isLost = false;
const stderr = writerTo(process.stderr, 'standard error', lost);
const stdout = writerTo(process.stdout, 'standard output', (message) => {
  lost();
  stderr(`${problemLine({ message, file: null, line: null, column: null })}\n`);
});

// process.exit() would lose what is still to be written to a pipe.
main(
  process.argv.slice(2),
  {
    stdout,
    stderr,
    readStdin,
    cwd: process.cwd(),
    env: process.env,
    isTTY: process.stdout.isTTY === true,
    columns: process.stdout.columns,
    isErrorTTY: process.stderr.isTTY === true,
    now: () => Date.now(),
    onEnd,
  },
  wire(import.meta.dirname),
).then((status) => {
  process.exitCode = isLost ? 2 : status;
});

/** Output is lost, now or after the command has ended. */
function lost(): void {
  isLost = true;
  process.exitCode = 2;
}

/** Other programs that were started end with this one. Without one, a signal ends it at once, as ever. */
function onEnd(stop: () => void): () => void {
  const signals = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => {
    const end = () => {
      stop();
      process.kill(process.pid, signal);
    };
    process.once(signal, end);
    return { signal, end };
  });
  return () => {
    for (const { signal, end } of signals) process.off(signal, end);
  };
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}
