import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excerpt } from './excerpt.ts';
import { painter } from './paint.ts';

const long = 'x'.repeat(300);

const cases: readonly {
  readonly name: string;
  readonly lines: readonly string[];
  readonly at: readonly [number, number];
  readonly expect: readonly string[];
}[] = [
  {
    name: 'a caret stands under a column that follows tabs',
    lines: ['\ta:\tb'],
    at: [1, 5],
    expect: ['1 |     a:  b', '  |         ^'],
  },
  {
    name: 'a caret stands under a column that follows wide and combining characters',
    lines: ['名e\u0301: x'],
    at: [1, 6],
    expect: ['1 | 名e\u0301: x', '  |      ^'],
  },
  {
    name: 'a caret stands under a column that follows a character shown as an escape',
    lines: ['\u0007: x'],
    at: [1, 4],
    expect: ['1 | \\x07: x', '  |       ^'],
  },
  {
    name: 'blank lines and separators of documents are not shown around a line',
    lines: ['---', 'a: 1', '  ', 'b: 2'],
    at: [2, 1],
    expect: ['2 | a: 1', '  | ^'],
  },
  {
    name: 'line numbers are aligned across a power of ten',
    lines: ['', '', '', '', '', '', '', 'a', 'b', 'c'],
    at: [9, 1],
    expect: [' 8 | a', ' 9 | b', '   | ^', '10 | c'],
  },
  {
    name: 'a wide line is cut after the width of a page',
    lines: [long],
    at: [1, 2],
    expect: [`1 | ${'x'.repeat(100)}…`, '  |  ^'],
  },
  {
    name: 'a wide line is cut on both sides of its caret',
    lines: [`${long}y${long}`],
    at: [1, 301],
    expect: [`1 | …${'x'.repeat(50)}y${'x'.repeat(48)}…`, `  | ${' '.repeat(51)}^`],
  },
  {
    name: 'a cut does not halve a character of two code units',
    lines: [`${'😀'.repeat(100)}zy`],
    at: [1, 202],
    expect: [`1 | …${'😀'.repeat(24)}zy`, `  | ${' '.repeat(50)}^`],
  },
  {
    name: 'a column past the end of its line puts the caret after the line',
    lines: ['ab'],
    at: [1, 9],
    expect: ['1 | ab', '  |   ^'],
  },
  { name: 'nothing is quoted of a line that is not there', lines: ['a'], at: [2, 1], expect: [] },
];

for (const { name, lines, at, expect } of cases) {
  test(name, () => {
    const [line, column] = at;
    assert.deepEqual(excerpt(lines, { line, column, style: 'error' }, painter(false)), expect);
  });
}

test('a line of megabytes is quoted without being read through', () => {
  const line = 'a'.repeat(20_000_000);
  const started = performance.now();
  for (let column = 1; column < 1000; column += 1) {
    excerpt([line], { line: 1, column: column * 20_000, style: 'error' }, painter(false));
  }
  assert.ok(performance.now() - started < 5000);
});
