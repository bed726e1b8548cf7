import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtBulkhead } from '../test/support/bulkhead.ts';
import { explain } from './explain.ts';

const bulkhead = builtBulkhead();
const ids = bulkhead.catalogue.policies.map(({ id }) => id);
const isShort = (line: string) => line.length <= 60 || !line.trimStart().includes(' ');

test('the summary of a policy fits the width and one screen', () => {
  for (const id of ids) {
    const lines = explain(bulkhead, id, { form: 'summary', width: 80 }).split('\n');
    assert.ok(lines.length <= 24, `${id} has ${lines.length} lines`);
    const narrow = explain(bulkhead, id, { form: 'summary', width: 60 }).split('\n');
    // The first line is a title and the last one a command, and links are not cut.
    const prose = narrow.slice(1, -2).filter((line) => !line.includes('://'));
    assert.deepEqual(
      prose.filter((line) => !isShort(line)),
      [],
    );
  }
});

test('the examples of a policy follow its summary, without marks of Markdown', () => {
  for (const id of ids) {
    const text = explain(bulkhead, id, { form: 'examples', width: 80 });
    const [summary = ''] = explain(bulkhead, id, { form: 'summary', width: 80 }).split(
      '\n\nExamples:',
    );
    assert.ok(text.startsWith(`${summary}\n\n`));
    assert.match(text, /^ {4}apiVersion: /m);
    assert.match(text, /^No finding\.$/m);
    assert.doesNotMatch(text, /^(?:#|```)/m);
  }
});

test('the Markdown of a policy is its page', () => {
  for (const id of ids) {
    assert.equal(explain(bulkhead, id, { form: 'markdown', width: 20 }), bulkhead.pages()[id]);
  }
});

for (const [id, message] of [
  ['off-role', 'unknown policy: off-role; did you mean off-role-placement?'],
  ['stuck-rolout', 'unknown policy: stuck-rolout; did you mean stuck-rollout?'],
  ['wrong', 'unknown policy: wrong; did you mean wrong-replica-count or wrong-workload-kind?'],
  ['zzz', 'unknown policy: zzz; bulkhead explain lists them'],
] as const) {
  test(`an unknown policy is an error with near misses: ${id}`, () => {
    assert.throws(() => explain(bulkhead, id, { form: 'summary', width: 80 }), {
      code: 'POLICY_UNKNOWN',
      message,
    });
  });
}
