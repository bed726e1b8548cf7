import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Report } from '../src/report/report.ts';
import { ROOT } from './support/bulkhead.ts';
import { assertGolden } from './support/golden.ts';
import { type Place, type Ran, bulkhead as run } from './support/main.ts';

// What is accepted in a repository: by rows, waivers, annotations and a baseline. On a given day.

const REPOSITORY = join(ROOT, 'testdata', 'acceptance', 'repository');
const TODAY = '2026-11-20';
const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-'));
after(() => rmSync(scratch, { recursive: true }));

let copies = 0;

/** A copy of the sample repository, with other texts of some of its files. */
function repository(files: Readonly<Record<string, string>> = {}): string {
  copies += 1;
  const root = join(scratch, `${copies}`);
  cpSync(REPOSITORY, root, { recursive: true });
  mkdirSync(join(root, '.git'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

function bulkhead(argv: readonly string[], place: Partial<Place> = {}): Promise<Ran> {
  return run(argv, { root: REPOSITORY, today: TODAY, ...place });
}

async function reportOf(argv: readonly string[], place: Partial<Place> = {}): Promise<Report> {
  return JSON.parse((await bulkhead([...argv, '-o', 'json'], place)).stdout);
}

/** A golden page: the command, its output, and its exit status. */
async function page(argv: readonly string[], place: Partial<Place> = {}): Promise<string> {
  const { stdout, stderr, status } = await bulkhead(argv, place);
  const errors = stderr === '' ? '' : `--- standard error\n${stderr}`;
  return `$ bulkhead ${argv.join(' ')}\n${stdout}${errors}--- exit status ${status}\n`;
}

describe('golden pages', () => {
  const pages: readonly (readonly [string, readonly string[], Partial<Place>?])[] = [
    ['waivers', ['check']],
    ['waivers-shown', ['check', '--show', 'waived']],
    ['waivers-expired', ['check'], { today: '2026-12-01' }],
    ['waivers-on-a-part', ['check', 'manifests/platform.yaml']],
    ['environments', ['check', '--config', 'environments.yaml']],
    ['environment', ['check', '-c', 'environments.yaml', '-e', 'dev', '--show', 'all']],
    [
      'policies-off',
      ['check', '--skip-policy', 'control-plane-intrusion', '--policy', 'unspread-replicas'],
    ],
  ];
  for (const [name, argv, place] of pages) {
    test(name, async () =>
      assertGolden(`testdata/acceptance/${name}.txt`, await page(argv, place)),
    );
  }

  test('baseline', async () => {
    const root = repository();
    appendFileSync(
      join(root, 'bulkhead.yaml'),
      'baseline: {file: baseline.json, until: 2027-06-30}\n',
    );
    const expired = { root, today: '2026-12-01' };
    const pages = [
      await page(['check', '--write-baseline'], expired),
      `--- baseline.json\n${readFileSync(join(root, 'baseline.json'), 'utf8')}`,
      await page(['check', '--show', 'baseline'], expired),
      await page(['check', '--show', 'baseline'], { root, today: '2027-07-01' }),
    ];
    assertGolden('testdata/acceptance/baseline.txt', pages.join('\n'));
  });
});

describe('a waiver', () => {
  test('counts on its last day, and no longer', async () => {
    const open = async (today: string) => (await reportOf(['check'], { today })).summary.open;
    assert.deepEqual([await open('2026-11-30'), await open('2026-12-01')], [0, 2]);
    assert.equal((await bulkhead(['check'], { today: '2026-11-30' })).status, 0);
    assert.equal((await bulkhead(['check'], { today: '2026-12-01' })).status, 1);
  });

  test('has its state and its use in the report, and findings have their waiver', async () => {
    const { waivers, findings } = await reportOf(['check']);
    assert.deepEqual(
      waivers.map(({ state, findings: count, line }) => [state, count, line]),
      [
        ['active', 1, 7],
        ['expiring', 2, 12],
        ['unused', 0, 18],
        ['active', 1, 29],
      ],
    );
    assert.deepEqual(
      findings.map(({ status, waiver, object }) => [object.name, status, waiver?.owner]),
      [
        ['fluent-bit', 'waived', 'team-observability'],
        ['batch-day', 'waived', 'team-shop'],
        ['batch-night', 'waived', 'team-shop'],
        ['web', 'waived', 'team-shop'],
      ],
    );
  });

  test('is not unused where only a part is checked, or something cannot be read', async () => {
    const codes = (report: Report) => report.notes.map(({ code }) => code);
    assert.ok(codes(await reportOf(['check'])).includes('WAIVER_UNUSED'));
    assert.ok(!codes(await reportOf(['check', 'manifests'])).includes('WAIVER_UNUSED'));
    const root = repository({ 'manifests/broken.yaml': 'kind: Pod\napiVersion: [\n' });
    const report = await reportOf(['check'], { root });
    assert.equal(report.inputErrors.length, 1);
    assert.ok(!codes(report).includes('WAIVER_UNUSED'));
  });

  test('of a policy that is off is not unused', async () => {
    const root = repository();
    appendFileSync(join(root, 'bulkhead.yaml'), 'severity: {unspread-replicas: off}\n');
    const { notes, policies } = await reportOf(['check'], { root });
    assert.deepEqual(policies.off, ['unspread-replicas']);
    assert.ok(
      !notes.some(({ code, file }) => code === 'WAIVER_UNUSED' && file === 'bulkhead.yaml'),
    );
  });

  test('by an annotation counts only for policies that the configuration names', async () => {
    const text = readFileSync(join(REPOSITORY, 'bulkhead.yaml'), 'utf8');
    const root = repository({ 'bulkhead.yaml': text.replace(/^inlineWaivers.*\n/m, '') });
    const { findings, notes } = await reportOf(['check'], { root });
    assert.deepEqual(
      findings.filter(({ status }) => status === 'open').map(({ policy }) => policy),
      ['unspread-replicas'],
    );
    assert.equal(notes.filter(({ code }) => code === 'WAIVER_IGNORED').length, 3);
  });

  test('does not hide a new finding of another field or object', async () => {
    const text = readFileSync(join(REPOSITORY, 'manifests/platform.yaml'), 'utf8');
    const root = repository({
      'manifests/other.yaml': text.replaceAll('namespace: logging', 'namespace: shop'),
    });
    const { findings } = await reportOf(['check'], { root });
    assert.deepEqual(
      findings.flatMap(({ status, object }) =>
        status === 'open' ? [`${object.namespace}/${object.name}`] : [],
      ),
      ['shop/fluent-bit'],
    );
  });
});

describe('a baseline', () => {
  /** A repository whose findings are all in its baseline. */
  async function accepted(): Promise<string> {
    const root = repository();
    appendFileSync(join(root, 'bulkhead.yaml'), 'baseline: baseline.json\n');
    assert.equal(
      (await bulkhead(['check', '--write-baseline'], { root, today: '2026-12-01' })).status,
      0,
    );
    return root;
  }
  const today = '2026-12-01';

  test('accepts as many findings of a key as it counts', async () => {
    const root = await accepted();
    assert.equal((await bulkhead(['check'], { root, today })).status, 0);
    const text = readFileSync(join(root, 'manifests/shop.yaml'), 'utf8');
    writeFileSync(join(root, 'manifests/copy.yaml'), text.split('---')[0] ?? '');
    const { findings } = await reportOf(['check'], { root, today });
    assert.deepEqual(
      findings.flatMap(({ status, object, file }) =>
        status === 'open' ? [`${object.name} ${file}`] : [],
      ),
      ['batch-day manifests/shop.yaml'],
    );
  });

  test('does not depend on files and lines', async () => {
    const root = await accepted();
    const text = readFileSync(join(root, 'manifests/shop.yaml'), 'utf8');
    rmSync(join(root, 'manifests/shop.yaml'));
    writeFileSync(join(root, 'manifests/a.yaml'), `# moved\n\n${text}`);
    assert.equal((await bulkhead(['check'], { root, today })).status, 0);
  });

  test('that has more than is found never fails a check', async () => {
    const root = await accepted();
    const text = readFileSync(join(root, 'manifests/shop.yaml'), 'utf8');
    writeFileSync(join(root, 'manifests/shop.yaml'), text.replace(/ *tolerations: .*\n/, ''));
    const report = await reportOf(['check'], { root, today });
    assert.deepEqual(
      [report.summary.open, report.baseline?.entries, report.baseline?.fixed],
      [0, 2, 1],
    );
    assert.ok(report.notes.some(({ code }) => code === 'BASELINE_FIXED'));
    const part = await reportOf(['check', 'manifests/platform.yaml'], { root, today });
    assert.equal(part.baseline?.fixed, 0);
  });

  test('keeps what a check of a part did not see when it is written again', async () => {
    const root = await accepted();
    const before = readFileSync(join(root, 'baseline.json'), 'utf8');
    await bulkhead(['check', 'manifests/platform.yaml', '--write-baseline'], { root, today });
    assert.equal(readFileSync(join(root, 'baseline.json'), 'utf8'), before);
    await bulkhead(['check', '--write-baseline', '--skip-policy', 'control-plane-intrusion'], {
      root,
      today,
    });
    assert.equal(readFileSync(join(root, 'baseline.json'), 'utf8'), before);
    writeFileSync(join(root, 'manifests/shop.yaml'), 'kind: Pod\napiVersion: [\n');
    assert.equal((await bulkhead(['check', '--write-baseline'], { root, today })).status, 2);
    assert.equal(readFileSync(join(root, 'baseline.json'), 'utf8'), before);
    rmSync(join(root, 'manifests/shop.yaml'));
    await bulkhead(['check', '--write-baseline'], { root, today });
    assert.deepEqual(JSON.parse(readFileSync(join(root, 'baseline.json'), 'utf8')).findings, {});
  });

  test('that is not there or broken is an error', async () => {
    const root = repository();
    appendFileSync(join(root, 'bulkhead.yaml'), 'baseline: baseline.json\n');
    const missing = await bulkhead(['check'], { root });
    assert.equal(missing.status, 2);
    assert.match(
      missing.stderr,
      /cannot read the baseline baseline\.json: no such file.*--write-baseline/,
    );
    for (const text of [
      '',
      '[]',
      '{"version": 2, "findings": {}}',
      '{"version": 1, "findings": {"a": {"b": 0}}}',
      '{',
    ]) {
      writeFileSync(join(root, 'baseline.json'), text);
      const { status, stdout, stderr } = await bulkhead(['check'], { root });
      assert.deepEqual([status, stdout], [2, ''], text);
      assert.match(stderr, /^bulkhead: baseline\.json:\d+:\d+: /);
    }
  });
});

describe('a configuration', () => {
  test('is found from below, and its paths are relative to it', async () => {
    const root = repository({ 'a/b/c.txt': '' });
    const { inputs, findings } = await reportOf(['check'], { root, cwd: 'a/b' });
    assert.deepEqual(inputs, [{ path: '../../manifests' }]);
    assert.equal(findings[0]?.file, '../../manifests/platform.yaml');
  });

  test('is not looked for above the directory that has .git', async () => {
    const root = repository({ 'nested/.git/HEAD': '', 'nested/a.yaml': '' });
    const { status, stderr } = await bulkhead(['check', 'a.yaml'], { root, cwd: 'nested' });
    assert.equal(status, 2);
    assert.match(stderr, /no profile/);
  });

  test('gives way to flags', async () => {
    const { profile, policies } = await reportOf(['check', 'dev', '-p', 'kubeadm'], {});
    assert.deepEqual([profile, policies.off], ['kubeadm', []]);
    const { stderr, status } = await bulkhead(['check', '--no-config']);
    assert.deepEqual([status, stderr.startsWith('bulkhead: missing argument PATH')], [2, true]);
  });

  test('whose profile has mistakes, or is not there, says where', async () => {
    const config = (profile: string) =>
      `apiVersion: bulkhead.dev/v1\nkind: Config\nprofile: ${profile}\n`;
    const stderr = async (profile: string) =>
      (
        await bulkhead(['check'], {
          root: repository({ 'bulkhead.yaml': config(profile), 'p.yaml': 'a: b\n' }),
        })
      ).stderr;
    assert.match(
      await stderr('kubeadmin'),
      /^bulkhead: bulkhead\.yaml:3:10: unknown profile: kubeadmin; did you mean kubeadm\?\n$/,
    );
    assert.match(
      await stderr('none.yaml'),
      /^bulkhead: bulkhead\.yaml:3:10: cannot read the profile none\.yaml/,
    );
    assert.match(await stderr('p.yaml'), /^bulkhead: p\.yaml:1:1: /);
  });

  test('of environments owns what the command line names', async () => {
    const argv = ['check', '-c', 'environments.yaml'];
    const environments = async (...paths: string[]) =>
      (await reportOf([...argv, ...paths])).environments.map(({ name }) => name);
    assert.deepEqual(await environments(), ['dev', 'prod']);
    assert.deepEqual(await environments('prod/debug.yaml'), ['prod']);
    assert.deepEqual(await environments('.'), ['dev', 'prod']);
    const { status, stderr } = await bulkhead([...argv, 'manifests']);
    assert.deepEqual(
      [status, stderr.includes('manifests is in no input of the environments dev and prod')],
      [2, true],
    );
    const unknown = await bulkhead([...argv, '-e', 'prd']);
    assert.match(unknown.stderr, /environments\.yaml has no environment prd; did you mean prod\?/);
    const table = await bulkhead(['table', '-c', 'environments.yaml']);
    assert.match(table.stderr, /this command is about one cluster: add --environment dev or prod/);
  });

  test('says what makes a check fail, and a flag says it first', async () => {
    const root = repository();
    appendFileSync(
      join(root, 'bulkhead.yaml'),
      'failOn: note\nseverity: {control-plane-intrusion: warning}\n',
    );
    assert.equal((await bulkhead(['check'], { root })).status, 1);
    const late = { root, today: '2026-12-01' };
    assert.equal((await bulkhead(['check', '--fail-on', 'error'], late)).status, 0);
    assert.equal((await bulkhead(['check', '--fail-on', 'warning'], late)).status, 1);
    assert.equal(
      (await bulkhead(['check', '--fail-on', 'error', '--require-components'], late)).status,
      1,
    );
  });

  test('and everything that it hides is in every report', async () => {
    const root = repository();
    appendFileSync(
      join(root, 'bulkhead.yaml'),
      'severity: {control-plane-intrusion: off, unspread-replicas: warning}\n',
    );
    const { stdout } = await bulkhead(['check'], { root });
    assert.match(stdout, /^Policies off: control-plane-intrusion\.$/m);
    assert.match(stdout, /^Severity changed: unspread-replicas \(warning\)\.$/m);
  });
});

describe('a trusted revision', () => {
  const git = (root: string, ...argv: string[]) =>
    execFileSync(
      'git',
      ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...argv],
      { stdio: 'pipe' },
    );

  /** A repository whose work tree waives more than its last commit. */
  function changed(): string {
    const root = repository();
    rmSync(join(root, '.git'), { recursive: true });
    writeFileSync(
      join(root, 'manifests/intruder.yaml'),
      'apiVersion: v1\nkind: Pod\nmetadata: {name: intruder, namespace: shop}\nspec: {tolerations: [{operator: Exists}], containers: [{name: a, image: registry.example/a}]}\n',
    );
    git(root, 'init', '-q');
    git(root, 'add', '.');
    git(root, 'commit', '-q', '-m', 'first');
    return root;
  }
  const status = async (root: string, ...argv: string[]) =>
    (await bulkhead(['check', ...argv], { root })).status;

  test('decides about waivers, profiles and the baseline', async () => {
    const waived = changed();
    appendFileSync(
      join(waived, 'bulkhead.yaml'),
      '  - policy: control-plane-intrusion\n    match: {kind: Pod, namespace: shop, name: intruder}\n    reason: Please let me in.\n    owner: me\n    expires: never\n',
    );
    assert.deepEqual([await status(waived), await status(waived, '--trust', 'HEAD')], [0, 1]);
    const row = changed();
    const text = readFileSync(join(row, 'profile.yaml'), 'utf8');
    writeFileSync(
      join(row, 'profile.yaml'),
      text.replace(
        'components:\n',
        'components:\n  - {name: intruder, match: {namespace: shop, name: intruder}, nodeRole: all}\n',
      ),
    );
    assert.deepEqual([await status(row), await status(row, '--trust', 'HEAD')], [0, 1]);
    const moved = changed();
    writeFileSync(
      join(moved, 'manifests/bulkhead.yaml'),
      'apiVersion: bulkhead.dev/v1\nkind: Config\nprofile: kubeadm\nseverity: {control-plane-intrusion: off}\n',
    );
    const below = { root: moved, cwd: 'manifests' };
    assert.equal((await bulkhead(['check'], below)).status, 0);
    assert.equal((await bulkhead(['check', '--trust', 'HEAD'], below)).status, 1);
  });

  test('counts an annotation as it has it, on the same object', async () => {
    const root = changed();
    rmSync(join(root, 'manifests/intruder.yaml'));
    assert.equal(await status(root, '--trust', 'HEAD'), 0);
    const shop = join(root, 'manifests/shop.yaml');
    const text = readFileSync(shop, 'utf8');
    for (const [from, to] of [
      ['until 2027-03-31 by', 'until 2028-03-31 by'],
      ['name: web\n', 'name: web-2\n'],
    ] as const) {
      writeFileSync(shop, text.replace(from, to));
      assert.deepEqual([await status(root), await status(root, '--trust', 'HEAD')], [0, 1], to);
    }
  });

  test('that is not there is an error', async () => {
    const root = changed();
    for (const name of ['nope', '--help', 'HEAD:bulkhead.yaml', '']) {
      const { status: ended, stdout } = await bulkhead(['check', `--trust=${name}`], { root });
      assert.deepEqual([ended, stdout], [2, ''], name);
    }
    const outside = await bulkhead(['check', '--trust', 'HEAD'], { root: repository() });
    assert.equal(outside.status, 2);
  });
});
