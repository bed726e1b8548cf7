import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { check } from '../src/check.ts';
import { renderJson } from '../src/formats/json.ts';
import { builtBulkhead, manifestsIn, ROOT, shippedProfile } from './support/bulkhead.ts';
import { assertGolden } from './support/golden.ts';

// The published bundle, run as users run it.

const DRIFTED = 'testdata/clusters/drifted';
const SEPARATED = 'profiles/tectonic-1.6.4/cluster';
const PROFILE = ['--profile', 'tectonic-1.6.4'];
const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-'));
after(() => rmSync(scratch, { recursive: true }));

interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

function bulkhead(argv: readonly string[], input = ''): Run {
  const env = { ...process.env, NO_COLOR: '1' };
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(ROOT, 'dist', 'cli.cjs'), ...argv],
    { cwd: ROOT, env, input, encoding: 'utf8' },
  );
  return { stdout, stderr, status };
}

/** A golden page: the command, its output, and its exit status. */
function page(argv: readonly string[]): string {
  const { stdout, stderr, status } = bulkhead(argv);
  const errors = stderr === '' ? '' : `--- standard error\n${stderr}`;
  return `$ bulkhead ${argv.join(' ')}\n${stdout}${errors}--- exit status ${status}\n`;
}

describe('golden pages', () => {
  for (const { name, argv } of [
    { name: 'check-drifted', argv: ['check', DRIFTED, ...PROFILE] },
    { name: 'check-separated', argv: ['check', SEPARATED, ...PROFILE] },
    { name: 'table-drifted', argv: ['table', DRIFTED, ...PROFILE] },
    { name: 'table-separated', argv: ['table', SEPARATED, ...PROFILE] },
    { name: 'table-drifted-markdown', argv: ['table', DRIFTED, ...PROFILE, '-o', 'markdown'] },
    { name: 'help', argv: ['help'] },
    { name: 'help-check', argv: ['help', 'check'] },
    { name: 'help-generate', argv: ['generate'] },
    { name: 'explain', argv: ['explain'] },
    { name: 'explain-policy', argv: ['explain', 'off-role-placement'] },
    { name: 'profiles', argv: ['profiles'] },
  ]) {
    test(name, () => assertGolden(`testdata/cli/${name}.txt`, page(argv)));
  }
});

test('the golden report of the drifted cluster', () => {
  const { stdout } = bulkhead(['check', DRIFTED, ...PROFILE, '-o', 'json']);
  assertGolden('testdata/cli/check-drifted.json', stdout);
});

test('the bundle reports what the library reports', () => {
  const report = check(
    builtBulkhead(),
    shippedProfile('tectonic-1.6.4'),
    manifestsIn(ROOT, DRIFTED),
    { inputs: [DRIFTED] },
  );
  const { stdout, stderr, status } = bulkhead(['check', DRIFTED, ...PROFILE, '-o', 'json']);
  assert.equal(stdout, renderJson(report));
  assert.equal(stderr, '');
  assert.equal(status, 1);
});

test('the output does not depend on the order of the arguments', () => {
  const directories = [`${DRIFTED}/users`, `${DRIFTED}/control-plane`, `${DRIFTED}/nodes.yaml`];
  const [one, other] = [directories, [...directories].reverse()].map((paths) =>
    bulkhead(['check', ...paths, ...PROFILE, '-o', 'json']),
  );
  assert.deepEqual(one, other);
});

test('a cluster without findings: exit status 0', () => {
  assert.equal(bulkhead(['check', SEPARATED, ...PROFILE]).status, 0);
});

test('--fail-on warning makes warnings count', () => {
  const file = join(scratch, 'dns.yaml');
  const replicas = `${DNS.replace('replicas: 1', 'replicas: 2')}`;
  writeFileSync(file, replicas);
  assert.equal(bulkhead(['check', file, ...PROFILE]).status, 0);
  assert.equal(bulkhead(['check', file, ...PROFILE, '--fail-on', 'warning']).status, 1);
});

const DNS = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: kube-dns
  namespace: kube-system
spec:
  replicas: 1
  template:
    spec:
      nodeSelector:
        node-role.kubernetes.io/master: ""
      tolerations:
        - key: node-role.kubernetes.io/master
          operator: Exists
`;
const INTRUDER = `apiVersion: v1
kind: Pod
metadata:
  name: a
  namespace: b
spec:
  tolerations:
    - operator: Exists
`;

test('a broken document among good ones is an error with its place, and the others are checked', () => {
  const file = join(scratch, 'mixed.yaml');
  writeFileSync(file, `${DNS}---\nkind: [1\nb: 2\n---\n${INTRUDER}`);
  const { stdout, stderr, status } = bulkhead(['check', file, ...PROFILE, '-o', 'json']);
  const report = JSON.parse(stdout);
  assert.equal(status, 2);
  assert.ok(stderr.startsWith(`bulkhead: ${file}:17:`), stderr);
  assert.equal(stderr.trim().split('\n').length, 1);
  assert.deepEqual(
    report.inputErrors.map(({ code, line }: { code: string; line: number }) => [code, line]),
    [['MANIFEST_SYNTAX', 17]],
  );
  assert.deepEqual(
    report.findings.map(({ policy, line }: { policy: string; line: number }) => [policy, line]),
    [['control-plane-intrusion', 26]],
  );
});

test('a signal ends the programs that render, too', async () => {
  const directory = join(scratch, 'rendering');
  const mark = join(directory, 'mark');
  mkdirSync(directory);
  writeFileSync(
    join(directory, 'kustomize'),
    `#!/bin/sh\necho $$ > ${mark}\n/bin/sleep 3\nrm ${mark}\n`,
    { mode: 0o755 },
  );
  const child = spawn(
    process.execPath,
    [join(ROOT, 'dist', 'cli.cjs'), 'check', '--kustomize', directory, ...PROFILE],
    { cwd: ROOT, env: { ...process.env, PATH: directory }, stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  while (!existsSync(mark)) await setTimeout(20);
  child.kill('SIGINT');
  assert.deepEqual(await ended, [null, 'SIGINT']);
  await setTimeout(3500);
  assert.ok(existsSync(mark), 'it was killed before it removed the file');
});

test('waivers expire by the clock of the machine', () => {
  const directory = join(scratch, 'expired');
  mkdirSync(directory);
  writeFileSync(join(directory, 'pod.yaml'), INTRUDER);
  const settings = (expires: string) => `apiVersion: bulkhead.dev/v1
kind: Config
profile: tectonic-1.6.4
inputs: [{ path: pod.yaml }]
waivers:
  - policy: control-plane-intrusion
    match: { kind: Pod, namespace: b, name: a }
    reason: It collects the logs of every node.
    owner: team-observability
    expires: ${expires}
`;
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString();
  const config = join(directory, 'bulkhead.yaml');
  for (const [expires, status] of [
    [day(-2), 1],
    [day(2), 0],
  ] as const) {
    writeFileSync(config, settings(expires.slice(0, 10)));
    assert.equal(bulkhead(['check', '--config', config]).status, status, expires);
  }
});

test('standard input is checked, and named -', () => {
  const { stdout, status } = bulkhead(['check', '-', ...PROFILE, '-o', 'json'], INTRUDER);
  assert.equal(status, 1);
  assert.deepEqual(
    JSON.parse(stdout).findings.map(({ file, line }: { file: string; line: number }) => [
      file,
      line,
    ]),
    [['-', 8]],
  );
});

describe('what cannot be checked is one line on standard error and exit status 2', () => {
  const json = ['-o', 'json'];
  const empty = join(scratch, 'empty');
  mkdirSync(empty);
  const values = join(scratch, 'values.yaml');
  writeFileSync(values, 'replicaCount: 1\nimage: web\n');
  const comments = join(scratch, 'comments.yaml');
  writeFileSync(comments, '# nothing\n---\n# here\n');
  for (const { what, argv, says } of [
    {
      what: 'an empty directory',
      argv: ['check', empty, ...PROFILE, ...json],
      says: 'no .yaml, .yml or .json file',
    },
    {
      what: 'a missing path',
      argv: ['check', join(scratch, 'nope'), ...PROFILE, ...json],
      says: 'nope',
    },
    {
      what: 'no Kubernetes object',
      argv: ['check', values, ...PROFILE, ...json],
      says: 'no Kubernetes object',
    },
    {
      what: 'comments only',
      argv: ['check', comments, ...PROFILE, ...json],
      says: 'no Kubernetes object',
    },
    {
      what: 'an unknown profile',
      argv: ['check', DRIFTED, '-p', 'tectonic'],
      says: 'unknown profile: tectonic',
    },
    { what: 'no profile', argv: ['check', DRIFTED], says: '--profile' },
    { what: 'an unknown flag', argv: ['check', DRIFTED, '--profil', 'x'], says: '--profile' },
    { what: 'an unknown output', argv: ['check', DRIFTED, ...PROFILE, '-o', 'xml'], says: 'xml' },
    { what: 'an unknown command', argv: ['chek', DRIFTED], says: 'check' },
    { what: 'no path', argv: ['check', ...PROFILE], says: 'PATH' },
    {
      what: 'an unknown policy',
      argv: ['explain', 'off-role'],
      says: 'did you mean off-role-placement?',
    },
  ]) {
    test(what, () => {
      const { stderr, status } = bulkhead(argv);
      assert.equal(status, 2);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
      assert.ok(stderr.startsWith('bulkhead: ') && stderr.includes(says), stderr);
    });
  }
});

test('generate writes the committed files', () => {
  const out = join(scratch, 'gatekeeper');
  const { status, stdout } = bulkhead(['generate', 'gatekeeper', ...PROFILE, '--out', out]);
  assert.equal(status, 0, stdout);
  const written = manifestsIn(out, 'templates').map(({ name }) => name);
  assert.deepEqual(
    written,
    manifestsIn(join(ROOT, 'gatekeeper'), 'templates').map(({ name }) => name),
  );
});

// Every write to this device fails: the disk is full.
const FULL = '/dev/full';

describe('output that cannot be written is one sentence and exit status 2', {
  skip: !existsSync(FULL),
}, () => {
  const run = (argv: readonly string[], full: readonly ('stdout' | 'stderr')[]) => {
    const device = openSync(FULL, 'w');
    const of = (name: 'stdout' | 'stderr') => (full.includes(name) ? device : ('pipe' as const));
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [join(ROOT, 'dist', 'cli.cjs'), ...argv],
      { cwd: ROOT, stdio: ['ignore', of('stdout'), of('stderr')], encoding: 'utf8' },
    );
    closeSync(device);
    return { stdout, stderr, status };
  };
  const SAID = 'bulkhead: cannot write standard output: no space left\n';

  for (const argv of [
    ['check', SEPARATED, ...PROFILE],
    ['check', SEPARATED, ...PROFILE, '-o', 'json'],
    ['check', DRIFTED, ...PROFILE],
    ['table', SEPARATED, ...PROFILE],
    ['table', SEPARATED, ...PROFILE, '-o', 'markdown'],
    ['simulate', SEPARATED, ...PROFILE],
    ['generate', 'conftest', ...PROFILE, '--out', join(scratch, 'full')],
    ['explain'],
    ['profiles'],
    ['profiles', 'kubeadm'],
    ['help'],
    ['version'],
  ]) {
    test(argv.join(' ').replace(scratch, 'DIR'), () => {
      assert.deepEqual(run(argv, ['stdout']), { stdout: null, stderr: SAID, status: 2 });
    });
  }

  test('a sentence that is lost too leaves the exit status', () => {
    const { status } = run(['check', SEPARATED, ...PROFILE], ['stdout', 'stderr']);
    assert.equal(status, 2);
  });

  test('standard error alone', () => {
    const argv = ['check', join(scratch, 'nope'), ...PROFILE, '-o', 'json'];
    const { stdout, status } = run(argv, ['stderr']);
    assert.equal(status, 2);
    assert.equal(JSON.parse(stdout ?? '').inputErrors.length, 1);
  });

  test('nothing is lost where nothing is written', () => {
    assert.equal(run(['check', SEPARATED, ...PROFILE], ['stderr']).status, 0);
  });
});

test('a file that may not become larger is output that cannot be written', () => {
  const file = join(scratch, 'short.json');
  const command = `ulimit -f 1; "$@" > '${file}'`;
  const argv = ['check', DRIFTED, ...PROFILE, '-o', 'json'];
  const { stderr, status } = spawnSync(
    'sh',
    ['-c', command, 'sh', process.execPath, join(ROOT, 'dist', 'cli.cjs'), ...argv],
    { cwd: ROOT, encoding: 'utf8' },
  );
  assert.equal(stderr, 'bulkhead: cannot write standard output: file too large\n');
  assert.equal(status, 2);
});

test('a reader that closes the pipe early leaves the verdict, and no word', () => {
  const cli = `'${process.execPath}' '${join(ROOT, 'dist', 'cli.cjs')}'`;
  for (const [directory, expected] of [
    [DRIFTED, '1'],
    [SEPARATED, '0'],
  ] as const) {
    const command = `{ ${cli} check ${directory} ${PROFILE.join(' ')} -o json; echo $? >&2; } | head -c 1`;
    const { stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: ROOT, encoding: 'utf8' });
    assert.deepEqual([stdout, stderr.trim()], ['{', expected]);
  }
});
