import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isSeq, parseDocument, type Scalar } from 'yaml';
import type { Expectation, NoteExpectation } from '../../scripts/cases.ts';
import { ROOT } from './bulkhead.ts';

/** True if the expectations of `cases.yaml` are to be rewritten instead of compared. */
export const UPDATES_CASES = process.env['UPDATE_GOLDEN'] === '1';

/** What a policy finds in a row. */
export interface Answer {
  readonly expect: readonly Expectation[];
  readonly notes: readonly NoteExpectation[];
}

/**
 * Rewrites the `expect` of rows of a `cases.yaml`, and `notes` where a row has them, and leaves every
 * other byte as it is.
 *
 * @param found what the policy found, by the name of the row.
 */
export function updateCases(file: string, found: ReadonlyMap<string, Answer>): void {
  assert.ok(!process.env['CI'], 'UPDATE_GOLDEN cannot be used in CI');
  const path = join(ROOT, file);
  let text = readFileSync(path, 'utf8');
  const { contents } = parseDocument(text);
  assert.ok(isSeq(contents));
  for (const row of [...contents.items].reverse()) {
    assert.ok(isMap<Scalar, { range?: [number, number, number] | null }>(row));
    const answer = found.get(String(row.get('name')));
    for (const { key, value } of [...row.items].reverse()) {
      const start = key.range?.[1];
      const end = value?.range?.[1];
      const written =
        key.value === 'expect' || key.value === 'notes' ? answer?.[key.value] : undefined;
      if (written === undefined || start === undefined || end === undefined) continue;
      text = `${text.slice(0, start)}:${rendered(written)}${text.slice(start, end).match(/\s*$/)?.[0] ?? ''}${text.slice(end)}`;
    }
  }
  writeFileSync(path, text.replace(/\n*$/, '\n'));
}

function rendered(expectations: readonly (Expectation | NoteExpectation)[]): string {
  if (expectations.length === 0) return ' []';
  const items = expectations.map((one) => {
    const path = `path: [${one.path.map(step).join(', ')}]`;
    return 'msg' in one
      ? `\n    - ${path}\n      msg: ${JSON.stringify(one.msg)}`
      : `\n    - code: ${one.code}\n      ${path}\n      message: ${JSON.stringify(one.message)}`;
  });
  return items.join('');
}

/** A step of a path, quoted where YAML would not read it as the same text. */
function step(part: string | number): string {
  const isPlain = typeof part === 'number' || /^[A-Za-z][\w./-]*$/.test(part);
  return isPlain && !RESERVED.test(String(part)) ? String(part) : JSON.stringify(part);
}

const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n)$/i;
