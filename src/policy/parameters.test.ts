import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { PROFILE_NAMES } from '../../scripts/profiles.ts';
import { builtBulkhead, shippedProfile } from '../../test/support/bulkhead.ts';
import { constraint } from '../gatekeeper/constraint.ts';
import { generateConftest, generateGatekeeper } from '../generate.ts';
import type { Profile } from '../profile/profile.ts';
import { parameterSchema } from './parameter-schema.ts';
import { bind, catalogueFor, wholeTable } from './parameters.ts';
import { includes } from './policy.ts';

const bulkhead = builtBulkhead();
const { catalogue } = bulkhead;

// A profile with all optional parts.
const full = {
  ...shippedProfile('kubeadm'),
  kubernetes: '1.36',
  schedulerUsers: ['binder'],
  schedulers: ['bin-packing'],
  customWorkloads: [
    { group: 'shop.example', kind: 'Till', pods: [['spec', 'drawers', '*', 'pod']] },
  ],
};

for (const [name, profile] of [
  ...PROFILE_NAMES.map((name) => [name, shippedProfile(name)] as const),
  ['a full one', full] as const,
]) {
  const bound = bind(catalogue, profile);

  test(`${name}: Gatekeeper gives each policy its parameters, conftest the table that WASM has`, () => {
    const [file] = generateConftest(bulkhead, profile).values();
    const conftest = parse(file ?? '').bulkhead;
    assert.deepEqual(conftest.table, wholeTable(profile));
    assert.deepEqual(Object.keys(conftest.policies), [...bound.keys()]);
    for (const policy of catalogue.policies) {
      const parameters = bound.get(policy.id);
      if (parameters === undefined) continue;
      const { spec } = constraint(policy, parameters, { profile, stage: 'dryrun' });
      assert.deepEqual(Reflect.get(Object(spec), 'parameters'), parameters, policy.id);
    }
  });

  test(`${name}: the schema of a policy's parameters lists just what it is given`, () => {
    for (const policy of catalogue.policies) {
      const parameters = bound.get(policy.id);
      if (parameters === undefined) continue;
      // The entry of the template reads the waivers, which no profile has.
      const { waivers, ...properties } = Object(parameterSchema(policy)['properties']);
      assert.equal(Object(waivers)['type'], 'array');
      const { required } = parameterSchema(policy);
      const given = Object.keys(parameters).sort();
      const has = policy.optional.filter(
        (part) => Object.entries(Object(Reflect.get(profile, part))).length > 0,
      );
      assert.deepEqual(given, [...(required as string[]), ...has].sort());
      if (profile === full) assert.deepEqual(given, Object.keys(properties).sort());
    }
  });
}

test("a profile's own kinds are checked and admitted like those that are known", () => {
  const known = catalogueFor(catalogue, full);
  for (const { kinds, inventory } of known.policies) {
    for (const resources of [kinds, inventory]) {
      const [till, rollout] = ['shop.example/v1 Till', 'argoproj.io/v1alpha1 Rollout'].map(
        (name) => {
          const [apiVersion = '', kind = ''] = name.split(' ');
          return includes(resources, { apiVersion, kind });
        },
      );
      assert.equal(till, rollout);
    }
  }
  const files = generateGatekeeper(bulkhead, full);
  assert.match(
    files.get('constraints/kubeadm/control-plane-intrusion.yaml') ?? '',
    /apiGroups:\n\s+- shop\.example\n\s+kinds:\n\s+- Till\n/,
  );
});

test('the reference profile gives every policy something to check', () => {
  const bound = bind(catalogue, shippedProfile('tectonic-1.6.4'));
  assert.deepEqual(
    [...bound.keys()],
    // It is for a Kubernetes without unhealthyPodEvictionPolicy.
    catalogue.policies.map(({ id }) => id).filter((id) => id !== 'unevictable-unhealthy-pods'),
  );
});

test('a policy whose columns no row has is not asked', () => {
  const profile = shippedProfile('tectonic-1.6.4');
  const bare = {
    ...profile,
    components: profile.components.map(({ name, match }) => ({ name, match })),
  };
  assert.deepEqual(
    [...bind(catalogue, bare).keys()],
    [
      'blocking-disruption-budget',
      'component-impersonation',
      'control-plane-intrusion',
      'overlapping-disruption-budgets',
      'scheduler-bypass',
      'stuck-rollout',
      'unmatched-disruption-budget',
      'untainted-control-plane-node',
    ],
  );
});

test('every row goes to every policy of components, with the columns that the policy checks', () => {
  const profile = shippedProfile('tectonic-1.6.4');
  const { components = [] } = bind(catalogue, profile).get('wrong-replica-count') ?? {};
  assert.deepEqual(
    components.map(({ name }) => name),
    profile.components.map(({ name }) => name),
  );
  assert.deepEqual(components[1], {
    name: 'kube-controller-manager',
    match: { namespace: 'kube-system', name: 'kube-controller-manager' },
    replicas: 2,
  });
});

test('a policy that would find nothing is not asked', () => {
  const profile = shippedProfile('kubeadm');
  const asked = (change: Partial<Profile>) => [
    ...bind(catalogue, { ...profile, ...change }).keys(),
  ];
  const openRoles = profile.nodeRoles.map((role) => ({ ...role, taints: [] }));
  const { otherWorkloads: _, ...silent } = profile;
  const ofOthers = ['control-plane-intrusion', 'scheduler-bypass'];
  for (const ids of [
    asked({ nodeRoles: openRoles }),
    asked({ otherWorkloads: { nodeRole: 'control-plane' } }),
    [...bind(catalogue, silent).keys()],
  ]) {
    assert.deepEqual(
      ofOthers.filter((id) => ids.includes(id)),
      [],
    );
  }
  assert.deepEqual(asked({ components: [] }), [...ofOthers, 'untainted-control-plane-node']);
});
