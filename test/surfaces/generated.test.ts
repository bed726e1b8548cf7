import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { tool } from '../../scripts/tools.ts';
import { check } from '../../src/check.ts';
import { generateConftest } from '../../src/generate.ts';
import { builtBulkhead, manifestsIn, ROOT, shippedProfile } from '../support/bulkhead.ts';

// What `bulkhead generate conftest` writes is all that conftest needs: there is no clone of the repository.

const INPUT = 'testdata/clusters/drifted';
const directory = mkdtempSync(join(tmpdir(), 'bulkhead-conftest-'));
const built = builtBulkhead();
const profile = shippedProfile('tectonic-1.6.4');
after(() => rmSync(directory, { recursive: true }));

before(() => {
  for (const [path, text] of generateConftest(built, profile)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
});

test('the files that are generated find what a check finds', () => {
  const report = check(built, profile, manifestsIn(ROOT, INPUT));
  const argv = ['-p', join(directory, 'policy'), '-d', join(directory, 'data'), '-o', 'json'];
  const { stdout, stderr } = spawnSync(
    tool('conftest'),
    ['test', ...argv, '--combine', join(ROOT, INPUT)],
    { encoding: 'utf8', cwd: directory, maxBuffer: 1 << 26 },
  );
  const results: readonly {
    readonly failures?: readonly { readonly msg: string }[];
    readonly warnings?: readonly { readonly msg: string }[];
  }[] = JSON.parse(stdout || stderr);
  const found = results.flatMap(({ failures = [], warnings = [] }) => [...failures, ...warnings]);
  assert.ok(report.findings.length > 10);
  assert.deepEqual(
    found.map(({ msg }) => msg).sort(),
    report.findings.map(({ message }) => message).sort(),
  );
});
