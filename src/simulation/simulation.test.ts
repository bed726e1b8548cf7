import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { drainAll } from './drain.ts';
import { update } from './update.ts';
import type { Apart, Budget, Rule, Workload, World } from './world.ts';

const names = (count: number) => Array.from({ length: count }, (_, index) => `m-${index + 1}`);

function workload(replicas: number, nodes: number, changes: Partial<Workload> = {}): Workload {
  return {
    id: 'Deployment kube-system/dns',
    component: 'dns',
    kind: 'Deployment',
    nodes: names(nodes),
    replicas,
    apart: 'no',
    rules: [],
    closed: [],
    update: { type: 'rolling', surge: 1, unavailable: 0 },
    isRecreated: true,
    isStatic: false,
    ...changes,
  };
}

function world(own: Workload, budgets: readonly Partial<Budget>[] = []): World {
  return {
    nodes: own.nodes,
    workloads: [own],
    budgets: budgets.map((budget, index) => ({
      name: `budget-${index + 1}`,
      workloads: [own.id],
      desiredHealthy: 1,
      ...budget,
    })),
  };
}

describe('an update of a Deployment', () => {
  const aparts: readonly Apart[] = ['no', 'revision', 'always'];
  for (const apart of aparts) {
    test(`gets stuck exactly if pods of all revisions exclude each other and E <= R - U: ${apart}`, () => {
      for (const [replicas, nodes, surge, unavailable] of grid(apart)) {
        const own = workload(replicas, nodes, {
          apart,
          update: { type: 'rolling', surge, unavailable },
        });
        const result = update(own, world(own));
        const said = JSON.stringify({ replicas, nodes, surge, unavailable });
        const isStuck = apart === 'always' && nodes <= replicas - unavailable;
        assert.equal(result?.stop !== undefined, isStuck, said);
        assert.ok((result?.least[own.id] ?? -1) >= replicas - unavailable, said);
      }
    });
  }

  test('that recreates leaves none running in between', () => {
    const own = workload(3, 3, { update: { type: 'recreate' } });
    assert.equal(update(own, world(own))?.least[own.id], 0);
  });

  test('that recreates never completes if not all of the new pods fit', () => {
    const own = workload(3, 2, { apart: 'always', update: { type: 'recreate' } });
    assert.match(
      update(own, world(own))?.stop ?? '',
      /no node is free for the new pod: 2 of 3 replicas run/,
    );
  });

  test('deletes as many old pods as may be unavailable before the first new one is ready', () => {
    for (const [replicas, surge] of [
      [1, 1],
      [1, 2],
      [2, 2],
    ] as const) {
      const own = workload(replicas, 3, { update: { type: 'rolling', surge, unavailable: 1 } });
      assert.equal(update(own, world(own))?.least[own.id], replicas - 1);
    }
  });
});

/** With fewer nodes than pods that exclude each other, the pods of one revision never all run at once. */
function grid(apart: Apart): readonly (readonly [number, number, number, number])[] {
  return [1, 2, 3, 4, 5].flatMap((replicas) =>
    [1, 2, 3, 4, 5, 6]
      .filter((nodes) => apart === 'no' || nodes >= replicas)
      .flatMap((nodes) =>
        limits(replicas).map(
          ([surge, unavailable]) => [replicas, nodes, surge, unavailable] as const,
        ),
      ),
  );
}

function limits(replicas: number): readonly (readonly [surge: number, unavailable: number])[] {
  return [0, 1, 2, 3]
    .flatMap((surge) => [0, 1, 2, 3].map((unavailable) => [surge, unavailable] as const))
    .filter(([surge, unavailable]) => surge + unavailable > 0 && unavailable <= replicas);
}

test('a StatefulSet has as many pods unavailable as allowed, and none if a partition excludes them', () => {
  const set = (from: number, unavailable: number) =>
    workload(3, 3, { kind: 'StatefulSet', update: { type: 'ordered', from, unavailable } });
  const least = (own: Workload) => update(own, world(own))?.least[own.id];
  assert.equal(least(set(0, 1)), 2);
  assert.equal(least(set(0, 2)), 1);
  assert.equal(least(set(0, 3)), 0);
  assert.equal(least(set(1, 2)), 1);
  assert.deepEqual(update(set(3, 0), world(set(3, 0)))?.steps, []);
});

test('a DaemonSet has as many pods unavailable as allowed, and none with a surge', () => {
  const own = (surge: number, unavailable: number, apart: Apart = 'no') =>
    workload(3, 3, { kind: 'DaemonSet', apart, update: { type: 'daemon', surge, unavailable } });
  const result = (one: Workload) => update(one, world(one));
  assert.equal(result(own(0, 2))?.least[own(0, 2).id], 1);
  assert.equal(result(own(1, 0))?.least[own(1, 0).id], 3);
  assert.match(result(own(1, 0, 'always'))?.stop ?? '', /no node is free/);
});

test('a workload that never restarts pods itself has no update', () => {
  const own = workload(1, 1, { update: { type: 'none' } });
  assert.equal(update(own, world(own)), undefined);
});

describe('a drain of all nodes', () => {
  test('completes, and a budget keeps one pod running', () => {
    const own = workload(2, 3, { apart: 'always' });
    const drains = drainAll(world(own, [{ desiredHealthy: 1 }]));
    assert.deepEqual(
      drains.map(({ node, least, stop }) => [node, least[own.id], stop]),
      [
        ['m-1', 1, undefined],
        ['m-2', 1, undefined],
        ['m-3', 1, undefined],
      ],
    );
  });

  test('never completes if the budget requires all pods', () => {
    const own = workload(2, 3);
    const [drain, ...others] = drainAll(world(own, [{ desiredHealthy: 2 }]));
    assert.deepEqual(others, []);
    assert.equal(drain?.stop, 'budget-1 allows 0 disruptions: 2 healthy, 2 required');
    assert.equal(drain?.refusals, 2);
  });

  test('never completes if the replacement fits no other node', () => {
    const own = workload(2, 1);
    const [drain] = drainAll(world(own, [{ desiredHealthy: 1 }]));
    assert.equal(drain?.stop, 'budget-1 allows 0 disruptions: 1 healthy, 1 required');
    assert.equal(drain?.least[own.id], 1);
  });

  test('evicts all at once if no budget selects them', () => {
    const own = workload(2, 1);
    const [drain] = drainAll(world(own));
    assert.deepEqual([drain?.stop, drain?.least[own.id]], [undefined, 0]);
  });

  test('fails if two budgets select the same pods', () => {
    const own = workload(3, 3);
    const [drain] = drainAll(world(own, [{ desiredHealthy: 0 }, { desiredHealthy: 0 }]));
    assert.match(drain?.stop ?? '', /^budget-1 and budget-2 select the pods of dns/);
  });

  test('fails if a budget cannot count its pods', () => {
    const own = workload(3, 3);
    const [drain] = drainAll(world(own, [{ desiredHealthy: 0, refuses: 'it counts none' }]));
    assert.equal(drain?.stop, 'budget-1 allows 0 disruptions: it counts none');
  });

  test('leaves static pods where they are', () => {
    const api = workload(1, 1, { kind: 'Pod', isRecreated: false, isStatic: true });
    assert.deepEqual(
      drainAll(world(api)).map(({ steps, least }) => [steps, least[api.id]]),
      [[[], 1]],
    );
  });

  test('leaves the pods of DaemonSets, and loses pods that no controller recreates', () => {
    const daemon = workload(3, 3, { kind: 'DaemonSet' });
    assert.deepEqual(
      drainAll(world(daemon)).map(({ steps }) => steps),
      [[], [], []],
    );
    const bare = workload(1, 3, { kind: 'Pod', isRecreated: false });
    assert.deepEqual(
      drainAll(world(bare)).map(({ least }) => least[bare.id]),
      [0, 0, 0],
    );
  });
});

describe('an adverse scheduler', () => {
  const fewest = (own: Workload, budgets: readonly Partial<Budget>[] = [], nodes = own.nodes) =>
    Math.min(...drainAll({ ...world(own, budgets), nodes }).map(({ least }) => least[own.id] ?? 0));
  const spread = (changes: Partial<Rule> = {}): Rule => ({
    means: 'spread',
    across: true,
    domains: new Map(names(3).map((node) => [node, node])),
    maxSkew: 1,
    minDomains: 1,
    honorsTaints: false,
    isShared: false,
    ...changes,
  });

  test('puts all pods on one node where nothing that is required keeps them apart', () => {
    assert.equal(fewest(workload(5, 3)), 0);
    assert.equal(fewest(workload(5, 3), [{ desiredHealthy: 1 }]), 1);
    assert.equal(fewest(workload(5, 3), [{ desiredHealthy: 4 }]), 4);
  });

  test('puts one pod on a node where they exclude each other', () => {
    for (const apart of ['always', 'revision'] as const) {
      assert.equal(fewest(workload(3, 3, { apart })), 2);
    }
  });

  test('puts as many on a node as each skew allows', () => {
    for (const [replicas, maxSkew, most] of [
      [2, 1, 1],
      [3, 1, 1],
      [4, 1, 2],
      [4, 2, 2],
      [5, 2, 3],
      [7, 2, 3],
      [8, 2, 4],
      [3, 3, 3],
      [6, 3, 4],
    ] as const) {
      const own = workload(replicas, 3, { rules: [spread({ maxSkew })] });
      assert.equal(fewest(own), replicas - most, JSON.stringify({ replicas, maxSkew }));
    }
  });

  test('is bound by nodes that count and take no pod', () => {
    const domains = new Map([...spread().domains, ['tainted', 'tainted']]);
    const own = workload(4, 3, { rules: [spread({ domains })] });
    // Three run, one waits, and the drained one has no other node.
    assert.equal(fewest(own), 2);
    assert.equal(fewest(workload(4, 3, { rules: [spread({ minDomains: 4 })] })), 2);
  });

  test('counts a cordoned node unless the constraint honours taints', () => {
    const closed = ['m-3'];
    const start = (rule: Rule) => {
      const own = workload(4, 3, { closed, rules: [rule] });
      return drainAll(world(own))[0]?.least[own.id];
    };
    assert.equal(start(spread()), 1);
    // Two on each open node; the other two cannot balance the drained one out.
    assert.equal(start(spread({ honorsTaints: true })), 2);
  });

  test('puts no pod on a node without the label of the topology', () => {
    const domains = new Map([['m-1', 'm-1']]);
    assert.equal(fewest(workload(2, 3, { rules: [spread({ domains })] })), 0);
  });

  test('puts one pod into a zone where zones are exclusive', () => {
    const domains = new Map(['a', 'a', 'b'].map((zone, index) => [`m-${index + 1}`, zone]));
    const rules = [spread({ means: 'exclusive', domains })];
    assert.equal(fewest(workload(2, 3, { rules })), 1);
    assert.equal(fewest(workload(3, 3, { rules })), 1);
  });

  test('of several workloads under one budget, each may be evicted first', () => {
    const [a, b] = ['a', 'b'].map((id) => workload(2, 3, { id, component: id }));
    assert.ok(a && b);
    const ids = { workloads: ['a', 'b'], desiredHealthy: 1 };
    const [drain] = drainAll({ ...world(a, [ids]), workloads: [a, b] });
    assert.deepEqual(drain?.least, { a: 0, b: 0 });
  });

  test('is not bound by a spread that counts pods of other workloads', () => {
    const own = workload(2, 3, { rules: [spread({ isShared: true })] });
    assert.equal(fewest(own), 0);
  });

  test('changes no update', () => {
    const own = workload(3, 3, { rules: [spread()] });
    const result = update(own, world(own));
    assert.deepEqual([result?.stop, result?.least[own.id]], [undefined, 3]);
    const domains = new Map([...spread().domains, ['tainted', 'tainted']]);
    assert.ok(update({ ...own, rules: [spread({ domains })] }, world(own))?.stop);
    const again = spread({ domains, across: false });
    assert.equal(update({ ...own, rules: [again] }, world(own))?.stop, undefined);
  });
});
