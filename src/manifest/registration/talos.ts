import type { JsonObject } from '../../kubernetes/json.ts';
import { isMap } from '../../kubernetes/objects.ts';
import { hasAny, ownObject, type Recognise } from './shape.ts';

const ROOT = new Set(['version', 'debug', 'persist', 'machine', 'cluster']);
const OF_MACHINES = [
  ...['type', 'nodeTaints', 'nodeLabels', 'nodeAnnotations', 'kubelet', 'install', 'certSANs'],
  ...['network', 'sysctls', 'kernel', 'features', 'registries', 'disks', 'files', 'time'],
];
const OF_CLUSTERS = [
  ...['allowSchedulingOnControlPlanes', 'allowSchedulingOnMasters', 'controlPlane', 'clusterName'],
  ...[
    'apiServer',
    'controllerManager',
    'scheduler',
    'etcd',
    'proxy',
    'inlineManifests',
    'discovery',
  ],
  ...['extraManifests', 'adminKubeconfig', 'externalCloudProvider', 'network', 'coreDNS'],
];

/** Recognises Talos' machine configuration, and a patch of one, which has only some of its keys. */
export const talos: Recognise = (value, { name }) => {
  const { version, machine, cluster } = value;
  if (!Object.keys(value).every((key) => ROOT.has(key))) return undefined;
  const hasKeys =
    (isMap(machine) && hasAny(machine, OF_MACHINES)) ||
    (isMap(cluster) && hasAny(cluster, OF_CLUSTERS));
  if (!hasKeys || (version !== undefined && version !== 'v1alpha1')) return undefined;
  const isWhole = version !== undefined && isMap(machine) && typeof machine['type'] === 'string';
  return {
    what: isWhole
      ? 'a machine configuration of Talos'
      : 'a patch of a machine configuration of Talos',
    value: machineConfig(value, name),
  };
};

/** Returns Talos' configuration as an object; of a type of machine that it does not say itself, if that is known. */
export function machineConfig(fields: JsonObject, name: string, type?: string): JsonObject {
  const { machine = {} } = fields;
  const typed: JsonObject =
    type !== undefined && isMap(machine) ? { machine: { type, ...machine } } : {};
  return ownObject('TalosMachineConfig', name, { ...fields, ...typed });
}
