import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  masterAndWorkers,
  nodesOf,
  rolesOnly,
  SMALL,
  workload,
} from '../../../test/support/reaches.ts';
import { FINDING } from '../../../test/support/samples.ts';
import type { Reach } from '../../report/reach.ts';
import { columnsOf } from './columns.ts';

const none = () => [];
const names = (
  reach: Reach,
  faults: Parameters<typeof columnsOf>[2] = none,
  reserved = ['master'],
) => columnsOf(reach, reserved, faults).map(({ label }) => label);

const many = (letters: string): Reach => {
  const workers = letters.length - 3;
  return {
    ...SMALL,
    nodes: masterAndWorkers(3, workers),
    workloads: [workload('web', nodesOf(letters))],
  };
};

test('a few nodes have a column each, those of reserved roles first', () => {
  const reach = { ...SMALL, nodes: [...SMALL.nodes].reverse() };
  assert.deepEqual(names(reach), ['master-2', 'master-1', 'master-0', 'worker-1', 'worker-0']);
});

test('a node of two roles, one of them reserved, is reserved', () => {
  const nodes = [
    { name: 'a', roles: ['worker'] },
    { name: 'b', roles: ['worker', 'master'] },
    { name: 'c', roles: [] },
  ];
  const columns = columnsOf({ ...SMALL, nodes, workloads: [] }, ['master'], none);
  assert.deepEqual(
    columns.map(({ group, isReserved }) => [group, isReserved]),
    [
      ['worker + master', true],
      ['worker', false],
      ['', false],
    ],
  );
});

test('a role without a Node has a column of its own, and so has every role without Nodes', () => {
  const nodes = SMALL.nodes.filter(({ roles }) => roles.includes('worker'));
  assert.deepEqual(names({ ...SMALL, nodes }), ['any node', 'worker-0', 'worker-1']);
  const roles = columnsOf(rolesOnly([]), ['master'], none);
  assert.deepEqual(
    roles.map(({ where, group }) => [where, group]),
    [
      [{ kind: 'role', index: 0 }, 'master'],
      [{ kind: 'role', index: 1 }, 'worker'],
    ],
  );
});

test('many nodes that are alike share a column', () => {
  assert.deepEqual(names(many(`---${'r'.repeat(9)}`)).length, 12);
  assert.deepEqual(names(many(`---${'r'.repeat(10)}`)), ['master × 3', 'worker × 10']);
  assert.deepEqual(names(many(`-f-${'r'.repeat(9)}x`)), [
    'master × 2',
    'master-1',
    'worker × 9',
    'worker-9',
  ]);
  // Whether it runs, and what is expected.
  assert.deepEqual(names(many(`-x-${'r'.repeat(10)}`)), ['master × 2', 'master-1', 'worker × 10']);
});

test('nodes with a fault share a column only with those that have the same', () => {
  const faults = (node: string) => {
    const message = `Node ${node} has no taint${node === 'master-0' ? ' at all' : ''}`;
    return node.startsWith('master') ? [{ ...FINDING, message }] : [];
  };
  assert.deepEqual(names(many(`---${'r'.repeat(10)}`), faults), [
    'master-0',
    'master × 2',
    'worker × 10',
  ]);
});

test('however nodes differ, the columns are few, and every node is in one', () => {
  const nodeCounts = fc.array(fc.constantFrom('R', 'r', 'f', '-', 'x', 'q'), {
    minLength: 4,
    maxLength: 90,
    size: 'max',
  });
  fc.assert(
    fc.property(nodeCounts, fc.boolean(), (letters, each) => {
      const reach = many(letters.join(''));
      const workloads = each
        ? letters.map((_, index) =>
            workload(
              'web',
              nodesOf(`${'r'.repeat(index)}x${'r'.repeat(letters.length - index - 1)}`),
            ),
          )
        : reach.workloads;
      const columns = columnsOf({ ...reach, workloads }, ['master'], none);
      assert.ok(columns.length <= 25);
      const shown = columns.flatMap(({ nodes }) => nodes).sort();
      assert.deepEqual(shown, reach.nodes.map(({ name }) => name).sort());
      const indexes = columns.flatMap(({ where }) => (where.kind === 'nodes' ? where.indexes : []));
      assert.equal(new Set(indexes).size, letters.length);
      assert.ok(columns.every(({ isMixed, nodes }) => !isMixed || nodes.length > 1));
    }),
  );
});
