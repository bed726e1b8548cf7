import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excerpt } from './excerpt.ts';
import { painter } from './paint.ts';

const long = 'x'.repeat(300);
const LOOK = { paint: painter(false), width: 105 };
const SPOT = { line: 1, column: 1, endLine: null, endColumn: null, style: 'error' } as const;

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
    name: 'a line of a source is no command of a log',
    lines: ['a: b ##[stop-commands]c'],
    at: [1, 4],
    expect: ['1 | a: b ##\\x5bstop-commands]c', '  |    ^'],
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
    assert.deepEqual(excerpt(lines, { ...SPOT, line, column }, LOOK), expect);
  });
}

const underlined: readonly {
  readonly name: string;
  readonly line: string;
  readonly column: number;
  readonly end: readonly [number, number];
  readonly expect: string;
}[] = [
  {
    name: 'a whole value is underlined',
    line: 'key: value # why',
    column: 6,
    end: [1, 11],
    expect: '  |      ^^^^^',
  },
  {
    name: 'of a value of several lines the first is underlined to its end',
    line: '- key: a  ',
    column: 3,
    end: [4, 2],
    expect: '  |   ^^^^^^',
  },
  {
    name: 'an empty value has one mark',
    line: 'key:',
    column: 5,
    end: [1, 5],
    expect: '  |     ^',
  },
  {
    name: 'a tab, an escape and a wide character are underlined in their whole width',
    line: 'a: \t\u0007名b',
    column: 4,
    end: [1, 8],
    expect: '  |    ^^^^^^^^',
  },
];

for (const { name, line, column, end, expect } of underlined) {
  test(name, () => {
    const [endLine, endColumn] = end;
    const spot = { ...SPOT, column, endLine, endColumn };
    assert.equal(excerpt([line], spot, LOOK)[1], expect);
  });
}

test('an underline does not pass the width of the page', () => {
  const spot = { ...SPOT, column: 3, endLine: 1, endColumn: 301 };
  for (const line of excerpt([long], spot, { ...LOOK, width: 80 })) {
    assert.ok(line.length <= 80, line);
  }
});

test('of a line of megabytes only the part around the value is shown', () => {
  const line = 'a'.repeat(20_000_000);
  const [, marks = ''] = excerpt([line], { ...SPOT, column: 10_000_000 }, LOOK);
  assert.equal(marks, `  | ${' '.repeat(51)}^`);
});
