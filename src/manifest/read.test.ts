import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sized } from '../../test/support/settings.ts';
import type { ErrorCode } from '../errors.ts';
import type { JsonValue } from '../kubernetes/json.ts';
import { readManifest } from './read.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The values of a file, and its errors as `CODE line:column`. */
function read(input: string | Uint8Array): { values: JsonValue[]; errors: string[] } {
  const bytes = typeof input === 'string' ? bytesOf(input) : input;
  const { documents, errors, others } = readManifest('f.yaml', bytes);
  return {
    values: documents.map(({ value }) => value),
    errors: [...errors, ...others.map(({ error }) => error)].map(
      ({ code, place }) => `${code} ${place?.line}:${place?.column}`,
    ),
  };
}

type Row = readonly [name: string, text: string, ...values: JsonValue[]];

function reads(rows: readonly Row[]): void {
  for (const [name, text, ...values] of rows) {
    test(name, () => assert.deepEqual(read(text), { values, errors: [] }));
  }
}

type RejectedRow = readonly [name: string, text: string, place: string, code?: ErrorCode];

function rejects(rows: readonly RejectedRow[]): void {
  for (const [name, text, place, code = 'MANIFEST_SYNTAX'] of rows) {
    test(name, () => assert.deepEqual(read(text).errors, [`${code} ${place}`]));
  }
}

reads([
  ['a separator ends a document', 'a: 1\n---\nb: 2', { a: 1 }, { b: 2 }],
  ['a separator before the first document adds none', '---\na: 1\n', { a: 1 }],
  ['a separator at the end adds no document', 'a: 1\n---\n', { a: 1 }],
  ['a separator may have a comment', 'a: 1\n--- # c\nb: 2', { a: 1 }, { b: 2 }],
  [
    'a separator after lines needs no space before its comment',
    'a: 1\n---#c\nb: 2',
    { a: 1 },
    { b: 2 },
  ],
  ['a separator may have trailing white space', 'a: 1\n--- \t \nb: 2', { a: 1 }, { b: 2 }],
  ['a separator may end in CRLF', 'a: 1\r\n---\r\nb: 2\r\n', { a: 1 }, { b: 2 }],
  ['a separator ends a block scalar', 'a: |\n  x\n---\nb: 2', { a: 'x\n' }, { b: 2 }],
  [
    'an indented separator in a block scalar is text',
    'a: |\n  x\n  ---\n  y\n',
    { a: 'x\n---\ny\n' },
  ],
  ['an empty file has no document', ''],
  ['a document with only comments is null', '# c\n---\na: 1', null, { a: 1 }],
  ['a document may end with ...', 'a: 1\n...\n', { a: 1 }],
  [
    'a byte order mark before a later document is not part of it',
    'a: 1\n---\n\ufeffb: 2',
    { a: 1 },
    { b: 2 },
  ],
]);

rejects([
  ['content on the line of a separator is rejected', '--- {a: 1}', '1:1'],
  ['text right after a separator is rejected', 'a: 1\n---x\n', '2:1'],
  ['a first separator needs a space before its comment', '---#c\na: 1', '1:1'],
  ['an indented separator before the content is rejected', ' ---\na: 1', '2:2'],
  ['content after the end of a document is rejected', 'a: 1\n...\nb: 2', '3:1'],
  ['the end of a document before its content is rejected', '...\na: 1', '1:1'],
  ['a directive is rejected', '%YAML 1.1\n---\na: 1', '1:1'],
  ['a separator with content after U+2028 is rejected', '--- # c\u2028a: 1', '1:1'],
  ['a byte order mark within a document is rejected', 'a: 1\n\ufeffb: 2', '2:1'],
]);

test('a broken document leaves the others readable', () => {
  assert.deepEqual(read('a: 1\n---\nb: [\n---\nc: 3\n---\nd: *x'), {
    values: [{ a: 1 }, { c: 3 }],
    errors: ['MANIFEST_SYNTAX 3:4', 'MANIFEST_SYNTAX 7:4'],
  });
});

test('documents are numbered as they are split', () => {
  const { documents } = readManifest(
    'f.yaml',
    bytesOf('---\n# c\n\na: 1\n---\n*x\n---\n# c\n---\nb: 2'),
  );
  assert.deepEqual(
    documents.map(({ file, index }) => `${file} ${index}`),
    ['f.yaml 0', 'f.yaml 2', 'f.yaml 3'],
  );
});

reads([
  ['a lone CR ends a line', 'a: 1\rb: 2\r', { a: 1, b: 2 }],
  ['a lone CR ends a comment', '# c\ra: 1', { a: 1 }],
  ['U+0085 ends a comment', '# c\u0085a: 1', { a: 1 }],
  ['U+2028 ends a comment', '# c\u2028a: 1', { a: 1 }],
  ['U+2029 ends a comment', '# c\u2029a: 1', { a: 1 }],
  ['U+2028 ends a line', 'a: x\u2028b: 1', { a: 'x', b: 1 }],
  ['U+2028 is kept in a quoted scalar', 'a: "x\u2028y"', { a: 'x\u2028y' }],
  ['U+0085 ends a line of a block scalar', 'a: |\n  x\u0085  y\n', { a: 'x\ny\n' }],
  ['CRLF ends lines of a block scalar like LF', 'a: |\r\n  x\r\n  y\r\n', { a: 'x\ny\n' }],
]);

rejects([
  ['a doubled CR before LF is rejected', 'a: |\r\r\n  x\n', '1:5'],
  ['a control character is rejected', 'a: x\u0007', '1:5'],
  ['NUL is rejected', 'a: x\u0000', '1:5'],
]);

const utf16 = (text: string, order: 'le' | 'be'): Uint8Array => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
};

for (const [name, bytes, expected] of [
  [
    'UTF-8 with a byte order mark is read',
    bytesOf('\ufeffa: é'),
    { values: [{ a: 'é' }], errors: [] },
  ],
  ['UTF-16 little endian is read', utf16('a: é😀', 'le'), { values: [{ a: 'é😀' }], errors: [] }],
  ['UTF-16 big endian is read', utf16('---\na: é', 'be'), { values: [{ a: 'é' }], errors: [] }],
  [
    'the first document in UTF-16 is read, and others, which kubectl ignores, are rejected',
    utf16('a: 1\n---\nb: 2', 'le'),
    { values: [{ a: 1 }], errors: ['MANIFEST_SYNTAX 2:1'] },
  ],
  [
    'bytes that are not UTF-8 are rejected',
    new Uint8Array([0x61, 0x3a, 0x20, 0xff]),
    { values: [], errors: ['MANIFEST_ENCODING 1:1'] },
  ],
  [
    'an unpaired surrogate in UTF-16 is rejected',
    new Uint8Array([0xff, 0xfe, 0x00, 0xd8]),
    { values: [], errors: ['MANIFEST_ENCODING 1:1'] },
  ],
] as const) {
  test(name, () => assert.deepEqual(read(bytes), expected));
}

reads([
  ['JSON is read', '{"a": [1, "x", null, true]}', { a: [1, 'x', null, true] }],
  ['JSON values may follow each other', '{"a":1}{"b":2}\n{"c":3}', { a: 1 }, { b: 2 }, { c: 3 }],
  ['YAML may follow one JSON value', '{"a":1}\n---\nb: yes', { a: 1 }, { b: true }],
  ['what starts like JSON may be YAML', '{a: yes}', { a: true }],
  ['tabs indent JSON', '{\n\t"a": {\n\t\t"b": 1\n\t}\n}', { a: { b: 1 } }],
  ['JSON escapes are read', '{"a":"x\\/y\\ud83d\\ude00"}', { a: 'x/y😀' }],
  ['JSON strings keep U+2028 and U+0085', '{"a":"x\u2028\u0085y"}', { a: 'x\u2028\u0085y' }],
  ['a merge key is a plain key in JSON', '{"<<":{"a":1}}', { '<<': { a: 1 } }],
  [
    'the booleans and octals of YAML are strings in JSON',
    '{"a":"yes","b":"0644"}',
    { a: 'yes', b: '0644' },
  ],
]);

rejects([
  ['YAML after two JSON values is rejected', '{"a":1}{"b":2}\nc: 3', '2:1'],
  ['a number too large for JSON is rejected', '{"a":1e400}', '1:6'],
  ['an unpaired surrogate is rejected', '{"a":"\\ud83d"}', '1:7'],
]);

reads([
  ['yes and off are booleans as keys, too', 'yes: 1\noff: 2', { true: 1, false: 2 }],
  [
    'integers are keys in decimal',
    '0x10: a\n0o7: b\n9007199254740993: c',
    { 16: 'a', 7: 'b', '9007199254740993': 'c' },
  ],
  ['floats are keys as Go writes them', '1.10: a\n1e6: b', { '1.1': 'a', '1e+06': 'b' }],
  [
    'dates and times are keys as written',
    '2001-01-01: a\n22:22: b',
    { '2001-01-01': 'a', '22:22': 'b' },
  ],
  ['__proto__ is a key like others', '__proto__: {a: 1}', JSON.parse('{"__proto__":{"a":1}}')],
  ['nulls are kept', 'a:\nb: ~\nc: null\nd: [~]', { a: null, b: null, c: null, d: [null] }],
  ['a key without a colon in a flow mapping is null', '{a, b: 1}', { a: null, b: 1 }],
  ['a colon right before a bracket is part of the key', '{privileged:}', { 'privileged:': null }],
  ['a colon right before a comma is, too', 'a: {b:, c: 1}', { a: { 'b:': null, c: 1 } }],
  ['a question mark in brackets starts a key', '[?a]', [{ a: null }]],
  ['an empty line after an escaped line break is kept', 'a: "x\\\n\ny"', { a: 'x\ny' }],
  [
    'of two anchors with the same name the last one counts',
    'a: &x 1\nb: &x 2\nc: *x',
    { a: 1, b: 2, c: 2 },
  ],
  [
    'core tags are read',
    'a: !!str 0644\nb: !!int "1"\nc: !!float 1\nd: !!bool yes\ne: !!null ""',
    { a: '0644', b: 1, c: 1, d: true, e: null },
  ],
  [
    'block scalars keep and fold lines',
    'a: |\n  x\n   y\n\nb: >-\n  x\n  y\n\n  z\n',
    { a: 'x\n y\n', b: 'x y\nz' },
  ],
  ['kubectl adds the last line break', 'a: |+\n  x\n  ', { a: 'x\n\n' }],
  [
    'double quotes escape and fold',
    '"a": "\\x41\\u00e9\\n x\n\n  y \\\n  z"',
    { a: 'Aé\n x\ny z' },
  ],
]);

rejects([
  ['a null key is rejected', '~: a', '1:1'],
  ['two floats that are one key of JSON are rejected', '1.5: a\n1.50: b', '2:1'],
  ['a negative zero as key is rejected', '-0.0: a', '1:1'],
  ['a mapping as key is rejected', 'a:\n  {b: 1}: c', '2:3'],
  ['a number and a string that are one key of JSON are rejected', '1: a\n"1": b', '2:1'],
  ['a boolean and a string that are one key of JSON are rejected', 'yes: a\n"true": b', '2:1'],
  ['numbers that JSON does not have are rejected', 'a:\n- .inf', '2:3'],
  ['a custom tag is rejected', 'a: !foo x', '1:4'],
  ['a tag that does not fit its value is rejected', 'a: !!int x', '1:4'],
  ['!!binary is rejected', 'a: !!binary aGk=', '1:4'],
  ['a tag that does not fit its collection is rejected', 'a: !!map [1]', '1:4'],
  ['an anchor with other characters in its name is rejected', 'a: &x.y 1', '1:4'],
  ['an alias without its anchor is rejected', 'a: *x', '1:4'],
  ['an anchor that contains itself is rejected', 'a: &x [*x]', '1:8'],
]);

reads([
  ['a merge adds its keys', 'p: &x {a: 1}\nq: {<<: *x, b: 2}', { p: { a: 1 }, q: { a: 1, b: 2 } }],
  [
    'a merge overrides the keys before it',
    'p: &x {a: 1}\nq: {a: 2, <<: *x}',
    { p: { a: 1 }, q: { a: 1 } },
  ],
  [
    'the keys after a merge override it',
    'p: &x {a: 1}\nq: {<<: *x, a: 2}',
    { p: { a: 1 }, q: { a: 2 } },
  ],
  ['of two merges the last wins', 'q:\n  <<: {a: 1}\n  <<: {a: 2}', { q: { a: 2 } }],
  [
    'of a sequence of merges the first wins',
    'q:\n  <<: [{a: 1}, {a: 2, b: 3}]',
    { q: { a: 1, b: 3 } },
  ],
  ['a quoted merge key is a key', 'q: {"<<": {a: 1}}', { q: { '<<': { a: 1 } } }],
  ['an alias repeats its value', 'a: &x [1]\nb: *x', { a: [1], b: [1] }],
  ['an alias may be a key', 'a: &x b\n*x : c', { a: 'b', b: 'c' }],
]);

rejects([
  ['a merge of a scalar is rejected', 'q: {<<: 1}', '1:9'],
  ['a merge with a key of another type is rejected', 'p: &x {"1": a}\nq: {1: b, <<: *x}', '1:8'],
]);

reads([
  [
    'a quoted scalar may continue with less indentation',
    'a:\n  b: "x\ny"\n  c: 1',
    { a: { b: 'x y', c: 1 } },
  ],
  ['a quoted scalar on its own line may, too', "a:\n  b:\n    'x\n\n  y'", { a: { b: 'x\ny' } }],
  [
    'a flow mapping may continue with less indentation',
    'a:\n  b: {\n}\n  c: {d: [1,\n2]\n}',
    { a: { b: {}, c: { d: [1, 2] } } },
  ],
  [
    'a flow sequence may, with comments',
    'a:\n  - [ # "\n"x",\n# ]\ny z\n]\n  - 1',
    { a: [['x', 'y z'], 1] },
  ],
  ['a continuation may be indented with tabs', 'a:\n  b: "x\n\ty"', { a: { b: 'x y' } }],
  ['a continuation may look like a key', 'a: "x\n  b: y\nc: z"\nd: 1', { a: 'x b: y c: z', d: 1 }],
  [
    'a block scalar may have quotes',
    'a:\n  b: |\n    "x\n  c: "y\nz"',
    { a: { b: '"x\n', c: 'y z' } },
  ],
  [
    'a plain scalar of several lines may have quotes',
    'a:\n  b: x\n    "y\n  c: "1\n2"',
    { a: { b: 'x "y', c: '1 2' } },
  ],
  ['a comment may have quotes', 'a: # "\n  b: x # "\n  c: "y\nz"', { a: { b: 'x', c: 'y z' } }],
]);

rejects([
  ['the end of a document in a quoted scalar is rejected', 'a: "x\n...\ny"', '2:1'],
  ['a continuation of a plain scalar with less indentation is rejected', 'a:\n  b: x\ny', '3:1'],
]);

rejects([
  ['a template that is not YAML has its own code', 'a: {{ .b }}', '1:4', 'MANIFEST_TEMPLATE'],
  [
    'so does one with a template line',
    'a: 1\n{{ if .x }}\nb: 2\n{{ end }}',
    '2:1',
    'MANIFEST_TEMPLATE',
  ],
]);

reads([['a template that is YAML is read', 'a: "{{ .b }}"', { a: '{{ .b }}' }]]);

rejects([
  [
    'a template after a quoted key has its own code',
    'a: 1\n"b": {{ .c }}',
    '2:6',
    'MANIFEST_TEMPLATE',
  ],
  ['braces in quotes are no template', 'a: "{{ .b }}"\nb: [', '2:4'],
  ['braces in a comment are no template', '# {{ .b }}\nb: [', '2:4'],
]);

test('every error states what to do', () => {
  const text = 'a: [\n---\n--- x\n---\na: {{x}}';
  const { errors, others } = readManifest('f.yaml', bytesOf(text));
  assert.deepEqual(
    [...errors, ...others.map(({ error }) => error)].map(({ message }) => message),
    [
      "cannot read this document: unclosed flow sequence: add ']'",
      'cannot read this document: only a comment can follow ---, not "x": put it on its own line',
      'this is a Helm or Go template, not a manifest: render it first (helm template … | bulkhead check -)',
    ],
  );
});

const duplicates: readonly (readonly [string, string, JsonValue, ...string[]])[] = [
  [
    'of duplicate keys the last counts, with a warning',
    'a: 1\nb: 2\na: 3',
    { a: 3, b: 2 },
    '3:1 a 1:1',
  ],
  ['each repetition is a warning', '{a: 1, a: 2, a: 3}', { a: 3 }, '1:8 a 1:2', '1:14 a 1:8'],
  ['JSON warns as well', '{"a":1,\n"a":2}', { a: 2 }, '2:1 a 1:2'],
  ['a merged key is no duplicate', 'q: {a: 1, <<: {a: 2}}', { q: { a: 2 } }],
  ['two merges are no duplicates', 'q: {<<: {a: 2}, <<: {b: 2}}', { q: { a: 2, b: 2 } }],
  [
    'positions are right after lines with less indentation',
    'a:\n  b: "x\ny"\n  c: 1\n  c: 2',
    { a: { b: 'x y', c: 2 } },
    '5:3 c 4:3',
  ],
];
for (const [name, text, value, ...expected] of duplicates) {
  test(name, () => {
    const { documents, warnings } = readManifest('f.yaml', bytesOf(text));
    assert.deepEqual(
      documents.map((document) => document.value),
      [value],
    );
    const found = warnings.map(({ message, place }) => {
      const [, key, first] = /^duplicate key (\S+) \(also at (\S+)\):/.exec(message) ?? [];
      return `${place.line}:${place.column} ${key} ${first}`;
    });
    assert.deepEqual(found, expected);
  });
}

const bomb = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
for (let i = 1; i < 10; i += 1)
  bomb.push(
    `a${i}: &a${i} [${Array(10)
      .fill(`*a${i - 1}`)
      .join(',')}]`,
  );
const mergeBomb = ['m0: &m0 {a: 1, b: 2}'];
for (let i = 1; i < 2000; i += 1) mergeBomb.push(`m${i}: &m${i} {<<: *m${i - 1}, k${i}: 1}`);

rejects([
  ['aliases that multiply are rejected', bomb.join('\n'), '5:38', 'MANIFEST_TOO_LARGE'],
  ['merges that multiply are rejected', mergeBomb.join('\n'), '316:18', 'MANIFEST_TOO_LARGE'],
  ['deep flow nesting is rejected', '['.repeat(50_000), '1:1001', 'MANIFEST_TOO_LARGE'],
  ['deep block nesting is rejected', '- '.repeat(50_000), '1:2001', 'MANIFEST_TOO_LARGE'],
  [
    'deep JSON is rejected',
    `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
    '1:5001',
    'MANIFEST_TOO_LARGE',
  ],
]);

const MEGABYTES = sized(10, 50);
const many = 50_000;
const lines = (line: (i: number) => string): string =>
  Array.from({ length: many }, (_, i) => line(i)).join('\n');
for (const [name, text, errors] of [
  ['a mapping of many keys', lines((i) => `k${i}: v`), 0],
  ['a mapping with one key many times', lines(() => 'k: v'), 0],
  ['many anchors', lines((i) => `- &a${i} x`), 0],
  ['many documents', lines((i) => `---\na: ${i}`), 0],
  ['many comments', `a: 1\n${lines(() => '# c')}`, 0],
  ['a block scalar of many lines', `a: |\n${lines(() => '  x')}`, 0],
  ['many block scalars', lines((i) => `k${i}: |\n  x`), 0],
  [
    'a quoted scalar of many lines with less indentation',
    `a:\n  b: "${lines(() => 'x')}"\n  c: 1\n  c: 2`,
    0,
  ],
  ['many flow collections with less indentation', `a:\n${lines(() => '- b: [\n]')}`, 0],
  ['many unterminated quoted scalars', lines(() => '- "x'), 1],
  ['a long run of backslashes', `a: "${'\\'.repeat(2_000_000)}\nx"`, 0],
  ['a long quoted scalar', `{"a":"${'x'.repeat(5_000_000)}"}`, 0],
  [`a plain scalar of ${MEGABYTES} MB`, `a: ${'x'.repeat(MEGABYTES * 1_000_000)}`, 0],
  ['many characters of two UTF-16 units on a line', `[${'😀, '.repeat(100_000)}]`, 0],
  ['many lines of JSON', '{"a":1}\n'.repeat(100_000), 0],
  ['many escapes', `a: "${'\\n'.repeat(1_000_000)}"`, 0],
  ['many zeros', `a: ${'0'.repeat(1_000_000)}8`, 0],
  ['a long line without a template', `a: ${'x{ '.repeat(1_000_000)}\n]`, 1],
  ['many digits', `a: ${'1'.repeat(1_000_000)}`, 0],
  ['deep indentation before lines with less', `a:\n${' '.repeat(100_000)}"${lines(() => 'x')}"`, 0],
] as const) {
  test(`${name} is read in time that grows with its length`, { timeout: 20_000 }, () => {
    const found = readManifest('f.yaml', bytesOf(text));
    assert.equal(found.errors.length + found.others.length, errors);
  });
}

for (const [what, text, kinds, rejected] of [
  ['one document', 'kind: A\n', ['A'], []],
  ['a comment before a separator', '# c\n---\nkind: A\n', ['A'], []],
  ['a directive is none', '---\nkind: A\n---\n', ['A'], []],
  ['comments after the first', 'kind: A\n---\n# c\n...\n', ['A'], []],
  ['the end of the first', 'kind: A\n...\n', ['A'], []],
  ['an empty first document', '---\n---\nkind: A\n', [undefined], ['2:1 error']],
  ['content on the line of the first separator', '--- {kind: A}\n', ['A'], []],
  ['a second document', 'kind: A\n---\nkind: B\n', ['A'], ['2:1 error']],
  ['content on the line of the second separator', 'kind: A\n--- {kind: B}\n', ['A'], ['2:1 error']],
  ['content after the end', 'kind: A\n...\nkind: B\n', ['A'], ['2:1 error']],
  ['a second document that cannot be read', 'kind: A\n---\nkind: [\n', ['A'], ['2:1 error']],
  ['values after an object', 'kind: A\n---\nb: 2\n', ['A'], ['2:1 other']],
  ['a first document that cannot be read', 'kind: [\n---\nb: 2\n', [], ['1:7 error', '2:1 other']],
  ['CRLF', 'kind: A\r\n---\r\nkind: B\r\n', ['A'], ['2:1 error']],
  ['three dashes in a text', 'kind: A\nb: |\n  ---\n  c\n', ['A'], []],
] as const) {
  for (const order of ['le', 'be'] as const) {
    test(`UTF-16, ${order}: ${what}`, () => {
      const { documents, errors, others } = readManifest('f.yaml', utf16(text, order));
      const kindOf = (value: JsonValue) =>
        typeof value === 'object' && value !== null && 'kind' in value ? value['kind'] : undefined;
      assert.deepEqual(
        documents.map(({ value }) => kindOf(value)),
        kinds,
      );
      const placed = (what: string, found: typeof errors) =>
        found.map(({ place }) => `${place?.line}:${place?.column} ${what}`);
      const foreign = others.map(({ error }) => error);
      assert.deepEqual([...placed('error', errors), ...placed('other', foreign)], rejected);
    });
  }
}
