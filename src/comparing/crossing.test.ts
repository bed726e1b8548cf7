import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Expectation, Reach, Share, WorkloadReach } from '../report/reach.ts';
import { newlyCrossing } from './crossing.ts';

type Cell = readonly [Share | boolean, Expectation];

/** A cluster with the roles master and worker, and Nodes that have them. */
function cluster(
  workloads: readonly WorkloadReach[],
  nodes: Readonly<Record<string, string>> = {},
): Reach {
  return {
    environment: null,
    roles: ['master', 'worker'],
    nodes: Object.entries(nodes).map(([name, role]) => ({ name, roles: [role] })),
    workloads,
    unanswered: [],
  };
}

function workload(
  name: string,
  master: Cell,
  {
    byNode = [],
    ...change
  }: Partial<Omit<WorkloadReach, 'byNode'>> & { byNode?: readonly Cell[] } = {},
): WorkloadReach {
  return {
    object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name },
    objects: 1,
    component: null,
    nodeRole: null,
    isStatic: false,
    byRole: [
      { share: master[0] as Share, expected: master[1] },
      { share: 'every', expected: 'allowed' },
    ],
    byNode: byNode.map(([runs, expected]) => ({ runs: runs === true, expected, reason: '' })),
    running: {},
    ...change,
  };
}

/** What crosses now, in short. */
function crossing(old: Reach, now: Reach): readonly string[] {
  return newlyCrossing(old, now).map(
    ({ object, roles, nodes }) => `${object.name}: ${[...roles, ...nodes].join(' ')}`,
  );
}

describe('by role', () => {
  for (const [was, is, news] of [
    [['none', 'forbidden'], ['some', 'forbidden'], true],
    [['none', 'forbidden'], ['every', 'forbidden'], true],
    [['some', 'forbidden'], ['every', 'forbidden'], false],
    [['every', 'forbidden'], ['some', 'forbidden'], false],
    [['some', 'forbidden'], ['none', 'forbidden'], false],
    [['none', 'forbidden'], ['none', 'forbidden'], false],
    [['none', 'allowed'], ['every', 'allowed'], false],
    [['none', 'required'], ['every', 'required'], false],
    [['every', 'allowed'], ['every', 'forbidden'], true],
  ] as const) {
    test(`${was.join(' ')} becomes ${is.join(' ')}: ${news ? 'new' : 'not new'}`, () => {
      const found = crossing(cluster([workload('web', was)]), cluster([workload('web', is)]));
      assert.deepEqual(found, news ? ['web: master'] : []);
    });
  }

  test('a workload that is new, and one that has another version of the API', () => {
    const web = workload('web', ['some', 'forbidden']);
    assert.deepEqual(crossing(cluster([]), cluster([web])), ['web: master']);
    const old = { ...web, object: { ...web.object, apiVersion: 'apps/v1beta1' } };
    assert.deepEqual(crossing(cluster([old]), cluster([web])), []);
    const other = { ...web, object: { ...web.object, namespace: 'other' } };
    assert.deepEqual(crossing(cluster([other]), cluster([web])), ['web: master']);
  });

  test('an object that is there as two components crosses once', () => {
    const web = workload('web', ['some', 'forbidden']);
    const clean = workload('web', ['none', 'forbidden']);
    assert.deepEqual(crossing(cluster([clean, clean]), cluster([clean, web])), ['web: master']);
    assert.deepEqual(crossing(cluster([web, clean]), cluster([clean, web])), []);
  });

  test('single pods of a component are one workload', () => {
    const pod = (name: string) =>
      workload(name, ['some', 'forbidden'], {
        component: 'etcd',
        object: { apiVersion: 'v1', kind: 'Pod', namespace: 'kube-system', name },
      });
    assert.deepEqual(crossing(cluster([pod('etcd-a')]), cluster([pod('etcd-b')])), []);
  });
});

describe('by Node', () => {
  const on = (runs: boolean, expected: Expectation = 'forbidden', share: Share = 'none') =>
    cluster([workload('web', [share, 'forbidden'], { byNode: [[runs, expected]] })], {
      m0: 'master',
    });

  test('it runs there, and did not', () => {
    assert.deepEqual(crossing(on(false), on(true)), ['web: m0']);
    assert.deepEqual(crossing(on(true), on(true)), []);
    assert.deepEqual(crossing(on(false), on(true, 'allowed')), []);
    assert.deepEqual(crossing(on(false), on(false)), []);
  });

  test('a Node that is new is news unless its role was reached before', () => {
    const none = cluster([workload('web', ['none', 'forbidden'])]);
    const some = cluster([workload('web', ['some', 'forbidden'])]);
    assert.deepEqual(crossing(none, on(true)), ['web: m0']);
    assert.deepEqual(crossing(some, on(true, 'forbidden', 'some')), []);
    // One that was there, and kept it away, is.
    const kept = on(false, 'forbidden', 'some');
    assert.deepEqual(crossing(kept, on(true, 'forbidden', 'some')), ['web: m0']);
  });
});
