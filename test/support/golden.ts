import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './bulkhead.ts';

/**
 * Compares a text with a file of the checkout. `UPDATE_GOLDEN=1` rewrites the file instead, and fails
 * in CI.
 */
export function assertGolden(path: string, actual: string): void {
  const file = join(ROOT, path);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    assert.ok(!process.env['CI'], 'UPDATE_GOLDEN cannot be used in CI');
    writeFileSync(file, actual);
    return;
  }
  assert.equal(actual, readFileSync(file, 'utf8'), `${path}; UPDATE_GOLDEN=1 npm test rewrites it`);
}
