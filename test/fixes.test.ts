import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Case, readCases } from '../scripts/cases.ts';
import type { Violation } from '../src/engine/engine.ts';
import type { JsonObject } from '../src/kubernetes/json.ts';
import { identityOf, reference } from '../src/kubernetes/objects.ts';
import { pathText } from '../src/report/paths.ts';
import type { Edit } from '../src/report/report.ts';
import { openSession } from '../src/session.ts';
import { builtBulkhead, textOf } from './support/bulkhead.ts';
import { assertGolden } from './support/golden.ts';

// Every fix of every row of every cases.yaml: its title is that of the golden page, and its edits remove the
// finding.

const bulkhead = builtBulkhead();
const base = textOf('profiles/tectonic-1.6.4/profile.yaml');

for (const { id } of bulkhead.catalogue.policies) {
  const file = `policies/${id}/cases.yaml`;
  const rows = readCases(file, textOf(file), base).filter(({ expect }) => expect.length > 0);
  describe(id, () => {
    test('each finding has a fix of its own', () => {
      assertGolden(`testdata/fixes/${id}.txt`, rows.map((row) => fixesOf(id, row)).join('\n'));
    });
    for (const row of rows) {
      for (const { message, fix } of violations(id, row, row.object)) {
        if (fix.edits.length === 0) continue;
        test(`${row.name}: ${fix.title}`, () => {
          const left = violations(id, row, applied(row.object, fix.edits));
          assert.ok(!left.some((violation) => violation.message === message));
        });
      }
    }
  });
}

/** The fixes of a row, each on a line: its title and its edits. */
function fixesOf(id: string, row: Case): string {
  const lines = violations(id, row, row.object).map(({ fix: { title, safe, edits } }) =>
    [
      `  ${title}`,
      ...edits.map((edit) => `    ${safe ? 'safe' : 'unsafe'} ${editText(edit)}`),
    ].join('\n'),
  );
  return `${row.name}\n${[...new Set(lines)].sort().join('\n')}\n`;
}

function editText(edit: Edit): string {
  const value = edit.op === 'remove' ? '' : ` = ${JSON.stringify(edit.value)}`;
  return `${edit.op} ${pathText(edit.path)}${value}`;
}

function violations(id: string, row: Case, object: JsonObject): readonly Violation[] {
  const own = identityOf(reference(object));
  const others = row.inventory.filter((other) => identityOf(reference(other)) !== own);
  const { engine } = openSession(bulkhead, row.profile, [...others, object]);
  return engine.evaluate(object, [id], row.request).violations;
}

/** A copy of the object with the edits. The path of each must exist or, for `add`, must not exist. */
function applied(object: JsonObject, edits: readonly Edit[]): JsonObject {
  const copy: JsonObject = structuredClone(object);
  for (const edit of edits) {
    const holder = edit.path.slice(0, -1).reduce<unknown>((at, step) => property(at, step), copy);
    const key = edit.path.at(-1) ?? '';
    assert.ok(typeof holder === 'object' && holder !== null);
    assert.equal(key in holder, edit.op !== 'add', `${edit.op} ${edit.path.join('.')}`);
    if (edit.op !== 'remove') Reflect.set(holder, key, edit.value);
    else if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else Reflect.deleteProperty(holder, key);
  }
  return copy;
}

function property(holder: unknown, key: string | number): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, key) : undefined;
}
