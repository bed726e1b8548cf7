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

/** Each path of a text's last document, as `line:column`. */
function placesOf(text: string, paths: readonly Path[]): readonly string[] {
  const document = documentsOf(text).at(-1);
  assert.ok(document);
  const place = createLocator();
  return paths.map((path) => {
    const found = place(document, path);
    assert.deepEqual(locate(document, path), found);
    return `${found.line}:${found.column}`;
  });
}

type Row = readonly [law: string, text: string, ...places: (readonly [place: string, ...Path])[]];

const rows: readonly Row[] = [
  ['a scalar is where its text starts', 'a: x\nb:   1', ['1:4', 'a'], ['2:6', 'b']],
  ['a quoted scalar is where its quote starts', 'a: "x"\nb: \'y\'', ['1:4', 'a'], ['2:4', 'b']],
  ['a scalar on the next line is there', 'a:\n  x', ['2:3', 'a']],
  [
    'a block of text is at its indicator',
    'a: | # |\n  x\nb: >-\n  y\n',
    ['1:4', 'a'],
    ['3:4', 'b'],
  ],
  ['an empty value is at its key', 'a: 1\nb:\nc:\n- d:', ['2:1', 'b'], ['4:3', 'c', 0, 'd']],
  ['a map or a list is at its key', 'a:\n  b:\n    - c', ['1:1', 'a'], ['2:3', 'a', 'b']],
  [
    'an item is where it starts',
    'a:\n- x\n- b: 1\n- [y]',
    ['2:3', 'a', 0],
    ['3:3', 'a', 1],
    ['4:3', 'a', 2],
  ],
  [
    'an item without content is at its dash',
    'a:\n-\n- x\n- # -\n-\n- [y]\n-',
    ['2:1', 'a', 0],
    ['4:1', 'a', 2],
    ['5:1', 'a', 3],
    ['7:1', 'a', 5],
  ],
  [
    'a tagged or anchored empty value is at its tag or anchor',
    'a: !!str\nb: &x',
    ['1:4', 'a'],
    ['2:4', 'b'],
  ],
  [
    'flow collections have places as well',
    'a: {b: [x, "y"], c}',
    ['1:5', 'a', 'b'],
    ['1:9', 'a', 'b', 0],
    ['1:12', 'a', 'b', 1],
    ['1:18', 'a', 'c'],
  ],
  [
    'JSON has places as well',
    '{"a":1}{"b":\n [2, {"c": 3}]}',
    ['1:8'],
    ['1:9', 'b'],
    ['2:3', 'b', 0],
    ['2:6', 'b', 1],
    ['2:12', 'b', 1, 'c'],
  ],
  ['the root is where the content starts', '# c\n\n  a: 1', ['3:3']],
  ['a document without content is where it starts', 'a: 1\n---\n# c', ['3:1']],
  [
    'what is missing is at its closest ancestor',
    'a:\n  b: {c: 1}\nd: [x]\ne: y',
    ['2:3', 'a', 'b', 'z', 'y'],
    ['1:1', 'a', 'z'],
    ['3:1', 'd', 1],
    ['3:1', 'd', 'x'],
    ['4:4', 'e', 'z'],
    ['1:1', 'z'],
  ],
  ['of duplicate keys the last has the place', 'a: 1\na: 2', ['2:4', 'a']],
  [
    'what an alias repeats is where it is written',
    'a: &x {b: 1}\nc: *x',
    ['2:1', 'c'],
    ['1:11', 'c', 'b'],
  ],
  ['a scalar that an alias repeats is where it is written', 'a: &x 1\nb: *x', ['1:7', 'b']],
  [
    'what a merge gives is where it is written',
    'a: &x\n  b: 1\n  c: {}\nd:\n  b: 2\n  <<: *x',
    ['2:6', 'd', 'b'],
    ['3:3', 'd', 'c'],
  ],
  [
    'what overrides a merge is where it is written',
    'a: &x {b: 1}\nc:\n  <<: *x\n  b: 2',
    ['4:6', 'c', 'b'],
  ],
  ['a stringified key has its place', '0x10: a\nyes: b', ['1:7', '16'], ['2:6', 'true']],
  ['columns are UTF-16 units', 'a: [😀, é, x]', ['1:9', 'a', 1], ['1:12', 'a', 2]],
  ['CRLF ends one line, and so does CR', 'a: 1\r\nb: 2\rc: 3', ['2:4', 'b'], ['3:4', 'c']],
  ['U+2028 ends no line of an editor', '# c\u2028a: 1\nb: 2', ['1:8', 'a'], ['2:4', 'b']],
  ['a byte order mark takes no column', '\ufeffa: 1', ['1:4', 'a']],
  [
    'lines are those of the file',
    '---\n# c\na: 1\n---\r\nb: 2\n--- # c\nc:\n  d: 3',
    ['7:1', 'c'],
    ['8:6', 'c', 'd'],
  ],
  [
    'low lines move no place',
    'a:\n  b: "x\ny"\n  c: [\nz, {d: 1}\n]\n  e: 1',
    ['2:6', 'a', 'b'],
    ['5:1', 'a', 'c', 0],
    ['5:8', 'a', 'c', 1, 'd'],
    ['7:6', 'a', 'e'],
  ],
];
for (const [law, text, ...places] of rows) {
  test(law, () => {
    const paths = places.map(([, ...path]) => path);
    assert.deepEqual(
      placesOf(text, paths),
      places.map(([place]) => place),
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
