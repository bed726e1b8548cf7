import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isSeq, parseDocument, type Scalar } from 'yaml';
import type { Expectation } from '../../scripts/cases.ts';
import { ROOT } from './bulkhead.ts';

/** True if the expectations of `cases.yaml` are to be rewritten instead of compared. */
export const UPDATES_CASES = process.env['UPDATE_GOLDEN'] === '1';

/**
 * Rewrites the `expect` of rows of a `cases.yaml`, and leaves every other byte as it is.
 *
 * @param found what the policy found, by the name of the row.
 */
export function updateCases(
  file: string,
  found: ReadonlyMap<string, readonly Expectation[]>,
): void {
  assert.ok(!process.env['CI'], 'UPDATE_GOLDEN is refused under CI');
  const path = join(ROOT, file);
  let text = readFileSync(path, 'utf8');
  const { contents } = parseDocument(text);
  assert.ok(isSeq(contents));
  for (const row of [...contents.items].reverse()) {
    assert.ok(isMap<Scalar, { range?: [number, number, number] | null }>(row));
    const expectations = found.get(String(row.get('name')));
    const pair = row.items.find(({ key }) => key.value === 'expect');
    const start = pair?.key.range?.[1];
    const end = pair?.value?.range?.[1];
    if (expectations === undefined || start === undefined || end === undefined) continue;
    text = `${text.slice(0, start)}:${rendered(expectations)}${text.slice(start, end).match(/\s*$/)?.[0] ?? ''}${text.slice(end)}`;
  }
  writeFileSync(path, text.replace(/\n*$/, '\n'));
}

function rendered(expectations: readonly Expectation[]): string {
  if (expectations.length === 0) return ' []';
  const items = expectations.map(
    ({ path, msg }) =>
      `\n    - path: [${path.map(step).join(', ')}]\n      msg: ${JSON.stringify(msg)}`,
  );
  return items.join('');
}

/** A step of a path, quoted where YAML would not read it as the same text. */
function step(part: string | number): string {
  const isPlain = typeof part === 'number' || /^[A-Za-z][\w./-]*$/.test(part);
  return isPlain && !RESERVED.test(String(part)) ? String(part) : JSON.stringify(part);
}

const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n)$/i;
