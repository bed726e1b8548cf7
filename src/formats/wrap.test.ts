import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { widthOf } from './text.ts';
import { wrap } from './wrap.ts';

const BARE = { first: '', rest: '' };

test('a text that fits stays on one line', () => {
  assert.deepEqual(wrap('one two', { width: 7, ...BARE }), ['one two']);
});

test('a text that does not fit is broken at a space', () => {
  assert.deepEqual(wrap('one two three', { width: 7, first: 'fix: ', rest: '     ' }), [
    'fix: one',
    '     two',
    '     three',
  ]);
});

test('a word that is wider than the line stays whole', () => {
  assert.deepEqual(wrap('a node-role.kubernetes.io/master b', { width: 10, ...BARE }), [
    'a',
    'node-role.kubernetes.io/master',
    'b',
  ]);
});

test('a text that was folded is one paragraph, and nothing is no line', () => {
  assert.deepEqual(wrap(' one\n  two\t', { width: 20, ...BARE }), ['one two']);
  assert.deepEqual(wrap(' \n', { width: 20, ...BARE }), []);
});

test('a wide character counts as two columns, and an escape is shown', () => {
  assert.deepEqual(wrap('豆腐 豆腐', { width: 8, ...BARE }), ['豆腐', '豆腐']);
  assert.deepEqual(wrap('a\u001bb', { width: 80, ...BARE }), ['a\\x1bb']);
});

test('no line is wider than the width unless it is one word, and no word is lost', () => {
  const words = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }));
  fc.assert(
    fc.property(words, fc.integer({ min: 1, max: 120 }), fc.nat(10), (given, width, indent) => {
      const rest = ' '.repeat(indent);
      const lines = wrap(given.join(' '), { width, first: rest, rest });
      for (const line of lines) {
        assert.ok(widthOf(line) <= width || !line.trim().includes(' '), line);
      }
      const again = lines.map((line) => line.slice(indent)).join(' ');
      assert.deepEqual(
        lines.length === 0 ? [] : [again],
        wrap(given.join(' '), { width: 1e9, ...BARE }),
      );
    }),
  );
});
