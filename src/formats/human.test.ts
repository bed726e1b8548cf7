import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import {
  INPUT_ERROR,
  REPORT,
  FINDING as SAMPLE,
  NOTE as SAMPLE_NOTE,
} from '../../test/support/samples.ts';
import type { Finding, InputError, Location, Note, Report } from '../report/report.ts';
import { renderErrors, renderHuman, renderProblem } from './human.ts';

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
  path: ['spec', 'template', 'spec', 'nodeSelector', 'a/b', 0],
  fix: { title: 'Select the role\n  in nodeSelector.', safe: false, edits: [] },
};

const NOTE: Note = {
  ...SAMPLE_NOTE,
  message: 'image is given twice: kubectl keeps the last',
  file: 'dns.yaml',
  column: 1,
};

const SOURCE = 'kind: Deployment\nspec:\n  template: {}\n  replicas: 1\n';

function human(report: Partial<Report>, source: string | undefined = SOURCE): string {
  return renderHuman({ ...REPORT, ...report }, { source: () => source, color: false });
}

test('a finding shows its place, object, message, source lines with a caret, and how to fix it', () => {
  const summary = {
    ...REPORT.summary,
    files: 2,
    documents: 3,
    objects: 3,
    checked: 2,
    findings: 1,
  };
  assert.equal(
    human({ findings: [FINDING], summary }),
    `dns.yaml:3:3  error  off-role-placement
  Deployment kube-system/kube-dns (component kube-dns) at spec.template.spec.nodeSelector["a/b"][0]
  kube-dns can run on worker nodes
  2 | spec:
  3 |   template: {}
    |   ^
  4 |   replicas: 1
  fix: Select the role in nodeSelector.

2 files, 3 documents, 2 of 3 objects checked: 1 finding (1 error, 0 warnings), 0 input errors
`,
  );
});

test('a clean report says how much was checked', () => {
  assert.equal(
    human({}),
    '1 file, 1 document, 1 of 1 object checked: 0 findings (0 errors, 0 warnings), 0 input errors\n',
  );
});

test('in a whole cluster, notes and missing components are between the findings and the last line', () => {
  const components: Report['components'] = [
    { name: 'kube-dns', state: 'missing', objects: [] },
    { name: 'heapster', state: 'present', objects: [FINDING.object] },
    { name: 'kube-proxy', state: 'missing', objects: [] },
  ];
  assert.equal(
    human({ scope: 'cluster', notes: [NOTE], components }),
    `dns.yaml:1:1  note  DUPLICATE_KEY
  image is given twice: kubectl keeps the last
  1 | kind: Deployment
    | ^
  2 | spec:

missing  kube-dns: no object in the input is this component of sample
missing  kube-proxy: no object in the input is this component of sample

1 file, 1 document, 1 of 1 object checked: 0 findings (0 errors, 0 warnings), 0 input errors, 2 missing components
`,
  );
});

test('where no object was read, the components are counted as missing and not listed one by one', () => {
  const components: Report['components'] = [{ name: 'kube-dns', state: 'missing', objects: [] }];
  const summary = {
    ...REPORT.summary,
    files: 0,
    documents: 0,
    objects: 0,
    checked: 0,
    inputErrors: 1,
  };
  assert.equal(
    human({ scope: 'cluster', components, summary }),
    '0 files, 0 documents, 0 of 0 objects checked: 0 findings (0 errors, 0 warnings), 1 input error, 1 missing component\n',
  );
});

test('a hostile manifest cannot speak to the terminal, nor add a line of its own', () => {
  const hostile = {
    ...FINDING,
    message: 'a\u001b[2Jb\u202ec\u0000',
    component: 'd\u009b',
    object: { apiVersion: 'v1', kind: 'Pod\u200b', namespace: null, name: 'x\n0 findings' },
    file: '\u001b]0;owned\u0007.yaml',
    line: 1,
    column: 1,
    path: ['k\u001b'],
  };
  assert.equal(
    human({ findings: [hostile] }, 'a: "\u001b[2J\u2028"\u{e0041}'),
    `\\x1b]0;owned\\x07.yaml:1:1  error  off-role-placement
  Pod\\u200b x\\n0 findings (component d\\x9b) at ["k\\u001b"]
  a\\x1b[2Jb\\u202ec\\x00
  1 | a: "\\x1b[2J\\u2028"\\u{e0041}
    | ^
  fix: Select the role in nodeSelector.

1 file, 1 document, 1 of 1 object checked: 0 findings (1 error, 0 warnings), 0 input errors
`,
  );
});

test('an object without a name or namespace, of no component, is told as it is', () => {
  const bare = {
    ...FINDING,
    component: null,
    object: { apiVersion: 'v1', kind: 'Node', namespace: null, name: null },
    path: [],
  };
  assert.equal(human({ findings: [bare] }, 'x').split('\n')[1], '  Node (unnamed)');
});

test('a file that cannot be shown is told without source lines', () => {
  const rendered = renderHuman(
    { ...REPORT, findings: [FINDING] },
    { source: () => undefined, color: false },
  );
  assert.deepEqual(rendered.split('\n').slice(2, 4), [
    '  kube-dns can run on worker nodes',
    '  fix: Select the role in nodeSelector.',
  ]);
});

test('colour is an option and changes nothing but colour', () => {
  const report = { ...REPORT, findings: [FINDING], notes: [NOTE] };
  const colored = renderHuman(report, { source: () => SOURCE, color: true });
  assert.ok(colored.startsWith('dns.yaml:3:3  \u001b[1;31merror\u001b[0m  '));
  assert.equal(stripVTControlCharacters(colored), human({ findings: [FINDING], notes: [NOTE] }));
});

test('an error of the input is one sentence with its place and its source line', () => {
  const error: InputError = { ...INPUT_ERROR, file: 'dns.yaml', line: 4, column: 13 };
  assert.equal(
    renderErrors([error], { source: () => SOURCE, color: false }),
    `bulkhead: dns.yaml:4:13: this is not YAML
  3 |   template: {}
  4 |   replicas: 1
    |             ^
`,
  );
});

const places: readonly (readonly [Pick<Location, 'file' | 'line' | 'column'>, string])[] = [
  [{ file: null, line: null, column: null }, 'bulkhead: no\\x1b'],
  [{ file: 'a', line: null, column: null }, 'bulkhead: a: no\\x1b'],
  [{ file: 'a', line: 1, column: 2 }, 'bulkhead: a:1:2: no\\x1b'],
];
for (const [place, sentence] of places) {
  test(`an error tells as much of its place as is known: ${sentence}`, () => {
    assert.equal(renderProblem({ message: 'no\u001b', ...place }), sentence);
  });
}
