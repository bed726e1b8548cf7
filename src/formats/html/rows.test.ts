import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { masterAndWorkers, nodesOf, SMALL, workload } from '../../../test/support/reaches.ts';
import { FINDING } from '../../../test/support/samples.ts';
import type { Reach, WorkloadReach } from '../../report/reach.ts';
import type { Finding } from '../../report/report.ts';
import { columnsOf } from './columns.ts';
import { rowName } from './map.ts';
import { findingsBy, nodeFindings, type Rows, rowsOf, undrawnCrossings } from './rows.ts';

const clean = nodesOf('---rr');
const leaking = nodesOf('f--rr');

function drawn(workloads: readonly WorkloadReach[], findings: readonly Finding[] = []): Rows {
  const reach: Reach = { ...SMALL, workloads };
  return rowsOf(
    reach,
    columnsOf(reach, ['master'], () => []),
    findingsBy(reach, findings),
  );
}

const names = (rows: Rows) => [...rows.components, ...rows.others].map(rowName);
const some = (count: number, byNode = clean, more: Parameters<typeof workload>[2] = {}) =>
  Array.from({ length: count }, (_, index) => workload(`web-${index}`, byNode, more));
const of = ({ object }: WorkloadReach, more: Partial<Finding> = {}): Finding => ({
  ...FINDING,
  object,
  ...more,
});

describe('other workloads', () => {
  test('a few have a row each', () => {
    assert.equal(drawn(some(12)).others.length, 12);
  });
  test('many that look alike share a row by their namespace, behind those that do not', () => {
    const bad = workload('bad', clean);
    const all = [
      ...some(8, clean, { namespace: 'a' }),
      bad,
      ...some(8),
      workload('z', nodesOf('---rx'), { namespace: 'z' }),
    ];
    const rows = drawn(all, [of(bad)]);
    assert.deepEqual(names(rows), ['8 in a', 'shop/bad', '8 in shop', 'z/z']);
    assert.deepEqual(
      rows.others.map(({ isClean }) => isClean),
      [true, false, true, true],
    );
    assert.equal(rows.others.flatMap(({ workloads }) => workloads).length, all.length);
  });
  test('what has no namespace says so', () => {
    assert.deepEqual(names(drawn(some(13, clean, { namespace: null }))), [
      '13 without a namespace',
    ]);
  });
  test('what is on the wrong side for the fault of a node shares a row, and is not clean', () => {
    const rows = drawn(some(13, leaking));
    assert.deepEqual([names(rows), rows.others[0]?.isClean], [['13 in shop'], false]);
    assert.equal(rows.counts.crossing, 13);
  });
  test('an accepted finding shares no row with none', () => {
    const all = some(20);
    const rows = drawn(
      all,
      all.slice(0, 5).map((one) => of(one, { status: 'waived' })),
    );
    assert.deepEqual(
      rows.others.map(({ workloads }) => workloads.length).sort((a, b) => a - b),
      [5, 15],
    );
  });
  test('what they say holds for all of them', () => {
    const stray = workload('stray', clean, { running: { 'master-0': 1 } });
    const able = some(12, nodesOf('f--rr'));
    const [row] = drawn([stray, ...able]).others;
    assert.equal(row?.workloads.length, 13);
    assert.equal(row?.cells[0]?.text, 'can run here, and must not');
  });
  test('their pods count together', () => {
    const rows = drawn(some(13, clean, { running: { 'worker-0': 2 } }));
    assert.equal(rows.others[0]?.cells[3]?.running, 26);
  });
});

describe('components', () => {
  const member = (name: string, more: Partial<WorkloadReach> = {}) =>
    workload(name, nodesOf('RRR--'), {
      component: 'etcd',
      namespace: 'kube-system',
      kind: 'Pod',
      ...more,
    });
  test('equal objects of one share a row', () => {
    assert.deepEqual(names(drawn([member('etcd-a'), member('etcd-b')])), ['etcd × 2']);
    assert.deepEqual(names(drawn([member('etcd-a', { objects: 3 })])), ['etcd × 3']);
    assert.deepEqual(
      names(drawn([member('etcd'), member('etcd-b', { byNode: nodesOf('RRq--') })])),
      ['etcd', 'etcd (etcd-b)'],
    );
  });
  test('they have the findings of what belongs to them', () => {
    const budget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      namespace: 'kube-system',
      name: 'x',
    };
    const one = member('etcd');
    const rows = drawn(
      [one],
      [of(one), { ...FINDING, component: 'etcd', object: budget }, { ...FINDING, object: budget }],
    );
    assert.equal(rows.components[0]?.findings.length, 2);
  });
});

describe('the numbers', () => {
  test('a workload crosses by its cells or by what was found, and is accepted if all of that is', () => {
    const [a, b, c, d] = some(4) as [WorkloadReach, WorkloadReach, WorkloadReach, WorkloadReach];
    const policy = 'control-plane-intrusion';
    const findings = [
      of(a, { policy }),
      of(b, { policy, status: 'waived' }),
      of(c, { policy: 'stuck-rollout' }),
      of(d, { policy, status: 'waived' }),
      of(d, { policy: 'scheduler-bypass' }),
    ];
    const { counts } = drawn([a, b, c, d, workload('leaking', leaking)], findings);
    assert.deepEqual(counts, { crossing: 4, accepted: 1, lacking: 0 });
  });
  test('a component that lacks a node counts once', () => {
    const one = (name: string) => workload(name, nodesOf('Rqq--'), { component: 'dns' });
    assert.equal(drawn([one('a'), one('b')]).counts.lacking, 1);
    const finding = of(one('a'), { policy: 'unreachable-node-role' });
    const fitting = workload('a', nodesOf('RRR--'), { component: 'dns' });
    assert.equal(drawn([fitting], [finding]).counts.lacking, 1);
  });
});

test('what is on the wrong side is left out last', () => {
  const letters = (index: number) => (index % 2 === 0 ? '-' : 'r');
  const all = Array.from({ length: 1300 }, (_, index) =>
    workload(`w-${index}`, nodesOf(`${letters(index)}-${index === 1299 ? 'f' : '-'}rr`), {
      namespace: `n-${index}`,
      nodeRole: `role-${index}`,
    }),
  );
  const rows = drawn(
    all,
    all.map((one) => of(one, { policy: 'missing-disruption-budget' })),
  );
  assert.ok(rows.left.workloads > 0);
  assert.ok(rows.others.some(({ workloads: [one] }) => one?.object.name === 'w-1299'));
});

test('what lets pods cross the wall without a row is what has no workload', () => {
  const policy = 'scheduler-bypass';
  const web = workload('web', clean);
  const etcd = workload('etcd-a', clean, { component: 'etcd' });
  const binding = { apiVersion: 'v1', kind: 'Binding', namespace: 'shop', name: 'web' };
  const found = undrawnCrossings({ workloads: [web, etcd] }, [
    of(web, { policy }),
    of(workload('etcd-b', clean), { policy: 'off-role-placement', component: 'etcd' }),
    { ...FINDING, policy: 'stuck-rollout', object: binding },
    { ...FINDING, policy, object: binding },
  ]);
  assert.deepEqual(
    found.map((one) => [one.policy, one.object.kind]),
    [[policy, 'Binding']],
  );
});

test('what is left out is counted, and the clean rows are left out first', () => {
  const nodes = masterAndWorkers(3, 9);
  const letters = ['r', 'x', 'f'];
  const workloads = Array.from({ length: 700 }, (_, index) =>
    workload(
      `w-${index}`,
      nodesOf(
        Array.from(
          { length: 12 },
          (_, at) => letters[Math.floor(index / 3 ** (at % 6)) % 3] ?? 'r',
        ).join(''),
      ),
      { namespace: `n-${index}` },
    ),
  );
  const reach: Reach = { ...SMALL, nodes, workloads };
  const rows = rowsOf(
    reach,
    columnsOf(reach, ['master'], () => []),
    () => [],
  );
  const shown = rows.others.flatMap((row) => row.workloads).length;
  assert.ok(rows.others.length < 400 && rows.left.workloads > 0);
  assert.equal(shown + rows.left.workloads, workloads.length);
  assert.ok(rows.left.faulty > 0);
  assert.ok(rows.others.every(({ isClean }) => !isClean));
});

test('only Nodes have the findings of nodes', () => {
  const object = { apiVersion: 'v1', kind: 'Node', namespace: null, name: 'a' };
  const found = nodeFindings([
    { ...FINDING, object },
    { ...FINDING, object: { ...object, apiVersion: 'other/v1' } },
    { ...FINDING, object: { ...object, kind: 'Pod' } },
  ]);
  assert.deepEqual([found('a').length, found('b').length], [1, 0]);
});
