import type { ObjectReference } from '../kubernetes/objects.ts';

/** On how many nodes of a role a pod can run. */
export const SHARES = ['none', 'some', 'every'] as const;
export type Share = (typeof SHARES)[number];

/**
 * What the profile says of a workload and a node or a role: a pod must be able to run there, may run there, or must
 * not.
 */
export const EXPECTATIONS = ['required', 'allowed', 'forbidden'] as const;
export type Expectation = (typeof EXPECTATIONS)[number];

/** Who can run where in a cluster: every workload of the input beside every node role and every Node. */
export interface Reach {
  /** The environment that it is of; null if there are none. */
  readonly environment: string | null;
  /** The names of the profile's node roles, in its order. */
  readonly roles: readonly string[];
  /** The Nodes of the input, by role, then by name. */
  readonly nodes: readonly ReachedNode[];
  /** Components in the order of the profile, then other workloads by namespace, kind and name. */
  readonly workloads: readonly WorkloadReach[];
  /** Objects for which the policies did not answer. The report has an error for each. */
  readonly unanswered: readonly ObjectReference[];
}

/** A Node of the input. */
export interface ReachedNode {
  readonly name: string;
  /** Its roles of the profile; none if it has none of their labels. */
  readonly roles: readonly string[];
}

/** A workload, and where its pods can run. */
export interface WorkloadReach {
  /** The object, or the first of the single pods of a component. */
  readonly object: ObjectReference;
  /** How many objects this is for: more than one only for single pods of a component. */
  readonly objects: number;
  /** The component that it is; null for other workloads. */
  readonly component: string | null;
  /** Where the profile wants it: names of roles, or one of its words; null if it does not say. */
  readonly nodeRole: string | readonly string[] | null;
  /** Whether kubelets read it from files: no scheduler places it. It runs on the nodes of its mirrors, if the input has them. */
  readonly isStatic: boolean;
  /** One for each role, at its index: what holds for any node of it, whatever Nodes are in the input. */
  readonly byRole: readonly RoleReach[];
  /** One for each Node, at its index. Workloads that are placed alike share the list. */
  readonly byNode: readonly NodeReach[];
  /** On which nodes its pods run, as far as the input has its pods: their number by the name of the node. */
  readonly running: Readonly<Record<string, number>>;
}

/** Whether a pod can run on nodes of a role, and what the profile says of that. */
export interface RoleReach {
  readonly share: Share;
  readonly expected: Expectation;
}

/** Whether a pod can run on a Node, why, and what the profile says of that. */
export interface NodeReach {
  readonly runs: boolean;
  readonly expected: Expectation;
  /** What keeps it off the Node or lets it in, in words: `does not tolerate the taint a=b:NoSchedule`. */
  readonly reason: string;
}
