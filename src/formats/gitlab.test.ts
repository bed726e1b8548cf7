import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FINDING, INPUT_ERROR, NOTE, REPORT } from '../../test/support/samples.ts';
import type { Report } from '../report/report.ts';
import { renderGitlab } from './gitlab.ts';

function gitlab(report: Partial<Report>): unknown {
  return JSON.parse(renderGitlab({ ...REPORT, ...report }));
}

test('a clean report is an empty list, whatever is accepted and noted', () => {
  const accepted = [
    { ...FINDING, status: 'waived' as const },
    { ...FINDING, status: 'baseline' as const },
  ];
  assert.deepEqual(gitlab({ findings: accepted, notes: [NOTE] }), []);
});

test('a finding has its object, environment and fix, and the path of the repository', () => {
  const rendered = { input: 'helm charts/shop', line: 9, column: 1 };
  const file = './apps/web.yaml';
  assert.deepEqual(
    gitlab({
      findings: [
        {
          ...FINDING,
          file,
          line: 3,
          environment: 'prod',
          severity: 'warning',
          ordinal: 2,
          rendered,
        },
      ],
    }),
    [
      {
        description:
          'it is wrong (Pod p, environment prod, in the rendered chart charts/shop, line 9). Fix: Fix it.',
        check_name: 'off-role-placement',
        fingerprint: '0123456789abcdef0123456789abcdef:2',
        severity: 'minor',
        location: { path: 'apps/web.yaml', lines: { begin: 3 } },
      },
    ],
  );
});

test('what could not be read is a blocker each, also without a place', () => {
  const error = { ...INPUT_ERROR, file: './a.yaml' };
  const nowhere = { ...error, file: null, line: null, column: null };
  assert.deepEqual(
    gitlab({ inputErrors: [error, { ...error, line: 7 }, { ...nowhere, message: 'this\n  is' }] }),
    [
      {
        path: '.',
        line: 1,
        fingerprint: 'unreadable:MANIFEST_SYNTAX:.:1',
        description: 'could not be checked: this is',
      },
      { path: 'a.yaml', line: 1, fingerprint: 'unreadable:MANIFEST_SYNTAX:a.yaml:1' },
      { path: 'a.yaml', line: 7, fingerprint: 'unreadable:MANIFEST_SYNTAX:a.yaml:2' },
    ].map(({ path, line, fingerprint, description }) => ({
      description: description ?? 'could not be checked: this is not YAML',
      check_name: 'MANIFEST_SYNTAX',
      fingerprint,
      severity: 'blocker',
      location: { path, lines: { begin: line } },
    })),
  );
});
