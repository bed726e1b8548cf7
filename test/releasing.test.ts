import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { textOf } from './support/bulkhead.ts';

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

describe('a page that names a release names this one', () => {
  for (const page of ['README.md', 'SECURITY.md', 'docs/ci.md', 'docs/library.md', 'action.yml']) {
    test(page, () => {
      const named = [
        ...textOf(page).matchAll(
          /(?:releases\/download\/v|bulkhead-dev\/bulkhead@v|bulkhead@|\brev: v|\/bulkhead-)(\d[\w.-]*?)(?=\.tgz|[/"'`\s)]|$)/gm,
        ),
      ].map(([, one]) => one);
      assert.deepEqual(
        named.filter((one) => one !== version),
        [],
      );
      if (page === 'docs/ci.md') assert.ok(named.length > 5);
    });
  }
});
