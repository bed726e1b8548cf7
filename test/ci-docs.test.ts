import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { load } from 'js-yaml';
import { parse } from '../src/cli/args.ts';
import { COMMANDS } from '../src/cli/commands.ts';
import { FORMATS } from '../src/formats/index.ts';
import { ROOT, textOf } from './support/bulkhead.ts';
import { type Example, examples } from './support/ci-docs.ts';
import { ACTION, bash } from './support/workflows.ts';

// docs/ci.md: its examples parse, and the command line takes every command in them.

const PAGE = textOf('docs/ci.md');

test('every example names its file', () => {
  const fences = PAGE.match(/^```\w+$/gm) ?? [];
  assert.equal(fences.length, examples().length);
});

for (const example of examples()) {
  describe(`${example.file}, line ${example.line}`, () => {
    test('is known, and has a command or the Action', () => {
      assert.ok(example.scripts.length + example.actions.length > 0);
    });

    for (const script of example.scripts) {
      test(script, () => {
        for (const argv of commandsIn(script, example)) accepts(argv);
      });
    }

    for (const inputs of example.actions) {
      test('inputs of the Action', () => {
        for (const name of Object.keys(inputs)) assert.ok(name in ACTION.inputs, name);
      });
    }
  });
}

describe('.pre-commit-hooks.yaml', () => {
  const hooks = load(textOf('.pre-commit-hooks.yaml')) as readonly {
    readonly id: string;
    readonly entry: string;
    readonly language: string;
  }[];
  for (const { id, entry, language } of hooks) {
    test(id, () => {
      accepts(entry.split(' ').slice(1));
      // Every other language installs, and the clone of this repository cannot be installed without a build.
      assert.equal(language, 'system');
      assert.ok(PAGE.includes(`- id: ${id}\n`));
    });
  }
});

test('the page lists the inputs and outputs of the Action', () => {
  const [, section = ''] = /^## GitHub Actions\n(.*?)^## /ms.exec(PAGE) ?? [];
  const rows = [...section.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual(rows, [...Object.keys(ACTION.inputs), ...Object.keys(ACTION.outputs)]);
});

test('the page names formats that exist', () => {
  const named = [...PAGE.matchAll(/-o ([a-z]+)/g)].map(([, format = '']) => format);
  assert.deepEqual(
    named.filter((format) => !(format in FORMATS.report)),
    [],
  );
});

/** The arguments of each call of bulkhead that a script makes, where npx and npm only hand them on. */
function commandsIn(script: string, { variables }: Example): readonly (readonly string[])[] {
  const stubs = `
    bulkhead() { printf 'bulkhead\\0'; printf '%s\\0' "$@"; printf '\\n\\0'; }
    npx() { while [[ $1 != -- ]]; do shift; done; shift; "$@"; }
    npm() { :; }
    mkdir() { :; }
  `;
  const { stdout, stderr, status } = bash(stubs + script, ROOT, {
    PATH: process.env['PATH'] ?? '',
    CI_MERGE_REQUEST_DIFF_BASE_SHA: 'f00d',
    ...variables,
  });
  assert.deepEqual([stderr, status], ['', 0]);
  return stdout
    .split('\n\0')
    .filter((call) => call !== '')
    .map((call) => call.split('\0').slice(1, -1));
}

function accepts(argv: readonly string[]): void {
  const command = COMMANDS.find(({ name }) => name === argv[0]);
  assert.ok(command !== undefined, argv[0]);
  parse(command, argv.slice(1));
}
