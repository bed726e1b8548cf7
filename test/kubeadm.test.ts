import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { check } from '../src/check.ts';
import { builtBulkhead, manifestsIn, ROOT, shippedProfile } from './support/bulkhead.ts';

// A second profile, of another age and with other words for everything: no policy knows Tectonic.

const CLUSTER = 'testdata/clusters/kubeadm';
const bulkhead = builtBulkhead();
const profile = shippedProfile('kubeadm');
const files = manifestsIn(ROOT, CLUSTER);

test('what kubeadm sets up follows its table, and every row is there', () => {
  const { findings, errors, warnings, components } = check(bulkhead, profile, files);
  assert.deepEqual({ findings, errors, warnings }, { findings: [], errors: [], warnings: [] });
  assert.deepEqual(
    components.filter(({ state }) => state === 'missing'),
    [],
  );
});

describe('a change to it is found', () => {
  for (const { what, from, to, found } of [
    {
      what: 'a control plane node without its taint',
      from: '  taints:\n    - key: node-role.kubernetes.io/control-plane\n      effect: NoSchedule\n',
      to: '  podCIDR: 10.0.0.0/24\n',
      found: ['untainted-control-plane-node null'],
    },
    {
      what: 'a proxy that singles nodes out',
      from: '        kubernetes.io/os: linux\n      tolerations:\n        - operator: Exists\n',
      to: '        zone: a\n      tolerations:\n        - operator: Exists\n',
      found: ['unreachable-node-role kube-proxy', 'unreachable-node-role kube-proxy'],
    },
    {
      what: 'a DNS that control plane nodes are closed to',
      from: '        - key: node-role.kubernetes.io/control-plane\n          effect: NoSchedule\n',
      to: '',
      found: ['unreachable-node-role coredns'],
    },
    {
      what: 'a DNS of one replica',
      from: 'replicas: 2',
      to: 'replicas: 1',
      found: ['wrong-replica-count coredns'],
    },
    {
      what: 'a DNS whose replicas share a node',
      from: 'values: [kube-dns]',
      to: 'values: [coredns]',
      found: ['unspread-replicas coredns'],
    },
    {
      what: 'a Deployment in place of a static pod',
      from: 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: etcd-cp-0',
      to: 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: etcd-cp-0',
      found: ['wrong-workload-kind etcd'],
    },
    {
      what: "a user's DaemonSet that tolerates everything",
      from: 'name: kube-proxy\n  namespace: kube-system',
      to: 'name: node-agent\n  namespace: kube-system',
      found: ['control-plane-intrusion null'],
    },
  ]) {
    test(what, () => {
      const edited = files.map((file) => {
        const text = 'bytes' in file ? new TextDecoder().decode(file.bytes) : '';
        return { name: file.name, bytes: new TextEncoder().encode(text.replace(from, to)) };
      });
      const { findings, errors } = check(bulkhead, profile, edited);
      assert.deepEqual(errors, []);
      assert.deepEqual(
        findings.map(({ policy, component }) => `${policy} ${component}`),
        found,
      );
    });
  }
});
