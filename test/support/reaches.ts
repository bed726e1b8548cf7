import type {
  NodeReach,
  Reach,
  ReachedNode,
  RoleReach,
  WorkloadReach,
} from '../../src/report/reach.ts';

// Who can run where, made by hand and as large as is asked for.

/** A node in letters: `R` runs where it must, `r` where it may, `f` where it must not; `-` and `x` are kept out, `q` is missing. */
const LETTERS: Readonly<Record<string, NodeReach>> = {
  R: { runs: true, expected: 'required', reason: 'has no taint to tolerate' },
  r: { runs: true, expected: 'allowed', reason: 'is kept off by no taint' },
  f: {
    runs: true,
    expected: 'forbidden',
    reason: 'tolerates node-role.kubernetes.io/master:NoSchedule',
  },
  '-': {
    runs: false,
    expected: 'forbidden',
    reason: 'does not tolerate node-role.kubernetes.io/master:NoSchedule',
  },
  x: { runs: false, expected: 'allowed', reason: 'requires another node' },
  q: {
    runs: false,
    expected: 'required',
    reason: 'requires a label that the node lacks',
  },
};

/** Nodes in letters, one each. */
export function nodesOf(letters: string): readonly NodeReach[] {
  return [...letters].map((letter) => {
    const reach = LETTERS[letter];
    if (reach === undefined) throw new Error(`no node is ${letter}`);
    return reach;
  });
}

/** A workload among others. */
export function workload(
  name: string,
  byNode: readonly NodeReach[],
  more: Partial<Omit<WorkloadReach, 'object'>> & { namespace?: string | null; kind?: string } = {},
): WorkloadReach {
  const { namespace = 'shop', kind = 'Deployment', ...rest } = more;
  return {
    object: { apiVersion: 'apps/v1', kind, namespace, name },
    objects: 1,
    component: null,
    nodeRole: 'worker',
    isStatic: false,
    byRole: [
      { share: 'none', expected: 'forbidden' },
      { share: 'every', expected: 'allowed' },
    ],
    byNode,
    running: {},
    ...rest,
  };
}

/** Some masters and workers, by name. */
export function masterAndWorkers(masters: number, workers: number): readonly ReachedNode[] {
  const some = (role: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `${role}-${index}`, roles: [role] }));
  return [...some('master', masters), ...some('worker', workers)];
}

/** A small cluster with everything that a map shows. */
export const SMALL: Reach = {
  environment: null,
  unanswered: [],
  roles: ['master', 'worker'],
  nodes: masterAndWorkers(3, 2),
  workloads: [
    component('kube-apiserver', 'RRRff'),
    component('kube-scheduler', 'Rqq--'),
    component('kube-proxy', 'RqqqR', 'all'),
    component('heapster', 'rxxxr', 'any'),
    workload('web', nodesOf('fffrr'), { running: { 'master-0': 1, 'worker-1': 2 } }),
    workload('db', nodesOf('---rr'), { kind: 'StatefulSet' }),
  ],
};

function component(name: string, letters: string, nodeRole = 'master'): WorkloadReach {
  return workload(name, nodesOf(letters), { component: name, namespace: 'kube-system', nodeRole });
}

/** A cluster of many nodes and workloads: most are clean, every hundredth is not. */
export function large(nodes: number, workloads: number): Reach {
  const masters = 5;
  const names = masterAndWorkers(masters, nodes - masters);
  const list = (master: string, worker: string) =>
    nodesOf(master.repeat(masters) + worker.repeat(nodes - masters));
  const [clean, leaking] = [list('-', 'r'), list('f', 'r')];
  const zone = names.map(
    (_, index) => (index % 3 === 0 ? nodesOf('r') : nodesOf('x'))[0] as NodeReach,
  );
  const lists = [
    clean,
    clean,
    clean,
    zone.map((one, index) => (index < masters ? (nodesOf('-')[0] as NodeReach) : one)),
  ];
  const others = Array.from({ length: workloads - 4 }, (_, index) =>
    workload(
      `service-${index}`,
      index % 100 === 7 ? leaking : (lists[index % lists.length] as readonly NodeReach[]),
      {
        namespace: `team-${index % 40}`,
        running: { [`worker-${index % (nodes - masters)}`]: 2 },
      },
    ),
  );
  return {
    ...SMALL,
    nodes: names,
    workloads: [
      component2('kube-apiserver', list('R', '-')),
      component2('kube-scheduler', list('R', '-')),
      component2('kube-proxy', list('R', 'R'), 'all'),
      component2('coredns', list('r', 'r'), 'any'),
      ...others,
    ],
  };
}

function component2(
  name: string,
  byNode: readonly NodeReach[],
  nodeRole = 'master',
): WorkloadReach {
  return workload(name, byNode, { component: name, namespace: 'kube-system', nodeRole });
}

/** Nothing is known but roles. */
export function rolesOnly(byRole: readonly RoleReach[]): Reach {
  return {
    ...SMALL,
    nodes: [],
    workloads: SMALL.workloads.map((one) => ({ ...one, byNode: [], byRole })),
  };
}
