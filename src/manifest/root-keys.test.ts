// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the placeholders of other tools
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readManifest } from './read.ts';

// A document that cannot be read is an error if it may be a manifest, and is only listed if it is certain to be
// something else.

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function verdict(content: string | Uint8Array): 'manifest' | 'other' | 'readable' {
  const bytes = typeof content === 'string' ? bytesOf(content) : content;
  const { errors, others } = readManifest('a.yaml', bytes);
  if (errors.length > 0) return 'manifest';
  return others.length > 0 ? 'other' : 'readable';
}

type Row = readonly [what: string, content: string | Uint8Array];

function allAre(expected: 'manifest' | 'other', rows: readonly Row[]): void {
  for (const [what, content] of rows) {
    test(what, () => assert.equal(verdict(content), expected, JSON.stringify(content)));
  }
}

/** What makes a document unreadable, after its first lines. */
const BROKEN = 'z: [\n';

describe('a key at the root makes it a manifest', () => {
  allAre('manifest', [
    ['kind', `kind: Pod\n${BROKEN}`],
    ['apiVersion', `apiVersion: v1\n${BROKEN}`],
    ['after the mistake', 'z: [\nkind: Pod\n'],
    ['the last line, without a line break', 'z: [\nkind: Pod'],
    ['indented, as the whole document', `  a: 1\n  kind: Pod\n  ${BROKEN}`],
    ['indented less than the first line', `    a: 1\n  kind: Pod\n  ${BROKEN}`],
    ['by one space too much, after a value', `a: 1\n kind: Pod\n${BROKEN}`],
    ['by one space too much, after brackets', `a: {b: 1}\n kind: Pod\n${BROKEN}`],
    ['below brackets that are closed', `a: {\n  b: 1}\n  kind: Pod\n${BROKEN}`],
    ['below the end of a text in quotes', ` a: "\n" \n kind: Pod\n ${BROKEN}`],
    ['below the end of brackets', ` a: [\n] # [\n kind: Pod\n ${BROKEN}`],
    ['at an indentation that no line before has', `a:\n    b: 1\n  kind: Pod\n${BROKEN}`],
    ['below an item, at the root', `- a\nkind: Pod\n${BROKEN}`],
    ['in double quotes', `"kind": Pod\n${BROKEN}`],
    ['in single quotes', `'kind': Pod\n${BROKEN}`],
    ['with a quote that is missing at its start', `kind": Pod\n${BROKEN}`],
    ['with a quote that is missing at its end', `"kind: Pod\n${BROKEN}`],
    ['with a space before the colon', `kind : Pod\n${BROKEN}`],
    ['without a space after the colon', `kind:Pod\n${BROKEN}`],
    ['without a colon', `a: 1\nkind\n${BROKEN}`],
    ['without a value', `a: [\nkind:\n`],
    ['escaped by \\x', `"\\x6bind": Pod\n${BROKEN}`],
    ['escaped by \\u', `"\\u006bind": Pod\n${BROKEN}`],
    ['escaped by \\U', `"k\\U00000069nd": Pod\n${BROKEN}`],
    ['escaped as a whole', `"\\x61\\x70\\x69\\x56\\x65\\x72\\x73\\x69\\x6f\\x6e": v1\n${BROKEN}`],
    ['escaped in upper case', `"\\x6Bind": Pod\n${BROKEN}`],
    ['with an escape that is wrong, and without its second quote', `"\\x6ind: Pod\n`],
    ['with an escape that is wrong', `"\\x6ind": Pod\n${BROKEN}`],
    ['folded by an escaped line break', `? "ki\\\n  nd"\n: Pod\n${BROKEN}`],
    ['folded, without a question mark', `"ki\\\n  nd": Pod\n${BROKEN}`],
    ['an explicit key', `? kind\n: Pod\n${BROKEN}`],
    ['an explicit key on the next line', `?\n  kind\n: Pod\n${BROKEN}`],
    ['an explicit key in a block scalar', `? |-\n  kind\n: Pod\n${BROKEN}`],
    ['an explicit key that is an alias', `a: &k kind\n? *k\n: Pod\n${BROKEN}`],
    ['behind an anchor', `&a kind: Pod\n${BROKEN}`],
    ['behind a tag', `!!str kind: Pod\n${BROKEN}`],
    ['behind a long tag and an anchor', `!<tag:yaml.org,2002:str> &a "kind": Pod\n${BROKEN}`],
    ['behind a tag of the root', `!!map\nkind: Pod\n${BROKEN}`],
    ['indented behind a tag of the root', `!!map\n  kind: Pod\n${BROKEN}`],
    ['an alias', `a: &k kind\n*k : Pod\n${BROKEN}`],
    ['what a merge brings', `a: &k {kind: Pod}\n<<: *k\n${BROKEN}`],
    ['indented by a tab', `\ta: 1\n\tkind: Pod\n`],
    ['after a tab and spaces', `    a: 1\n\tkind: Pod\n`],
    ['after a tab before the colon', `kind\t: Pod\n${BROKEN}`],
    ['with CR as line ends', `a: 1\rkind: Pod\r${BROKEN}`],
    ['with CR CR LF as line ends', `a: 1\r\r\nkind: Pod\r\r\n${BROKEN}`],
    ['with U+0085 as line ends', `a: 1\u0085kind: Pod\u0085${BROKEN}`],
    ['with U+2028 as line ends', `a: 1\u2028kind: Pod\u2028${BROKEN}`],
    ['behind a byte order mark', `\ufeffkind: Pod\n${BROKEN}`],
    ['behind a byte order mark within', `a: 1\n\ufeffkind: Pod\n${BROKEN}`],
    ['with a byte order mark in it', `ki\ufeffnd: Pod\n${BROKEN}`],
    ['with NUL in it', 'k\0i\0n\0d\0:\0 Pod\n'],
    ['behind a control character', '\u0007kind: Pod\n'],
    ['with a zero width space in it', `ki\u200bnd: Pod\n${BROKEN}`],
    ['behind a comment', `# note\nkind: Pod\n${BROKEN}`],
    ['behind a directive', `%YAML 1.1\n---\nkind: Pod\n`],
    ['behind the end of a document', 'a: 1\n...\nkind: Pod\n'],
    ['behind something else', `WARNING: "x" is deprecated: do not\nkind: Pod\n${BROKEN}`],
    ['in brackets behind something else', 'WARNING "x"\n{"apiVersion": "v1", "kind": "Pod"}\n'],
    ['in brackets whose first is another sign', 'n"a": {"b": 1}, "kind": "Pod", "c": [}\n'],
    ['in brackets whose first is lost', 'napiVersion: v1, kind: Pod, a: {b: [{c: d}]}}\n'],
    ['in brackets behind an anchor without a name', '&{"apiVersion":"v1","kind":"Pod","a":[}\n'],
    ['in brackets behind garbage', 'x{"apiVersion": "v1", "kind": "Pod"}\n'],
    ['a placeholder', `\${K}: Pod\n${BROKEN}`],
    ['a placeholder without braces', `$K: Pod\n${BROKEN}`],
    ['a placeholder in quotes', `"\${K}": Pod\n${BROKEN}`],
    ['a placeholder with a default', `\${K:-kind}: Pod\n${BROKEN}`],
    ['a placeholder in a word', `ki\${N}: Pod\n${BROKEN}`],
    ['a placeholder of another form', `<KIND>: Pod\n${BROKEN}`],
    ['what a template puts there', '{{ k }}: Pod\na: 1\n'],
    ['what a template puts in a word', 'ki{{ "nd" }}: Pod\na: {{ b }}\n'],
    ['the output of a template as a line', 'a: {{ b }}\n{{ include "x" . }}\n'],
    ['the output of a variable as a line', '{{ x }}\na: 1\n'],
    ['the output of a variable in a shell', `\${X}\n${BROKEN}`],
    ['what Jinja includes', 'a: 1\n{% include "x.yaml" %}\n'],
    ['what a template in ERB puts there', '<%= x %>\na: {{ b }}\n'],
    ['in a condition on one line', '{{ if a }}kind: Pod{{ end }}\na: {{ b }}\n'],
    ['in a condition of Jinja on one line', '{% if a %}kind: Pod{% endif %}\n'],
    ['in a condition', '{{- if a }}\nkind: Pod\n{{- end }}\n'],
    ['after a tag that takes its line break away', 'a: b\n{{ if c -}}\n  kind: Pod\n{{ end }}\n'],
    ['after a comment of a template', '{{- /* note */ -}}\nkind: Pod\na: {{ b }}\n'],
    ['in brackets', '{"kind": "Pod", "a": [}'],
    ['in brackets without quotes', '{a: 1, kind: Pod, b: [}'],
    ['in brackets, escaped', '{"\\u006bind": "Pod", "a": [}'],
    ['in brackets behind a tag', '!!map {kind: Pod, a: [}'],
    ['in brackets on lines of their own', '{\n  a: 1,\n  kind: Pod,\n  b: [\n}'],
    ['in brackets after a comment', '{\n  // note\n  "kind": "Pod"\n}'],
    ['in brackets after a comment of two lines', '{\n  /* a\n b */ "kind": "Pod"\n}'],
    ['in brackets with a comment before the colon', '{"kind" /* a */: "Pod", "a": 1}'],
    ['with a bracket that is missing', '{"a": {"kind": "Pod"}'],
    ['with a bracket too much', '{"a": {"b": 1}}, "kind": "Pod"}'],
    ['with a quote that is missing', '{"a": "x, "kind": "Pod"}'],
    ['with a comma that is missing', '{"a": 1 "kind": "Pod"}'],
    ['with a question mark', '{"a": 1, ? kind : Pod, "b": [}'],
    ['with a merge', '{a: &b {c: 1}, <<: *b, d: [}'],
    ['deeper as JSON with comments, at the root as YAML', commentTrick()],
    ['in brackets that look like a comment of Jinja', '{# x\nkind: Pod, a: !x b, c: "#}"}'],
    ['JSON after JSON', '{"a": 1}\n{"kind": "Pod"\n'],
    ['on the line of a separator', 'a: 1\n--- {kind: Pod}\n'],
    ['in a file with a wrong separator', 'kind: Pod\napiVersion: v1\n---x\na: 1\n'],
    ['folded after a wrong separator', '--- "ki\\\nnd": Pod\n'],
    ['in UTF-16 without a byte order mark', Buffer.from(`kind: Pod\n${BROKEN}`, 'utf16le')],
    ['the same, big endian', Buffer.from(`kind: Pod\n${BROKEN}`, 'utf16le').swap16()],
    ['in UTF-16 with letters of others', Buffer.from('kind: Pod\na: é\u{1f600}ś', 'utf16le')],
    ['in UTF-32', Buffer.from([...'kind: é'].flatMap((c) => [c.charCodeAt(0), 0, 0, 0]))],
    [
      'in UTF-16 that is cut off',
      Buffer.concat([Buffer.from('\ufeffkind: Pod', 'utf16le'), Buffer.of(1)]),
    ],
    ['in Latin 1', Buffer.from(`# caf\u00e9\nkind: Pod\n`, 'latin1')],
    ['escaped in bytes that are not text', Buffer.from('"\\x6bind": Pod\xff', 'latin1')],
    ['in a long text, however deep', `${BROKEN}${'a: 1\n'.repeat(200_000)}b: {kind: Pod}\n`],
  ]);
});

/** To JSON with comments the key is deeper, to YAML it is at the root; too deep for either. */
function commentTrick(): string {
  const deep = `${'['.repeat(1100)}${']'.repeat(1100)}`;
  return `{"b": { //}, \n"kind": "Pod", "apiVersion": "v1", "d": ${deep}, "x": { //{\n}}}`;
}

describe('anything else is no manifest', () => {
  allAre('other', [
    ['nothing of the kind', BROKEN],
    ['a tag of mkdocs', 'site_name: a\nplugins:\n  - x: !ENV [CI, false]\nz: !!python/name:a.b\n'],
    [
      'a template of CloudFormation',
      'Resources:\n  A:\n    Type: X\n    B: !Sub "${C}"\n    kind: !Ref D\n',
    ],
    ['references of GitLab', 'job:\n  script:\n    - !reference [.a, script]\n'],
    ['JSON with comments', '{\n  // note\n  "compilerOptions": {"strict": true,}, /* more */\n}\n'],
    [
      'JSON with comments and a deeper key',
      '{\n  // do not\n  "tasks": [{"group": {"kind": "build"}}]\n}\n',
    ],
    ['JSON with a key in a comment', '{\n  // "kind": "Pod",\n  // a: b\n  "a": 1\n}\n'],
    ['JSON with a key in a text', '{\n  // note\n  "a": "kind: \\"kind\\": x"\n}\n'],
    [
      'a template of JSON',
      '[\n{% for p in posts %}\n{"t": "{{ p.title }}"}{% unless last %},{% endunless %}\n{% endfor %}\n]\n',
    ],
    ['a template with values', '{"a": {{ b }}, "c": [{{ d }}]}\n'],
    ['a key of JSON Schema', '{\n  // note\n  "$schema": "https://x", "$id": "y"\n}\n'],
    ['$schema in a block', `$schema: x\n${BROKEN}`],
    ['prose', '# Title\n\nSome text: with "quotes", and a list:\n\n* of *things*: many\n'],
    ['prose about a kind of thing', 'a: b: c\nkind of magic, that is\nof a kind\n'],
    ['Jinja', 'a: {{ b }}\nc:\n{% for d in e %}\n  - {{ d }}\n{% endfor %}\n'],
    [
      'a template of Go, with nothing at its root',
      '{{- if .Values.a }}\na:\n  {{- toYaml .b | nindent 2 }}\n{{- end }}\n',
    ],
    [
      'assignments and comments of a template',
      '{{- $a := include "b" . }}\n{{/* kind: Pod */}}\na: {{ $a }}\n',
    ],
    [
      'a comment of several lines in a template',
      '{{- /*\nkind: Pod\napiVersion: v1\n*/ -}}\na: {{ b }}\n',
    ],
    ['comments of Jinja', '{# note #}\na: {{ b }}\n'],
    ['loops of Handlebars', 'a:\n{{#each b}}\n  - {{this}}\n{{/each}}\n'],
    ['a deeper key', `a:\n  kind: x\n${BROKEN}`],
    ['a deeper key below a tag', `a: !x\n  kind: x\n${BROKEN}`],
    ['a deeper key below an anchor and a comment', `a: &b # note\n  kind: x\n${BROKEN}`],
    ['a deeper key in quotes', `a:\n    "kind": x\n${BROKEN}`],
    ['a deeper key indented by a tab', `a:\n\tkind: x\n`],
    ['a key two levels down', `a:\n  b:\n    kind: x\n  c: 1\n${BROKEN}`],
    ['a key of an item', `a:\n  - kind: x\n    b: 1\n${BROKEN}`],
    ['a key of an item that is not indented', `a:\n- b: 1\n  kind: x\n${BROKEN}`],
    ['a key of an item of an item', `- - a: 1\n    kind: x\n- ${BROKEN}`],
    ['a list of objects', '- apiVersion: v1\n  kind: Pod\n  a: [\n'],
    [
      'a list of objects in brackets',
      `[{"apiVersion": "v1", "kind": "Pod", "a": ${'['.repeat(1100)}${']'.repeat(1100)}}]`,
    ],
    ['a key in brackets below the root', `a: {kind: x}\n${BROKEN}`],
    ['keys in brackets below the root', `a: [{b: 1, kind: x}, {c: [1], kind: y}]\n${BROKEN}`],
    ['a key in brackets of several lines', `a: {\n  kind: x,\n}\n${BROKEN}`],
    ['an explicit key below the root', `a:\n  ? kind\n  : x\n${BROKEN}`],
    ['a merge below the root', `a: &a {}\nb:\n  <<: *a\n${BROKEN}`],
    ['a text in a block scalar', `a: |\n  kind: x\n    kind: y\n  kind: z\n${BROKEN}`],
    ['a text in a block scalar with a tag', `a: !vault |2-\n    kind: x\n${BROKEN}`],
    ['a text in a block scalar of an item', `a:\n  - |\n    x\n      kind: x\n${BROKEN}`],
    ['a text in quotes of several lines', `a: "b\n  kind: x"\n${BROKEN}`],
    ['a text in quotes', `a: "kind: x"\nb: 'kind: y'\n${BROKEN}`],
    ['a comment', `# kind: Pod\na: 1 # kind: Pod\n${BROKEN}`],
    ['a value', `a: kind\nb: apiVersion\n${BROKEN}`],
    ['a longer word', `kinds: x\napiVersions: [\nmankind: 1\n`],
    ['another spelling, which kubectl refuses', `Kind: Pod\nAPIVersion: v1\n${BROKEN}`],
    ['a text with an escape that is wrong', '"\\UA66D"'],
    ['an escape that stays one', `"a\\tb": c\n${BROKEN}`],
    ['what follows a separator', 'title: a\n---\nText: with: colons\n'],
    ['a rule of Markdown', 'title: a\n---\ntext\n-----\nmore\n'],
    ['JSON that is followed by something', '{"a": 1}\n{"b": 2}\nc: 3\n'],
    ['a number that is too large', '{"a": {"kind": 1}, "b": 1e400}'],
    ['bytes that are not text', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe, 0x00])],
    ['a text in Latin 1', Buffer.from('# caf\u00e9\na: 1\n', 'latin1')],
    ['UTF-16 without a byte order mark', Buffer.from('a: é', 'utf16le')],
  ]);
});

// A manifest in any style, with any mistake after its first keys, is never silent.

const key = (name: string) =>
  fc.constantFrom(
    name,
    `"${name}"`,
    `'${name}'`,
    `!!str ${name}`,
    `&${name} ${name}`,
    `"${[...name].map((c) => `\\x${c.charCodeAt(0).toString(16)}`).join('')}"`,
    `"${[...name].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`,
  );

const pairs = fc.tuple(key('apiVersion'), key('kind'), fc.boolean());

/** The parts of a manifest up to which nothing is broken, and after. */
const blocks = fc
  .tuple(pairs, fc.constantFrom('', '  ', '    '), fc.constantFrom('\n', '\r\n', '\r'), fc.nat(3))
  .map(([[api, kind, isFirst], indent, end, style]) => {
    const line = (name: string, value: string) =>
      style === 1 ? `${indent}? ${name}${end}${indent}: ${value}` : `${indent}${name}: ${value}`;
    const root = [line(api, 'v1'), line(kind, 'Pod')];
    const head = ['# note', ...(isFirst ? root : root.toReversed())].join(end) + end;
    const body = [
      'metadata:',
      '  name: a',
      'spec:',
      '  tolerations:',
      '    - operator: "Exists"',
      '  x: |',
      '    kind: y',
    ];
    return [head, body.map((text) => indent + text).join(end) + end] as const;
  });

const flows = fc
  .tuple(pairs, fc.constantFrom(' ', '\n', '\n  ', '\t'))
  .map(([[api, kind, isFirst], space]) => {
    const root = [`${api}: v1`, `${kind}: Pod`];
    const head = `{${space}${(isFirst ? root : root.toReversed()).join(`,${space}`)}`;
    return [
      head,
      `,${space}"metadata": {"name": "a"},${space}"spec": {"tolerations": [{"operator": "Exists"}]}}\n`,
    ] as const;
  });

const GARBAGE = [
  '[',
  '{',
  '}',
  ']',
  '"',
  "'",
  ':',
  ': ',
  '\t',
  '@',
  '%',
  '`',
  '*',
  '&',
  '- ',
  '? ',
  '\n',
  '\n  ',
  '#',
  ' #',
  '|',
  '>',
  '{{ x }}',
  '{% y %}',
  '\0',
  '\ufeff',
  '---',
  '\n---x\n',
  ',',
  '!x ',
  '// x',
  '/*',
  '\\',
];

test('a manifest in any style that is broken anywhere after its first keys is never silent', () => {
  let broken = 0;
  fc.assert(
    fc.property(
      fc.oneof(blocks, flows),
      fc.nat(),
      fc.nat(3),
      fc.array(fc.constantFrom(...GARBAGE), { minLength: 1, maxLength: 3 }),
      ([head, body], seed, cut, garbage) => {
        const at = seed % (body.length + 1);
        const text = head + body.slice(0, at) + garbage.join('') + body.slice(at + cut);
        // The keys are then in a document of their own.
        if (/^\ufeff?---/m.test(text)) return;
        const found = verdict(text);
        if (found !== 'readable') broken += 1;
        assert.notEqual(found, 'other', JSON.stringify(text));
      },
    ),
    { numRuns: 3000 },
  );
  assert.ok(broken > 1000, String(broken));
});

for (const [what, text] of [
  ['braces', '{'.repeat(500_000)],
  ['braces after the root', `a: ${'{{'.repeat(250_000)}`],
  ['parentheses', `{${'(('.repeat(250_000)}`],
  ['tags without an end', `{% if ${'{%'.repeat(200_000)}`],
  ['comments without an end', '{# \n'.repeat(120_000)],
  ['holes', `{${'{{}}'.repeat(120_000)}`],
  ['letters', `{${'a'.repeat(500_000)}`],
  ['spaces', `"a${' '.repeat(500_000)}[`],
  ['blank lines', `{${'\n'.repeat(500_000)}{{`],
  ['quotes', `{${'"'.repeat(500_001)}`],
  ['comments of JSON', `{${'// a\n'.repeat(100_000)}`],
  ['indentation', Array.from({ length: 900 }, (_, i) => `${' '.repeat(i)}a:\n`).join('') + BROKEN],
  ['signs of tags', `${'!'.repeat(200_000)}{\n${'!&'.repeat(100_000)} {`],
  ['anchors', `${'&a '.repeat(100_000)}{ x`],
  ['commas', `kind, ${',  '.repeat(150_000)}{\n${BROKEN}`],
  ['escapes', `"${'\\x'.repeat(250_000)}`],
  ['a text of 20 MB', `z: [\n${'a: b\n'.repeat(4_000_000)}`],
] as const) {
  test(`many ${what} are decided in time that grows with their number`, { timeout: 20_000 }, () => {
    assert.notEqual(verdict(text), 'readable');
  });
}
