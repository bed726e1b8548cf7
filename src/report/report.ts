import type { ErrorCode, Path, RenderedPlace } from '../errors.ts';
import type { JsonValue } from '../kubernetes/json.ts';
import type { ObjectReference } from '../kubernetes/objects.ts';
import type { PolicyId } from '../names.generated.ts';

/** The version of the JSON contract: docs/report.schema.json and its neighbours. */
export const VERSION = 2;

/** How much a finding weighs: `--fail-on` compares by this order, worst first. */
export const SEVERITIES = ['error', 'warning'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Whether the input is a part of a cluster, or all of it, so that a component can be missing. */
export const SCOPES = ['part', 'cluster'] as const;
export type Scope = (typeof SCOPES)[number];

/** Whether a finding needs attention: it does unless a waiver or the baseline accepts it. */
export type Status = 'open' | 'waived' | 'baseline';

/** What every document that Bulkhead prints says of itself and of its input. */
export interface Header {
  readonly version: typeof VERSION;
  readonly tool: { readonly name: 'bulkhead'; readonly version: string };
  /** The name of the profile; of several clusters with different ones, all names. */
  readonly profile: string;
  /** The name of the environment; null if there are none, or several. */
  readonly environment: string | null;
  /** Every environment that was checked, with its profile. */
  readonly environments: readonly EnvironmentProfile[];
  readonly scope: Scope;
  /** What the settings change of the policies. */
  readonly policies: PolicySettings;
  /** What was asked for, as on the command line, sorted. */
  readonly inputs: readonly { readonly path: string }[];
  /** Every file that was found there, and whether it could be read. */
  readonly read: readonly ReadFile[];
  /** What of it was left out. */
  readonly excluded: readonly Excluded[];
  /** The documents that are not Kubernetes objects, and that nothing was checked of. */
  readonly otherDocuments: readonly OtherDocument[];
}

/** A directory or a file that was left out, and why. */
export interface Excluded {
  readonly path: string;
  readonly reason: 'hidden' | 'dependencies' | 'pattern';
}

/** A document that is not a Kubernetes object, and what it is instead. */
export interface OtherDocument extends Location {
  readonly reason: string;
}

/** A cluster among several, and the profile that it was checked against. */
export interface EnvironmentProfile {
  readonly name: string;
  readonly profile: string;
}

/** The policies that were not asked, and those whose severity is another one than their own. */
export interface PolicySettings {
  readonly off: readonly string[];
  readonly severity: Readonly<Record<string, Severity>>;
  /** Those that need what could not be read of a cluster; absent if nothing is missing. */
  readonly notAsked?: readonly string[];
}

/** A file of the input, and whether it could be read. */
export interface ReadFile {
  readonly file: string;
  readonly state: 'read' | 'unreadable';
  /** What was read of a cluster: only of a file that is one. */
  readonly cluster?: ReadCluster;
}

/** What was read of a cluster, and with which rights. */
export interface ReadCluster {
  /** The context of the kubeconfig; `in-cluster` without one. */
  readonly context: string;
  /** The user of the context, or the one that is impersonated; null if it is not known. */
  readonly user: string | null;
  /** The version of the API server: `v1.31.4`. */
  readonly server: string;
  /** The only namespace that was read; null for all of them. */
  readonly namespace: string | null;
  /** When it was read, in UTC, by RFC 3339. */
  readonly at: string;
  /** Every kind that the policies check or read, sorted by resource. */
  readonly kinds: readonly ReadKind[];
}

/** Whether objects of a kind could be read. */
export interface ReadKind {
  /** In the plural, with its group, as kubectl takes it: `deployments.apps`. */
  readonly resource: string;
  readonly group: string;
  readonly kind: string;
  readonly state: KindState;
  /** How many objects there are; null if they were not listed. */
  readonly objects: number | null;
  /** What kubectl says of a kind that is not readable; null otherwise. */
  readonly reason: string | null;
}

/** `notServed`: the cluster has no such kind, so it has no such objects. */
export type KindState = 'listed' | 'forbidden' | 'notServed' | 'unreadable';

/** Where something is written: null as far as it is not known. */
export interface Location {
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  readonly endColumn: number | null;
  /** Where it is in the rendered text, in what comes of a chart or kustomization. */
  readonly rendered?: RenderedPlace;
}

/** The location of what is in no file. */
export const NOWHERE: Location = {
  file: null,
  line: null,
  column: null,
  endLine: null,
  endColumn: null,
};

/** One violation of one object, with the place where it is written. */
export interface Finding {
  readonly policy: PolicyId;
  readonly severity: Severity;
  readonly message: string;
  /** The component that the object is, or null for other workloads and for nodes. */
  readonly component: string | null;
  readonly object: ObjectReference;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The end of the value, exclusive. */
  readonly endLine: number;
  readonly endColumn: number;
  /** Where it is in the rendered text, in what comes of a chart or kustomization. */
  readonly rendered?: RenderedPlace;
  /** Path into the object; it may name a field that is missing. */
  readonly path: Path;
  /** What to do about findings of the policy in general. */
  readonly remediation: string;
  /** What to do about this one. */
  readonly fix: Fix;
  /** The other objects that take part, such as a budget or an autoscaler. */
  readonly related: readonly Related[];
  /** The same for the same policy, object and field, wherever its file or line goes. */
  readonly fingerprint: string;
  /** Its number among the findings with the same fingerprint, from 1 on. */
  readonly ordinal: number;
  /** What the fingerprint stands for, besides the policy, in words: the key of a baseline. */
  readonly key: string;
  /** The environment that it was found in; null if there are none. */
  readonly environment: string | null;
  readonly status: Status;
  /** Why it is accepted, if its status is `waived`. */
  readonly waiver: AppliedWaiver | null;
  /** The page of the policy, as a path of the repository. */
  readonly docs: string;
}

/** Why a finding is accepted, by whom, until when, and where that is written. */
export interface AppliedWaiver extends Location {
  readonly reason: string;
  readonly owner: string;
  /** The last day, in UTC, or `never`. */
  readonly expires: string;
  readonly ticket: string | null;
}

/**
 * A waiver and what became of it: it counts (`active`, or `expiring` within 14 days), its day is over (`expired`:
 * its findings are open again), or it applies to nothing (`unused`).
 */
export interface WaiverState extends AppliedWaiver {
  readonly policies: readonly string[];
  /** The objects that it is for; the name may have one `*`. */
  readonly match: {
    readonly kind: string;
    readonly namespace: string | null;
    readonly name: string;
  };
  readonly state: 'active' | 'expiring' | 'expired' | 'unused';
  /** How many findings it applies to. */
  readonly findings: number;
}

/** The baseline that was used, and how much of it is left. */
export interface BaselineState {
  readonly file: string;
  /** The last day on which it counts, in UTC. */
  readonly until: string | null;
  /** Whether it still counts. */
  readonly isActive: boolean;
  /** How many findings it has. */
  readonly entries: number;
  /** Those of them that no longer occur; 0 unless the whole input was checked. */
  readonly fixed: number;
}

/** What to do about a finding. */
export interface Fix {
  readonly title: string;
  /** Whether the edits change nothing else that the object does. */
  readonly safe: boolean;
  /** The changes of the object; empty where only the title is known. */
  readonly edits: readonly Edit[];
}

/** One change of an object. */
export type Edit =
  | { readonly op: 'remove'; readonly path: Path }
  | { readonly op: 'set' | 'add'; readonly path: Path; readonly value: JsonValue };

/** Another object that takes part in a finding, with the field that matters and what it says. */
export interface RelatedObject extends ObjectReference {
  readonly path: Path;
  readonly says: string;
}

/** The same with its place, if the object is in the input. */
export interface Related extends RelatedObject, Location {}

/** Something about the input itself. */
export interface Problem extends Location {
  readonly code: string;
  readonly message: string;
}

/** Something that could not be checked: the exit status is 2. */
export interface InputError extends Problem {
  readonly code: ErrorCode;
}

/** Something that the findings do not cover, or that may surprise: the exit status changes only if `--fail-on` says so. */
export interface Note extends Problem {
  readonly code: NoteCode;
}

/** Every code of a note, by what it is about. A code never changes its meaning. */
export const NOTE_CODES = [
  'NODE_UNKNOWN', // the Node that the pod names is not in the input
  'NODE_UNCONFIRMED', // where a pod runs rests on a Node that no API server has shown
  'NODES_INCOMPLETE', // the verdict rests only on the Nodes in the input
  'ROLE_LABEL_VALUE_UNKNOWN', // the pod requires a value of a role's label that the profile does not know
  'SCHEDULER_UNKNOWN', // another scheduler may ignore taints
  'RUNTIME_CLASS_UNKNOWN', // the RuntimeClass that the pod names is not in the input
  'RUNTIME_CLASS_UNCONFIRMED', // what it adds rests on one that no API server has shown
  'TOLERATION_OPERATOR_GATED', // Lt and Gt tolerate nothing unless a feature gate is on
  'STATIC_POD_ASSUMED', // a Pod was taken for a file that a kubelet reads
  'OBJECT_ABSENT', // an object that only clears others, and that no API server would keep
  'TARGET_UNKNOWN', // what a budget, an autoscaler or a RuntimeClass applies to is not in the input
  'NULL_SELECTOR_VALUE', // a null in nodeSelector is the empty string
  'VALUE_REJECTED', // a value that no API server accepts, in a field that places pods
  'VALUE_PARAMETER', // a value that the controller of a custom resource fills in, in a field that places pods
  'KIND_UNSUPPORTED', // pods of a kind that no policy knows
  'OBJECT_EMBEDDED', // an object that policies would check, inside of another
  'PLACEMENT_MENTIONED', // words that place pods, or reserve and open nodes, in what no policy checks
  'NODE_COMMAND', // a command line that changes taints or labels of nodes
  'REPLICAS_OVERRIDDEN', // an object of which policies read no number sets the replicas of a workload
  'REPLICAS_UNKNOWN', // how many pods a custom resource runs, and how it replaces them
  'NODES_TOO_SMALL', // a component requests more than any Node that it can run on has
  'QUOTA_WITHOUT_PODS', // a ResourceQuota of a component's namespace admits no pods
  'VOLUME_EXCLUSIVE', // pods of one workload share a claim that not all of them may be able to use at a time
  'FEATURE_GATED', // a field that counts only if a feature gate is on
  'DAEMONSET_PODS_UNKNOWN', // a budget counts pods of a DaemonSet, and no Nodes are in the input
  'KUBELET_FLAGS_UNKNOWN', // flags of a kubelet that cannot be read from the object
  'REGISTRATION_UNKNOWN', // what cannot be read of how an object registers nodes, or is not the same for all of them
  'NAMESPACE_UNKNOWN', // an object names no namespace, and it matters which one it gets
  'NAMESPACE_EXEMPT', // objects of a namespace that the profile exempts
  'OTHER_WORKLOADS_UNCHECKED', // the profile says nothing about where other workloads run
  'OTHER_DISTRIBUTION', // the Nodes look like those of a distribution that the profile is not for
  'NOTHING_CHECKED', // an input whose objects are all of kinds that no policy checks
  'SHAPE_ASSUMED', // a file that does not say its kind was taken for one by its shape
  'REGISTRATION_UNREAD', // a part of an object that may register nodes, and cannot be read
  'WAIVER_EXPIRED', // a waiver whose day is over: its findings are open again
  'WAIVER_EXPIRING', // a waiver that ends within 14 days
  'WAIVER_UNUSED', // a waiver that applies to no finding
  'WAIVER_IN_CLUSTER', // a Constraint of a cluster still waives what has expired, or does not say until when
  'KIND_UNREAD', // a kind that the policies would take into account, and that could not be read
  'WAIVER_WIDE', // a waiver that applies to several objects by a star in its name
  'WAIVER_IGNORED', // an annotation that waives nothing, since it is not allowed or cannot be read
  'BASELINE_EXPIRED', // a baseline whose day is over: its findings are open again
  'BASELINE_EXPIRING', // a baseline that ends within 30 days
  'BASELINE_FIXED', // findings of the baseline that no longer occur
  'DUPLICATE_OBJECT', // an object given twice with different content: the last one counts
  'DUPLICATE_KEY', // a key given twice: the last one counts
] as const;
export type NoteCode = (typeof NOTE_CODES)[number];

/** A component of the table, and its objects in the input. */
export interface ComponentState {
  readonly name: string;
  /** The environment whose profile has it; null if there are none. */
  readonly environment: string | null;
  readonly state: 'present' | 'missing';
  readonly objects: readonly ObjectReference[];
}

/** An object that policies checked. */
export interface CheckedObject extends ObjectReference {
  readonly file: string;
  /** With what the keys of its findings begin. */
  readonly key: string;
}

/** Numbers that show that nothing was skipped silently. */
export interface Summary {
  readonly files: number;
  readonly documents: number;
  /** Of the documents, those without content. */
  readonly emptyDocuments: number;
  /** Of the documents, those that are not Kubernetes objects. */
  readonly otherDocuments: number;
  /** Of the documents, those that cannot be read. */
  readonly unreadableDocuments: number;
  /** Those in text of others included. */
  readonly objects: number;
  /** Objects that at least one policy checked. */
  readonly checked: number;
  readonly findings: number;
  /** Of the findings, those of each status. */
  readonly open: number;
  readonly waived: number;
  readonly baselined: number;
  readonly inputErrors: number;
  readonly notes: number;
}

/** Everything a check found out. */
export interface Report extends Header {
  readonly findings: readonly Finding[];
  readonly inputErrors: readonly InputError[];
  readonly notes: readonly Note[];
  readonly components: readonly ComponentState[];
  readonly checked: readonly CheckedObject[];
  readonly waivers: readonly WaiverState[];
  /** Null if there is none. */
  readonly baseline: BaselineState | null;
  readonly summary: Summary;
}
