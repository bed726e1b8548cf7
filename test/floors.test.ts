import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, test } from 'node:test';
import { ROOT } from './support/bulkhead.ts';

// Who may import whom: a room imports only from a lower floor, never sideways (docs/architecture.md).

/** The rooms of src/, from the ground up; a file right in src/ is a room of its own. */
const FLOORS: readonly (readonly string[])[] = [
  ['errors.ts', 'words.ts', 'names.generated.ts', 'kubernetes'],
  ['goyaml', 'report', 'recognition'],
  ['manifest'],
  ['schema', 'unrendered'],
  ['profile', 'config'],
  ['policy', 'simulation', 'rendered'],
  ['engine', 'gatekeeper', 'fixing', 'formats', 'mentions'],
  ['built.ts', 'input.ts', 'exit-status.ts', 'admission'],
  ['session.ts', 'explain.ts', 'generate.ts', 'own-files.ts', 'source.ts', 'cluster'],
  ['checking', 'comparing', 'deriving'],
  ['check.ts', 'reach.ts'],
  ['table.ts', 'simulate.ts', 'diff.ts', 'fix.ts'],
  ['picture.ts', 'init.ts'],
  ['library'],
  ['cli', 'core.ts'],
  ['index.ts'],
];

/** The one file that may import each package, and the one directory that may touch the process. */
const PACKAGES: Readonly<Record<string, string>> = {
  '@noble/hashes/sha2.js': 'checking/fingerprint.ts',
  '@noble/hashes/utils.js': 'checking/fingerprint.ts',
  '@open-policy-agent/opa-wasm': 'engine/sdk.ts',
  ignore: 'cli/exclude.ts',
  pako: 'manifest/registration/contents.ts',
  yaml: 'manifest/yaml.ts',
};

/** The file that finds what is in the package, for programs of Node.js. */
const DOOR = 'index.ts';

const SRC = join(ROOT, 'src');
const POLICIES = join(ROOT, 'policies');
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.endsWith('.d.ts'))
  .sort();

test('every room has a floor, and every floor only rooms that exist', () => {
  const rooms = [...new Set(files.map(roomOf))].sort();
  assert.deepEqual(rooms, FLOORS.flat().sort());
});

describe('a file imports only from its own room and from lower floors', () => {
  for (const file of files) {
    test(file, () => {
      for (const imported of importsOf(file).filter((name) => name.startsWith('.'))) {
        const target = relative(SRC, join(SRC, dirname(file), imported));
        if (target.startsWith('../policies/')) {
          assert.equal(roomOf(file), 'admission', `src/${file} imports ${imported}`);
          continue;
        }
        assert.ok(
          roomOf(target) === roomOf(file) || floorOf(target) < floorOf(file),
          `src/${file} (floor ${floorOf(file)}) imports src/${target} (floor ${floorOf(target)})`,
        );
      }
    });
  }
});

test('the fragments beside the policies import only what is below the admission that is made of them', () => {
  const fragments = readdirSync(POLICIES, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  assert.ok(fragments.length > 10);
  for (const file of fragments) {
    for (const imported of importsIn(readFileSync(join(POLICIES, file), 'utf8'))) {
      const target = relative(SRC, join(POLICIES, dirname(file), imported));
      const isBeside = target.startsWith('../policies/lib/');
      assert.ok(isBeside || floorOf(target) < floorOf('admission'), `${file} imports ${imported}`);
      assert.ok(isBeside || floorOf(target) >= 0, `${file} imports ${imported}`);
    }
  }
});

test('each package is imported in one file', () => {
  const found = files.flatMap((file) =>
    [...new Set(importsOf(file))]
      .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
      .map((name) => [name, file] as const),
  );
  assert.deepEqual(Object.fromEntries(found), PACKAGES);
  assert.equal(found.length, Object.keys(PACKAGES).length);
});

test('only the command line and the door of the library use Node.js, and only bin.ts uses the process', () => {
  for (const file of files.filter((name) => !name.startsWith('cli/') && name !== DOOR)) {
    const node = importsOf(file).filter((name) => name.startsWith('node:'));
    assert.deepEqual(node, [], `src/${file}`);
    assert.doesNotMatch(sourceOf(file), /\bprocess\.|\bconsole\./, `src/${file}`);
  }
  for (const file of files.filter((name) => name !== 'cli/bin.ts')) {
    assert.doesNotMatch(code(sourceOf(file)), /\bprocess\./, `src/${file}`);
  }
});

test('one file starts other programs', () => {
  const found = files.filter((file) => importsOf(file).includes('node:child_process'));
  assert.deepEqual(found, ['cli/run.ts']);
});

test('nothing connects to a network', () => {
  const modules = /^(?:node:)?(?:https?|http2|net|tls|dgram|dns)(?:\/|$)/;
  for (const file of files) {
    assert.deepEqual(
      importsOf(file).filter((name) => modules.test(name)),
      [],
      `src/${file}`,
    );
    assert.doesNotMatch(sourceOf(file), /(?<![#.])\b(?:fetch|WebSocket|XMLHttpRequest)\(/, file);
  }
});

function roomOf(file: string): string {
  return file.split('/')[0] ?? '';
}

function floorOf(file: string): number {
  return FLOORS.findIndex((rooms) => rooms.includes(roomOf(file)));
}

function importsOf(file: string): readonly string[] {
  return importsIn(sourceOf(file));
}

function importsIn(source: string): readonly string[] {
  const declared = source.matchAll(/(?:^|\s)(?:import|export)\s[^;]*?from '([^']+)'/g);
  const loaded = source.matchAll(/\bimport\('([^']+)'\)/g);
  return [...declared, ...loaded].map(([, name = '']) => name);
}

function sourceOf(file: string): string {
  return readFileSync(join(SRC, file), 'utf8');
}

function code(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
}
