import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { declarations } from '../../scripts/types.ts';
import { ROOT, textOf } from '../support/bulkhead.ts';
import { withoutBrowser, withPage } from '../support/chromium.ts';
import { assertGolden } from '../support/golden.ts';

// The package as users get it: packed, and installed in an empty project, with Node.js alone on PATH.

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-package-')));
const project = join(scratch, 'project');
const installed = join(project, 'node_modules', 'bulkhead');
let tarball = '';
after(() => rmSync(scratch, { recursive: true }));

const INTRUDER = `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  tolerations:
    - operator: Exists
`;
const CLEAN = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {}\n';

before(() => {
  for (const [name, text] of declarations()) writeFileSync(join(ROOT, 'dist', name), text);
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', scratch];
  const [{ filename }] = JSON.parse(execFileSync('npm', pack, { cwd: ROOT, encoding: 'utf8' }));
  tarball = join(scratch, filename);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"private": true, "type": "module"}\n');
  // Offline, and with an empty cache: it needs no other package.
  const cache = ['--offline', '--cache', join(scratch, 'cache'), '--no-audit', '--no-fund'];
  const { status, stderr } = run('npm', ['install', ...cache, tarball]);
  assert.equal(status, 0, stderr);
});

/** Runs a program in the project, with Node.js and npm alone on PATH. */
function run(program: string, argv: readonly string[], cwd = project) {
  const bin = join(scratch, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const name of ['node', 'npm', 'npx', 'sh']) {
    const path = name === 'node' ? process.execPath : which(name);
    if (!existsSync(join(bin, name))) symlinkSync(path, join(bin, name));
  }
  const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...env } = process.env;
  return spawnSync(program, argv, {
    cwd,
    env: { ...env, PATH: bin, NO_COLOR: '1', npm_config_cache: join(scratch, 'cache') },
    encoding: 'utf8',
  });
}

function which(name: string): string {
  return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
}

describe('what is packed', () => {
  const packed = () =>
    readdirSync(installed, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1))
      .sort();

  test('these files', () => {
    assertGolden('testdata/library/package.txt', `${packed().join('\n')}\n`);
  });

  test('little more than a megabyte', () => {
    const { size } = statSync(tarball);
    assert.ok(size < 1_200_000, `${size} bytes`);
  });

  test('no dependency, and the licence of everything that is built in', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    assert.equal(manifest.dependencies, undefined);
    const licences = readFileSync(join(installed, 'dist', 'licenses.txt'), 'utf8');
    for (const name of ['yaml', 'ignore', 'pako', '@noble/hashes', '@open-policy-agent/opa-wasm']) {
      assert.match(licences, new RegExp(`^${name} \\d`, 'm'));
    }
  });

  test('links of the README work outside of the repository, and name files that exist', () => {
    const links = [...textOf('README.md').matchAll(/\]\(([^)\s]+)\)/g)].map(([, url = '']) => url);
    assert.ok(links.length > 10);
    const { repository } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    const own = repository.url.replace(/^git\+|\.git$/g, '');
    for (const link of links.filter((one) => !one.startsWith('#'))) {
      assert.match(link, /^https:\/\//, link);
      const [, path] = new RegExp(`^${own}/(?:blob|tree|raw)/main/([^#]*)`).exec(link) ?? [];
      if (path !== undefined) assert.ok(existsSync(join(ROOT, path)), link);
    }
  });

  test('publint has nothing to say', async () => {
    const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true });
    assert.deepEqual(
      messages.map((message) => formatMessage(message, pkg)),
      [],
    );
  });

  test('arethetypeswrong finds the right types in every way of resolving them', async () => {
    const found = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
    assert.ok(found.types !== false);
    assert.deepEqual(found.problems, []);
    assert.deepEqual(Object.keys(found.entrypoints).slice(0, 2), ['.', './core']);
  });
});

describe('the command', () => {
  before(() => {
    mkdirSync(join(project, 'manifests', 'shop'), { recursive: true });
    writeFileSync(join(project, 'manifests', 'shop', 'web.yaml'), INTRUDER);
    writeFileSync(join(project, 'clean.yaml'), CLEAN);
  });
  const profile = ['--profile', 'kubeadm'];
  for (const { name, argv, status, says } of [
    {
      name: 'a file',
      argv: ['check', 'clean.yaml', ...profile],
      status: 0,
      says: /^No problems\./,
    },
    {
      name: 'a directory',
      argv: ['check', 'manifests', ...profile],
      status: 1,
      says: /^manifests\/shop\/web\.yaml:6:7 {2}error {2}control-plane-intrusion/,
    },
    {
      name: 'a file that is missing',
      argv: ['check', 'gone.yaml', ...profile],
      status: 2,
      says: /gone\.yaml/,
    },
    { name: 'a profile', argv: ['profiles', 'addons/calico'], status: 0, says: /^apiVersion:/m },
    {
      name: 'an explanation',
      argv: ['explain', 'stuck-rollout', '-o', 'markdown'],
      status: 0,
      says: /^# /,
    },
    {
      name: 'files for conftest',
      argv: ['generate', 'conftest', ...profile, '--out', 'c'],
      status: 0,
      says: /written to c/,
    },
    {
      name: 'files for Gatekeeper',
      argv: ['generate', 'gatekeeper', ...profile, '--out', 'g'],
      status: 0,
      says: /written to g/,
    },
  ]) {
    for (const bin of ['bulkhead', 'kubectl-bulkhead']) {
      test(`${bin}: ${name}`, () => {
        const found = run('npx', ['--offline', bin, ...argv]);
        assert.equal(found.status, status, found.stderr);
        assert.match(found.stdout + found.stderr, says);
      });
    }
  }
});

describe('the library', () => {
  const USE = `
const bulkhead = await createBulkhead();
const report = bulkhead.check({ 'a.yaml': ${JSON.stringify(INTRUDER)} }, { profile: 'kubeadm' });
console.log(bulkhead.exitStatus(report), report.findings[0].policy);
`;
  for (const { name, text } of [
    { name: 'esm.mjs', text: `import { createBulkhead } from 'bulkhead';\n${USE}` },
    {
      name: 'commonjs.cjs',
      text: `const { createBulkhead } = require('bulkhead');\n(async () => {${USE}})();`,
    },
    {
      name: 'module-in-worker.mjs',
      text: `import { readFileSync } from 'node:fs';
import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { createBulkhead as create } from 'bulkhead/core';
const file = (name) => readFileSync(new URL(import.meta.resolve('bulkhead/' + name)));
const json = (name) => JSON.parse(file(name + '.json'));
if (isMainThread) {
  const wasm = new WebAssembly.Module(file('policy.wasm'));
  const given = { wasm, addons: json('addons'), catalogue: json('catalogue'), profiles: json('profiles') };
  new Worker(new URL(import.meta.url), { workerData: given });
} else {
  const createBulkhead = () => create(workerData);
  ${USE}
}
`,
    },
    {
      name: 'core.cjs',
      text: `const { createBulkhead: create } = require('bulkhead/core');
const { readFileSync } = require('node:fs');
const json = (name) => require('bulkhead/' + name + '.json');
const wasm = readFileSync(require.resolve('bulkhead/policy.wasm'));
const createBulkhead = () =>
  create({ wasm, addons: json('addons'), catalogue: json('catalogue'), profiles: json('profiles') });
(async () => {${USE}})();`,
    },
  ]) {
    test(name, () => {
      writeFileSync(join(project, name), text);
      const { status, stdout, stderr } = run('node', [name]);
      assert.deepEqual([status, stdout, stderr], [0, '1 control-plane-intrusion\n', '']);
    });
  }

  test('schemas are exported', () => {
    for (const name of [
      'report',
      'table',
      'simulation',
      'config',
      'baseline',
      'profile',
      'addon',
    ]) {
      const script = `console.log(require('bulkhead/schemas/${name}.json').$schema)`;
      const { status, stderr } = run('node', ['--input-type=commonjs', '-e', script]);
      assert.equal(status, 0, stderr);
    }
  });
});

describe('the types', () => {
  const TYPED = `
export async function open(): Promise<readonly string[]> {
  const bulkhead: Bulkhead = await createBulkhead();
  const report: Report = bulkhead.check({ 'a.yaml': '' }, { profile: 'kubeadm' });
  const id: PolicyId = 'stuck-rollout';
  const text: string = bulkhead.render(report, 'json') + bulkhead.explain(id);
  return [text, ...report.findings.map(({ policy }) => policy)];
}
`;
  const IMPORT =
    "import { type Bulkhead, createBulkhead, type PolicyId, type Report } from 'bulkhead';\n";
  const CORE = `import { createBulkhead, type BuiltFiles, type Bulkhead } from 'bulkhead/core';
export const open = (files: BuiltFiles): Promise<Bulkhead> => createBulkhead(files);
`;
  for (const { name, module, resolution, file, text } of [
    {
      name: 'nodenext',
      module: 'nodenext',
      resolution: 'nodenext',
      file: 'a.mts',
      text: IMPORT + TYPED,
    },
    {
      name: 'node16, CommonJS',
      module: 'node16',
      resolution: 'node16',
      file: 'b.cts',
      text: IMPORT + TYPED,
    },
    {
      name: 'bundler',
      module: 'esnext',
      resolution: 'bundler',
      file: 'c.ts',
      text: IMPORT + TYPED,
    },
    {
      name: 'the core, nodenext',
      module: 'nodenext',
      resolution: 'nodenext',
      file: 'd.mts',
      text: CORE,
    },
    {
      name: 'the core, CommonJS',
      module: 'node16',
      resolution: 'node16',
      file: 'e.cts',
      text: CORE,
    },
    {
      name: 'the core, bundler',
      module: 'esnext',
      resolution: 'bundler',
      file: 'f.ts',
      text: CORE,
    },
  ]) {
    const compile = (source: string) => {
      writeFileSync(join(project, file), source);
      return spawnSync(
        process.execPath,
        [
          join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'),
          ...['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2023', '--types', ''],
          ...['--module', module, '--moduleResolution', resolution, file],
        ],
        { cwd: project, encoding: 'utf8' },
      );
    };
    test(name, () => {
      const { status, stdout } = compile(text);
      assert.deepEqual([status, stdout], [0, '']);
    });
    if (text === CORE) continue;
    test(`${name}: a wrong argument is an error`, () => {
      const { status, stdout } = compile(text.replace("profile: 'kubeadm'", 'profile: 7'));
      assert.notEqual(status, 0);
      assert.match(stdout, /Type 'number' is not assignable/);
    });
  }

  test('they are as committed: what changes in them is for the CHANGELOG', () => {
    for (const name of ['core.d.ts', 'index.d.ts']) {
      const text = readFileSync(join(installed, 'dist', name), 'utf8');
      assertGolden(`testdata/library/${name}`, text);
    }
  });
});

describe('a web page', { skip: withoutBrowser }, () => {
  const site = join(scratch, 'site');
  let server: Server;

  before(async () => {
    mkdirSync(site);
    const section = textOf('docs/library.md').split('\n## A web page\n')[1] ?? '';
    const [, code = ''] = /```js\n(.*?)```/s.exec(section) ?? [];
    // The page types what a person would type, and says when it has shown the answer.
    const typed = `
input.value = ${JSON.stringify(INTRUDER)};
input.dispatchEvent(new Event('input'));
document.body.dataset.state = 'done';
`;
    writeFileSync(join(project, 'page.js'), code + typed);
    await build({
      absWorkingDir: project,
      entryPoints: ['page.js'],
      bundle: true,
      format: 'esm',
      outdir: site,
      loader: { '.wasm': 'file' },
      logLevel: 'error',
    });
    writeFileSync(
      join(site, 'index.html'),
      '<!doctype html><title>page</title><textarea></textarea><pre></pre><script type="module" src="page.js"></script>',
    );
    server = createServer(({ url = '/' }, response) => {
      const path = join(site, url === '/' ? 'index.html' : url);
      const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };
      // Nothing is evaluated from text, and nothing is asked of others.
      response.setHeader(
        'content-security-policy',
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
      );
      response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream');
      // A browser asks for an icon on its own account.
      const missing = url === '/favicon.ico' ? 204 : 404;
      response.statusCode = existsSync(path) && dirname(path) === site ? 200 : missing;
      response.end(response.statusCode === 200 ? readFileSync(path) : '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(() => server?.close());

  test('shows the findings of what is typed, without an error', async () => {
    const { port } = server.address() as AddressInfo;
    await withPage(async (page) => {
      const said: string[] = [];
      page.on('console', (message) => said.push(message.text()));
      page.on('pageerror', (error) => said.push(error.message));
      await page.goto(`http://127.0.0.1:${port}/`);
      await page.waitForSelector('body[data-state=done]');
      const text = (await page.textContent('pre')) ?? '';
      assert.match(text, /^input\.yaml:6:7 {2}error {2}control-plane-intrusion/);
      assert.match(text, /- operator: Exists/);
      assert.deepEqual(said, []);
    });
  });
});

test('the package is what a second copy of it would be', () => {
  // A program may have two copies: errors are compared by their code.
  const copy = join(project, 'node_modules', 'copy');
  cpSync(installed, copy, { recursive: true });
  const script = `
import { createBulkhead, UserError } from 'bulkhead';
import { createBulkhead as other } from 'copy';
const [a, b] = [await createBulkhead(), await other()];
const report = b.check({ 'a.yaml': '' }, { profile: b.profiles.kubeadm });
console.log(a.exitStatus(report), a.render(report, 'json') === b.render(report, 'json'));
try { b.explain('x') } catch (error) { console.log(error.code, error instanceof UserError) }
`;
  const { stdout, stderr } = run('node', ['--input-type=module', '-e', script]);
  assert.equal(stdout, '2 true\nPOLICY_UNKNOWN false\n', stderr);
});
