import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { ROOT } from '../scripts/tools.ts';

/** The measurements of a process. */
export interface Measure {
  /** The time from start to end, in milliseconds. */
  readonly ms: number;
  /** The peak resident memory, in MB; 0 if the system does not report it. */
  readonly mb: number;
  readonly stdout: string;
  readonly status: number | null;
}

/** Runs a process to its end. */
export function measure(command: string, argv: readonly string[]): Promise<Measure> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command, argv, { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] });
    let mb = 0;
    // A high-water mark: only growth after the last sample is missed.
    const timer = setInterval(() => {
      mb = Math.max(mb, peakOf(child.pid));
    }, 5);
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (status) => {
      clearInterval(timer);
      const ms = performance.now() - start;
      resolve({ ms, mb, stdout: Buffer.concat(chunks).toString(), status });
    });
  });
}

function peakOf(pid: number | undefined): number {
  try {
    const [, kilobytes] =
      /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) / 1000;
  } catch {
    return 0; // it has just ended, or the system is not Linux
  }
}

/** The median of numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Numbers from an environment variable, such as BENCH_RUNS. */
export function numbersFrom(name: string, fallback: string): readonly number[] {
  return (process.env[name] ?? fallback).split(',').map(Number);
}
