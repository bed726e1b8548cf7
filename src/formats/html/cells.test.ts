import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nodesOf, workload } from '../../../test/support/reaches.ts';
import { EXPECTATIONS, SHARES, type WorkloadReach } from '../../report/reach.ts';
import { cellOf, type Nodes, saidOf, type Where } from './cells.ts';

/** A column of all nodes of some letters. */
function column(count: number): Where {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const names = indexes.map((index) => `n-${index}`);
  const nodes: Nodes = { indexes, names, places: new Map(names.map((name, at) => [name, at])) };
  return { kind: 'nodes', ...nodes };
}

const cell = (letters: string, running: Readonly<Record<string, number>> = {}) =>
  cellOf(workload('web', nodesOf(letters), { running }), column(letters.length));

describe('one node', () => {
  for (const { letter, state, text } of [
    { letter: 'R', state: 'fits', text: 'can run here, as it should' },
    { letter: 'r', state: 'fits', text: 'may run here' },
    { letter: 'f', state: 'leak', text: 'can run here, and must not' },
    { letter: '-', state: 'off', text: 'kept out, as it should be' },
    { letter: 'x', state: 'off', text: 'is not placed here, and need not be' },
    { letter: 'q', state: 'gap', text: 'cannot run here, and should' },
  ]) {
    test(text, () => {
      const found = cell(letter);
      assert.deepEqual([found.state, found.isPartial, found.text], [state, false, text]);
      assert.match(found.reason, /^it (?:has|is|tolerates|does|requires) /);
      assert.equal(saidOf(found), text);
    });
  }
});

describe('several nodes', () => {
  test('alike, they are as one', () => {
    assert.deepEqual(cell('fff'), cell('f'));
  });
  for (const { letters, state, text } of [
    {
      letters: 'f---',
      state: 'leak',
      text: /^can run on some of these nodes, and must not \(1 of 4\)$/,
    },
    {
      letters: 'qqR',
      state: 'gap',
      text: /^cannot run on some of these nodes, and should \(2 of 3\)$/,
    },
    { letters: 'xr', state: 'fits', text: /^can run on some of these nodes \(1 of 2\)$/ },
    { letters: 'qf', state: 'leak', text: /\(1 of 2\)$/ },
  ]) {
    test(`the worst of ${letters} is shown, for some of them`, () => {
      const found = cell(letters);
      assert.deepEqual([found.state, found.isPartial], [state, true]);
      assert.match(found.text, text);
    });
  }
  test('reasons that differ have the nodes that they are for', () => {
    assert.equal(
      cell('xx-').reason,
      'n-0 and 1 more: it requires another node; n-2: it does not tolerate node-role.kubernetes.io/master:NoSchedule',
    );
  });
  test('more than three reasons are counted', () => {
    const nodes = [1, 2, 3, 4, 5].map((index) => ({
      runs: true,
      expected: 'allowed' as const,
      reason: `is ${index}`,
    }));
    const { reason } = cellOf(workload('web', nodes), column(5));
    assert.equal(reason, 'n-0: it is 1; n-1: it is 2; n-2: it is 3; and 2 other reasons');
  });
});

describe('pods that run now', () => {
  test('they are counted over the nodes of the column alone', () => {
    const found = cell('rr', { 'n-0': 2, 'n-1': 1, elsewhere: 7 });
    assert.deepEqual([found.state, found.running], ['fits', 3]);
    assert.equal(saidOf(found), 'may run here; 3 pods here now');
  });
  test('where they must not be, they are on the wrong side, although no new one could come', () => {
    const found = cell('-', { 'n-0': 1 });
    assert.deepEqual([found.state, found.running], ['leak', 1]);
    assert.equal(found.text, 'runs here now, and must not');
    assert.deepEqual(
      [cell('---', { 'n-1': 1 }).state, cell('---', { 'n-1': 1 }).isPartial],
      ['leak', true],
    );
    assert.equal(cell('---').state, 'off');
  });
  test('where they need not be, they are no fault', () => {
    assert.equal(cell('x', { 'n-0': 1 }).state, 'off');
    assert.equal(cell('q', { 'n-0': 1 }).state, 'gap');
  });
  test('names that objects have by themselves are no nodes', () => {
    const where = column(1) as Where & { kind: 'nodes' };
    const named = { ...where, names: ['constructor'], places: new Map([['constructor', 0]]) };
    assert.equal(cellOf(workload('web', nodesOf('-')), named).state, 'off');
  });
});

describe('a role', () => {
  const STATES = {
    none: { required: 'gap', allowed: 'off', forbidden: 'off' },
    some: { required: 'gap', allowed: 'fits', forbidden: 'leak' },
    every: { required: 'fits', allowed: 'fits', forbidden: 'leak' },
  };
  for (const share of SHARES) {
    for (const expected of EXPECTATIONS) {
      test(`${share} and ${expected}`, () => {
        const own = workload('web', [], { byRole: [{ share, expected }] });
        const { state, isPartial } = cellOf(own, { kind: 'role', index: 0 });
        assert.deepEqual([state, isPartial], [STATES[share][expected], share === 'some']);
      });
    }
  }
});

describe('a static pod', () => {
  const byRole = [{ share: 'none', expected: 'allowed' }] as const;
  const api = (letters: string, more: Partial<WorkloadReach> = {}) =>
    workload('api', nodesOf(letters), { isStatic: true, byRole, ...more });
  const isUnplaced = (one: WorkloadReach, where: Where = column(one.byNode.length)) => {
    const { state, text, isUnplaced: found = false } = cellOf(one, where);
    assert.equal(text === 'is not placed by a scheduler', found);
    return [state, found];
  };
  test('is kept out of no node, whatever the profile says', () => {
    for (const letters of ['xx', '--', 'x-']) {
      assert.deepEqual(isUnplaced(api(letters)), ['off', true]);
    }
    assert.deepEqual(isUnplaced(api('xx'), { kind: 'role', index: 0 }), ['off', true]);
  });
  test('whose mirrors are there is where they are', () => {
    assert.deepEqual(isUnplaced(api('rx')), ['fits', false]);
    assert.deepEqual(isUnplaced(api('xf')), ['leak', false]);
    assert.deepEqual(isUnplaced(api('x', { running: { gone: 1 } })), ['off', false]);
    const some = [{ share: 'some', expected: 'allowed' }] as const;
    const role = { kind: 'role', index: 0 } as const;
    assert.deepEqual(isUnplaced(api('', { byRole: some }), role), ['fits', false]);
  });
  test('of another sort of workload no cell is unplaced', () => {
    assert.deepEqual(isUnplaced(api('xx', { isStatic: false })), ['off', false]);
  });
});

test('a node or a role without an answer is never taken for one that is closed', () => {
  const own = workload('web', [], { byRole: [] });
  for (const where of [column(1), { kind: 'role', index: 0 }] as const) {
    assert.equal(cellOf(own, where).state, 'gap');
    assert.match(cellOf(own, where).text, /not known/);
  }
});
