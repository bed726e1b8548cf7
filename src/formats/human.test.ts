import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import {
  INPUT_ERROR,
  REPORT,
  FINDING as SAMPLE,
  NOTE as SAMPLE_NOTE,
} from '../../test/support/samples.ts';
import type { Finding, InputError, Location, Note, Report } from '../report/report.ts';
import { renderHuman } from './human.ts';
import { problemLine } from './names.ts';
import { widthOf } from './text.ts';

const FINDING: Finding = {
  ...SAMPLE,
  message: 'kube-dns can run on worker nodes',
  component: 'kube-dns',
  object: {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: 'kube-system',
    name: 'kube-dns',
  },
  file: 'dns.yaml',
  line: 3,
  column: 3,
  endLine: 3,
  endColumn: 11,
  path: ['spec', 'template', 'spec', 'nodeSelector', 'a/b', 0],
  fix: { title: 'Select the role\n  in nodeSelector.', safe: false, edits: [] },
};

const NOTE: Note = {
  ...SAMPLE_NOTE,
  message: 'image is given twice: kubectl keeps the last',
  file: 'dns.yaml',
  column: 1,
  endLine: 1,
  endColumn: 5,
};

const SOURCE = 'kind: Deployment\nspec:\n  template: {}\n  replicas: 1\n';

const CONTEXT = {
  source: () => SOURCE,
  color: false,
  width: 80,
  catalogue: { version: '1.2.3', repository: 'https://example.org/project', policies: [] },
  pages: () => ({}),
};
const CHECKED = 'Checked 1 object in 1 file against sample.';

function human(
  report: Partial<Report>,
  source: string | undefined = SOURCE,
  verbose = false,
): string {
  return renderHuman({ ...REPORT, ...report }, { ...CONTEXT, source: () => source, verbose });
}

test('a finding has its place, message, source lines with the value underlined, and a fix', () => {
  const summary = { ...REPORT.summary, files: 2, documents: 3, objects: 3, checked: 2 };
  assert.equal(
    human({ findings: [FINDING], summary }),
    `dns.yaml:3:3  error  off-role-placement
  kube-dns can run on worker nodes
  at Deployment kube-system/kube-dns, spec.template.spec.nodeSelector["a/b"][0]

  2 | spec:
  3 |   template: {}
    |   ^^^^^^^^
  4 |   replicas: 1

  fix: Select the role in nodeSelector.

1 error in 1 of 2 files.
Checked 2 of 3 objects in 2 files against sample.
`,
  );
});

test('an object that the message names, and a path that the source lines show, are not repeated', () => {
  const message = 'Deployment kube-system/kube-dns can run on worker nodes';
  const [, ...lines] = human({ findings: [{ ...FINDING, message, path: ['template'] }] }).split(
    '\n',
  );
  assert.deepEqual(lines.slice(0, 2), [`  ${message}`, '']);
});

test('findings of one policy at one place are one block', () => {
  const other = {
    ...FINDING,
    message: 'kube-dns can run on infra nodes',
    fix: { ...FINDING.fix, title: 'Or that.' },
  };
  const text = human({ findings: [FINDING, other, { ...FINDING, policy: 'stuck-rollout' }] });
  const blocks = text.split(/^(?=dns\.yaml)/m);
  assert.equal(blocks.length, 2);
  assert.match(blocks[0] ?? '', /infra nodes\n {2}kube-dns can run on worker nodes\n/);
  assert.match(blocks[0] ?? '', /fix: Or that\.\n {2}fix: Select the role/);
});

test('the other objects of a finding are listed, the first three with their place', () => {
  const related = ['a', 'b', 'c', 'd', 'e'].map((name) => ({
    ...FINDING.object,
    name,
    path: [],
    says: '2 replicas',
    ...(name === 'a'
      ? { file: 'x.yaml', line: 1, column: 2, endLine: 1, endColumn: 3 }
      : { file: null, line: null, column: null, endLine: null, endColumn: null }),
  }));
  const lines = human({ findings: [{ ...FINDING, related }] }).split('\n');
  assert.deepEqual(
    lines.filter((line) => line.startsWith('  see: ')),
    [
      '  see: x.yaml:1:2 Deployment kube-system/a: 2 replicas',
      '  see: Deployment kube-system/b: 2 replicas',
      '  see: Deployment kube-system/c: 2 replicas',
      '  see: 2 more objects',
    ],
  );
});

test('a clean report is one line', () => {
  assert.equal(human({}), `No problems. ${CHECKED}\n`);
  assert.equal(
    human({ notes: [NOTE] })
      .split('\n')
      .at(-2),
    `No problems. 1 note. ${CHECKED}`,
  );
});

test('empty documents are counted', () => {
  const summary = { ...REPORT.summary, emptyDocuments: 1 };
  assert.equal(
    human({ summary }),
    `No problems. Checked 1 object in 1 file (1 document empty) against sample.\n`,
  );
});

describe('documents that are no objects', () => {
  const other = (file: string, line: number, reason: string) => {
    return { file, line, column: 1, endLine: null, endColumn: null, reason };
  };
  const two = [other('b.yaml', 7, 'not a mapping'), other('a\u001b.yaml', 1, 'a template')];

  test('are counted', () => {
    const says = (count: number) =>
      human({ otherDocuments: Array.from({ length: count }, () => two[0] ?? other('', 1, '')) })
        .trimEnd()
        .split('\n')
        .slice(1);
    assert.deepEqual(says(0), []);
    assert.deepEqual(says(1), ['1 document that is no Kubernetes object; --verbose lists it.']);
    assert.deepEqual(says(4371), [
      '4,371 documents that are no Kubernetes objects; --verbose lists them.',
    ]);
  });

  test('are listed with --verbose, a line each', () => {
    assert.equal(
      human({ otherDocuments: two }, SOURCE, true),
      `Not Kubernetes objects:
  a\\x1b.yaml:1:1  a template
  b.yaml:7:1  not a mapping

No problems. ${CHECKED}
2 documents that are no Kubernetes objects.
`,
    );
  });
});

test('what was left out is a line', () => {
  const line = (...paths: readonly string[]) =>
    human({ excluded: paths.map((path) => ({ path, reason: 'hidden' })) }).split('\n')[1];
  assert.equal(line(), '');
  assert.equal(line('./.git'), 'Left out: .git (1 directory).');
  assert.equal(
    line('.git', 'a/node_modules', '.github', 'b/node_modules/'),
    'Left out: .git, .github, node_modules (4 directories).',
  );
  assert.equal(
    line('.a', '.b', '.c', '.d', '.e', '.f', '.g'),
    'Left out: .a, .b, .c, .d, .e and 2 more (7 directories).',
  );
});

test('in a whole cluster the components that are not in the input are listed', () => {
  const components: Report['components'] = [
    { name: 'kube-dns', environment: null, state: 'missing', objects: [] },
    { name: 'heapster', environment: null, state: 'present', objects: [FINDING.object] },
    { name: 'kube-proxy', environment: null, state: 'missing', objects: [] },
  ];
  const summary = { ...REPORT.summary, objects: 0 };
  const line = 'Components not found (2 of 3): kube-dns, kube-proxy.\n';
  assert.ok(human({ scope: 'cluster', components }).includes(line));
  assert.ok(!human({ scope: 'part', components }).includes(line));
  assert.ok(!human({ scope: 'cluster', components, summary }).includes(line));
});

test('what could not be read comes last, and the result is not called clean', () => {
  const error: InputError = { ...INPUT_ERROR, file: 'dns.yaml', line: 4, column: 13 };
  assert.equal(
    human({ notes: [NOTE], inputErrors: [error] }),
    `dns.yaml:1:1  note  DUPLICATE_KEY
  image is given twice: kubectl keeps the last

  1 | kind: Deployment
    | ^^^^
  2 | spec:

dns.yaml:4:13  unreadable  ${INPUT_ERROR.code}
  ${INPUT_ERROR.message}

  3 |   template: {}
  4 |   replicas: 1
    |             ^

No findings in what could be read. 1 note.
${CHECKED}
1 part of the input could not be checked, so this is not a clean result (exit
status 2).
`,
  );
});

test('many notes of one kind are one block with a count', () => {
  const notes = [1, 2, 3, 4, 5].map((line) => ({ ...NOTE, line, column: 1 }));
  assert.equal(
    human({ notes }),
    `5 notes  DUPLICATE_KEY
  image is given twice: kubectl keeps the last
  at dns.yaml:1:1, dns.yaml:2:1, dns.yaml:3:1 and 2 more

No problems. 5 notes. ${CHECKED}
`,
  );
});

test('more than ten findings end with totals, most first', () => {
  const findings = [
    ...Array(8).fill(FINDING),
    ...['a', 'b', 'a'].map((policy) => ({ ...FINDING, policy, severity: 'warning' as const })),
  ];
  assert.equal(
    human({ findings }).split('\n\n').slice(-2).join('\n\n'),
    `   8  off-role-placement  error
   2  a                   warning
   1  b                   warning

11 problems (8 errors, 3 warnings) in 1 file.
${CHECKED}
`,
  );
});

test('a hostile manifest cannot control the terminal, nor add a line of its own', () => {
  const hostile = {
    ...FINDING,
    message: 'a\u001b[2Jb\u202ec\u0000',
    object: { apiVersion: 'v1', kind: 'Pod\u200b', namespace: null, name: 'x\n0' },
    file: '\u001b]0;owned\u0007.yaml',
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 2,
    path: ['k\u001b'],
  };
  assert.equal(
    human({ findings: [hostile] }, 'a: "\u001b[2J\u2028"\u{e0041}')
      .split('\n\n')
      .slice(0, 3)
      .join('\n\n'),
    `\\x1b]0;owned\\x07.yaml:1:1  error  off-role-placement
  a\\x1b[2Jb\\u202ec\\x00
  at Pod\\u200b x\\n0, ["k\\u001b"]

  1 | a: "\\x1b[2J\\u2028"\\u{e0041}
    | ^

  fix: Select the role in nodeSelector.`,
  );
});

test('an object without a name or namespace is shown as it is', () => {
  const object = { apiVersion: 'v1', kind: 'Node', namespace: null, name: null };
  const bare = { ...FINDING, component: null, object, path: [] };
  assert.equal(human({ findings: [bare] }, 'x').split('\n')[2], '  at Node (unnamed)');
});

test('a file that cannot be shown has no source lines', () => {
  const text = renderHuman(
    { ...REPORT, findings: [FINDING] },
    { ...CONTEXT, source: () => undefined },
  );
  assert.doesNotMatch(text, / \| /);
});

test('colour is an option and changes nothing but colour', () => {
  const report = { ...REPORT, findings: [FINDING], notes: [NOTE] };
  const colored = renderHuman(report, { ...CONTEXT, color: true });
  assert.ok(colored.startsWith('\u001b[1mdns.yaml:3:3\u001b[0m  \u001b[1;31merror\u001b[0m  '));
  assert.equal(stripVTControlCharacters(colored), renderHuman(report, CONTEXT));
});

test('no line is wider than the page unless it is one word', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 200 });
  fc.assert(
    fc.property(text, text, fc.integer({ min: 40, max: 120 }), (message, source, width) => {
      const report = {
        ...REPORT,
        findings: [{ ...FINDING, message }],
        notes: [{ ...NOTE, message }],
      };
      const page = renderHuman(report, { ...CONTEXT, width, source: () => source });
      for (const line of page.split('\n')) {
        assert.ok(widthOf(line) <= width || !line.trim().includes(' '), line);
      }
    }),
  );
});

const places: readonly (readonly [Pick<Location, 'file' | 'line' | 'column'>, string])[] = [
  [{ file: null, line: null, column: null }, 'bulkhead: no\\x1b'],
  [{ file: 'a', line: null, column: null }, 'bulkhead: a: no\\x1b'],
  [{ file: 'a', line: 1, column: 2 }, 'bulkhead: a:1:2: no\\x1b'],
];
for (const [place, sentence] of places) {
  test(`a line of standard error has as much of its place as is known: ${sentence}`, () => {
    assert.equal(problemLine({ message: 'no\u001b', ...place }), sentence);
  });
}
