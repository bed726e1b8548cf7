import assert from 'node:assert/strict';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import {
  FINDING,
  INPUT_ERROR,
  PICTURE,
  REPORT,
  SIMULATION,
  SUMMARY,
} from '../../test/support/samples.ts';
import { UserError } from '../errors.ts';
import { formatsOf } from '../formats/index.ts';
import type { InputFile } from '../input.ts';
import type { NodeRole, Profile } from '../profile/profile.ts';
import type { Cell } from '../report/component-table.ts';
import type { Finding, Report } from '../report/report.ts';
import { inWords } from '../words.ts';
import { COMMANDS } from './commands.ts';
import type { Deps } from './deps.ts';
import type { Io } from './io.ts';
import { main } from './main.ts';

const PROFILE: Profile = {
  name: 'sample',
  title: 'Sample',
  nodeRoles: [],
  nodeLabels: [],
  schedulers: [],
  customWorkloads: [],
  exemptNamespaces: [],
  schedulerUsers: [],
  controllerUsers: [],
  components: [],
};
const TYPHOON: Profile = {
  ...PROFILE,
  name: 'typhoon',
  title: 'Typhoon',
  nodeRoles: [
    {
      name: 'master',
      labels: [],
      taints: [
        { key: 'a', value: 'b', effect: 'NoSchedule' },
        { key: 'c', value: '', effect: 'NoExecute' },
      ],
    },
    { name: 'worker', labels: [], taints: [] },
  ],
};
const WARNING: Finding = {
  ...FINDING,
  policy: 'stuck-rollout',
  severity: 'warning',
  message: 'it is stuck',
  file: 'warned.yaml',
};
const CELL: Cell = { documented: 'N/A', actual: 'N/A', deviates: false, reasons: [] };

const cwd = mkdtempSync(join(tmpdir(), 'bulkhead-main-'));
after(() => rmSync(cwd, { recursive: true }));
for (const name of ['clean', 'warned', 'wrong', 'broken', 'mine', 'flawed']) {
  writeFileSync(join(cwd, `${name}.yaml`), `${name}: here\n`);
}
writeFileSync(join(cwd, 'binary.yaml'), Uint8Array.of(0xff, 0x80));

/** Finds by the name of a file alone: what the use cases do is not tested here. */
function reportOn(profile: Profile, files: readonly InputFile[]): Report {
  const named = (name: string) => files.filter((file) => file.name === name);
  const findings = [
    ...named('warned.yaml').map(() => WARNING),
    ...named('wrong.yaml').map(
      ({ name: file }): Finding => ({ ...WARNING, file, severity: 'error' }),
    ),
  ];
  const unread = files.flatMap((file): Report['inputErrors'] => {
    if (!('error' in file)) return [];
    const { code, message } = file.error;
    return [{ ...INPUT_ERROR, code, message, file: file.name, line: null, column: null }];
  });
  const unparsed = named('broken.yaml').map(({ name: file }) => ({ ...INPUT_ERROR, file }));
  const inputErrors = [...unread, ...unparsed];
  const count = files.length;
  return {
    ...REPORT,
    profile: profile.name,
    findings,
    inputErrors,
    summary: {
      ...SUMMARY,
      files: count,
      documents: count,
      objects: count,
      checked: count,
      findings: findings.length,
      inputErrors: inputErrors.length,
    },
  };
}

const DEPS: Deps = {
  version: () => '1.2.3',
  catalogue: () => ({ version: '1.2.3', repository: 'https://example.org/project', policies: [] }),
  pages: () => ({}),
  profileNames: () => ['sample', 'typhoon'],
  addons: () => [{ name: 'addons/calico', title: 'Calico' }],
  init: async () => ({ files: new Map(), page: '', isWhole: true }),
  recognise: () => ({ distribution: null, profile: null, also: [], layers: [], signs: [] }),
  resolvedText: async ({ name }) => `resolved ${name}\n`,
  profileText: (name) => `name: ${name}\n`,
  shippedProfile: (name) => (name === 'sample' ? PROFILE : TYPHOON),
  readProfile: async (file, text) => {
    if (!text.startsWith('flawed')) return { kind: 'profile', profile: PROFILE };
    const flaw = (line: number) =>
      new UserError('PROFILE_INVALID', 'expected a map', { place: { file, line, column: 1 } });
    return { kind: 'errors', errors: [flaw(1), flaw(2)] };
  },
  readConfig: async () => {
    throw new Error('there is no configuration');
  },
  readBaseline: async () => {
    throw new Error('there is no baseline');
  },
  check: (clusters) => {
    const [cluster] = clusters;
    assert.ok(cluster);
    return reportOn(cluster.profile, cluster.files);
  },
  diff: () => {
    throw new Error('nothing is compared here');
  },
  fix: async ([cluster]) => {
    assert.ok(cluster);
    const report = reportOn(cluster.profile, cluster.files);
    const none = { fixes: [], files: new Map(), report };
    return { before: report, safe: none, suggested: none };
  },
  picture: async (clusters) => ({ ...PICTURE, report: DEPS.check(clusters, {}) }),
  tablePicture: async ({ profile, files }) => ({ ...PICTURE, ...DEPS.table(profile, files, {}) }),
  simulate: (profile) => ({ ...SIMULATION, profile: profile.name }),
  table: (profile, files) => ({
    report: reportOn(profile, files),
    table: {
      profile: profile.name,
      title: profile.title,
      rows: [
        {
          component: 'dns',
          state: 'present',
          objects: [],
          cells: {
            type: CELL,
            replicas: CELL,
            nodeRole: CELL,
            antiAffinity: CELL,
            disruptionControl: CELL,
          },
        },
      ],
    },
  }),
  generateGatekeeper: async () => new Map([['templates/a.yaml', 'a\n']]),
  generateAdmission: async () => new Map([['a.yaml', 'c\n']]),
  generateConftest: async () => new Map([['data.yaml', 'b\n']]),
  policyIndex: () => 'all policies\n',
  explain: (id, { form, width }) => {
    if (id === 'nope') throw new UserError('POLICY_UNKNOWN', 'unknown policy: nope');
    return `${id}: ${form} of ${width} columns\n`;
  },
};

interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(argv: readonly string[], deps: Deps = DEPS, io: Partial<Io> = {}): Promise<Run> {
  const written = { stdout: '', stderr: '' };
  const status = await main(
    argv,
    {
      stdout: (text) => {
        assert.equal(written.stdout, '', 'standard output is written once');
        written.stdout += text;
      },
      stderr: (text) => {
        written.stderr += text;
      },
      readStdin: async () => new TextEncoder().encode('kind: Pod\n'),
      cwd,
      env: {},
      isTTY: false,
      columns: undefined,
      isErrorTTY: false,
      now: () => 0,
      ...io,
    },
    deps,
  );
  return { status, ...written };
}

const CHECK = ['check', '-p', 'sample'];
const CLEAN = 'No problems. Checked 1 object in 1 file against sample.\n';

test('clean manifests are exit status 0 and one line', async () => {
  assert.deepEqual(await run([...CHECK, 'clean.yaml']), { status: 0, stdout: CLEAN, stderr: '' });
});

test('- is standard input', async () => {
  assert.deepEqual(await run([...CHECK, '-']), { status: 0, stdout: CLEAN, stderr: '' });
});

const statuses: readonly (readonly [readonly string[], number])[] = [
  [['check', 'warned.yaml'], 0],
  [['check', 'warned.yaml', '--fail-on', 'warning'], 1],
  [['check', 'warned.yaml', '--fail-on=error'], 0],
  [['check', 'warned.yaml', '--fail-on', 'note'], 1],
  [['check', 'clean.yaml', '--fail-on', 'note'], 0],
  [['check', 'wrong.yaml'], 1],
  [['check', 'wrong.yaml', '--fail-on', 'never'], 0],
  [['check', 'wrong.yaml', 'gone.yaml', '--fail-on', 'never'], 2],
  [['table', 'wrong.yaml', '--fail-on', 'never'], 0],
  [['check', 'wrong.yaml', 'gone.yaml'], 2],
  [['table', 'clean.yaml', '-o', 'markdown'], 0],
  [['table', 'warned.yaml', '--fail-on', 'warning'], 1],
  [['table', 'wrong.yaml', '-o', 'json'], 1],
  [['table', 'gone.yaml', '-o', 'json'], 2],
];
for (const [argv, status] of statuses) {
  test(`bulkhead ${argv.join(' ')} is exit status ${status}`, async () => {
    assert.equal((await run([...argv, '--profile', 'sample'])).status, status);
  });
}

test('a picture is written beside the page of its report, and has its exit status', async () => {
  for (const command of ['check', 'table']) {
    const own = [command, '-p', 'sample', 'wrong.yaml'];
    const { status, stdout } = await run([...own, '-o', 'human', '-o', 'html=out/picture.html']);
    assert.deepEqual([status, stdout], [1, (await run(own)).stdout]);
    const picture = readFileSync(join(cwd, 'out', 'picture.html'), 'utf8');
    assert.match(picture, /^<!doctype html><html lang="en">.*it is stuck.*<\/html>\n$/s);
    assert.equal((await run([...own, '-o', 'html'])).stdout, picture);
    assert.equal(picture.includes('Component table'), command === 'table');
  }
});

test('a page has the findings, and at its end what cannot be checked', async () => {
  const { status, stdout, stderr } = await run([...CHECK, 'wrong.yaml', 'broken.yaml', 'gone']);
  assert.equal(status, 2);
  assert.equal(stderr, '');
  assert.equal(
    stdout,
    `wrong.yaml:1:1  error  stuck-rollout
  it is stuck
  at Pod p

  1 | wrong: here
    | ^

  fix: Fix it.

broken.yaml:1:3  unreadable  MANIFEST_SYNTAX
  this is not YAML

  1 | broken: here
    |   ^

gone  unreadable  FILE_UNREADABLE
  no such file or directory

1 error in 1 of 3 files.
Checked 3 objects in 3 files against sample.
2 parts of the input could not be checked, so this is not a clean result (exit status 2).
`,
  );
});

test('a format for programs contains the errors, and standard error has each on a line', async () => {
  const { status, stdout, stderr } = await run([...CHECK, '-o', 'json', 'broken.yaml', 'gone']);
  assert.equal(status, 2);
  assert.equal(
    stderr,
    'bulkhead: gone: no such file or directory\nbulkhead: broken.yaml:1:3: this is not YAML\n',
  );
  assert.deepEqual(JSON.parse(stdout).inputErrors, [
    {
      code: 'MANIFEST_SYNTAX',
      message: 'this is not YAML',
      file: 'broken.yaml',
      line: 1,
      column: 3,
      endLine: null,
      endColumn: null,
    },
    {
      code: 'FILE_UNREADABLE',
      message: 'no such file or directory',
      file: 'gone',
      line: null,
      column: null,
      endLine: null,
      endColumn: null,
    },
  ]);
});

test('JSON does not depend on the order of the paths', async () => {
  const json = [...CHECK, '-o', 'json'];
  assert.deepEqual(
    await run([...json, 'wrong.yaml', 'gone', 'broken.yaml']),
    await run([...json, 'broken.yaml', 'wrong.yaml', 'gone']),
  );
});

test('a profile may be a file, and every mistake in it is reported', async () => {
  assert.equal((await run(['check', 'clean.yaml', '-p', 'mine.yaml'])).status, 0);
  assert.deepEqual(await run(['check', 'clean.yaml', '-o', 'json', '-p', './flawed.yaml']), {
    status: 2,
    stdout: '',
    stderr:
      'bulkhead: ./flawed.yaml:1:1: expected a map\nbulkhead: ./flawed.yaml:2:1: expected a map\n',
  });
});

const CHECK_FLAGS = 'bulkhead check --help lists its flags';
const BUILT_IN = 'built in: sample, typhoon';
const OUTPUTS = inWords([...Object.keys(formatsOf('report')), 'html'], 'or');
const sentences: readonly (readonly [readonly string[], string])[] = [
  [['chek'], 'unknown command: chek; did you mean check?'],
  [
    ['check', 'clean.yaml', '--helm-values', 'a.yaml', '-p', 'sample'],
    '--helm-values needs --helm CHART',
  ],
  [['lint'], 'unknown command: lint; did you mean check?'],
  [['frobnicate'], 'unknown command: frobnicate; bulkhead help lists them'],
  [
    ['--profile', 'sample', 'check'],
    '--profile comes after the command, as in bulkhead check PATH --profile',
  ],
  [['-o=json'], '-o comes after the command, as in bulkhead check PATH -o'],
  [['--versio'], 'unknown flag: --versio; did you mean --version?'],
  [['--wat'], 'unknown flag: --wat; bulkhead help lists the commands'],
  [['generate', '--out', 'x'], 'generate needs gatekeeper, vap or conftest'],
  [
    ['generate', 'gatekeper'],
    'generate needs gatekeeper, vap or conftest, not gatekeper; did you mean gatekeeper?',
  ],
  [
    ['generate', 'conftest', '-p', 'sample'],
    'missing flag --out DIR: directory to write to; created if missing',
  ],
  [
    ['check', 'clean.yaml', '-p', 'sample', '-n', 'Shop'],
    '--namespace takes the name of a namespace (lowercase letters, digits and -), not Shop',
  ],
  [['check', 'clean.yaml', '-p', 'sample', '-n'], '--namespace needs a value: --namespace NS'],
  [['generate', 'conftest', 'x'], 'unexpected argument: x'],
  [
    ['check', '-p', 'sample'],
    'missing argument PATH: a file, a directory, or - for standard input; or write a bulkhead.yaml with inputs',
  ],
  [
    ['check', 'clean.yaml'],
    `no profile: use --profile NAME|FILE, or profile in bulkhead.yaml (${BUILT_IN})`,
  ],
  [
    ['check', 'clean.yaml', '--profil', 'sample'],
    'unknown flag: --profil; did you mean --profile?',
  ],
  [[...CHECK, 'clean.yaml', '--format', 'json'], 'unknown flag: --format; did you mean --output?'],
  [['check', 'clean.yaml', '-x'], `unknown flag: -x; ${CHECK_FLAGS}`],
  [['check', 'clean.yaml', '--frobnicate'], `unknown flag: --frobnicate; ${CHECK_FLAGS}`],
  [
    [...CHECK, 'clean.yaml', '-o', 'jsn'],
    `--output must be ${OUTPUTS}, not jsn; did you mean json?`,
  ],
  [[...CHECK, 'clean.yaml', '-o', 'xml'], `--output must be ${OUTPUTS}, not xml`],
  [
    ['table', '-p', 'sample', 'clean.yaml', '-o', 'sarif'],
    '--output must be human, json, markdown or html, not sarif',
  ],
  [
    [...CHECK, 'clean.yaml', '-o', 'json', '--output=json'],
    '--output json and --output json are both for standard output: give one a file, as in --output json=FILE',
  ],
  [
    [...CHECK, 'clean.yaml', '-o', 'human', '-o', 'concise'],
    '--output human and --output concise are both for standard output: give one a file, as in --output concise=FILE',
  ],
  [
    [...CHECK, 'clean.yaml', '-o', 'jsn=x'],
    `--output must be ${OUTPUTS}, not jsn; did you mean json?`,
  ],
  [
    [...CHECK, 'clean.yaml', '-o', 'json='],
    '--output json= names no file: write json=FILE, or json for standard output',
  ],
  [
    [...CHECK, 'clean.yaml', '-o', 'json=-'],
    '--output json=- names no file: write json=FILE, or json for standard output',
  ],
  [[...CHECK, 'clean.yaml', '-o'], '--output needs a value: --output FORMAT[=FILE]'],
  [[...CHECK, 'clean.yaml', '-o', '=x'], `--output must be ${OUTPUTS}, not =x`],
  [
    [...CHECK, 'clean.yaml', '-o', 'json=new/a', '-o', 'human=./new/../new/a'],
    '--output json=new/a and --output human=./new/../new/a are one file: give each its own',
  ],
  [
    [...CHECK, 'clean.yaml', '--write-baseline', '-o', 'json'],
    '--write-baseline writes no report: leave out --output',
  ],
  [['check', 'clean.yaml', '--profile'], '--profile needs a value: --profile NAME|FILE'],
  [['check', 'clean.yaml', '--profile='], '--profile needs a value: --profile NAME|FILE'],
  [
    ['check', 'clean.yaml', '--profile', '-o', 'json'],
    '--profile needs a value: --profile NAME|FILE',
  ],
  [[...CHECK, 'clean.yaml', '--width', '39'], '--width must be a number, 40 or more, not 39'],
  [[...CHECK, 'clean.yaml', '--width', 'wide'], '--width must be a number, 40 or more, not wide'],
  [['check', '--help=yes'], '--help does not take a value: yes'],
  [['check', 'clean.yaml', '-p', 'typhon'], 'unknown profile: typhon; did you mean typhoon?'],
  [
    ['check', 'clean.yaml', '-p', 'zzzzzzzz'],
    `unknown profile: zzzzzzzz; ${BUILT_IN}; for your own, give a path: ./my-profile.yaml`,
  ],
  [
    ['check', 'clean.yaml', '-p', './gone.yaml'],
    'cannot read the profile ./gone.yaml: no such file or directory',
  ],
  [
    ['check', 'clean.yaml', '-p', 'binary.yaml'],
    'cannot read the profile binary.yaml: not UTF-8 text',
  ],
  [['explain', 'a', 'b'], 'unexpected argument: b'],
  [['explain', 'nope'], 'unknown policy: nope'],
  [['explain', '--examples'], 'missing argument ID: a policy'],
  [
    ['profiles', 'zzzzzzzz'],
    `unknown profile: zzzzzzzz; ${BUILT_IN}; for your own, give a path: ./my-profile.yaml`,
  ],
  [['help', 'chek'], 'unknown command: chek; did you mean check?'],
  [['help', 'check', 'x'], 'unexpected argument: x'],
  [['check\u001b[2J'], 'unknown command: check\\x1b[2J; bulkhead help lists them'],
];
for (const [argv, sentence] of sentences) {
  test(`one sentence and exit status 2: bulkhead ${JSON.stringify(argv)}`, async () => {
    assert.deepEqual(await run(argv), { status: 2, stdout: '', stderr: `bulkhead: ${sentence}\n` });
  });
}

test('paths after -- may begin with a dash', async () => {
  const { stderr } = await run([...CHECK, '-o', 'json', '--', '-x.yaml']);
  assert.equal(stderr, 'bulkhead: -x.yaml: no such file or directory\n');
});

test('an unknown exception is a bug: its stack, and exit status 2', async () => {
  const bug = () => {
    throw new TypeError('x is not a function\u001b');
  };
  const { status, stdout, stderr } = await run([...CHECK, 'clean.yaml'], { ...DEPS, check: bug });
  assert.deepEqual([status, stdout], [2, '']);
  const [first, second, third] = stderr.split('\n');
  assert.equal(first, 'bulkhead: internal error; please report it, and treat this run as failed:');
  assert.equal(second, 'TypeError: x is not a function\\x1b');
  assert.match(third ?? '', /^ {4}at /);
});

test('a table is printed in the format that is asked for', async () => {
  const argv = ['table', 'clean.yaml', '-p', 'sample'];
  assert.equal((await run(argv)).stdout.split('\n')[0], 'Sample (sample)');
  assert.equal(
    (await run([...argv, '-o', 'markdown'])).stdout.split('\n')[0],
    '## Sample (sample)',
  );
  assert.equal(JSON.parse((await run([...argv, '-o', 'json'])).stdout).title, 'Sample');
});

describe('outputs', () => {
  const text = (name: string) => readFileSync(join(cwd, name), 'utf8');
  const FLAGS = [...CHECK, 'wrong.yaml', '-o'];

  test('go to standard output and into files, whose directories are created', async () => {
    const absolute = join(cwd, 'abs.txt');
    const argv = [...FLAGS, 'json', '-o', 'concise=out/deep/a=b.txt', '-o', `human=${absolute}`];
    const { status, stdout, stderr } = await run(argv, DEPS, { env: { FORCE_COLOR: '1' } });
    assert.deepEqual([status, stderr], [1, '']);
    assert.equal(JSON.parse(stdout).findings.length, 1);
    assert.equal(
      text('out/deep/a=b.txt'),
      'wrong.yaml:1:1: error: it is stuck (Pod p) [stuck-rollout]\n',
    );
    const page = (await run([...CHECK, 'wrong.yaml'])).stdout;
    assert.equal(text('abs.txt'), page, 'no colour in a file');
  });

  test('into files alone leave standard output empty', async () => {
    const argv = [...FLAGS, 'json=only.json', '--width', '60', '-o', 'human=only.txt', 'gone'];
    assert.deepEqual(await run(argv), {
      status: 2,
      stdout: '',
      stderr: 'bulkhead: gone: no such file or directory\n',
    });
    assert.equal(JSON.parse(text('only.json')).inputErrors.length, 1);
    assert.match(text('only.txt'), /gone {2}unreadable/);
  });

  test('of table and simulate go into files, too', async () => {
    const flags = ['-p', 'sample', '-o', 'human=page.txt', '-o'];
    const table = await run(['table', 'clean.yaml', ...flags, 'markdown']);
    assert.match(table.stdout, /^## Sample/);
    assert.match(text('page.txt'), /^Sample \(sample\)/);
    const simulated = await run(['simulate', 'clean.yaml', ...flags, 'json=page.json']);
    assert.equal(simulated.stdout, '');
    assert.equal(JSON.parse(text('page.json')).profile, 'sample');
  });

  test('that cannot be written do not stop the others', async () => {
    const argv = [...CHECK, 'clean.yaml', '-o', 'human', '-o', 'json=clean.yaml/a', '-o'];
    const { status, stdout, stderr } = await run([...argv, 'json=.', '-o', 'concise=fine.txt']);
    assert.equal(status, 2);
    assert.equal(stdout, CLEAN);
    assert.equal(
      stderr,
      'bulkhead: cannot write clean.yaml/a: a file is where a directory is needed\n' +
        'bulkhead: cannot write .: it is a directory, not a file\n',
    );
    assert.equal(text('fine.txt'), '');
  });

  test('never overwrite what was read, by whatever name', async () => {
    symlinkSync('clean.yaml', join(cwd, 'link.yaml'));
    linkSync(join(cwd, 'clean.yaml'), join(cwd, 'hard.txt'));
    for (const file of ['clean.yaml', './clean.yaml', 'link.yaml', 'hard.txt', 'mine.yaml']) {
      const argv = ['check', 'clean.yaml', '-p', './mine.yaml', '-o', 'concise=safe.txt', '-o'];
      assert.deepEqual(await run([...argv, `json=${file}`]), {
        status: 2,
        stdout: '',
        stderr: `bulkhead: --output json=${file} would overwrite a file of the input: name another file, or leave it out with --exclude\n`,
      });
    }
    assert.equal(text('clean.yaml'), 'clean: here\n');
    assert.equal(text('mine.yaml'), 'mine: here\n');
    assert.ok(!existsSync(join(cwd, 'safe.txt')), 'nothing is written');
  });

  test('of an earlier run are written again', async () => {
    for (const file of ['wrong.yaml', 'clean.yaml']) {
      await run([...CHECK, file, '-o', 'concise=again.txt']);
    }
    assert.equal(text('again.txt'), '');
  });

  test('concise on standard output has the errors, and standard error nothing', async () => {
    const { stdout, stderr } = await run([...CHECK, 'broken.yaml', '-o', 'concise']);
    assert.equal(stdout, 'broken.yaml:1:3: error: this is not YAML [MANIFEST_SYNTAX]\n');
    assert.equal(stderr, '');
  });
});

describe('in a CI', () => {
  const summary = join(cwd, 'summary.md');
  const github = [...CHECK, 'wrong.yaml', '-o', 'github'];
  const env = { GITHUB_STEP_SUMMARY: summary };

  test('github adds the report to the summary of the job', async () => {
    writeFileSync(summary, 'before\n');
    const { status, stdout } = await run(github, DEPS, { env });
    assert.equal(status, 1);
    assert.match(stdout, /^::error file=wrong\.yaml,line=1,/);
    const markdown = (await run([...CHECK, 'wrong.yaml', '-o', 'markdown'])).stdout;
    assert.equal(readFileSync(summary, 'utf8'), `before\n\n\n${markdown}`);
    writeFileSync(summary, '');
    await run(github, DEPS, { env });
    assert.equal(readFileSync(summary, 'utf8'), markdown);
  });

  test('other formats leave it alone', async () => {
    writeFileSync(summary, '');
    await run([...CHECK, 'wrong.yaml', '-o', 'markdown'], DEPS, { env });
    assert.equal(readFileSync(summary, 'utf8'), '');
  });

  test('a summary that GitHub would drop is said, and leaves what is there', async () => {
    const full = 'x'.repeat(1024 * 1024);
    writeFileSync(summary, full);
    const { status, stdout, stderr } = await run(github, DEPS, { env });
    assert.equal(status, 2);
    assert.match(stdout, /^::error /);
    assert.equal(stderr, 'bulkhead: cannot write the job summary: file too large\n');
    assert.equal(readFileSync(summary, 'utf8'), full);
  });

  test('paths are those of the repository, whatever the directory of the step is', async () => {
    mkdirSync(join(cwd, 'deploy'));
    writeFileSync(join(cwd, 'deploy/wrong.yaml'), 'wrong: here\n');
    const io = { cwd: join(cwd, 'deploy'), env: { GITHUB_WORKSPACE: cwd } };
    assert.match((await run(github, DEPS, io)).stdout, /^::error file=deploy\/wrong\.yaml,/);
    const gitlab = { ...io, env: { CI_PROJECT_DIR: cwd } };
    const argv = [...CHECK, 'wrong.yaml', '-o', 'gitlab'];
    assert.match((await run(argv, DEPS, gitlab)).stdout, /"path": "deploy\/wrong\.yaml"/);
    const elsewhere = { ...io, env: { GITHUB_WORKSPACE: join(cwd, 'other') } };
    const { stdout } = await run(github, DEPS, elsewhere);
    assert.ok(stdout.startsWith(`::error file=${cwd}/deploy/wrong.yaml,`), stdout);
  });
});

test('generated files are written to --out, and counted', async () => {
  const argv = ['generate', 'gatekeeper', '-p', 'sample', '--out', 'made'];
  const expected = { status: 0, stdout: '1 file written to made\n', stderr: '' };
  assert.deepEqual(await run(argv), expected);
  assert.equal(readFileSync(join(cwd, 'made/templates/a.yaml'), 'utf8'), 'a\n');
});

test('where Constraints deny, Gatekeeper must fail closed', async () => {
  const argv = ['generate', 'gatekeeper', '-p', 'sample', '--out', 'made', '--enforcement'];
  assert.equal((await run([...argv, 'warn'])).stderr, '');
  const { status, stderr } = await run([...argv, 'deny']);
  assert.equal(status, 0);
  assert.match(stderr, /^Before these Constraints deny, make Gatekeeper fail closed/);
  assert.match(stderr, /--values made\/webhook\/values.yaml/);
  assert.match(stderr, /^kubectl patch .* --patch-file made\/webhook\/patch.yaml$/m);
});

describe('generate vap', () => {
  const argv = ['generate', 'vap', '-p', 'sample', '--out', 'vap'];
  const server: NodeRole = {
    name: 'server',
    labels: [{ key: 'a', value: '' }],
    taints: [{ key: 'a', value: '', effect: 'NoSchedule' }],
  };
  const open: NodeRole = { ...server, name: 'open', optionalTaints: true };
  const generated = async (
    nodeRoles: readonly NodeRole[],
    names: readonly string[],
    otherWorkloads: Profile['otherWorkloads'] = { nodeRole: 'worker' },
  ) => {
    const { otherWorkloads: _, ...profile } = DEPS.shippedProfile('sample');
    const { stdout, stderr, status } = await run(argv, {
      ...DEPS,
      shippedProfile: () => ({ ...profile, nodeRoles, ...(otherWorkloads && { otherWorkloads }) }),
      generateAdmission: async () =>
        new Map(
          names.map((name) => [
            `${name}.yaml`,
            `# GENERATED by \`bulkhead generate vap\`; do not edit.\n${name}\n`,
          ]),
        ),
    });
    assert.equal(status, 0);
    return { stdout, stderr };
  };
  const INTRUSION = 'control-plane-intrusion';
  const REMEDY = `are optional, and these
policies see no Nodes. If the nodes have the taints, write a profile that extends this one and has the role without
optionalTaints, and generate from it
`;
  beforeEach(() => rmSync(join(cwd, 'vap'), { recursive: true, force: true }));

  test('writes files for the stage, and has nothing to say where a role is reserved', async () => {
    const stages: string[] = [];
    const { shippedProfile } = DEPS;
    const deps: Deps = {
      ...DEPS,
      shippedProfile: (name) => ({
        ...shippedProfile(name),
        nodeRoles: [server],
        otherWorkloads: { nodeRole: 'worker' },
      }),
      generateAdmission: async (_, stage) => {
        stages.push(stage);
        return new Map([['a.yaml', 'a\n']]);
      },
    };
    const expected = { status: 0, stdout: '1 file written to vap\n', stderr: '' };
    assert.deepEqual(await run(argv, deps), expected);
    assert.deepEqual(await run([...argv, '--enforcement', 'deny'], deps), expected);
    assert.deepEqual(stages, ['dryrun', 'deny']);
    assert.equal(readFileSync(join(cwd, 'vap/a.yaml'), 'utf8'), 'a\n');
  });

  test('says which policies are not written where no role is reserved without Nodes', async () => {
    const { stdout, stderr } = await generated([open], ['wrong-workload-kind']);
    assert.equal(stdout, '1 file written to vap\n');
    const what = 'control-plane-intrusion and scheduler-bypass are not written';
    assert.equal(stderr, `bulkhead: ${what}: the taints of role open ${REMEDY}`);
  });

  test('says which roles are open where another one is reserved', async () => {
    const { stderr } = await generated([server, open], [INTRUSION]);
    const what = 'no policy keeps other workloads off open nodes';
    assert.equal(stderr, `bulkhead: ${what}: the taints of role open ${REMEDY}`);
  });

  test('says why no profile reserves anything', async () => {
    const { stderr } = await generated([server], ['wrong-workload-kind'], {});
    assert.equal(
      stderr,
      'bulkhead: control-plane-intrusion and scheduler-bypass are not written: otherWorkloads of the profile has no nodeRole. To have them, add the role that they run on\n',
    );
  });

  test('writes nothing where there is nothing to check, and says why', async () => {
    const { stdout, stderr } = await generated([open], []);
    assert.equal(stdout, 'nothing was written to vap\n');
    assert.match(
      stderr,
      /^bulkhead: the profile sample has nothing that a ValidatingAdmissionPolicy checks: no role with a taint/,
    );
    assert.match(
      stderr,
      /^bulkhead: control-plane-intrusion and scheduler-bypass are not written/m,
    );
    assert.equal(existsSync(join(cwd, 'vap')), false);
  });

  test('names what an earlier run left, and leaves it', async () => {
    await generated([server], [INTRUSION, 'kustomization']);
    writeFileSync(join(cwd, 'vap/own.yaml'), 'a: b\n');
    assert.equal((await generated([server], [INTRUSION, 'kustomization'])).stderr, '');
    const { stderr } = await generated([server], ['kustomization']);
    assert.equal(
      stderr,
      `bulkhead: left in vap from an earlier run, and no longer generated: control-plane-intrusion.yaml. Delete them,
and their policies and bindings in the cluster
`,
    );
    assert.match(
      (await generated([server], [])).stderr,
      /: control-plane-intrusion\.yaml, kustomization\.yaml\. Delete/,
    );
    assert.equal(existsSync(join(cwd, 'vap/control-plane-intrusion.yaml')), true);
  });
});

const answers: readonly (readonly [readonly string[], string])[] = [
  [['version'], '1.2.3\n'],
  [['--version'], '1.2.3\n'],
  [['-v'], '1.2.3\n'],
  [['-V'], '1.2.3\n'],
  [['explain'], 'all policies\n'],
  [['explain', 'stuck-rollout'], 'stuck-rollout: summary of 100 columns\n'],
  [['explain', 'stuck-rollout', '--examples'], 'stuck-rollout: examples of 100 columns\n'],
  [['explain', 'stuck-rollout', '--width', '72'], 'stuck-rollout: summary of 72 columns\n'],
  [['explain', 'stuck-rollout', '-o', 'markdown'], 'stuck-rollout: markdown of 100 columns\n'],
  [
    ['profiles'],
    `NAME     TITLE    KUBERNETES  NODE ROLES
sample   Sample   current
typhoon  Typhoon  current     master (a=b:NoSchedule and c:NoExecute), worker

ADD-ON         TITLE
addons/calico  Calico
`,
  ],
  [['profiles', 'typhoon'], 'name: typhoon\n'],
  [['profiles', 'addons/calico'], 'name: addons/calico\n'],
];
for (const [argv, stdout] of answers) {
  test(`bulkhead ${argv.join(' ')} answers`, async () => {
    assert.deepEqual(await run(argv), { status: 0, stdout, stderr: '' });
  });
}

test('the help lists every command', async () => {
  const { status, stdout, stderr } = await run(['help']);
  assert.deepEqual([status, stderr], [0, '']);
  const text = stdout.replaceAll(/\s+/g, ' ');
  assert.deepEqual(
    COMMANDS.filter(({ name, summary }) => !text.includes(` ${name} ${summary} `)),
    [],
  );
  assert.deepEqual(await run(['--help']), { status, stdout, stderr });
});

test('no command at all is its help, on standard error, and exit status 2', async () => {
  const { stdout } = await run(['help']);
  assert.deepEqual(await run([]), { status: 2, stdout: '', stderr: stdout });
});

test('generate alone is the help of all of its commands', async () => {
  const { stdout } = await run(['help', 'generate']);
  for (const target of ['gatekeeper', 'vap', 'conftest']) {
    assert.ok(stdout.includes(`bulkhead generate ${target}:`), target);
  }
  assert.deepEqual(await run(['generate']), { status: 2, stdout: '', stderr: stdout });
  assert.deepEqual(await run(['generate', '--help']), { status: 0, stdout, stderr: '' });
});

test('a line of help has at most 80 columns', async () => {
  const pages = await Promise.all(
    [[], ...COMMANDS.map(({ name }) => name.split(' '))].map((words) => run(['help', ...words])),
  );
  const lines = pages.flatMap(({ stdout }) => stdout.split('\n'));
  assert.deepEqual(
    lines.filter((line) => line.length > 80),
    [],
  );
});

test('the help of a command is made of its flags', async () => {
  const expected = `bulkhead generate conftest: write the policies and their parameters for conftest

Usage: bulkhead generate conftest --out DIR [OPTIONS]

  -p, --profile NAME|FILE  Profile to check against: a built-in name or a file.
  -c, --config FILE        Configuration. Default: the nearest bulkhead.yaml, up
                           to the directory with .git.
  --no-config              Use no configuration.
  -e, --environment NAME   Environment of the configuration, one of several;
                           repeatable. Default: all.
  --out DIR                Directory to write to; created if missing.
  -h, --help               Print this help.

Overwrites the files that it generates, and leaves others alone.
`;
  for (const argv of [
    ['generate', 'conftest', '--help'],
    ['generate', 'conftest', '-h', '--out', 'x'],
    ['help', 'generate', 'conftest'],
  ]) {
    assert.deepEqual(await run(argv), { status: 0, stdout: expected, stderr: '' });
  }
});

for (const { name } of COMMANDS) {
  test(`bulkhead help ${name} is what bulkhead ${name} --help says`, async () => {
    const words = name.split(' ');
    assert.deepEqual(await run(['help', ...words]), await run([...words, '--help']));
  });
}
