import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { type CustomKinds, readCatalogue, type WorkloadKinds } from './metadata.ts';
import { policyPages } from './pages.ts';
import { ADDON_NAMES, builtInAddon, builtInProfile, PROFILE_NAMES } from './profiles.ts';
import { readReach } from './reach.ts';
import { ROOT, tool } from './tools.ts';

const DIST = join(ROOT, 'dist');
const OPA = tool('opa');
/** The rules by which the policies are entered. */
const ENTRYPOINTS = ['verdict', 'cells', 'reserved', 'simulation'];
/** Files that are not part of the policies: tests, and tables that OPA would read as data. */
const IGNORE = ['--ignore', '*_test.rego', '--ignore', '*.yaml', '--ignore', '*.md'];

/**
 * Leaves out the libraries of the SDK's built-ins, which take half of the start-up time: the policies call
 * none of them (src/engine/engine.test.ts).
 */
const WITHOUT_HOST_BUILTINS: Plugin = {
  name: 'without-host-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:yaml|sprintf-js)$/ }, ({ importer, path }) =>
      importer.includes('opa-wasm') ? { path, namespace: 'left-out' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'module.exports = {};' }));
  },
};

mkdirSync(DIST, { recursive: true });
buildWasm();
buildCatalogue();
buildProfiles();
await buildBundle();

/** dist/policy.wasm: the policies. */
function buildWasm(): void {
  // Only the module is used: the sources in the archive lack their entrypoint rules.
  writeFileSync(join(DIST, 'policy.wasm'), compiled('wasm', 'policy.wasm'));
}

/** A file of the bundle that OPA builds from the policies for a target. */
function compiled(target: 'wasm' | 'plan', file: string): Buffer {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-'));
  const archive = join(directory, 'bundle.tar.gz');
  const entries = ENTRYPOINTS.flatMap((name) => ['-e', `entry/${name}`]);
  try {
    opa('build', '-t', target, ...entries, ...IGNORE, '-o', archive, 'policies');
    execFileSync('tar', ['-xzf', archive, '-C', directory, `/${file}`], { stdio: 'pipe' });
    return readFileSync(join(directory, file));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The METADATA of the policies (catalogue), their pages, and their text (modules). */
function buildCatalogue(): void {
  const inspection: unknown = JSON.parse(opa('inspect', '-a', '-f', 'json', 'policies'));
  const workloads = evaluate<WorkloadKinds>('data.lib.workloads.workloads.kinds');
  const customKinds = evaluate<CustomKinds>('data.lib.workloads.custom_resources.kinds');
  const reach = readReach(JSON.parse(compiled('plan', 'plan.json').toString()));
  const surroundings = { workloads, customKinds, reach, ...release() };
  const catalogue = readCatalogue(inspection, surroundings);
  writeFileSync(join(DIST, 'catalogue.json'), json(catalogue));
  writeFileSync(join(DIST, 'pages.json'), json(policyPages(catalogue)));
  writeFileSync(join(DIST, 'modules.json'), json(modules()));
}

/** The version, and the URL of the repository as a browser takes it. */
function release(): { readonly version: string; readonly repository: string } {
  const { version, repository } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return { version, repository: repository.url.replace(/^git\+|\.git$/g, '') };
}

/** dist/profiles.json and dist/addons.json: what is built in, already read. */
function buildProfiles(): void {
  const addons = ADDON_NAMES.map((name) => [name, builtInAddon(name)] as const);
  const profiles = PROFILE_NAMES.map((name) => [name, builtInProfile(name)] as const);
  writeFileSync(join(DIST, 'addons.json'), json(Object.fromEntries(addons)));
  writeFileSync(join(DIST, 'profiles.json'), json(Object.fromEntries(profiles)));
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
    plugins: [WITHOUT_HOST_BUILTINS],
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

function evaluate<T>(query: string): T {
  const printed = opa('eval', '-d', 'policies/lib', ...IGNORE, '-f', 'raw', query);
  return JSON.parse(printed);
}

function opa(...argv: string[]): string {
  return execFileSync(OPA, argv, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 });
}

/** Without line breaks: each start of the command parses it. */
function json(value: unknown): string {
  return JSON.stringify(value);
}
