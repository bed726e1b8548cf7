import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding, Problem, Severity } from '../report/report.ts';
import { exitStatus } from './exit.ts';

const finding = (severity: Severity): Finding => ({
  policy: 'off-role-placement',
  severity,
  message: 'it is wrong',
  component: null,
  object: { apiVersion: 'v1', kind: 'Pod', namespace: null, name: null },
  file: 'a',
  line: 1,
  column: 1,
  path: [],
  remediation: 'Fix it.',
});
const problem: Problem = {
  code: 'MANIFEST_SYNTAX',
  message: 'no',
  file: 'a',
  line: 1,
  column: 1,
};
const error = finding('error');
const warning = finding('warning');

const cases: readonly {
  readonly name: string;
  readonly findings: readonly Finding[];
  readonly errors?: readonly Problem[];
  readonly failOn: Severity;
  readonly expect: number;
}[] = [
  { name: 'no finding is 0', findings: [], failOn: 'warning', expect: 0 },
  { name: 'an error is 1', findings: [error], failOn: 'error', expect: 1 },
  { name: 'an error is above a warning', findings: [error], failOn: 'warning', expect: 1 },
  { name: 'a warning is below an error', findings: [warning], failOn: 'error', expect: 0 },
  { name: 'a warning is 1 where it weighs', findings: [warning], failOn: 'warning', expect: 1 },
  {
    name: 'one error among warnings is 1',
    findings: [warning, error],
    failOn: 'error',
    expect: 1,
  },
  {
    name: 'what could not be checked is 2, clean or not',
    findings: [],
    errors: [problem],
    failOn: 'error',
    expect: 2,
  },
  {
    name: 'what could not be checked outweighs findings',
    findings: [error],
    errors: [problem],
    failOn: 'error',
    expect: 2,
  },
];
for (const { name, findings, errors = [], failOn, expect } of cases) {
  test(name, () => {
    assert.equal(exitStatus({ findings, errors }, failOn), expect);
  });
}
