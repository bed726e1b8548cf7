import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT, tool } from '../scripts/tools.ts';
import { generateConftest } from '../src/generate.ts';
import { builtBulkhead, shippedProfile } from '../test/support/bulkhead.ts';
import { writeManifests } from './manifests.ts';
import { type Measure, measure, median, numbersFrom, table } from './measure.ts';
import { publish } from './results.ts';

// Whole processes over the same manifests: a check with all policies, conftest with the same policies, and
// kube-score with its own. A tool that would take longer than PATIENCE, extrapolated from the previous size,
// is left out, as the table shows.

const [RUNS = 5] = numbersFrom('BENCH_RUNS', '5');
const SIZES = numbersFrom('BENCH_SIZES', '1000,10000,100000');
const PATIENCE = 30_000;
const PROFILE = 'tectonic-1.6.4';
const KUBE_SCORE = 'kube-score';
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
  { name: KUBE_SCORE, run: kubeScore, saw: (stdout) => JSON.parse(stdout).length },
];

try {
  for (const [path, text] of generateConftest(builtBulkhead(), shippedProfile(PROFILE))) {
    mkdirSync(dirname(join(scratch, path)), { recursive: true });
    writeFileSync(join(scratch, path), text);
  }
  const manifests = await comparison();
  const started = await startUp();
  publish('check', {
    question: 'How long does a check take?',
    peers: 'conftest with the same policies, kube-score, `node -e 0`',
    parts: [manifests.part, started.part],
    ratios: { ...manifests.ratios, ...started.ratios },
  });
} finally {
  rmSync(scratch, { recursive: true });
}

interface Part {
  readonly part: string;
  readonly ratios: Readonly<Record<string, number>>;
}

/** A peer at a size. */
interface Run {
  readonly size: number;
  readonly peer: Peer;
  /** Medians; undefined where the peer is left out. */
  readonly measured: { readonly ms: number; readonly mb: number; readonly saw: number } | undefined;
}

async function comparison(): Promise<Part> {
  const runs: Run[] = [];
  for (const size of SIZES) {
    const directory = join(scratch, 'manifests');
    writeManifests(directory, size);
    runs.push(...(await runsOf(size, directory, runs)));
    rmSync(directory, { recursive: true });
  }
  const head = [
    'manifests',
    'tool',
    'time',
    'each',
    'growth of each',
    'bulkhead / it',
    'peak memory',
    'findings or objects reported',
  ];
  const rows = runs.map((run) => row(run, runs));
  return {
    part: `Whole processes, one after the other, medians of ${RUNS}:\n\n${table(head, rows)}`,
    ratios: Object.fromEntries(runs.flatMap((run) => ratiosOf(run, runs))),
  };
}

/** Each peer in turn, as often as RUNS says. */
async function runsOf(size: number, directory: string, before: readonly Run[]): Promise<Run[]> {
  const all = new Map<Peer, Measure[]>();
  for (let round = 0; round < RUNS; round += 1) {
    for (const peer of PEERS) {
      if ((eachBefore(peer, before) ?? 0) * size >= PATIENCE) continue;
      all.set(peer, [...(all.get(peer) ?? []), await peer.run(directory)]);
    }
  }
  return PEERS.map((peer) => ({ size, peer, measured: medians(peer, all.get(peer)) }));
}

function medians(peer: Peer, measures: readonly Measure[] | undefined): Run['measured'] {
  if (measures === undefined) return undefined;
  const saw = peer.saw(measures[0]?.stdout ?? '');
  if (!(saw > 0)) throw new Error(`${peer.name} reported nothing`);
  return {
    ms: median(measures.map(({ ms }) => ms)),
    mb: Math.max(...measures.map(({ mb }) => mb)),
    saw,
  };
}

/** Milliseconds for each manifest at the size before. */
function eachBefore(peer: Peer, runs: readonly Run[]): number | undefined {
  const last = runs.findLast((run) => run.peer === peer);
  return last?.measured && last.measured.ms / last.size;
}

function growthOf({ size, peer, measured }: Run, runs: readonly Run[]): number | undefined {
  const before = eachBefore(
    peer,
    runs.filter((run) => run.size < size),
  );
  return measured && before && measured.ms / size / before;
}

/** The time of a check of the same manifests, divided by that of the peer. */
function compared({ size, measured }: Run, runs: readonly Run[]): number | undefined {
  const ours = runs.find((run) => run.size === size && run.peer === BULKHEAD)?.measured;
  return ours && measured && ours.ms / measured.ms;
}

function ratiosOf(run: Run, runs: readonly Run[]): readonly (readonly [string, number])[] {
  const { size, peer } = run;
  const [ratio, growth] = [compared(run, runs), growthOf(run, runs)];
  return [
    ...(ratio === undefined || peer === BULKHEAD
      ? []
      : [[`${size} manifests: bulkhead / ${peer.name}`, ratio] as const]),
    ...(growth === undefined || peer.name === KUBE_SCORE
      ? []
      : [[`${peer.name}: each of ${size} / of a tenth`, growth] as const]),
  ];
}

function row(run: Run, runs: readonly Run[]): string[] {
  const { size, peer, measured } = run;
  if (measured === undefined) {
    return [String(size), peer.name, `over ${PATIENCE / 1e3} s, left out`, '', '', '', '', ''];
  }
  const { ms, mb, saw } = measured;
  return [
    String(size),
    peer.name,
    `${(ms / 1e3).toFixed(2)} s`,
    `${((ms / size) * 1e3).toFixed(0)} µs`,
    growthOf(run, runs)?.toFixed(2) ?? '',
    compared(run, runs)?.toFixed(2) ?? '',
    `${mb.toFixed(0)} MB`,
    String(saw),
  ];
}

async function startUp(): Promise<Part> {
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
  return {
    part: `Start-up, medians of 21 pairs:\n\n${table(['process', 'time'], rows)}`,
    ratios: { 'a check of one file / node -e 0': median(one) / median(empty) },
  };
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
