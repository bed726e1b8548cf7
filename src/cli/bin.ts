#!/usr/bin/env node
import { main } from './main.ts';
import { wire } from './wire.ts';

// Who reads the output may leave early, as `head` does: that changes no verdict.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// The status is set, not exited with: what is still to be written to a pipe would be lost.
main(
  process.argv.slice(2),
  {
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    readStdin,
    cwd: process.cwd(),
    env: process.env,
    isTTY: process.stdout.isTTY === true,
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
