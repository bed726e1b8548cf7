import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { renderJunit } from '../../src/formats/junit.ts';
import { anyReport } from '../support/hostile-reports.ts';

// JUnit of hostile reports by libxml2, which is stricter than the parser of the other tests.

const isMissing = spawnSync('xmllint', ['--version']).error !== undefined;
const SKIP = isMissing && 'xmllint is not on PATH (package libxml2-utils)';

const GENERATED = process.env['NIGHTLY'] === '1' ? 2_000 : 200;

const CONTEXT = {
  source: () => undefined,
  color: false,
  width: 80,
  catalogue: { version: '1.2.3', repository: 'https://example.org/project', policies: [] },
  pages: () => ({}),
};

test('JUnit is well-formed XML 1.0', { skip: SKIP }, () => {
  inDirectory((directory) => {
    const files = fc.sample(anyReport, GENERATED).map((report, index) => {
      const file = join(directory, `${index}.xml`);
      writeFileSync(file, renderJunit(report, CONTEXT));
      return file;
    });
    execFileSync('xmllint', ['--noout', '--pedantic', ...files], { stdio: 'pipe' });
    const broken = join(directory, 'broken.xml');
    writeFileSync(broken, '<testsuites><testsuite name="&#0;"/></testsuites>');
    assert.throws(() => execFileSync('xmllint', ['--noout', broken], { stdio: 'pipe' }));
  });
});

function inDirectory(use: (directory: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-junit-'));
  try {
    use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
