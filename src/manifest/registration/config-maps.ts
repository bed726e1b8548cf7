import { reference, stringAt } from '../../kubernetes/objects.ts';
import { decoded } from './contents.ts';
import type { PartsOf } from './part.ts';

/** kubeadm's, from which each node that joins gets the configuration of its kubelet. */
const OF_KUBEADM = /^kubelet-config(?:-1\.\d+)?$/;

/** What HyperShift's NodePools name: objects of OpenShift's machine configuration. */
const OF_MACHINES =
  /^[ \t]*["']?apiVersion["']?[ \t]*:[ \t]*["']?machineconfiguration\.openshift\.io\//m;

const KEYS = ['kubelet', 'config'];

/** The configuration of kubelets in a ConfigMap. */
export const configMaps: PartsOf = (object) => {
  const { data } = object;
  const key = KEYS.find((one) => stringAt(data, one) !== null);
  const text = key === undefined ? null : stringAt(data, key);
  if (key === undefined || text === null) return [];
  const { name, namespace } = reference(object);
  const isOfKubeadm = namespace === 'kube-system' && OF_KUBEADM.test(name ?? '');
  if (key === 'kubelet' ? !isOfKubeadm : !OF_MACHINES.test(text)) return [];
  return [{ path: ['data', key], name: 'kubelet.yaml', content: decoded(text, '') }];
};
