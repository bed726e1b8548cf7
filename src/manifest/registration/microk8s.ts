import { hasAny, ownObject, type Recognise } from './shape.ts';

const KEYS = [
  ...['extraKubeletArgs', 'extraKubeletServerArgs', 'extraKubeAPIServerArgs', 'extraCNIEnv'],
  ...[
    'extraKubeProxyArgs',
    'extraKubeControllerManagerArgs',
    'extraKubeSchedulerArgs',
    'extraSANs',
  ],
  ...['extraContainerdArgs', 'extraContainerdEnv', 'extraEtcdArgs', 'extraDqliteArgs', 'addons'],
  ...['persistentClusterToken', 'join', 'extraConfigFiles', 'extraMicroK8sAPIServerProxyArgs'],
];

/** Recognises the launch configuration of MicroK8s. */
export const microk8s: Recognise = (value, { name }) => {
  const { version } = value;
  if (typeof version !== 'string' || !/^0\.\d+\.\d+$/.test(version)) return undefined;
  if (!hasAny(value, KEYS)) return undefined;
  return {
    what: 'a launch configuration of MicroK8s',
    value: ownObject('MicroK8sConfig', name, value),
  };
};
