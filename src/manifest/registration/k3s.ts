import { ownObject, type Recognise } from './shape.ts';

/** /etc/rancher/k3s/config.yaml, /etc/rancher/rke2/config.yaml.d/10-taints.yaml, and whatever says so in its name. */
const NAME = /(?:^|\/)config\.yaml$|(?:^|\/)config\.yaml\.d\/[^/]+\.ya?ml$|k3s|rke2/i;

const FLAG = /^[a-z][a-z0-9-]*\+?$/;

/** Flags of k3s and RKE2 that no other file is likely to have as keys; a plus appends to lists of earlier files. */
const UNMISTAKABLE =
  /^(?:node-(?:taint|label)|with-node-id|(?:kubelet|kube-(?:apiserver|controller-manager|scheduler|proxy))-arg|write-kubeconfig-mode|cluster-init|agent-token|flannel-backend)\+?$/;

/** Flags that only a server has. */
const OF_SERVERS = new RegExp(
  `^(?:${[
    'cluster-(?:init|reset|cidr|dns|domain)|tls-san|agent-token(?:-file)?|write-kubeconfig(?:-.+)?',
    'disable(?:-(?:cloud-controller|kube-proxy|network-policy|helm-controller|agent))?',
    'disable-(?:etcd|apiserver|controller-manager|scheduler)|service-(?:cidr|node-port-range)|cni',
    'flannel-backend|secrets-encryption|datastore-.+|etcd-.+|kube-(?!proxy-).+-arg|embedded-registry',
    'default-local-storage-path|advertise-(?:address|port)|egress-selector-mode|supervisor-metrics',
    'ingress-controller|audit-policy-file|control-plane-resource-(?:requests|limits)',
  ].join('|')})\\+?$`,
);

/** Flags of both, which alone say nothing: only a file with the name is taken for one. */
const OF_ALL = new RegExp(
  `^(?:${[
    'server|token(?:-file)?|data-dir|node-(?:name|ip|external-ip)|private-registry|selinux|profile',
    'protect-kernel-defaults|debug|snapshotter|docker|container-runtime-endpoint|pause-image',
    'resolv-conf|flannel-iface|cloud-provider-name|kubelet-path|system-default-registry',
  ].join('|')})\\+?$`,
);

/** Recognises the configuration of k3s and RKE2, whose keys are the flags of their commands. */
export const k3s: Recognise = (value, { name }) => {
  const keys = Object.keys(value);
  if (!keys.some((key) => UNMISTAKABLE.test(key)) && !isLikely(keys, name)) return undefined;
  const product = /rke2/i.test(name) ? 'rke2' : /k3s/i.test(name) ? 'k3s' : '';
  const isServer = keys.some((key) => OF_SERVERS.test(key));
  const named = { rke2: 'RKE2', k3s: 'k3s', '': 'k3s or RKE2' }[product];
  return {
    what: `a configuration of ${named}`,
    // A key of this name is the URL of the server to join.
    value: ownObject('K3sConfig', name, value, { product, server: isServer ? true : null }),
  };
};

/** By its name, and by keys that other files can have as well: one is enough where the name has the product. */
function isLikely(keys: readonly string[], name: string): boolean {
  if (!NAME.test(name) || !keys.every((key) => FLAG.test(key))) return false;
  const known = keys.filter((key) => OF_SERVERS.test(key) || OF_ALL.test(key));
  return known.length >= (/k3s|rke2/i.test(name) ? 1 : 2);
}
