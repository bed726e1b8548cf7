import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { addressesIn } from './workspace.ts';

const root = mkdtempSync(join(tmpdir(), 'bulkhead-'));
const cwd = join(root, 'deploy');
mkdirSync(cwd);
for (const name of ['a.yaml', 'a b(1)#?%.yaml']) writeFileSync(join(cwd, name), '');
writeFileSync(join(root, 'b.yaml'), '');
after(() => rmSync(root, { recursive: true }));

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
      file: 'a.yaml',
      expect: `https://github.com/shop/deploy/blob/${SHA}/deploy/a.yaml#L7`,
    },
    {
      name: 'above the directory',
      env: GITHUB,
      file: '../b.yaml',
      expect: `https://github.com/shop/deploy/blob/${SHA}/b.yaml#L7`,
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
      file: 'a.yaml',
      expect: `https://gitlab.example/shop/deploy/-/blob/${SHA}/deploy/a.yaml#L7`,
    },
    { name: 'of a file that does not exist', env: GITHUB, file: 'gone.yaml', expect: undefined },
    { name: 'of standard input', env: GITHUB, file: '-', expect: undefined },
    {
      name: 'of a file outside of the repository',
      env: { ...GITHUB, GITHUB_WORKSPACE: cwd },
      file: '../b.yaml',
      expect: undefined,
    },
    {
      name: 'without a commit',
      env: { ...GITHUB, GITHUB_SHA: 'main' },
      file: 'a.yaml',
      expect: undefined,
    },
    {
      name: 'with a URL that would end a link',
      env: { ...GITHUB, GITHUB_REPOSITORY: 'a)(b' },
      file: 'a.yaml',
      expect: undefined,
    },
    { name: 'on a machine', env: {}, file: 'a.yaml', expect: undefined },
  ]) {
    test(name, () => assert.equal(addressesIn({ cwd, env })(file, 7), expect));
  }
});
