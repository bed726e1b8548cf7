import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT, tool } from '../scripts/tools.ts';
import { generateConftest } from '../src/generate.ts';
import { builtBulkhead, shippedProfile } from '../test/support/bulkhead.ts';
import { writeManifests } from './manifests.ts';
import { type Measure, measure, median, numbersFrom, publish, table } from './measure.ts';

// Whole processes over the same manifests: a check with all policies, conftest with the same policies, and
// kube-score with its own. A tool that would take longer than PATIENCE, extrapolated from the previous size,
// is left out, as the table shows.

const [RUNS = 5] = numbersFrom('BENCH_RUNS', '5');
const SIZES = numbersFrom('BENCH_SIZES', '1000,10000,100000');
const PATIENCE = 30_000;
const PROFILE = 'tectonic-1.6.4';
const CLI = join(ROOT, 'dist', 'cli.cjs');

const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-bench-'));

interface Peer {
  readonly name: string;
  readonly run: (directory: string) => Promise<Measure>;
  /** The number of findings or objects that it reports: a run with none did nothing. */
  readonly saw: (stdout: string) => number;
}

const BULKHEAD: Peer = {
  name: 'bulkhead check',
  run: (directory) =>
    measure(process.execPath, [CLI, 'check', directory, '-p', PROFILE, '-o', 'json']),
  saw: (stdout) => Number(JSON.parse(stdout).summary.findings),
};

const PEERS: readonly Peer[] = [
  BULKHEAD,
  {
    name: 'conftest --combine',
    run: conftest,
    saw: (stdout) => JSON.parse(stdout)[0].failures?.length ?? 0,
  },
  { name: 'kube-score', run: kubeScore, saw: (stdout) => JSON.parse(stdout).length },
];

try {
  for (const [path, text] of generateConftest(builtBulkhead(), shippedProfile(PROFILE))) {
    mkdirSync(dirname(join(scratch, path)), { recursive: true });
    writeFileSync(join(scratch, path), text);
  }
  publish('check', 'Checking manifests', [await comparison(), await startUp()]);
} finally {
  rmSync(scratch, { recursive: true });
}

async function comparison(): Promise<string> {
  const rows: string[][] = [];
  const each = new Map<Peer, number>(); // milliseconds per manifest, at the previous size
  for (const size of SIZES) {
    const patient = PEERS.filter((peer) => (each.get(peer) ?? 0) * size < PATIENCE);
    const directory = join(scratch, 'manifests');
    writeManifests(directory, size);
    const runs = new Map<Peer, Measure[]>(patient.map((peer) => [peer, []]));
    for (let run = 0; run < RUNS; run += 1) {
      for (const peer of patient) runs.get(peer)?.push(await peer.run(directory));
    }
    rmSync(directory, { recursive: true });
    const ours = median((runs.get(BULKHEAD) ?? []).map(({ ms }) => ms));
    for (const peer of PEERS) {
      const measures = runs.get(peer);
      rows.push(
        measures === undefined
          ? [String(size), peer.name, `over ${PATIENCE / 1e3} s, left out`, '', '', '', '', '', '0']
          : row(size, peer, { measures, ours, before: each.get(peer) }),
      );
      if (measures !== undefined) each.set(peer, median(measures.map(({ ms }) => ms)) / size);
    }
  }
  const head = [
    'manifests',
    'tool',
    'time',
    'each',
    'growth of each',
    'relative to bulkhead',
    'peak memory',
    'findings or objects reported',
    'runs',
  ];
  return `Whole processes, one after the other, medians:\n\n${table(head, rows)}`;
}

function row(
  size: number,
  { name, saw }: Peer,
  {
    measures,
    ours,
    before,
  }: {
    readonly measures: readonly Measure[];
    readonly ours: number;
    /** Milliseconds per manifest, at the previous size. */
    readonly before: number | undefined;
  },
): string[] {
  const ms = median(measures.map((run) => run.ms));
  const reported = saw(measures[0]?.stdout ?? '');
  if (!(reported > 0)) throw new Error(`${name} reported nothing for ${size} manifests`);
  return [
    String(size),
    name,
    `${(ms / 1e3).toFixed(2)} s`,
    `${((ms / size) * 1e3).toFixed(0)} µs`,
    before === undefined ? '' : `${(ms / size / before).toFixed(2)}×`,
    `${(ms / ours).toFixed(1)}×`,
    `${Math.max(...measures.map(({ mb }) => mb)).toFixed(0)} MB`,
    String(reported),
    String(measures.length),
  ];
}

async function startUp(): Promise<string> {
  const file = join(scratch, 'one.yaml');
  writeFileSync(
    file,
    'apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\nspec: {containers: []}\n',
  );
  const empty: number[] = [];
  const one: number[] = [];
  for (let pair = 0; pair < 21; pair += 1) {
    empty.push((await measure(process.execPath, ['-e', '0'])).ms);
    one.push((await measure(process.execPath, [CLI, 'check', file, '-p', PROFILE])).ms);
  }
  const rows = [
    ['`node -e 0`', `${median(empty).toFixed(0)} ms`],
    ['a check of one file', `${median(one).toFixed(0)} ms`],
    ['difference', `${(median(one) - median(empty)).toFixed(0)} ms`],
  ];
  return `Start-up, medians of 21 pairs:\n\n${table(['process', 'time'], rows)}`;
}

function conftest(directory: string): Promise<Measure> {
  return measure(tool('conftest'), [
    ...['test', '-p', join(scratch, 'policy')],
    ...['-d', join(scratch, 'data'), '--combine', '-o', 'json', directory],
  ]);
}

function kubeScore(directory: string): Promise<Measure> {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(directory, name));
  return measure(tool('kube-score'), ['score', '-o', 'json', ...files]);
}
