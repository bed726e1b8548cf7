import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { indexed } from '../src/engine/indexed.ts';
import { inventoryOf } from '../src/engine/inventory.ts';
import { tableData } from '../src/session.ts';
import { builtBulkhead } from '../test/support/bulkhead.ts';
import { readCases } from './cases.ts';
import { BASE_PROFILE } from './pages.ts';
import { ROOT, tool } from './tools.ts';

// Runs the Rego tests with OPA, including the rows of every cases.yaml, and checks that they cover every line
// of the policies.

const OPA = tool('opa');
const built = builtBulkhead();
const directory = mkdtempSync(join(tmpdir(), 'bulkhead-'));
try {
  const runs = await Promise.all(shares().map(covered));
  if (runs.every((run) => run !== undefined)) report(runs);
  else process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true });
}

/** The arguments of one run for each core: the first has all other tests as well as its share of the rows. */
function shares(): readonly (readonly string[])[] {
  const rows = Object.entries(cases());
  const count = availableParallelism();
  return Array.from({ length: count }, (_, share) => {
    const file = join(directory, `cases-${share}.json`);
    const own = rows.filter((_row, index) => index % count === share);
    writeFileSync(file, JSON.stringify({ cases: Object.fromEntries(own) }));
    const argv = ['test', 'policies', file, ...['--ignore', '*.yaml', '--ignore', '*.md']];
    return [...argv, '--timeout', '1200s', ...(share === 0 ? [] : ['--run', 'cases_test'])];
  });
}

/** Runs tests and returns what they cover; undefined if one fails. */
async function covered(argv: readonly string[]): Promise<Coverage | undefined> {
  const child = spawn(OPA, [...argv, '--coverage'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [printed, [status]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (status === 0) return JSON.parse(printed);
  // OPA reports which test fails, and why, only without coverage.
  spawnSync(OPA, argv, { cwd: ROOT, stdio: 'inherit' });
  return undefined;
}

/** Every row, as data for the tests. */
function cases() {
  const base = readFileSync(join(ROOT, BASE_PROFILE), 'utf8');
  const rows = built.catalogue.policies.flatMap(({ id, inventory }) => {
    const file = `policies/${id}/cases.yaml`;
    return readCases(file, readFileSync(join(ROOT, file), 'utf8'), base).map((row, place) => {
      const objects = [...row.inventory, row.object];
      const bulkhead = tableData(built, row.profile);
      const isOfFiles = place % 2 === 1;
      return [
        `${id}: ${row.name}`,
        {
          policy: id,
          object: row.object,
          // Every second row is checked as in a check of files; the others as conftest and Gatekeeper do, one policy
          // by one and without an index.
          keepsRules: isOfFiles,
          bulkhead: { ...bulkhead, together: isOfFiles },
          inventory: isOfFiles
            ? indexed(
                built.wasm,
                bulkhead,
                objects.map((value) => ({ value })),
                inventory,
              )
            : inventoryOf(objects, inventory),
          request: row.request,
          expect: row.expect,
          ...(row.notes && { notes: row.notes }),
        },
      ];
    });
  });
  return Object.fromEntries(rows);
}

interface Coverage {
  readonly files: Readonly<
    Record<string, { readonly covered?: readonly Range[]; readonly not_covered?: readonly Range[] }>
  >;
}

interface Range {
  readonly start: { readonly row: number };
  readonly end: { readonly row: number };
}

/** Prints the lines that no run covers. */
function report(runs: readonly Coverage[]): void {
  const run = new Set<string>();
  const notRun = new Set<string>();
  for (const [file, { covered = [], not_covered = [] }] of runs.flatMap(({ files }) =>
    Object.entries(files),
  )) {
    for (const line of linesIn(covered)) run.add(`${file}:${line}`);
    for (const line of linesIn(not_covered)) notRun.add(`${file}:${line}`);
  }
  if (run.size === 0) throw new Error('OPA covered no line');
  const missing = [...notRun].filter((line) => !run.has(line));
  const all = run.size + missing.length;
  process.stdout.write(`line coverage of policies/: ${run.size} of ${all} lines\n`);
  process.stdout.write(missing.map((line) => `  not run: ${line}\n`).join(''));
  if (missing.length > 0) process.exitCode = 1;
}

function linesIn(ranges: readonly Range[]): readonly number[] {
  return ranges.flatMap(({ start, end }) =>
    Array.from({ length: end.row - start.row + 1 }, (_, index) => start.row + index),
  );
}
