import type { JsonObject } from '../../kubernetes/json.ts';
import { groupOf } from '../../kubernetes/resources.ts';
import { configMaps } from './config-maps.ts';
import { kindCluster } from './kind-cluster.ts';
import { cloudConfig, machine, machineConfig, providerFiles } from './machines.ts';
import type { Part, PartsOf } from './part.ts';
import { talosConfigs } from './talos-providers.ts';

const OF_K0S = ['WorkerConfig', 'WorkerConfigTemplate', 'ControllerConfig'];

/** Where objects have what registers nodes as text, by group and kind. */
const PARTS: ReadonlyMap<string, PartsOf> = new Map([
  ['/ConfigMap', configMaps],
  ['kind.x-k8s.io/Cluster', kindCluster],
  ['machineconfiguration.openshift.io/MachineConfig', machineConfig],
  ['bulkhead.dev/Ignition', machine],
  ['bulkhead.dev/Butane', machine],
  ['bulkhead.dev/CloudConfig', cloudConfig],
  ...['TalosControlPlane', 'TalosControlPlaneTemplate'].map(
    (kind) => [`controlplane.cluster.x-k8s.io/${kind}`, talosConfigs] as const,
  ),
  ...['TalosConfig', 'TalosConfigTemplate'].map(
    (kind) => [`bootstrap.cluster.x-k8s.io/${kind}`, talosConfigs] as const,
  ),
  ...['Kubeadm', 'RKE2', 'KThrees', 'K0s'].flatMap((provider) => [
    ...['ControlPlane', 'ControlPlaneTemplate'].map(
      (kind) => [`controlplane.cluster.x-k8s.io/${provider}${kind}`, providerFiles] as const,
    ),
    ...['Config', 'ConfigTemplate', ...OF_K0S].map(
      (kind) => [`bootstrap.cluster.x-k8s.io/${provider}${kind}`, providerFiles] as const,
    ),
  ]),
]);

/** Their kinds, by which most objects are known to have none. */
const KINDS: ReadonlySet<string> = new Set(
  [...PARTS.keys()].map((key) => key.slice(key.indexOf('/') + 1)),
);

/** Whether an object is of a kind that may have such parts. */
export function mayHaveParts({ kind }: JsonObject): boolean {
  return typeof kind === 'string' && KINDS.has(kind);
}

/** Returns the parts of an object that are documents of their own. */
export function partsOf(object: JsonObject): readonly Part[] {
  const { apiVersion, kind } = object;
  return PARTS.get(`${groupOf(String(apiVersion))}/${String(kind)}`)?.(object) ?? [];
}
