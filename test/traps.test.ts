import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readCases } from '../scripts/cases.ts';
import { textOf } from './support/bulkhead.ts';

// Traps that neighbouring tools fell into: each is a case of some policy, by name, so that no trap is
// lost when cases are edited.

const TRAPS: readonly { trap: string; policy: string; cases: readonly string[] }[] = [
  {
    trap: 'a reference to an empty inventory under `not` silences the rule',
    policy: 'missing-disruption-budget',
    cases: ['an empty inventory is no budget', 'a component without a budget is found'],
  },
  {
    trap: 'a field whose parent is missing makes the rule undefined',
    policy: 'unreachable-node-role',
    cases: ['a component without a pod spec tolerates nothing'],
  },
  {
    trap: 'a message over a missing field drops the violation',
    policy: 'wrong-replica-count',
    cases: ['a component that does not say its replicas has one', 'replicas that are null are one'],
  },
  {
    trap: 'a string compares greater than any number',
    policy: 'wrong-replica-count',
    cases: ['replicas in quotes are no number'],
  },
  {
    trap: 'an empty string is not a missing key',
    policy: 'control-plane-intrusion',
    cases: [
      'a toleration with an empty operator, value and effect is an Equal toleration of the taint',
      'a toleration of everything tolerates the taint of masters',
    ],
  },
  {
    trap: 'absent matchLabels are a subset of everything',
    policy: 'missing-disruption-budget',
    cases: [
      'a budget without a selector selects nothing',
      'pods without labels are selected by no pair',
    ],
  },
  {
    trap: 'selectors are more than equal labels, or any label, or any value',
    policy: 'missing-disruption-budget',
    cases: [
      'every pair must hold',
      'expressions and pairs must both hold',
      'a budget of other pods protects nothing',
      'it is the labels of the pods that count, not those of the workload',
    ],
  },
  {
    trap: 'an object without a namespace is not in one that is named',
    policy: 'missing-disruption-budget',
    cases: ['a budget without a namespace is not in the one of the component'],
  },
  {
    trap: 'an autoscaler beats the replicas',
    policy: 'wrong-replica-count',
    cases: ['an autoscaler may scale below the number'],
  },
  {
    trap: 'an empty selector is everything to policy/v1 and nothing to policy/v1beta1',
    policy: 'missing-disruption-budget',
    cases: [
      'an empty selector of policy/v1 selects every pod',
      'an empty selector of policy/v1beta1 selects no pod',
    ],
  },
];

describe('a trap that others fell into is a case', () => {
  const base = textOf('profiles/tectonic-1.6.4/profile.yaml');
  for (const { trap, policy, cases } of TRAPS) {
    test(trap, () => {
      const file = `policies/${policy}/cases.yaml`;
      const names = new Set(readCases(file, textOf(file), base).map(({ name }) => name));
      assert.deepEqual(
        cases.filter((name) => !names.has(name)),
        [],
      );
    });
  }
});
