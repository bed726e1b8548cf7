import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf } from '../../test/support/bulkhead.ts';
import { bytesOf, compareReading, type ReadingCase } from '../../test/support/reading.ts';

// Compares the reader with what Kubernetes' own code read, as stored in testdata/reading/cases.json.
// test/reading compares the stored answers with that code, and adds mutants.

const topics = JSON.parse(textOf('testdata/reading/cases.json')) as Record<
  string,
  readonly ReadingCase[]
>;
const rejections = rejectionsOf(textOf('docs/manifests.md'));
const met = new Set<RegExp>();

for (const [topic, cases] of Object.entries(topics)) {
  test(`${topic} are read as Kubernetes reads them: ${cases.length} cases`, () => {
    for (const row of cases) {
      const { verdict, reasons } = compareReading(bytesOf(row), row.kubernetes);
      const details = `${verdict}: ${JSON.stringify(row)}`;
      assert.ok(verdict !== 'different' && verdict !== 'read here', details);
      if (verdict === 'rejected here') assert.ok(reasons.every(isDocumented), details);
    }
  });
}

test('everything rejected that Kubernetes reads is documented, and occurs', () => {
  const bounds = rejections.filter(({ source }) => /nested deeper|aliases expand/.test(source));
  assert.equal(bounds.length, 2);
  const missing = rejections.filter(
    (rejection) => !met.has(rejection) && !bounds.includes(rejection),
  );
  assert.deepEqual(missing, []);
});

test('keys of which Kubernetes keeps one at random are rejected', () => {
  const rows = topics['keys of which Kubernetes keeps one at random'] ?? [];
  assert.ok(rows.length > 0);
  for (const row of rows) {
    assert.equal(compareReading(bytesOf(row), row.kubernetes).verdict, 'rejected here');
  }
});

function isDocumented(reason: string): boolean {
  const documented = rejections.filter((rejection) => rejection.test(reason));
  for (const rejection of documented) met.add(rejection);
  return documented.length > 0;
}

/** The messages that docs/manifests.md lists; … matches any text. */
function rejectionsOf(page: string): readonly RegExp[] {
  const [, table = ''] = page.split('## What is rejected');
  return [...table.matchAll(/^\| (?!message|-)(.+?) \|/gm)].map(
    ([, message = '']) =>
      new RegExp(message.replaceAll(/[()\\.|+]/g, '\\$&').replaceAll('…', '.*')),
  );
}
