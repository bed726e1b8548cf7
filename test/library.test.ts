import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
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

function built(name: string): string {
  return pathToFileURL(join(ROOT, 'dist', name)).href;
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
  });

  test('text and bytes, objects and maps are the same', () => {
    const bytes = new TextEncoder().encode(INTRUDER);
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

  test('generated files are complete', () => {
    const gatekeeper = bulkhead.generate('gatekeeper', { profile, enforcement: 'deny' });
    assert.ok(gatekeeper.has('webhook/patch.yaml'));
    const conftest = bulkhead.generate('conftest', { profile });
    assert.equal(conftest.get('policy/main.rego'), textOf('conftest/policy/main.rego'));
    assert.equal(
      conftest.get('policy/policies/control-plane-intrusion/policy.rego'),
      textOf('policies/control-plane-intrusion/policy.rego'),
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

describe('a wrong argument is a TypeError that names it', () => {
  const profile = 'kubeadm' as const;
  const files = { 'a.yaml': CLEAN };
  const report = bulkhead.check(files, { profile });
  const any: Record<keyof Library.Bulkhead, (...given: unknown[]) => unknown> = bulkhead as never;
  for (const [names, call] of [
    ['files', () => any.check(undefined, { profile })],
    ['files', () => any.check('a.yaml', { profile })],
    ['files', () => any.check([files], { profile })],
    ['files', () => any.check(Promise.resolve(files), { profile })],
    ['files["a.yaml"]', () => any.check({ 'a.yaml': 7 }, { profile })],
    ['files["a.yaml"]', () => any.check({ 'a.yaml': new ArrayBuffer(1) }, { profile })],
    ['names of files', () => any.check(new Map([[1, '']]), { profile })],
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
    ['options.scope', () => any.table(files, { profile, scope: 'part' })],
    ['options.nodes["worker"]', () => any.simulate(files, { profile, nodes: { worker: 1.5 } })],
    ['target', () => any.generate('kyverno', { profile })],
    ['options.enforcement', () => any.generate('gatekeeper', { profile, enforcement: 'block' })],
    ['options.enforcement', () => any.generate('conftest', { profile, enforcement: 'deny' })],
    ['document', () => any.render(undefined, 'json')],
    ['document', () => any.render({}, 'json')],
    ['format', () => any.render(report, 'html5')],
    ['format', () => any.render(report, 'constructor')],
    ['options.width', () => any.render(report, 'human', { width: 3 })],
    ['options.files', () => any.render(report, 'human', { files: 3 })],
    ['id', () => any.explain(3)],
    ['report', () => any.exitStatus({})],
    ['options.failOn', () => any.exitStatus(report, { failOn: 'info' })],
    ['text', () => any.readProfile(Buffer.from(''))],
    ['text', () => any.readConfig(undefined)],
    ['files', () => any.recognise(null)],
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
      ['files.catalogue', { ...whole, catalogue: {} }],
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
