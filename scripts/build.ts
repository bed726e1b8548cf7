import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { checkLayout } from './layout.ts';
import { type CustomKinds, readCatalogue, type WorkloadKinds } from './metadata.ts';
import { readModules } from './modules.ts';
import { policyPages } from './pages.ts';
import { ADDON_NAMES, builtInAddon, builtInProfile, PROFILE_NAMES } from './profiles.ts';
import { readCalls, readReach } from './reach.ts';
import { ROOT, tool } from './tools.ts';

const DIST = join(ROOT, 'dist');
const OPA = tool('opa');
/** The rules by which the policies are entered, as WASM. */
const ENTRYPOINTS = [
  'verdict',
  'cells',
  'reserved',
  'simulation',
  'placement',
  'reach',
  'roles_by_node',
  'admission',
].map((name) => `entry/${name}`);
/** The rules by which Gatekeeper and conftest enter them. */
const OTHER_ENTRYPOINTS = [
  'gatekeeper/violation',
  ...['violation', 'warn', 'violation_waived', 'exception'].map((name) => `main/${name}`),
];
const ADAPTER = 'conftest/policy';
/** How OPA plans both: without what depends on an entrypoint, since some of it is a function. */
const AS_PLAN = [ADAPTER, '-t', 'plan', '--prune-unused'];
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

/** Traces show lines that fit on a screen. */
const LIBRARY = { lineLimit: 120 };

/**
 * What the command loads only where it reads a file of settings: a third of all code, which each start would have to
 * parse.
 */
const ON_DEMAND = [
  { source: 'node_modules/yaml/dist/index.js', imported: /^yaml$/, file: 'yaml.cjs' },
  {
    source: 'src/schema/validate.generated.js',
    imported: /\/validate\.generated\.js$/,
    file: 'validators.cjs',
  },
];

/** Starts the command. From Node.js 22 on, what it compiles is kept for the next start. */
const COMMAND = `#!/usr/bin/env node
'use strict';
require('node:module').enableCompileCache?.();
require('./command.cjs');
`;

/** The library for `require`, which takes ES modules from Node.js 20.19 on. */
const COMMONJS = {
  'core.cjs': "module.exports = require('./core.js');\n",
  'index.cjs': "module.exports = require('./index.js');\n",
};

mkdirSync(DIST, { recursive: true });
buildWasm();
await buildCatalogue();
buildProfiles();
await buildBundles();

/** dist/policy.wasm: the policies. */
function buildWasm(): void {
  // Only the module is used: the sources in the archive lack their entrypoint rules.
  const wasm = compiled('policy.wasm', ENTRYPOINTS, '-t', 'wasm');
  checkLayout(wasm);
  writeFileSync(join(DIST, 'policy.wasm'), wasm);
}

/** A file of the bundle that OPA builds from the policies for a target. */
function compiled(
  file: string,
  entrypoints: readonly string[],
  ...argv: readonly string[]
): Buffer {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-'));
  const archive = join(directory, 'bundle.tar.gz');
  const entries = entrypoints.flatMap((name) => ['-e', name]);
  try {
    opa('build', ...entries, ...IGNORE, '-o', archive, 'policies', ...argv);
    execFileSync('tar', ['-xzf', archive, '-C', directory, `/${file}`], { stdio: 'pipe' });
    return readFileSync(join(directory, file));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The METADATA of the policies (catalogue), their pages, and their text (sources). */
async function buildCatalogue(): Promise<void> {
  const inspection: unknown = JSON.parse(opa('inspect', '-a', '-f', 'json', 'policies'));
  const workloads = evaluate<WorkloadKinds>('data.lib.workloads.workloads.kinds');
  const customKinds = evaluate<CustomKinds>('data.lib.workloads.custom_resources.kinds');
  const plan: unknown = JSON.parse(
    compiled('plan.json', [...ENTRYPOINTS, ...OTHER_ENTRYPOINTS], ...AS_PLAN).toString(),
  );
  const reach = readReach(plan);
  const surroundings = { workloads, customKinds, reach, ...release() };
  const catalogue = readCatalogue(inspection, surroundings);
  writeFileSync(join(DIST, 'catalogue.json'), json(catalogue));
  writeFileSync(join(DIST, 'pages.json'), json(policyPages(catalogue)));
  const calls = readCalls(plan);
  const policies = await readModules(OPA, join(ROOT, 'policies'), calls);
  const conftest = await readModules(OPA, join(ROOT, ADAPTER), calls);
  writeFileSync(join(DIST, 'sources.json'), json({ policies, conftest }));
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

/**
 * The command and the library, with all that they need of other packages: what is installed is what was tested.
 * The command is CommonJS because it starts faster.
 */
async function buildBundles(): Promise<void> {
  const shared = {
    absWorkingDir: ROOT,
    bundle: true,
    target: 'node20',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [WITHOUT_HOST_BUILTINS],
  } satisfies BuildOptions;
  const command = { ...shared, platform: 'node', format: 'cjs' } satisfies BuildOptions;
  const { metafile } = await build({
    ...command,
    entryPoints: ['src/cli/bin.ts'],
    outfile: 'dist/command.cjs',
    define: { 'import.meta.dirname': '__dirname' },
    metafile: true,
    plugins: [
      ...shared.plugins,
      ...ON_DEMAND.map(({ imported, file }) => beside(imported, `./${file}`)),
    ],
  });
  for (const { source, file } of ON_DEMAND) {
    await build({ ...command, entryPoints: [source], outfile: join(DIST, file) });
  }
  writeFileSync(join(DIST, 'cli.cjs'), COMMAND, { mode: 0o755 });
  await build({
    ...shared,
    ...LIBRARY,
    // An import of Node.js fails the build.
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['import'],
    entryPoints: ['src/core.ts'],
    outfile: 'dist/core.js',
    format: 'esm',
  });
  await build({
    ...shared,
    ...LIBRARY,
    platform: 'node',
    entryPoints: ['src/index.ts'],
    outfile: 'dist/index.js',
    format: 'esm',
    plugins: [beside(/^\.\/core\.ts$/, './core.js')],
  });
  for (const [name, text] of Object.entries(COMMONJS)) writeFileSync(join(DIST, name), text);
  writeFileSync(
    join(DIST, 'licenses.txt'),
    licences([...Object.keys(metafile.inputs), ...ON_DEMAND.map(({ source }) => source)]),
  );
}

/** Imports a file beside the bundle in place of a module. */
function beside(imported: RegExp, file: string): Plugin {
  return {
    name: `beside: ${file}`,
    setup({ onResolve }) {
      onResolve({ filter: imported }, () => ({ path: file, external: true }));
    },
  };
}

/** The licences of the packages that the bundles contain. */
function licences(inputs: readonly string[]): string {
  const directories = inputs.flatMap(
    (input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? [],
  );
  return [...new Set(directories)]
    .sort()
    .map((directory) => {
      const { name, version, license } = JSON.parse(
        readFileSync(join(ROOT, directory, 'package.json'), 'utf8'),
      );
      const file = readdirSync(join(ROOT, directory)).find((one) => /^licen[cs]e/i.test(one));
      if (file === undefined) throw new Error(`${name} has no licence file`);
      const text = readFileSync(join(ROOT, directory, file), 'utf8').trim();
      return `${name} ${version} (${license})\n\n${text}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
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
