import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { builtInProfile, PROFILE_NAMES } from '../../scripts/profiles.ts';
import type { JsonObject } from '../kubernetes/json.ts';
import type { NodeRole } from '../profile/profile.ts';
import { nodesIn } from './nodes.ts';
import { rolesOf } from './roles.ts';

const EKS = builtInProfile('eks');
const K3S = builtInProfile('k3s');
const ADDONS_ONLY = { key: 'CriticalAddonsOnly', value: 'true', effect: 'NoSchedule' };

function node(
  name: string,
  labels: Readonly<Record<string, string>>,
  taints: readonly object[] = [],
): JsonObject {
  return JSON.parse(
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels },
      spec: { taints },
    }),
  ) as JsonObject;
}

function adapted(profile: typeof EKS, objects: readonly JsonObject[]): readonly NodeRole[] {
  return rolesOf(profile, nodesIn(objects)).adapted.map(({ role }) => role);
}

const SERVER = { 'node-role.kubernetes.io/control-plane': 'true' };
const NO_EXECUTE = { ...ADDONS_ONLY, effect: 'NoExecute' };

describe('a role whose taints are optional', () => {
  test('is always reserved if all of its Nodes have a set of them', () => {
    const [role, ...others] = adapted(K3S, [
      node('a', SERVER, [NO_EXECUTE]),
      node('b', SERVER, [
        { ...NO_EXECUTE, key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
      ]),
      node('c', {}),
    ]);
    assert.deepEqual(others, []);
    const { optionalTaints: _, ...server } = K3S.nodeRoles[0] ?? assert.fail();
    assert.deepEqual(role, server);
  });

  test('stays as it is if one Node has none, or there is no Node of it', () => {
    assert.deepEqual(adapted(K3S, [node('a', SERVER, [NO_EXECUTE]), node('b', SERVER)]), []);
    assert.deepEqual(adapted(K3S, [node('a', {})]), []);
    assert.deepEqual(adapted(K3S, []), []);
  });

  test('taints that come and go do not count', () => {
    const gone = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' };
    const { roles } = rolesOf(K3S, nodesIn([node('a', SERVER, [gone])]));
    assert.deepEqual(
      roles[0]?.untainted.map(({ name }) => name),
      ['a'],
    );
  });
});

describe('pools with names of their own', () => {
  const pool = (name: string) => ({ 'eks.amazonaws.com/nodegroup': name });

  test('one that is tainted is reserved, one without taints is for workloads', () => {
    const roles = adapted(EKS, [
      node('a', pool('platform'), [ADDONS_ONLY]),
      node('b', pool('apps')),
      node('c', pool('gpu'), [{ key: 'gpu', effect: 'NoSchedule' }]),
    ]);
    const labels = roles.map(({ name, labels: own }) => [name, own.map(({ value }) => value)]);
    assert.deepEqual(labels, [
      ['system', ['system', 'system', 'platform']],
      ['workload', ['general-purpose', 'apps']],
    ]);
  });

  test('one with and without the taint belongs to none', () => {
    const nodes = [node('a', pool('platform'), [ADDONS_ONLY]), node('b', pool('platform'))];
    assert.deepEqual(adapted(EKS, nodes), []);
  });
});

test('a role that the profile lacks is extra, with the taints that all of its Nodes have', () => {
  const label = { 'node-role.kubernetes.io/infra': '' };
  const infra = { key: 'infra', effect: 'NoSchedule' };
  const all = rolesOf(
    K3S,
    nodesIn([node('a', label, [infra, ADDONS_ONLY]), node('b', label, [infra])]),
  );
  const [extra] = all.extra;
  assert.deepEqual([extra?.name, extra?.taints], ['infra', [{ ...infra, value: '' }]]);
  const some = rolesOf(K3S, nodesIn([node('a', label, [infra]), node('b', label)]));
  assert.deepEqual(some.extra[0]?.taints, []);
});

describe('taints that come and go', () => {
  const transient = [
    'node.kubernetes.io/unreachable',
    'node.cloudprovider.kubernetes.io/uninitialized',
    'node.cluster.x-k8s.io/uninitialized',
    'karpenter.sh/disrupted',
    'node.cilium.io/agent-not-ready',
    'ToBeDeletedByClusterAutoscaler',
    'DeletionCandidateOfClusterAutoscaler',
    'UpdateInProgress',
  ];
  const lasting = [
    'gpu',
    'example.com/agent-not-ready-yet',
    'my-UpdateInProgress',
    'UpdateInProgressX',
  ];
  const infra = { 'node-role.kubernetes.io/infra': '' };
  const extraTaints = (key: string) =>
    rolesOf(K3S, nodesIn([node('a', infra, [{ key, effect: 'NoSchedule' }])])).extra[0]?.taints;

  for (const key of transient) {
    test(`${key}: reserves nothing`, () => {
      assert.deepEqual(extraTaints(key), []);
      const pool = { 'eks.amazonaws.com/nodegroup': 'apps' };
      const [open] = adapted(EKS, [node('a', pool, [{ key, effect: 'NoSchedule' }])]);
      assert.equal(open?.name, 'workload', 'a pool without another taint is for workloads');
    });
  }

  for (const key of lasting) {
    test(`${key}: is not one of them`, () => assert.equal(extraTaints(key)?.length, 1));
  }
});

test('no role becomes weaker than that of the built-in profile', () => {
  const keys = PROFILE_NAMES.flatMap((name) =>
    builtInProfile(name).nodeRoles.flatMap(({ labels, taints, alternativeTaints = [] }) => [
      ...labels.map(({ key, value = 'x' }) => ({ key, value })),
      ...[taints, ...alternativeTaints].flat().map(({ key, value = 'x' }) => ({ key, value })),
    ]),
  );
  const drawn = fc.array(
    fc.record({
      labels: fc.array(fc.constantFrom(...keys), { maxLength: 3 }),
      taints: fc.array(
        fc.record({
          of: fc.constantFrom(...keys),
          effect: fc.constantFrom('NoSchedule', 'NoExecute', 'PreferNoSchedule'),
        }),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(fc.constantFrom(...PROFILE_NAMES), drawn, (name, nodes) => {
      const profile = builtInProfile(name);
      const objects = nodes.map(({ labels, taints }, index) =>
        node(
          `n-${index}`,
          Object.fromEntries(labels.map(({ key, value }) => [key, value])),
          taints.map(({ of, effect }) => ({ ...of, effect })),
        ),
      );
      for (const role of adapted(profile, objects)) {
        const before = profile.nodeRoles.find((one) => one.name === role.name) ?? assert.fail();
        assert.deepEqual(role.labels.slice(0, before.labels.length), before.labels);
        assert.deepEqual(
          [role.taints, role.alternativeTaints],
          [before.taints, before.alternativeTaints],
        );
        assert.equal(role.optional, before.optional);
        assert.ok(before.optionalTaints === true || role.optionalTaints === undefined);
        // Its Nodes are as it says.
        const reserved = role.taints.length > 0;
        assert.ok(!reserved || role.optionalTaints === undefined);
      }
    }),
  );
});
