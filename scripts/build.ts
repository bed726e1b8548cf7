import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { readCatalogue, type WorkloadKinds } from '../src/catalogue/metadata.ts';
import { policyPages } from './pages.ts';
import { ROOT, tool } from './tools.ts';

const DIST = join(ROOT, 'dist');
const OPA = tool('opa');
/** What is not law: tests, and tables that OPA would take for data. */
const IGNORE = ['--ignore', '*_test.rego', '--ignore', '*.yaml', '--ignore', '*.md'];

mkdirSync(DIST, { recursive: true });
buildWasm();
buildCatalogue();
await buildBundle();

/** dist/policy.wasm: the policies, entered by `entry/verdict` and `entry/facts`. */
function buildWasm(): void {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-'));
  const archive = join(folder, 'bundle.tar.gz');
  try {
    opa(
      'build',
      '-t',
      'wasm',
      '-e',
      'entry/verdict',
      '-e',
      'entry/facts',
      ...IGNORE,
      '-o',
      archive,
      'policies',
    );
    // The archive's sources lack their entrypoint rules: only the module is of use.
    execFileSync('tar', ['-xzf', archive, '-C', folder, '/policy.wasm'], { stdio: 'pipe' });
    writeFileSync(join(DIST, 'policy.wasm'), readFileSync(join(folder, 'policy.wasm')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the policies say of themselves (catalogue, pages), and their text (modules). */
function buildCatalogue(): void {
  const inspection: unknown = JSON.parse(opa('inspect', '-a', '-f', 'json', 'policies'));
  const kinds = evaluate('data.lib.workload.kinds');
  const catalogue = readCatalogue(inspection, kinds);
  writeFileSync(join(DIST, 'catalogue.json'), json(catalogue));
  writeFileSync(join(DIST, 'pages.json'), json(policyPages(catalogue)));
  writeFileSync(join(DIST, 'modules.json'), json(modules()));
}

function modules(): readonly { path: string; source: string }[] {
  return readdirSync(join(ROOT, 'policies'), { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.rego') && !path.endsWith('_test.rego'))
    .sort()
    .map((path) => ({ path, source: readFileSync(join(ROOT, 'policies', path), 'utf8') }));
}

/** dist/cli.cjs: one file, CommonJS because it starts faster; dist/index.js: the library. */
async function buildBundle(): Promise<void> {
  const shared = {
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    target: 'node20',
    legalComments: 'none',
    logLevel: 'warning',
  } as const;
  await build({
    ...shared,
    entryPoints: ['src/cli/bin.ts'],
    outfile: 'dist/cli.cjs',
    format: 'cjs',
    minify: true,
    define: { 'import.meta.dirname': '__dirname' },
  });
  await build({
    ...shared,
    entryPoints: ['src/index.ts'],
    outfile: 'dist/index.js',
    format: 'esm',
    packages: 'external',
  });
}

function evaluate(query: string): WorkloadKinds {
  const printed = opa('eval', '-d', 'policies/lib', ...IGNORE, '-f', 'raw', query);
  return JSON.parse(printed);
}

function opa(...argv: string[]): string {
  return execFileSync(OPA, argv, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
