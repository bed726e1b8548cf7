import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import type * as Core from '../src/core.ts';
import type * as Library from '../src/index.ts';
import { manifestsIn, ROOT, textOf } from './support/bulkhead.ts';
import { faultsOf } from './support/schemas.ts';

// The built library, and its page docs/library.md. test/package has what needs the installed package.

const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-'));
after(() => rmSync(scratch, { recursive: true }));
mkdirSync(join(scratch, 'node_modules'));
symlinkSync(ROOT, join(scratch, 'node_modules', 'bulkhead'));

const library: typeof Library = await import(built('index.js'));
const core: typeof Core = await import(built('core.js'));
const bulkhead = await library.createBulkhead();

const INTRUDER = `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  tolerations:
    - operator: Exists
`;
const CLEAN = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {}\n';

const COMPONENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: coredns, namespace: kube-system}
spec:
  replicas: 2
  selector: {matchLabels: {k8s-app: kube-dns}}
  template:
    metadata: {labels: {k8s-app: kube-dns}}
    spec: {}
`;
const OWN = `apiVersion: bulkhead.dev/v1
kind: Profile
metadata: {name: own, title: Own}
extends: [./b.yaml]
`;

function built(name: string): string {
  return pathToFileURL(join(ROOT, 'dist', name)).href;
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Changes whatever can be changed of a document. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  for (const [key, part] of Object.entries(value)) {
    if (typeof part === 'object' && part !== null) spoil(part);
    else Reflect.set(value, key, 'spoilt');
  }
}

/** The code of a section of the page, in a file of a project that has the package. */
function example(title: string, name: string): string {
  const section = textOf('docs/library.md').split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
  const [, code] = /```js\n(.*?)```/s.exec(section) ?? [];
  assert.ok(code, `the page has no code below ${title}`);
  const file = join(scratch, name);
  writeFileSync(file, code);
  return file;
}

describe('the uses of the page', () => {
  test('check a manifest: it prints what the page says', () => {
    const [, output] = /```text\n(.*?)```/s.exec(textOf('docs/library.md')) ?? [];
    const file = example('Check a manifest', 'check.mjs');
    assert.equal(execFileSync(process.execPath, [file], { encoding: 'utf8' }), output);
  });

  test('fixes: the files with the safe ones, and no others', async () => {
    const { fixed } = await import(pathToFileURL(example('Fixes', 'fixes.mjs')).href);
    const toleration = '    - {key: node-role.kubernetes.io/control-plane, operator: Exists}\n';
    const manifest = INTRUDER.replace('    - operator: Exists\n', toleration);
    const files = { 'a.yaml': manifest, 'b.yaml': INTRUDER.replace('name: web', 'name: b') };
    const { 'a.yaml': bytes, ...others } = fixed(files);
    assert.equal(new TextDecoder().decode(bytes), INTRUDER.replace(/spec:.*/s, 'spec: {}\n'));
    assert.deepEqual(others, { 'b.yaml': files['b.yaml'] });
    const { suggested } = bulkhead.fixes(files, { profile: 'kubeadm' });
    assert.deepEqual([...suggested.files.keys()].sort(), ['a.yaml', 'b.yaml']);
    assert.equal(suggested.report.summary.open, 0);
  });

  test('a test: it passes without findings, and fails with one, and with what cannot be read', () => {
    const file = example('A test', 'manifests.test.mjs');
    mkdirSync(join(scratch, 'manifests', 'shop'), { recursive: true });
    for (const { manifest, status, says } of [
      { manifest: CLEAN, status: 0, says: /^# pass 1$/m },
      {
        manifest: INTRUDER,
        status: 1,
        says: /shop\/web\.yaml:6:7 {2}error {2}control-plane-intrusion/,
      },
      { manifest: 'kind: [', status: 1, says: /MANIFEST_SYNTAX/ },
    ]) {
      writeFileSync(join(scratch, 'manifests', 'shop', 'web.yaml'), manifest);
      const { NODE_TEST_CONTEXT: _, ...env } = process.env;
      const run = spawnSync(process.execPath, ['--test', '--test-reporter=tap', file], {
        cwd: scratch,
        env,
        encoding: 'utf8',
      });
      assert.equal(run.status, status, run.stdout + run.stderr);
      assert.match(run.stdout, says);
    }
  });

  test('an endpoint: 200 clean, 422 findings or unreadable, 400 an unknown profile', async () => {
    const file = example('An endpoint', 'endpoint.mjs');
    const { server }: { server: Server } = await import(pathToFileURL(file).href);
    server.listen(0);
    try {
      const { port } = server.address() as AddressInfo;
      for (const { body, query = '', status, says } of [
        { body: CLEAN, status: 200, says: /"findings": \[\]/ },
        { body: INTRUDER, status: 422, says: /control-plane-intrusion/ },
        { body: 'a: [', status: 422, says: /MANIFEST_SYNTAX|NOTHING_TO_CHECK/ },
        { body: CLEAN, query: '?profile=kubeadn', status: 400, says: /did you mean kubeadm\?/ },
      ]) {
        const url = `http://localhost:${port}/${query}`;
        const response = await fetch(url, { method: 'POST', body });
        assert.equal(response.status, status);
        assert.match(await response.text(), says);
      }
    } finally {
      server.close();
    }
  });

  test('an editor: diagnostics of findings, of what cannot be read, and of the profile', async () => {
    const file = example('An editor', 'editor.mjs');
    const { diagnose } = await import(pathToFileURL(file).href);
    const profile = textOf('profiles/kubeadm/profile.yaml');
    const [first, ...others] = diagnose({ 'web.yaml': INTRUDER }, profile);
    assert.deepEqual(others, []);
    assert.deepEqual(
      { ...first, message: '' },
      {
        file: 'web.yaml',
        severity: 1,
        code: 'control-plane-intrusion',
        message: '',
        source: 'bulkhead',
        range: { start: { line: 5, character: 6 }, end: { line: 5, character: 22 } },
      },
    );
    const codes = (files: object, text: string) =>
      diagnose(files, text).map(({ code }: { code: string }) => code);
    assert.deepEqual(codes({ 'web.yaml': 'kind: [' }, profile), ['MANIFEST_SYNTAX']);
    assert.deepEqual(codes({}, 'kind: Profile\n').includes('PROFILE_INVALID'), true);
    assert.deepEqual(codes({}, 'a: ['), ['PROFILE_SYNTAX']);
  });
});

describe('what it does', () => {
  const files = Object.fromEntries(
    manifestsIn(ROOT, 'testdata/clusters/drifted').flatMap((file) =>
      'bytes' in file ? [[file.name, file.bytes] as const] : [],
    ),
  );
  const profile = 'tectonic-1.6.4';

  test('JSON follows the schemas', () => {
    const report = bulkhead.check(files, { profile });
    assert.ok(report.findings.length > 10);
    assert.deepEqual(faultsOf('report', bulkhead.render(report, 'json')), []);
    const table = bulkhead.table(files, { profile });
    assert.deepEqual(faultsOf('table', bulkhead.render(table, 'json')), []);
    const simulation = bulkhead.simulate(files, { profile, nodes: { worker: 2 } });
    assert.deepEqual(faultsOf('simulation', bulkhead.render(simulation, 'json')), []);
    const difference = bulkhead.diff({ 'a.yaml': CLEAN }, files, { profile });
    assert.deepEqual(faultsOf('diff', bulkhead.render(difference, 'json')), []);
  });

  test('a difference has what is new, and renders and counts just that', () => {
    const before = { 'a.yaml': INTRUDER };
    const after = { 'b.yaml': `# moved\n${INTRUDER}---\n${INTRUDER.replace('web', 'api')}` };
    const found = bulkhead.diff(before, after, { profile });
    assert.deepEqual(
      found.added.map(({ object, why }) => [object.name, why]),
      [['api', []]],
    );
    assert.deepEqual([found.fixed, found.unchanged], [[], 1]);
    assert.deepEqual(
      found.crossing.map(({ object, roles }) => [object.name, roles]),
      [['api', ['master']]],
    );
    assert.match(bulkhead.render(found, 'human', { files: after }), /14 \| {5}- operator: Exists/);
    assert.match(bulkhead.render(found, 'concise'), /^b\.yaml:14:7: error: [^\n]*\n$/);
    assert.equal(bulkhead.exitStatus(found), 1);
    assert.equal(bulkhead.exitStatus(found, { failOn: 'never' }), 0);
    assert.equal(bulkhead.exitStatus(bulkhead.diff(after, after, { profile })), 0);
    for (const [old, now] of [
      [{}, after],
      [after, {}],
      [{ 'a.yaml': 'kind: [' }, after],
    ] as const) {
      assert.equal(
        bulkhead.exitStatus(bulkhead.diff(old, now, { profile }), { failOn: 'never' }),
        2,
      );
    }
    assert.throws(
      () => bulkhead.diff(before, 1 as never, { profile }),
      /^TypeError: after must be/,
    );
    const broken = { ...found, old: { name: 'a' } };
    assert.throws(() => bulkhead.exitStatus(broken as never), /^TypeError: document\.old\.report/);
    assert.throws(
      () => bulkhead.render({ ...found, added: undefined } as never, 'json'),
      /document\.added/,
    );
  });

  test('reach says who can run where, in the environment and namespace of its options', () => {
    const found = bulkhead.reach(files, { profile });
    assert.deepEqual(found.roles, ['master', 'worker']);
    const web = found.workloads.find(({ object }) => object.name === 'web');
    assert.deepEqual(
      web?.byNode.map(({ runs, expected }) => `${runs} ${expected}`),
      [...Array(3).fill('true forbidden'), ...Array(2).fill('true allowed')],
    );
    const bare = { 'a.yaml': INTRUDER.replace(', namespace: shop', '') };
    const options = { profile, namespace: 'shop', environment: 'prod' };
    const { environment, workloads } = bulkhead.reach(bare, options);
    assert.equal(environment, 'prod');
    assert.equal(workloads[0]?.object.namespace, 'shop');
    assert.equal(workloads[0]?.byRole[0]?.share, 'every');
  });

  test('a picture is that of the command line', () => {
    const drawn = bulkhead.picture(files, { profile });
    assert.deepEqual(drawn.report, bulkhead.check(files, { profile }));
    const run = spawnSync(
      process.execPath,
      [
        join(ROOT, 'dist', 'cli.cjs'),
        'check',
        'testdata/clusters/drifted',
        '-p',
        profile,
        '-o',
        'html',
      ],
      { cwd: ROOT, encoding: 'utf8' },
    );
    const inputs = [{ path: 'testdata/clusters/drifted' }];
    const named = { ...drawn, report: { ...drawn.report, inputs } };
    assert.equal(bulkhead.render(named, 'html', { files }), run.stdout);
  });

  test('text and bytes, objects and maps are the same', () => {
    const bytes = bytesOf(INTRUDER);
    const asText = bulkhead.check({ 'a.yaml': INTRUDER }, { profile });
    for (const given of [
      { 'a.yaml': bytes },
      { 'a.yaml': Buffer.from(bytes) },
      new Map([['a.yaml', INTRUDER]]),
    ]) {
      assert.deepEqual(bulkhead.check(given, { profile }), asText);
    }
    assert.equal(asText.findings.length, 1);
  });

  test('no file is an error of the report, and never clean', () => {
    const report = bulkhead.check({}, { profile });
    assert.deepEqual(
      report.inputErrors.map(({ code }) => code),
      ['NOTHING_TO_CHECK'],
    );
    assert.equal(bulkhead.exitStatus(report), 2);
    assert.equal(bulkhead.exitStatus(report, { failOn: 'never' }), 2);
  });

  test('a configuration gives its profile, waivers, severities, namespace and environments', () => {
    const waiver = (expires: string) => `apiVersion: bulkhead.dev/v1
kind: Config
profile: kubeadm
namespace: shop
waivers:
  - policy: control-plane-intrusion
    match: {kind: Pod, namespace: shop, name: web}
    reason: It is being moved.
    owner: team-a
    expires: ${expires}
`;
    const manifest = { 'a.yaml': INTRUDER.replace(', namespace: shop', '') };
    const config = bulkhead.readConfig(waiver('2027-03-31'));
    const on = (today: string) =>
      bulkhead.check(manifest, { config, today }).findings.map(({ status }) => status);
    assert.deepEqual(on('2027-03-31'), ['waived']);
    assert.deepEqual(on('2027-04-01'), ['open']);
    const off = bulkhead.check(manifest, {
      config: bulkhead.readConfig(waiver('never')),
      severity: { 'control-plane-intrusion': 'off' },
    });
    assert.deepEqual([off.findings, off.policies.off], [[], ['control-plane-intrusion']]);
  });

  test('a configuration with environments needs to know which; a baseline accepts', () => {
    const config = bulkhead.readConfig(`apiVersion: bulkhead.dev/v1
kind: Config
profile: kubeadm
environments:
  prod: {inputs: [{path: prod/}]}
  test: {inputs: [{path: test/}], profile: k3s}
`);
    const manifest = { 'a.yaml': INTRUDER };
    assert.throws(
      () => bulkhead.check(manifest, { config }),
      /options\.environment is missing.*prod and test/,
    );
    assert.throws(() => bulkhead.check(manifest, { config, environment: 'dev' }), TypeError);
    const report = bulkhead.check(manifest, { config, environment: 'prod' });
    assert.deepEqual([report.environment, report.profile], ['prod', 'kubeadm']);
    const joined = bulkhead.checkClusters(
      [
        { environment: 'prod', files: manifest },
        { environment: 'test', files: { 'b.yaml': CLEAN } },
      ],
      { config },
    );
    assert.deepEqual(joined.environments, [
      { name: 'prod', profile: 'kubeadm' },
      { name: 'test', profile: 'k3s' },
    ]);
    const [finding] = joined.findings;
    assert.ok(finding);
    const counts = { [finding.policy]: { [finding.key]: 1 } };
    const baseline = JSON.stringify({ version: 1, findings: counts });
    const accepted = bulkhead.check(manifest, { config, environment: 'prod', baseline });
    assert.deepEqual(
      accepted.findings.map(({ status }) => status),
      ['baseline'],
    );
  });

  test('a profile extends what is built in, and files that the caller reads', () => {
    const own = (base: string) => `apiVersion: bulkhead.dev/v1
kind: Profile
metadata: {name: own, title: Own}
extends: [${base}]
`;
    const read = bulkhead.readProfile(own('./base.yaml'), {
      readFile: (path) => {
        assert.equal(path, './base.yaml');
        return textOf('profiles/kubeadm/profile.yaml');
      },
    });
    assert.equal(read.components.length, bulkhead.profiles.kubeadm.components.length);
    assert.equal(bulkhead.readProfile(own('kubeadm')).name, 'own');
    assert.throws(() => bulkhead.readProfile(own('./base.yaml')), { code: 'FILE_UNREADABLE' });
  });

  test('a copy of a profile is what it is a copy of', () => {
    for (const [name, own] of Object.entries(bulkhead.profiles)) {
      const copy = structuredClone(own);
      assert.deepEqual(
        bulkhead.check({ 'a.yaml': INTRUDER }, { profile: copy }),
        bulkhead.check({ 'a.yaml': INTRUDER }, { profile: name }),
      );
    }
  });

  test('maps, bytes and objects of another realm are taken as well', () => {
    const foreign = (code: string, given: object) => runInNewContext(code, given);
    const bytes = [...bytesOf(INTRUDER)];
    const expected = bulkhead.check({ 'a.yaml': INTRUDER }, { profile });
    for (const [code, given] of [
      ['new Map([["a.yaml", text]])', { text: INTRUDER }],
      ['({ "a.yaml": text })', { text: INTRUDER }],
      ['({ "a.yaml": new Uint8Array(bytes) })', { bytes }],
      ['Object.assign(Object.create(null), { "a.yaml": text })', { text: INTRUDER }],
      ['({ "a.yaml": new Uint8Array(new SharedArrayBuffer(n)).fill(35) })', { n: 3 }],
    ] as const) {
      const files = foreign(code, given);
      const { findings } = bulkhead.check(files, { profile });
      assert.deepEqual(findings, 'n' in given ? [] : expected.findings, code);
    }
    const options = foreign('({ profile: "kubeadm" })', {});
    assert.equal(bulkhead.check({ 'a.yaml': INTRUDER }, options).profile, 'kubeadm');
  });

  test('bytes are read where they are in their buffer', () => {
    const buffer = Buffer.from(`${INTRUDER}---\n${INTRUDER}`);
    const part = buffer.subarray(INTRUDER.length + 4);
    assert.equal(bulkhead.check({ 'a.yaml': part }, { profile }).findings.length, 1);
  });

  test('an option that is undefined is as if it were absent', () => {
    const nothing = { color: undefined, width: undefined, show: undefined, files: undefined };
    const report = bulkhead.check(
      { 'a.yaml': INTRUDER },
      { profile, scope: undefined, severity: undefined, config: undefined, namespace: undefined },
    );
    assert.deepEqual(report, bulkhead.check({ 'a.yaml': INTRUDER }, { profile }));
    assert.equal(bulkhead.render(report, 'human', nothing), bulkhead.render(report, 'human'));
    assert.equal(
      bulkhead.explain('stuck-rollout', { form: undefined, width: undefined }),
      bulkhead.explain('stuck-rollout'),
    );
    const bare = { 'a.yaml': INTRUDER.replace(', namespace: shop', '') };
    const [finding] = bulkhead.checkClusters(
      [{ files: bare, environment: 'a', profile: undefined, namespace: undefined }],
      { profile, namespace: 'shop' },
    ).findings;
    assert.equal(finding?.object.namespace, 'shop');
  });

  test('who requires components has all of a cluster, as on the command line', () => {
    const config = (more: string) =>
      bulkhead.readConfig(`apiVersion: bulkhead.dev/v1\nkind: Config\nprofile: kubeadm\n${more}`);
    const scope = (more: string) =>
      bulkhead.check({ 'a.yaml': CLEAN }, { config: config(more) }).scope;
    assert.equal(scope(''), 'part');
    assert.equal(scope('requireComponents: true'), 'cluster');
    assert.equal(scope('requireComponents: true\nscope: part'), 'part');
    assert.equal(scope('scope: cluster'), 'cluster');
    const of = { config: config('scope: cluster') };
    const [files, environment] = [{ 'a.yaml': CLEAN }, undefined];
    assert.equal(bulkhead.checkClusters([{ files, environment }], of).scope, 'cluster');
    assert.equal(bulkhead.check(files, { ...of, scope: 'part' }).scope, 'part');
    assert.throws(() => config('environments: {a: {inputs: [{path: a}], scope: cluster}}'), {
      code: 'CONFIG_INVALID',
    });
  });

  test('entries of a baseline are fixed only where a whole cluster was checked', () => {
    const baseline = JSON.stringify({ version: 1, findings: { 'stuck-rollout': { gone: 1 } } });
    const fixed = (scope: 'part' | 'cluster') =>
      bulkhead.check({ 'a.yaml': CLEAN }, { profile, baseline, scope }).baseline?.fixed;
    assert.deepEqual([fixed('part'), fixed('cluster')], [0, 1]);
  });

  test('the exit status of a table and of a simulation is that of the command line', () => {
    const incomplete = bulkhead.check({ 'a.yaml': CLEAN }, { profile });
    const required = [false, true].map((requireComponents) =>
      bulkhead.exitStatus(incomplete, { requireComponents }),
    );
    assert.deepEqual(required, [0, 1]);
    const table = bulkhead.table(files, { profile });
    assert.equal(bulkhead.exitStatus(table), 1);
    assert.equal(bulkhead.exitStatus(table, { failOn: 'never' }), 0);
    const simulation = (given: typeof files, nodes: Record<string, number>) =>
      bulkhead.simulate(given, { profile, nodes });
    const drifted = simulation(files, { worker: 2 });
    assert.equal(bulkhead.exitStatus(drifted, { profile }), 1);
    const broken = simulation({ ...files, 'x.yaml': bytesOf('kind: [') }, { worker: 2 });
    assert.equal(bulkhead.exitStatus(JSON.parse(JSON.stringify(broken)), { profile }), 2);
  });

  test('a program cannot change what was read', () => {
    const config = bulkhead.readConfig('apiVersion: bulkhead.dev/v1\nkind: Config\n');
    assert.ok(Object.isFrozen(config) && Object.isFrozen(config.waivers));
    const before = bulkhead.check({ 'a.yaml': INTRUDER }, { profile });
    const changed = structuredClone(before);
    spoil(bulkhead.check({ 'a.yaml': INTRUDER }, { profile }));
    assert.deepEqual(bulkhead.check({ 'a.yaml': INTRUDER }, { profile }), changed);
  });

  test('a check within a check is another one', () => {
    const expected = bulkhead.check({ 'a.yaml': INTRUDER }, { profile });
    let calls = 0;
    const onProgress = () => {
      calls += 1;
      assert.deepEqual(bulkhead.check({ 'a.yaml': INTRUDER }, { profile }), expected);
    };
    assert.deepEqual(bulkhead.check({ 'a.yaml': INTRUDER }, { profile, onProgress }), expected);
    assert.ok(calls > 0);
  });

  test('generated files are complete', () => {
    const gatekeeper = bulkhead.generate('gatekeeper', { profile, enforcement: 'deny' });
    assert.ok(gatekeeper.has('webhook/patch.yaml'));
    const vap = bulkhead.generate('vap', { profile, enforcement: 'deny' });
    assert.match(vap.get('control-plane-intrusion.yaml') ?? '', /- Deny\n/);
    assert.match(
      bulkhead.generate('vap', { profile }).get('kustomization.yaml') ?? '',
      /intrusion/,
    );
    assert.doesNotMatch([...bulkhead.generate('vap', { profile }).values()].join(), /- Deny\n/);
    const conftest = bulkhead.generate('conftest', { profile });
    assert.equal(conftest.get('policy/main.rego'), textOf('conftest/policy/main.rego'));
    // It has no notes, which conftest does not ask for.
    assert.equal(
      conftest.get('policy/policies/wrong-workload-kind/policy.rego'),
      textOf('policies/wrong-workload-kind/policy.rego'),
    );
  });

  test('what is built in cannot be changed', () => {
    assert.ok(bulkhead.policies.length > 15);
    for (const value of [
      bulkhead.policies,
      bulkhead.profiles.kubeadm.components,
      bulkhead.addons,
    ]) {
      assert.throws(() => Reflect.set(value, '0', 1) || assert.fail('unchanged'), /unchanged/);
    }
  });
});

describe('what is said reaches where it counts', () => {
  const bare = COMPONENT.replace(', namespace: kube-system', '');
  const configOf = (more: string) =>
    bulkhead.readConfig(`apiVersion: bulkhead.dev/v1\nkind: Config\nprofile: kubeadm\n${more}`);
  const waiver = (more: string) => `waivers:
  - policy: control-plane-intrusion
    match: {kind: Pod, namespace: shop, name: web}
    reason: It is being moved.
    owner: team-a
    ${more}
`;
  const statuses = ({ findings }: Library.Report) => findings.map(({ status }) => status);
  const intruder = { 'a.yaml': INTRUDER };

  test('the options come before the environment, and that before the configuration', () => {
    const config = configOf(`namespace: outer
severity: {control-plane-intrusion: warning}
environments: {prod: {inputs: [{path: a}], namespace: inner, profile: kubespray}}
`);
    const manifest = { 'a.yaml': INTRUDER.replace(', namespace: shop', '') };
    const given = { config, environment: 'prod' };
    const found = (options: Library.CheckOptions) => {
      const { profile, findings } = bulkhead.check(manifest, options);
      return [profile, ...findings.flatMap(({ object, severity }) => [object.namespace, severity])];
    };
    assert.deepEqual(found(given), ['kubespray', 'inner', 'warning']);
    const own = { profile: 'kubeadm', namespace: 'own' } as const;
    const severity = { 'control-plane-intrusion': 'error' } as const;
    assert.deepEqual(found({ ...given, ...own, severity }), ['kubeadm', 'own', 'error']);
  });

  test('annotations count where the configuration says so', () => {
    const annotation =
      'bulkhead.dev/waive: "unspread-replicas until never by team-a: one replica a zone"';
    const manifest = {
      'a.yaml': COMPONENT.replace(
        'namespace: kube-system',
        `namespace: kube-system, annotations: {${annotation}}`,
      ),
    };
    const of = (more: string) =>
      bulkhead
        .check(manifest, { config: configOf(more) })
        .findings.find(({ policy }) => policy === 'unspread-replicas')?.status;
    assert.deepEqual(['', 'inlineWaivers: [unspread-replicas]'].map(of), ['open', 'waived']);
  });

  test('the day is today unless it is said', () => {
    const config = configOf(waiver('expires: 2024-01-01'));
    assert.deepEqual(statuses(bulkhead.check(intruder, { config })), ['open']);
    assert.deepEqual(statuses(bulkhead.check(intruder, { config, today: '2024-01-01' })), [
      'waived',
    ]);
  });

  test('a baseline ends when the configuration says', () => {
    const config = configOf('baseline: {file: b.json, until: 2027-01-01}');
    const [finding] = bulkhead.check(intruder, { config }).findings;
    const findings = { 'control-plane-intrusion': { [finding?.key ?? '']: 1 } };
    const baseline = JSON.stringify({ version: 1, findings });
    const on = (today: string) => bulkhead.check(intruder, { config, baseline, today });
    assert.deepEqual(
      ['2027-01-01', '2027-01-02'].map((day) => statuses(on(day))),
      [['baseline'], ['open']],
    );
    assert.equal(on('2027-01-01').baseline?.file, 'b.json');
  });

  test('what is generated has the waivers of its environment and day', () => {
    const config =
      configOf(`environments: {prod: {inputs: [{path: a}]}, test: {inputs: [{path: b}]}}
${waiver('expires: 2027-01-01\n    environments: [prod]')}`);
    for (const target of ['gatekeeper', 'vap', 'conftest'] as const) {
      const has = (environment: string, today: string) =>
        [...bulkhead.generate(target, { config, environment, today }).values()].some((text) =>
          target === 'conftest'
            ? /^ {2}waivers:$/m.test(text) && text.startsWith('# GENERATED')
            : text.includes('It is being moved.'),
        );
      assert.deepEqual(
        [has('prod', '2027-01-01'), has('prod', '2027-01-02'), has('test', '2027-01-01')],
        [true, false, false],
        target,
      );
    }
  });

  test('a simulation has the namespace', () => {
    const nodes = { worker: 1, 'control-plane': 1 };
    const { workloads } = bulkhead.simulate(
      { 'a.yaml': bare },
      { profile: 'kubeadm', nodes, namespace: 'kube-system' },
    );
    assert.equal(workloads.length, 1);
  });

  test('pages have colours, a width, other documents and what is accepted, if that is asked for', () => {
    const config = configOf(waiver('expires: never'));
    const files = { ...intruder, 'values.yaml': 'image: x\n' };
    const report = bulkhead.check(files, { config });
    const page = (options: Library.RenderOptions) =>
      bulkhead.render(report, 'human', { files, ...options });
    assert.ok(!page({}).includes('control-plane-intrusion'));
    assert.ok(page({ show: ['waived'] }).includes('control-plane-intrusion'));
    assert.ok(page({ show: ['all'] }).includes('control-plane-intrusion'));
    assert.ok(!page({}).includes('values.yaml'));
    assert.ok(page({ verbose: true }).includes('values.yaml'));
    const all = { show: ['all'] } as const;
    assert.ok(!page(all).includes('\x1b[') && page({ ...all, color: true }).includes('\x1b['));
    const longest = (text: string) => Math.max(...text.split('\n').map(({ length }) => length));
    assert.ok(longest(page({ ...all, width: 60 })) <= 60);
    assert.equal(page({ ...all, width: 100 }), page(all));
    assert.ok(longest(page(all)) > 60);
    const open = bulkhead.check(intruder, { profile: 'kubeadm' });
    const sarif = JSON.parse(bulkhead.render(open, 'sarif'));
    assert.ok(sarif.runs[0].tool.driver.rules.every(({ help }: { help: object }) => help));
    assert.match(bulkhead.render(open, 'sarif'), /How to fix it/);
  });

  test('a profile that was read cannot be changed', () => {
    const text = textOf('profiles/kubeadm/profile.yaml');
    const read = bulkhead.readProfile(text);
    assert.ok(Object.isFrozen(read) && Object.isFrozen(read.components[0]));
  });
});

describe('a wrong argument is a TypeError that names it', () => {
  const profile = 'kubeadm' as const;
  const files = { 'a.yaml': CLEAN };
  const report = bulkhead.check(files, { profile });
  const { kubeadm } = bulkhead.profiles;
  const cluster = { environment: 'a', files };
  const REACH = { roles: [], nodes: [], workloads: [], unanswered: [] };
  const picture = (given: object) => ({ clusters: [{ reservedRoles: [], ...given }], report });
  const simulation = bulkhead.simulate(
    { 'a.yaml': COMPONENT },
    { profile, nodes: { 'control-plane': 3, worker: 1 } },
  );
  const transferred = () => {
    const bytes = bytesOf(INTRUDER);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    return bytes;
  };
  const withTaint = (more: object) => {
    const [role, ...roles] = kubeadm.nodeRoles;
    const taints = role?.taints.map((taint) => ({ ...taint, ...more }));
    return { ...kubeadm, nodeRoles: [{ ...role, taints }, ...roles] };
  };
  const any: Record<keyof Library.Bulkhead, (...given: unknown[]) => unknown> = bulkhead as never;
  for (const [names, call] of [
    ['files', () => any.check(undefined, { profile })],
    ['files', () => any.check('a.yaml', { profile })],
    ['files', () => any.check([files], { profile })],
    ['files', () => any.check(Promise.resolve(files), { profile })],
    ['files["a.yaml"]', () => any.check({ 'a.yaml': 7 }, { profile })],
    ['files["a.yaml"]', () => any.check({ 'a.yaml': new ArrayBuffer(1) }, { profile })],
    ['names of files', () => any.check(new Map([[1, '']]), { profile })],
    ['files["a\\\\b.yaml"]', () => any.check({ 'a\\b.yaml': CLEAN }, { profile })],
    ['files["a.yaml"]', () => any.check({ 'a.yaml': transferred(), 'b.yaml': CLEAN }, { profile })],
    [
      'files["a.yaml"]',
      () => any.check({ 'a.yaml': new DataView(new ArrayBuffer(1)) }, { profile }),
    ],
    ['files', () => any.check(new Set(), { profile })],
    ['files', () => any.check(new Date(), { profile })],
    ['files', () => any.check(new ArrayBuffer(1), { profile })],
    ['files', () => any.check(Object.create(files), { profile })],
    ['files', () => any.check(new (class {})(), { profile })],
    ['options', () => any.check(files, null)],
    ['options', () => any.check(files, new Set([profile]))],
    ['options', () => any.check(files, Object.create({ profile }))],
    ['options.profile', () => any.check(files, { profile: null })],
    ['options.profile', () => any.check(files, { profile: { ...kubeadm, componets: [] } })],
    ['options.profile', () => any.check(files, { profile: { ...kubeadm, components: undefined } })],
    ['options.profile', () => any.check(files, { profile: withTaint({ reason: 'x' }) })],
    ['options.namespace', () => any.check(files, { profile, namespace: '' })],
    ['options.namespace', () => any.check(files, { profile, namespace: 'a b' })],
    ['options.environment', () => any.check(files, { profile, environment: '' })],
    ['options.severity', () => any.check(files, { profile, severity: new Set(['x']) })],
    ['options.baseline', () => any.check(files, { profile, baseline: Buffer.from('{}') })],
    ['options.today', () => any.check(files, { profile, today: new Date() })],
    ['options.onProgress', () => any.check(files, { profile, onProgress: 1 })],
    ['options.environment', () => any.generate('conftest', { profile, environment: 'A' })],
    ['options.nodes', () => any.simulate(files, { profile, nodes: new Map() })],
    ['options', () => any.check(files)],
    ['options.profile', () => any.check(files, {})],
    ['options.profile', () => any.check(files, { profile: 7 })],
    ['options.profile', () => any.check(files, { profile: { name: 'x' } })],
    ['options.profile', () => any.check(files, { profile: {} })],
    ['options.profil ', () => any.check(files, { profil: 'x' })],
    ['options.scope', () => any.check(files, { profile, scope: 'all' })],
    ['options.today', () => any.check(files, { profile, today: '2027-02-30' })],
    ['options.severity', () => any.check(files, { profile, severity: { nothing: 'off' } })],
    [
      'options.severity["stuck-rollout"]',
      () => any.check(files, { profile, severity: { 'stuck-rollout': 'bad' } }),
    ],
    ['options.config', () => any.check(files, { config: { profile: 'kubeadm' } })],
    ['clusters', () => any.checkClusters([], { profile })],
    ['clusters[0].files', () => any.checkClusters([{ environment: 'a' }], { profile })],
    ['clusters[0].profil ', () => any.checkClusters([{ files, profil: '' }], { profile })],
    ['clusters', () => any.checkClusters(new Set([{ files }]), { profile })],
    ['clusters[0]', () => any.checkClusters([null], { profile })],
    ['clusters[0]', () => any.checkClusters(new Array(1), { profile })],
    ['clusters[0].config', () => any.checkClusters([{ files, config: {} }], { profile })],
    ['clusters[0].environment', () => any.checkClusters([{ files }, { files }], { profile })],
    [
      'clusters[1].environment',
      () => any.checkClusters([cluster, { ...cluster, profile: 'k3s' }], { profile }),
    ],
    ['options.scope', () => any.table(files, { profile, scope: 'part' })],
    ['options.nodes["worker"]', () => any.simulate(files, { profile, nodes: { worker: 1.5 } })],
    ['target', () => any.generate('kyverno', { profile })],
    ['options.enforcement', () => any.generate('gatekeeper', { profile, enforcement: 'block' })],
    ['options.enforcement', () => any.generate('vap', { profile, enforcement: 'audit' })],
    ['options.enforcement', () => any.generate('conftest', { profile, enforcement: 'deny' })],
    ['document', () => any.render(undefined, 'json')],
    ['document', () => any.render({}, 'json')],
    ['document.notes', () => any.render({ ...report, notes: undefined }, 'json')],
    ['document.summary', () => any.render({ ...report, summary: undefined }, 'json')],
    ['document.table', () => any.render({ table: 1 }, 'json')],
    ['document.table.rows', () => any.render({ report, table: {} }, 'json')],
    ['document.report', () => any.render({ table: { rows: [] } }, 'json')],
    [
      'document.report.notes',
      () => any.render({ table: { rows: [] }, report: { ...report, notes: 1 } }, 'json'),
    ],
    ['document.environments', () => any.render({ drains: [] }, 'json')],
    ['document.clusters', () => any.render({ clusters: 1, report }, 'html')],
    ['document.report', () => any.render({ clusters: [] }, 'html')],
    ['document.clusters[0]', () => any.render({ clusters: [1], report }, 'html')],
    ['document.clusters[0].reach', () => any.render(picture({}), 'html')],
    [
      'document.clusters[0].reach.unanswered',
      () => any.render(picture({ reach: { ...REACH, unanswered: null } }), 'html'),
    ],
    [
      'document.clusters[0].simulation.environments',
      () => any.render(picture({ reach: REACH, simulation: {} }), 'html'),
    ],
    ['format', () => any.render(report, { toString: () => 'json' })],
    ['format', () => any.render(report, 'html5')],
    ['format', () => any.render(report, 'constructor')],
    ['options.width', () => any.render(report, 'human', { width: 3 })],
    ['options.show', () => any.render(report, 'human', { show: ['none'] })],
    ['options.nodes["worker"]', () => any.simulate(files, { profile, nodes: { worker: -1 } })],
    ['options.files', () => any.render(report, 'human', { files: 3 })],
    ['id', () => any.explain(3)],
    ['document', () => any.exitStatus({})],
    ['document.inputErrors', () => any.exitStatus({ ...report, inputErrors: undefined })],
    ['document.components', () => any.exitStatus({ ...report, components: undefined })],
    ['options.profile', () => any.exitStatus(simulation)],
    ['options.profile', () => any.exitStatus(simulation, { profile: 'k3s' })],
    ['options.failOn', () => any.exitStatus(simulation, { profile, failOn: 'error' })],
    [
      'what readFile returns for ./b.yaml',
      () => any.readProfile(OWN, { readFile: async () => OWN }),
    ],
    ['options.readFile', () => any.readProfile(OWN, { readFile: 'b.yaml' })],
    ['options.failOn', () => any.exitStatus(report, { failOn: 'info' })],
    ['text', () => any.readProfile(Buffer.from(''))],
    ['text', () => any.readConfig(undefined)],
    ['files', () => any.recognise(null)],
    ['options', () => any.reach(files)],
    ['options.nodes', () => any.reach(files, { profile, nodes: {} })],
  ] as const) {
    test(`${names}: ${call.toString().replace(/^.*any\./s, '')}`, () => {
      assert.throws(call, (error) => {
        assert.ok(error instanceof TypeError, String(error));
        assert.ok(error.message.includes(names), error.message);
        return true;
      });
    });
  }

  test('the core says which file is missing or wrong', async () => {
    const json = (name: string) =>
      JSON.parse(readFileSync(join(ROOT, 'dist', `${name}.json`), 'utf8'));
    const wasm = readFileSync(join(ROOT, 'dist', 'policy.wasm'));
    const [addons, catalogue, profiles] = ['addons', 'catalogue', 'profiles'].map(json);
    const whole = { wasm, addons, catalogue, profiles };
    const made = await core.createBulkhead(whole);
    assert.equal(made.exitStatus(made.check(files, { profile })), 0);
    const create = core.createBulkhead as (given: unknown) => Promise<unknown>;
    for (const [names, given] of [
      ['files', undefined],
      ['files.wasm', { ...whole, wasm: 'policy.wasm' }],
      ['files.wasm', { ...whole, wasm: undefined }],
      ['files.wasm', { ...whole, wasm: new Uint8Array(8) }],
      ['files.catalogue', { ...whole, catalogue: {} }],
      ['files.catalogue', { ...whole, catalogue: { ...catalogue, policies: [] } }],
      ['files.catalogue', { ...whole, catalogue: { ...catalogue, policies: 1 } }],
      ['files.profiles', { wasm, addons, catalogue }],
      ['files.addons', { wasm, catalogue, profiles }],
      ['files.profile ', { ...whole, profile: {} }],
    ] as const) {
      await assert.rejects(create(given), (error) => {
        assert.ok(error instanceof TypeError && error.message.includes(names), String(error));
        return true;
      });
    }
    assert.throws(() => made.explain('stuck-rollout', { form: 'markdown' }), /files\.pages/);
    assert.throws(() => made.generate('conftest', { profile }), /files\.sources/);
  });
});

test('policies that fail are never clean', async () => {
  const json = (name: string) => JSON.parse(textOf(`dist/${name}.json`));
  const [addons, catalogue, profiles] = ['addons', 'catalogue', 'profiles'].map(json);
  const wasm = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  const broken = await core.createBulkhead({ wasm, addons, catalogue, profiles });
  const report = broken.check({ 'a.yaml': CLEAN }, { profile: 'kubeadm' });
  assert.deepEqual(
    [broken.exitStatus(report), ...report.inputErrors.map(({ code }) => code)],
    [2, 'ENGINE_FAILED'],
  );
  const failed = { name: 'EngineError' };
  assert.throws(() => broken.table({ 'a.yaml': COMPONENT }, { profile: 'kubeadm' }), failed);
});

describe('what is wrong with a file or a name is a UserError with a code', () => {
  const files = { 'a.yaml': CLEAN };
  test('an unknown profile', () => {
    assert.throws(() => bulkhead.check(files, { profile: 'kubeadn' }), {
      code: 'PROFILE_UNKNOWN',
      message: /did you mean kubeadm\?/,
    });
  });
  test('a profile with several mistakes', () => {
    assert.throws(
      () => bulkhead.readProfile('apiVersion: x\nkind: Profile\n', { file: 'own.yaml' }),
      (error) => {
        assert.ok(error instanceof library.UserError);
        assert.ok(error.errors.length > 1);
        assert.match(error.message, /and \d+ more: see errors/);
        assert.equal(error.place?.file, 'own.yaml');
        assert.equal(error.errors[0]?.place?.file, 'own.yaml');
        return true;
      },
    );
  });
  test('a configuration, a baseline, a policy, a role', () => {
    const code = (name: string) => ({ code: name });
    const profile = 'kubeadm';
    assert.throws(() => bulkhead.readConfig('a: ['), code('CONFIG_SYNTAX'));
    assert.throws(() => bulkhead.readConfig('a: 1'), code('CONFIG_INVALID'));
    assert.throws(
      () => bulkhead.check(files, { profile, baseline: '[]' }),
      code('BASELINE_INVALID'),
    );
    assert.throws(() => bulkhead.explain('nothing'), code('POLICY_UNKNOWN'));
    assert.throws(
      () => bulkhead.simulate(files, { profile, nodes: { nothing: 1 } }),
      code('PROFILE_ROLE_UNKNOWN'),
    );
  });
});
