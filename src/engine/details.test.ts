import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EngineError } from '../errors.ts';
import { readFix, readRelated } from './details.ts';

const FIX = {
  title: 'Set minAvailable to 1.',
  safe: true,
  edits: [
    { op: 'remove', path: ['spec', 'tolerations', 0] },
    { op: 'set', path: ['spec', 'minAvailable'], value: 1 },
    { op: 'add', path: ['spec', 'nodeSelector'], value: { a: null } },
  ],
};
const RELATED = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  namespace: null,
  name: 'web',
  path: ['spec', 'minAvailable'],
  says: 'minAvailable 1',
};

test('a fix and related objects are read as the policies give them', () => {
  assert.deepEqual(readFix({ fix: FIX }), FIX);
  assert.deepEqual(readRelated({ related: [RELATED] }), [RELATED]);
});

describe('what is not complete is an error', () => {
  for (const [what, read] of [
    ['no fix', () => readFix({})],
    ['no related objects', () => readRelated({})],
    ['a fix without a title', () => readFix({ fix: { safe: true, edits: [] } })],
    ['a fix without edits', () => readFix({ fix: { title: 'a', safe: true } })],
    ['another operation', () => readFix({ fix: { ...FIX, edits: [{ op: 'move', path: [] }] } })],
    [
      'an edit without a value',
      () => readFix({ fix: { ...FIX, edits: [{ op: 'set', path: [] }] } }),
    ],
    ['a related object without a path', () => readRelated({ related: [{ ...RELATED, path: 1 }] })],
  ] as const) {
    test(what, () => {
      assert.throws(read, EngineError);
    });
  }
});
