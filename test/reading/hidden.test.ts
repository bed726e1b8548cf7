import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMap } from '../../src/kubernetes/objects.ts';
import { readManifest } from '../../src/manifest/read.ts';
import { randomFrom } from '../support/mutate.ts';
import { kubernetesReads } from '../support/oracle.ts';
import { setting, sized } from '../support/settings.ts';

// A document that cannot be read here, and in which Kubernetes' own code finds `apiVersion` or `kind` at the root, is
// never taken for one of another kind. The texts are put together of what hides a key, or seems to. HIDDEN is their
// number, SEED chooses them.

const KEYS = [
  ...[
    'kind',
    '"kind"',
    "'kind'",
    '"\\x6bind"',
    '"ki\\\n  nd"',
    '"k\\U00000069nd"',
    'kind ',
    '"kind" ',
  ],
  ...['&k kind', '!!str kind', '! kind', '!x kind', '&a !x "kind"', '!x &a kind', '*k '],
  ...['? kind\n', '? |-\n  kind\n', '? "kind"\n', '? !!str kind\n', '?\n kind\n'],
];
const STARTS = [
  ...[
    '',
    '# c\n',
    '---\n',
    '--- # x\n',
    '--- !x\n',
    '--- |\n',
    '%YAML 1.1\n---\n',
    '  \n',
    '   # x\n',
  ],
  ...[
    '!!map\n',
    '&r\n',
    '!x &y\n',
    '{# x\n',
    '{# x #}\n',
    '{{- /* x\n',
    '{% if x %}\n',
    '<% x %>\n',
  ],
  ...['[', '"', '\u2028', '\u0085', '\ufeff'],
];
const LINES = [
  ...[
    'a: 1',
    'a: !x 1',
    'a: !!binary aGk=',
    'a: !x {b: 1}',
    '.inf: 1',
    'a: .inf',
    'z: ! x',
    '? x',
    ': y',
  ],
  ...[
    'a: |\n  x\n  {{/*',
    'a: "\n{{/* "',
    'b: "*/}}"',
    'b: |\n  */}}',
    'a: {# }',
    'x: #}',
    'a: 1 # {',
  ],
  ...[
    'm: {a: b,',
    'm: [',
    '  c: d',
    '}',
    ']',
    'l:\n- a',
    '- x',
    '  kind: y',
    ' kind: Pod',
    '# kind: x',
  ],
  ...['a: &k kind', 'a: &m {kind: Pod}', '<<: *m', '"a": {"kind": "x"}', "? 'a'\n: b", '...'],
  ...[
    'a: b\n  c',
    "a: 'x\n  y'",
    'a: "x\\\n  y"',
    'a: >\n  t',
    'a: !x\n  b: 1',
    'c: !x |\n  k',
    'a:',
  ],
  ...['{% end %}: a', '<% a -%>', '\tq: 1', 'a: \ufeffb', 'd: 1\u2028e: 2', 'a: "\u0085"'],
];
const ELEMENTS = [
  ...[
    'a: 1',
    '"a": 1',
    'b: {',
    '"b": {',
    '}',
    'c: [',
    ']',
    'x: !x 1',
    '"d": !!binary aGk=',
    'n: -',
  ],
  ...[
    '// {',
    '//',
    '/* {',
    '*/',
    '"x": {//',
    '//}',
    '"//": 1',
    '"b": {//}',
    '# {\n',
    '\n',
    '{# x',
    '{{x}}',
  ],
  ...[
    '"s": "}"',
    "'s': '{'",
    '"b": "\\\\"',
    "it's: 1",
    '"e": "\ufeff"',
    '<<: {kind: Pod}',
    '*k : Pod',
  ],
  ...[
    'kind: Pod',
    '"kind": "Pod"',
    "'kind': Pod",
    '"k\\x69nd": Pod',
    '"ki\\\nnd": Pod',
    '? kind\n: Pod',
  ],
];

const TEXTS = setting('HIDDEN', sized(20_000, 500_000), 1);
const SEED = setting('SEED', 1);
const AT_ONCE = 20_000;

test(`${TEXTS} texts that may hide a key, from seed ${SEED}`, async (context) => {
  const random = randomFrom(SEED);
  const pick = <T>(from: readonly T[]) => from[random(from.length)] as T;
  const some = (from: readonly string[], most: number) =>
    Array.from({ length: random(most) }, () => pick(from));
  const block = () => {
    const key = random(3) === 0 ? [] : [`${pick(KEYS)}: Pod`];
    const [indent, end] = [pick(['', '', ' ', '  ']), pick(['\n', '\n', '\r\n', '\r'])];
    const lines = [...some(LINES, 6), ...key, ...some(LINES, 4)].join('\n').split('\n');
    return pick(STARTS) + lines.map((line) => indent + line + end).join('');
  };
  const brackets = () =>
    `${pick(['', '# c\n', '!x ', '--- ', '&a ', '\n\n', '!!map\n', '  '])}{${some(ELEMENTS, 9).join(pick([', ', ',\n']))}${pick(['}', '}\n', '}}', '', '}kind: Pod'])}`;
  let others = 0;
  for (let left = TEXTS; left > 0; left -= AT_ONCE) {
    const files = Array.from({ length: Math.min(left, AT_ONCE) }, () =>
      new TextEncoder().encode(random(2) === 0 ? block() : brackets()),
    );
    const answers = await kubernetesReads(files);
    files.forEach((file, index) => {
      const read = readManifest('a.yaml', file);
      if (read.errors.length > 0 || read.others.length === 0) return;
      others += 1;
      const text = JSON.stringify(new TextDecoder().decode(file));
      assert.ok(keysIn(answers[index]?.documents ?? []) <= keysIn(read.documents), text);
    });
  }
  assert.ok(others > TEXTS / 20, String(others));
  context.diagnostic(`${others} of them are documents of another kind`);
});

function keysIn(documents: readonly { readonly value: unknown }[]): number {
  const values = documents.map(({ value }) => JSON.parse(JSON.stringify(value)));
  return values.filter((value) => isMap(value) && ('kind' in value || 'apiVersion' in value))
    .length;
}
