import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tool } from '../scripts/tools.ts';
import { engineData, openSession } from '../src/session.ts';
import { builtBulkhead, ROOT, shippedProfile } from '../test/support/bulkhead.ts';
import { measure, table } from './measure.ts';
import { publish } from './results.ts';
import { type Adverse, INVENTORIES, SHAPES, type Shape, strictest } from './shapes.ts';

// What an attacker can make a review cost: objects of which one field is large, through all policies at once, in
// the WASM module and in OPA's engine, which is that of Gatekeeper. Loading is not counted.

const SIZES = [10_000, 100_000, 1_000_000];
const COUNTS = [10, 100, 1000];
const POLICIES = process.env['BENCH_POLICIES'] ?? 'policies';
const only = process.argv[2];

const bulkhead = builtBulkhead();
const profile = strictest(shippedProfile('tectonic-1.6.4'));

const HEAD = ['OPA, ms', 'growth', 'OPA, MB', 'WASM, ms', 'WASM, MB', 'findings'];

interface Cost {
  readonly opaMs: number;
  readonly opaMb: number;
  readonly wasmMs: number;
  readonly wasmMb: number;
  readonly findings: number;
}

const chosen = (shapes: readonly Shape[]) =>
  shapes.filter(({ name }) => only === undefined || name.includes(only));

const fields = await rowsOf(chosen(SHAPES), (shape) => SIZES.map((size) => grown(shape, size)));
const others = await rowsOf(chosen(INVENTORIES), (shape) => COUNTS.map((count) => shape.of(count)));
const line = ({ row }: Measured) => row;
// A part is only printed, as it is measured.
if (only === undefined) {
  publish('adverse', {
    question: 'What can an object be made to cost?',
    peers: 'a tenth of the size',
    parts: [
      'One object through all policies, with one field of 10 kB, 100 kB and 1 MB. Growth is the time at 1 MB ' +
        'divided by that at 100 kB: 10 is linear.',
      table(['field', ...HEAD], fields.map(line)),
      '### With many other objects',
      'One object beside 10, 100 and 1000 others of its namespace, or as many Nodes.',
      table(['others', ...HEAD], others.map(line)),
    ],
    ratios: {
      'the largest growth, OPA': Math.max(...[...fields, ...others].map(({ opa }) => opa)),
      'the largest growth, WASM': Math.max(...[...fields, ...others].map(({ wasm }) => wasm)),
    },
  });
}

interface Measured {
  readonly row: readonly string[];
  /** The time of the largest, divided by that of the second. */
  readonly opa: number;
  readonly wasm: number;
}

async function rowsOf(
  shapes: readonly Shape[],
  sizes: (shape: Shape) => readonly Adverse[],
): Promise<readonly Measured[]> {
  const rows: Measured[] = [];
  for (const shape of shapes) {
    const costs: Cost[] = [];
    for (const adverse of sizes(shape)) costs.push(await costOf(adverse));
    const of = (key: keyof Cost) => costs.map((cost) => cost[key].toFixed(0)).join(', ');
    const growth = (key: 'opaMs' | 'wasmMs') => {
      const [, second = Number.NaN, third = Number.NaN] = costs.map((cost) => cost[key]);
      return third / second;
    };
    const row = [
      shape.name,
      of('opaMs'),
      growth('opaMs').toFixed(1),
      of('opaMb'),
      of('wasmMs'),
      of('wasmMb'),
      of('findings'),
    ];
    process.stderr.write(`${row.join(' | ')}\n`);
    rows.push({ row, opa: growth('opaMs'), wasm: growth('wasmMs') });
  }
  return rows;
}

/** The shape with as many items as fit into so many bytes. */
function grown(shape: Shape, bytes: number): Adverse {
  const size = (count: number) => JSON.stringify(shape.of(count).object).length;
  const each = (size(200) - size(100)) / 100;
  return shape.of(Math.max(1, Math.floor((bytes - size(0)) / Math.max(each, 1))));
}

async function costOf(adverse: Adverse): Promise<Cost> {
  const { object, others = [] } = adverse;
  const session = openSession(bulkhead, profile, [...others, object]);
  const ids = session
    .policiesFor(object as { apiVersion: string; kind: string })
    .map(({ id }) => id);
  const input = JSON.stringify({ review: { object }, policies: ids });
  const opa = await inOpa(
    JSON.stringify(engineData(bulkhead, profile, [...others, object])),
    input,
  );
  const before = process.memoryUsage().rss;
  session.engine.evaluate({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } }, ids);
  const start = performance.now();
  let findings = -1;
  try {
    findings = session.engine.evaluate(object, ids).violations.length;
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
  }
  const wasmMs = performance.now() - start;
  const wasmMb = Math.max(0, process.memoryUsage().rss - before) / 1e6;
  return { ...opa, wasmMs, wasmMb, findings };
}

/** What one evaluation takes in OPA, without parsing and compiling. */
async function inOpa(data: string, input: string): Promise<{ opaMs: number; opaMb: number }> {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-bench-'));
  try {
    writeFileSync(join(directory, 'data.json'), data);
    writeFileSync(join(directory, 'input.json'), input);
    const { stdout, mb } = await measure(tool('opa'), [
      ...['eval', '--metrics', '--format', 'json', '--timeout', '60s'],
      ...['-d', join(directory, 'data.json'), '-d', join(ROOT, POLICIES)],
      ...['--ignore', '*_test.rego', '--ignore', '*.yaml', '--ignore', '*.md'],
      ...['-i', join(directory, 'input.json'), 'count(data.entry.verdict.findings)'],
    ]);
    const { metrics } = JSON.parse(stdout);
    return { opaMs: (metrics?.timer_rego_query_eval_ns ?? Number.NaN) / 1e6, opaMb: mb };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
