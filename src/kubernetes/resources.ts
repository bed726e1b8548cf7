import type { JsonObject } from './json.ts';

/** A kind of object with the API groups that ever served it; the core group is ''. */
export interface Resource {
  readonly kind: string;
  readonly groups: readonly string[];
  /** The path of the pod template, if it is a kind of Kubernetes itself that creates pods. */
  readonly template?: readonly string[];
  /** The paths of the pod specs of another kind, "*" for every item. */
  readonly pods?: readonly (readonly string[])[];
  /** Whether its objects have no namespace. */
  readonly isClusterScoped?: boolean;
  /** Whether its objects exist only in files, never in a cluster. */
  readonly isOnlyRead?: boolean;
}

/** A version of a kind that current clusters serve. */
export interface ServedResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/**
 * The words by which a policy's METADATA names what it checks and what it reads of other objects,
 * beside `workload` and `controller`, whose kinds `policies/lib/workload.rego` and
 * `policies/lib/custom_workload.rego` list.
 */
export const RESOURCES = {
  node: [{ kind: 'Node', groups: [''], isClusterScoped: true }],
  namespace: [{ kind: 'Namespace', groups: [''], isClusterScoped: true }],
  runtimeClass: [{ kind: 'RuntimeClass', groups: ['node.k8s.io'], isClusterScoped: true }],
  // No SyncSet has them: a cluster has too many pods to keep twice, and their controllers have most of the data.
  pod: [{ kind: 'Pod', groups: [''], template: [] }],
  binding: [{ kind: 'Binding', groups: [''] }],
  volume: [{ kind: 'PersistentVolume', groups: [''], isClusterScoped: true }],
  claim: [{ kind: 'PersistentVolumeClaim', groups: [''] }],
  quota: [{ kind: 'ResourceQuota', groups: [''] }],
  service: [{ kind: 'Service', groups: [''] }],
  // What registers nodes: files of kubeadm, of kubelets and of distributions, which no cluster serves, and the
  // objects by which clusters make nodes.
  registration: [
    ...onlyRead('kubeadm.k8s.io', 'InitConfiguration', 'JoinConfiguration'),
    ...onlyRead('kubelet.config.k8s.io', 'KubeletConfiguration'),
    ...onlyRead('kops.k8s.io', 'Cluster', 'InstanceGroup'),
    ...onlyRead('k0sctl.k0sproject.io', 'Cluster'),
    ...onlyRead('eksctl.io', 'ClusterConfig'),
    ...onlyRead('kind.x-k8s.io', 'Cluster'),
    // Talos names no group.
    ...onlyRead('', 'KubeNodeConfig'),
    // As the reader makes them of files that name no kind.
    ...onlyRead('bulkhead.dev', 'SystemdUnit', 'KubeletArguments', 'K3sConfig'),
    ...onlyRead('bulkhead.dev', 'TalosMachineConfig', 'MicroK8sConfig', 'InstallConfig'),
    ...served('cluster.x-k8s.io', 'Cluster', 'ClusterClass'),
    ...served('cluster.x-k8s.io', 'Machine', 'MachineSet', 'MachineDeployment', 'MachinePool'),
    ...withTemplates('controlplane.cluster.x-k8s.io', 'KubeadmControlPlane', 'RKE2ControlPlane'),
    ...withTemplates('controlplane.cluster.x-k8s.io', 'KThreesControlPlane', 'K0sControlPlane'),
    ...withTemplates('bootstrap.cluster.x-k8s.io', 'KubeadmConfig', 'RKE2Config', 'KThreesConfig'),
    ...withTemplates('bootstrap.cluster.x-k8s.io', 'K0sWorkerConfig'),
    ...served('bootstrap.cluster.x-k8s.io', 'K0sControllerConfig'),
    ...withTemplates('infrastructure.cluster.x-k8s.io', 'AzureManagedMachinePool'),
    ...served('infrastructure.cluster.x-k8s.io', 'AWSManagedMachinePool', 'ROSAMachinePool'),
    ...served('infrastructure.cluster.x-k8s.io', 'GCPManagedMachinePool'),
    ...served('containerservice.azure.com', 'ManagedCluster', 'ManagedClustersAgentPool'),
    ...served('container.cnrm.cloud.google.com', 'ContainerCluster', 'ContainerNodePool'),
    ...served('hypershift.openshift.io', 'NodePool'),
    ...served('machine.openshift.io', 'Machine', 'MachineSet', 'ControlPlaneMachineSet'),
    ...served('k0s.k0sproject.io', 'ClusterConfig'),
    ...clusterScoped('config.openshift.io', 'Scheduler'),
    ...clusterScoped('machineconfiguration.openshift.io', 'KubeletConfig'),
    ...clusterScoped('karpenter.sh', 'NodePool', 'Provisioner'),
  ],
  budget: [{ kind: 'PodDisruptionBudget', groups: ['policy'] }],
  autoscaler: [
    { kind: 'HorizontalPodAutoscaler', groups: ['autoscaling', 'extensions'] },
    { kind: 'ScaledObject', groups: ['keda.sh'] },
  ],
} as const satisfies Record<string, readonly Resource[]>;

function served(group: string, ...kinds: readonly string[]): readonly Resource[] {
  return kinds.map((kind) => ({ kind, groups: [group] }));
}

function onlyRead(group: string, ...kinds: readonly string[]): readonly Resource[] {
  return served(group, ...kinds).map((resource) => ({ ...resource, isOnlyRead: true }));
}

function clusterScoped(group: string, ...kinds: readonly string[]): readonly Resource[] {
  return served(group, ...kinds).map((resource) => ({ ...resource, isClusterScoped: true }));
}

/** The kinds, and those of their templates. */
function withTemplates(group: string, ...kinds: readonly string[]): readonly Resource[] {
  return served(group, ...kinds.flatMap((kind) => [kind, `${kind}Template`]));
}

/** The versions in which a cluster serves what the policies read of other objects. */
export const SERVED: readonly ServedResource[] = [
  { group: 'apps', version: 'v1', kind: 'DaemonSet' },
  { group: 'apps', version: 'v1', kind: 'Deployment' },
  { group: 'apps', version: 'v1', kind: 'ReplicaSet' },
  { group: 'apps', version: 'v1', kind: 'StatefulSet' },
  { group: '', version: 'v1', kind: 'ReplicationController' },
  { group: 'batch', version: 'v1', kind: 'CronJob' },
  { group: 'batch', version: 'v1', kind: 'Job' },
  { group: '', version: 'v1', kind: 'Node' },
  { group: '', version: 'v1', kind: 'Namespace' },
  { group: '', version: 'v1', kind: 'PersistentVolume' },
  { group: '', version: 'v1', kind: 'PersistentVolumeClaim' },
  { group: '', version: 'v1', kind: 'ResourceQuota' },
  { group: 'node.k8s.io', version: 'v1', kind: 'RuntimeClass' },
  { group: '', version: 'v1', kind: 'Service' },
  { group: 'policy', version: 'v1', kind: 'PodDisruptionBudget' },
  { group: 'autoscaling', version: 'v2', kind: 'HorizontalPodAutoscaler' },
];

/**
 * The same of custom resources, by the project whose controller serves them. A SyncSet with a kind that a cluster
 * lacks fails, and Gatekeeper tries it again and again: each project has one of its own.
 */
export const SERVED_BY: Readonly<Record<string, readonly ServedResource[]>> = {
  'argo-rollouts': [{ group: 'argoproj.io', version: 'v1alpha1', kind: 'Rollout' }],
  keda: [{ group: 'keda.sh', version: 'v1alpha1', kind: 'ScaledObject' }],
  openkruise: [
    { group: 'apps.kruise.io', version: 'v1alpha1', kind: 'CloneSet' },
    { group: 'apps.kruise.io', version: 'v1beta1', kind: 'StatefulSet' },
  ],
  openshift: [{ group: 'apps.openshift.io', version: 'v1', kind: 'DeploymentConfig' }],
};

/** The API groups with a dot in their name that come with Kubernetes, its files of configuration among them. */
const OWN_GROUPS: ReadonlySet<string> = new Set(
  [
    ...['admissionregistration', 'apiextensions', 'apiregistration', 'authentication'],
    ...[
      'authorization',
      'certificates',
      'coordination',
      'discovery',
      'events',
      'networking',
      'node',
    ],
    ...['flowcontrol.apiserver', 'internal.apiserver', 'rbac.authorization', 'resource'],
    ...['scheduling', 'storage', 'storagemigration', 'metrics', 'custom.metrics'],
    ...['external.metrics', 'apiserver', 'audit', 'apiserver.config', 'client.authentication'],
    ...['kubeadm', 'kubelet.config', 'kubeproxy.config', 'kubescheduler.config'],
    ...['controllermanager.config', 'credentialprovider.kubelet', 'imagepolicy'],
  ].map((name) => `${name}.k8s.io`),
);

/** Whether a cluster can have objects of the kind, and lists them: a Binding is only created. */
export function canBeListed({ kind, isOnlyRead }: Resource): boolean {
  return isOnlyRead !== true && kind !== 'Binding';
}

/** The API group of an apiVersion: '' for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** Whether an object is of a kind that does not come with Kubernetes. */
export function isCustom({ apiVersion }: JsonObject): boolean {
  const group = groupOf(String(apiVersion));
  return group.includes('.') && !OWN_GROUPS.has(group);
}
