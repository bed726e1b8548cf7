import type { JsonObject } from '../../kubernetes/json.ts';
import { hasAny, ownObject, type Recognise } from './shape.ts';

/** /etc/rancher/k3s/config.yaml, /etc/rancher/rke2/config.yaml.d/10-taints.yaml, and whatever says so in its name. */
const NAME = /(?:^|\/)config\.yaml$|(?:^|\/)config\.yaml\.d\/[^/]+\.ya?ml$|k3s|rke2/i;

const FLAG = /^[a-z][a-z0-9-]*\+?$/;

/** Flags of k3s and RKE2 that no other file is likely to have as keys. */
const UNMISTAKABLE = [
  ...['node-taint', 'node-taint+', 'node-label', 'node-label+', 'kubelet-arg', 'kubelet-arg+'],
  ...['kube-apiserver-arg', 'kube-controller-manager-arg', 'kube-scheduler-arg', 'kube-proxy-arg'],
  ...['write-kubeconfig-mode', 'cluster-init', 'agent-token', 'with-node-id', 'flannel-backend'],
];

/** Flags that only a server has. */
const OF_SERVERS = [
  ...['cluster-init', 'cluster-reset', 'tls-san', 'disable', 'disable-cloud-controller'],
  ...['disable-kube-proxy', 'disable-network-policy', 'disable-helm-controller', 'disable-etcd'],
  ...['disable-apiserver', 'disable-controller-manager', 'disable-scheduler', 'agent-token'],
  ...['write-kubeconfig', 'write-kubeconfig-mode', 'write-kubeconfig-group', 'cluster-cidr'],
  ...['service-cidr', 'cluster-dns', 'cluster-domain', 'service-node-port-range', 'cni'],
  ...['flannel-backend', 'secrets-encryption', 'datastore-endpoint', 'default-local-storage-path'],
  ...['kube-apiserver-arg', 'kube-controller-manager-arg', 'kube-scheduler-arg', 'etcd-arg'],
  ...['etcd-expose-metrics', 'etcd-disable-snapshots', 'etcd-s3', 'etcd-snapshot-schedule-cron'],
  ...['advertise-address', 'advertise-port', 'egress-selector-mode', 'supervisor-metrics'],
  ...[
    'embedded-registry',
    'ingress-controller',
    'audit-policy-file',
    'control-plane-resource-requests',
  ],
];

/** Flags of both, which alone say nothing: only a file with the name is taken for one. */
const OF_ALL = [
  ...['server', 'token', 'token-file', 'data-dir', 'node-name', 'node-ip', 'node-external-ip'],
  ...['private-registry', 'selinux', 'profile', 'protect-kernel-defaults', 'debug'],
  ...['snapshotter', 'docker', 'container-runtime-endpoint', 'pause-image', 'resolv-conf'],
  ...['flannel-iface', 'cloud-provider-name', 'kubelet-path', 'system-default-registry'],
];

/** Recognises the configuration of k3s and RKE2, whose keys are the flags of their commands. */
export const k3s: Recognise = (value, { name }) => {
  if (!hasAny(value, UNMISTAKABLE) && !isLikely(value, name)) return undefined;
  const product = /rke2/i.test(name) ? 'rke2' : /k3s/i.test(name) ? 'k3s' : '';
  const isServer = hasAny(
    value,
    OF_SERVERS.flatMap((key) => [key, `${key}+`]),
  );
  const named = { rke2: 'RKE2', k3s: 'k3s', '': 'k3s or RKE2' }[product];
  return {
    what: `a configuration of ${named}`,
    // A key of this name is the URL of the server to join.
    value: ownObject('K3sConfig', name, value, { product, server: isServer ? true : null }),
  };
};

/** By its name, and by keys that other files can have as well: one is enough where the name has the product. */
function isLikely(value: JsonObject, name: string): boolean {
  const keys = Object.keys(value);
  if (!NAME.test(name) || !keys.every((key) => FLAG.test(key))) return false;
  const known = keys.filter((key) => OF_SERVERS.includes(key) || OF_ALL.includes(key));
  return known.length >= (/k3s|rke2/i.test(name) ? 1 : 2);
}
