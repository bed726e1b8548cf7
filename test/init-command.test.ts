import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { parse } from 'yaml';
import { ROOT } from './support/bulkhead.ts';
import { assertGolden } from './support/golden.ts';
import { sceneOf } from './support/kubectl.ts';
import { bulkhead, type Run } from './support/rendering.ts';

// The command, on directories of its own, with programs that stand for kubectl, kustomize and helm.

const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-init-'));
after(() => rmSync(scratch, { recursive: true }));
let count = 0;

/** A new directory with these files. */
function directory(files: Readonly<Record<string, string>> = {}): string {
  count += 1;
  const path = join(scratch, `shop-${count}`);
  mkdirSync(path);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

/** A PATH with programs of these names, each the text of a function of its arguments that prints. */
function programs(bodies: Readonly<Record<string, string>>): string {
  const path = directory();
  for (const [name, body] of Object.entries(bodies)) {
    const script = `#!${process.execPath}\nconst fs = require('node:fs');\nconst argv = process.argv.slice(2);\n${body}\n`;
    writeFileSync(join(path, name), script);
    chmodSync(join(path, name), 0o755);
  }
  return path;
}

const NONE = programs({});

function run(argv: readonly string[], cwd: string, path = NONE): Promise<Run> {
  return bulkhead(argv, { cwd, path });
}

function written(cwd: string, name: string): string {
  return readFileSync(join(cwd, name), 'utf8');
}

const CONFIG = 'bulkhead.yaml';
const PROFILE = 'bulkhead.profile.yaml';
const DUMP = join(ROOT, 'testdata/init/dumps/kubeadm.yaml');
const WEB = `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec:
  containers: [{ name: web, image: web }]
`;
const INTRUDER = WEB.replace('spec:', 'spec:\n  tolerations: [{ operator: Exists }]').replaceAll(
  'web',
  'intruder',
);

describe('bulkhead init', () => {
  test('a dump gives two files, with which a check of it finds the candidates', async () => {
    const cwd = directory({ 'dump.yaml': readFileSync(DUMP, 'utf8') });
    const derived = await run(['init', '--from', 'dump.yaml'], cwd);
    assert.deepEqual([derived.status, derived.stderr], [0, '']);
    const report = await run(['check', 'dump.yaml', '-o', 'json'], cwd);
    assert.equal(report.status, 1);
    const { findings, profile } = JSON.parse(report.stdout);
    const found = findings.map((one: { object: { name: string } }) => one.object.name);
    assert.deepEqual(found, ['node-exporter', 'fluent-bit', 'cart']);
    assert.match(profile, /^shop-\d+$/);
  });

  test('a directory is checked without arguments once a profile is chosen', async () => {
    const cwd = directory({
      'web.yaml': WEB,
      'intruder.yaml': INTRUDER,
      'charts/shop/Chart.yaml': 'apiVersion: v2\nname: shop\n',
      'charts/shop/templates/a.yaml': '{{ x }}',
      'charts/lib/Chart.yaml': 'apiVersion: v2\nname: lib\ntype: library\n',
      'prod/kustomization.yaml': 'resources: [pod.yaml]\n',
      'prod/pod.yaml': INTRUDER.replaceAll('intruder', 'built'),
    });
    const path = programs({
      helm: `process.stdout.write(${JSON.stringify(INTRUDER.replaceAll('intruder', 'rendered'))});`,
      kustomize: `process.stdout.write(${JSON.stringify(INTRUDER.replaceAll('intruder', 'built'))});`,
    });
    const unknown = await run(['init'], cwd, path);
    assert.equal(unknown.status, 0);
    assertGolden('testdata/init/expected/directory.txt', unknown.stdout);
    const refused = await run(['check'], cwd, path);
    assert.equal(refused.status, 2);
    assert.match(
      refused.stderr,
      /bulkhead\.profile\.yaml:\d+:\d+: no profile or add-on choose-a-profile/,
    );
    const chosen = await run(['init', '--force', '--profile', 'kubeadm'], cwd, path);
    assert.equal(chosen.status, 0);
    assert.match(chosen.stdout, /Pod shop\/intruder +on .*a mistake\?/);
    const report = await run(['check', '-o', 'json'], cwd, path);
    const { findings, inputErrors } = JSON.parse(report.stdout);
    assert.deepEqual(inputErrors, []);
    const found = findings.map((one: { object: { name: string } }) => one.object.name);
    assert.deepEqual(found.sort(), ['built', 'intruder', 'rendered']);
    assert.equal(report.status, 1);
  });

  test('another directory is written to, and checked from there', async () => {
    const cwd = directory({ 'deploy/web.yaml': WEB });
    const { status, stdout } = await run(['init', 'deploy', '-p', 'kubeadm'], cwd);
    assert.equal(status, 0);
    assert.match(stdout, /^Read deploy: 1 object, 0 Nodes\.$/m);
    assert.ok(!existsSync(join(cwd, CONFIG)));
    assert.equal((await run(['check'], join(cwd, 'deploy'))).status, 0);
  });

  test('it never overwrites a file', async () => {
    for (const name of [CONFIG, PROFILE, 'bulkhead.yml']) {
      const cwd = directory({ 'web.yaml': WEB, [name]: 'mine' });
      const { status, stdout, stderr } = await run(['init'], cwd);
      assert.deepEqual([status, stdout], [2, '']);
      assert.equal(stderr, `bulkhead: ${name} exists: nothing was written; --force overwrites\n`);
      assert.equal(written(cwd, name), 'mine');
      const others = [CONFIG, PROFILE].filter((other) => other !== name);
      for (const other of others) assert.ok(!existsSync(join(cwd, other)));
    }
  });

  test('it does not write where a link leads', async () => {
    const cwd = directory();
    const target = join(directory(), 'elsewhere.yaml');
    symlinkSync(target, join(cwd, CONFIG));
    assert.equal((await run(['init'], cwd)).status, 2);
    assert.ok(!existsSync(target));
  });

  test('--force does not write where a link leads, and then neither file', async () => {
    for (const [linked, other] of [
      [CONFIG, PROFILE],
      [PROFILE, CONFIG],
    ] as const) {
      const cwd = directory();
      const target = join(directory({ 'elsewhere.yaml': 'mine' }), 'elsewhere.yaml');
      symlinkSync(target, join(cwd, linked));
      const { status, stderr } = await run(['init', '--force'], cwd);
      assert.equal(status, 2);
      assert.match(stderr, /: it is a symbolic link\. Nothing was written\n$/);
      assert.equal(readFileSync(target, 'utf8'), 'mine');
      assert.ok(!existsSync(join(cwd, other)));
    }
  });

  test('--force overwrites both, and what was there does not count', async () => {
    const cwd = directory({ 'web.yaml': WEB, [CONFIG]: 'mine: {', [PROFILE]: 'mine: {' });
    const { status } = await run(['init', '--force', '-p', 'kubeadm'], cwd);
    assert.equal(status, 0);
    assert.equal(parse(written(cwd, CONFIG)).profile, './bulkhead.profile.yaml');
    assert.deepEqual(parse(written(cwd, PROFILE)).extends, ['kubeadm']);
    assert.equal((await run(['check'], cwd)).status, 0);
  });

  test('what cannot be written is one sentence, and exit status 2', async () => {
    const cwd = directory();
    mkdirSync(join(cwd, CONFIG));
    const { status, stdout, stderr } = await run(['init', '--force'], cwd);
    assert.deepEqual([status, stdout], [2, '']);
    assert.equal(
      stderr,
      'bulkhead: cannot write bulkhead.yaml: it is not a file. Nothing was written\n',
    );
    assert.ok(!existsSync(join(cwd, PROFILE)));
  });

  test('a dump that cannot be read whole ends with 2, and says what is missing', async () => {
    const cwd = directory({
      'dump.yaml': `${readFileSync(DUMP, 'utf8')}---\napiVersion: v1\nkind: Pod\nmetadata: [\n`,
    });
    const { status, stdout } = await run(['init', '--from', 'dump.yaml'], cwd);
    assert.equal(status, 2);
    assert.match(stdout, /^! /m);
    assert.ok(existsSync(join(cwd, PROFILE)));
  });

  test('a dump that is not there, or has no object, is an error', async () => {
    const cwd = directory({ 'empty.yaml': 'a: 1' });
    for (const name of ['gone.yaml', 'empty.yaml']) {
      const { status, stderr } = await run(['init', '--from', name], cwd);
      assert.equal(status, 2);
      assert.match(stderr, new RegExp(`^bulkhead: cannot derive from ${name}: `));
      assert.ok(!existsSync(join(cwd, CONFIG)));
    }
  });

  test('a file in place of a directory is a dump, most likely', async () => {
    const cwd = directory({ 'dump.yaml': WEB });
    const { status, stderr } = await run(['init', 'dump.yaml'], cwd);
    assert.equal(status, 2);
    assert.match(
      stderr,
      /dump\.yaml is not a directory: to derive from a dump, use --from dump\.yaml/,
    );
    assert.match((await run(['init', 'gone'], cwd)).stderr, /cannot read gone: no such directory/);
    assert.match((await run(['init', '-p', 'kubeadn'], cwd)).stderr, /did you mean kubeadm\?/);
  });

  test('schemas of an installed package are named where they are', async () => {
    const cwd = directory({ 'node_modules/bulkhead/docs/config.schema.json': '{}' });
    await run(['init'], cwd);
    assert.match(
      written(cwd, CONFIG),
      /^# yaml-language-server: \$schema=\.\/node_modules\/bulkhead\/docs\/config\.schema\.json\n/,
    );
  });
});

describe('bulkhead init --context', () => {
  const items: readonly { kind: string; apiVersion: string }[] = parse(
    readFileSync(DUMP, 'utf8'),
  ).items;
  const { stdout: resources } = sceneOf([])['api-resources --verbs=list'] ?? assert.fail();
  const kubectl = (more = '') =>
    programs({
      kubectl: `
const items = JSON.parse(fs.readFileSync(${JSON.stringify(listFile())}, 'utf8'));
fs.appendFileSync(${JSON.stringify(join(scratch, 'calls'))}, argv.join(' ') + '\\n');
const print = (value) => process.stdout.write(typeof value === 'string' ? value : JSON.stringify(value));
const [verb, what] = argv;
if (verb === 'config') print({ contexts: [{ name: 'prod', context: { user: 'jane' } }], 'current-context': 'prod' });
if (verb === 'version') print({ serverVersion: { gitVersion: 'v1.36.1' } });
if (verb === 'api-resources') print(${JSON.stringify(resources)});
${more}
if (verb === 'get' && what === 'configmaps') print(items.find((one) => one.kind === 'ConfigMap'));
else if (verb === 'get') {
  const resource = what.split('.')[0];
  print({ kind: 'List', items: items.filter((one) => one.kind.toLowerCase() + 's' === resource) });
}`,
    });
  function listFile(): string {
    const path = join(scratch, 'items.json');
    writeFileSync(path, JSON.stringify(items));
    return path;
  }

  test('reads the cluster through kubectl', async () => {
    const cwd = directory({ 'web.yaml': WEB });
    const { status, stdout, stderr } = await run(['init', '--context', 'prod'], cwd, kubectl());
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^Read cluster prod through kubectl: \d+ objects, 5 Nodes\.$/m);
    assert.match(stdout, /distribution {2}kubeadm, Kubernetes v1\.35\.4/);
    assert.deepEqual(parse(written(cwd, PROFILE)).extends, [
      'kubeadm',
      'addons/calico',
      'addons/metrics-server',
    ]);
    assert.deepEqual(parse(written(cwd, CONFIG)).inputs, [{ path: '.' }]);
    const calls = readFileSync(join(scratch, 'calls'), 'utf8');
    assert.match(calls, /get configmaps kubeadm-config --namespace=kube-system/);
    assert.doesNotMatch(calls, /secret/i);
  });

  test('what it may not list is said, and ends with 2', async () => {
    const denied = `if (what === 'nodes.v1.') { console.error('Error from server (Forbidden): nodes is forbidden'); process.exit(1); }`;
    const cwd = directory();
    const { status, stdout } = await run(['init', '--context', 'prod'], cwd, kubectl(denied));
    assert.equal(status, 2);
    assert.match(
      stdout,
      /^! cannot list nodes: Error from server \(Forbidden\): nodes is forbidden$/m,
    );
    assert.match(stdout, /No Node was seen/);
    assert.ok(existsSync(join(cwd, PROFILE)));
  });

  test('without kubectl, or with a dump as well, nothing is written', async () => {
    const cwd = directory();
    const { status, stderr } = await run(['init', '--context', 'prod'], cwd);
    assert.equal(status, 2);
    assert.match(stderr, /kubectl is not on PATH/);
    const both = await run(['init', '--context', 'prod', '--from', 'a.yaml'], cwd);
    assert.match(both.stderr, /--from is a dump/);
    assert.ok(!existsSync(join(cwd, CONFIG)));
  });
});
