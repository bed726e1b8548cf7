import { all, any, type Cel, texts } from '../admission/cel.ts';

// As the API server asks: no annotation of a request says that a pod is static, and no Node is known.

/** `lib.workloads.controllers.references`: the ownerReference that names the controller, one or none. */
export function references(object: Cel): Cel {
  return `${object}.metadata.?ownerReferences.orValue([]).filter(o, o.?controller.orValue(false))`;
}

/** `lib.scheduling.pods.mirrored`: the mirror of a static pod, as the kubelet of its node asks for it. */
export const mirrored: Cel = all(
  "object.kind == 'Pod'",
  "'kubernetes.io/config.mirror' in object.metadata.?annotations.orValue({})",
  "has(request.userInfo.groups) && 'system:nodes' in request.userInfo.groups",
  `${references('object')}.exists_one(o, o.apiVersion == 'v1' && o.kind == 'Node' && o.name == object.spec.?nodeName.orValue(''))`,
);

/** `lib.scheduling.pods.runs` */
const runs: Cel = any(
  "!(object.?status.?phase.orValue('') in ['', 'Pending'])",
  "object.?status.?conditions.orValue([]).exists(c, c.type == 'PodScheduled' && c.status == 'True')",
);

/** `lib.scheduling.pods.ways`, of which there is one here. */
export const way: Cel =
  `object.kind == 'DaemonSet' ? 'daemon' : variables.is_mirror ? 'file'` +
  ` : variables.pod.?nodeName.orValue('') != '' && !(object.kind == 'Pod' && (${runs})) ? 'node' : 'scheduler'`;

/** The only node that the pod can be on, empty if it names none (`lib.scheduling.pods.placement`). */
export const node: Cel = "variables.way == 'scheduler' ? '' : variables.pod.?nodeName.orValue('')";

/** The same as if the pod were created now (`lib.scheduling.pods.rescheduled`): a file names no node, only its mirror does. */
export const rescheduledNode: Cel =
  "variables.way in ['scheduler', 'file'] ? '' : variables.pod.?nodeName.orValue('')";

/** The ways in which a taint with the effect keeps a pod away (`lib.scheduling.pods.placement`). */
export function waysKeptAway(effect: string): Cel {
  return effect === 'NoExecute'
    ? "variables.way != 'file'"
    : "variables.way in ['scheduler', 'daemon']";
}

/** `lib.scheduling.pods.other_scheduler` */
export function otherScheduler(schedulers: readonly string[]): Cel {
  return `!(variables.pod.?schedulerName.orValue('') in ${texts(['', 'default-scheduler', ...schedulers])})`;
}
