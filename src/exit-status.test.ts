import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FINDING, INPUT_ERROR, NOTE } from '../test/support/samples.ts';
import type { FailOn } from './config/config.ts';
import { exitStatus } from './exit-status.ts';
import type { Finding, InputError, Note, Severity } from './report/report.ts';

const finding = (severity: Severity): Finding => ({ ...FINDING, severity });
const error = finding('error');
const warning = finding('warning');

const cases: readonly {
  readonly name: string;
  readonly findings: readonly Finding[];
  readonly errors?: readonly InputError[];
  readonly notes?: readonly Note[];
  readonly failOn: FailOn;
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
  { name: 'a note is below a warning', findings: [], notes: [NOTE], failOn: 'warning', expect: 0 },
  { name: 'a note is 1 where it weighs', findings: [], notes: [NOTE], failOn: 'note', expect: 1 },
  { name: 'a warning is above a note', findings: [warning], failOn: 'note', expect: 1 },
  { name: 'without notes and findings it is 0', findings: [], failOn: 'note', expect: 0 },
  {
    name: 'an error is 0 with never',
    findings: [error],
    notes: [NOTE],
    failOn: 'never',
    expect: 0,
  },
  {
    name: 'what could not be checked is 2 even with never',
    findings: [error],
    errors: [INPUT_ERROR],
    failOn: 'never',
    expect: 2,
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
for (const { name, findings, errors = [], notes = [], failOn, expect } of cases) {
  test(name, () => {
    assert.equal(
      exitStatus({ findings, inputErrors: errors, notes, components: [] }, failOn),
      expect,
    );
  });
}
