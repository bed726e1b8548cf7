import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Path, Place } from '../errors.ts';
import type { JsonValue } from '../kubernetes/json.ts';
import { createLocator, locate } from './locate.ts';
import { readManifest } from './read.ts';
import { writeYaml } from './yaml.ts';

const documentsOf = (text: string) =>
  readManifest('f.yaml', new TextEncoder().encode(text)).documents;

/** The range of each path of a text's last document, as `line:column-endColumn` within a line. */
function rangesOf(text: string, paths: readonly Path[]): readonly string[] {
  const document = documentsOf(text).at(-1);
  assert.ok(document);
  const place = createLocator();
  return paths.map((path) => {
    const found = place(document, path);
    assert.deepEqual(locate(document, path), found);
    const { line, column, endLine, endColumn } = found;
    return `${line}:${column}-${endLine === line ? '' : `${endLine}:`}${endColumn}`;
  });
}

type Row = readonly [name: string, text: string, ...ranges: (readonly [range: string, ...Path])[]];

const rows: readonly Row[] = [
  ['a scalar is its text', 'a: x\nb:   10 # c', ['1:4-5', 'a'], ['2:6-8', 'b']],
  ['a quoted scalar includes its quotes', "a: \"x\"\nb: 'it''s'", ['1:4-7', 'a'], ['2:4-11', 'b']],
  ['a scalar may be on the line after its key', 'a:\n  x', ['2:3-4', 'a']],
  [
    'a plain scalar of several lines ends with its last word',
    'a: x\n  y z  \n\nb: 1',
    ['1:4-2:6', 'a'],
  ],
  [
    'so does a quoted one, with its quote',
    'a: "x\n\n  y"\nb: \'\n\'',
    ['1:4-3:5', 'a'],
    ['4:4-5:2', 'b'],
  ],
  [
    'a block scalar starts at its indicator and ends before its last line break',
    'a: | # |\n  x\n\n  y\n\n\nb: >-\n  z\n  \n# c\n',
    ['1:4-4:4', 'a'],
    ['7:4-8:4', 'b'],
  ],
  [
    'a block scalar that keeps its blank lines ends before the last of their breaks',
    'a: |+\n  x\n\n\nb: |+\r\n  y\r\n\r\n\r\nc: |+\n  z\n  ',
    ['1:4-4:1', 'a'],
    ['5:4-8:1', 'b'],
    ['9:4-11:3', 'c'],
  ],
  [
    'an empty block scalar is its header, with the blank lines that it keeps',
    'a: |-  # c\nb: |2+\nc: >\n\n\nd: |+\n\n\ne: 1',
    ['1:4-6', 'a'],
    ['2:4-7', 'b'],
    ['3:4-5', 'c'],
    ['6:4-8:1', 'd'],
  ],
  ['an empty value is its key', 'a: 1\nbc:\nc:\n- "d" :', ['2:1-3', 'bc'], ['4:3-6', 'c', 0, 'd']],
  [
    'a mapping or a sequence starts at its key and ends with its last token',
    'a:\n  b:\n    - c # d\n\n  # e\nf:\n- g:\n\n# h\n- # i\n\nj: [ ]',
    ['1:1-3:8', 'a'],
    ['2:3-3:8', 'a', 'b'],
    ['6:1-10:2', 'f'],
    ['7:3-5', 'f', 0],
    ['12:1-7', 'j'],
  ],
  [
    'an item is its value',
    'a:\n- xy\n- b: 1\n  c:\n  - 2\n- [y]\n- - z\n  -',
    ['2:3-5', 'a', 0],
    ['3:3-5:6', 'a', 1],
    ['4:3-5:6', 'a', 1, 'c'],
    ['6:3-6', 'a', 2],
    ['7:3-8:4', 'a', 3],
  ],
  [
    'an empty item is its dash',
    'a:\n-\n- x\n- # -\n-\n- [y]\n-',
    ['2:1-2', 'a', 0],
    ['4:1-2', 'a', 2],
    ['5:1-2', 'a', 3],
    ['7:1-2', 'a', 5],
  ],
  [
    'a tag or an anchor is not part of a value',
    'a: !!str 10\nb: &x\n  c: 1\nd:\n- &y !!map {e: 1}\n- !!str\n  f\n&z g: h',
    ['1:10-12', 'a'],
    ['2:1-3:7', 'b'],
    ['5:12-18', 'd', 0],
    ['7:3-4', 'd', 1],
    ['8:7-8', 'g'],
  ],
  [
    'it is all that there is of an empty value',
    'a: !!str\nb: &xy\nc: &z !!str # d',
    ['1:4-9', 'a'],
    ['2:4-7', 'b'],
    ['3:4-12', 'c'],
  ],
  [
    'a flow collection ends with its bracket',
    'a: {b: [x, "y"], c, d: }\ne: [f: g,\n  {\n} ]',
    ['1:5-16', 'a', 'b'],
    ['1:9-10', 'a', 'b', 0],
    ['1:12-15', 'a', 'b', 1],
    ['1:18-19', 'a', 'c'],
    ['1:21-22', 'a', 'd'],
    ['2:1-4:4', 'e'],
    ['2:5-9', 'e', 0],
    ['3:3-4:2', 'e', 1],
  ],
  [
    'JSON has ranges as well',
    '{"a":1}{"b":\n [2, {"c": 3}], "\\u0064" : "\\ud83d\\ude00"\n}',
    ['1:8-3:2'],
    ['1:9-2:15', 'b'],
    ['2:3-4', 'b', 0],
    ['2:6-14', 'b', 1],
    ['2:12-13', 'b', 1, 'c'],
    ['2:12-13', 'b', 1, 'c', 'x'],
    ['2:6-7', 'b', 1, 'x'],
    ['2:28-42', 'd'],
  ],
  ['the root is the content', '# c\n\n  a: 1\n  b:\n   - 2\n\n# d\n', ['3:3-5:7']],
  ['an empty document is its start', 'a: 1\n---\n# c', ['3:1-1'], ['3:1-1', 'a']],
  [
    'what is missing is the key of its closest ancestor',
    'a:\n  bc: {c: 1}\nd: [x]\ne: y\n"f":\n',
    ['2:3-5', 'a', 'bc', 'z', 'y'],
    ['1:1-2', 'a', 'z'],
    ['3:1-2', 'd', 1],
    ['3:1-2', 'd', 'x'],
    ['5:1-4', 'f', 'z'],
  ],
  [
    'what is missing in a scalar is the scalar',
    'a: xy\nb: [z]',
    ['1:4-6', 'a', 'z'],
    ['2:5-6', 'b', 0, 0],
  ],
  [
    'what is missing in a document or an item is its first key, dash or bracket',
    'ab: 1\nc:\n- de: 1\n- {f: 1}\n- - g\n- []\n- <<: {h: 1}\n',
    ['1:1-3', 'z'],
    ['3:3-5', 'c', 0, 'z'],
    ['4:3-4', 'c', 1, 'z'],
    ['5:3-4', 'c', 2, 1],
    ['6:3-4', 'c', 3, 0],
  ],
  ['of duplicate keys the last has the range', 'a: 1\na: 23', ['2:4-6', 'a']],
  [
    'what an alias repeats is where it is written',
    'a: &x {b: 10}\nc: *x\nd: [*x]',
    ['2:1-2', 'c'],
    ['1:11-13', 'c', 'b'],
    ['2:1-2', 'c', 'z'],
    ['1:7-14', 'd', 0],
  ],
  ['a scalar that an alias repeats is where it is written', 'a: &x 10\nb: *x', ['1:7-9', 'b']],
  [
    'what a merge gives is where it is written',
    'a: &x\n  b: 10\n  c: {}\nd:\n  b: 2\n  <<: *x',
    ['2:6-8', 'd', 'b'],
    ['3:3-8', 'd', 'c'],
    ['4:1-6:9', 'd'],
  ],
  [
    'what overrides a merge is where it is written',
    'a: &x {b: 1}\nc:\n  <<: *x\n  b: 2',
    ['4:6-7', 'c', 'b'],
  ],
  [
    'a key that becomes a string has its range',
    '0x10: a\nyes: b',
    ['1:7-8', '16'],
    ['2:6-7', 'true'],
  ],
  [
    'an explicit key has its range',
    '? ab\n: c\n? d',
    ['2:3-4', 'ab'],
    ['3:3-4', 'd'],
    ['1:1-2', 'z'],
  ],
  [
    'columns are UTF-16 units',
    'a: [😀, é, x]',
    ['1:5-7', 'a', 0],
    ['1:9-10', 'a', 1],
    ['1:12-13', 'a', 2],
  ],
  [
    'CRLF ends one line, and so does CR',
    'a: 1\r\nb: 2\rc:\r\n- 3\r\n',
    ['2:4-5', 'b'],
    ['3:1-4:4', 'c'],
  ],
  [
    'U+2028 ends no line of an editor',
    '# c\u2028a: 1\nb: x\u2028  y\u2028c: |\u2028 z\u2028d: 2',
    ['1:8-9', 'a'],
    ['2:4-9', 'b'],
    ['2:13-17', 'c'],
    ['2:21-22', 'd'],
  ],
  [
    'a tab is one column',
    'a:\t"\tx\t"\t# c\nb: [\n\t1\t]',
    ['1:4-9', 'a'],
    ['2:1-3:5', 'b'],
    ['3:2-3', 'b', 0],
  ],
  ['a byte order mark takes no column', '\ufeffa: 1', ['1:4-5', 'a']],
  ['a last line needs no line break', 'a: |\n  x\n---\nb: >\n  yz', ['4:4-5:5', 'b'], ['4:1-5:5']],
  [
    'lines are those of the file',
    '---\n# c\na: 1\n---\r\nb: 2\n--- # c\nc:\n  d: 3',
    ['7:1-8:7', 'c'],
    ['8:6-7', 'c', 'd'],
  ],
  [
    'lines that are indented less move no range',
    'a:\n  b: "x\ny"\n  c: [\nz, {d: 1}\n]\n  e: 1',
    ['2:6-3:3', 'a', 'b'],
    ['5:1-2', 'a', 'c', 0],
    ['5:8-9', 'a', 'c', 1, 'd'],
    ['4:3-6:2', 'a', 'c'],
    ['7:6-7', 'a', 'e'],
  ],
];
for (const [name, text, ...ranges] of rows) {
  test(name, () => {
    const paths = ranges.map(([, ...path]) => path);
    assert.deepEqual(
      rangesOf(text, paths),
      ranges.map(([range]) => range),
    );
  });
}

/** Every path of a value, with the value there. */
function* pathsOf(value: JsonValue, path: Path = []): Generator<readonly [Path, JsonValue]> {
  yield [path, value];
  if (typeof value !== 'object' || value === null) return;
  const isList = Array.isArray(value);
  for (const [key, item] of Object.entries(value)) {
    yield* pathsOf(item, [...path, isList ? Number(key) : key]);
  }
}

function textAt(text: string, { line, column }: Place): string {
  const lines = text.split('\n');
  return lines
    .slice(line - 1)
    .join('\n')
    .slice(column - 1);
}

const word = fc.stringMatching(/^[a-z é😀"':#-]{0,12}$/u);
const leaf = fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null), fc.constant('a\n  b\n'));
const { value: anyValue } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(word, tie('value'), { maxKeys: 4 }),
  ),
}));

const writings: readonly (readonly [string, (value: JsonValue) => string])[] = [
  ['block style', (value) => `a: 1\n---\n${writeYaml(value)}`],
  ['JSON', (value) => JSON.stringify(value)],
  ['indented JSON after YAML', (value) => `a: 1\n---\n${JSON.stringify(value, null, 2)}`],
];
for (const [style, write] of writings) {
  test(`in ${style}, every value is found where it is written`, () => {
    fc.assert(
      fc.property(fc.dictionary(word, anyValue, { minKeys: 1, maxKeys: 4 }), (value) => {
        const text = write(value);
        const document = documentsOf(text).at(-1);
        assert.ok(document);
        assert.deepEqual(document.value, JSON.parse(JSON.stringify(value)));
        for (const [path, expected] of pathsOf(value)) {
          const found = textAt(text, locate(document, path));
          const key = path.at(-1);
          const isCollection = typeof expected === 'object' && expected !== null;
          // Read from there on, the text begins with the key, the item or the scalar.
          if (isCollection && typeof key === 'string') startsWith(found, key);
          else if (!isCollection) startsWith(found, expected);
          else assert.match(found, Object.keys(expected).length === 0 ? /^[[{]/ : /^\S/);
        }
      }),
      { numRuns: 300 },
    );
  });
}

/** Asserts that a text starts with the scalar, in one of the styles that the writers use. */
function startsWith(text: string, scalar: Exclude<JsonValue, object>): void {
  const quoted = `'${String(scalar).replaceAll("'", "''")}'`;
  const styles = [String(scalar), JSON.stringify(scalar), quoted, '|'];
  assert.ok(
    styles.some((style) => text.startsWith(style)),
    `${JSON.stringify(scalar)} is not at ${JSON.stringify(text.slice(0, 40))}`,
  );
}
