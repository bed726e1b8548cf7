/** The component table of a kind of cluster, and its node roles. */
export interface Profile {
  readonly name: string;
  readonly title: string;
  /** Whether its sources are incomplete. */
  readonly experimental?: true;
  /** The oldest version of Kubernetes that it is for; absent for a current one. */
  readonly kubernetes?: string;
  readonly nodeRoles: readonly NodeRole[];
  /** Labels that every node of the cluster has: of several with one key, one of the values. */
  readonly nodeLabels: readonly RoleLabel[];
  /** Schedulers that respect taints as the default one does. */
  readonly schedulers: readonly string[];
  /** Users of the API server that bind pods as a scheduler does, in addition to system:kube-scheduler. */
  readonly schedulerUsers: readonly string[];
  /** Users by which controllers make pods, in addition to those that Kubernetes has by default: for admission by CEL. */
  readonly controllerUsers: readonly string[];
  readonly customWorkloads: readonly CustomWorkload[];
  readonly components: readonly Component[];
  /** What is expected of workloads that no component matches; absent if they are not checked. */
  readonly otherWorkloads?: OtherWorkloads;
  /** Namespaces, or patterns with one `*`, where it is not checked on which nodes other workloads can run. */
  readonly exemptNamespaces: readonly string[];
}

/** Rows that profiles can extend by: something that is added to clusters of many kinds. */
export interface Addon {
  readonly name: string;
  readonly title: string;
  readonly components: readonly Component[];
}

/** The last row: the columns of workloads that no component matches. */
export interface OtherWorkloads {
  readonly nodeRole?: string;
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

/**
 * A node role: a node with any of the labels has it, unless it has one that the role's nodes lack, and must have
 * all taints of one of the sets.
 */
export interface NodeRole {
  readonly name: string;
  readonly labels: readonly RoleLabel[];
  readonly taints: readonly Taint[];
  /** Sets that may take the place of the taints. */
  readonly alternativeTaints?: readonly (readonly Taint[])[];
  /** Whether its nodes may have no taints. */
  readonly optionalTaints?: true;
  /** Whether a cluster may have no nodes of it. */
  readonly optional?: true;
}

/** A label with a value, or one that nodes have with any value (`exists: true`) or lack (`exists: false`). */
export interface RoleLabel {
  readonly key: string;
  readonly value?: string;
  readonly exists?: boolean;
}

/** A taint with a value, '' if the profile has none, or with any value (`exists`). */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly exists?: true;
  readonly effect: TaintEffect;
}

export type TaintEffect = 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';

/**
 * Returns the roles that other workloads must stay off, those with optional taints included; none if it is not said
 * where these run.
 */
export function reservedRoles({
  nodeRoles,
  otherWorkloads,
}: Pick<Profile, 'nodeRoles' | 'otherWorkloads'>): readonly NodeRole[] {
  const own = otherWorkloads?.nodeRole;
  if (own === undefined) return [];
  return nodeRoles.filter((role) => role.name !== own && isReserved(role));
}

/**
 * Why a profile keeps other workloads off no nodes, whatever the Nodes of the cluster are, and what to add to it;
 * undefined if it has reserved roles.
 */
export function whyNothingIsReserved(profile: Profile): readonly [string, string] | undefined {
  const { otherWorkloads: others } = profile;
  if (others === undefined) {
    return ['the profile has no otherWorkloads', 'add otherWorkloads to the profile'];
  }
  if (others.nodeRole === undefined) {
    return ['otherWorkloads of the profile has no nodeRole', 'add the role that they run on'];
  }
  if (reservedRoles(profile).length > 0) return undefined;
  return ['the profile reserves no nodes', 'add the taints of reserved nodes to its nodeRoles'];
}

/** Whether a taint of the role keeps pods off its nodes, where they have it. */
export function isReserved({ taints }: NodeRole): boolean {
  return taints.some(({ effect }) => effect !== 'PreferNoSchedule');
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
  /** In place of a type, the kinds of which it must have one. */
  readonly kinds?: readonly WorkloadKind[];
  readonly replicas?: number;
  /** In place of a number of replicas, the least number. */
  readonly minReplicas?: number;
  /** The name of a role, or those of several; or `all`, `any` or `unreserved`. */
  readonly nodeRole?: string | readonly string[];
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

/** The identity of a row's objects; `namespace` and `name` are exact or have one `*`. */
export interface Match {
  readonly namespace: string;
  readonly name: string;
  readonly kind?: WorkloadKind;
}

/** Whether two rows have the same objects. */
export function isSameMatch(a: Match, b: Match): boolean {
  return a.namespace === b.namespace && a.name === b.name && a.kind === b.kind;
}

/** Whether a name is the pattern, or fits its one `*`. */
export function fits(pattern: string, name: string): boolean {
  const [before = '', after] = pattern.split('*');
  if (after === undefined) return name === before;
  const isLong = name.length >= before.length + after.length;
  return isLong && name.startsWith(before) && name.endsWith(after);
}
