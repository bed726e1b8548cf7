import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ROOT, textOf } from './support/bulkhead.ts';

// One rule for versions (docs/releasing.md): package.json has it, and every other place follows.

const { version } = JSON.parse(textOf('package.json'));

test('the version is semantic, and package-lock.json has it', () => {
  assert.match(version, /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/);
  const lock = JSON.parse(textOf('package-lock.json'));
  assert.deepEqual([lock.version, lock.packages[''].version], [version, version]);
});

test('the first heading of the changelog is Unreleased or the version', () => {
  const headings = [...textOf('CHANGELOG.md').matchAll(/^## (.*)$/gm)].map(([, text]) => text);
  assert.ok(headings[0] === 'Unreleased' || headings[0] === version, headings[0]);
  assert.equal(new Set(headings).size, headings.length);
  if (headings[0] === 'Unreleased' && headings.length > 1) assert.equal(headings[1], version);
});

const pages = [
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'action.yml',
  '.pre-commit-hooks.yaml',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

describe('a page that names a release names this one', () => {
  for (const page of pages) {
    test(page, () => {
      const named = [
        ...textOf(page).matchAll(
          /(?:releases\/download\/v|bulkhead-dev\/bulkhead@v|bulkhead@|\brev: v|\?ref=v|\/bulkhead-)(\d[\w.-]*?)(?=\.tgz|[/"'`\s)]|$)/gm,
        ),
      ].map(([, one]) => one);
      assert.deepEqual(
        named.filter((one) => one !== version),
        [],
      );
      const least: Record<string, number> = {
        'README.md': 2,
        'docs/ci.md': 6,
        'docs/conftest.md': 3,
      };
      assert.ok(named.length >= (least[page] ?? 0), `${named.length} places`);
    });
  }
});
