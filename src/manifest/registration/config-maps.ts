import { reference } from '../../kubernetes/objects.ts';
import { decoded } from './contents.ts';
import { mapAt, type PartsOf } from './part.ts';

/** kubeadm's, from which each node that joins gets the configuration of its kubelet. */
const OF_KUBEADM = /^kubelet-config(?:-1\.\d+)?$/;

/** What HyperShift's NodePools name: objects of OpenShift's machine configuration. */
const OF_MACHINES =
  /^[ \t]*["']?apiVersion["']?[ \t]*:[ \t]*["']?machineconfiguration\.openshift\.io\//m;

/** The configuration of kubelets in a ConfigMap. */
export const configMaps: PartsOf = (object) => {
  const { name, namespace } = reference(object);
  const data = mapAt(object, ['data']) ?? {};
  const isOfKubeadm = namespace === 'kube-system' && OF_KUBEADM.test(name ?? '');
  const key = isOfKubeadm ? 'kubelet' : 'config';
  const text = Object.hasOwn(data, key) ? data[key] : undefined;
  if (typeof text !== 'string' || !(isOfKubeadm || OF_MACHINES.test(text))) return [];
  return [{ path: ['data', key], name: 'kubelet.yaml', content: decoded(text, '') }];
};
