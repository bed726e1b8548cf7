import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { addressesIn, pathsIn } from './workspace.ts';

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-workspace-')));
after(() => rmSync(scratch, { recursive: true }));
const root = join(scratch, 'repository');
const cwd = join(root, 'deploy');
mkdirSync(cwd, { recursive: true });
for (const file of ['outside.yaml', 'repository/a.yaml', 'repository/deploy/b.yaml']) {
  writeFileSync(join(scratch, file), '');
}
writeFileSync(join(cwd, 'a b(1)#?%.yaml'), '');
symlinkSync('../a.yaml', join(cwd, 'inner.yaml'));
symlinkSync('../../outside.yaml', join(cwd, 'outer.yaml'));
symlinkSync('repository', join(scratch, 'linked'));

describe('the path of a file from the root of the repository', () => {
  const pathOf = pathsIn({ cwd, env: { GITHUB_WORKSPACE: root } });
  for (const [file, expected] of [
    ['b.yaml', 'deploy/b.yaml'],
    ['./b.yaml', 'deploy/b.yaml'],
    [join(cwd, 'b.yaml'), 'deploy/b.yaml'],
    ['../a.yaml', 'a.yaml'],
    ['..', '.'],
    ['missing.yaml', 'deploy/missing.yaml'],
    ['../..b.yaml', '..b.yaml'],
    // Git has the link, and what it leads to only if that is in the repository.
    ['inner.yaml', 'a.yaml'],
    ['outer.yaml', 'deploy/outer.yaml'],
    ['../../outside.yaml', join(scratch, 'outside.yaml')],
  ] as const) {
    test(file.replace(scratch, 'DIR'), () => assert.equal(pathOf(file), expected));
  }

  test('of a run elsewhere is absolute', () => {
    const elsewhere = pathsIn({ cwd: scratch, env: { GITHUB_WORKSPACE: root } });
    assert.equal(elsewhere('outside.yaml'), join(scratch, 'outside.yaml'));
    assert.equal(elsewhere('repository/a.yaml'), 'a.yaml');
  });

  test('is the same if the workspace is a link', () => {
    const linked = pathsIn({ cwd, env: { CI_PROJECT_DIR: join(scratch, 'linked') } });
    assert.equal(linked('b.yaml'), 'deploy/b.yaml');
  });

  test('is its name where nothing says what the root is', () => {
    for (const env of [{}, { GITHUB_WORKSPACE: '' }]) {
      assert.equal(pathsIn({ cwd, env })('../a.yaml'), '../a.yaml');
    }
  });
});

const SHA = '0123456789abcdef0123456789abcdef01234567';
const GITHUB = {
  GITHUB_WORKSPACE: root,
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'shop/deploy',
  GITHUB_SHA: SHA,
};

describe('the address of a line', () => {
  for (const { name, env, file, expect } of [
    {
      name: 'on GitHub',
      env: GITHUB,
      file: 'b.yaml',
      expect: `https://github.com/shop/deploy/blob/${SHA}/deploy/b.yaml#L7`,
    },
    {
      name: 'above the directory',
      env: GITHUB,
      file: '../a.yaml',
      expect: `https://github.com/shop/deploy/blob/${SHA}/a.yaml#L7`,
    },
    {
      name: 'of a name with special characters',
      env: GITHUB,
      file: 'a b(1)#?%.yaml',
      expect: `https://github.com/shop/deploy/blob/${SHA}/deploy/a%20b%281%29%23%3F%25.yaml#L7`,
    },
    {
      name: 'on GitLab',
      env: {
        CI_PROJECT_DIR: root,
        CI_PROJECT_URL: 'https://gitlab.example/shop/deploy',
        CI_COMMIT_SHA: SHA,
      },
      file: 'b.yaml',
      expect: `https://gitlab.example/shop/deploy/-/blob/${SHA}/deploy/b.yaml#L7`,
    },
    { name: 'of a file that does not exist', env: GITHUB, file: 'gone.yaml', expect: undefined },
    { name: 'of standard input', env: GITHUB, file: '-', expect: undefined },
    {
      name: 'of a file outside of the repository',
      env: { ...GITHUB, GITHUB_WORKSPACE: cwd },
      file: '../a.yaml',
      expect: undefined,
    },
    {
      name: 'without a commit',
      env: { ...GITHUB, GITHUB_SHA: 'main' },
      file: 'b.yaml',
      expect: undefined,
    },
    {
      name: 'with a URL that would end a link',
      env: { ...GITHUB, GITHUB_REPOSITORY: 'a)(b' },
      file: 'b.yaml',
      expect: undefined,
    },
    { name: 'on a machine', env: {}, file: 'b.yaml', expect: undefined },
  ]) {
    test(name, () => assert.equal(addressesIn({ cwd, env })(file, 7), expect));
  }
});
