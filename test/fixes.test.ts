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
import { applied } from './support/edits.ts';
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
