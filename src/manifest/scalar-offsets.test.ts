import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ReadingError } from '../goyaml/reading-error.ts';
import { parseChunk } from './parse.ts';
import { scalarOffsets } from './scalar-offsets.ts';
import { nodeAt } from './spans.ts';

/** Where the characters of the value of `a` are. */
function offsetsIn(text: string, isJson = false) {
  const read = parseChunk({ text, start: 0, line: 1, column: 1, isJson });
  assert.ok(!(read instanceof ReadingError) && read.root !== undefined, JSON.stringify(text));
  const node = nodeAt(read.root, ['a']);
  assert.ok(node !== undefined && typeof node.value === 'string');
  return { value: node.value, offsets: scalarOffsets(text, node) };
}

/** Each character of the value after what is written at its place, as `n\n` for a line break that is escaped. */
function pieces(text: string, isJson = false): readonly string[] | undefined {
  const { value, offsets } = offsetsIn(text, isJson);
  return offsets
    ?.slice(0, -1)
    .map((at, index) => `${value[index]}${text.slice(at, offsets[index + 1])}`);
}

describe('where the characters of a scalar are', () => {
  for (const [name, text, expected] of [
    ['plain', 'a: bc', ['bb', 'cc']],
    ['in single quotes', "a: 'b''c'", ['bb', "'''", 'cc']],
    [
      'in double quotes',
      'a: "b\\nc\\u0041\\x42\\""',
      ['bb', '\n\\n', 'cc', 'A\\u0041', 'B\\x42', '"\\"'],
    ],
    ['in a literal block', 'a: |\n  b\n   c\n', ['bb', '\n\n  ', '  ', 'cc', '\n\n']],
    ['in one with CRLF', 'a: |\r\n  b\r\n  c\r\n', ['bb', '\n\r\n  ', 'cc', '\n\r\n']],
    ['in one without a last line break', 'a: |-\n  b\n', ['bb']],
    [
      'in one with a comment and empty lines',
      'a: | # x\n\n  b\n\n  c\n',
      ['\n\n  ', 'bb', '\n\n', '\n\n  ', 'cc', '\n\n'],
    ],
    ['in one with an indentation of its own', 'a: |1\n  b\n', ['  ', 'bb', '\n\n']],
    ['in one that is tagged', 'a: !!str |\n  b\n', ['bb', '\n\n']],
    ['in one whose lines end is the end', 'a: |\n  b', ['bb', '\n']],
  ] as const) {
    test(name, () => assert.deepEqual(pieces(text), expected));
  }

  for (const [name, text] of [
    ['in a folded block', 'a: >\n  b\n  c\n'],
    ['plain, on two lines', 'a: b\n  c\n'],
    ['in double quotes, on two lines', 'a: "b\n  c"\n'],
    ['in single quotes, on two lines', "a: 'b\n  c'\n"],
  ] as const) {
    test(`are not known ${name}`, () => assert.equal(pieces(text), undefined));
  }

  test('in JSON', () => {
    assert.deepEqual(pieces('{"a": "b\\/\\ud83d\\ude00"}', true)?.slice(0, 2), ['bb', '/\\/']);
  });

  test('lines of a literal block are found in any text', () => {
    const line = fc.stringMatching(/^[a-z:#"'\\-]{1,8}$/);
    const lines = fc.array(fc.oneof(line, fc.constant('')), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(line, lines, fc.integer({ min: 1, max: 4 }), (first, rest, indentation) => {
        const written = [first, ...rest].join('\n');
        const indented = written.replaceAll(/^(?=.)/gm, ' '.repeat(indentation));
        const text = `a: |\n${indented}\nb: c\n`;
        const { value, offsets } = offsetsIn(text);
        assert.equal(offsets?.length, value.length + 1);
        for (const [index, character] of [...value].entries()) {
          assert.equal(text[offsets?.[index] ?? -1], character);
        }
      }),
    );
  });
});
