import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { ROOT } from './support/bulkhead.ts';

// The scripts of `bulkhead completion`, sourced by the shells.

const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-completion-'));
after(() => rmSync(scratch, { recursive: true }));
const [bin, cwd] = [join(scratch, 'bin'), join(scratch, 'files')];
for (const directory of [bin, cwd, join(cwd, 'my dir')]) mkdirSync(directory);
const HOSTILE = [
  'my pod.yaml',
  'my-$(touch pwned).yaml',
  "it's.yaml",
  '-o.yaml',
  'kx.yaml',
  'new\nline.yaml',
];
for (const name of HOSTILE) writeFileSync(join(cwd, name), '');
const ALL = readdirSync(cwd);
writeFileSync(
  join(bin, 'bulkhead'),
  `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'dist', 'cli.cjs')}' "$@"\n`,
  { mode: 0o755 },
);
const env = {
  PATH: `${bin}:${process.env['PATH']}`,
  HOME: scratch,
  TERM: 'dumb',
  LC_ALL: 'C.UTF-8',
  SCRIPTS: scratch,
};
for (const shell of ['bash', 'zsh', 'fish']) {
  const { stdout } = spawnSync(join(bin, 'bulkhead'), ['completion', shell], { encoding: 'utf8' });
  writeFileSync(join(scratch, `bulkhead.${shell}`), stdout);
}

const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;
const missing = (shell: string) => (has(shell) ? false : `${shell} is not installed`);

function printed(shell: string, argv: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(shell, argv, {
    cwd,
    env,
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(`${stderr}${status}`, '0');
  assert.deepEqual(readdirSync(cwd), ALL, 'no name was run as a command');
  return stdout;
}

describe('bash', () => {
  /** What the function answers for words, and which completion of paths it asks for. */
  const answer = (...words: readonly string[]) =>
    printed('bash', [
      '--norc',
      '-c',
      `source "$SCRIPTS/bulkhead.bash"
compopt() { options+="$* "; }
COMP_WORDS=(bulkhead "$@") COMP_CWORD=$#
_bulkhead
printf '%s\\0' "\${COMPREPLY[@]}" "$options"`,
      'bash',
      ...words,
    ])
      .split('\0')
      .filter((word) => word !== '');
  const NONE = '+o default ';
  const FILES = '+o default -o default ';

  for (const [words, expected] of [
    [['ch'], ['check', NONE]],
    [
      ['generate', ''],
      ['gatekeeper', 'vap', 'conftest', NONE],
    ],
    [
      ['check', '--require'],
      ['--require-components', NONE],
    ],
    [
      ['check', '--output', '=', 'js'],
      ['json', NONE],
    ],
    [
      ['check', '--fail-on', '='],
      ['error', 'warning', 'note', 'never', NONE],
    ],
    [
      ['check', '-o', 'h'],
      ['human', 'html', NONE],
    ],
    [['check', '--', '--out'], [FILES]],
    [['check', '"my'], [FILES]],
    [['check', '--kustomize', ''], ['+o default -o dirnames ']],
    [
      ['check', '-p', 'k'],
      ['k0s', 'k3s', 'kops', 'kubeadm', 'kubespray', 'kx.yaml', `${FILES}-o filenames `],
    ],
    [['explain', 'no-such'], [NONE]],
    [['$(touch pwned)', '`touch pwned`', ''], [NONE]],
  ] as const) {
    test(words.join(' '), () => assert.deepEqual(answer(...words), expected));
  }

  test('names of files are taken as they are', () => {
    const files = answer('profiles', '').filter((word) => word.includes('.yaml'));
    assert.deepEqual(files.sort(), [...HOSTILE].sort());
  });
});

describe('fish', { skip: missing('fish') }, () => {
  const lines: readonly (readonly [line: string, expected: readonly string[]])[] = [
    ['bulkhead ch', ['check']],
    ['bulkhead generate ', ['conftest', 'gatekeeper', 'vap']],
    ['bulkhead check --require', ['--require-components']],
    ['bulkhead check --output=js', ['--output=json']],
    ['bulkhead check --fail-on ', ['error', 'never', 'note', 'warning']],
    ['bulkhead check my', ['my dir/', 'my pod.yaml', 'my-$(touch pwned).yaml']],
    ['bulkhead check "my ', ['my dir/', 'my pod.yaml']],
    ['bulkhead check it', ["it's.yaml"]],
    ['bulkhead check --config=kx', ['--config=kx.yaml']],
    ['bulkhead check --helm ', ['my dir/']],
    ['bulkhead check -p k', ['k0s', 'k3s', 'kops', 'kubeadm', 'kubespray', 'kx.yaml']],
    ['bulkhead check -- -o', ['-o.yaml']],
    ['bulkhead explain no-such', []],
    ['bulkhead check my\\ pod.yaml --fail-on e', ['error']],
  ];
  test('completes', () => {
    const script = `source $SCRIPTS/bulkhead.fish
for line in $argv
    complete -C $line
    printf '\\0'
end`;
    const argv = ['--no-config', '-c', script, ...lines.map(([line]) => line)];
    const pages = printed('fish', argv).split('\0');
    for (const [index, [line, expected]] of lines.entries()) {
      const words = (pages[index] ?? '').split('\n').map((word) => word.replace(/\t.*/, ''));
      assert.deepEqual(
        words.filter((word) => word !== ''),
        expected,
        line,
      );
    }
  });
});

/** Types lines and TAB into an interactive shell, and returns what the line became; zsh makes the terminal. */
function typed(
  shell: readonly string[],
  setup: string,
  lines: readonly string[],
): readonly string[] {
  writeFileSync(join(scratch, 'setup'), setup);
  writeFileSync(join(scratch, 'lines'), '');
  printed('zsh', [
    '-f',
    '-c',
    `zmodload zsh/zpty
zpty shell "$SHELL_LINE"
zpty -w shell ' source "$SCRIPTS/setup"'
zpty -r shell page $'*READY\\r\\n*'
for line in "$@"; do
  zpty -w -n shell "$line"$'\\t\\x14'
  zpty -r shell page $'*TYPED\\r\\n*'
done
zpty -d shell`.replace('"$SHELL_LINE"', `'${shell.join(' ')}'`),
    'zsh',
    ...lines,
  ]);
  return readFileSync(join(scratch, 'lines'), 'utf8').split('\0').slice(0, -1);
}

const LINES: readonly (readonly [line: string, expected: string])[] = [
  ['bulkhead che', 'bulkhead check '],
  ['bulkhead generate gate', 'bulkhead generate gatekeeper '],
  ['bulkhead check --require', 'bulkhead check --require-components '],
  ['bulkhead check --output=js', 'bulkhead check --output=json '],
  ['bulkhead check -o js', 'bulkhead check -o json '],
  ['bulkhead check "my pod.yaml" -o js', 'bulkhead check "my pod.yaml" -o json '],
  ['bulkhead check my\\ p', 'bulkhead check my\\ pod.yaml '],
  ['bulkhead check "my p', 'bulkhead check "my pod.yaml" '],
  ['bulkhead check my-', 'bulkhead check my-\\$\\(touch\\ pwned\\).yaml '],
  ['bulkhead check it', "bulkhead check it\\'s.yaml "],
  ['bulkhead check --config=kx', 'bulkhead check --config=kx.yaml '],
  ['bulkhead check --helm m', 'bulkhead check --helm my\\ dir/'],
  ['bulkhead check -- -', 'bulkhead check -- -o.yaml '],
  ['bulkhead check -p kx', 'bulkhead check -p kx.yaml '],
  ['bulkhead explain stuck', 'bulkhead explain stuck-rollout '],
  ['bulkhead explain kx', 'bulkhead explain kx'],
];

for (const { shell, argv, setup } of [
  {
    shell: 'zsh',
    argv: ['zsh', '-f', '-i'],
    setup: `PROMPT=
source "$SCRIPTS/bulkhead.zsh"
typed() { print -rn -- "$BUFFER"$'\\0' >> "$SCRIPTS/lines"; BUFFER=; print TYPED }
zle -N typed
bindkey '^T' typed
print READY`,
  },
  {
    shell: 'bash',
    argv: ['bash', '--norc', '--noprofile', '-i'],
    setup: `PS1=
source "$SCRIPTS/bulkhead.bash"
typed() { printf '%s\\0' "$READLINE_LINE" >> "$SCRIPTS/lines"; READLINE_LINE=; echo TYPED; }
bind -x '"\\C-t": typed'
echo READY`,
  },
]) {
  test(`${shell}, in a terminal`, { skip: missing('zsh') }, () => {
    const found = typed(
      argv,
      setup,
      LINES.map(([line]) => line),
    );
    assert.deepEqual(
      found,
      LINES.map(([, expected]) => expected),
    );
  });
}
