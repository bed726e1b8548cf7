import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf } from '../../test/support/bulkhead.ts';
import { bytesOf, compareReading, type ReadingCase } from '../../test/support/reading.ts';

// What is read here against what Kubernetes' own code read, as stored in testdata/reading/cases.json;
// `make parity` holds the stored answers against that code, and adds mutants.

const topics = JSON.parse(textOf('testdata/reading/cases.json')) as Record<
  string,
  readonly ReadingCase[]
>;
const refusals = refusalsOf(textOf('docs/manifests.md'));
const met = new Set<RegExp>();

for (const [topic, cases] of Object.entries(topics)) {
  test(`${topic} are read as Kubernetes reads them: ${cases.length} cases`, () => {
    for (const row of cases) {
      const { verdict, reasons } = compareReading(bytesOf(row), row.kubernetes);
      const said = `${verdict}: ${JSON.stringify(row)}`;
      assert.ok(verdict !== 'different' && verdict !== 'read here', said);
      if (verdict === 'refused here') assert.ok(reasons.every(isDocumented), said);
    }
  });
}

test('every refusal of what Kubernetes reads is documented, and every documented one occurs', () => {
  const bounds = refusals.filter(({ source }) => /nests deeper|aliases repeat/.test(source));
  assert.equal(bounds.length, 2);
  const missing = refusals.filter((refusal) => !met.has(refusal) && !bounds.includes(refusal));
  assert.deepEqual(missing, []);
});

test('keys of which Kubernetes keeps either are refused', () => {
  const rows = topics['keys of which Kubernetes keeps either'] ?? [];
  assert.ok(rows.length > 0);
  for (const row of rows) {
    assert.equal(compareReading(bytesOf(row), row.kubernetes).verdict, 'refused here');
  }
});

function isDocumented(reason: string): boolean {
  const documented = refusals.filter((refusal) => refusal.test(reason));
  for (const refusal of documented) met.add(refusal);
  return documented.length > 0;
}

/** The messages that the table of refusals lists; … stands for what differs. */
function refusalsOf(page: string): readonly RegExp[] {
  const [, table = ''] = page.split('## What is refused');
  return [...table.matchAll(/^\| (?!message|-)(.+?) \|/gm)].map(
    ([, message = '']) =>
      new RegExp(message.replaceAll(/[()\\.|+]/g, '\\$&').replaceAll('…', '.*')),
  );
}
