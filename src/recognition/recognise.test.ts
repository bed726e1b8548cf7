import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PROFILE_NAMES } from '../../scripts/profiles.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { PROFILES, recognise } from './recognise.ts';
import { DISTRIBUTIONS } from './signs.ts';

interface Facts {
  readonly labels?: JsonObject;
  readonly annotations?: JsonObject;
  readonly info?: JsonObject;
  readonly providerID?: string;
}

function node({ labels = {}, annotations = {}, info = {}, providerID }: Facts): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n-1', labels, annotations },
    spec: { ...(providerID !== undefined && { providerID }) },
    status: { nodeInfo: info },
  };
}

function object(
  kind: string,
  namespace: string,
  name: string,
  annotations: JsonValue = {},
): JsonObject {
  return { apiVersion: 'v1', kind, metadata: { namespace, name, annotations } };
}

const CONTROL_PLANE = { 'node-role.kubernetes.io/control-plane': '' };
const SERVER = { 'node-role.kubernetes.io/control-plane': 'true' };
const KUBEADM = { 'kubeadm.alpha.kubernetes.io/cri-socket': 'unix:///run/containerd.sock' };

const clusters: Readonly<Record<string, readonly JsonObject[]>> = {
  RKE2: [
    node({
      labels: SERVER,
      annotations: { 'rke2.io/node-args': '[]' },
      info: { kubeletVersion: 'v1.33.1+rke2r1' },
    }),
  ],
  k3s: [
    node({
      labels: SERVER,
      annotations: { 'k3s.io/node-args': '[]' },
      info: { kubeletVersion: 'v1.33.1+k3s1' },
    }),
  ],
  k0s: [
    node({
      labels: { ...SERVER, 'node.k0sproject.io/role': 'control-plane' },
      info: { kubeletVersion: 'v1.33.1+k0s' },
    }),
  ],
  Talos: [
    node({
      labels: CONTROL_PLANE,
      info: { osImage: 'Talos (v1.11.0)', kernelVersion: '6.12.1-talos' },
    }),
  ],
  OpenShift: [
    node({ labels: { ...CONTROL_PLANE, 'node.openshift.io/os_id': 'rhel' } }),
    object('Pod', 'openshift-etcd', 'etcd-m-1'),
  ],
  MicroK8s: [
    node({
      labels: {
        'microk8s.io/cluster': 'true',
        'node.kubernetes.io/microk8s-controlplane': 'microk8s-controlplane',
      },
    }),
  ],
  kOps: [
    node({
      labels: {
        ...CONTROL_PLANE,
        'kops.k8s.io/instancegroup': 'control-plane',
        'kops.k8s.io/kops-controller-pki': '',
      },
    }),
  ],
  EKS: [
    node({
      labels: { 'eks.amazonaws.com/nodegroup': 'a' },
      info: { kubeletVersion: 'v1.33.1-eks-473151a' },
    }),
  ],
  GKE: [
    node({
      labels: { 'cloud.google.com/gke-nodepool': 'a' },
      info: { kubeletVersion: 'v1.33.1-gke.1100' },
    }),
  ],
  AKS: [node({ labels: { 'kubernetes.azure.com/mode': 'system', agentpool: 'a' } })],
  Typhoon: [
    node({
      labels: { 'node.kubernetes.io/controller': 'true' },
      info: { osImage: 'Fedora CoreOS 43' },
    }),
  ],
  Tectonic: [
    node({ labels: { 'node-role.kubernetes.io/master': '' } }),
    object('DaemonSet', 'kube-system', 'pod-checkpointer'),
    object('Deployment', 'tectonic-system', 'tectonic-console'),
  ],
  minikube: [
    node({
      labels: {
        ...CONTROL_PLANE,
        'minikube.k8s.io/name': 'minikube',
        'minikube.k8s.io/version': 'v1.37.0',
      },
      annotations: KUBEADM,
    }),
  ],
  kind: [
    node({
      labels: CONTROL_PLANE,
      annotations: KUBEADM,
      providerID: 'kind://docker/kind/kind-control-plane',
    }),
    object('DaemonSet', 'kube-system', 'kindnet'),
  ],
  'Cluster API': [
    node({
      labels: CONTROL_PLANE,
      annotations: {
        ...KUBEADM,
        'cluster.x-k8s.io/cluster-name': 'a',
        'cluster.x-k8s.io/owner-kind': 'KubeadmControlPlane',
      },
    }),
  ],
  Kubespray: [
    node({ labels: CONTROL_PLANE, annotations: KUBEADM }),
    object('Pod', 'kube-system', 'nginx-proxy-w-1'),
    object('Deployment', 'kube-system', 'dns-autoscaler'),
  ],
  kubeadm: [
    node({ labels: CONTROL_PLANE }),
    object('Pod', 'kube-system', 'kube-apiserver-m-1', { 'kubernetes.io/config.mirror': 'x' }),
  ],
};

describe('a distribution', () => {
  for (const { name, profile } of DISTRIBUTIONS) {
    test(`${name} is recognised by two signs`, () => {
      const found = recognise(clusters[name] ?? []);
      assert.equal(found.distribution, name);
      assert.equal(found.profile, profile);
      assert.ok(found.signs.length >= 2);
    });
  }

  test('one sign is not enough: it may be left over', () => {
    assert.deepEqual(recognise([node({ labels: { 'kops.k8s.io/instancegroup': 'a' } })]), {
      distribution: null,
      profile: null,
      also: [],
      layers: [],
      signs: ['label kops.k8s.io/instancegroup'],
    });
  });

  test('nothing is recognised in nothing', () => {
    assert.deepEqual(recognise([]).signs, []);
  });

  test('signs count in the namespaces of a distribution alone', () => {
    const pods = ['a', 'b'].map((name) => object('DaemonSet', 'shop', name));
    const made = [object('DaemonSet', 'shop', 'kops-controller'), ...pods];
    assert.equal(recognise(made).distribution, null);
  });

  test('two Nodes with one sign have one', () => {
    const one = node({ labels: { agentpool: 'a' } });
    assert.equal(recognise([one, one]).distribution, null);
  });

  test('Rancher makes RKE2 clusters whose roles it taints', () => {
    const [rke2 = {}] = clusters['RKE2'] ?? [];
    const rancher = node({ annotations: { 'management.cattle.io/pod-limits': '{}' } });
    const { profile, also, layers } = recognise([rke2, rancher]);
    assert.deepEqual([profile, also, layers], ['rke2-rancher', ['rke2'], ['Rancher']]);
  });

  test('values that are no text, and objects without metadata, have no signs', () => {
    const odd: readonly JsonObject[] = [
      { apiVersion: 'v1', kind: 'Node' },
      { apiVersion: 'v1', kind: 'Node', metadata: null, spec: [], status: 'x' },
      node({ labels: { agentpool: 1 }, info: { kubeletVersion: 2 } }),
      { kind: 'Pod', metadata: { namespace: 'kube-system' } },
    ];
    assert.deepEqual(recognise(odd).signs, []);
  });

  test('every profile that is named is built in', () => {
    const names = [...PROFILES].filter((name) => !name.startsWith('addons/'));
    assert.deepEqual(
      names.filter((name) => !PROFILE_NAMES.includes(name)),
      [],
    );
  });
});
