import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { ROOT } from './support/bulkhead.ts';

// `check --watch` as a process: files are changed, and pages read from its pipe. Nothing waits for a clock.

const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-watch-'));
const children = new Set<ChildProcess>();
after(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(scratch, { recursive: true });
});

const POD = `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec: { containers: [{ name: web, image: web }] }
`;
const INTRUDER = POD.replace('spec: {', 'spec: { tolerations: [{ operator: Exists }],');
const CONFIG = `apiVersion: bulkhead.dev/v1
kind: Config
profile: ./profile.yaml
exclude: [vendor/]
`;
const PROFILE = `apiVersion: bulkhead.dev/v1
kind: Profile
metadata: { name: mine }
extends: [kubeadm]
`;
const CLI = `'${process.execPath}' '${join(ROOT, 'dist', 'cli.cjs')}'`;
const END = /Watching [\d,]+ files?\. Ctrl-C ends\.\n/;

/** A repository that is watched. */
interface Watched {
  readonly path: (name: string) => string;
  /** Writes files, and returns the page that comes of it. */
  readonly page: (change?: () => void) => Promise<string>;
  readonly child: ChildProcess;
  readonly ended: Promise<unknown[]>;
}

/** A page that does not come is a failure. */
const LIMIT = { timeout: 60_000 };

let count = 0;

async function watching(
  files: Readonly<Record<string, string>>,
  {
    argv = '',
    path = '',
    cwd = '.',
  }: { readonly argv?: string; readonly path?: string; readonly cwd?: string } = {},
): Promise<Watched & { readonly first: string }> {
  count += 1;
  const root = join(scratch, String(count));
  const at = (name: string) => join(root, name);
  mkdirSync(join(root, '.git'), { recursive: true });
  for (const [name, text] of Object.entries(files)) write(at(name), text);
  // One pipe for both keeps them in order.
  const child = spawn('sh', ['-c', `exec ${CLI} check --watch ${argv} 2>&1`], {
    cwd: join(root, cwd),
    env: { ...process.env, PATH: `${path}:${process.env['PATH']}`, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const ended = once(child, 'exit');
  let text = '';
  let wake = () => {};
  let isEnded = false;
  child.once('exit', () => {
    isEnded = true;
    wake();
  });
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    wake();
  });
  const page = async (change = () => {}) => {
    change();
    let end = END.exec(text);
    while (end === null) {
      assert.ok(!isEnded, `it has ended: ${text}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      end = END.exec(text);
    }
    const length = end.index + end[0].length;
    const found = text.slice(0, length);
    text = text.slice(length);
    return found;
  };
  return { path: at, page, child, ended, first: await page() };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** As editors do: what is complete takes the place of the file. */
function save(path: string, text: string): void {
  writeFileSync(`${path}~`, text);
  renameSync(`${path}~`, path);
}

const FOUND = /error {2}control-plane-intrusion/;
const CLEAN = /^(?:Checking[^\n]+\n)?No problems\./;

test('files and directories that change, come and go', LIMIT, async () => {
  const { path, page, first } = await watching(
    { 'manifests/a.yaml': POD },
    { argv: 'manifests -p kubeadm' },
  );
  assert.match(first, CLEAN);
  assert.match(first, /Watching 1 file\./);
  for (const { change, says, shows } of [
    {
      change: () => write(path('manifests/a.yaml'), INTRUDER),
      says: 'manifests/a.yaml',
      shows: FOUND,
    },
    { change: () => save(path('manifests/a.yaml'), POD), says: 'manifests/a.yaml', shows: CLEAN },
    {
      // Saved by renaming before.
      change: () => write(path('manifests/a.yaml'), INTRUDER),
      says: 'manifests/a.yaml',
      shows: FOUND,
    },
    { change: () => save(path('manifests/a.yaml'), POD), says: 'manifests/a.yaml', shows: CLEAN },
    {
      change: () => write(path('manifests/b.yaml'), INTRUDER),
      says: 'manifests/b.yaml',
      shows: /manifests\/b\.yaml:.+control-plane-intrusion[\s\S]+Watching 2 files/,
    },
    { change: () => rmSync(path('manifests/b.yaml')), says: 'manifests/b.yaml', shows: CLEAN },
    {
      change: () => write(path('manifests/new/deep/c.yaml'), INTRUDER),
      says: 'manifests/new',
      shows: /new\/deep\/c\.yaml:.+control-plane-intrusion/,
    },
    {
      change: () => save(path('manifests/new/deep/c.yaml'), POD),
      says: 'manifests/new/deep/c.yaml',
      shows: CLEAN,
    },
    {
      change: () => renameSync(path('manifests'), path('elsewhere')),
      says: 'manifests',
      shows: /manifests {2}unreadable[\s\S]+Watching 0 files/,
    },
    {
      change: () => renameSync(path('elsewhere'), path('manifests')),
      says: 'manifests',
      shows: CLEAN,
    },
    {
      change: () => write(path('manifests/new/deep/c.yaml'), INTRUDER),
      says: 'manifests/new/deep/c.yaml',
      shows: FOUND,
    },
    {
      change: () => rmSync(path('manifests/new'), { recursive: true }),
      shows: CLEAN,
    },
    {
      change: () => rmSync(path('manifests'), { recursive: true }),
      shows: /manifests {2}unreadable/,
    },
    {
      change: () => write(path('manifests/a.yaml'), INTRUDER),
      says: 'manifests',
      shows: FOUND,
    },
  ]) {
    let found = await page(change);
    if (says !== undefined)
      assert.match(found, new RegExp(`^Checking again: ${says} changed\\.\\n`));
    // A busy machine may make two pages of several changes.
    while (!shows.test(found)) found = await page();
  }
});

test('the configuration, the profile and what it extends, and the baseline', LIMIT, async () => {
  const { path, page, first } = await watching({
    'bulkhead.yaml': CONFIG,
    'profile.yaml': PROFILE,
    'a.yaml': INTRUDER,
  });
  assert.match(first, FOUND);
  assert.match(first, /Watching 3 files\./);
  const change = (name: string, text: string) => page(() => save(path(name), text));
  assert.match(await change('bulkhead.yaml', `${CONFIG}nonsense: 1\n`), /bulkhead\.yaml:5:1: /);
  assert.match(await change('bulkhead.yaml', CONFIG), FOUND);
  assert.match(await change('profile.yaml', 'kind: ['), /profile\.yaml:1:/);
  assert.match(
    await change('profile.yaml', PROFILE.replace('kubeadm', './base.yaml')),
    /cannot read the profile base\.yaml/,
  );
  assert.match(await change('base.yaml', PROFILE.replace('mine', 'base')), FOUND);
  assert.match(await change('base.yaml', 'kind: Profile\n'), /base\.yaml:1:1: /);
  assert.match(await change('base.yaml', PROFILE.replace('mine', 'base')), FOUND);
  const accepting = `${CONFIG}baseline: known.json\n`;
  assert.match(await change('bulkhead.yaml', accepting), /cannot read the baseline known\.json/);
  const argv = ['-c', `${CLI} check --write-baseline`];
  const found = await page(() => {
    spawnSync('sh', argv, { cwd: path('.') });
  });
  assert.match(found, /1 in the baseline|No problems/);
  assert.match(await page(() => rmSync(path('bulkhead.yaml'))), /no profile|missing argument/);
});

test('a configuration that comes into being, above the current directory', LIMIT, async () => {
  const { path, page, first } = await watching(
    { 'part/a.yaml': INTRUDER },
    { argv: '. -p kubeadm', cwd: 'part' },
  );
  assert.match(first, FOUND);
  const off = `${CONFIG.replace('./profile.yaml', 'kubeadm')}severity: { control-plane-intrusion: off }\n`;
  const found = await page(() => save(path('bulkhead.yaml'), off));
  assert.match(found, /^Checking again: \.\.\/bulkhead\.yaml changed\.\nNo problems/);
});

test('what is left out is not watched', LIMIT, async () => {
  const { path, page } = await watching({
    'bulkhead.yaml': CONFIG,
    'profile.yaml': PROFILE,
    'a.yaml': POD,
    'vendor/a.yaml': POD,
    'node_modules/x/a.yaml': POD,
    '.hidden/a.yaml': POD,
    '.git/a.yaml': POD,
  });
  const found = await page(() => {
    for (const directory of ['vendor', 'node_modules/x', 'node_modules/y', '.hidden', '.git']) {
      write(path(`${directory}/a.yaml`), INTRUDER);
      write(path(`${directory}/b.yaml`), INTRUDER);
    }
    for (const name of ['.a.yaml.swp', 'a.yaml~', '4913', 'notes.txt']) write(path(name), 'x');
    rmSync(path('4913'));
    mkdirSync(path('.cache'));
    write(path('a.yaml'), INTRUDER);
  });
  assert.match(found, /^Checking again: a\.yaml changed\.\n/);
});

test('the file behind a link', LIMIT, async () => {
  const { path, page } = await watching(
    { 'real/a.yaml': POD, 'm/b.yaml': POD.replace('web', 'b') },
    { argv: 'link.yaml m -p kubeadm' },
  );
  const linked = await page(() => symlinkSync('real/a.yaml', path('link.yaml')));
  assert.match(linked, /^Checking again: link\.yaml changed\.\nNo problems/);
  assert.match(await page(() => save(path('real/a.yaml'), INTRUDER)), FOUND);
});

test('what is rendered: its directory, what it names elsewhere, and values', LIMIT, async () => {
  const bin = join(scratch, 'bin');
  write(join(bin, 'kustomize'), '#!/bin/sh\ncat "$2/../base/pod.yaml"\n');
  write(join(bin, 'helm'), '#!/bin/sh\nfor last; do :; done\ncat "$last/templates/pod.yaml"\n');
  spawnSync('chmod', ['+x', join(bin, 'kustomize'), join(bin, 'helm')]);
  const { path, page, first } = await watching(
    {
      'base/kustomization.yaml': 'resources: [pod.yaml]\n',
      'base/pod.yaml': POD,
      'prod/kustomization.yaml': 'resources: [../base]\n',
      'chart/Chart.yaml': 'name: chart\nversion: 0.1.0\n',
      'chart/templates/pod.yaml': POD.replace('web', 'other'),
      'prod.yaml': 'a: 1\n',
    },
    { argv: '--kustomize prod --helm chart --helm-values prod.yaml -p kubeadm', path: bin },
  );
  assert.match(first, /Watching 6 files\./);
  for (const [name, shows] of [
    ['base/pod.yaml', FOUND],
    ['prod/kustomization.yaml', FOUND],
    ['chart/templates/pod.yaml', FOUND],
    ['chart/templates/new.yaml', FOUND],
    ['prod.yaml', FOUND],
  ] as const) {
    const text = name.endsWith('pod.yaml') ? INTRUDER : 'resources: [../base]\n';
    const found = await page(() => write(path(name), text));
    assert.match(found, new RegExp(`^Checking again: ${name} changed\\.\\n`));
    assert.match(found, shows);
  }
});

describe('the exit status is that of the last check', () => {
  for (const { text, status } of [
    { text: INTRUDER, status: 1 },
    { text: 'kind: [', status: 2 },
    { text: `${POD}# clean\n`, status: 0 },
  ]) {
    test(String(status), LIMIT, async () => {
      const { path, page, child, ended } = await watching(
        { 'a.yaml': POD },
        { argv: 'a.yaml -p kubeadm' },
      );
      await page(() => write(path('a.yaml'), text));
      child.kill('SIGINT');
      assert.deepEqual(await ended, [status, null]);
    });
  }

  test('another signal ends the process as ever', LIMIT, async () => {
    const { child, ended } = await watching({ 'a.yaml': POD }, { argv: 'a.yaml -p kubeadm' });
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [null, 'SIGTERM']);
  });

  test('even while something is rendered, which ends with it', LIMIT, async () => {
    const bin = join(scratch, 'slow');
    write(join(bin, 'kustomize'), '#!/bin/sh\n[ -e slow ] || exec cat "$2/pod.yaml"\n');
    const slow = '#!/bin/sh\necho $$ >> "$2/pid"\nexec sleep 100\n';
    spawnSync('chmod', ['+x', join(bin, 'kustomize')]);
    const { path, page, child, ended } = await watching(
      { 'k/kustomization.yaml': 'resources: [pod.yaml]\n', 'k/pod.yaml': INTRUDER },
      { argv: '--kustomize k -p kubeadm', path: bin },
    );
    writeFileSync(join(bin, 'kustomize'), slow);
    appendFileSync(path('k/pod.yaml'), '# changed\n');
    while (!existsSync(path('k/pid'))) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill('SIGINT');
    assert.deepEqual(await ended, [1, null]);
    await assert.rejects(page(), /it has ended/);
  });
});

test('a reader that goes away ends it', LIMIT, () => {
  const file = join(scratch, 'read.yaml');
  writeFileSync(file, INTRUDER);
  // The second page meets a closed pipe.
  const { stderr } = spawnSync(
    'sh',
    [
      '-c',
      `{ ${CLI} check '${file}' -p kubeadm --watch; echo "status $?" >&2; } | { head -n 1 > '${scratch}/read'; exec <&-; echo >> '${file}'; }`,
    ],
    { encoding: 'utf8', timeout: 30_000 },
  );
  assert.match(stderr, /status 1\n$/);
});

test('a report that is written among the manifests is no change', LIMIT, async () => {
  const directory = join(scratch, 'redirected');
  write(join(directory, 'a.yaml'), POD);
  const out = join(directory, 'out.json');
  const child = spawn('sh', ['-c', `exec ${CLI} check . -p kubeadm --watch > out.json`], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.add(child);
  const ended = once(child, 'exit');
  let said = '';
  for await (const chunk of child.stderr) {
    const before = said.split('Watching').length;
    said += chunk;
    const pages = said.split('Watching').length - 1;
    if (said.split('Watching').length === before) continue;
    if (pages === 1) writeFileSync(join(directory, 'a.yaml'), INTRUDER);
    else child.kill('SIGINT');
  }
  assert.equal((await ended)[1], null);
  assert.match(
    said,
    /^Watching 2 files[^\n]+\nChecking again: a\.yaml changed\.\nWatching[^\n]+\n$/,
  );
  assert.match(readFileSync(out, 'utf8'), FOUND);
});

test('a command line that is wrong ends at once', LIMIT, () => {
  for (const [argv, says] of [
    ['- -p kubeadm', '--watch cannot read standard input'],
    ['. -p kubeadm --write-baseline', '--watch cannot be used with --write-baseline'],
    ['. --no-config', 'no profile'],
    ['. -p kubeadm --policy nonsense', 'unknown policy nonsense'],
  ] as const) {
    const { stderr, status } = spawnSync('sh', ['-c', `${CLI} check --watch ${argv} < /dev/null`], {
      cwd: scratch,
      encoding: 'utf8',
      timeout: 30_000,
    });
    assert.equal(status, 2);
    assert.ok(stderr.startsWith('bulkhead: ') && stderr.includes(says), stderr);
  }
});
