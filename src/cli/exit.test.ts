import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FINDING, INPUT_ERROR } from '../../test/support/samples.ts';
import type { Finding, InputError, Severity } from '../report/report.ts';
import { exitStatus } from './exit.ts';

const finding = (severity: Severity): Finding => ({ ...FINDING, severity });
const error = finding('error');
const warning = finding('warning');

const cases: readonly {
  readonly name: string;
  readonly findings: readonly Finding[];
  readonly errors?: readonly InputError[];
  readonly failOn: Severity;
  readonly expect: number;
}[] = [
  { name: 'no finding is 0', findings: [], failOn: 'warning', expect: 0 },
  { name: 'an error is 1', findings: [error], failOn: 'error', expect: 1 },
  {
    name: 'a finding that is not open is 0',
    findings: [{ ...error, status: 'waived' }],
    failOn: 'error',
    expect: 0,
  },
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
    errors: [INPUT_ERROR],
    failOn: 'error',
    expect: 2,
  },
  {
    name: 'what could not be checked outweighs findings',
    findings: [error],
    errors: [INPUT_ERROR],
    failOn: 'error',
    expect: 2,
  },
];
for (const { name, findings, errors = [], failOn, expect } of cases) {
  test(name, () => {
    assert.equal(exitStatus({ findings, inputErrors: errors }, failOn), expect);
  });
}
