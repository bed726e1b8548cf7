#!/usr/bin/env node
import { main } from './main.ts';
import { wire } from './wire.ts';

// A reader of the output may close the pipe early, as `head` does. The verdict stays the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// process.exit() would lose what is still to be written to a pipe.
main(
  process.argv.slice(2),
  {
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    readStdin,
    cwd: process.cwd(),
    env: process.env,
    isTTY: process.stdout.isTTY === true,
    columns: process.stdout.columns,
    isErrorTTY: process.stderr.isTTY === true,
    now: () => performance.now(),
  },
  wire(import.meta.dirname),
).then((status) => {
  process.exitCode = status;
});

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}
