import { type Cel, text } from '../admission/cel.ts';

// An API server shows each object as one that it has accepted: with a kind, a name and a pod template.

/** `lib.workloads.workloads.kinds`: what an API server serves of them. */
export const KINDS = [
  { group: '', resource: 'pods', kind: 'Pod' },
  { group: '', resource: 'replicationcontrollers', kind: 'ReplicationController' },
  { group: 'apps', resource: 'deployments', kind: 'Deployment' },
  { group: 'apps', resource: 'replicasets', kind: 'ReplicaSet' },
  { group: 'apps', resource: 'daemonsets', kind: 'DaemonSet' },
  { group: 'apps', resource: 'statefulsets', kind: 'StatefulSet' },
  { group: 'batch', resource: 'jobs', kind: 'Job' },
  { group: 'batch', resource: 'cronjobs', kind: 'CronJob' },
] as const;

/** `lib.workloads.workloads.template_path`, of an object's kind; empty for a Pod. */
export function templatePath(kind: string): readonly string[] {
  if (kind === 'Pod') return [];
  return kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template'] : ['spec', 'template'];
}

/** `lib.workloads.workloads.pod`: the pod spec of the object. */
export function pod(object: Cel): Cel {
  return (
    `(object.kind == 'Pod' ? ${object}.spec : object.kind == 'CronJob'` +
    ` ? ${object}.spec.jobTemplate.spec.template.spec : ${object}.spec.template.spec)`
  );
}

/** `lib.workloads.workloads.pod_path`, in words. */
export const podPath: Cel =
  "object.kind == 'Pod' ? 'spec' : object.kind == 'CronJob'" +
  " ? 'spec.jobTemplate.spec.template.spec' : 'spec.template.spec'";

/** `lib.workloads.workloads.namespace` */
export const namespace: Cel = "object.metadata.?namespace.orValue('')";

/** `lib.workloads.workloads.title` of the object, or of another kind with its name and namespace. */
export function title(kind: Cel = 'object.kind'): Cel {
  return `${kind} + ' ' + object.metadata.?namespace.optMap(n, n + '/').orValue('') + object.metadata.name`;
}

/** The title of a Pod with the name and namespace of the object. */
export const podTitle: Cel = title(text('Pod'));
