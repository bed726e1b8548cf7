import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { excluder } from './exclude.ts';

// The patterns mean what they mean to git, which is asked.

const FILES = [
  'a.yaml',
  'testdata/a.yaml',
  'testdata/deep/b.yaml',
  'x/testdata/a.yaml',
  'vendor/a.yaml',
  'x/y/vendor/z/a.yaml',
  'charts/shop/templates/web.yaml',
  'charts/shop/values.yaml',
  'Upper/a.yaml',
  'with space/a.yaml',
  '#hash.yaml',
  '!bang.yaml',
  'a[1].yaml',
];
const PATTERNS = [
  ['testdata/'],
  ['/testdata/'],
  ['testdata'],
  ['testdata/*'],
  ['**/vendor/**'],
  ['vendor/'],
  ['*.yaml', '!a.yaml'],
  ['testdata/', '!testdata/deep/b.yaml'],
  ['charts/*/templates/'],
  ['charts/**/*.yaml', '!charts/shop/values.yaml'],
  ['upper/'],
  ['with space/'],
  ['with\\ space/'],
  ['#hash.yaml'],
  ['\\#hash.yaml'],
  ['\\!bang.yaml'],
  ['a[1].yaml'],
  ['a\\[1\\].yaml'],
  ['?.yaml'],
  ['x/**'],
  ['/x/y'],
  ['**'],
  ['./testdata'],
  ['testdata/ '],
  [],
];
const root = mkdtempSync(join(tmpdir(), 'bulkhead-'));
after(() => rmSync(root, { recursive: true }));
execFileSync('git', ['init', '-q', root]);
for (const file of FILES) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), '');
}

/** The files that git excludes by these patterns. */
function excludedByGit(patterns: readonly string[]): readonly string[] {
  const file = join(root, '.git', 'info', 'exclude');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, patterns.join('\n'));
  const argv = [
    '-c',
    'core.quotePath=false',
    'ls-files',
    '-z',
    '--others',
    '--ignored',
    '--exclude-standard',
  ];
  const printed = execFileSync('git', argv, { cwd: root, encoding: 'utf8' });
  return printed.split('\0').filter(Boolean).sort();
}

describe('patterns mean what they mean to git', () => {
  for (const patterns of PATTERNS) {
    test(JSON.stringify(patterns), () => {
      const isExcluded = excluder([{ patterns, base: '.' }], root);
      // As a walk asks: a file is only reached through its directories.
      const found = FILES.filter((file) =>
        file
          .split('/')
          .some((_, index, steps) =>
            isExcluded(steps.slice(0, index + 1).join('/'), index < steps.length - 1),
          ),
      );
      assert.deepEqual([...found].sort(), excludedByGit(patterns));
    });
  }
});

test('what is outside of the base is not excluded', () => {
  const isExcluded = excluder([{ patterns: ['**'], base: 'x' }], root);
  assert.deepEqual(
    ['x', 'x/a.yaml', 'a.yaml', '../a.yaml', 'xy/a.yaml', 'x/../a.yaml'].map((path) =>
      isExcluded(path, false),
    ),
    [false, true, false, false, false, false],
  );
});
