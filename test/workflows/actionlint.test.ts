import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { tool } from '../../scripts/tools.ts';
import { ROOT } from '../support/bulkhead.ts';
import { WORKFLOWS } from '../support/workflows.ts';

test('actionlint has no complaint about a workflow', () => {
  // The other linters that it knows differ from machine to machine.
  const argv = ['-no-color', '-shellcheck=', '-pyflakes=', ...WORKFLOWS.keys()];
  const { stdout, stderr, status } = spawnSync(tool('actionlint'), argv, {
    cwd: ROOT,
    encoding: 'utf8',
  });
  assert.equal(stdout + stderr, '');
  assert.equal(status, 0);
});
