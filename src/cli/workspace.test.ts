import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { pathsIn } from './workspace.ts';

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-workspace-')));
after(() => rmSync(scratch, { recursive: true }));
const root = join(scratch, 'repository');
const cwd = join(root, 'deploy');
mkdirSync(cwd, { recursive: true });
for (const file of ['outside.yaml', 'repository/a.yaml', 'repository/deploy/b.yaml']) {
  writeFileSync(join(scratch, file), '');
}
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
