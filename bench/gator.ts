import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { tool } from '../scripts/tools.ts';
import type { JsonObject } from '../src/kubernetes/json.ts';

const run = promisify(execFile);

/** The results of one run of `gator bench`. */
export interface GatorRun {
  /** By kind of template: the milliseconds of each review that it took part in, in the order of the objects. */
  readonly templates: ReadonlyMap<string, readonly number[]>;
  /** Milliseconds of whole reviews, with all templates that match. */
  readonly review: { readonly p50: number; readonly p95: number; readonly p99: number };
  /** The bytes that all reviews together allocated. */
  readonly allocated: number;
  /** The live memory once everything was loaded, in MB: after a garbage collection, before the first review. */
  readonly liveMb: number;
}

/** The parts of the results of gator that are read here. */
interface Saved {
  readonly latencies: { readonly p50: number; readonly p95: number; readonly p99: number };
  readonly memoryStats: { readonly totalBytes: number };
  readonly statsEntries: readonly {
    readonly statsFor: string;
    readonly stats: readonly { readonly name: string; readonly value: number }[];
  }[];
}

/**
 * Runs `gator bench` with policies and objects. Every object is in the inventory, and is reviewed once after
 * `warmup` rounds. The engine itself measures templates (`--stats`): an object that a template does not match
 * does not count as a review.
 */
export async function gatorBench(
  policies: ReadonlyMap<string, string>,
  objects: readonly JsonObject[],
  warmup: number,
): Promise<GatorRun> {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-bench-'));
  const files = new Map(policies);
  files.set('objects.yaml', objects.map((one) => `---\n${JSON.stringify(one)}\n`).join(''));
  for (const [path, text] of files) {
    mkdirSync(dirname(join(directory, 'in', path)), { recursive: true });
    writeFileSync(join(directory, 'in', path), text);
  }
  const saved = join(directory, 'saved.json');
  try {
    const running = run(
      tool('gator'),
      [
        ...['bench', '-e', 'rego', '-n', '1', '--warmup', String(warmup), '--stats', '--memory'],
        ...['-f', join(directory, 'in'), '--save', saved],
      ],
      { env: { ...process.env, GODEBUG: 'gctrace=1' }, maxBuffer: 1 << 28 },
    );
    // gator also reads standard input, and would wait for its end.
    running.child.stdin?.end();
    const { stderr } = await running;
    return summary(resultsIn(readFileSync(saved, 'utf8')), stderr);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function resultsIn(text: string): Saved {
  const [engine] = JSON.parse(text) as readonly [Saved];
  return engine;
}

function summary({ latencies, memoryStats, statsEntries }: Saved, trace: string): GatorRun {
  const templates = new Map<string, number[]>();
  for (const { statsFor, stats } of statsEntries) {
    const times = templates.get(statsFor) ?? [];
    times.push((stats.find(({ name }) => name === 'templateRunTimeNS')?.value ?? Number.NaN) / 1e6);
    templates.set(statsFor, times);
  }
  // gator forces one garbage collection before it measures: "before->at its end->live MB … (forced)".
  const [, live] = /->(\d+) MB,.*\(forced\)/.exec(trace) ?? [];
  return {
    templates,
    review: {
      p50: latencies.p50 / 1e6,
      p95: latencies.p95 / 1e6,
      p99: latencies.p99 / 1e6,
    },
    allocated: memoryStats.totalBytes,
    liveMb: Number(live ?? Number.NaN),
  };
}
