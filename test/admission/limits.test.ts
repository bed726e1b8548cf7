import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { askAdmission } from '../support/admission-oracle.ts';
import { shippedProfile } from '../support/bulkhead.ts';
import { agreement } from './agreement.ts';
import { idOf, policiesOf, requestFor } from './asking.ts';
import { complete } from './complete.ts';
import { PROFILES } from './profiles.ts';
import { AT_THE_LIMITS, BEYOND } from './worst-pods.ts';

// The worst pods that are checked, and pods beyond the limits. The budget of the API server bounds what it counts, not
// the time: the policies count before they go through anything.

/** The budget of one expression. */
const BUDGET = 1_000_000;

type Named = { readonly name: string; readonly namespace: string };

const OTHER: Named = { name: 'web', namespace: 'shop' };

/** A component whose node role is asked about. */
function componentOf({ components }: Profile): Named {
  const row = components.find((one) => one.nodeRole !== undefined && one.static !== true);
  assert.ok(row, 'a row with a node role');
  const { name, namespace } = row.match;
  return { name: name.replace('*', 'x'), namespace: namespace.replace('*', 'x') };
}

function requestsOf(specs: readonly JsonObject[], metadata = OTHER) {
  const pods = specs.map((spec) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata },
    spec,
  }));
  return pods.flatMap((pod) => requestFor(complete(pod)) ?? []);
}

for (const profile of [...PROFILES, shippedProfile('openshift-4')]) {
  test(`the worst pods at the limits stay within the budget, under ${profile.name}`, async (context) => {
    const specs = Object.values(AT_THE_LIMITS);
    const names = ['', ', as a component'].flatMap((suffix) =>
      Object.keys(AT_THE_LIMITS).map((name) => `${name}${suffix}`),
    );
    const requests = [...requestsOf(specs), ...requestsOf(specs, componentOf(profile))];
    const { answers } = await askAdmission(policiesOf(profile), requests, { repeat: 3 });
    assert.equal(answers.length, names.length);
    for (const [index, { decisions, invalid = [], undecodable }] of answers.entries()) {
      assert.deepEqual([undecodable, invalid], [undefined, []], names[index] ?? '');
      assert.ok(
        decisions.some(({ action }) => action === 'admit' || action === 'deny'),
        names[index] ?? '',
      );
      assert.deepEqual(
        decisions.flatMap(({ errors }) => errors),
        [],
        names[index] ?? '',
      );
      const [worst] = [...decisions].sort((a, b) => b.cost.largest - a.cost.largest);
      assert.ok(
        worst !== undefined && worst.cost.largest < BUDGET,
        `${names[index]}: ${worst?.cost.largest}`,
      );
      const milliseconds = decisions.reduce((all, { nanoseconds }) => all + nanoseconds, 0) / 1e6;
      context.diagnostic(
        `${names[index]}: ${worst.cost.largest} of ${BUDGET} (${idOf(worst.policy)}), ${milliseconds.toFixed(1)} ms for all policies`,
      );
    }
  });
}

test('the rules say the same of these pods', async () => {
  const specs = [...Object.values(AT_THE_LIMITS), ...Object.values(BEYOND).map(([spec]) => spec)];
  for (const profile of PROFILES) {
    const { compared } = await agreement(profile, requestsOf(specs));
    assert.ok(compared.length > specs.length);
    assert.deepEqual(
      compared.flatMap(({ fault, policy, law, cel }) =>
        fault === undefined ? [] : [{ fault, policy, law, cel }],
      ),
      [],
    );
  }
});

test('pods beyond a limit are refused by its words', async (context) => {
  const [profile] = PROFILES;
  assert.ok(profile);
  const rows = Object.entries(BEYOND);
  const { answers } = await askAdmission(
    policiesOf(profile),
    requestsOf(rows.map(([, [spec]]) => spec)),
  );
  for (const [index, [name, [, words]]] of rows.entries()) {
    const decisions = answers[index]?.decisions ?? [];
    const own = decisions.find(({ policy }) => idOf(policy) === 'control-plane-intrusion');
    assert.deepEqual([own?.action, own?.errors], ['deny', []], name);
    assert.match(own?.message ?? '', words);
    const milliseconds = decisions.reduce((all, { nanoseconds }) => all + nanoseconds, 0) / 1e6;
    context.diagnostic(
      `${name}: ${own?.cost.largest} of ${BUDGET}, ${milliseconds.toFixed(1)} ms for all policies`,
    );
  }
});
