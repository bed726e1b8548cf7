/** The component table of a kind of cluster, and the node roles that it speaks of. */
export interface Profile {
  readonly name: string;
  readonly title: string;
  readonly nodeRoles: readonly NodeRole[];
  /** Labels that every node of the cluster carries. */
  readonly nodeLabels: readonly LabelPair[];
  /** Schedulers that heed taints as the default one does. */
  readonly schedulers: readonly string[];
  /** Users of the API server that bind pods as a scheduler does, beside system:kube-scheduler. */
  readonly schedulerUsers: readonly string[];
  readonly customWorkloads: readonly CustomWorkload[];
  readonly components: readonly Component[];
  /** Where every workload runs that no row claims; absent if that is not judged. */
  readonly otherWorkloads?: OtherWorkloads;
  /** Namespaces in which nothing is judged, which every report says. */
  readonly exemptNamespaces: readonly string[];
}

/** The last row: the columns of workloads that no component claims. */
export interface OtherWorkloads {
  readonly nodeRole: string;
  readonly antiAffinity?: boolean;
  readonly disruptionControl?: boolean;
}

/** A kind of custom resources that says, at these paths, what pods will be; "*" stands for every item. */
export interface CustomWorkload {
  readonly group: string;
  readonly kind: string;
  readonly pods: readonly (readonly string[])[];
}

/** A role of nodes: any one of the labels marks it, all of the taints reserve it. */
export interface NodeRole {
  readonly name: string;
  readonly labels: readonly LabelPair[];
  readonly taints: readonly Taint[];
}

export interface LabelPair {
  readonly key: string;
  readonly value: string;
}

/** A taint; its value is '' where the profile says none. */
export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: TaintEffect;
}

export type TaintEffect = 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';

export type WorkloadKind =
  | 'Pod'
  | 'Deployment'
  | 'ReplicaSet'
  | 'ReplicationController'
  | 'DaemonSet'
  | 'StatefulSet'
  | 'Job'
  | 'CronJob';

/** A row of the table. A column that is absent is not judged. */
export interface Component {
  readonly name: string;
  readonly match: Match;
  readonly type?: WorkloadKind;
  readonly replicas?: number;
  /** The name of a role, or `all`, or `any`. */
  readonly nodeRole?: string;
  readonly antiAffinity?: boolean;
  readonly disruptionControl?: boolean;
  /** Kubelets run the pods of this row from files. */
  readonly static?: boolean;
  /** An operator makes the objects of this row, and counts them. */
  readonly managed?: boolean;
}

/** The identity of a row's objects; `name` is exact or has one `*`. */
export interface Match {
  readonly namespace: string;
  readonly name: string;
  readonly kind?: WorkloadKind;
}
