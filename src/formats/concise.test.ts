import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf } from '../../test/support/bulkhead.ts';
import { FINDING, INPUT_ERROR, NOTE, REPORT } from '../../test/support/samples.ts';
import { NOWHERE } from '../report/report.ts';
import { renderConcise } from './concise.ts';

/** How editors read a line: the problem matcher of the page. */
const [, matcher = ''] = /"regexp": (".*?"),\n/.exec(textOf('docs/editor.md')) ?? [];
const LINE = new RegExp(JSON.parse(matcher));

test('a line for each finding, input error and note', () => {
  const report = {
    ...REPORT,
    findings: [{ ...FINDING, severity: 'warning' as const }],
    inputErrors: [INPUT_ERROR],
    notes: [NOTE],
  };
  assert.equal(
    renderConcise(report),
    `a.yaml:1:1: warning: it is wrong (Pod p) [off-role-placement]
a.yaml:1:3: error: this is not YAML [MANIFEST_SYNTAX]
a.yaml:1:3: note: a is given twice [DUPLICATE_KEY]
`,
  );
  const read = renderConcise(report)
    .trim()
    .split('\n')
    .map((line) => LINE.exec(line)?.slice(1));
  assert.deepEqual(read, [
    ['a.yaml', '1', '1', 'warning', 'it is wrong (Pod p)', 'off-role-placement'],
    ['a.yaml', '1', '3', 'error', 'this is not YAML', 'MANIFEST_SYNTAX'],
    ['a.yaml', '1', '3', 'note', 'a is given twice', 'DUPLICATE_KEY'],
  ]);
});

test('what is accepted is not there, and a clean report is empty', () => {
  assert.equal(renderConcise({ ...REPORT, findings: [{ ...FINDING, status: 'waived' }] }), '');
});

test('a file that cannot be read has a place that editors open', () => {
  const gone = { ...INPUT_ERROR, ...NOWHERE, file: 'gone', message: 'no such file' };
  const line = renderConcise({ ...REPORT, inputErrors: [gone] });
  assert.equal(line, 'gone:1:1: error: no such file [MANIFEST_SYNTAX]\n');
});

test('what is about no file has the name of the program', () => {
  const line = renderConcise({ ...REPORT, notes: [{ ...NOTE, ...NOWHERE }] });
  assert.equal(line, 'bulkhead: note: a is given twice [DUPLICATE_KEY]\n');
});

test('a component that is not in a cluster is a note about no file', () => {
  const missing = { name: 'kube-dns', environment: 'prod', state: 'missing', objects: [] } as const;
  const summary = { ...REPORT.summary, objects: 1 };
  const text = renderConcise({ ...REPORT, scope: 'cluster', components: [missing], summary });
  assert.equal(
    text,
    'bulkhead: note: component prod: kube-dns was not found in the input [COMPONENT_MISSING]\n',
  );
});

test('a name that looks like the place of another file is none', () => {
  const file = 'clean.yaml:1:1: note: fine [x].yaml';
  const text = renderConcise({ ...REPORT, findings: [{ ...FINDING, file, line: 5 }] });
  const [, place, line, , severity] = LINE.exec(text.trim()) ?? [];
  assert.deepEqual(
    [place, line, severity],
    ['clean.yaml\\x3a1\\x3a1: note: fine [x].yaml', '5', 'error'],
  );
});

test('whatever a text is, it stays on its line', () => {
  const message = 'a\nb.yaml:1:1: error: forged [x]\r\u2028\u202e\u001b[2J';
  const file = 'a\nb.yaml';
  const text = renderConcise({ ...REPORT, findings: [{ ...FINDING, message, file }] });
  const [line = '', ...others] = text.split('\n');
  assert.deepEqual(others, ['']);
  assert.match(line, LINE);
  assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Zl}]/u);
});
