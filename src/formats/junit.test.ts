import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { junitSuites } from '../../test/support/report-readers.ts';
import {
  INPUT_ERROR,
  NOTE,
  REPORT,
  FINDING as SAMPLE,
  SUMMARY,
} from '../../test/support/samples.ts';
import type { CheckedObject, Finding, Report } from '../report/report.ts';
import { renderJunit } from './junit.ts';

const CONTEXT = {
  source: () => undefined,
  color: true,
  width: 20,
  catalogue: { version: '1.2.3', repository: 'https://example.org/project', policies: [] },
  pages: () => ({}),
};

const OBJECT = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
const CHECKED: CheckedObject = { ...OBJECT, file: 'a.yaml', key: 'Deployment.apps shop/web' };
const FINDING: Finding = { ...SAMPLE, object: OBJECT };
const WAIVED: Finding = { ...FINDING, policy: 'wrong-replica-count', status: 'waived' };

function junit(report: Partial<Report>): string {
  return renderJunit({ ...REPORT, ...report }, CONTEXT);
}

/** Each case as `suite | name | outcome`. */
function outcomes(report: Partial<Report>): readonly string[] {
  return junitSuites(junit(report)).flatMap(({ name: suite, testcase }) =>
    testcase.map(({ classname, name, failure, error, skipped }) => {
      assert.equal(classname, suite);
      const [result] = [failure, error, skipped].flatMap((results) => results ?? []);
      const outcome = failure ? 'fails' : error ? 'is an error' : skipped ? 'is skipped' : 'passes';
      return `${suite} | ${name} | ${outcome}${result === undefined ? '' : `: ${result.type}`}`;
    }),
  );
}

describe('a case an object, with one outcome', () => {
  for (const [name, report, expected] of [
    ['nothing was checked', {}, []],
    [
      'a clean object passes; notes are not told',
      { checked: [CHECKED], notes: [NOTE] },
      ['a.yaml | Deployment shop/web | passes'],
    ],
    [
      'a finding fails',
      { checked: [CHECKED], findings: [FINDING] },
      ['a.yaml | Deployment shop/web | fails: off-role-placement'],
    ],
    [
      'two findings of one object are one failure',
      { checked: [CHECKED], findings: [FINDING, { ...FINDING, policy: 'stuck-rollout' }] },
      ['a.yaml | Deployment shop/web | fails: off-role-placement, stuck-rollout'],
    ],
    [
      'what is accepted is skipped',
      { checked: [CHECKED], findings: [WAIVED] },
      ['a.yaml | Deployment shop/web | is skipped: wrong-replica-count'],
    ],
    [
      'what is accepted beside an open finding has a case of its own: Jenkins takes a case with both for skipped',
      { checked: [CHECKED], findings: [FINDING, { ...WAIVED, status: 'baseline' }] },
      [
        'a.yaml | Deployment shop/web | fails: off-role-placement',
        'a.yaml | Deployment shop/web (accepted) | is skipped: wrong-replica-count',
      ],
    ],
    [
      'a finding on an object that is not among the checked ones',
      { findings: [FINDING] },
      ['a.yaml | Deployment shop/web | fails: off-role-placement'],
    ],
    [
      'two objects of one name in a file share a case, so that the one does not pass for the other',
      { checked: [CHECKED, CHECKED], findings: [FINDING, { ...FINDING, line: 9 }] },
      ['a.yaml | Deployment shop/web | fails: off-role-placement'],
    ],
    [
      'the same object in two files',
      { checked: [CHECKED, { ...CHECKED, file: 'b.yaml' }], findings: [FINDING] },
      [
        'a.yaml | Deployment shop/web | fails: off-role-placement',
        'b.yaml | Deployment shop/web | passes',
      ],
    ],
    [
      'the same object in two environments',
      {
        environments: ['dev', 'prod'].map((env) => ({ name: env, profile: 'sample' })),
        checked: ['dev', 'prod'].map((env) => ({ ...CHECKED, key: `${env}: ${CHECKED.key}` })),
        findings: [{ ...FINDING, environment: 'prod' }],
      },
      [
        'a.yaml | dev: Deployment shop/web | passes',
        'a.yaml | prod: Deployment shop/web | fails: off-role-placement',
      ],
    ],
    [
      'an object of a chart is in the rendered text, wherever its finding is shown',
      {
        checked: [{ ...CHECKED, file: 'helm charts/shop' }],
        findings: [{ ...FINDING, rendered: { input: 'helm charts/shop', line: 4, column: 1 } }],
      },
      ['helm charts/shop | Deployment shop/web | fails: off-role-placement'],
    ],
    [
      'what could not be read, in a file and nowhere',
      {
        checked: [CHECKED],
        inputErrors: [
          INPUT_ERROR,
          { ...INPUT_ERROR, line: 9 },
          { ...INPUT_ERROR, code: 'NOTHING_TO_CHECK', file: null },
        ],
      },
      [
        'a.yaml | MANIFEST_SYNTAX | is an error: MANIFEST_SYNTAX',
        'a.yaml | MANIFEST_SYNTAX (2) | is an error: MANIFEST_SYNTAX',
        'a.yaml | Deployment shop/web | passes',
        'bulkhead | NOTHING_TO_CHECK | is an error: NOTHING_TO_CHECK',
      ],
    ],
    [
      'a component that is not in a cluster is skipped',
      {
        scope: 'cluster',
        summary: SUMMARY,
        components: [{ name: 'kube-dns', environment: null, state: 'missing', objects: [] }],
      },
      ['bulkhead | component kube-dns | is skipped: missing'],
    ],
    [
      'a name that another case has',
      {
        checked: ['web', 'web (accepted)'].map((own) => ({ ...CHECKED, name: own })),
        findings: [FINDING, WAIVED],
      },
      [
        'a.yaml | Deployment shop/web | fails: off-role-placement',
        'a.yaml | Deployment shop/web (accepted) | is skipped: wrong-replica-count',
        'a.yaml | Deployment shop/web (accepted) (2) | passes',
      ],
    ],
  ] as const satisfies readonly (readonly [string, Partial<Report>, readonly string[]])[]) {
    test(name, () => assert.deepEqual(outcomes(report), expected));
  }
});

test('a failure has the messages, and the block of a page without colours', () => {
  const message = 'Deployment shop/web is <&"]]> \u0007 \ud800 wrong';
  const [suite] = junitSuites(junit({ findings: [{ ...FINDING, message }, FINDING] }));
  assert.deepEqual(suite?.testcase[0]?.failure, [
    {
      type: 'off-role-placement',
      message:
        'Deployment shop/web is <&"]]> \\x07 \\ud800 wrong\nit is wrong (Deployment shop/web)',
      text: `a.yaml:1:1  error  off-role-placement
  Deployment shop/web is <&"]]> \\x07 \\ud800 wrong
  it is wrong
  fix: Fix it.`,
    },
  ]);
});
