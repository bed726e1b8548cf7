import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '../scripts/tools.ts';

/** The benchmarks, in the order of the page: each is a file of this directory. */
export const NAMES = [
  'check',
  'reader',
  'evaluation',
  'budgets',
  'audit',
  'gatekeeper',
  'admission',
  'adverse',
] as const;
export type Name = (typeof NAMES)[number];

/** What a benchmark measured. */
export interface Result {
  /** What it answers, in words. */
  readonly question: string;
  /** With what it compares, in the same run. */
  readonly peers: string;
  /** What it measured, in Markdown. */
  readonly parts: readonly string[];
  /** Times or sizes, divided by those of a peer: less is better. They carry over between machines. */
  readonly ratios: Readonly<Record<string, number>>;
  readonly machine: string;
}

/** Prints what a benchmark measured, and keeps it for the page. */
export function publish(name: Name, result: Omit<Result, 'machine'>): void {
  const { model = 'unknown' } = cpus()[0] ?? {};
  const machine = `${cpus().length} × ${model.trim()}, Node.js ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`;
  process.stdout.write(`${[`# ${result.question}`, machine, ...result.parts].join('\n\n')}\n`);
  const file = join(ROOT, fileOf(name));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...result, machine }, null, 2)}\n`);
}

/** Returns what a benchmark measured last. */
export function resultOf(name: Name): Result {
  return JSON.parse(readFileSync(join(ROOT, fileOf(name)), 'utf8'));
}

/** Returns what is committed of it; undefined if nothing is. */
export function committedOf(name: Name): Result | undefined {
  try {
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    const argv = ['show', `HEAD:${fileOf(name)}`];
    return JSON.parse(
      execFileSync('git', argv, { cwd: ROOT, encoding: 'utf8', stdio: [...stdio] }),
    );
  } catch {
    return undefined;
  }
}

function fileOf(name: Name): string {
  return `bench/results/${name}.json`;
}
