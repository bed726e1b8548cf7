import type { JsonObject } from '../kubernetes/json.ts';
import { isMap, reference, stringAt } from '../kubernetes/objects.ts';

/** A distribution of Kubernetes, by what its Nodes and the objects of its namespaces show. */
export interface Distribution {
  readonly name: string;
  /** The built-in profile for it. */
  readonly profile: string;
  /** Built-in profiles that are for it as well. */
  readonly also?: readonly string[];
  readonly signs: readonly Sign[];
}

/** What an object shows, and how to say it; undefined where it does not. */
export type Sign = (object: JsonObject) => string | undefined;

/**
 * The distributions in the order in which they are tried: what is built on another one comes before it. Each sign is
 * one that the distribution itself makes.
 */
export const DISTRIBUTIONS: readonly Distribution[] = [
  {
    name: 'RKE2',
    profile: 'rke2',
    also: ['rke2-rancher'],
    signs: [kubelet(/\+rke2r/), annotation(/^rke2\.io\//), providerId('rke2://')],
  },
  {
    name: 'k3s',
    profile: 'k3s',
    signs: [
      kubelet(/\+k3s/),
      annotation(/^k3s\.io\//),
      label(/^p2p\.k3s\.cattle\.io\/enabled$/),
      label(/^node\.kubernetes\.io\/instance-type$/, /^k3s$/),
      providerId('k3s://'),
    ],
  },
  {
    name: 'k0s',
    profile: 'k0s',
    signs: [kubelet(/\+k0s/), label(/^node\.k0sproject\.io\/role$/)],
  },
  {
    name: 'Talos',
    profile: 'talos',
    signs: [
      nodeInfo('osImage', /^Talos\b/),
      nodeInfo('kernelVersion', /-talos$/),
      annotation(/^talos\.dev\/owned-/),
    ],
  },
  {
    name: 'OpenShift',
    profile: 'openshift-4',
    also: ['hypershift'],
    signs: [
      label(/^node\.openshift\.io\/os_id$/),
      annotation(/^machineconfiguration\.openshift\.io\//),
      nodeInfo('osImage', /^(?:Red Hat Enterprise Linux CoreOS|.*\bSCOS\b)/),
      inNamespace(/^openshift-/),
    ],
  },
  {
    name: 'MicroK8s',
    profile: 'microk8s',
    signs: [label(/^microk8s\.io\/cluster$/), label(/^node\.kubernetes\.io\/microk8s-/)],
  },
  {
    name: 'kOps',
    profile: 'kops',
    signs: [
      label(/^kops\.k8s\.io\/instancegroup$/),
      label(/^kops\.k8s\.io\/kops-controller-pki$/),
      systemObject('DaemonSet', /^kops-controller$/),
    ],
  },
  {
    name: 'EKS',
    profile: 'eks',
    also: ['system-pool'],
    signs: [
      kubelet(/-eks-/),
      label(/^eks\.amazonaws\.com\/(?:nodegroup|compute-type)$/),
      label(/^karpenter\.sh\/nodepool$/),
    ],
  },
  {
    name: 'GKE',
    profile: 'gke',
    also: ['system-pool'],
    signs: [kubelet(/-gke\./), label(/^cloud\.google\.com\/gke-nodepool$/)],
  },
  {
    name: 'AKS',
    profile: 'aks',
    also: ['system-pool'],
    signs: [
      label(/^kubernetes\.azure\.com\/(?:cluster|mode)$/),
      label(/^agentpool$/),
      configMap('kube-public', 'aks-cluster-metadata'),
    ],
  },
  {
    name: 'Typhoon',
    profile: 'typhoon',
    signs: [
      label(/^node\.kubernetes\.io\/(?:controller|node)$/),
      nodeInfo('osImage', /^(?:Fedora CoreOS|Flatcar)/),
    ],
  },
  {
    name: 'Tectonic',
    profile: 'tectonic-1.6.4',
    signs: [
      inNamespace(/^tectonic-system$/),
      // bootkube alone has these as well, one by one
      anyOf(
        nodeInfo('osImage', /^Container Linux by CoreOS/),
        systemObject('DaemonSet', /^pod-checkpointer$/),
      ),
    ],
  },
  {
    name: 'minikube',
    profile: 'kubeadm',
    signs: [label(/^minikube\.k8s\.io\/name$/), label(/^minikube\.k8s\.io\/version$/)],
  },
  {
    name: 'kind',
    profile: 'kubeadm',
    signs: [providerId('kind://'), systemObject('DaemonSet', /^kindnet$/)],
  },
  {
    name: 'Cluster API',
    profile: 'kubeadm',
    also: ['cluster-api', 'rke2', 'talos', 'k3s'],
    signs: [
      annotation(/^cluster\.x-k8s\.io\/cluster-name$/),
      annotation(/^cluster\.x-k8s\.io\/owner-kind$/, /^(?:KubeadmControlPlane|MachineSet)$/),
    ],
  },
  {
    name: 'Kubespray',
    profile: 'kubespray',
    also: ['kubeadm'],
    signs: [
      systemObject('Pod', /^nginx-proxy-/),
      systemObject('Deployment', /^dns-autoscaler$/),
      systemObject('DaemonSet', /^nodelocaldns$/),
    ],
  },
  {
    name: 'kubeadm',
    profile: 'kubeadm',
    also: ['kubespray', 'cluster-api'],
    signs: [
      configMap('kube-system', 'kubeadm-config'),
      annotation(/^kubeadm\.alpha\.kubernetes\.io\/cri-socket$/),
      label(/^node-role\.kubernetes\.io\/control-plane$/, /^$/),
      mirrorPod(/^kube-apiserver-/),
    ],
  },
];

/** What manages clusters of several distributions. */
export const LAYERS: readonly { readonly name: string; readonly sign: Sign }[] = [
  { name: 'Rancher', sign: annotation(/^management\.cattle\.io\//) },
  { name: 'Rancher', sign: label(/^rke\.cattle\.io\/machine$/) },
  { name: 'Cluster API', sign: annotation(/^cluster\.x-k8s\.io\/cluster-name$/) },
];

/** The first of several signs that count as one. */
function anyOf(...signs: readonly Sign[]): Sign {
  return (object) => {
    for (const sign of signs) {
      const seen = sign(object);
      if (seen !== undefined) return seen;
    }
    return undefined;
  };
}

function isNode({ apiVersion, kind }: JsonObject): boolean {
  return apiVersion === 'v1' && kind === 'Node';
}

function mapAt(object: JsonObject, ...path: readonly string[]): JsonObject {
  let value: JsonObject = object;
  for (const step of path) {
    const next = value[step];
    value = isMap(next) ? next : {};
  }
  return value;
}

function ofMap(what: string, field: 'labels' | 'annotations', key: RegExp, value: RegExp): Sign {
  return (object) => {
    if (!isNode(object)) return undefined;
    const found = Object.entries(mapAt(object, 'metadata', field)).find(
      ([one, its]) => key.test(one) && typeof its === 'string' && value.test(its),
    );
    return found && `${what} ${found[0]}`;
  };
}

function label(key: RegExp, value = /(?:)/): Sign {
  return ofMap('label', 'labels', key, value);
}

function annotation(key: RegExp, value = /(?:)/): Sign {
  return ofMap('annotation', 'annotations', key, value);
}

function nodeInfo(field: string, pattern: RegExp): Sign {
  return (object) => {
    const value = isNode(object) ? mapAt(object, 'status', 'nodeInfo')[field] : undefined;
    return typeof value === 'string' && pattern.test(value) ? `${field} ${value}` : undefined;
  };
}

function kubelet(pattern: RegExp): Sign {
  return nodeInfo('kubeletVersion', pattern);
}

function providerId(prefix: string): Sign {
  return (object) => {
    const value = isNode(object) ? stringAt(mapAt(object, 'spec'), 'providerID') : null;
    return value?.startsWith(prefix) ? `providerID ${prefix}` : undefined;
  };
}

function configMap(namespace: string, name: string): Sign {
  return (object) => {
    const found = reference(object);
    const isIt = found.kind === 'ConfigMap' && found.namespace === namespace && found.name === name;
    return isIt ? `ConfigMap ${namespace}/${name}` : undefined;
  };
}

function systemObject(kind: string, pattern: RegExp): Sign {
  return (object) => {
    const found = reference(object);
    if (found.kind !== kind || found.namespace !== 'kube-system') return undefined;
    return pattern.test(found.name ?? '') ? `${kind} kube-system/${found.name}` : undefined;
  };
}

function mirrorPod(pattern: RegExp): Sign {
  const named = systemObject('Pod', pattern);
  return (object) =>
    'kubernetes.io/config.mirror' in mapAt(object, 'metadata', 'annotations')
      ? named(object)
      : undefined;
}

function inNamespace(pattern: RegExp): Sign {
  return (object) => {
    const { namespace } = reference(object);
    return namespace !== null && pattern.test(namespace) ? `namespace ${namespace}` : undefined;
  };
}
