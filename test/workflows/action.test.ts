import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { ROOT, textOf } from '../support/bulkhead.ts';
import { OFFLINE, packageAt, tarballOf } from '../support/package.ts';
import { ACTION, bash, type Printed, type Step } from '../support/workflows.ts';

// The steps of action.yml, run by bash as a runner does: with the built command, and with one that records
// its arguments. Nothing is fetched: the package is a directory or a tarball.

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead action ')));
after(() => rmSync(scratch, { recursive: true }));
const MANIFEST = JSON.parse(textOf('package.json'));

/** The built command as a package that needs no other. */
const built = packageAt(join(scratch, 'package built'));
/** Prints its arguments, writes what it is asked for, and ends as the test says. */
const recorder = packageAt(join(scratch, 'package recorder'), (bin) => {
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'cli.cjs'),
    `#!/usr/bin/env node
const { writeFileSync } = require('node:fs');
const argv = process.argv.slice(2);
console.log('ARGV' + JSON.stringify({ argv, cwd: process.cwd(), top: process.env.GITHUB_WORKSPACE }));
process.stderr.write(process.env.RECORDER_STDERR ?? '');
for (const one of argv.slice(0, argv.indexOf('--'))) {
  const [, file] = /^(?:sarif|json)=(.*)$/s.exec(one) ?? [];
  if (file !== undefined && process.env.RECORDER_CRASHES === undefined) writeFileSync(file, '{}');
}
process.exitCode = Number(process.env.RECORDER_STATUS ?? 0);
`,
    { mode: 0o755 },
  );
});

interface SarifResult {
  readonly ruleId: string;
  readonly locations: readonly [
    { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } },
  ];
}

interface Ended extends Printed {
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Whether the report would be uploaded. */
  readonly uploads: boolean;
}

let runs = 0;

/** Runs the Action in a repository. */
function action(
  inputs: Readonly<Record<string, string>>,
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Ended {
  const temp = join(scratch, `runner temp ${++runs}`);
  mkdirSync(temp);
  const files = { GITHUB_OUTPUT: join(temp, 'output'), GITHUB_STEP_SUMMARY: join(temp, 'summary') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const surroundings = {
    PATH: process.env['PATH'] ?? '',
    HOME: scratch,
    ...OFFLINE,
    RUNNER_TEMP: temp,
    GITHUB_ACTION_PATH: ROOT,
    ...files,
    ...env,
  };
  const [check, upload, verdict] = ACTION.runs.steps;
  const given = { ...defaults(), ...inputs };
  const first = ran(check, given, {});
  const outputs = outputsIn(readFileSync(files.GITHUB_OUTPUT, 'utf8'));
  const last = ran(verdict, given, outputs);
  return {
    stdout: first.stdout + last.stdout,
    stderr: first.stderr + last.stderr,
    // A job fails with its first step that fails.
    status: first.status === 0 ? last.status : first.status,
    outputs,
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
    uploads: isMet(upload, given, outputs),
  };

  function ran(
    step: Step | undefined,
    values: Readonly<Record<string, string>>,
    stepOutputs: Readonly<Record<string, string>>,
  ): Printed {
    assert.equal(step?.shell, 'bash');
    const own = Object.entries(step?.env ?? {}).map(
      ([name, expression]) => [name, evaluated(expression, values, stepOutputs)] as const,
    );
    return bash(step?.run ?? '', cwd, { ...surroundings, ...Object.fromEntries(own) });
  }
}

function defaults(): Readonly<Record<string, string>> {
  const entries = Object.entries(ACTION.inputs).map(([name, input]) => [name, input.default]);
  return Object.fromEntries(entries);
}

/** The value of `${{ inputs.NAME }}` or of an output of the check. */
function evaluated(
  expression: string,
  inputs: Readonly<Record<string, string>>,
  outputs: Readonly<Record<string, string>>,
): string {
  const [, input, output] =
    /^\$\{\{ (?:inputs\.([\w-]+)|steps\.check\.outputs\.([\w-]+)) \}\}$/.exec(expression) ?? [];
  if (output !== undefined) return outputs[output] ?? '';
  const value = inputs[input ?? ''];
  assert.ok(value !== undefined, `${expression} names no input`);
  return value;
}

/** What a runner knows of the event: of a push there is no pull request. */
interface Event {
  readonly pull_request?: {
    readonly head: { readonly repo: { readonly full_name: string } | null };
  };
}

/** Evaluates the condition of the upload: its operators mean the same in JavaScript. */
function isMet(
  step: Step | undefined,
  inputs: Readonly<Record<string, string>>,
  outputs: Readonly<Record<string, string>>,
  event: Event = {},
): boolean {
  const github = { repository: 'own/repository', event };
  const text = (step?.if ?? '')
    .replace(/^\$\{\{|\}\}$/g, '')
    .replaceAll(/\b(?:inputs|steps)\.[\w.-]+/g, (name) =>
      JSON.stringify(evaluated(`\${{ ${name} }}`, inputs, outputs)),
    )
    // What is missing on the way is null.
    .replaceAll(/\bgithub\.[\w.]+/g, (name) => name.replaceAll('.', '?.'));
  return Boolean(new Function('github', 'always', `return (${text});`)(github, () => true));
}

function outputsIn(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

/** What the recording command was called with. */
function recorded({ stdout }: Printed): {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly top: string;
} {
  const [, json] = /^ARGV(.*)$/m.exec(stdout) ?? [];
  assert.ok(json !== undefined, stdout);
  return JSON.parse(json);
}

/** A directory of its own to run in. */
function place(name: string): string {
  const directory = join(scratch, name);
  mkdirSync(directory);
  return directory;
}

describe('with the built command', () => {
  const cwd = join(scratch, 'repository');
  cpSync(join(ROOT, 'testdata', 'action'), cwd, { recursive: true });
  const run = (inputs: Readonly<Record<string, string>>) =>
    action({ package: built, sarif: 'true', ...inputs }, { cwd });

  test('findings: annotations, summary, SARIF, and exit status 1', () => {
    const ended = run({ paths: 'findings' });
    assert.equal(ended.status, 1, ended.stderr + ended.stdout);
    assert.equal(ended.outputs['status'], '1');
    assert.match(
      ended.stdout,
      /^::error file=findings\/agent\.yaml,line=14,.*::DaemonSet logging\/agent/m,
    );
    assert.match(ended.summary, /DaemonSet logging\/agent/);
    assert.deepEqual(results(ended), ['control-plane-intrusion findings/agent.yaml']);
    const report = JSON.parse(readFileSync(ended.outputs['report-file'] ?? '', 'utf8'));
    assert.equal(report.findings.length, 1);
    assert.equal(ended.uploads, true);
  });

  test('clean, by the inputs of bulkhead.yaml: exit status 0, and a SARIF without results', () => {
    const ended = run({});
    assert.equal(ended.status, 0, ended.stderr + ended.stdout);
    assert.equal(ended.outputs['status'], '0');
    assert.doesNotMatch(ended.stdout, /^::(?:error|warning)/m);
    assert.deepEqual(results(ended), []);
    assert.equal(ended.uploads, true);
  });

  test('a file that cannot be read: exit status 2, said, and nothing is uploaded', () => {
    const ended = run({ paths: 'unreadable' });
    assert.equal(ended.status, 2, ended.stderr + ended.stdout);
    assert.equal(ended.outputs['status'], '2');
    assert.match(ended.stdout, /^::error file=unreadable\/broken\.yaml,line=4/m);
    assert.match(ended.stdout, /^::error title=Bulkhead::Not everything could be checked/m);
    assert.match(ended.stdout, /^::error file=unreadable\/agent\.yaml/m);
    assert.equal(ended.uploads, false);
  });

  test('a configuration that is wrong: exit status 2, and no files', () => {
    const ended = run({ config: 'missing.yaml' });
    assert.equal(ended.status, 2);
    assert.match(ended.stdout, /^bulkhead: .*missing\.yaml/m);
    assert.deepEqual(
      [ended.outputs['sarif-file'], ended.outputs['report-file']],
      [undefined, undefined],
    );
    assert.equal(ended.uploads, false);
  });

  test('from a tarball', () => {
    tarballOf(built, cwd);
    const ended = run({
      package: `bulkhead-${MANIFEST.version}.tgz`,
      'fail-on': 'never',
      paths: 'findings',
    });
    assert.equal(ended.status, 0, ended.stderr + ended.stdout);
  });

  test('in a checkout below the workspace, names of files are from its top', () => {
    const inputs = { package: built, 'working-directory': 'repository', paths: 'findings' };
    const ended = action(inputs, { cwd: scratch, env: { GITHUB_WORKSPACE: scratch } });
    assert.match(ended.stdout, /^::error file=findings\/agent\.yaml,/m);
    assert.deepEqual(results(ended), ['control-plane-intrusion findings/agent.yaml']);
  });

  test('a name that looks like code or like a command of the runner is a name', () => {
    const name = `it's "odd", $(touch x) ##[stop-commands]z`;
    mkdirSync(join(cwd, name));
    cpSync(join(cwd, 'findings', 'agent.yaml'), join(cwd, name, 'agent.yaml'));
    cpSync(join(cwd, 'unreadable', 'broken.yaml'), join(cwd, name, 'broken.yaml'));
    const ended = run({ paths: name });
    assert.equal(ended.status, 2);
    assert.deepEqual(results(ended), [`control-plane-intrusion ${name}/agent.yaml`]);
    assert.match(ended.stdout, /^::error .*::DaemonSet logging\/agent can be/m);
    assert.equal(existsSync(join(cwd, 'x')), false);
  });

  /** The policies and files of the SARIF. */
  function results({ outputs }: Ended): readonly string[] {
    const log = JSON.parse(readFileSync(outputs['sarif-file'] ?? '', 'utf8'));
    return log.runs[0].results.map(
      ({ ruleId, locations }: SarifResult) =>
        `${ruleId} ${decodeURIComponent(locations[0].physicalLocation.artifactLocation.uri)}`,
    );
  }
});

describe('inputs', () => {
  const cwd = place('inputs');
  const run = (
    inputs: Readonly<Record<string, string>>,
    env: Readonly<Record<string, string>> = {},
  ) => action({ package: recorder, ...inputs }, { cwd, env });
  /** The arguments after those for the reports. */
  const argumentsOf = (inputs: Readonly<Record<string, string>>) => {
    const { argv } = recorded(run(inputs));
    assert.deepEqual(argv.slice(0, 3), ['check', '-o', 'github']);
    assert.match(`${argv[4]}\n${argv[6]}`, /^sarif=.*\.sarif\njson=.*\.json$/);
    return argv.slice(7);
  };

  test('none: the configuration says it all', () => {
    assert.deepEqual(argumentsOf({}), ['--']);
  });

  test('each becomes its flag', () => {
    assert.deepEqual(
      argumentsOf({
        profile: 'kubeadm',
        config: 'ci/bulkhead.yaml',
        trust: 'HEAD^1',
        'fail-on': 'warning',
        args: '--environment=prod\n--scope\ncluster\n',
        paths: 'a\nb\n',
      }),
      [
        '--profile=kubeadm',
        '--config=ci/bulkhead.yaml',
        '--trust=HEAD^1',
        '--fail-on=warning',
        '--environment=prod',
        '--scope',
        'cluster',
        '--',
        'a',
        'b',
      ],
    );
  });

  const HOSTILE = [
    'with two  spaces',
    ' leading and trailing ',
    `it's "quoted"`,
    `$(touch x) \`touch x\` \${HOME} $HOME`,
    '; touch x; & touch x | touch x > x',
    '--output=json',
    '-',
    '*',
    '~ {a,b} [a-z] ?',
    'back\\slash \\n \\',
    '!! #no-comment %PATH% ^',
    `\${{ github.token }}`,
    'Grüße/日本語',
    '::add-mask::x',
  ];

  test('lines reach the command as they are, and nothing in them is run', () => {
    const lines = HOSTILE.join('\n');
    const found = argumentsOf({ paths: lines, args: lines });
    assert.deepEqual(found, [...HOSTILE, '--', ...HOSTILE]);
  });

  test('so do single values, line breaks included', () => {
    const value = HOSTILE.join('\n');
    assert.deepEqual(
      argumentsOf({ profile: value, config: value, trust: value, 'fail-on': value }),
      [`--profile=${value}`, `--config=${value}`, `--trust=${value}`, `--fail-on=${value}`, '--'],
    );
  });

  test('the directory is as it was', () => {
    assert.equal(existsSync(join(cwd, 'x')), false);
  });

  test('blank lines and carriage returns are no arguments', () => {
    assert.deepEqual(argumentsOf({ paths: '\r\n\n  \na b\r\n\n\tc' }), ['--', 'a b', '\tc']);
  });

  test('a package may start with a dash', () => {
    const ended = run({ package: '--registry=https://example.com' });
    assert.equal(ended.status, 2);
    assert.match(ended.stdout, /^::error title=Bulkhead::The package could not be installed$/m);
  });

  for (const spec of ['', MANIFEST.version]) {
    test(`the package ${spec || 'by default'} is the tarball of a release`, () => {
      const { stdout, stderr, status, outputs } = run({ package: spec });
      assert.equal(status, 2);
      assert.equal(outputs['status'], '2');
      const url = `https://github.com/bulkhead-dev/bulkhead/releases/download/v${MANIFEST.version}/bulkhead-${MANIFEST.version}.tgz`;
      assert.ok((stdout + stderr).includes(url), stdout + stderr);
    });
  }

  test('sarif takes true and false', () => {
    for (const sarif of ['yes', 'TRUE', ' ', 'true\n']) {
      const ended = run({ sarif });
      assert.equal(ended.status, 2);
      assert.match(ended.stdout, /sarif must be true or false/);
      assert.equal(ended.uploads, false);
    }
  });

  test('nothing of a fork is uploaded, whatever the event is called', () => {
    const of = (repo: string | null, status = '1') =>
      isMet(
        ACTION.runs.steps[1],
        { sarif: 'true' },
        { status, 'sarif-file': 'a.sarif' },
        { pull_request: { head: { repo: repo === null ? null : { full_name: repo } } } },
      );
    assert.deepEqual([of('own/repository'), of('fork/repository'), of(null)], [true, false, false]);
    assert.equal(of('own/repository', '2'), false);
  });

  test('by default nothing is uploaded', () => {
    assert.equal(run({}).uploads, false);
    assert.equal(run({ sarif: 'true' }).uploads, true);
  });

  test('an .npmrc of the checkout takes no part', () => {
    writeFileSync(join(cwd, '.npmrc'), 'prefix=/nowhere\nomit=prod\nbin-links=false\n');
    assert.equal(run({}).status, 0);
    rmSync(join(cwd, '.npmrc'));
  });

  test('a command of the checkout takes no part', () => {
    const bin = join(cwd, 'node_modules', '.bin');
    mkdirSync(bin, { recursive: true });
    symlinkSync('/bin/true', join(bin, 'bulkhead'));
    recorded(run({}));
    rmSync(join(cwd, 'node_modules'), { recursive: true });
  });
});

describe('exit status', () => {
  const cwd = place('status');
  for (const { name, env, expected } of [
    { name: '0', env: { RECORDER_STATUS: '0' }, expected: 0 },
    { name: '1', env: { RECORDER_STATUS: '1' }, expected: 1 },
    { name: '2', env: { RECORDER_STATUS: '2' }, expected: 2 },
    { name: 'of a command that was killed', env: { RECORDER_STATUS: '137' }, expected: 2 },
    { name: 'of a crash', env: { RECORDER_STATUS: '1', RECORDER_CRASHES: '1' }, expected: 2 },
    { name: 'of a lost report', env: { RECORDER_STATUS: '0', RECORDER_CRASHES: '1' }, expected: 2 },
  ]) {
    test(name, () => {
      const ended = action({ package: recorder, sarif: 'true' }, { cwd, env });
      assert.equal(ended.status, expected);
      assert.equal(ended.outputs['status'], String(expected));
      assert.equal(ended.uploads, expected !== 2);
    });
  }

  test('standard error is printed, and no line of it is a command for the runner', () => {
    const text = 'bulkhead: ##[stop-commands]x.yaml\n::stop-commands::x\n::set-output name=a::b';
    const { stdout } = action({ package: recorder }, { cwd, env: { RECORDER_STDERR: text } });
    const [, token, inside] = /^::stop-commands::([\w-]{36})\n(.*?)\n::\1::$/ms.exec(stdout) ?? [];
    assert.ok(token !== undefined, stdout);
    assert.equal(inside, text);
  });
});

describe('working-directory', () => {
  const cwd = place('workspace');
  const repository = join(cwd, 'a checkout');
  mkdirSync(join(repository, 'sub'), { recursive: true });
  execFileSync('git', ['init', '--quiet'], { cwd: repository });
  const run = (directory: string) =>
    action({ package: recorder, 'working-directory': directory }, { cwd });

  test('the top of a checkout', () => {
    const ended = run('a checkout');
    const { cwd: found, top } = recorded(ended);
    assert.deepEqual([found, top], [repository, repository]);
    assert.equal(ended.outputs['directory'], repository);
  });

  test('a directory in it would make wrong places', () => {
    const ended = run('a checkout/sub');
    assert.equal(ended.status, 2);
    assert.match(ended.stdout, /working-directory must be the top of a checkout/);
  });

  test('one that is not there', () => {
    assert.match(run('none').stdout, /working-directory is not a directory/);
  });
});

test('an old Node.js, or none, is an error', () => {
  const cwd = place('old');
  const bin = join(cwd, 'bin');
  mkdirSync(bin);
  const old = `#!/bin/sh\nexec ${process.execPath} -e 'Object.defineProperty(process.versions, "node", { value: "20.18.3" }); eval(process.argv[1])' "$2"\n`;
  writeFileSync(join(bin, 'node'), old, { mode: 0o755 });
  for (const tool of ['bash']) {
    symlinkSync(execFileSync('which', [tool], { encoding: 'utf8' }).trim(), join(bin, tool));
  }
  const path = (first: string) => ({ PATH: first });
  assert.match(
    action({}, { cwd, env: path(`${bin}:${process.env['PATH']}`) }).stdout,
    /Node\.js 20\.19 or later is needed/,
  );
  rmSync(join(bin, 'node'));
  const none = action({}, { cwd, env: path(bin) });
  assert.equal(none.status, 2);
  assert.match(none.stdout, /Node\.js 20\.19 or later is needed/);
});

test('the version of Node.js that the Action needs is that of the package', () => {
  const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(MANIFEST.engines.node) ?? [];
  const script = ACTION.runs.steps[0]?.run ?? '';
  assert.ok(script.includes(`major > ${major} || (major === ${major} && minor >= ${minor})`));
  assert.ok(script.includes(`Node.js ${major}.${minor} or later`));
});

test('scripts are free of what the bash of macOS lacks', () => {
  for (const { run = '' } of ACTION.runs.steps) {
    assert.doesNotMatch(
      run,
      /\b(?:mapfile|readarray)\b(?!`)|declare -A|\$\{\w+(?:,,|\^\^|@)|\|&|&>>/,
    );
  }
});
