import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inventoryOf } from '../src/engine/inventory.ts';
import { openSession } from '../src/session.ts';
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
  const file = join(directory, 'cases.json');
  writeFileSync(file, JSON.stringify({ cases: cases() }));
  const argv = ['test', 'policies', file, ...['--ignore', '*.yaml', '--ignore', '*.md']];
  argv.push('--timeout', '600s');
  const covered = spawnSync(OPA, [...argv, '--coverage'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (covered.status === 0) report(covered.stdout);
  else {
    // OPA reports which test fails, and why, only without coverage.
    spawnSync(OPA, argv, { cwd: ROOT, stdio: 'inherit' });
    process.exitCode = 1;
  }
} finally {
  rmSync(directory, { recursive: true });
}

/** Every row, as data for the tests. */
function cases() {
  const base = readFileSync(join(ROOT, BASE_PROFILE), 'utf8');
  const rows = built.catalogue.policies.flatMap(({ id, inventory }) => {
    const file = `policies/${id}/cases.yaml`;
    return readCases(file, readFileSync(join(ROOT, file), 'utf8'), base).map((row) => [
      `${id}: ${row.name}`,
      {
        policy: id,
        object: row.object,
        ...openSession(built, row.profile, [...row.inventory, row.object]).data,
        inventory: inventoryOf([...row.inventory, row.object], inventory),
        request: row.request,
        expect: row.expect,
        ...(row.notes && { notes: row.notes }),
      },
    ]);
  });
  return Object.fromEntries(rows);
}

interface Coverage {
  readonly coverage: number;
  readonly files: Readonly<
    Record<
      string,
      { readonly not_covered?: readonly { start: { row: number }; end: { row: number } }[] }
    >
  >;
}

function report(printed: string): void {
  const { coverage: percent, files }: Coverage = JSON.parse(printed);
  process.stdout.write(`line coverage of policies/: ${percent} %\n`);
  const missing = Object.entries(files).flatMap(([file, { not_covered: ranges = [] }]) =>
    ranges.map(({ start, end }) => `  not run: ${file}:${start.row}-${end.row}\n`),
  );
  process.stdout.write(missing.join(''));
  if (percent !== 100) process.exitCode = 1;
}
