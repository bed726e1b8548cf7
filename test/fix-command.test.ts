import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { replaceFile } from '../src/cli/disk.ts';
import { ROOT } from './support/bulkhead.ts';
import { assertGolden } from './support/golden.ts';
import { type Ran, bulkhead as run } from './support/main.ts';

// `bulkhead fix`, on files of a disk.

const DRIFTED = 'testdata/clusters/drifted';
const PROFILE = ['--profile', 'tectonic-1.6.4'];
const TODAY = '2026-11-20';
const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-fix-'));
after(() => rmSync(scratch, { recursive: true }));
let count = 0;

/** A new directory with these files. */
function directory(files: Readonly<Record<string, string | Buffer>>): string {
  count += 1;
  const root = join(scratch, `${count}`);
  mkdirSync(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

function fix(root: string, ...argv: readonly string[]): Promise<Ran> {
  return run(['fix', ...argv, ...(argv.includes('--config') ? [] : PROFILE)], {
    root,
    today: TODAY,
  });
}

function read(root: string, name: string): string {
  return readFileSync(join(root, name), 'utf8');
}

/** A component with the wrong number of replicas: a fix that is safe. */
const DNS = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: kube-controller-manager
  namespace: kube-system
  labels: {k8s-app: kube-controller-manager}
spec:
  replicas: 1 # too few
  selector:
    matchLabels: {k8s-app: kube-controller-manager}
  template:
    metadata:
      labels: {k8s-app: kube-controller-manager}
    spec:
      affinity:
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
            - weight: 100
              podAffinityTerm:
                topologyKey: kubernetes.io/hostname
                labelSelector: {matchLabels: {k8s-app: kube-controller-manager}}
      nodeSelector: {node-role.kubernetes.io/master: ""}
      tolerations:
        - {key: node-role.kubernetes.io/master, operator: Exists, effect: NoSchedule}
      containers:
        - {name: c, image: i}
`;
const FIXED = DNS.replace('replicas: 1', 'replicas: 2');
/** A pod that gets onto control plane nodes by a wildcard: a fix that is suggested. */
const INTRUDER = `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  tolerations:
    - operator: Exists
  containers:
    - name: web
      image: web
`;
const ONLY_REPLICAS = ['--policy', 'wrong-replica-count'];

describe('golden pages', () => {
  const page = (argv: readonly string[], { stdout, stderr, status }: Ran) => {
    const errors = stderr === '' ? '' : `--- standard error\n${stderr}`;
    return `$ bulkhead ${argv.join(' ')}\n${stdout}${errors}--- exit status ${status}\n`;
  };
  for (const [name, ...more] of [
    ['fix-drifted'],
    ['fix-drifted-unsafe', '--unsafe', '--policy', 'unreachable-node-role'],
    ['fix-drifted-policy', '--policy', 'missing-disruption-budget'],
  ] as const) {
    test(name, async () => {
      const argv = ['fix', DRIFTED, ...PROFILE, ...more];
      assertGolden(
        `testdata/cli/${name}.txt`,
        page(argv, await run(argv, { root: ROOT, today: TODAY })),
      );
    });
  }
  test('fix-written', async () => {
    const root = join(scratch, 'drifted');
    cpSync(join(ROOT, DRIFTED), root, { recursive: true });
    const argv = ['fix', '.', ...PROFILE, '--write'];
    assertGolden(
      'testdata/cli/fix-written.txt',
      page(argv, await run(argv, { root, today: TODAY })),
    );
    const diff = spawnSync('git', ['diff', '--no-index', '-U0', join(ROOT, DRIFTED), root], {
      encoding: 'utf8',
    });
    const hunks = diff.stdout.split('\n').filter((line) => line.startsWith('@@'));
    assert.equal(hunks.length, 6, diff.stdout);
    const again = await run(argv, { root, today: TODAY });
    assert.match(
      again.stdout,
      /\nNothing was written: there is no fix\. 10 suggested: --unsafe\. 12 findings have none\.\n$/,
    );
    await run([...argv, '--unsafe'], { root, today: TODAY });
    const before = execFileSync('git', ['hash-object', ...files(root)], { encoding: 'utf8' });
    const last = await run([...argv, '--unsafe'], { root, today: TODAY });
    assert.equal(last.stdout, 'Nothing was written: there is no fix. 12 findings have none.\n');
    assert.equal(
      execFileSync('git', ['hash-object', ...files(root)], { encoding: 'utf8' }),
      before,
    );
  });
});

function files(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => join(root, name))
    .filter((path) => statSync(path).isFile())
    .sort();
}

test('nothing is written without --write', async () => {
  const root = directory({ 'a.yaml': DNS });
  const { stdout, status } = await fix(root, 'a.yaml', ...ONLY_REPLICAS);
  assert.equal(
    stdout,
    `a.yaml  wrong-replica-count
   8 -   replicas: 1 # too few
   8 +   replicas: 2 # too few

1 safe fix. Nothing was written: --write.
`,
  );
  assert.equal(status, 1);
  assert.equal(read(root, 'a.yaml'), DNS);
});

test('what is written is one line, and the file keeps its mode; nothing else is left', async () => {
  const root = directory({ 'a.yaml': DNS });
  chmodSync(join(root, 'a.yaml'), 0o640);
  const { stdout, status } = await fix(root, '.', '--write', ...ONLY_REPLICAS);
  assert.match(stdout, /\nWrote 1 fix to 1 file\.\n$/);
  assert.equal(status, 0);
  assert.equal(read(root, 'a.yaml'), FIXED);
  assert.equal(statSync(join(root, 'a.yaml')).mode & 0o7777, 0o640);
  assert.deepEqual(readdirSync(root), ['a.yaml']);
});

test('a byte order mark, CRLF and what is not ASCII stay as they are', async () => {
  const text = (own: string) => `\ufeff# ключ 🔑\n${own}---\n# ü\n`.replaceAll('\n', '\r\n');
  const root = directory({ 'a.yaml': text(DNS) });
  await fix(root, '.', '--write', ...ONLY_REPLICAS);
  assert.deepEqual(readFileSync(join(root, 'a.yaml')), Buffer.from(text(FIXED)));
});

test('what is suggested is written with --unsafe only', async () => {
  const root = directory({ 'a.yaml': INTRUDER });
  const shown = await fix(root, '.');
  assert.match(shown.stdout, /^a\.yaml {2}control-plane-intrusion {2}\(suggested: --unsafe\)\n/);
  assert.match(shown.stdout, /\n1 suggested\. Nothing was written: --write\.\n$/);
  assert.equal(shown.status, 1);
  const safe = await fix(root, '.', '--write');
  assert.match(safe.stdout, /\nNothing was written: there is no fix\. 1 suggested: --unsafe\.\n$/);
  assert.equal(safe.status, 1);
  assert.equal(read(root, 'a.yaml'), INTRUDER);
  const unsafe = await fix(root, '.', '--write', '--unsafe');
  assert.equal(unsafe.status, 0);
  assert.equal(read(root, 'a.yaml'), INTRUDER.replace(/ {2}tolerations:\n.*\n/, ''));
  assert.equal((await fix(root, '.')).stdout, 'Nothing to fix: no open finding.\n');
});

describe('no fix is offered', () => {
  const none = async (root: string, ...argv: readonly string[]) => {
    const before = files(root).map((path) => readFileSync(path, 'utf8'));
    const { stdout, stderr } = await fix(root, ...argv, '--write', '--unsafe');
    assert.equal(stderr, '');
    assert.match(stdout, /^Nothing was written: there is no fix/);
    assert.deepEqual(
      files(root).map((path) => readFileSync(path, 'utf8')),
      before,
    );
  };
  test('in standard input', async () => {
    const { stdout, status } = await run(['fix', '-', ...PROFILE], { root: scratch, today: TODAY });
    assert.equal(stdout, 'Nothing to fix: no open finding. Not everything could be checked.\n'); // the test gives it nothing
    assert.equal(status, 2);
    // A file of this name is not standard input.
    const root = directory({ '-': INTRUDER });
    const bin = join(ROOT, 'dist', 'cli.cjs');
    const ran = spawnSync(process.execPath, [bin, 'fix', '-', ...PROFILE], {
      cwd: root,
      input: INTRUDER,
      encoding: 'utf8',
    });
    assert.equal(ran.stdout, 'No fix: 1 finding has none.\n');
    assert.equal(ran.status, 0);
  });
  test('in a part of what one environment renders, and another one reads', async () => {
    const config = `apiVersion: bulkhead.dev/v1\nkind: Config\nprofile: tectonic-1.6.4\nenvironments:\n  prod: {inputs: [{kustomize: base}]}\n  test: {inputs: [{path: base/a.yaml}]}\n`;
    const root = directory({
      'base/a.yaml': INTRUDER,
      'base/kustomization.yaml': 'resources: [a.yaml]\n',
      'bulkhead.yaml': config,
      'bin/kustomize': '#!/bin/sh\ncat "$2/a.yaml"\n',
    });
    chmodSync(join(root, 'bin', 'kustomize'), 0o755);
    const PATH = process.env['PATH'];
    process.env['PATH'] = `${join(root, 'bin')}:${PATH}`;
    try {
      await none(root, '--config', 'bulkhead.yaml');
    } finally {
      process.env['PATH'] = PATH;
    }
  });
  test('in an object that an API server has shown', async () => {
    const text = INTRUDER.replace('name: web\n', 'name: web\n  uid: 1-2-3\n');
    await none(directory({ 'a.yaml': text }), '.');
  });
  test('in a manifest that is text of another object', async () => {
    const inner =
      'apiVersion: v1\nkind: Node\nmetadata: {name: n, labels: {node-role.kubernetes.io/master: "true"}}\n';
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', namespace: 'b' },
      data: { 'a.yaml': inner },
    };
    await none(directory({ 'a.json': JSON.stringify(map) }), '.');
  });
  test('behind an alias, or where one repeats the value', async () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a, namespace: shop}\n  spec: &s\n    tolerations:\n    - operator: Exists\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: b, namespace: shop}\n  spec: *s\n`;
    await none(directory({ 'a.yaml': list }), '.');
  });
  test('in a file outside of what was named, by a link', async () => {
    const root = directory({ 'out/a.yaml': INTRUDER, 'in/b.yaml': FIXED });
    symlinkSync('../out/a.yaml', join(root, 'in', 'a.yaml'));
    await none(root, 'in');
  });
  test('for what is waived or in the baseline', async () => {
    const waiver = `  - policy: control-plane-intrusion\n    match: {kind: Pod, namespace: shop, name: web}\n    reason: It must run there.\n    owner: me\n    expires: never\n`;
    const config = `apiVersion: bulkhead.dev/v1\nkind: Config\nprofile: tectonic-1.6.4\ninputs: [{path: m}]\n`;
    const waived = directory({
      'm/a.yaml': INTRUDER,
      'bulkhead.yaml': `${config}waivers:\n${waiver}`,
    });
    await none(waived, '--config', 'bulkhead.yaml');
    const old = directory({ 'm/a.yaml': INTRUDER, 'bulkhead.yaml': config });
    await run(['check', '--write-baseline'], { root: old, today: TODAY });
    await none(old, '--config', 'bulkhead.yaml', '--baseline', 'bulkhead.baseline.json');
  });
  test('that adds a finding of a policy that is not to be fixed', async () => {
    // With 2 replicas, the budget would let no pod go.
    const budget = `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: b, namespace: kube-system}
spec:
  minAvailable: 2
  selector: {matchLabels: {k8s-app: kube-controller-manager}}
`;
    const root = directory({
      'a.yaml': DNS.replace('replicas: 1', 'replicas: 3'),
      'b.yaml': budget,
    });
    await none(root, '.', ...ONLY_REPLICAS);
    rmSync(join(root, 'b.yaml'));
    assert.match((await fix(root, '.', ...ONLY_REPLICAS)).stdout, /^a\.yaml/);
  });
});

test('a link that was named is followed, and stays one', async () => {
  const root = directory({ 'out/a.yaml': DNS });
  symlinkSync('out/a.yaml', join(root, 'a.yaml'));
  await fix(root, 'a.yaml', '--write', ...ONLY_REPLICAS);
  assert.ok(lstatSync(join(root, 'a.yaml')).isSymbolicLink());
  assert.equal(read(root, 'out/a.yaml'), FIXED);
});

test('what cannot be read is said, the rest is fixed, and the exit status is 2', async () => {
  const root = directory({ 'a.yaml': DNS, 'b.yaml': 'kind: [' });
  const { stderr, status } = await fix(root, '.', '--write', ...ONLY_REPLICAS);
  assert.match(stderr, /^bulkhead: b\.yaml:1:7: /);
  assert.equal(status, 2);
  assert.equal(read(root, 'a.yaml'), FIXED);
  assert.equal((await fix(root, '.', ...ONLY_REPLICAS)).status, 2);
});

test('objects of one file and of several environments are fixed together', async () => {
  const others = ['shop', 'bank'].map((namespace) =>
    INTRUDER.replace('namespace: shop', `namespace: ${namespace}`),
  );
  const config = `apiVersion: bulkhead.dev/v1\nkind: Config\nprofile: tectonic-1.6.4\nenvironments:\n  prod: {inputs: [{path: m}]}\n  test: {inputs: [{path: m}]}\n`;
  const root = directory({ 'm/a.yaml': [DNS, ...others].join('---\n'), 'bulkhead.yaml': config });
  const { stdout } = await fix(root, '--config', 'bulkhead.yaml', '--unsafe', '--write');
  const [shown = ''] = stdout.split('\n\n');
  assert.deepEqual(shown.split('\n'), [
    'm/a.yaml  wrong-replica-count',
    '   8 -   replicas: 1 # too few',
    '   8 +   replicas: 2 # too few',
    'm/a.yaml  control-plane-intrusion  (suggested)',
    '  34 -   tolerations:',
    '  35 -     - operator: Exists',
    'm/a.yaml  control-plane-intrusion  (suggested)',
    '  46 -   tolerations:',
    '  47 -     - operator: Exists',
  ]);
  assert.match(stdout, /\nWrote 3 fixes to 1 file\. /);
  const without = others.map((text) => text.replace(/ {2}tolerations:\n.*\n/, ''));
  assert.equal(read(root, 'm/a.yaml'), [FIXED, ...without].join('---\n'));
});

test('a file that environments know by several names is one', async () => {
  const config = `apiVersion: bulkhead.dev/v1\nkind: Config\nprofile: tectonic-1.6.4\nenvironments:\n  prod: {inputs: [{path: m}]}\n  test: {inputs: [{path: link}]}\n`;
  const root = directory({ 'm/a.yaml': INTRUDER, 'bulkhead.yaml': config });
  symlinkSync('m', join(root, 'link'));
  const { stdout, stderr, status } = await fix(
    root,
    ...['--config', 'bulkhead.yaml', '--unsafe', '--write'],
  );
  assert.match(
    stdout,
    /^m\/a\.yaml {2}control-plane-intrusion .*\n.*\n.*\n\nWrote 1 fix to 1 file\.\n$/,
  );
  assert.deepEqual([stderr, status], ['', 0]);
});

test('names and lines cannot write to the terminal, and passwords beside a change are not shown', async () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      tolerations: [{ operator: 'Exists' }],
      containers: [
        { name: '\u202e\u001b[31m', image: 'web', env: [{ name: 'P', value: 'secret' }] },
      ],
    },
  };
  const root = directory({ 'a\u001b[2J.json': JSON.stringify(pod) });
  const { stdout } = await fix(root, '.');
  assert.match(stdout, /^a\\x1b\[2J\.json {2}control-plane-intrusion/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be in it
  assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u202e]|secret/);
  assert.match(stdout, /tolerations/);
});

test('a wide line is cut around what changes', async () => {
  const pod = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'shop', annotations: { a: 'x'.repeat(5000) } },
    spec: { tolerations: [{ operator: 'Exists' }], containers: [{ name: 'a', image: 'web' }] },
  });
  const { stdout } = await fix(directory({ 'a.json': pod }), '.', '--width', '80');
  const [, removed = '', added = ''] = stdout.split('\n');
  assert.ok(removed.length <= 80 && added.length <= 80, stdout);
  assert.match(removed, /^ {3}1 - ….*"tolerations"/);
});

describe('a file that is replaced', () => {
  const bytes = Buffer.from('new');
  test('is left alone if it has changed since it was read', () => {
    const root = directory({ a: 'other' });
    assert.throws(
      () => replaceFile(join(root, 'a'), { before: Buffer.from('old'), bytes, name: 'a' }),
      { code: 'OUTPUT_UNWRITABLE', message: 'cannot write a: it has changed since it was read' },
    );
    assert.deepEqual([read(root, 'a'), readdirSync(root)], ['other', ['a']]);
  });
  test('that is gone is an error', () => {
    const root = directory({});
    assert.throws(() => replaceFile(join(root, 'a'), { before: bytes, bytes, name: 'a' }), {
      code: 'OUTPUT_UNWRITABLE',
      message: 'cannot write a: no such file or directory',
    });
  });
});
