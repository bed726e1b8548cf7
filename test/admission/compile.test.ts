import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PROFILE_NAMES } from '../../scripts/profiles.ts';
import { askAdmission, type BoundPolicy } from '../support/admission-oracle.ts';
import { shippedProfile } from '../support/bulkhead.ts';
import { policiesOf } from './asking.ts';
import { HOSTILE, LARGE, PROFILES } from './profiles.ts';
import { WAIVERS } from './waivers.ts';

// The policies in the CEL environment of the oldest Kubernetes that has the API, and in that of the newest: an API
// server compiles a new expression as its minor version before would.

const profiles = [...PROFILE_NAMES.map(shippedProfile), ...PROFILES, HOSTILE, LARGE];

for (const compatibility of ['1.29', undefined]) {
  test(`the policies of ${profiles.length} profiles compile, version ${compatibility ?? 'newest'}`, async () => {
    const policies = profiles.flatMap((profile) =>
      policiesOf(profile, { waivers: WAIVERS, today: '2026-11-30' }).map((one) =>
        renamed(one, profile.name),
      ),
    );
    assert.ok(policies.length > 2 * profiles.length);
    const { policies: compiled } = await askAdmission(policies, [], { compatibility });
    assert.equal(compiled.length, policies.length);
    assert.deepEqual(
      compiled.filter(({ invalid = [] }) => invalid.length > 0),
      [],
    );
  });
}

test('what older environments lack is an error', async () => {
  const [one] = policiesOf(shippedProfile('kubeadm'));
  assert.ok(one);
  const policy = JSON.parse(JSON.stringify(one.policy));
  policy.spec.validations.push({ expression: '[1].all(index, value, value > index)' });
  const ask = (compatibility?: string) =>
    askAdmission([{ ...one, policy }], [], { compatibility }).then(
      ({ policies }) => policies[0]?.invalid ?? [],
    );
  assert.deepEqual(await ask(), []);
  assert.notDeepEqual(await ask('1.29'), []);
});

/** The same under a name of its own: an API server has one policy of a name. */
function renamed(one: BoundPolicy, suffix: string): BoundPolicy {
  return JSON.parse(JSON.stringify(one).replaceAll('.bulkhead.dev"', `.${suffix}"`));
}
