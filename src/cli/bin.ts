#!/usr/bin/env node
import { setTimeout } from 'node:timers/promises';
import { problemLine } from '../formats/names.ts';
import { main } from './main.ts';
import { writerTo } from './output.ts';
import { watcherOnDisk } from './watcher.ts';
import { wire } from './wire.ts';

type Stop = (signal: string) => boolean;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** What a process gets that writes to a closed pipe; Node.js ignores it. */
const CLOSED = 'SIGPIPE';

const stops = new Set<Stop>();
let isLost = false;
const stderr = writerTo(process.stderr, 'standard error', { onError: lost });
const stdout = writerTo(process.stdout, 'standard output', {
  onError: (message) => {
    lost();
    stderr(`${problemLine({ message, file: null, line: null, column: null })}\n`);
  },
  onClosed: () => end(CLOSED),
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
    watching: { open: watcherOnDisk, wait: (time) => setTimeout(time) },
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

/** Calls all that has to stop. Unless one of it ends the process, the signal does, as ever. */
function end(signal: NodeJS.Signals): void {
  const all = [...stops];
  for (const stop of all) forget(stop);
  const isTaken = all.map((stop) => stop(signal)).includes(true);
  if (!isTaken && signal !== CLOSED) process.kill(process.pid, signal);
}

function onEnd(stop: Stop): () => void {
  if (stops.size === 0) for (const signal of SIGNALS) process.on(signal, end);
  stops.add(stop);
  return () => forget(stop);
}

function forget(stop: Stop): void {
  stops.delete(stop);
  if (stops.size === 0) for (const signal of SIGNALS) process.off(signal, end);
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}
