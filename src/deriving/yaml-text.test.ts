import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { comment, scalar } from './yaml-text.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('\n', '\r', '\u0085', '\u2028', '#', ':', ' ', '-', '"', 'a'),
  }),
  fc.constantFrom('null', 'true', '1.31', '0o7', '<<', '~', '---', '{}', '\ufeffa', 'no'),
);

test('a comment never ends before its line', () => {
  fc.assert(
    fc.property(text, (value) => {
      const line = comment(value);
      assert.doesNotMatch(line, /[\n\r\u0085\u2028\u2029]/);
      assert.deepEqual(parse(`a: 1 ${line}\n${line}\nb: 2\n`), { a: 1, b: 2 });
    }),
  );
});

test('a scalar is one line, and is read as what was written', () => {
  fc.assert(
    fc.property(text, (value) => {
      const line = scalar(value);
      assert.doesNotMatch(line, /[\n\r\u0085\u2028\u2029]/);
      assert.deepEqual(parse(`a: ${line} # b\nc:\n  - ${line}\n`), { a: value, c: [value] });
    }),
  );
});
