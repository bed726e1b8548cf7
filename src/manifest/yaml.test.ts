import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Path, UserError } from '../errors.ts';
import type { JsonValue } from '../kubernetes/json.ts';
import { readYaml, writeYaml } from './yaml.ts';

const read = (text: string) => readYaml('p.yaml', text, 'PROFILE_SYNTAX');

const values: readonly (readonly [name: string, text: string, value: JsonValue])[] = [
  ['YAML 1.2 has two booleans', 'a: yes\nb: true', { a: 'yes', b: true }],
  ['YAML 1.2 has no octals but 0o', 'a: 0644\nb: 0o10', { a: 644, b: 8 }],
  ['a file without content is null', '# c\n', null],
  ['aliases repeat their value', 'a: &x [1]\nb: *x', { a: [1], b: [1] }],
  ['keys are strings', '1: a\ntrue: b', { 1: 'a', true: 'b' }],
];
for (const [name, text, value] of values) {
  test(name, () => assert.deepEqual(read(text).value, value));
}

const errors: readonly (readonly [name: string, text: string, line: number, column: number])[] = [
  ['broken YAML is an error', 'a: 1\nb: [', 2, 5],
  ['duplicate keys are an error', 'a: 1\nb: 2\na: 3', 3, 1],
  ['a second document is an error', 'a: 1\n---\nb: 2', 2, 1],
  ['an unknown tag is an error', 'a: 1\nb: !foo x', 2, 4],
  ['an alias without anchor is an error', 'a: *x', 1, 1],
];
for (const [name, text, line, column] of errors) {
  test(`${name}, with its place`, () => {
    assert.throws(
      () => read(text),
      (error) => {
        assert.ok(error instanceof UserError);
        assert.equal(error.code, 'PROFILE_SYNTAX');
        assert.deepEqual(error.place, { file: 'p.yaml', line, column });
        assert.doesNotMatch(error.message, /\n/);
        return true;
      },
    );
  });
}

const text = `# c
a: 1
b:
  - x: "y"
  - {z: [1, 2]}
c: &l
  d: e
f: *l
1: g
`;
const places: readonly (readonly [Path, 'key' | 'value', number, number])[] = [
  [[], 'value', 2, 1],
  [['a'], 'value', 2, 4],
  [['a'], 'key', 2, 1],
  [['b'], 'key', 3, 1],
  [['b'], 'value', 4, 3],
  [['b', 0], 'value', 4, 5],
  [['b', 0, 'x'], 'value', 4, 8],
  [['b', 0, 'x'], 'key', 4, 5],
  [['b', 1, 'z', 1], 'value', 5, 13],
  [['b', 2], 'value', 4, 3],
  [['b', 0, 'w'], 'key', 4, 5],
  [['f', 'd'], 'value', 7, 6],
  [['f'], 'key', 8, 1],
  [['1'], 'value', 9, 4],
  [['g', 'h'], 'key', 2, 1],
];
test('a place is that of the value, the key or the closest ancestor', () => {
  const { placeOf } = read(text);
  assert.deepEqual(
    places.map(([path, target]) => [path, target, placeOf(path, target)]),
    places.map(([path, target, line, column]) => [path, target, { file: 'p.yaml', line, column }]),
  );
});

test('writing keeps the order of keys, and uses no line breaks or aliases', () => {
  const shared = { k: 'long '.repeat(40) };
  assert.equal(
    writeYaml({ b: shared, a: [shared, 'yes', '1'] }),
    `b:\n  k: "${shared.k}"\na:\n  - k: "${shared.k}"\n  - "yes"\n  - "1"\n`,
  );
});

test('scalars that Kubernetes does not read as strings are quoted', () => {
  assert.equal(
    writeYaml({ y: ['on', '1_000', '0o7', '<<', 'x'] }),
    '"y":\n  - "on"\n  - "1_000"\n  - "0o7"\n  - "<<"\n  - x\n',
  );
});

test('what is written reads back as the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const json = JSON.parse(JSON.stringify(value));
      assert.deepEqual(read(writeYaml(json)).value, json);
    }),
  );
});
