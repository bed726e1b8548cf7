import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import { check } from '../src/check.ts';
import { builtBulkhead, manifestsIn, shippedProfile } from './support/bulkhead.ts';

// Real manifests from outside this project: BULKHEAD_CORPUS names the directory.

const root = process.env['BULKHEAD_CORPUS'];
const skip = root === undefined ? 'BULKHEAD_CORPUS names no directory of real manifests' : false;
const corpus = resolve(root ?? '.');

describe('real manifests', { skip }, () => {
  test('Tectonic 1.6.4 deviates from its own document as known, and has no other finding', () => {
    const files = manifestsIn(corpus, 'tectonic-1.6.4');
    const report = check(builtBulkhead(), shippedProfile('tectonic-1.6.4'), files);
    const found = report.findings.map(({ policy, component, object, file, line, column }) => ({
      policy,
      component,
      object: `${object.kind} ${object.namespace}/${object.name}`,
      place: `${file.replace('tectonic-1.6.4/', '')}:${line}:${column}`,
    }));
    assert.deepEqual(found, TECTONIC_DRIFTS);
    assert.deepEqual(report.inputErrors, []);
    assert.deepEqual(
      report.components.filter(({ state }) => state === 'missing'),
      [],
    );
  });

  test('Tectonic 1.7.14 cannot update its controller manager and scheduler', () => {
    const files = manifestsIn(corpus, 'tectonic-1.7.14');
    const report = check(builtBulkhead(), shippedProfile('tectonic-1.6.4'), files);
    const stuck = report.findings.filter(({ policy }) => policy === 'stuck-rollout');
    assert.deepEqual(
      stuck.map(({ message }) => message),
      ['kube-controller-manager', 'kube-scheduler'].map(
        (name) =>
          `an update of ${name} can never finish: required pod anti-affinity keeps its pods on different nodes, 3 replicas need all 3 nodes, and no old pod may stop before a new one is ready`,
      ),
    );
  });

  test('every file of every project is read, and its duplicate keys are reported', () => {
    const directories = [
      ...['tectonic-1.6.4', 'tectonic-1.7.14', 'bootkube-0.3', 'bootkube-0.4', 'bootkube-0.14'],
      ...['typhoon', 'modern'],
    ];
    const files = directories.flatMap((directory) => manifestsIn(corpus, directory));
    const report = check(builtBulkhead(), shippedProfile('tectonic-1.6.4'), files);
    assert.ok(files.length > 500, `${files.length} files`);
    assert.deepEqual(report.inputErrors, []);
    const duplicates = report.notes.filter(({ code }) => code === 'DUPLICATE_KEY');
    assert.deepEqual(
      duplicates.map(({ file, line, column, message }) => {
        const [, first] = /\(also at (\S+)\):/.exec(message) ?? [];
        return `${file} ${first} ${line}:${column}`;
      }),
      DUPLICATE_KEYS,
    );
    // Every document is accounted for: those that hold objects, and those that do not. The checked
    // are the 445 workloads and 30 nodes that the corpus' own index counts, and custom resources
    // that say where their pods go.
    const { findings: _, open: __, notes: ___, ...summary } = report.summary;
    assert.deepEqual(summary, {
      files: 546,
      documents: 1510,
      emptyDocuments: 3,
      otherDocuments: 0,
      unreadableDocuments: 0,
      objects: 1533,
      checked: 529,
      waived: 0,
      baselined: 0,
      inputErrors: 0,
    });
  });
});

const TECTONIC_DRIFTS = [
  {
    policy: 'unreachable-node-role',
    component: 'etcd-operator',
    object: 'Deployment kube-system/etcd-operator',
    place: 'bootkube/experimental/manifests/etcd-operator.yaml:28:41',
  },
  {
    policy: 'unspread-replicas',
    component: 'kube-controller-manager',
    object: 'Deployment kube-system/kube-controller-manager',
    place: 'bootkube/manifests/kube-controller-manager.yaml:33:21',
  },
  {
    policy: 'control-plane-intrusion',
    component: null,
    object: 'DaemonSet logging/fluentd',
    place: 'documentation/logging/fluentd-ds.yaml:75:9',
  },
  {
    policy: 'wrong-workload-kind',
    component: 'heapster',
    object: 'Deployment kube-system/heapster',
    place: 'tectonic/manifests/heapster/deployment.yaml:2:7',
  },
  {
    policy: 'unreachable-node-role',
    component: 'heapster',
    object: 'Deployment kube-system/heapster',
    place: 'tectonic/manifests/heapster/deployment.yaml:63:7',
  },
  {
    policy: 'control-plane-intrusion',
    component: null,
    object: 'DaemonSet tectonic-system/node-exporter',
    place: 'tectonic/manifests/monitoring/node-exporter-ds.yaml:46:9',
  },
  {
    policy: 'control-plane-intrusion',
    component: null,
    object: 'DaemonSet tectonic-system/node-agent',
    place: 'tectonic/manifests/updater/node-agent.yaml:38:9',
  },
];

/** The file, the place of the first key, and that of the last one, which counts. */
const DUPLICATE_KEYS = [
  'bootkube-0.3/manifests/kube-system-rbac-role-binding.yaml 1:1 3:1',
  'modern/cloud-provider-openstack/v1.17.0/webhook/k8s-keystone-auth-ds.yaml 20:7 60:7',
  'modern/kubernetes-examples/openshift-origin/etcd-controller.yaml 6:3 12:3',
  'modern/kubernetes-examples/openshift-origin/etcd-discovery-controller.yaml 6:3 12:3',
  'tectonic-1.7.14/bootkube/experimental/bootstrap-manifests/bootstrap-etcd.yaml 36:3 38:3',
  'tectonic-1.7.14/bootkube/manifests/kube-proxy.yaml 11:3 58:3',
  'tectonic-1.7.14/net/canal/manifests/kube-flannel.yaml 36:3 90:3',
  'tectonic-1.7.14/net/flannel-vxlan/manifests/kube-flannel.yaml 36:3 104:3',
];
