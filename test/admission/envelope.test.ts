import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { askAdmission } from '../support/admission-oracle.ts';
import { groupBy } from '../surfaces/scene.ts';
import { idOf, policiesOf } from './asking.ts';
import { ASKS, faultsOf } from './asks.ts';

// Who is asked for what: controllers, kubelets, schedulers and users, and what an update changes.

describe('who asks', async () => {
  for (const group of groupBy(ASKS, ({ profile }) => profile.name)) {
    const [first] = group;
    assert.ok(first);
    const requests = group.map(({ request }) => request);
    const asking = askAdmission(policiesOf(first.profile), requests);
    group.forEach((ask, index) => {
      test(`${first.profile.name}: ${ask.name}`, async () => {
        const answer = (await asking).answers[index];
        assert.deepEqual([answer?.undecodable, answer?.invalid ?? []], [undefined, []]);
        assert.deepEqual(answer && faultsOf(ask, answer), []);
        const asked = answer?.decisions.map(({ policy }) => idOf(policy)) ?? [];
        assert.deepEqual(
          Object.keys(ask.refused).filter((policy) => !asked.includes(policy)),
          [],
        );
      });
    });
  }
});
