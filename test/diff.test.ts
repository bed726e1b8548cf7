import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertGolden } from './support/golden.ts';
import { type Place, type Ran, bulkhead as run } from './support/main.ts';
import { faultsOf } from './support/schemas.ts';

// bulkhead diff, on real repositories and directories.

const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-diff-'));
after(() => rmSync(scratch, { recursive: true }));

type Files = Readonly<Record<string, string | Uint8Array>>;

let count = 0;

function directory(files: Files): string {
  count += 1;
  const root = join(scratch, `${count}`);
  mkdirSync(root);
  write(root, files);
  return root;
}

function write(root: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

function git(root: string, ...argv: readonly string[]): string {
  return execFileSync(
    'git',
    [
      ...['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@example.org'],
      ...['-c', 'protocol.file.allow=always', ...argv],
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
}

function commit(root: string, message = 'change'): void {
  git(root, 'add', '-A');
  git(root, 'commit', '-q', '-m', message);
}

/** A repository whose one commit has these files and a configuration. */
function repository(files: Files): string {
  const root = directory({ 'bulkhead.yaml': CONFIG, ...files });
  git(root, 'init', '-q', '-b', 'main');
  commit(root, 'first');
  return root;
}

function bulkhead(root: string, argv: readonly string[], place: Partial<Place> = {}): Promise<Ran> {
  return run(['diff', ...argv], { root, today: '2026-11-20', ...place });
}

interface Told {
  readonly new: readonly {
    readonly policy: string;
    readonly object: { readonly name: string };
    readonly file: string;
    readonly untouched: boolean;
    readonly why: readonly {
      readonly name: string;
      readonly change: string;
      readonly file: string;
    }[];
  }[];
  readonly fixed: Told['new'];
  readonly accepted: Told['new'];
  readonly unchanged: number;
  readonly crossing: readonly {
    readonly object: { readonly name: string };
    readonly roles: string[];
  }[];
  readonly waivers: readonly { readonly file: string; readonly line: number }[];
  readonly gone: readonly { readonly name: string }[];
  readonly notes: readonly { readonly code: string }[];
  readonly inputErrors: Readonly<
    Record<'old' | 'new', readonly { readonly file: string; readonly message: string }[]>
  >;
  readonly old: { readonly read: readonly { readonly file: string }[] };
}

async function told(
  root: string,
  argv: readonly string[],
  place: Partial<Place> = {},
): Promise<Told & { readonly status: number }> {
  const { stdout, stderr, status } = await bulkhead(root, [...argv, '-o', 'json'], place);
  assert.notEqual(stdout, '', stderr);
  assert.deepEqual(faultsOf('diff', stdout), []);
  return { ...JSON.parse(stdout), status };
}

/** What is different, in short. */
function short({
  new: added,
  fixed,
  unchanged,
  inputErrors,
  status,
}: Told & { readonly status: number }) {
  return {
    added: added.map(({ object, file }) => `${object.name} ${file}`),
    fixed: fixed.map(({ object, file }) => `${object.name} ${file}`),
    unchanged,
    unread: [
      ...inputErrors.old.map(({ file }) => `old ${file}`),
      ...inputErrors.new.map(({ file }) => `new ${file}`),
    ],
    status,
  };
}

const NOTHING = { added: [], fixed: [], unchanged: 0, unread: [], status: 0 };

const CONFIG =
  'apiVersion: bulkhead.dev/v1\nkind: Config\nprofile: tectonic-1.6.4\nexclude: [ignored-by-us/]\n';

function intruder(name: string): string {
  return `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop}
spec:
  tolerations: [{operator: Exists}]
`;
}
function tolerating(name: string, role: string): string {
  return `apiVersion: v1
kind: Pod
metadata: {${name}, namespace: shop}
spec:
  tolerations: [{key: node-role.kubernetes.io/${role}, operator: Exists}]
`;
}
const TWO_ROLES = `apiVersion: bulkhead.dev/v1
kind: Profile
metadata: {name: two, title: Two}
extends: [kubeadm]
nodeRoles:
  infra:
    labels: {node-role.kubernetes.io/infra: ""}
    taints: [{key: node-role.kubernetes.io/infra, effect: NoSchedule}]
`;
const CLEAN = `apiVersion: v1
kind: Pod
metadata: {name: clean, namespace: shop}
spec: {}
`;
const SCHEDULER = `apiVersion: apps/v1
kind: Deployment
metadata: {name: kube-scheduler, namespace: kube-system}
spec:
  replicas: 2
  selector: {matchLabels: {k8s-app: kube-scheduler}}
  template:
    metadata: {labels: {k8s-app: kube-scheduler}}
    spec:
      nodeSelector: {node-role.kubernetes.io/master: ""}
      tolerations: [{key: node-role.kubernetes.io/master, operator: Exists}]
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector: {matchLabels: {k8s-app: kube-scheduler}}
`;
const BUDGET = `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: kube-scheduler, namespace: kube-system}
spec:
  maxUnavailable: 1
  selector: {matchLabels: {k8s-app: kube-scheduler}}
`;

describe('golden pages', () => {
  const page = async (root: string, argv: readonly string[]) => {
    const { stdout, stderr, status } = await bulkhead(root, argv);
    const errors = stderr === '' ? '' : `--- standard error\n${stderr}`;
    return `$ bulkhead diff ${argv.join(' ')}\n${stdout}${errors}--- exit status ${status}\n`;
  };
  const changed = () => {
    const root = repository({
      'apps/scheduler/deployment.yaml': SCHEDULER,
      'apps/scheduler/pdb.yaml': BUDGET,
      'apps/web.yaml': intruder('web'),
      'apps/old.yaml': intruder('old'),
    });
    rmSync(join(root, 'apps/scheduler/pdb.yaml'));
    rmSync(join(root, 'apps/old.yaml'));
    write(root, {
      'apps/log.yaml': intruder('log'),
      'bulkhead.yaml': `${CONFIG}waivers:
  - policy: control-plane-intrusion
    match: { kind: Pod, namespace: shop, name: log }
    reason: It collects the logs of every node.
    owner: team-observability
    expires: 2027-03-31
`,
    });
    return root;
  };
  for (const format of ['human', 'markdown', 'json', 'github']) {
    test(`a change as ${format}`, async () => {
      const text = await page(changed(), ['--since', 'HEAD', '-o', format]);
      assertGolden(`testdata/diff/${format}.txt`, text.replaceAll(/"[0-9a-f]{40}"/g, '"COMMIT"'));
    });
  }
  test('nothing new', async () => {
    assertGolden(
      'testdata/diff/nothing.txt',
      await page(repository({ 'a.yaml': intruder('a') }), ['--since', 'HEAD']),
    );
  });
  test('unreadable', async () => {
    const root = repository({ 'a.yaml': 'kind: [1\nb: 2\n' });
    write(root, { 'a.yaml': intruder('a') });
    assertGolden('testdata/diff/unreadable.txt', await page(root, ['--since', 'HEAD']));
  });
  test('two directories', async () => {
    const root = directory({ 'old/a.yaml': CLEAN, 'new/b.yaml': intruder('clean') });
    assertGolden(
      'testdata/diff/directories.txt',
      await page(root, ['old', 'new', '-p', 'kubeadm']),
    );
  });
});

describe('two inputs', () => {
  test('findings are the same wherever they are', async () => {
    const root = directory({
      'old/a.yaml': `${intruder('a')}---\n${intruder('b')}`,
      'new/x/moved.yaml': `# a comment\n---\n${intruder('b')}---\n${intruder('c')}`,
    });
    const found = await told(root, ['old', 'new', '-p', 'kubeadm']);
    assert.deepEqual(short(found), {
      ...NOTHING,
      added: ['c new/x/moved.yaml'],
      fixed: ['a old/a.yaml'],
      unchanged: 1,
      status: 1,
    });
    const { status } = await told(root, ['old', 'new', '-p', 'kubeadm', '--fail-on', 'never']);
    assert.equal(status, 0);
  });

  test('a finding about another role of the same field is new, and back it is fixed', async () => {
    const root = directory({
      'profile.yaml': TWO_ROLES,
      'infra/a.yaml': tolerating('name: a', 'infra'),
      'masters/a.yaml': tolerating('name: a', 'control-plane'),
    });
    for (const [old, now] of [
      ['infra', 'masters'],
      ['masters', 'infra'],
    ] as const) {
      const found = await told(root, [old, now, '-p', './profile.yaml']);
      assert.deepEqual(short(found), {
        ...NOTHING,
        added: [`a ${now}/a.yaml`],
        fixed: [`a ${old}/a.yaml`],
        status: 1,
      });
      assert.equal(found.crossing.length, 1);
    }
  });

  test('objects whose names are completed by an API server are others if the names start otherwise', async () => {
    const root = directory({
      'old/a.yaml': tolerating('generateName: a-', 'control-plane'),
      'new/a.yaml': tolerating('generateName: b-', 'control-plane'),
    });
    const { new: added, fixed, unchanged } = await told(root, ['old', 'new', '-p', 'kubeadm']);
    assert.deepEqual([added.length, fixed.length, unchanged], [1, 1, 0]);
  });

  test('an input that cannot be read, has nothing in it, or is not there: 2, and which one', async () => {
    const root = directory({
      'good/a.yaml': CLEAN,
      'bad/a.yaml': 'kind: [',
      'empty/a.yaml': '# nothing\n',
      'findings/a.yaml': intruder('a'),
    });
    for (const name of ['bad', 'empty', 'gone']) {
      const argv = ['-p', 'kubeadm', '--fail-on', 'never'];
      const old = await told(root, [name, 'findings', ...argv]);
      const now = await told(root, ['findings', name, ...argv]);
      assert.deepEqual([old.status, now.status], [2, 2], name);
      assert.deepEqual([old.inputErrors.old.length, old.inputErrors.new.length], [1, 0], name);
      assert.deepEqual([now.inputErrors.old.length, now.inputErrors.new.length], [0, 1], name);
      const { stdout } = await bulkhead(root, [name, 'findings', ...argv]);
      assert.match(stdout, new RegExp(`unreadable  [A-Z_]+\n  in ${name}: `));
    }
  });

  test('a wrong command line', async () => {
    const root = directory({ 'a.yaml': CLEAN });
    for (const argv of [
      [],
      ['a.yaml'],
      ['a.yaml', 'a.yaml', 'a.yaml'],
      ['-', '-'],
      ['a.yaml', 'a.yaml', '--helm', 'c'],
      ['--since', '-x', 'a.yaml'],
      ['--since'],
    ]) {
      const { stdout, stderr, status } = await bulkhead(root, [...argv, '-p', 'kubeadm']);
      assert.deepEqual([stdout, status], ['', 2], argv.join(' '));
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
    }
  });

  test('of several environments one is chosen', async () => {
    const root = directory({
      'bulkhead.yaml': `apiVersion: bulkhead.dev/v1
kind: Config
profile: kubeadm
environments:
  dev: { inputs: [{ path: dev }] }
  prod: { inputs: [{ path: prod }], profile: tectonic-1.6.4 }
`,
      'dev/a.yaml': CLEAN,
      'prod/a.yaml': CLEAN,
      'old.yaml': CLEAN,
      'new.yaml': intruder('x'),
    });
    const { stderr, status } = await bulkhead(root, [
      'old.yaml',
      'new.yaml',
      '-c',
      'bulkhead.yaml',
    ]);
    assert.match(stderr, /one cluster: add --environment dev or prod/);
    assert.equal(status, 2);
    const one = await told(root, ['old.yaml', 'new.yaml', '-c', 'bulkhead.yaml', '-e', 'prod']);
    assert.deepEqual(
      one.new.map(({ object }) => object.name),
      ['x'],
    );
  });
});

describe('since a revision', () => {
  test('nothing changed', async () => {
    const root = repository({ 'a.yaml': intruder('a') });
    assert.deepEqual(short(await told(root, ['--since', 'HEAD'])), { ...NOTHING, unchanged: 1 });
  });

  test('new files, tracked or not, and other text; renamed and deleted ones', async () => {
    const root = repository({
      'a.yaml': intruder('a'),
      'b.yaml': intruder('b'),
      'c.yaml': intruder('c'),
      'd.yaml': CLEAN,
    });
    renameSync(join(root, 'a.yaml'), join(root, 'renamed.yaml'));
    rmSync(join(root, 'b.yaml'));
    write(root, {
      'c.yaml': `# moved\n\n${intruder('c')}`,
      'd.yaml': intruder('clean'),
      'e/untracked.yaml': intruder('e'),
      'f.yaml': intruder('f'),
    });
    git(root, 'add', 'f.yaml');
    const expected = {
      ...NOTHING,
      added: ['clean d.yaml', 'e e/untracked.yaml', 'f f.yaml'],
      fixed: ['b b.yaml'],
      unchanged: 2,
      status: 1,
    };
    assert.deepEqual(short(await told(root, ['--since', 'HEAD'])), expected);
    commit(root);
    assert.deepEqual(short(await told(root, ['--since', 'HEAD~1'])), expected);
    assert.deepEqual(short(await told(root, ['--since', 'main~1', '.'])), expected);
  });

  test('the work tree and the index stay as they are, and nothing is left in the temporary directory', async () => {
    const root = repository({ 'a.yaml': intruder('a'), 'k/kustomization.yaml': 'resources: []\n' });
    write(root, { 'a.yaml': CLEAN });
    const state = () => [
      git(root, 'status', '--porcelain=v2', '--ignored'),
      readFileSync(join(root, '.git', 'index'), 'latin1'),
      git(root, 'worktree', 'list'),
    ];
    // Other processes have files of their own in the directory of the machine.
    const temporary = directory({});
    const { TMPDIR: own } = process.env;
    const before = state();
    process.env['TMPDIR'] = temporary;
    try {
      await bulkhead(root, ['--since', 'HEAD', '--kustomize', 'k', 'a.yaml']);
    } finally {
      if (own === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = own;
    }
    assert.deepEqual(state(), before);
    assert.deepEqual(readdirSync(temporary), []);
  });

  test('a budget that is removed elsewhere makes a finding, and why', async () => {
    const root = repository({
      'scheduler.yaml': SCHEDULER,
      'pdb.yaml': BUDGET,
      'other.yaml': BUDGET.replace('kube-scheduler,', 'other,').replace(
        'k8s-app: kube-scheduler',
        'k8s-app: other',
      ),
    });
    rmSync(join(root, 'pdb.yaml'));
    rmSync(join(root, 'other.yaml'));
    const found = await told(root, ['--since', 'HEAD']);
    assert.deepEqual(
      found.new.map(({ policy, untouched, why }) => ({
        policy,
        untouched,
        why: why.map(({ name, change, file }) => [name, change, file]),
      })),
      [
        {
          policy: 'missing-disruption-budget',
          untouched: true,
          why: [['kube-scheduler', 'removed', 'pdb.yaml']],
        },
      ],
    );
  });

  test('a budget that changes elsewhere', async () => {
    const root = repository({ 'scheduler.yaml': SCHEDULER, 'pdb.yaml': BUDGET });
    write(root, {
      'pdb.yaml': BUDGET.replace('k8s-app: kube-scheduler', 'k8s-app: kube-shceduler'),
    });
    const [found] = (await told(root, ['--since', 'HEAD'])).new.filter(
      ({ policy }) => policy === 'missing-disruption-budget',
    );
    assert.deepEqual(
      found?.why.map(({ name, change }) => [name, change]),
      [['kube-scheduler', 'changed']],
    );
  });

  test('who can cross the wall now, even with a waiver', async () => {
    const root = repository({ 'a.yaml': CLEAN, 'b.yaml': intruder('b') });
    write(root, {
      'a.yaml': intruder('clean'),
      'bulkhead.yaml': `${CONFIG}waivers:
  - policy: control-plane-intrusion
    match: { kind: Pod, namespace: shop, name: clean }
    reason: It collects the logs of every node.
    owner: team-observability
    expires: 2027-03-31
`,
    });
    const found = await told(root, ['--since', 'HEAD']);
    assert.equal(found.status, 0);
    assert.deepEqual(found.new, []);
    assert.deepEqual(
      found.accepted.map(({ object }) => object.name),
      ['clean'],
    );
    assert.deepEqual(
      found.crossing.map(({ object, roles }) => [object.name, roles]),
      [['clean', ['master']]],
    );
    assert.deepEqual(
      found.waivers.map(({ file, line }) => [file, line]),
      [['bulkhead.yaml', 6]],
    );
    // What a pull request accepts does not count by the configuration of the revision.
    const trusted = await told(root, ['--since', 'HEAD', '--trust', 'HEAD']);
    assert.deepEqual(short(trusted), {
      ...NOTHING,
      added: ['clean a.yaml'],
      unchanged: 1,
      status: 1,
    });
  });

  test('what was and is accepted is neither new nor unchanged', async () => {
    const root = repository({ 'a.yaml': intruder('a'), 'b.yaml': intruder('b') });
    await run(['check', '--write-baseline'], { root, today: '2026-11-20' });
    const argv = ['--since', 'HEAD', '--baseline', 'bulkhead.baseline.json', '--exclude', '*.json'];
    const same = await told(root, argv);
    assert.deepEqual([short(same), same.accepted], [NOTHING, []]);
    write(root, { 'c.yaml': intruder('c') });
    const more = await told(root, argv);
    assert.deepEqual([more.new.length, more.unchanged, more.status], [1, 0, 1]);
    rmSync(join(root, 'a.yaml'));
    assert.deepEqual((await told(root, argv)).fixed, [], 'what was accepted is not fixed');
  });

  test('components that are gone', async () => {
    const root = repository({ 'scheduler.yaml': SCHEDULER, 'a.yaml': CLEAN });
    rmSync(join(root, 'scheduler.yaml'));
    const found = await told(root, ['--since', 'HEAD']);
    assert.deepEqual([found.gone.map(({ name }) => name), found.status], [['kube-scheduler'], 0]);
    write(root, { 'bulkhead.yaml': `${CONFIG}requireComponents: true\n` });
    assert.equal((await told(root, ['--since', 'HEAD'])).status, 1);
  });

  test('what git ignores is left out, and what we ignore on both sides', async () => {
    const root = repository({
      '.gitignore': 'build/\n*.tmp.yaml\n',
      'a.yaml': CLEAN,
      'ignored-by-us/a.yaml': intruder('z'),
    });
    write(root, {
      'build/a.yaml': intruder('a'),
      'x.tmp.yaml': intruder('x'),
      'ignored-by-us/b.yaml': intruder('why'),
      'left-out/c.yaml': intruder('c'),
    });
    assert.deepEqual(
      short(await told(root, ['--since', 'HEAD', '--exclude', 'left-out'])),
      NOTHING,
    );
    const { stdout } = await bulkhead(root, ['--since', 'HEAD', '--exclude', 'left-out']);
    assert.match(stdout, /Left out: .*build, ignored-by-us, left-out, x\.tmp\.yaml/);
    for (const path of ['build', 'build/a.yaml', 'x.tmp.yaml']) {
      const { stderr, status } = await bulkhead(root, ['--since', 'HEAD', path]);
      assert.equal(status, 2);
      assert.match(stderr, /git ignores .*bulkhead diff OLD NEW/);
    }
  });

  test('a directory that is new or deleted, and one that never was', async () => {
    const root = repository({ 'a/x.yaml': intruder('x'), 'keep.yaml': CLEAN });
    write(root, { 'b/y.yaml': intruder('why') });
    rmSync(join(root, 'a'), { recursive: true });
    const of = async (...paths: readonly string[]) =>
      short(await told(root, ['--since', 'HEAD', ...paths]));
    assert.deepEqual(await of('b'), { ...NOTHING, added: ['why b/y.yaml'], status: 1 });
    assert.deepEqual(await of('a'), { ...NOTHING, fixed: ['x a/x.yaml'] });
    assert.deepEqual(await of('a', 'keep.yaml'), { ...NOTHING, fixed: ['x a/x.yaml'] });
    assert.deepEqual(await of('c'), { ...NOTHING, unread: ['new c'], status: 2 });
  });

  test('from a directory below the top, by paths that leave it', async () => {
    const root = repository({ 'a/x.yaml': CLEAN, 'b/y.yaml': CLEAN.replace('clean', 'why') });
    write(root, { 'a/x.yaml': intruder('clean'), 'b/y.yaml': intruder('why') });
    const from = (...paths: readonly string[]) =>
      told(root, ['--since', 'HEAD', ...paths], { cwd: 'a' });
    assert.deepEqual(short(await from('.')).added, ['clean x.yaml']);
    assert.deepEqual(short(await from('../b', '.')).added, ['why ../b/y.yaml', 'clean x.yaml']);
    assert.deepEqual(short(await from(join(root, 'b'))).added, [`why ${join(root, 'b/y.yaml')}`]);
    assert.deepEqual(short(await from()).added, ['clean ../a/x.yaml', 'why ../b/y.yaml']);
  });

  test('from a directory that is reached through a link', async () => {
    const root = repository({ 'a/x.yaml': CLEAN });
    const link = join(scratch, 'linked', 'here');
    mkdirSync(dirname(link));
    symlinkSync(join(root, 'a'), link);
    write(root, { 'a/x.yaml': intruder('clean') });
    const found = short(await told(link, ['--since', 'HEAD', '.', '-p', 'kubeadm']));
    assert.deepEqual(found, { ...NOTHING, added: ['clean x.yaml'], status: 1 });
    const whole = short(await told(link, ['--since', 'HEAD', join(root, 'a'), '-p', 'kubeadm']));
    assert.deepEqual(whole.added.length, 1);
  });

  test('paths out of the repository and standard input', async () => {
    const root = repository({ 'a.yaml': CLEAN });
    const other = directory({ 'a.yaml': CLEAN });
    for (const path of [other, '..', '-']) {
      const { stdout, stderr, status } = await bulkhead(root, ['--since', 'HEAD', path]);
      assert.deepEqual([stdout, status], ['', 2]);
      assert.match(stderr, /outside of the repository|no standard input/);
    }
  });

  test('revisions that git does not have', async () => {
    const root = repository({ 'a.yaml': CLEAN });
    write(root, { 'a.yaml': `${CLEAN}\n` });
    commit(root);
    const outside = directory({ 'a.yaml': CLEAN });
    const shallow = join(scratch, 'shallow');
    git(root, 'clone', '-q', '--depth', '1', `file://${root}`, shallow);
    for (const { at, rev, says } of [
      { at: root, rev: '--since=nope', says: /cannot read the revision nope/ },
      { at: root, rev: '--since=-x', says: /cannot read the revision -x/ },
      { at: root, rev: '--since=--output=/tmp/x', says: /cannot read the revision --output/ },
      { at: root, rev: '--since=HEAD:a.yaml', says: /cannot read the revision/ },
      { at: outside, rev: '--since=HEAD', says: /not a git repository/ },
      { at: shallow, rev: '--since=HEAD~1', says: /shallow: .*fetch-depth: 0/ },
    ]) {
      const { stdout, stderr, status } = await bulkhead(at, [rev, '-p', 'kubeadm', '.']);
      assert.deepEqual([stdout, status], ['', 2], rev);
      assert.match(stderr, says);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
    }
    const head = await told(shallow, ['--since', 'HEAD']);
    assert.deepEqual(short(head), NOTHING);
  });

  test('a manifest that could not be read then', async () => {
    const root = repository({ 'a.yaml': 'kind: [\n', 'b.yaml': CLEAN });
    write(root, { 'a.yaml': intruder('a') });
    const found = short(await told(root, ['--since', 'HEAD']));
    assert.deepEqual(found, { ...NOTHING, added: ['a a.yaml'], unread: ['old a.yaml'], status: 2 });
  });

  test('names with newlines, quotes and spaces; names that are not UTF-8', async () => {
    const names = [
      'a\nb.yaml',
      '"q"\'.yaml',
      ' sp ace .yaml',
      'tab\there.yaml',
      'ünï.yaml',
      '-x.yaml',
    ];
    const files = names.map((name, index) => [`d/${name}`, intruder(`p${index}`)] as const);
    const root = repository(Object.fromEntries(files));
    assert.deepEqual(short(await told(root, ['--since', 'HEAD'])), {
      ...NOTHING,
      unchanged: names.length,
    });
    const latin = Buffer.concat([
      Buffer.from(`${root}/`),
      Buffer.from([0x66, 0xfc]),
      Buffer.from('.yaml'),
    ]);
    writeFileSync(latin, intruder('latin'));
    commit(root);
    const found = await told(root, ['--since', 'HEAD']);
    assert.deepEqual([found.inputErrors.old.length, found.inputErrors.new.length], [1, 1]);
    assert.equal(found.status, 2);
  });

  test('links in the tree are followed in it', async () => {
    const root = repository({
      'real/a.yaml': intruder('a'),
      'real/deep/text': intruder('t'),
      'x.yaml': CLEAN,
    });
    symlinkSync('real', join(root, 'linked'));
    symlinkSync('../real/deep/text', join(root, 'real', 'up.yaml'));
    symlinkSync(join(root, 'real', 'deep', 'text'), join(root, 'absolute.yaml'));
    symlinkSync('nowhere', join(root, 'dangling'));
    symlinkSync('loop', join(root, 'loop'));
    commit(root);
    assert.deepEqual(short(await told(root, ['--since', 'HEAD'])), { ...NOTHING, unchanged: 2 });
    // The old text is that of the revision, not what is there now.
    write(root, { 'real/deep/text': CLEAN.replace('clean', 't') });
    const { fixed, unchanged } = short(await told(root, ['--since', 'HEAD']));
    assert.deepEqual([fixed.length, unchanged], [1, 1]);
    assert.deepEqual(short(await told(root, ['--since', 'HEAD', 'linked'])).unchanged, 1);
  });

  test('links that lead nowhere, in a circle, or out of the repository', async () => {
    const other = directory({ 'a.yaml': intruder('o'), 'b.txt': '' });
    for (const { target, name, unread } of [
      { target: 'nowhere', name: 'l.yaml', unread: 1 },
      { target: 'l.yaml', name: 'l.yaml', unread: 1 },
      { target: other, name: 'l', unread: 1 },
      { target: join(other, 'a.yaml'), name: 'l.yaml', unread: 1 },
      { target: '../'.repeat(20), name: 'l', unread: 1 },
      { target: join(other, 'b.txt'), name: 'l', unread: 0 },
      { target: join(other, 'none'), name: 'l', unread: 0 },
    ]) {
      const root = repository({ 'x.yaml': CLEAN });
      symlinkSync(target, join(root, name));
      commit(root);
      rmSync(join(root, name));
      const found = await told(root, ['--since', 'HEAD']);
      assert.equal(found.inputErrors.old.length, unread, `${name} -> ${target}`);
      assert.equal(found.status, unread === 0 ? 0 : 2);
      const excluded = await told(root, ['--since', 'HEAD', '--exclude', name]);
      assert.equal(excluded.status, name === 'l.yaml' || unread === 0 ? excluded.status : 2);
    }
  });

  test('a submodule', async () => {
    const module = repository({ 'm.yaml': intruder('m') });
    const root = repository({ 'a.yaml': CLEAN });
    git(root, 'submodule', '--quiet', 'add', module, 'vendor/m');
    commit(root);
    const found = await told(root, ['--since', 'HEAD']);
    assert.deepEqual(short(found).unread, ['old vendor/m']);
    assert.match(found.inputErrors.old[0]?.message ?? '', /submodule.*--exclude/);
    assert.equal(found.status, 2);
    mkdirSync(join(root, 'vendor/m/deep'));
    const inside = short(await told(root, ['--since', 'HEAD', 'vendor/m/deep', 'a.yaml']));
    assert.deepEqual(inside, { ...NOTHING, unread: ['old vendor/m/deep'], status: 2 });
    assert.deepEqual(
      short(await told(root, ['--since', 'HEAD', '--exclude', 'vendor/m'])),
      NOTHING,
    );
  });

  test('a pointer of Git LFS', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`;
    const root = repository({ 'a.yaml': pointer, 'b.yaml': CLEAN });
    const both = await told(root, ['--since', 'HEAD']);
    assert.deepEqual(short(both).unread, ['old a.yaml', 'new a.yaml']);
    write(root, { 'a.yaml': intruder('a') });
    const old = await told(root, ['--since', 'HEAD']);
    assert.deepEqual(short(old).unread, ['old a.yaml']);
    assert.match(old.inputErrors.old[0]?.message ?? '', /Git LFS/);
  });

  test('a clone without its blobs', async () => {
    const root = repository({ 'a.yaml': CLEAN, 'b.yaml': CLEAN });
    const clone = join(scratch, 'partial');
    git(root, 'config', 'uploadpack.allowFilter', 'true');
    git(root, 'clone', '-q', '--filter=blob:none', `file://${root}`, clone);
    write(root, { 'a.yaml': intruder('a') });
    commit(root);
    git(clone, 'fetch', '-q');
    git(clone, 'remote', 'set-url', 'origin', 'file:///nowhere');
    const { stdout, stderr, status } = await bulkhead(clone, ['--since', 'origin/main', '.']);
    assert.deepEqual([stdout, status], ['', 2]);
    assert.match(stderr, /cannot read the revision origin\/main/);
  });

  test('environments, each with itself', async () => {
    const root = repository({
      'bulkhead.yaml': `apiVersion: bulkhead.dev/v1
kind: Config
profile: kubeadm
environments:
  dev: { inputs: [{ path: dev }] }
  prod: { inputs: [{ path: prod }] }
`,
      'dev/a.yaml': intruder('a'),
      'prod/a.yaml': CLEAN,
    });
    write(root, { 'prod/a.yaml': intruder('a') });
    assert.deepEqual(short(await told(root, ['--since', 'HEAD'])), {
      ...NOTHING,
      added: ['a prod/a.yaml'],
      unchanged: 1,
      status: 1,
    });
    assert.deepEqual(short(await told(root, ['--since', 'HEAD', '-e', 'dev'])), {
      ...NOTHING,
      unchanged: 1,
    });
  });

  test('an annotation that waives is new', async () => {
    const root = repository({
      'bulkhead.yaml': `${CONFIG}inlineWaivers: [missing-disruption-budget]\n`,
      'scheduler.yaml': SCHEDULER,
    });
    write(root, {
      'scheduler.yaml': SCHEDULER.replace(
        'namespace: kube-system}',
        'namespace: kube-system, annotations: {bulkhead.dev/waive: "missing-disruption-budget until 2027-03-31 by team-a: it is being moved"}}',
      ),
    });
    const found = await told(root, ['--since', 'HEAD']);
    assert.deepEqual([found.accepted.length, found.waivers.length, found.fixed.length], [1, 1, 0]);
    assert.equal(found.status, 0);
    const back = repository({
      'scheduler.yaml': readFileSync(join(root, 'scheduler.yaml'), 'utf8'),
      'bulkhead.yaml': `${CONFIG}inlineWaivers: [missing-disruption-budget]\n`,
    });
    write(back, { 'scheduler.yaml': SCHEDULER });
    assert.deepEqual(
      (await told(back, ['--since', 'HEAD'])).new.map(({ policy }) => policy),
      ['missing-disruption-budget'],
    );
  });

  test('new notes fail with --fail-on note, and old ones do not', async () => {
    const noted = `${CLEAN.trim().replace('spec: {}', 'spec: {runtimeClassName: fast}')}\n`;
    const root = repository({ 'a.yaml': noted });
    const argv = ['--since', 'HEAD', '--fail-on', 'note'];
    assert.deepEqual([(await told(root, argv)).notes, (await told(root, argv)).status], [[], 0]);
    write(root, { 'b.yaml': noted.replace('clean', 'other').replace('fast', 'slow') });
    const found = await told(root, argv);
    assert.deepEqual(
      [found.notes.map(({ code }) => code), found.status],
      [['RUNTIME_CLASS_UNKNOWN'], 1],
    );
    assert.equal((await told(root, ['--since', 'HEAD'])).status, 0);
  });

  test('a branch without commits', async () => {
    const root = repository({ 'a.yaml': CLEAN });
    git(root, 'checkout', '-q', '--orphan', 'other');
    assert.deepEqual(short(await told(root, ['--since', 'main'])), NOTHING);
  });

  test('an output is no file of the input', async () => {
    const root = repository({ 'a.yaml': CLEAN });
    const { stderr, status } = await bulkhead(root, ['--since', 'HEAD', '-o', 'json=a.yaml']);
    assert.equal(status, 2);
    assert.match(stderr, /would overwrite/);
    assert.equal(readFileSync(join(root, 'a.yaml'), 'utf8'), CLEAN);
  });

  test('the first commit', async () => {
    const root = directory({ 'bulkhead.yaml': CONFIG, 'a.yaml': intruder('a') });
    git(root, 'init', '-q', '-b', 'main');
    git(root, 'commit', '-q', '--allow-empty', '-m', 'nothing');
    assert.deepEqual(short(await told(root, ['--since', 'HEAD'])), {
      ...NOTHING,
      added: ['a a.yaml'],
      status: 1,
    });
    assert.ok(existsSync(join(root, 'a.yaml')));
  });
});

describe('charts and kustomizations since a revision', () => {
  const bin = directory({});
  // Both print the files that they are for, as the real ones do for inputs without templates, patches and the like.
  const programs = {
    kustomize: `#!/bin/sh
build() {
  [ -f "$1/kustomization.yaml" ] || { echo "Error: no kustomization in $1" >&2; exit 1; }
  for one in $(sed -n 's/^- //p' "$1/kustomization.yaml"); do
    if [ -d "$1/$one" ]; then build "$1/$one" || exit 1
    else cat "$1/$one" || { echo "Error: $one" >&2; exit 1; }; echo; echo ---; fi
  done
}
build "$2"
`,
    helm: `#!/bin/sh
for path; do :; done
for one in "$@"; do
  case $one in --values=*) [ -s "\${one#--values=}" ] || exit 1;; esac
done
[ -d "$path/charts/common" ] || { echo 'Error: found in Chart.yaml, but missing in charts/ directory: common' >&2; exit 1; }
for one in "$path"/templates/*.yaml; do
  echo ---; echo "# Source: $(basename "$path")/templates/$(basename "$one")"; cat "$one"
done
`,
  };
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(bin, name), text, { mode: 0o755 });
  }
  const PATH = process.env['PATH'];
  before(() => {
    process.env['PATH'] = `${bin}:${PATH}`;
  });
  after(() => {
    process.env['PATH'] = PATH;
  });

  const SETTINGS = `apiVersion: bulkhead.dev/v1
kind: Config
profile: kubeadm
inputs:
  - path: .
  - kustomize: clusters/prod
  - helm: charts/shop
    values: [values/prod.yaml]
`;
  const FILES = {
    'bulkhead.yaml': SETTINGS,
    '.gitignore': 'charts/shop/charts/\n',
    'clusters/prod/kustomization.yaml': 'resources:\n- ../base\n- own.yaml\n',
    'clusters/prod/own.yaml': intruder('own'),
    'clusters/base/kustomization.yaml': 'resources:\n- base.yaml\n',
    'clusters/base/base.yaml': CLEAN,
    'charts/shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'charts/shop/templates/web.yaml': CLEAN.replace('clean', 'web'),
    'values/prod.yaml': 'a: b\n',
  };
  const ready = () => {
    const root = repository(FILES);
    write(root, { 'charts/shop/charts/common/Chart.yaml': 'name: common\n' });
    return root;
  };

  test('each is rendered as it was, with the dependencies that git ignores', async () => {
    const root = ready();
    assert.deepEqual(short(await told(root, ['--since', 'HEAD'])), { ...NOTHING, unchanged: 1 });
    write(root, {
      'clusters/base/base.yaml': intruder('clean'),
      'charts/shop/templates/web.yaml': intruder('web'),
    });
    rmSync(join(root, 'clusters/prod/own.yaml'));
    write(root, { 'clusters/prod/kustomization.yaml': 'resources:\n- ../base\n' });
    const found = short(await told(root, ['--since', 'HEAD']));
    assert.deepEqual(found, {
      ...NOTHING,
      added: ['web charts/shop/templates/web.yaml', 'clean kustomize clusters/prod'],
      fixed: ['own kustomize clusters/prod'],
      status: 1,
    });
    const below = await told(
      root,
      ['--since', 'HEAD', '--kustomize', 'prod', '-p', 'kubeadm', '--no-config'],
      {
        cwd: 'clusters',
      },
    );
    assert.deepEqual(short(below).added, ['clean kustomize prod']);
  });

  test('one that is new has nothing before', async () => {
    const root = ready();
    write(root, {
      'clusters/dev/kustomization.yaml': 'resources:\n- x.yaml\n',
      'clusters/dev/x.yaml': intruder('x'),
    });
    const found = await told(root, ['--since', 'HEAD', '--kustomize', 'clusters/dev']);
    assert.deepEqual(short(found), { ...NOTHING, added: ['x kustomize clusters/dev'], status: 1 });
  });

  test('what cannot be rendered as it was is an error of that side', async () => {
    const root = repository({
      ...FILES,
      'clusters/base/kustomization.yaml': 'resources:\n- gone.yaml\n',
    });
    write(root, {
      'charts/shop/charts/common/Chart.yaml': 'name: common\n',
      'clusters/base/kustomization.yaml': FILES['clusters/base/kustomization.yaml'],
    });
    const found = await told(root, ['--since', 'HEAD']);
    assert.deepEqual([found.inputErrors.old.length, found.inputErrors.new.length], [1, 0]);
    assert.equal(found.status, 2);
    rmSync(join(root, 'charts/shop/charts'), { recursive: true });
    const both = await told(root, ['--since', 'HEAD']);
    assert.deepEqual([both.inputErrors.old.length, both.inputErrors.new.length], [2, 1]);
  });

  test('links and pointers in a chart', async () => {
    const root = ready();
    write(root, { 'shared/a.yaml': intruder('shared') });
    symlinkSync('../../../shared/a.yaml', join(root, 'charts/shop/templates/a.yaml'));
    commit(root);
    const argv = ['--since', 'HEAD', '--helm', 'charts/shop'];
    assert.deepEqual(short(await told(root, argv)), { ...NOTHING, unchanged: 1 });
    write(root, { 'shared/a.yaml': CLEAN });
    assert.equal(short(await told(root, argv)).fixed.length, 1);
    symlinkSync('/etc/hostname', join(root, 'charts/shop/templates/out.yaml'));
    commit(root);
    const out = await told(root, argv);
    assert.match(
      out.inputErrors.old[0]?.message ?? '',
      /symbolic link to what is not in the repository/,
    );
    rmSync(join(root, 'charts/shop/templates/out.yaml'));
    write(root, {
      'charts/shop/templates/big.yaml': `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 1\n`,
    });
    commit(root);
    const pointer = await told(root, argv);
    assert.match(pointer.inputErrors.old[0]?.message ?? '', /pointer of Git LFS/);
    assert.equal(pointer.status, 2);
  });
});
