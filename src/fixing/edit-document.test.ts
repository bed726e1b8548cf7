import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { JsonValue } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';
import { readManifest } from '../manifest/read.ts';
import { valueAt } from '../rendered/counterpart.ts';
import type { Edit } from '../report/report.ts';
import { editDocument } from './edit-document.ts';
import { edited } from './text-edit.ts';
import { withEdit } from './values.ts';

/** The text with edits; undefined if there is no way to make them. */
function made(text: string, ...edits: readonly Edit[]): string | undefined {
  const [document] = readManifest('a.yaml', new TextEncoder().encode(text)).documents;
  assert.ok(document);
  const found = editDocument(document, [], edits);
  const { start, text: own } = document.chunk;
  const rest = text.slice(start + own.length);
  return found && text.slice(0, start) + found.texts.reduce(edited, own) + rest;
}

const remove = (...path: Edit['path']): Edit => ({ op: 'remove', path });
const set = (value: JsonValue, ...path: Edit['path']): Edit => ({ op: 'set', path, value });
const add = (value: JsonValue, ...path: Edit['path']): Edit => ({ op: 'add', path, value });

describe('an edit of a text', () => {
  const cases: readonly (readonly [string, string, Edit, string | undefined])[] = [
    ['replaces a scalar before its comment', 'a: 1 # one\n', set(2, 'a'), 'a: 2 # one\n'],
    ['keeps the quotes of a string', "a: 'x'\n", set('y', 'a'), "a: 'y'\n"],
    ['quotes what is no string otherwise', 'a: x\n', set('yes', 'a'), 'a: "yes"\n'],
    ['fills a key without a value', 'a:\nb: 1\n', set(2, 'a'), 'a: 2\nb: 1\n'],
    ['fills an item without a value', 'a:\n  -\n  - 1\n', set(2, 'a', 0), 'a:\n  - 2\n  - 1\n'],
    [
      'keeps the comment of an empty list on its line',
      'a: [] # none\nb: 1\n',
      set([{ c: 1, d: 2 }], 'a'),
      'a: # none\n  - c: 1\n    d: 2\nb: 1\n',
    ],
    [
      'fills an empty item',
      'a:\n- {}\n- b: 1\n',
      set({ c: 1, d: { e: 2 } }, 'a', 0),
      'a:\n- c: 1\n  d:\n    e: 2\n- b: 1\n',
    ],
    ['adds to an empty map', 'a: {}\n', add(1, 'a', 'b'), 'a:\n  b: 1\n'],
    ['adds to an empty map of JSON', '{"a": {}}', add(1, 'a', 'b'), '{"a": {"b": 1}}'],
    ['adds a key in its place', 'a: 1\nc: 3\n', add(2, 'b'), 'a: 1\nb: 2\nc: 3\n'],
    ['adds a key before all', 'b: 2\nc: 3\n', add(1, 'a'), 'a: 1\nb: 2\nc: 3\n'],
    [
      'adds a key at the end of what is not sorted',
      'c: 3\nb: 2\n',
      add(1, 'a'),
      'c: 3\nb: 2\na: 1\n',
    ],
    [
      'adds no key between a comment and what it is about',
      '# about b\nb: 2\nc: 3\n',
      add(1, 'a'),
      '# about b\nb: 2\na: 1\nc: 3\n',
    ],
    [
      'adds a key below the dash of an item',
      'a:\n  - b: 2\n    c: 3\n',
      add(1, 'a', 0, 'a'),
      'a:\n  - b: 2\n    a: 1\n    c: 3\n',
    ],
    ['adds after a text in a block', 'a: |\n  text\n\n', add(1, 'b'), 'a: |\n  text\nb: 1\n\n'],
    [
      'adds after a text in a block that keeps empty lines',
      'a: |+\n  text\n\n',
      add(1, 'b'),
      'a: |+\n  text\n\nb: 1\n',
    ],
    ['adds to a text without a line break at its end', 'a: 1', add(2, 'b'), 'a: 1\nb: 2'],
    ['removes the last line without a line break', 'a: 1\nb: 2', remove('b'), 'a: 1'],
    [
      'moves the next key up to the dash',
      'a:\n  - b: 1\n    c: 2\n',
      remove('a', 0, 'b'),
      'a:\n  - c: 2\n',
    ],
    [
      'removes no comment of the next key',
      'a:\n  - b: 1\n    # about c\n    c: 2\n',
      remove('a', 0, 'b'),
      undefined,
    ],
    ['leaves an empty map', 'a:\n  b: 1\nc: 2\n', remove('a', 'b'), 'a: {}\nc: 2\n'],
    ['removes the key of the last item', 'a:\n  - 1\nb: 2\n', remove('a', 0), 'b: 2\n'],
    ['removes the first item of a flow', 'a: [1, 2, 3]\n', remove('a', 0), 'a: [2, 3]\n'],
    ['removes the last item of a flow', 'a: [1, 2, 3, ]\n', remove('a', 2), 'a: [1, 2, ]\n'],
    [
      'removes an item of JSON with its line',
      '{\n  "a": [\n    1,\n    2\n  ]\n}\n',
      remove('a', 1),
      '{\n  "a": [\n    1\n  ]\n}\n',
    ],
    [
      'removes an item whose dash is on its own line',
      'a:\n  -\n    b: 1\n  - c\n',
      remove('a', 0),
      'a:\n  - c\n',
    ],
    [
      'leaves the comment above an item',
      'a:\n# all\n- 1\n- 2\n',
      remove('a', 0),
      'a:\n# all\n- 2\n',
    ],
    ['adds to a flow with a comma at its end', 'a: [1,]\n', add(2, 'a', 1), 'a: [1, 2]\n'],
    [
      'adds to compact JSON',
      '{"a":[1,{"b":2}]}',
      add({ c: 'd' }, 'a', 2),
      '{"a":[1,{"b":2},{"c":"d"}]}',
    ],
    // What is written elsewhere, or counts elsewhere too.
    ['not of an alias', 'a: &x 1\nb: *x\n', set(2, 'b'), undefined],
    ['not behind an alias', 'a: &x {c: 1}\nb: *x\n', set(2, 'b', 'c'), undefined],
    ['not of what an alias repeats', 'a: &x\n  c: 1\nb: *x\n', set(2, 'a', 'c'), undefined],
    ['not of an item that is an alias', 'a: [&x {c: 1}, *x]\n', set(2, 'a', 1, 'c'), undefined],
    ['not of what a merge adds', 'a: &x {c: 1}\nb: {<<: *x}\n', set(2, 'b', 'c'), undefined],
    [
      'not of what a merge replaces',
      'a: &x {c: 1}\nb: {c: 0, <<: *x}\n',
      set(2, 'b', 'c'),
      undefined,
    ],
    ['not of a value with a tag', 'a: !!str 1\n', set('2', 'a'), undefined],
    ['not of a text in a block', 'a: |\n  x\n', set('y', 'a'), undefined],
    ['not of a map that has something', 'a: {b: 1}\n', set(1, 'a'), undefined],
    ['not of a document with a key twice', 'a: 1\na: 2\n', set(3, 'a'), undefined],
    ['not at a break that editors do not know', 'a: 1\u2028b: 2\n', set(3, 'b'), undefined],
    ['not of a key that is marked', '? a\n: 1\n? b\n: 2\n', remove('b'), undefined],
    ['not of all of a document', 'a: 1\n', remove('a'), undefined],
    ['not of what is missing', 'a: 1\n', set(1, 'b'), undefined],
    ['not of an item that is missing', 'a: [1]\n', set(1, 'a', 1), undefined],
    ['not of a comment within a flow', 'a: [1, # one\n  2]\n', remove('a', 0), undefined],
    ['not behind a comment within a flow', 'a: [\n  1 # one\n]\n', add(2, 'a', 1), undefined],
  ];
  for (const [name, text, edit, expected] of cases) {
    test(name, () => {
      assert.equal(made(text, edit), expected);
      if (!text.includes('\n')) return;
      const crlf = made(text.replaceAll('\n', '\r\n'), edit);
      assert.equal(crlf, expected?.replaceAll('\n', '\r\n'), 'with CRLF');
    });
  }

  test('removes the last lines with the line break above them, which may differ from the others', () => {
    assert.equal(made('a: 1\r\nb: 2 # two!\nc: 3', remove('c')), 'a: 1\r\nb: 2 # two!');
    assert.equal(made('a: 1\nb: 2\r\nc: 3', remove('c')), 'a: 1\nb: 2');
  });

  test('counts on those before it', () => {
    assert.equal(
      made('a: [1, 2]\nb: 3\n', remove('a', 0), set(4, 'a', 0), remove('b')),
      'a: [4]\n',
    );
    assert.equal(made('a: 1\n', set(2, 'a'), set(3, 'b')), undefined);
  });
});

/** How the generated texts are written, one number after the other. */
interface Choice {
  readonly pick: (count: number) => number;
}

/** Lines of a value in a block. */
function blockOf(value: JsonValue, choice: Choice): readonly string[] {
  const comment = () => (choice.pick(4) === 0 ? ' # c' : '');
  const above = () => (choice.pick(6) === 0 ? ['# above'] : []);
  const nested = (head: string, item: JsonValue, least: number): readonly string[] => {
    if (
      typeof item !== 'object' ||
      item === null ||
      Object.keys(item).length === 0 ||
      choice.pick(5) === 0
    ) {
      return [`${head} ${flowOf(item, choice)}${comment()}`];
    }
    const indent = ' '.repeat(least + choice.pick(4));
    return [`${head}${comment()}`, ...blockOf(item, choice).map((line) => indent + line)];
  };
  if (Array.isArray(value)) {
    return value.flatMap((item: JsonValue) => {
      const isBlock = isMap(item) && Object.keys(item).length > 0 && choice.pick(3) > 0;
      if (!isBlock) return [...above(), ...nested('-', item, 1)];
      const lines = blockOf(item, choice);
      // A comment behind the dash would be on the line of the first key.
      if (lines[0]?.startsWith('#')) return [...above(), '-', ...lines.map((line) => `  ${line}`)];
      return [...above(), ...lines.map((line, index) => `${index === 0 ? '- ' : '  '}${line}`)];
    });
  }
  if (!isMap(value)) return [flowOf(value, choice)];
  return Object.entries(value).flatMap(([key, item]) => [
    ...above(),
    ...nested(`${stringOf(key, choice)}:`, item, Array.isArray(item) ? 0 : 1),
  ]);
}

function flowOf(value: JsonValue, choice: Choice): string {
  const space = ' '.repeat(choice.pick(2));
  if (Array.isArray(value)) {
    return `[${space}${value.map((item) => flowOf(item, choice)).join(`,${space}`)}${space}]`;
  }
  if (isMap(value)) {
    const pairs = Object.entries(value).map(
      ([key, item]) => `${stringOf(key, choice)}: ${flowOf(item, choice)}`,
    );
    return `{${space}${pairs.join(`,${space}`)}${space}}`;
  }
  return typeof value === 'string' ? stringOf(value, choice) : JSON.stringify(value);
}

function stringOf(text: string, choice: Choice): string {
  const isPlain = /^[a-z][a-z/.]*$/.test(text) && !/^(?:yes|on|y|n|true|null)$/.test(text);
  if (isPlain && choice.pick(3) > 0) return text;
  return choice.pick(2) === 0 && !text.includes("'") ? `'${text}'` : JSON.stringify(text);
}

const KEYS = [
  'a',
  'spec',
  'b/c.d',
  'yes',
  'on',
  '1',
  'ключ',
  '🔑',
  'a b',
  '#',
  ': ',
  '__proto__',
  '',
];
const scalar = fc.oneof(
  fc.constantFrom<JsonValue>(
    null,
    true,
    0,
    12,
    -1,
    'x',
    '',
    'yes',
    '1',
    'null',
    'é🔑',
    '- a',
    '#',
    ': ',
    "it's",
    '~',
    '{',
    'a: b',
  ),
);
const { value: anyValue } = fc.letrec<{ value: JsonValue; map: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    tie('map'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
  map: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...KEYS), tie('value')), {
      maxLength: 4,
      selector: ([key]) => key,
    })
    .map((pairs) => Object.fromEntries(pairs)),
}));
const root = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...KEYS), anyValue), {
    minLength: 1,
    maxLength: 4,
    selector: ([key]) => key,
  })
  .map((pairs) => Object.fromEntries(pairs));

/** Every edit of one kind or another that is possible in a value. */
function editsOf(value: JsonValue, other: JsonValue, path: Edit['path'] = []): readonly Edit[] {
  const own: Edit[] = path.length === 0 ? [] : [remove(...path)];
  const isFlat = typeof value !== 'object' || value === null;
  if (path.length > 0 && (isFlat || Object.keys(value).length === 0)) own.push(set(other, ...path));
  if (Array.isArray(value)) {
    return [
      ...own,
      add(other, ...path, value.length),
      ...value.flatMap((item, index) => editsOf(item, other, [...path, index])),
    ];
  }
  if (!isMap(value)) return own;
  return [
    ...own,
    ...KEYS.slice(0, 3)
      .filter((key) => !Object.hasOwn(value, key))
      .map((key) => add(other, ...path, key)),
    ...Object.entries(value).flatMap(([key, item]) => editsOf(item, other, [...path, key])),
  ];
}

test('an edit of a generated text does what it says to another reader, and keeps comments', () => {
  fc.assert(
    fc.property(
      root,
      anyValue,
      fc.nat(),
      fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 }),
      fc.constantFrom('block', 'flow', 'JSON', 'CRLF'),
      (value, other, which, numbers, style) => {
        let next = 0;
        const choice = { pick: (count: number) => (numbers[next++ % numbers.length] ?? 0) % count };
        const block = () => `${blockOf(value, choice).join('\n')}\n`;
        const text = {
          block,
          CRLF: () => block().replaceAll('\n', '\r\n'),
          flow: () => `${flowOf(value, choice)}\n`,
          JSON: () => JSON.stringify(value, null, choice.pick(5)),
        }[style]();
        const read = (source: string) =>
          parse(source, { version: '1.1', uniqueKeys: true, merge: false });
        if (!isSame(read(text), value)) return; // the writer is not what is tested
        const edits = editsOf(value, other);
        const edit = edits[which % edits.length];
        if (edit === undefined) return;
        const after = made(text, edit);
        if (after === undefined)
          return assert.ok(isWithheld(value, edit), JSON.stringify([text, edit]));
        const result = read(after);
        const expected = withEdit(value, edit);
        const isAsSaid =
          isSame(result, expected) ||
          (edit.op === 'remove' && isSame(result, withoutList(value, edit)));
        assert.ok(isAsSaid, `${text}\n${JSON.stringify(edit)}\n${after}`);
      },
    ),
  );
});

/** Whether an edit has no text: no collection takes the place of a scalar, and no comment or document goes as a whole. */
function isWithheld(value: JsonValue, edit: Edit): boolean {
  if (edit.op === 'remove') return true;
  const old = valueAt(value, edit.path);
  const isNew = typeof edit.value === 'object' && Object.keys(edit.value ?? {}).length > 0;
  return edit.op === 'set' && isNew && old !== null && typeof old !== 'object';
}

/** The value without an item, its list and, if nothing else is there, the map of that as an empty one. */
function withoutList(value: JsonValue, edit: Edit): JsonValue | undefined {
  return withEdit(value, remove(...edit.path.slice(0, -1)));
}

function isSame(a: unknown, b: unknown): boolean {
  try {
    assert.deepStrictEqual(plain(a), plain(b));
    return true;
  } catch {
    return false;
  }
}

function plain(value: unknown): unknown {
  if (value === undefined) return undefined;
  return JSON.parse(JSON.stringify(value), (_, item) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.entries(item).sort()
      : item,
  );
}
