import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Path } from '../errors.ts';
import { pathIn, pathText } from './paths.ts';

describe('the text of a path', () => {
  for (const [path, text] of [
    [['spec', 'tolerations', 0, 'key'], 'spec.tolerations[0].key'],
    [['metadata', 'labels', 'a/b'], 'metadata.labels["a/b"]'],
    [['items', '*'], 'items[*]'],
    [['a"b'], '["a\\"b"]'],
    [['', 'x'], '[""].x'],
  ] as const) {
    test(text, () => {
      assert.equal(pathText(path), text);
      assert.deepEqual(pathIn(text), path);
    });
  }
});

test('reading and writing are inverse', () => {
  const step = fc.oneof(fc.string(), fc.nat(999), fc.constant('*'), fc.constantFrom('spec', 'a-b'));
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (path: Path) => {
      assert.deepEqual(pathIn(pathText(path)), path);
    }),
  );
});

describe('no path is', () => {
  for (const text of [
    '',
    '.',
    'a.',
    '.a',
    'a..b',
    'a[',
    'a[]',
    'a[-1]',
    'a[x]',
    'a b',
    '[" ]',
    '["\\x"',
  ]) {
    test(JSON.stringify(text), () => assert.equal(pathIn(text), undefined));
  }
});
