import type { ErrorCode, Path } from '../errors.ts';
import type { ObjectReference } from '../kubernetes/objects.ts';

/** How much a finding weighs: `--fail-on` compares by this order, worst first. */
export const SEVERITIES = ['error', 'warning'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One fault of one object, with the place where it is written. */
export interface Finding {
  readonly policy: string;
  readonly severity: Severity;
  readonly message: string;
  /** The row of the component table, or null for a workload that no row claims and for nodes. */
  readonly component: string | null;
  readonly object: ObjectReference;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Path into the object; it may name a field that is missing. */
  readonly path: Path;
  readonly remediation: string;
}

/** Something about the input itself: an error (it could not be checked) or a warning (it could). */
export interface Problem {
  readonly code: ErrorCode | WarningCode;
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

/** What is said of the input without changing the exit status. */
export type WarningCode =
  | NoteCode
  | 'DUPLICATE_KEY' // kubectl keeps the last
  | 'NULL_SELECTOR_VALUE' // a null in nodeSelector is the empty string
  | 'NOT_JUDGED'; // something that no policy speaks of, and that decides where pods run

/** What a policy leaves out of its verdict on an object, by why it does. */
export const NOTE_CODES = [
  'NODE_UNKNOWN', // the Node that the pod names is not in the input
  'NODES_INCOMPLETE', // the verdict rests only on the Nodes in the input
  'SCHEDULER_UNKNOWN', // another scheduler may ignore taints
  'RUNTIME_CLASS_UNKNOWN', // the RuntimeClass that the pod names is not in the input
  'TOLERATION_OPERATOR_GATED', // Lt and Gt tolerate nothing unless a feature gate is on
  'KIND_UNSUPPORTED', // pods of a kind that no policy knows
  'REPLICAS_UNKNOWN', // how many pods a custom resource runs, and how it replaces them
  'FEATURE_GATED', // a field that counts only if a feature gate is on
  'DAEMONSET_PODS_UNKNOWN', // a budget counts pods of a DaemonSet, and no Nodes are in the input
  'KUBELET_FLAGS_UNKNOWN', // flags of a kubelet that cannot be read from the object
] as const;
export type NoteCode = (typeof NOTE_CODES)[number];

/** A row of the component table: is any object of it there. */
export interface ComponentState {
  readonly name: string;
  readonly state: 'present' | 'missing';
  readonly objects: readonly ObjectReference[];
}

/** How much was read, and what became of it. */
export interface Summary {
  readonly files: number;
  readonly documents: number;
  /** Of the documents, those without content. */
  readonly emptyDocuments: number;
  /** Of the documents, those that hold something else than Kubernetes objects. */
  readonly otherDocuments: number;
  /** Of the documents, those that cannot be read. */
  readonly refusedDocuments: number;
  readonly objects: number;
  /** Objects that at least one policy speaks of. */
  readonly judged: number;
  readonly findings: number;
  readonly errors: number;
}

/** The whole answer of `bulkhead check`; its JSON form is a published contract. */
export interface Report {
  readonly profile: string;
  readonly findings: readonly Finding[];
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly components: readonly ComponentState[];
  readonly summary: Summary;
}
