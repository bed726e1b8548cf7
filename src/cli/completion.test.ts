import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ROOT } from '../../test/support/bulkhead.ts';
import { COMMANDS, type Command } from './commands.ts';
import { runCompletion, VALUES } from './completion.ts';
import { wire } from './wire.ts';

const deps = wire(join(ROOT, 'src', 'cli'));

/** What completes the last word, and what the shell is told to add. */
function after(words: readonly string[], shell = 'fish', commands = COMMANDS): readonly string[] {
  const asked = { positionals: [shell, ...words], values: new Map(), lists: new Map() };
  const { stdout } = runCompletion(asked, commands, deps);
  const lines = stdout.split('\n').slice(0, -1);
  return lines.map((line) =>
    line.startsWith(':') ? line.replace('\t', ' ') : line.replace(/\t.*/, ''),
  );
}

const FILES = ':files 0';
const policies = deps.catalogue().policies.map(({ id }) => id);

describe('every command, flag and choice is offered', () => {
  for (const command of COMMANDS) {
    test(command.name, () => {
      const words = command.name.split(' ');
      for (const index of words.keys()) {
        const word = words[index] ?? '';
        assert.ok(after([...words.slice(0, index), '']).includes(word), word);
        assert.deepEqual(after(['help', ...words.slice(0, index), word]), [word]);
      }
      const flags = after([...words, '--']);
      assert.deepEqual(flags, [...command.options.map(({ name }) => `--${name}`), '--help']);
      for (const { name, short, choices } of command.options) {
        if (choices === undefined) continue;
        assert.deepEqual(after([...words, `--${name}`, '']), choices);
        assert.deepEqual(
          after([...words, `--${name}=`]),
          choices.map((choice) => `--${name}=${choice}`),
        );
        if (short !== undefined) assert.deepEqual(after([...words, `-${short}`, '']), choices);
      }
    });
  }
});

test('what the help calls a value is known, or nothing that can be completed', () => {
  const own = ['REV', 'NAME', 'NS', 'USER', 'TIME', 'N', 'ROLE=N,…', 'PATTERN', ''];
  const labels = COMMANDS.flatMap(({ options, positional }) => [
    positional.label,
    ...options.flatMap(({ value, choices }) => (choices === undefined ? (value ?? []) : [])),
  ]);
  for (const label of labels) assert.ok(own.includes(label) || label in VALUES, label);
});

const cases: readonly (readonly [line: string, expected: readonly string[]])[] = [
  ['ch', ['check']],
  ['-', ['--help', '--version']],
  ['v', ['version']],
  ['nonsense |', []],
  ['nonsense -', ['--help']],
  ['help generate c', ['conftest']],
  ['help generate v', ['vap']],
  ['generate -', ['--help']],
  ['check |', [FILES]],
  ['check manifests/ -- --out', [FILES]],
  ['check --output json |', [FILES]],
  ['check -o json |', [FILES]],
  ['check -ojson |', [FILES]],
  ['check --output=json |', [FILES]],
  ['check -ojs', ['-ojson']],
  ['check --config |', [FILES]],
  ['check --config=my', [':files 9']],
  ['check --config -- --sh', ['--show']],
  ['check --output js', ['json']],
  ['check --helm |', [':directories 0']],
  ['check --no-config --no-', ['--no-baseline']],
  ['check --helm charts/a --helm', ['--helm', '--helm-values']],
  ['check --profile kub', ['kubeadm', 'kubespray', FILES]],
  ['check -p ./m', [FILES]],
  ['check -p addons/ca', [FILES]],
  ['profiles addons/ca', ['addons/calico', 'addons/canal', FILES]],
  ['profiles kubeadm |', ['--help']],
  ['explain stuck', ['stuck-rollout']],
  ['check --skip-policy=stuck', ['--skip-policy=stuck-rollout']],
  ['check --trust |', []],
  ['check --unknown |', [FILES]],
  ['check --unknown=', []],
  [
    'generate conftest |',
    ['--profile', '--config', '--no-config', '--environment', '--out', '--help'],
  ],
  [
    'generate vap |',
    [
      ...['--profile', '--config', '--no-config', '--environment', '--enforcement', '--out'],
      '--help',
    ],
  ],
  ['generate vap --enforcement d', ['dryrun', 'deny']],
  ['completion z', ['zsh']],
];
for (const [line, expected] of cases) {
  test(`bulkhead ${line}`, () => {
    const words = line.split(' ').map((word) => (word === '|' ? '' : word));
    assert.deepEqual(after(words), expected);
  });
}

test('policies are offered where an id is wanted', () => {
  for (const words of [
    ['explain', ''],
    ['check', '--policy', ''],
  ]) {
    assert.deepEqual(after(words), policies);
  }
});

describe('Bash sets = apart', () => {
  for (const [words, expected] of [
    [
      ['check', '--fail-on', '='],
      ['error', 'warning', 'note', 'never'],
    ],
    [['check', '--output', '=', 'js'], ['json']],
    [['check', '--config', '=', 'my'], [':files 9']],
    [['check', '--output', '=', 'json', '--sh'], ['--show']],
    [['check', 'a', '=', 'b'], [FILES]],
    [['='], []],
  ] as const) {
    test(words.join(' '), () => assert.deepEqual(after(words, 'bash'), expected));
  }
});

test('after FORMAT= comes a file', () => {
  const check = COMMANDS.find(({ name }) => name === 'check');
  assert.ok(check);
  const output = {
    name: 'output',
    short: 'o',
    value: 'FORMAT[=FILE]',
    choices: ['json'],
    help: '',
  };
  const commands: readonly Command[] = [{ ...check, options: [output] }];
  assert.deepEqual(after(['check', '-o', 'json=my'], 'fish', commands), [':files 5']);
  assert.deepEqual(after(['check', '--output=json=my'], 'fish', commands), [':files 14']);
  assert.deepEqual(after(['check', '-o', '=', 'js'], 'fish', commands), [FILES]);
});

test('a shell that is not known', () => {
  assert.throws(
    () => after([], 'fsh'),
    /completion is for bash, zsh or fish, not fsh; did you mean/,
  );
});
