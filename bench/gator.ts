import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { tool } from '../scripts/tools.ts';
import type { JsonObject } from '../src/kubernetes/json.ts';

const run = promisify(execFile);

/** What one run of `gator bench` measured. */
export interface GatorRun {
  /** Of each template, by its kind: milliseconds of each review that it took part in, in the order of the objects. */
  readonly templates: ReadonlyMap<string, readonly number[]>;
  /** Milliseconds of whole reviews, with all templates that match. */
  readonly review: { readonly p50: number; readonly p95: number; readonly p99: number };
  /** Bytes that all reviews together allocated. */
  readonly allocated: number;
  /** What was live in memory when everything was loaded, in MB: after a collection, before the first review. */
  readonly liveMb: number;
}

/** What gator saves: the parts that are read here. */
interface Saved {
  readonly latencies: { readonly p50: number; readonly p95: number; readonly p99: number };
  readonly memoryStats: { readonly totalBytes: number };
  readonly statsEntries: readonly {
    readonly statsFor: string;
    readonly stats: readonly { readonly name: string; readonly value: number }[];
  }[];
}

/**
 * Runs `gator bench` over policies and objects: every object is inventory and is reviewed once, after as
 * many rounds of warming up. Templates are timed by the engine itself (`--stats`), so that an object that
 * a template does not match is not counted as a review.
 */
export async function gatorBench(
  policies: ReadonlyMap<string, string>,
  objects: readonly JsonObject[],
  warmup: number,
): Promise<GatorRun> {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-bench-'));
  const files = new Map(policies);
  files.set('objects.yaml', objects.map((one) => `---\n${JSON.stringify(one)}\n`).join(''));
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, 'in', path)), { recursive: true });
    writeFileSync(join(folder, 'in', path), text);
  }
  const saved = join(folder, 'saved.json');
  try {
    const running = run(
      tool('gator'),
      [
        ...['bench', '-e', 'rego', '-n', '1', '--warmup', String(warmup), '--stats', '--memory'],
        ...['-f', join(folder, 'in'), '--save', saved],
      ],
      { env: { ...process.env, GODEBUG: 'gctrace=1' }, maxBuffer: 1 << 28 },
    );
    // gator reads its standard input too, and would wait for the end of it.
    running.child.stdin?.end();
    const { stderr } = await running;
    return summary(saidBy(readFileSync(saved, 'utf8')), stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function saidBy(text: string): Saved {
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
  // gator collects once itself, before it starts to measure: "before->at its end->live MB … (forced)".
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
