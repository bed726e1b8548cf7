import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INPUT_ERROR, FINDING as SAMPLE } from '../../test/support/samples.ts';
import { compareFindings, compareProblems, compareReferences, compareText } from './order.ts';
import type { Finding, InputError, Related } from './report.ts';

const FINDING: Finding = {
  ...SAMPLE,
  policy: 'missing-disruption-budget',
  severity: 'warning',
  message: 'b',
  component: 'b',
  object: { apiVersion: 'b', kind: 'b', namespace: 'b', name: 'b' },
  file: 'b',
  line: 5,
  column: 5,
  path: ['b'],
  remediation: 'b',
};

const RELATED: Related = {
  ...FINDING.object,
  ...{ file: null, line: null, column: null, endLine: null, endColumn: null },
  path: [],
  says: 'b',
};

test('texts are ordered by code units, not by the letters of a language', () => {
  assert.deepEqual(['b', 'a', 'B', 'ä', '10', '9'].sort(compareText), [
    '10',
    '9',
    'B',
    'a',
    'b',
    'ä',
  ]);
});

test('findings are ordered by place, then policy, then message, then all the rest', () => {
  const ordered: readonly Finding[] = [
    { ...FINDING, file: 'a', line: 9 },
    { ...FINDING, line: 4, column: 9 },
    { ...FINDING, column: 4, policy: 'stuck-rollout' },
    { ...FINDING, policy: 'control-plane-intrusion', message: 'c' },
    { ...FINDING, message: 'a', component: 'c' },
    { ...FINDING, component: null },
    { ...FINDING, component: 'a' },
    { ...FINDING, object: { ...FINDING.object, namespace: null } },
    { ...FINDING, path: ['a'] },
    { ...FINDING, severity: 'error' },
    { ...FINDING, remediation: 'a' },
    { ...FINDING, endLine: 0 },
    { ...FINDING, endColumn: 0 },
    { ...FINDING, fix: { ...FINDING.fix, title: 'A' } },
    FINDING,
    { ...FINDING, related: [RELATED] },
  ];
  assert.deepEqual(ordered.toReversed().sort(compareFindings), ordered);
});

test('problems are ordered by place, and those without one stand first', () => {
  const problem = (file: string | null, line: number | null, message: string): InputError => ({
    ...INPUT_ERROR,
    message,
    file,
    line,
    column: line,
  });
  const ordered = [
    problem(null, null, 'b'),
    problem('a', null, 'b'),
    problem('a', 2, 'b'),
    problem('a', 10, 'a'),
    problem('a', 10, 'b'),
  ];
  assert.deepEqual(ordered.toReversed().sort(compareProblems), ordered);
});

test('objects are ordered by namespace, name, kind and version', () => {
  const ordered = [
    { apiVersion: 'v1', kind: 'Node', namespace: null, name: 'z' },
    { apiVersion: 'v1', kind: 'Pod', namespace: 'a', name: null },
    { apiVersion: 'v1', kind: 'Pod', namespace: 'a', name: 'b' },
    { apiVersion: 'v1', kind: 'Service', namespace: 'a', name: 'b' },
    { apiVersion: 'v2', kind: 'Service', namespace: 'a', name: 'b' },
  ];
  assert.deepEqual(ordered.toReversed().sort(compareReferences), ordered);
});
