import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { PROFILE_NAMES } from '../../scripts/profiles.ts';
import type { Waiver } from '../../src/config/waiver.ts';
import type { Stage } from '../../src/gatekeeper/enforcement.ts';
import type { JsonObject } from '../../src/kubernetes/json.ts';
import { builtBulkhead } from '../support/bulkhead.ts';
import {
  annotated,
  checked,
  counted,
  generated,
  JANE,
  kubelet,
  logged,
  post,
  refusals,
  request,
  type Said,
  startLikeKubeadm,
  type User,
  waiving,
} from './admission.ts';
import {
  API_SERVER,
  adversePods,
  affinity,
  CLASS,
  CONTROL_PLANE,
  COREDNS,
  intruders,
  KINDS_OF_WORKLOADS,
  KUBE_PROXY,
  mirror,
  mutatingPolicy,
  node,
  RUNTIME_CLASS,
  renamed,
  TAINT,
  TOLERATION,
  tolerantNamespace,
  workload,
} from './admission-objects.ts';
import {
  isOwned,
  type Live,
  nameOf,
  nodesOf,
  processes,
  refusedBy,
  Scenarios,
  uidsOf,
} from './admission-scenarios.ts';
import { type Cluster, until } from './cluster.ts';
import { succeed } from './gatekeeper.ts';
import { mapIn, objectIn } from './objects.ts';

// ValidatingAdmissionPolicies alone, on a real control plane whose controllers ask with service accounts of their
// own: components come up and are replaced, other workloads run on workers, and what would reach the control plane is
// refused, however it is asked for. Each stage has the words of a check. docs/admission.md has the tables.

const CP = node('cp-0', { [CONTROL_PLANE]: '' }, [TAINT]);
/** From before the policies: it has the label of the control plane, and not its taint. */
const FAULTY_TAINT = { key: 'example.com/faulty', effect: 'NoSchedule' };
const FAULTY = node('faulty-0', { [CONTROL_PLANE]: '' }, [FAULTY_TAINT]);
const WORKER = node('worker-0', {}, []);
const NODES = [CP, FAULTY, WORKER, node('worker-1', {}, [])];
const WORKERS = ['worker-0', 'worker-1'];

const INTRUSION = ['control-plane-intrusion'];
const BYPASS = ['scheduler-bypass'];
const EITHER = [...INTRUSION, ...BYPASS];
const UNTAINTED = ['untainted-control-plane-node'];
const KIND = ['wrong-workload-kind'];

/** The policies that only warn when the others deny. */
const WARNING = new Set(
  builtBulkhead()
    .catalogue.policies.filter(({ admission }) => admission === 'warn')
    .map(({ id }): string => id),
);

const POLICIES = 'validatingadmissionpolicies';
const CREATIONS = 300;

const PROXIES = 'k8s-app=kube-proxy';
const RESOLVERS = 'k8s-app=kube-dns';
const COMPONENTS = ['daemonset/kube-proxy', 'deployment/coredns'];

const NAMESPACE: JsonObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
const SYSTEM = { namespace: 'kube-system' };

const REPLICA_SET_CONTROLLER: User = {
  name: 'system:serviceaccount:kube-system:replicaset-controller',
};

/** Intruders from before the policies. */
const BEFORE = workload('Deployment', 'before', { tolerations: [TOLERATION] }, { replicas: 2 });
const BEFORE_POD = renamed(workload('Pod', 'before-pod', { tolerations: [TOLERATION] }), {
  finalizers: ['example.com/held'],
});

const BEFORE_DAEMON = workload('DaemonSet', 'before-daemon', {
  tolerations: [{ operator: 'Exists' }],
});

/** Tolerates everything, and cannot be scheduled onto the control plane. */
const OFF = {
  tolerations: [{ operator: 'Exists' }],
  ...affinity([[{ key: CONTROL_PLANE, operator: 'DoesNotExist' }]]),
};

/** `kubeadm upgrade` makes it, to see whether a cluster runs Jobs. */
const HEALTH_CHECK = renamed(
  workload('Job', 'upgrade-health-check-1796041234567', { tolerations: [TAINT] }),
  SYSTEM,
);

/** A waiver of a whole object, and one of a field. */
const WAIVERS: readonly Waiver[] = [
  {
    match: { kind: 'Job', namespace: 'kube-system', name: 'upgrade-health-check-*' },
    policies: INTRUSION,
  },
  {
    match: { kind: 'Deployment', namespace: 'shop', name: 'waived' },
    policies: EITHER,
    path: ['spec', 'template', 'spec', 'tolerations', '*'],
  },
].map((waiver) => ({
  ...waiver,
  reason: 'is known to tolerate it',
  owner: 'platform',
  expires: 'never',
  place: { file: 'bulkhead.yaml', line: 1, column: 1 },
}));

const LABEL = { metadata: { labels: { 'example.com/x': 'y' } } };
const NO_FINALIZER = { metadata: { finalizers: null } };
const ANOTHER_TOLERATION = [
  { op: 'add', path: '/spec/tolerations/-', value: { operator: 'Exists' } },
];

describe('admission by the API server alone', () => {
  let cluster: Cluster;
  let api: string;
  let scenarios: Scenarios;
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-admission-'));
  /** Intruders, and what a check says about each as the API server admits it. */
  const expected = new Map<string, { readonly object: JsonObject; readonly said: Said }>();

  before(async () => {
    cluster = await startLikeKubeadm();
    api = await cluster.serve();
    scenarios = new Scenarios(cluster, api);
    const namespaces = [NAMESPACE, tolerantNamespace('defaulted')];
    assert.equal(await cluster.create([...NODES, ...namespaces, RUNTIME_CLASS]), '');
    await until('Ready nodes and service accounts', async () => {
      const isReady = !JSON.stringify(await cluster.list('nodes')).includes('/not-ready"');
      const { status } = await request(api, 'POST', workload('Pod', 'probe'));
      return (isReady && status === 201) || undefined;
    });
  });
  after(() => {
    cluster?.stop();
    rmSync(directory, { recursive: true });
  });

  test('without policies, everything gets in', async () => {
    for (const object of [BEFORE, BEFORE_POD, BEFORE_DAEMON]) {
      await scenarios.send(`${nameOf(object)}, before the policies`, 'admitted', 'POST', object);
    }
    for (const [name, object] of intruders()) {
      const { status, outcome, object: admitted } = await request(api, 'POST', object);
      assert.equal(status, 201, `${name}: ${outcome}`);
      expected.set(name, { object, said: checked(admitted) });
    }
    const silent = [...expected].filter(([, { said }]) => said.size === 0).map(([name]) => name);
    assert.deepEqual(silent, []);
    await scenarios.running('app=before', 2);
    await scenarios.running('app=before-daemon', NODES.length);
  });

  test('dryrun admits everything, and writes the words of a check to the audit log', async () => {
    await roll('dryrun');
    const ids = new Map<string, string>();
    for (const [name, { object }] of expected) {
      const { status, warned, id } = await request(api, 'POST', object);
      assert.deepEqual([status, warned], [201, new Map()], name);
      ids.set(id, name);
    }
    const found = await until('the entries of the audit log', async () => {
      const own = logged(cluster.files.auditLog).filter(({ auditID }) => ids.has(auditID));
      return own.length === ids.size ? own : undefined;
    });
    for (const entry of found) {
      const name = ids.get(entry.auditID) ?? '';
      assert.deepEqual(annotated(entry), expected.get(name)?.said, name);
    }
    // Without an audit log, the metrics count what a policy would refuse.
    const audited = counted(await metrics()).filter(({ action }) => action === 'audit');
    assert.deepEqual(new Set(audited.map(({ policy }) => policy)), policiesSaid());
  });

  test('warn admits everything, with the words of a check', async () => {
    await roll('warn');
    for (const [name, { object, said }] of expected) {
      const { status, warned } = await request(api, 'POST', object);
      assert.deepEqual([status, warned], [201, said], name);
    }
  });

  test('deny refuses with the words of a check', async (context) => {
    await roll('deny');
    for (const [name, { object, said }] of expected) {
      const { status, outcome, denied, warned } = await request(api, 'POST', object);
      const warnings = new Map([...said].filter(([policy]) => WARNING.has(policy)));
      assert.deepEqual(warned, warnings, name);
      const isDenied = said.size > warnings.size;
      assert.equal(status, isDenied ? 403 : 201, `${name}: ${outcome}`);
      // The API server says what the first policy says.
      for (const [policy, words] of denied) assert.deepEqual(words, said.get(policy), name);
      assert.equal(denied.size, Number(isDenied), name);
      const denying = [...said.keys()].filter((policy) => !WARNING.has(policy));
      const warning = `admitted, warned by ${[...warned.keys()]}`;
      scenarios.note(name, isDenied ? refusedBy(denying) : warning);
    }
    context.diagnostic(`${expected.size} objects in three stages, the words of a check in each`);
    assert.equal(policiesSaid().size, (await cluster.list(POLICIES)).length);
  });

  test('Kubernetes finds no mistake in the types of the expressions', async () => {
    const checks = await until('the types to be checked', async () => {
      const { items } = JSON.parse(await cluster.print(['get', POLICIES, '-o', 'json']));
      const found = items.map(({ status }: Live) => status.typeChecking);
      return found.includes(undefined) ? undefined : found;
    });
    for (const one of checks) assert.deepEqual(one, {});
  });

  test('components come up, are replaced, rolled out, scaled and adopted', async () => {
    const everywhere = NODES.map(nameOf).sort();
    await scenarios.send('DaemonSet kube-proxy is created', 'admitted', 'POST', KUBE_PROXY);
    await scenarios.send('Deployment coredns is created', 'admitted', 'POST', COREDNS);
    const first = await scenarios.running(PROXIES, NODES.length);
    assert.deepEqual(nodesOf(first), everywhere);
    scenarios.note('… pods of kube-proxy run on', everywhere.join(' '));
    const resolvers = await scenarios.running(RESOLVERS, 2);
    scenarios.note('… pods of coredns that run', `${resolvers.length}`);
    const argv = '-n kube-system --wait=false';
    await scenarios.kubectl('their pods are deleted', `delete pods -l k8s-app ${argv}`);
    await until('other pods', async () => {
      const uids = uidsOf(await scenarios.labelled('pods', PROXIES));
      return !uidsOf(first).some((uid) => uids.includes(uid)) || undefined;
    });
    assert.deepEqual(nodesOf(await scenarios.running(PROXIES, NODES.length)), everywhere);
    await scenarios.running(RESOLVERS, 2);
    scenarios.note('… and replaced', 'admitted');
    for (const one of COMPONENTS) {
      await scenarios.kubectl(`${one} is rolled out`, `rollout restart ${one} -n kube-system`);
      await rolledOut(one);
    }
    for (const count of [3, 2]) {
      const words = `scale deployment/coredns --replicas=${count} -n kube-system`;
      await scenarios.kubectl(`coredns is scaled to ${count}`, words);
      await scenarios.running(RESOLVERS, count);
    }
    const left = uidsOf(await scenarios.running(PROXIES, NODES.length));
    const installed = await Promise.all(COMPONENTS.map(installedAs));
    for (const one of COMPONENTS) {
      const words = `delete ${one} --cascade=orphan --timeout=60s -n kube-system`;
      await scenarios.kubectl(`${one} is deleted, its pods stay`, words);
    }
    await until('orphans', async () => {
      return !(await scenarios.labelled('pods', PROXIES)).some(isOwned) || undefined;
    });
    for (const [index, object] of installed.entries()) {
      const what = `${COMPONENTS[index]} is created again`;
      await scenarios.send(what, 'admitted', 'POST', object);
    }
    for (const one of COMPONENTS) await rolledOut(one);
    const adopted = await until('the pods to be adopted', async () => {
      const pods = await scenarios.labelled('pods', PROXIES);
      return pods.every(isOwned) ? pods : undefined;
    });
    assert.deepEqual(uidsOf(adopted), left);
    scenarios.note('… pods of kube-proxy that it adopts', `${adopted.length}`);
    assert.deepEqual(await scenarios.failures('kube-system'), []);
    scenarios.note('events FailedCreate in kube-system', 'none');
  });

  test('plain workloads of every kind run on workers', async () => {
    const replicated = ['ReplicationController', 'Deployment', 'ReplicaSet', 'StatefulSet'];
    for (const kind of KINDS_OF_WORKLOADS) {
      const fields = replicated.includes(kind) ? { replicas: 2 } : {};
      const object = workload(kind, plain(kind), {}, fields);
      await scenarios.send(`plain ${kind}`, 'admitted', 'POST', object);
    }
    // A CronJob makes its Job at the next minute.
    for (const kind of KINDS_OF_WORKLOADS.filter((one) => one !== 'CronJob')) {
      const nodes = await until(`pods of a plain ${kind}`, async () => {
        const found = nodesOf(await scenarios.labelled('pods', `app=${plain(kind)}`));
        const count = kind === 'DaemonSet' || replicated.includes(kind) ? 2 : 1;
        return found.length === count && !found.includes('') ? found : undefined;
      });
      if (kind === 'DaemonSet') assert.deepEqual(nodes, WORKERS);
      for (const name of nodes) assert.ok(WORKERS.includes(name), kind);
    }
    assert.deepEqual(await scenarios.failures('shop'), []);
    scenarios.note('… their pods run on', WORKERS.join(' '));
  });

  // Its controller puts the name of a node in place of the affinity, and binds nothing where a taint keeps it away.
  test('pods of a DaemonSet are where its template can run', async () => {
    const daemon = workload('DaemonSet', 'off', OFF);
    await scenarios.send(
      'a DaemonSet with an affinity for other nodes',
      'admitted',
      'POST',
      daemon,
    );
    assert.deepEqual(nodesOf(await scenarios.running('app=off', 2)), WORKERS);
    scenarios.note('… its pods run on', WORKERS.join(' '));
    const deployment = workload('Deployment', 'off-too', OFF);
    await scenarios.send('a Deployment with the same', 'admitted', 'POST', deployment);
    await scenarios.running('app=off-too', 1);
    const tolerant = workload('DaemonSet', 'class', CLASS);
    await scenarios.send('a DaemonSet of a tolerating RuntimeClass', 'admitted', 'POST', tolerant);
    const pods = await scenarios.running('app=class', 2);
    assert.deepEqual(nodesOf(pods), WORKERS);
    scenarios.note('… its pods run on', WORKERS.join(' '));
    for (const pod of pods.slice(1)) {
      await scenarios.patch('… one gets a toleration', INTRUSION, pod, ANOTHER_TOLERATION);
    }
    const own = workload('DaemonSet', 'own', { schedulerName: 'own' });
    await scenarios.send('a DaemonSet of another scheduler', 'admitted', 'POST', own);
    await until('its pods', async () => {
      const pods = await scenarios.labelled('pods', 'app=own');
      return pods.length === 2 || undefined;
    });
    scenarios.note('… its pods', 'admitted');
    await scenarios.send('… is deleted', 'admitted', 'DELETE', own);
  });

  test('a toleration is refused, however it comes', async () => {
    const template = { spec: { template: { spec: { tolerations: [TOLERATION] } } } };
    const deployment = workload('Deployment', plain('Deployment'));
    await scenarios.patch('a plain Deployment gets a toleration', INTRUSION, deployment, template);
    const argv = [`--as=${JANE.name}`, 'apply', '--server-side', '-f', '-'];
    const applied = workload('Deployment', 'applied', { tolerations: [TOLERATION] });
    const said = await cluster.kubectl(argv, new TextEncoder().encode(JSON.stringify(applied)));
    assert.match(said, new RegExp(`'${INTRUSION}\\.bulkhead\\.dev'.* denied request`));
    scenarios.note('kubectl apply --server-side of a tolerating Deployment', refusedBy(INTRUSION));
    const upgrade = 'the Job by which kubeadm upgrade checks a cluster';
    await scenarios.send(upgrade, INTRUSION, 'POST', HEALTH_CHECK);
    const job = workload('Job', 'suspended', {}, { suspend: true });
    await scenarios.send('a suspended Job', 'admitted', 'POST', job);
    await scenarios.patch('… gets a toleration', INTRUSION, job, template);
    const pod = workload('Pod', 'waiting', { nodeSelector: { nowhere: '' } });
    await scenarios.send('a pod that fits on no node', 'admitted', 'POST', pod);
    await scenarios.patch('… gets a toleration', INTRUSION, pod, ANOTHER_TOLERATION);
  });

  test('only the scheduler binds pods', async () => {
    for (const name of ['cp-0', 'worker-0']) {
      const metadata = { name: 'waiting', namespace: 'shop' };
      const target = { apiVersion: 'v1', kind: 'Node', name };
      const binding = { apiVersion: 'v1', kind: 'Binding', metadata, target };
      await scenarios.send(`pods/binding to ${name}`, BYPASS, 'POST', binding);
      const path = '/api/v1/namespaces/shop/bindings';
      const verdict = await post(api, 'POST', path, { body: binding, isDry: false });
      scenarios.expect(`bindings to ${name}`, BYPASS, verdict);
    }
    const debug = ['debug', 'node/cp-0', '--image=registry.example/main:1', '-n', 'shop'];
    const said = await cluster.kubectl([`--as=${JANE.name}`, ...debug]);
    assert.match(said, new RegExp(`'(${EITHER.join('|')})\\.bulkhead\\.dev'.* denied request`));
    scenarios.note('kubectl debug node/cp-0', refusedBy(EITHER));
  });

  test('no object of a user passes for that of a controller', async () => {
    const { hash, owner, daemonSet } = await owners();
    const labels = { 'k8s-app': 'kube-dns', 'pod-template-hash': hash };
    const tolerating = workload('Pod', 'fake', { tolerations: [TOLERATION] });
    const named = workload('Pod', 'fake', { nodeName: 'cp-0' });
    for (const [what, policy, pod, metadata] of [
      ['its owner is ReplicaSet coredns-…', INTRUSION, tolerating, { labels, ...ownedBy(owner) }],
      ['its owner is DaemonSet kube-proxy', INTRUSION, tolerating, ownedBy(daemonSet)],
      ['… and it has nodeName', BYPASS, named, ownedBy(daemonSet)],
      ['its name is kube-proxy-x7k2p', INTRUSION, tolerating, { name: 'kube-proxy-x7k2p' }],
      ['its name is etcd-cp-0', INTRUSION, tolerating, { name: 'etcd-cp-0' }],
      ['its name is kube-proxy', KIND, tolerating, { name: 'kube-proxy' }],
    ] as const) {
      const fake = renamed(pod, { ...SYSTEM, ...metadata });
      await scenarios.send(`a tolerating pod: ${what}`, policy, 'POST', fake);
    }
    const template = { labels: { 'pod-template-hash': '5d78c9869d' } };
    const replicaSet = workload('ReplicaSet', 'coredns-5d78c9869d', {}, {}, template);
    const job = workload('Job', 'coredns-29000000');
    // Who asks is all that tells them apart: a pod with the service account of the controller could ask as well.
    const asController = { as: REPLICA_SET_CONTROLLER, isDry: true };
    const made = renamed(tolerating, { ...SYSTEM, labels, ...ownedBy(owner) });
    const what = 'a tolerating pod of ReplicaSet coredns-…, with the token of the controller';
    await scenarios.send(what, 'admitted', 'POST', made, asController);
    for (const [what, object] of [
      ['a ReplicaSet named like those of coredns', replicaSet],
      ['a Job named like those of a CronJob coredns', job],
    ] as const) {
      await scenarios.send(what, INTRUSION, 'POST', renamed(object, SYSTEM));
    }
    const later = renamed(workload('ReplicaSet', 'coredns-later', {}, { replicas: 0 }), SYSTEM);
    await scenarios.send('a ReplicaSet with another hash', 'admitted', 'POST', later);
    const label = { metadata: { labels: { 'pod-template-hash': 'later' } } };
    await scenarios.patch('… gets that of its name', INTRUSION, later, {
      spec: { template: label },
    });
  });

  test('what a controller adopted is no less checked', async () => {
    const { hash } = await owners();
    const labels = { 'k8s-app': 'kube-dns', 'pod-template-hash': hash };
    // It stays although it is one too many.
    const metadata = { ...SYSTEM, labels, finalizers: ['example.com/held'] };
    const pod = renamed(workload('Pod', 'adopted'), metadata);
    await scenarios.send('a plain pod with the labels of coredns', 'admitted', 'POST', pod);
    await until('the ReplicaSet to adopt it', async () => {
      const pods = await scenarios.labelled('pods', RESOLVERS);
      return pods.some((one) => nameOf(one) === 'adopted' && isOwned(one)) || undefined;
    });
    scenarios.note('… ReplicaSet coredns-… adopts it', 'admitted');
    await scenarios.patch('… it gets a toleration', INTRUSION, pod, ANOTHER_TOLERATION);
    await scenarios.patch('… its finalizer is removed', 'admitted', pod, NO_FINALIZER);
    const words = 'delete pod adopted --ignore-not-found --force --timeout=60s -n kube-system';
    await scenarios.kubectl('… it is deleted', words);
  });

  test('what a controller made for a component can be changed in all but its placement', async () => {
    const [pod] = await scenarios.running(RESOLVERS, 2);
    const { hash, owner } = await owners();
    assert.ok(pod);
    await scenarios.patch('a pod of coredns gets a label', 'admitted', pod, LABEL);
    await scenarios.patch('a pod of coredns gets a toleration', INTRUSION, pod, ANOTHER_TOLERATION);
    for (const [what, field] of [
      ['a toleration', { tolerations: [{ operator: 'Exists' }] }],
      ['a RuntimeClass', CLASS],
      ['nodeName', { nodeName: 'cp-0' }],
      ['a nodeSelector', { nodeSelector: { [CONTROL_PLANE]: '' } }],
    ] as const) {
      const patch = { spec: { template: { spec: field } } };
      const wanted = what === 'nodeName' ? EITHER : INTRUSION;
      await scenarios.patch(`ReplicaSet coredns-… gets ${what}`, wanted, owner, patch);
    }
    await scenarios.patch('ReplicaSet coredns-… gets a label', 'admitted', owner, LABEL);
    const words = `scale replicaset/coredns-${hash} --replicas=3 -n kube-system`;
    await scenarios.kubectl('ReplicaSet coredns-… is scaled', words);
    await scenarios.running(RESOLVERS, 2);
    assert.deepEqual(await scenarios.failures('kube-system'), []);
  });

  test('pods that get a toleration after their template was admitted are refused', async () => {
    assert.equal(await cluster.create([{ ...NAMESPACE, metadata: { name: 'mutated' } }]), '');
    assert.equal(await cluster.create(mutatingPolicy('mutated')), '');
    await until('the mutating policy', async () => {
      const probe = renamed(workload('Pod', 'probe'), { namespace: 'mutated' });
      return (await request(api, 'POST', probe)).status === 403 || undefined;
    });
    for (const [what, namespace, pod] of [
      ['a RuntimeClass', 'shop', CLASS],
      ['a MutatingAdmissionPolicy', 'mutated', {}],
      ['PodTolerationRestriction', 'defaulted', {}],
    ] as const) {
      const object = renamed(workload('Deployment', 'behind', pod), { namespace });
      await scenarios.send(`a Deployment, tolerations by ${what}`, 'admitted', 'POST', object);
      await scenarios.refusedIn('ReplicaFailure', object);
      scenarios.note('… its pods', `${refusedBy(INTRUSION)}, condition ReplicaFailure`);
      await scenarios.send('… is deleted', 'admitted', 'DELETE', object);
    }
  });

  test('what was there before can be changed in all but its placement, and deleted', async () => {
    await scenarios.patch('a tolerating pod gets a label', 'admitted', BEFORE_POD, LABEL);
    await scenarios.patch('… gets a toleration', INTRUSION, BEFORE_POD, ANOTHER_TOLERATION);
    await scenarios.send('… is deleted', 'admitted', 'DELETE', BEFORE_POD);
    await scenarios.patch('… its finalizer is removed', 'admitted', BEFORE_POD, NO_FINALIZER);
    await scenarios.gone('pods', 'app=before-pod');
    await scenarios.patch('a tolerating Deployment gets a label', 'admitted', BEFORE, LABEL);
    const free = { spec: { template: { spec: { tolerations: null } } } };
    await scenarios.patch('… loses its toleration', 'admitted', BEFORE, free, { isDry: true });
    const [pod] = await scenarios.running('app=before', 2);
    assert.ok(pod);
    await scenarios.send('… a pod of it is deleted', 'admitted', 'DELETE', pod);
    await scenarios.refusedIn('ReplicaFailure', BEFORE);
    scenarios.note('… the next pod', `${refusedBy(INTRUSION)}, condition ReplicaFailure`);
    await until('the status of its ReplicaSet', async () => {
      const [replicaSet] = await scenarios.labelled('replicasets', 'app=before');
      return replicaSet?.status.replicas === 1 || undefined;
    });
    scenarios.note('… the status of its ReplicaSet', 'admitted');
    await scenarios.kubectl('… is rolled out', 'rollout restart deployment/before -n shop');
    await scenarios.refusedIn('Progressing', BEFORE);
    scenarios.note('… the next ReplicaSet', `${refusedBy(INTRUSION)}, condition Progressing`);
    await scenarios.kubectl('… is scaled to 0', 'scale deployment/before --replicas=0 -n shop');
    await scenarios.gone('pods', 'app=before');
    await scenarios.send('… is deleted', 'admitted', 'DELETE', BEFORE);
    await scenarios.gone('replicasets', 'app=before');
    // Only an audit finds it: what is said of its template is true of its pods.
    const daemons = await scenarios.running('app=before-daemon', NODES.length);
    const reserved = daemons.find(({ spec }) => spec.nodeName === 'cp-0');
    assert.ok(reserved);
    await scenarios.send(
      'a pod of a tolerating DaemonSet is deleted',
      'admitted',
      'DELETE',
      reserved,
    );
    await until('the next pod', async () => {
      const pods = await scenarios.labelled('pods', 'app=before-daemon');
      const isNext = ({ metadata, spec }: Live) =>
        spec.nodeName === 'cp-0' && metadata.uid !== reserved.metadata.uid;
      return pods.some(isNext) || undefined;
    });
    scenarios.note('… the next pod', 'admitted');
    await scenarios.send('… is deleted', 'admitted', 'DELETE', BEFORE_DAEMON);
    await scenarios.gone('pods', 'app=before-daemon');
  });

  test('a kubelet has the mirror pods of components, and no others', async () => {
    const pod = mirror(API_SERVER, objectIn(await cluster.list('nodes'), 'Node', 'cp-0'));
    const as = kubelet('cp-0');
    const what = 'the mirror pod of kube-apiserver';
    await scenarios.send(`${what}, by its kubelet`, 'admitted', 'POST', pod, { as });
    const now = { as, body: { gracePeriodSeconds: 0 } };
    await scenarios.send('… is deleted by it', 'admitted', 'DELETE', pod, now);
    await scenarios.gone('pods', 'component=kube-apiserver');
    await scenarios.send('… is made again', 'admitted', 'POST', pod, { as });
    const stranger = renamed(pod, { name: 'stranger-cp-0' });
    await scenarios.send('the mirror pod of another file', BYPASS, 'POST', stranger, { as });
    const other = renamed(pod, { name: 'kube-apiserver-other' });
    await scenarios.send(`${what}, by a user`, BYPASS, 'POST', other);
  });

  test('the label and the taint of the control plane are kept', async () => {
    const labels = (value: string | null) => ({ metadata: { labels: { [CONTROL_PLANE]: value } } });
    const taints = (...all: readonly JsonObject[]) => ({ spec: { taints: [...all] } });
    for (const [what, body] of [
      ['loses the taint', taints()],
      ['loses the label', labels(null)],
      ['loses both', { ...taints(), ...labels(null) }],
      ['gets a value of the label', labels('x')],
      ['gets a value of the taint', taints({ ...TAINT, value: 'x' })],
    ] as const) {
      await scenarios.patch(`cp-0 ${what}`, UNTAINTED, CP, body);
    }
    const subresource = 'status';
    const what = 'cp-0 loses the label by nodes/status';
    await scenarios.patch(what, UNTAINTED, CP, labels(null), { subresource });
    await scenarios.patch('a worker gets the label', UNTAINTED, WORKER, labels(''));
    await scenarios.patch('a worker gets the taint', UNTAINTED, WORKER, taints(TAINT));
    const both = { ...labels(''), ...taints(TAINT) };
    await scenarios.patch('a worker gets both', 'admitted', WORKER, both, { isDry: true });
    const fixed = taints(FAULTY_TAINT, TAINT);
    const isDry = true;
    await scenarios.patch('a Node without the taint gets it', 'admitted', FAULTY, fixed, { isDry });
    await scenarios.patch('… loses the label', UNTAINTED, FAULTY, labels(null));
  });

  test('all else of a Node can be changed, also of one that was at fault before', async () => {
    for (const [what, object] of [
      ['cp-0', CP],
      ['a Node without the taint', FAULTY],
    ] as const) {
      const name = nameOf(object);
      await scenarios.patch(`${what} gets a label`, 'admitted', object, LABEL);
      const body = { status: { capacity: { 'example.com/device': '1' } } };
      const asking = { as: kubelet(name), subresource: 'status' };
      await scenarios.patch('… a status by its kubelet', 'admitted', object, body, asking);
      for (const verb of ['cordon', 'uncordon']) {
        await scenarios.kubectl(`… ${verb}`, `${verb} ${name}`);
        await until(`the taint of ${name}`, async () => {
          const argv = ['get', 'node', name, '-o', 'jsonpath={.spec.taints}'];
          const isThere = (await cluster.print(argv)).includes('node.kubernetes.io/unschedulable');
          return isThere === (verb === 'cordon') || undefined;
        });
        scenarios.note('… and the taint by the node lifecycle controller', 'admitted');
      }
    }
  });

  test('a control plane node joins', async () => {
    const joining = node('cp-1', {}, [TAINT]);
    const as = kubelet('cp-1');
    const what = 'a Node with the taint alone';
    await scenarios.send(`${what}, by a user`, UNTAINTED, 'POST', joining);
    await scenarios.send(`${what}, by its kubelet`, 'admitted', 'POST', joining, { as });
    const label = { metadata: { labels: { [CONTROL_PLANE]: '' } } };
    await scenarios.patch('… gets the label, by a user', 'admitted', joining, label);
    const pods = await scenarios.running(PROXIES, NODES.length + 1);
    assert.ok(nodesOf(pods).includes('cp-1'));
    scenarios.note('… runs a pod of kube-proxy', 'admitted');
  });

  test('what is expensive gets the verdict of a check', async (context) => {
    let beyond = 0;
    for (const [name, pod] of adversePods()) {
      const start = performance.now();
      const { outcome, denied, object } = await request(api, 'POST', pod);
      const ms = (performance.now() - start).toFixed(0);
      const [[policy, findings] = ['', []]] = [...checked(outcome === 'admitted' ? object : pod)];
      assert.equal(outcome === 'admitted', policy === '', `${name}: ${outcome}`);
      assert.deepEqual(denied.get(policy) ?? [], findings, name);
      const words = findings.join().replace(/^.*: /, '');
      if (/ at most \d+ are checked$/.test(words)) beyond += 1;
      const kilobytes = (JSON.stringify(pod).length / 1000).toFixed(0);
      context.diagnostic(`| ${name} | ${kilobytes} KB | ${ms} ms | ${words || outcome} |`);
    }
    assert.equal(beyond, 8);
  });

  test('a plain CronJob makes pods', async () => {
    await until('a pod of a plain CronJob', async () => {
      const pods = await scenarios.labelled('pods', 'app=plain-cronjob');
      return nodesOf(pods).some((name) => WORKERS.includes(name)) || undefined;
    });
    scenarios.note('the pod of a plain CronJob', 'admitted');
  });

  test('a waiver is for an object and for what controllers make of it', async () => {
    await succeed(cluster, ['apply', '-k', waiving(directory, WAIVERS)]);
    await until('the waivers', async () => {
      return (await request(api, 'POST', HEALTH_CHECK)).status === 201 || undefined;
    });
    const job = 'the Job of kubeadm upgrade, with a waiver';
    await scenarios.send(job, 'admitted', 'POST', HEALTH_CHECK);
    await until('its pod', async () => {
      const pods = await scenarios.labelled('pods', `app=${nameOf(HEALTH_CHECK)}`);
      return pods.length > 0 || undefined;
    });
    scenarios.note('… its pod', 'admitted');
    const waived = workload('Deployment', 'waived', { tolerations: [TOLERATION] });
    const bypassing = { spec: { template: { spec: { nodeName: 'cp-0' } } } };
    const other = renamed(waived, { name: 'waived-not' });
    await scenarios.send(
      'a Deployment, with a waiver of its tolerations',
      'admitted',
      'POST',
      waived,
    );
    await scenarios.running('app=waived', 1);
    scenarios.note('… its ReplicaSet and its pod', 'admitted');
    await scenarios.patch('… gets nodeName', BYPASS, waived, bypassing);
    await scenarios.send('the same with another name', INTRUSION, 'POST', other);
  });

  test('no one else was refused anything', async (context) => {
    const refused = new Map<string, number>();
    for (const entry of refusals(cluster.files.auditLog)) {
      const { user, impersonatedUser, responseStatus, objectRef } = entry;
      const { code, message = '' } = responseStatus ?? {};
      // Any other status, and any other words, would be an error of an expression.
      assert.equal(code, 403, message);
      assert.match(message, / denied request: (?:spec|metadata|target|kind)\b/);
      const { username } = impersonatedUser ?? user;
      const where =
        username === JANE.name ? '' : `: ${objectRef?.resource} in ${objectRef?.namespace}`;
      const who = `${username}${where}`.replace('system:serviceaccount:kube-system:', '');
      refused.set(who, (refused.get(who) ?? 0) + 1);
    }
    for (const [who, count] of refused) context.diagnostic(`${count} requests of ${who} refused`);
    assert.deepEqual([...refused.keys()].sort(), [
      'deployment-controller: replicasets in shop',
      JANE.name,
      'replicaset-controller: pods in defaulted',
      'replicaset-controller: pods in mutated',
      'replicaset-controller: pods in shop',
      'system:node:cp-0: pods in kube-system',
    ]);
    for (const { policy, action, count, seconds } of counted(await metrics())) {
      const mean = ((1000 * seconds) / count).toFixed(2);
      context.diagnostic(`| ${policy} | ${action} | ${count} | ${mean} ms |`);
    }
  });

  test('anyone who can delete the policies ends them', async (context) => {
    const plains = ['Pod', 'Deployment'].map((kind) => workload(kind, 'latency'));
    const enforced = await latencies(plains);
    await succeed(cluster, ['delete', '-k', generated(directory, 'deny')]);
    await until('nothing to be enforced', async () => {
      const intruder = workload('Pod', 'free', { tolerations: [TOLERATION] });
      return (await request(api, 'POST', intruder)).status === 201 || undefined;
    });
    for (const [index, free] of (await latencies(plains)).entries()) {
      const what = `creation of a plain ${plains[index]?.['kind']}, median of ${CREATIONS}`;
      context.diagnostic(`${what}: ${free} without policies, ${enforced[index]} with them`);
    }
  });

  test('the API server takes the policies of every profile', async (context) => {
    for (const name of PROFILE_NAMES.filter((one) => one !== 'kubeadm')) {
      const own = generated(directory, 'deny', name);
      await succeed(cluster, ['apply', '--dry-run=server', '-k', own]);
    }
    context.diagnostic(`${PROFILE_NAMES.length} profiles`);
  });

  test('nothing is left running', async (context) => {
    for (const [what, came] of scenarios.rows) context.diagnostic(`| ${what} | ${came} |`);
    const home = dirname(cluster.files.config);
    assert.ok(processes(home).length >= 4, processes(home).join('\n'));
    cluster.stop();
    await until('the processes to end', async () => processes(home).length === 0 || undefined);
    assert.equal(existsSync(home), false);
    await assert.rejects(fetch(api));
  });

  /** Applies the policies of a stage, and waits until each of them does what the stage says. */
  async function roll(stage: Stage): Promise<void> {
    await succeed(cluster, ['apply', '-k', generated(directory, stage)]);
    const waiting = new Map<string, JsonObject>();
    for (const { object, said } of expected.values()) {
      const [policy] = said.keys();
      if (policy !== undefined && said.size === 1) waiting.set(policy, object);
    }
    await until(`the policies to ${stage}`, async () => {
      for (const [policy, object] of waiting) {
        const { id, status, warned } = await request(api, 'POST', object);
        const action = stage === 'deny' && WARNING.has(policy) ? 'warn' : stage;
        const isDone = {
          dryrun: () => isLogged(id),
          warn: () => warned.has(policy),
          deny: () => status === 403,
        }[action]();
        if (isDone) waiting.delete(policy);
      }
      return waiting.size === 0 || undefined;
    });
  }

  /** The policies that say something about one of the intruders. */
  function policiesSaid(): ReadonlySet<string> {
    return new Set([...expected.values()].flatMap(({ said }) => [...said.keys()]));
  }

  async function metrics(): Promise<string> {
    return cluster.print(['get', '--raw', '/metrics']);
  }

  function isLogged(id: string): boolean {
    const entry = logged(cluster.files.auditLog).find(({ auditID }) => auditID === id);
    return entry !== undefined && annotated(entry).size > 0;
  }

  /** A component as it is now, to be created again. */
  async function installedAs(one: string): Promise<JsonObject> {
    const argv = ['get', one, '-n', 'kube-system', '-o', 'json'];
    const { status: _, metadata, ...object } = JSON.parse(await cluster.print(argv));
    return { ...object, metadata: { ...SYSTEM, name: metadata.name } };
  }

  async function rolledOut(one: string): Promise<void> {
    await succeed(cluster, ['rollout', 'status', one, '--timeout=120s', '-n', 'kube-system']);
  }

  /** The ReplicaSet of coredns, its hash, and the DaemonSet of kube-proxy. */
  async function owners() {
    const [pod] = await scenarios.running(RESOLVERS, 2);
    const hash = pod?.metadata.labels?.['pod-template-hash'] ?? '';
    const owner = objectIn(await cluster.list('replicasets'), 'ReplicaSet', `coredns-${hash}`);
    const daemonSet = objectIn(await cluster.list('daemonsets'), 'DaemonSet', 'kube-proxy');
    return { hash, owner, daemonSet };
  }

  /** How long creations take, one after the other, that store nothing; and the API server, in CPU time of each. */
  async function latencies(objects: readonly JsonObject[]): Promise<readonly string[]> {
    const times: string[] = [];
    const seconds = async () =>
      Number(/^process_cpu_seconds_total (.*)$/m.exec(await metrics())?.[1]);
    for (const object of objects) {
      const taken: number[] = [];
      const before = await seconds();
      for (let index = 0; index < CREATIONS; index += 1) {
        const start = performance.now();
        assert.equal((await request(api, 'POST', object)).status, 201);
        taken.push(performance.now() - start);
      }
      const [least = 0] = taken.sort((a, b) => a - b);
      const median = taken[CREATIONS / 2] ?? 0;
      const cpu = (1000 * ((await seconds()) - before)) / CREATIONS;
      const words = [`least ${least.toFixed(1)} ms`, `CPU ${cpu.toFixed(1)} ms`].join(', ');
      times.push(`${median.toFixed(1)} ms (${words})`);
    }
    return times;
  }
});

/** The name of a plain workload. */
function plain(kind: string): string {
  return `plain-${kind.toLowerCase()}`;
}

/** The metadata of a pod that a controller made. */
function ownedBy({ apiVersion = '', kind = '', metadata = {} }: JsonObject): JsonObject {
  const { name = '', uid = '' } = mapIn({ metadata }, 'metadata');
  return { ownerReferences: [{ apiVersion, kind, name, uid, controller: true }] };
}
