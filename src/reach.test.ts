import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { builtBulkhead, manifestsIn, ROOT, shippedProfile } from '../test/support/bulkhead.ts';
import type { JsonObject, JsonValue } from './kubernetes/json.ts';
import { reach } from './reach.ts';
import type { Reach } from './report/reach.ts';
import { openFiles } from './session.ts';

// What each cell rests on is tested in policies/lib/findings/reach_test.rego, and compared with Kubernetes in
// test/scheduler/reach.test.ts.

const kubeadm = shippedProfile('kubeadm');

function reachOf(objects: readonly JsonValue[], profile = kubeadm): Reach {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  const file = { name: 'cluster.json', bytes: new TextEncoder().encode(list) };
  return reach(openFiles(builtBulkhead(), profile, [file]));
}

function node(
  name: string,
  labels: JsonObject = {},
  taints: readonly JsonValue[] = [],
): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec: { taints },
  };
}

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';
const master = (name: string) =>
  node(name, { [CONTROL_PLANE]: '' }, [{ key: CONTROL_PLANE, effect: 'NoSchedule' }]);

function object(
  kind: string,
  name: string,
  spec: JsonObject,
  metadata: JsonObject = {},
): JsonObject {
  const apiVersion = kind === 'Pod' ? 'v1' : 'apps/v1';
  return { apiVersion, kind, metadata: { namespace: 'shop', name, ...metadata }, spec };
}

function deployment(name: string, pod: JsonObject, metadata: JsonObject = {}): JsonObject {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: pod };
  return object('Deployment', name, { selector: { matchLabels: labels }, template }, metadata);
}

/** The names of the Nodes on which each workload can run. */
function nodesFor(found: Reach): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    found.workloads.map(({ object: { name }, byNode }) => [
      name,
      found.nodes.flatMap((one, index) => (byNode[index]?.runs === true ? [one.name] : [])),
    ]),
  );
}

describe('Nodes that do not differ for a workload are asked once, and others are not', () => {
  const hostname = (value: string) => ({ nodeSelector: { 'kubernetes.io/hostname': value } });
  const affinity = (term: JsonObject) => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] },
      },
    },
  });
  const expression = (key: string, operator: string, ...values: readonly string[]) =>
    affinity({ matchExpressions: [{ key, operator, ...(values.length > 0 && { values }) }] });
  const nodes = [
    ...['w-1', 'w-2', 'w-3'].map((name) => node(name)),
    node('w-4', { disk: 'ssd', n: '4' }),
    node('w-5', { disk: 'hdd', n: '5' }),
    node('w-6', { disk: '' }),
    node('w-7', {}, [{ key: 'a', value: 'b', effect: 'NoSchedule' }]),
  ];
  const cases: Readonly<Record<string, readonly [JsonObject, string]>> = {
    'a plain workload': [{}, '1 2 3 4 5 6'],
    'a hostname': [hostname('w-2'), '2'],
    'a hostname that no Node has': [hostname('w-9'), ''],
    'all hostnames but one': [expression('kubernetes.io/hostname', 'NotIn', 'w-2'), '1 3 4 5 6'],
    'a label with any value': [expression('disk', 'Exists'), '4 5 6'],
    'no such label': [expression('disk', 'DoesNotExist'), '1 2 3'],
    'one value': [expression('disk', 'In', 'ssd'), '4'],
    'the empty value': [expression('disk', 'In', ''), '6'],
    'another value, or none': [expression('disk', 'NotIn', 'ssd'), '1 2 3 5 6'],
    'a number': [expression('n', 'Gt', '4'), '5'],
    'a name': [
      affinity({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['w-3'] }] }),
      '3',
    ],
    'a toleration': [{ tolerations: [{ key: 'a', operator: 'Exists' }] }, '1 2 3 4 5 6 7'],
  };
  // All in one cluster, so that answers from memory are used.
  const names = Object.keys(cases);
  const found = nodesFor(
    reachOf([
      ...nodes,
      ...names.flatMap((_, index) => {
        const [pod = {}] = cases[names[index] ?? ''] ?? [];
        return [deployment(`a${index}`, pod), deployment(`b${index}`, pod)];
      }),
    ]),
  );
  for (const [index, name] of names.entries()) {
    test(name, () => {
      const expected = (cases[name]?.[1] ?? '').split(' ').filter((one) => one !== '');
      for (const one of ['a', 'b']) {
        assert.deepEqual(
          found[`${one}${index}`],
          expected.map((number) => `w-${number}`),
        );
      }
    });
  }
});

test('equal pods as a component, as another workload and in an exempt namespace are not mixed up', () => {
  const tolerant = { tolerations: [{ operator: 'Exists' }] };
  const profile = { ...kubeadm, exemptNamespaces: ['spared'] };
  const found = reachOf(
    [
      master('m-1'),
      deployment('web', tolerant),
      deployment('web', tolerant, { namespace: 'spared' }),
      deployment('coredns', tolerant, { namespace: 'kube-system' }),
    ],
    profile,
  );
  const cells = found.workloads.map((one) => [one.component, one.byNode[0]?.expected]);
  const coredns = kubeadm.components.find(({ name }) => name === 'coredns');
  assert.equal(coredns?.nodeRole, 'any');
  assert.deepEqual(cells, [
    ['coredns', 'allowed'],
    [null, 'forbidden'],
    [null, 'allowed'],
  ]);
});

test('Nodes come by role and name, components in the order of the profile, then the others', () => {
  const found = reachOf([
    node('w-2'),
    master('m-2'),
    node('w-1'),
    master('m-1'),
    deployment('web', {}),
    deployment('web', {}, { namespace: 'a' }),
    object('DaemonSet', 'log', { template: {} }),
    deployment('coredns', {}, { namespace: 'kube-system' }),
    object('DaemonSet', 'kube-proxy', { template: {} }, { namespace: 'kube-system' }),
  ]);
  assert.deepEqual(
    found.nodes.map(({ name }) => name),
    ['m-1', 'm-2', 'w-1', 'w-2'],
  );
  assert.deepEqual(
    found.workloads.map(({ object: { namespace, name } }) => `${namespace}/${name}`),
    ['kube-system/kube-proxy', 'kube-system/coredns', 'a/web', 'shop/log', 'shop/web'],
  );
});

describe('where pods run', () => {
  const owned = (kind: string, name: string) => ({
    ownerReferences: [
      { apiVersion: 'apps/v1', kind, name, uid: `${kind} ${name}`, controller: true },
    ],
  });
  const labels = { app: 'web' };
  const web = deployment('web', {}, { uid: 'Deployment web' });
  const replicaSet = object(
    'ReplicaSet',
    'web-1',
    { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: {} } },
    { uid: 'ReplicaSet web-1', labels, ...owned('Deployment', 'web') },
  );
  const pod = (name: string, nodeName: string, spec: JsonObject = {}, status: JsonObject = {}) => ({
    ...object(
      'Pod',
      name,
      { nodeName, ...spec },
      { uid: name, labels, ...owned('ReplicaSet', 'web-1') },
    ),
    status: { phase: 'Running', startTime: '2026-01-01T00:00:00Z', ...status },
  });
  const runningOf = (objects: readonly JsonValue[]) =>
    Object.fromEntries(
      reachOf(objects).workloads.map((one) => [
        `${one.object.kind} ${one.object.name}`,
        { ...one.running },
      ]),
    );

  test('pods count at the controller at the top', () => {
    const pods = [pod('web-1-a', 'w-1'), pod('web-1-b', 'w-1'), pod('web-1-c', 'm-1')];
    const tolerant = web;
    assert.deepEqual(runningOf([node('w-1'), node('m-1'), tolerant, replicaSet, ...pods]), {
      'Deployment web': { 'w-1': 2, 'm-1': 1 },
    });
  });

  test('a pod that its controller would not make is a workload of its own', () => {
    const forged = pod('web-1-x', 'w-1', { tolerations: [{ operator: 'Exists' }] });
    assert.deepEqual(runningOf([node('w-1'), web, replicaSet, forged]), {
      'Deployment web': {},
      'Pod web-1-x': { 'w-1': 1 },
    });
  });

  test('a pod that is done runs nowhere', () => {
    const done = pod('web-1-a', 'w-1', {}, { phase: 'Succeeded' });
    assert.deepEqual(runningOf([node('w-1'), web, replicaSet, done]), { 'Deployment web': {} });
  });

  test('pods of an absent controller are workloads of their own', () => {
    const lone = pod('web-1-a', 'w-1');
    assert.deepEqual(runningOf([node('w-1'), lone]), { 'Pod web-1-a': { 'w-1': 1 } });
  });

  test('the members of a static component are one workload', () => {
    const mirror = (name: string) => ({
      ...object(
        'Pod',
        `etcd-${name}`,
        { nodeName: name },
        {
          namespace: 'kube-system',
          uid: name,
          annotations: { 'kubernetes.io/config.mirror': 'x' },
          ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid: name, controller: true }],
        },
      ),
      status: { phase: 'Running' },
    });
    const found = reachOf([master('m-1'), master('m-2'), node('w'), mirror('m-1'), mirror('m-2')]);
    assert.deepEqual(
      found.workloads.map((one) => [one.component, one.objects, { ...one.running }]),
      [['etcd', 2, { 'm-1': 1, 'm-2': 1 }]],
    );
    assert.deepEqual(nodesFor(found), { 'etcd-m-1': ['m-1', 'm-2'] });
    assert.equal(found.workloads[0]?.isStatic, true);
  });

  test('a pod that is given twice is one pod', () => {
    const lone = pod('web-1-a', 'w-1');
    assert.deepEqual(runningOf([node('w-1'), lone, lone]), { 'Pod web-1-a': { 'w-1': 1 } });
  });
});

describe('an object that is given several times', () => {
  const tolerant = { tolerations: [{ operator: 'Exists' }] };
  const both = [deployment('web', tolerant), deployment('web', { nodeSelector: { a: 'b' } })];
  for (const [name, copies] of [
    ['the first', both],
    ['the last', [...both].reverse()],
  ] as const) {
    test(`is where it must not be if ${name} of them is`, () => {
      const found = reachOf([master('m-1'), node('w'), ...copies]);
      const [web, ...others] = found.workloads;
      assert.deepEqual(others, []);
      assert.deepEqual([web?.byNode[0]?.runs, web?.byNode[0]?.expected], [true, 'forbidden']);
      assert.deepEqual(web?.byRole[0], { share: 'every', expected: 'forbidden' });
    });
  }
  test('of what is allowed the last counts', () => {
    const copies = [deployment('web', { nodeSelector: { a: 'b' } }), deployment('web', {})];
    assert.deepEqual(nodesFor(reachOf([node('w'), ...copies])), { web: ['w'] });
    assert.deepEqual(nodesFor(reachOf([node('w'), ...copies.reverse()])), { web: [] });
  });
  test('a component of which one lacks its role lacks it', () => {
    const agent = (pod: JsonObject) =>
      object('DaemonSet', 'kube-proxy', { template: { spec: pod } }, { namespace: 'kube-system' });
    for (const copies of [
      [agent({}), agent(tolerant)],
      [agent(tolerant), agent({})],
    ]) {
      const [proxy] = reachOf([master('m-1'), ...copies]).workloads;
      assert.deepEqual([proxy?.component, proxy?.byNode[0]?.runs], ['kube-proxy', false]);
      assert.deepEqual(proxy?.byRole[0], { share: 'none', expected: 'required' });
    }
  });
  test('those without a name are given once each', () => {
    const unnamed = (pod: JsonObject) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'shop', generateName: 'job-' },
      spec: pod,
    });
    const found = reachOf([master('m-1'), unnamed(tolerant), unnamed({})]);
    assert.deepEqual(found.workloads.map(({ byNode }) => byNode[0]?.runs).sort(), [false, true]);
  });
  test('of Nodes the last counts', () => {
    const found = reachOf([master('w'), node('w'), deployment('web', {})]);
    assert.deepEqual(found.nodes, [{ name: 'w', roles: [] }]);
    assert.deepEqual(nodesFor(found), { web: ['w'] });
  });
});

test('a kind Node of another API is no Node', () => {
  const other = { ...node('w'), apiVersion: 'longhorn.io/v1beta2' };
  const web = deployment('web', { nodeSelector: { disk: 'ssd' } });
  const found = reachOf([node('w', { disk: 'ssd' }), node('x'), other, web]);
  assert.deepEqual(
    found.nodes.map(({ name }) => name),
    ['w', 'x'],
  );
  assert.deepEqual(nodesFor(found), { web: ['w'] });
});

test('an empty uid is that of no API server: a kubelet may add labels', () => {
  const unborn = { ...node('a'), metadata: { name: 'a', uid: '' } };
  const web = deployment('web', { nodeSelector: { disk: 'ssd' } });
  for (const nodes of [
    [unborn, node('b')],
    [node('b'), unborn],
  ]) {
    assert.deepEqual(nodesFor(reachOf([...nodes, web])), { web: ['a'] });
  }
});

describe('components of single pods', () => {
  const profile = {
    ...kubeadm,
    components: [
      {
        name: 'store',
        match: { namespace: 'shop', name: 'store-*' },
        nodeRole: 'control-plane',
      },
    ],
  };
  const member = (name: string, pod: JsonObject) =>
    object('Pod', `store-${name}`, { tolerations: [{ operator: 'Exists' }], ...pod });
  const pinned = (name: string) =>
    member(name, {
      nodeSelector: { 'kubernetes.io/hostname': `m-${name}`, [CONTROL_PLANE]: '' },
    });
  const nodes = [master('m-1'), master('m-2'), node('w')];
  const cells = (objects: readonly JsonValue[], own: readonly JsonValue[] = nodes) => {
    const [store, ...others] = reachOf([...own, ...objects], profile).workloads;
    assert.deepEqual([store?.component, others], ['store', []]);
    return {
      nodes: store?.byNode.map(({ runs, expected }) => `${runs} ${expected}`),
      role: store?.byRole[0]?.share,
    };
  };
  const [yes, no, out] = ['true required', 'false required', 'false forbidden'];

  test('each may be pinned to its own Node', () => {
    assert.deepEqual(cells([pinned('1'), pinned('2')]).nodes, [yes, yes, out]);
  });
  test('one that can run on no Node of its role is not hidden by the others', () => {
    const lost = member('0', { nodeSelector: { [CONTROL_PLANE]: 'gone' } });
    for (const pods of [
      [pinned('1'), lost],
      [lost, pinned('2')],
    ]) {
      const all = [pinned('1'), pinned('2'), ...pods];
      assert.deepEqual(cells(all).nodes, [no, no, out]);
      assert.equal(cells(all, []).role, 'none');
    }
  });
  test('one that leaves its role is not hidden by the others', () => {
    for (const name of ['0', '9']) {
      const all = [pinned('1'), member(name, {}), pinned('2')];
      assert.deepEqual(cells(all).nodes, [yes, yes, 'true forbidden']);
    }
  });
});

test('a static pod is placed by no scheduler, a Deployment with its name is', () => {
  const metadata = { namespace: 'kube-system' };
  const file = object('Pod', 'kube-apiserver', {}, metadata);
  const found = reachOf([node('w'), file]);
  assert.deepEqual(
    found.workloads.map(({ component, isStatic }) => [component, isStatic]),
    [['kube-apiserver', true]],
  );
  assert.deepEqual(nodesFor(found), { 'kube-apiserver': [] });
  const placed = reachOf([node('w'), deployment('kube-apiserver', {}, metadata)]);
  assert.deepEqual(
    placed.workloads.map(({ component, isStatic }) => [component, isStatic]),
    [['kube-apiserver', false]],
  );
  assert.deepEqual(nodesFor(placed), { 'kube-apiserver': ['w'] });
});

test('without Nodes there are roles alone, and names of a prototype are names', () => {
  const found = reachOf([deployment('constructor', {}), node('constructor')]);
  assert.deepEqual(found.nodes, [{ name: 'constructor', roles: [] }]);
  assert.equal(found.workloads[0]?.byNode[0]?.runs, true);
  const empty = reachOf([deployment('web', {})]);
  assert.deepEqual(empty.nodes, []);
  assert.deepEqual(empty.roles, ['control-plane', 'worker']);
  assert.deepEqual(empty.workloads[0]?.byRole, [
    { share: 'none', expected: 'forbidden' },
    { share: 'every', expected: 'allowed' },
  ]);
});

test('the sample cluster has no workload that is not asked', () => {
  const files = manifestsIn(ROOT, 'testdata/clusters/drifted');
  const found = reach(openFiles(builtBulkhead(), shippedProfile('tectonic-1.6.4'), files));
  assert.deepEqual(found.unanswered, []);
  assert.equal(found.nodes.length, 5);
  const crossing = found.workloads.filter(
    ({ component, byNode }) =>
      component === null && byNode.some(({ runs, expected }) => runs && expected === 'forbidden'),
  );
  assert.deepEqual(
    crossing.map(({ object: { name } }) => name),
    ['node-log', 'report', 'web', 'db'],
  );
});
