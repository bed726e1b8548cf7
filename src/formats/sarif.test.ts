import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { builtBulkhead } from '../../test/support/bulkhead.ts';
import type { SarifLog } from '../../test/support/report-readers.ts';
import { FINDING, INPUT_ERROR, NOTE, REPORT } from '../../test/support/samples.ts';
import { type Finding, NOWHERE, type Report } from '../report/report.ts';
import type { Context } from './context.ts';
import { renderSarif } from './sarif.ts';

const { catalogue, pages } = builtBulkhead();
const CONTEXT: Context = { source: () => undefined, color: false, width: 80, catalogue, pages };

function runOf(report: Partial<Report>, context: Partial<Context> = {}): SarifLog['runs'][0] {
  const log: SarifLog = JSON.parse(
    renderSarif({ ...REPORT, ...report }, { ...CONTEXT, ...context }),
  );
  return log.runs[0];
}

describe('rules', () => {
  test('every policy is one, with its page', () => {
    const { rules } = runOf({}).tool.driver;
    assert.deepEqual(
      rules.map(({ id }) => id),
      catalogue.policies.map(({ id }) => id),
    );
    for (const { id, help } of rules) assert.equal(help.markdown, pages()[id]);
  });

  test('those about separation have a number as security problems', () => {
    const { rules } = runOf({}).tool.driver;
    const numbers = rules.flatMap(({ id, properties }) =>
      'security-severity' in properties ? [[id, properties['security-severity']]] : [],
    );
    for (const { properties } of rules) {
      const { tags } = properties as { readonly tags: readonly string[] };
      assert.equal(tags.includes('security'), 'security-severity' in properties);
    }
    assert.deepEqual(Object.fromEntries(numbers), {
      'component-impersonation': '7.5',
      'control-plane-intrusion': '8.8',
      'off-role-placement': '6.0',
      'scheduler-bypass': '8.8',
      'untainted-control-plane-node': '8.1',
    });
  });

  test('relative links of a page are links to the repository', () => {
    const page =
      '[a](../../docs/a.md#b) [c](cases.yaml) [d](https://example.org/d) <https://e.org>';
    const of = { ...catalogue, repository: 'https://example.org/p', version: '1.2.3' };
    const [rule] = runOf(
      {},
      { catalogue: of, pages: () => ({ [catalogue.policies[0]?.id ?? '']: page }) },
    ).tool.driver.rules;
    assert.equal(
      rule?.help.markdown,
      '[a](https://example.org/p/blob/v1.2.3/docs/a.md#b) ' +
        `[c](https://example.org/p/blob/v1.2.3/policies/${rule?.id}/cases.yaml) ` +
        '[d](https://example.org/d) <https://e.org>',
    );
  });

  test('what the settings change of them is said', () => {
    const policies = {
      off: ['stuck-rollout'],
      severity: { 'off-role-placement': 'warning' as const },
    };
    const { invocations, tool } = runOf({ policies });
    const indexOf = (id: string) => tool.driver.rules.findIndex((rule) => rule.id === id);
    assert.deepEqual(invocations[0].ruleConfigurationOverrides, [
      {
        descriptor: { id: 'stuck-rollout', index: indexOf('stuck-rollout') },
        configuration: { enabled: false },
      },
      {
        descriptor: { id: 'off-role-placement', index: indexOf('off-role-placement') },
        configuration: { level: 'warning' },
      },
    ]);
  });
});

describe('results', () => {
  test('a clean report has an empty list, whatever is accepted', () => {
    const { results, invocations } = runOf({ findings: [{ ...FINDING, status: 'waived' }] });
    assert.deepEqual(results, []);
    assert.deepEqual(invocations, [{ executionSuccessful: true, toolExecutionNotifications: [] }]);
  });

  test('a finding has its region, its related places, and where it was rendered', () => {
    const budget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      namespace: 'a',
      name: 'b',
    };
    const finding: Finding = {
      ...FINDING,
      ...{ file: './a b.yaml', line: 2, column: 3, endLine: 4, endColumn: 5 },
      severity: 'warning',
      related: [
        { ...budget, ...NOWHERE, path: [], says: 'nowhere' },
        { ...budget, ...NOWHERE, file: 'b.yaml', line: 7, path: [], says: 'minAvailable 1' },
      ],
      rendered: { input: 'helm charts/shop', line: 9, column: 1, endLine: 9, endColumn: 4 },
    };
    const { results, tool } = runOf({ findings: [finding] });
    const place = (uri: string, region: object) => ({
      physicalLocation: { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region },
    });
    assert.deepEqual(results, [
      {
        ruleId: FINDING.policy,
        ruleIndex: tool.driver.rules.findIndex(({ id }) => id === FINDING.policy),
        level: 'warning',
        message: {
          text: 'it is wrong (Pod p, in the rendered chart charts/shop, line 9). Fix: Fix it.',
        },
        locations: [
          place('a%20b.yaml', { startLine: 2, startColumn: 3, endLine: 4, endColumn: 5 }),
        ],
        relatedLocations: [
          {
            id: 1,
            ...place('b.yaml', { startLine: 7, startColumn: 1 }),
            message: { text: 'PodDisruptionBudget a/b: minAvailable 1' },
          },
        ],
        partialFingerprints: { 'bulkhead/v1': `${FINDING.fingerprint}:1` },
        properties: { rendered: { input: 'helm charts/shop', line: 9, column: 1 } },
      },
    ]);
  });

  test('a path starts at the root, and an absolute one nowhere', () => {
    const uris = ['a b.yaml', '/tmp/a.yaml'].map((file) => {
      const { results } = runOf({ findings: [{ ...FINDING, file }] });
      return results[0]?.locations[0].physicalLocation.artifactLocation;
    });
    assert.deepEqual(uris, [
      { uri: 'a%20b.yaml', uriBaseId: '%SRCROOT%' },
      { uri: 'file:///tmp/a.yaml' },
    ]);
  });

  test('an end before the start is the start', () => {
    const { results } = runOf({ findings: [{ ...FINDING, column: 7, endColumn: 2 }] });
    assert.deepEqual(results[0]?.locations[0].physicalLocation.region, {
      startLine: 1,
      startColumn: 7,
      endLine: 1,
      endColumn: 7,
    });
  });

  for (const [message, expected] of [
    ['is {0} {a} [x](https://e.org) [0]', 'is {{0}} {a} \\[x\\](https://e.org) \\[0\\]'],
    ['{{0}} {{{1}', '{{{{0}}}} {{{{{{1}}'],
    ['[0] a\\b', '[0] a\\b'],
    ['[x\\](https://e.org) a\\b', '\\[x\\\\\\](https://e.org) a\\b'],
    ['\\\\[x](https://e.org)', '\\\\\\\\\\[x\\](https://e.org)'],
  ] as const) {
    test(`a message has no placeholders and links: ${message}`, () => {
      const { results } = runOf({ findings: [{ ...FINDING, message }] });
      assert.equal(results[0]?.message.text, `${expected} (Pod p). Fix: Fix it.`);
    });
  }

  test('the worst 5,000 are kept, and what is left out is said', () => {
    const findings = Array.from(
      { length: 5_002 },
      (_, index): Finding => ({
        ...FINDING,
        ordinal: index + 1,
        line: index + 1,
        severity: index === 5_001 ? 'error' : 'warning',
      }),
    );
    const { results, invocations } = runOf({ findings });
    assert.equal(results.length, 5_000);
    assert.equal(results[0]?.locations[0].physicalLocation.region.startLine, 5_002);
    assert.deepEqual(invocations[0].toolExecutionNotifications, [
      {
        descriptor: { id: 'RESULTS_LEFT_OUT' },
        level: 'warning',
        message: { text: '2 findings left out: this file has the worst 5,000' },
      },
    ]);
  });

  test('100 related places of a result are kept', () => {
    const one = { ...FINDING.object, ...NOWHERE, file: 'b.yaml', line: 1, path: [], says: '' };
    const { results } = runOf({ findings: [{ ...FINDING, related: Array(101).fill(one) }] });
    assert.equal(results[0]?.relatedLocations?.length, 100);
  });
});

describe('notifications', () => {
  test('what could not be read is an error with its place, and the run is no success', () => {
    const nowhere = { ...INPUT_ERROR, ...NOWHERE, message: 'two\n  lines' };
    const { invocations } = runOf({ inputErrors: [INPUT_ERROR, nowhere], notes: [NOTE] });
    assert.equal(invocations[0].executionSuccessful, false);
    assert.deepEqual(
      invocations[0].toolExecutionNotifications.map(({ level, descriptor, message, locations }) => [
        level,
        descriptor.id,
        message.text,
        locations?.[0]?.physicalLocation.region.startColumn,
      ]),
      [
        ['error', 'MANIFEST_SYNTAX', 'two\n  lines', undefined],
        ['error', 'MANIFEST_SYNTAX', 'this is not YAML', 3],
        ['note', 'DUPLICATE_KEY', 'a is given twice', 3],
      ],
    );
  });

  test('a component that is not in a cluster is a note', () => {
    const { invocations } = runOf({
      scope: 'cluster',
      components: [{ name: 'kube-dns', environment: 'prod', state: 'missing', objects: [] }],
    });
    assert.equal(
      invocations[0].toolExecutionNotifications[0]?.message.text,
      'component prod: kube-dns was not found in the input',
    );
  });

  test('1,000 of a level are kept, and the others are counted', () => {
    const { invocations } = runOf({
      inputErrors: Array(1_002).fill(INPUT_ERROR),
      notes: Array(1_000).fill(NOTE),
    });
    const { toolExecutionNotifications: all } = invocations[0];
    assert.equal(all.length, 2_001);
    assert.deepEqual(all[1_000], {
      descriptor: { id: 'NOTIFICATIONS_LEFT_OUT' },
      level: 'error',
      message: { text: '2 more of this level left out' },
    });
  });
});

describe('an analysis is named after what is checked: uploads with one name replace each other', () => {
  for (const [expected, report] of [
    ['bulkhead/sample/', {}],
    ['bulkhead/sample/prod/', { environments: [{ name: 'prod', profile: 'sample' }] }],
    [
      'bulkhead/k3s+kubeadm/dev+prod+test/',
      {
        environments: [
          { name: 'dev', profile: 'k3s' },
          { name: 'prod', profile: 'kubeadm' },
          { name: 'test', profile: 'k3s' },
        ],
      },
    ],
  ] as const) {
    test(expected, () => assert.equal(runOf(report).automationDetails.id, expected));
  }
});
