/** Which pods of a workload never share a node: none, those of one revision, or all. */
export type Apart = 'no' | 'revision' | 'always';

/** What a workload's controller does when its template changes; numbers are of pods. */
export type Update =
  | { readonly type: 'rolling'; readonly surge: number; readonly unavailable: number }
  | { readonly type: 'daemon'; readonly surge: number; readonly unavailable: number }
  | { readonly type: 'ordered'; readonly from: number; readonly unavailable: number }
  | { readonly type: 'recreate' }
  | { readonly type: 'none' };

/** How required anti-affinity or a topology spread constraint bounds the pods of a domain (lib.scheduling.domains). */
export interface Rule {
  readonly means: 'exclusive' | 'spread';
  /** Whether old and new pods count for each other during an update. */
  readonly across: boolean;
  /** The domain of each node that counts, whether or not pods of the workload can be on it. */
  readonly domains: ReadonlyMap<string, string>;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly honorsTaints: boolean;
  /** Whether pods of other workloads count too. */
  readonly isShared: boolean;
}

/** A workload of a component, as far as it matters for who runs when. */
export interface Workload {
  readonly id: string;
  readonly component: string;
  readonly kind: string;
  /** The nodes that its pods can be on, by name. */
  readonly nodes: readonly string[];
  readonly replicas: number;
  readonly apart: Apart;
  /** What a scheduler must respect beside that. */
  readonly rules: readonly Rule[];
  /** Those of the nodes that are cordoned, or have another taint of their condition: they take no new pods. */
  readonly closed: readonly string[];
  readonly update: Update;
  /** The most replicas that autoscalers run, where that is more. */
  readonly peak?: Pick<Workload, 'replicas' | 'update'>;
  /** Whether a controller or an operator replaces a pod that is gone. */
  readonly isRecreated: boolean;
  /** Whether a kubelet reads it from a file: a drain leaves it where it is. */
  readonly isStatic: boolean;
}

/** A PodDisruptionBudget over pods of some workloads. */
export interface Budget {
  readonly name: string;
  /** The ids of the workloads. */
  readonly workloads: readonly string[];
  readonly desiredHealthy: number;
  /** Why the budget allows no disruption whatever runs. */
  readonly refuses?: string;
}

/** A cluster in which every pod that fits a node is running. */
export interface World {
  readonly nodes: readonly string[];
  readonly workloads: readonly Workload[];
  readonly budgets: readonly Budget[];
}

/** Something that happened, and how many pods of each workload then run. */
export interface Step {
  readonly words: string;
  readonly running: Readonly<Record<string, number>>;
}

/** The result of a drain or an update. */
export interface Outcome {
  readonly steps: readonly Step[];
  /** The fewest pods of each workload that ran at any time. */
  readonly least: Readonly<Record<string, number>>;
  /** Evictions that budgets blocked. */
  readonly refusals: number;
  /** Why it never completes, if it does not. */
  readonly stop?: string;
}

export interface Pod {
  readonly workload: Workload;
  readonly isNew: boolean;
  /** The node that it has; none while no node has room for it. */
  node: string | undefined;
  /** Whether it has started there. */
  isReady: boolean;
}
