import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from '../scripts/tools.ts';
import { writeManifests } from './manifests.ts';
import { measure, median, numbersFrom, table } from './measure.ts';
import { publish } from './results.ts';

// How fast manifests are read, compared with YAML parsers for JavaScript, and how the time grows.

const [RUNS = 5] = numbersFrom('BENCH_RUNS', '5');
const SIZES = numbersFrom('BENCH_SIZES', '1000,10000,100000');
const COMPARED = 10_000;

const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-bench-'));
const program = join(scratch, 'readers.cjs');

interface Reading {
  readonly ms: number;
  readonly documents: number;
  readonly bytes: number;
}

try {
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['bench/readers.ts'],
    outfile: program,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    logLevel: 'error',
  });
  const compared = await comparison();
  const grown = await growth();
  publish('reader', {
    question: 'How fast are manifests read?',
    peers: '`js-yaml`, `yaml`',
    parts: [compared.part, grown.part],
    ratios: { ...compared.ratios, ...grown.ratios },
  });
} finally {
  rmSync(scratch, { recursive: true });
}

interface Part {
  readonly part: string;
  readonly ratios: Readonly<Record<string, number>>;
}

/** Each reader in a fresh process, one after the other, round by round. */
async function comparison(): Promise<Part> {
  const directory = directoryOf(COMPARED);
  const names = ['bulkhead', 'js-yaml', 'yaml'];
  const readings = new Map<string, Reading[]>(names.map((name) => [name, []]));
  for (let run = 0; run < RUNS; run += 1) {
    for (const name of names) readings.get(name)?.push(await read(name, directory));
  }
  const [ours, fastest, slowest] = names.map((name) => medianMs(readings.get(name) ?? []));
  const rows = names.map((name) => {
    const all = readings.get(name) ?? [];
    const ms = medianMs(all);
    const { documents = 0, bytes = 0 } = all[0] ?? {};
    return [
      name,
      `${ms.toFixed(0)} ms`,
      (bytes / 1e3 / ms).toFixed(1),
      ((documents / ms) * 1e3).toFixed(0),
      `${((slowest ?? Number.NaN) / ms).toFixed(1)}×`,
    ];
  });
  const head = ['reader', 'time', 'MB/s', 'documents/s', 'against yaml'];
  return {
    part: `${COMPARED} manifests in a fresh process each, medians of ${RUNS}:\n\n${table(head, rows)}`,
    ratios: {
      'bulkhead / js-yaml': (ours ?? Number.NaN) / (fastest ?? Number.NaN),
      'bulkhead / yaml': (ours ?? Number.NaN) / (slowest ?? Number.NaN),
    },
  };
}

async function growth(): Promise<Part> {
  const rows: string[][] = [];
  const eachOf: number[] = [];
  for (const size of SIZES) {
    const directory = directoryOf(size);
    const readings: Reading[] = [];
    for (let run = 0; run < RUNS; run += 1) readings.push(await read('bulkhead', directory));
    rmSync(directory, { recursive: true });
    const each = (medianMs(readings) / size) * 1e3;
    eachOf.push(each);
    rows.push([
      String(size),
      `${medianMs(readings).toFixed(0)} ms`,
      `${each.toFixed(1)} µs`,
      (each / (eachOf[0] ?? each)).toFixed(2),
    ]);
  }
  const head = ['manifests', 'time', 'each', 'against the first'];
  return {
    part: `How the time grows (a small set is read before the code is compiled hot):\n\n${table(head, rows)}`,
    ratios: {
      'a manifest of the most / of the second most':
        (eachOf.at(-1) ?? Number.NaN) / (eachOf.at(-2) ?? Number.NaN),
    },
  };
}

async function read(name: string, directory: string): Promise<Reading> {
  const { stdout, status } = await measure(process.execPath, [program, name, directory]);
  if (status !== 0) throw new Error(`the reader ${name} failed`);
  const reading = JSON.parse(stdout) as Reading;
  if (reading.documents === 0) throw new Error(`the reader ${name} read nothing`);
  return reading;
}

function directoryOf(count: number): string {
  const directory = join(scratch, String(count));
  writeManifests(directory, count);
  return directory;
}

function medianMs(readings: readonly Reading[]): number {
  return median(readings.map(({ ms }) => ms));
}
