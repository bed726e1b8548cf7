/** The component table of a kind of cluster, and its node roles. */
export interface Profile {
  readonly name: string;
  readonly title: string;
  /** The oldest version of Kubernetes that it is for; absent for a current one. */
  readonly kubernetes?: string;
  readonly nodeRoles: readonly NodeRole[];
  /** Labels that every node of the cluster has. */
  readonly nodeLabels: readonly LabelPair[];
  /** Schedulers that respect taints as the default one does. */
  readonly schedulers: readonly string[];
  /** Users of the API server that bind pods as a scheduler does, in addition to system:kube-scheduler. */
  readonly schedulerUsers: readonly string[];
  readonly customWorkloads: readonly CustomWorkload[];
  readonly components: readonly Component[];
  /** What is expected of workloads that no component matches; absent if they are not checked. */
  readonly otherWorkloads?: OtherWorkloads;
  /** Namespaces in which nothing is checked; every report lists them. */
  readonly exemptNamespaces: readonly string[];
}

/** The last row: the columns of workloads that no component matches. */
export interface OtherWorkloads {
  readonly nodeRole: string;
  readonly antiAffinity?: boolean;
  readonly disruptionControl?: boolean;
  readonly drainable?: boolean;
}

/** A kind of custom resource with pod specs at these paths; "*" stands for every item. */
export interface CustomWorkload {
  readonly group: string;
  readonly kind: string;
  readonly pods: readonly (readonly string[])[];
}

/** A node role: a node with any of the labels has it, and must have all of the taints. */
export interface NodeRole {
  readonly name: string;
  readonly labels: readonly LabelPair[];
  readonly taints: readonly Taint[];
}

export interface LabelPair {
  readonly key: string;
  readonly value: string;
}

/** A taint; its value is '' if the profile has none. */
export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: TaintEffect;
}

export type TaintEffect = 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';

/** Returns the roles that other workloads must stay off; none if nothing is said of these. */
export function reservedRoles({
  nodeRoles,
  otherWorkloads,
}: Pick<Profile, 'nodeRoles' | 'otherWorkloads'>): readonly NodeRole[] {
  if (otherWorkloads === undefined) return [];
  return nodeRoles.filter(
    ({ name, taints }) =>
      name !== otherWorkloads.nodeRole &&
      taints.some(({ effect }) => effect !== 'PreferNoSchedule'),
  );
}

export type WorkloadKind =
  | 'Pod'
  | 'Deployment'
  | 'ReplicaSet'
  | 'ReplicationController'
  | 'DaemonSet'
  | 'StatefulSet'
  | 'Job'
  | 'CronJob';

/** A toleration as a manifest has it. */
export interface Toleration {
  readonly key?: string;
  readonly operator?: 'Equal' | 'Exists';
  readonly value?: string;
  readonly effect?: TaintEffect;
  readonly tolerationSeconds?: number;
}

/** A row of the table. A column that is absent is not checked. */
export interface Component {
  readonly name: string;
  readonly match: Match;
  readonly type?: WorkloadKind;
  readonly replicas?: number;
  /** The name of a role, or `all`, or `any`. */
  readonly nodeRole?: string;
  readonly antiAffinity?: boolean;
  readonly disruptionControl?: boolean;
  /** No budget keeps its pods from being evicted. */
  readonly drainable?: boolean;
  /** Kubelets run the pods of this row from files. */
  readonly static?: boolean;
  /** Of static pods, the tolerations in their files. */
  readonly tolerations?: readonly Toleration[];
  /** An operator creates the objects of this row and sets their replicas. */
  readonly managed?: boolean;
}

/** The identity of a row's objects; `name` is exact or has one `*`. */
export interface Match {
  readonly namespace: string;
  readonly name: string;
  readonly kind?: WorkloadKind;
}
