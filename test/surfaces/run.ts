import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Tool, tool } from '../../scripts/tools.ts';

/** What to run, with its own files. */
export interface Run {
  readonly name: Tool;
  readonly argv: (directory: string) => readonly string[];
  readonly files?: ReadonlyMap<string, string>;
  readonly input?: string;
}

/** Runs a tool, and returns its output. Exit status 1 means that it found something. */
export async function run({ name, argv, files = new Map(), input = '' }: Run): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-'));
  try {
    for (const [path, content] of files) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), content);
    }
    const child = spawn(tool(name), argv(directory));
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on('error', reject).on('close', resolve);
    });
    // gator also reads standard input, and would wait for its end.
    child.stdin.end(input);
    const [status, stdout, stderr] = await Promise.all([
      ended,
      text(child.stdout),
      text(child.stderr),
    ]);
    // A broken run prints no results.
    if (status === 0 || (status === 1 && stdout.trim() !== '')) return stdout.trim();
    throw new Error(`${name} failed: ${stderr}${stdout}`);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Works on items, as many at a time as there are cores. */
export async function each<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}
