/** Rows that profiles can extend by: something that is added to clusters of many kinds. */
export declare interface Addon {
    readonly name: string;
    readonly title: string;
    readonly components: readonly Component[];
}

export declare type Admission = 'deny' | 'warn';

/** Which pods of a workload never share a node: none, those of one revision, or all. */
export declare type Apart = 'no' | 'revision' | 'always';

/** Why a finding is accepted, by whom, until when, and where that is written. */
export declare interface AppliedWaiver extends Location {
    readonly reason: string;
    readonly owner: string;
    /** The last day, in UTC, or `never`. */
    readonly expires: string;
    readonly ticket: string | null;
}

/** The file of the baseline, and the last day on which it counts, in UTC. */
export declare interface BaselineSetting {
    readonly file: string;
    readonly until?: string;
    readonly place: Place;
}

/** The baseline that was used, and how much of it is left. */
export declare interface BaselineState {
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

/** The files of the package, `bulkhead/policy.wasm` and the JSON files by their names. */
export declare interface BuiltFiles {
    /** The bytes of `policy.wasm`, or the `WebAssembly.Module` that they were compiled to. */
    readonly wasm: Uint8Array | ArrayBuffer | object;
    /** The value of `catalogue.json`. */
    readonly catalogue: object;
    /** The value of `profiles.json`. */
    readonly profiles: object;
    /** The value of `addons.json`. */
    readonly addons: object;
    /** The value of `pages.json`, for `explain` and the format `sarif`. */
    readonly pages?: object;
    /** The value of `sources.json`, for `generate`. */
    readonly sources?: object;
}

/** The names of the built-in add-ons. */
export declare type BuiltInAddon = 'addons/aws-ebs-csi' | 'addons/aws-efs-csi' | 'addons/aws-vpc-cni' | 'addons/azuredisk-csi' | 'addons/azurefile-csi' | 'addons/calico' | 'addons/canal' | 'addons/cilium' | 'addons/cinder-csi' | 'addons/cloud-provider-aws' | 'addons/cloud-provider-azure' | 'addons/cloud-provider-digitalocean' | 'addons/cloud-provider-gcp' | 'addons/cloud-provider-hcloud' | 'addons/cloud-provider-openstack' | 'addons/cloud-provider-vsphere' | 'addons/cluster-autoscaler' | 'addons/flannel' | 'addons/fluent-bit' | 'addons/gcp-pd-csi' | 'addons/ingress-nginx' | 'addons/karpenter' | 'addons/kindnet' | 'addons/kube-router' | 'addons/kured' | 'addons/longhorn' | 'addons/metallb' | 'addons/metrics-server' | 'addons/multus' | 'addons/node-exporter' | 'addons/node-problem-detector' | 'addons/nvidia-device-plugin' | 'addons/nvidia-gpu-operator' | 'addons/rook-ceph' | 'addons/vsphere-csi' | 'addons/weave';

/** The names of the built-in profiles. */
export declare type BuiltInProfile = 'aks' | 'cluster-api' | 'eks' | 'gke' | 'hypershift' | 'k0s' | 'k3s' | 'kops' | 'kubeadm' | 'kubespray' | 'microk8s' | 'openshift-4' | 'rke2' | 'rke2-rancher' | 'system-pool' | 'talos' | 'tectonic-1.6.4' | 'typhoon';

/** The policies and profiles of a release, and what to do with them. Every call answers at once. */
export declare interface Bulkhead {
    /** The release. */
    readonly version: string;
    /** The policies, sorted by id. */
    readonly policies: readonly Policy[];
    /** The built-in profiles, by name. */
    readonly profiles: Readonly<Record<BuiltInProfile, Profile>>;
    /** The built-in add-ons, by name, such as `addons/calico`. */
    readonly addons: Readonly<Record<BuiltInAddon, Addon>>;
    /**
     * Checks manifests against a profile. What is wrong with the manifests is part of the report: it is complete only
     * if `inputErrors` is empty.
     *
     * @throws TypeError if an argument is wrong; UserError PROFILE_UNKNOWN, BASELINE_SYNTAX, BASELINE_INVALID; EngineError
     * if the policies failed for more than single objects, which are errors of the report.
     */
    check(files: Files, options: CheckOptions): Report;
    /**
     * Checks several clusters, each by itself, and reports on all of them. Each has an environment of its own, by which
     * its findings are told from those of the others.
     *
     * @param options count for every cluster that does not say it itself.
     * @throws as `check` does.
     */
    checkClusters(clusters: readonly ClusterFiles[], options?: CheckOptions): Report;
    /**
     * Compares two inputs of one cluster: checks each as a whole, and pairs what was found by its fingerprint. The difference is
     * complete only if the reports of both sides have no `inputErrors`.
     *
     * @throws as `check` does.
     */
    diff(before: Files, after: Files, options: CheckOptions): Diff;
    /**
     * Finds the fixes of manifests: the lines that each changes, and the bytes of the files with them. The files are checked
     * several times: with a fix, its findings are gone, and none is new.
     *
     * @throws as `check` does.
     */
    fixes(files: Files, options: CheckOptions): Fixes;
    /**
     * Fills the component table of a profile in from manifests.
     *
     * @throws as `check` does.
     */
    table(files: Files, options: Omit<CheckOptions, 'scope'>): TableReport;
    /**
     * Drains every node and rolls out every component, step by step.
     *
     * @throws TypeError; UserError PROFILE_UNKNOWN, NOTHING_TO_CHECK without any component, NODES_UNKNOWN without any
     * node, PROFILE_ROLE_UNKNOWN for a role of `nodes` that the profile does not have; EngineError.
     */
    simulate(files: Files, options: SimulateOptions): Simulation;
    /**
     * Says who can run where: for each workload, on which node roles and on which Nodes of the input its pods can run,
     * why, and what the profile says of that.
     *
     * @throws TypeError; UserError PROFILE_UNKNOWN; EngineError.
     */
    reach(files: Files, options: ClusterOptions): Reach;
    /**
     * Checks manifests, and finds out who can run where: each workload beside each node role and each Node, and what
     * happens when the Nodes are drained.
     *
     * @throws as `check` does.
     */
    picture(files: Files, options: CheckOptions): Picture;
    /**
     * Generates the files of another engine: their texts by their paths. `vap` are ValidatingAdmissionPolicies; there are
     * none of a profile for which they have nothing to check.
     *
     * @throws TypeError; UserError PROFILE_UNKNOWN.
     */
    generate(target: GenerateTarget, options: GenerateOptions): ReadonlyMap<string, string>;
    /**
     * Renders a report, a table, a simulation, a difference or a picture in one of its formats. The lines that a
     * difference quotes are those of the new files.
     *
     * @throws TypeError
     */
    render(report: Report, format: ReportFormat, options?: RenderOptions): string;
    render(table: TableReport, format: TableFormat, options?: RenderOptions): string;
    render(simulation: Simulation, format: SimulationFormat, options?: RenderOptions): string;
    render(diff: Diff, format: DiffFormat, options?: RenderOptions): string;
    render(picture: Picture, format: PictureFormat, options?: RenderOptions): string;
    /**
     * Explains a policy: what it finds, why that matters, and how to fix it.
     *
     * @throws TypeError; UserError POLICY_UNKNOWN.
     */
    explain(id: PolicyId | (string & {}), options?: ExplainOptions): string;
    /**
     * The exit status that the command line has for a report, a table or a difference: 2 not everything could be checked, 1 something
     * is at or above `failOn`, 0 neither. Of a simulation: 1 something never ends, or leaves no pod of a component with
     * disruption control.
     *
     * @throws TypeError
     */
    exitStatus(document: Report | TableReport | Diff, options?: ExitStatusOptions): 0 | 1 | 2;
    exitStatus(simulation: Simulation, options: SimulationStatusOptions): 0 | 1 | 2;
    /**
     * Reads a profile of your own.
     *
     * @throws TypeError; UserError with every mistake in its `errors`; what `readFile` throws.
     */
    readProfile(text: string, options?: ReadProfileOptions): Profile;
    /**
     * Reads a configuration, bulkhead.yaml.
     *
     * @throws TypeError; UserError with every mistake in its `errors`.
     */
    readConfig(text: string, options?: ReadOptions): Config;
    /**
     * Recognises the distribution of a cluster by its Nodes and the objects of its namespaces. What cannot be read shows
     * no sign, and is no error: `check` says what that is.
     *
     * @throws TypeError
     */
    recognise(files: Files): Recognition;
}

/** Another object that changed, and so made a finding. */
export declare interface Cause extends ObjectReference {
    readonly change: Change;
    /** The file that has it, or had it. */
    readonly file: string;
}

/** One cell: what the profile says, what the manifests say, and why they differ. */
export declare interface Cell {
    /** In the document's words: `master`, `2`, `n`, `yes`, `no`, `N/A`. */
    readonly documented: string;
    /** In the same words; `-` for a row without an object. */
    readonly actual: string;
    readonly deviates: boolean;
    /** The findings that make it deviate, in the order of the report. */
    readonly reasons: readonly Reason[];
}

export declare type Change = (typeof CHANGES)[number];

/** What became of an object between two inputs. */
declare const CHANGES: readonly ['added', 'removed', 'changed'];

/** The columns of a profile that policies check: those of the component table, and one that it does not show. */
declare const CHECKED_COLUMNS: readonly ["type", "replicas", "nodeRole", "antiAffinity", "disruptionControl", "drainable"];

export declare type CheckedColumn = (typeof CHECKED_COLUMNS)[number];

/** An object that policies checked. */
export declare interface CheckedObject extends ObjectReference {
    readonly file: string;
    /** With what the keys of its findings begin. */
    readonly key: string;
}

/** How to check files. */
export declare interface CheckOptions extends ClusterOptions {
    /** Whether the files are all of a cluster, so that components can be missing; `part` by default. */
    readonly scope?: Scope | undefined;
    /** Severities other than the policies' own, `off` for policies that are not asked. */
    readonly severity?: Readonly<Partial<Record<PolicyId, SeverityOrOff>>> | undefined;
    /** The text of a baseline, as `bulkhead check --write-baseline` writes it. */
    readonly baseline?: string | undefined;
    /** The day on which waivers and the baseline count, in UTC, as `2027-03-31`; today by default. */
    readonly today?: string | undefined;
    /** Called regularly with the progress. */
    readonly onProgress?: OnProgress | undefined;
}

/** A cluster among several: its files, and what is different for it. */
export declare interface ClusterFiles extends Omit<ClusterOptions, 'config'> {
    readonly files: Files;
}

/** Which cluster the files are of. */
export declare interface ClusterOptions {
    /**
     * The profile to check against: the name of a built-in one, or one that `readProfile` has read. It comes before
     * the profile that the configuration names, and is needed without one.
     */
    readonly profile?: BuiltInProfile | (string & {}) | Profile | undefined;
    /**
     * A configuration that `readConfig` has read: its profile, if that is built in, severities, waivers, namespace,
     * scope and environments count. The caller finds the files by its `inputs` and `exclude`, reads the `baseline`, and
     * gives `failOn` and `requireComponents` to `exitStatus`.
     */
    readonly config?: Config | undefined;
    /** The environment of the configuration that the files are of. Needed if it has any. */
    readonly environment?: string | undefined;
    /** The namespace of objects that name none, as with `kubectl apply --namespace`. */
    readonly namespace?: string | undefined;
}

/** Who can run where in one cluster, and what happens when its nodes are drained. */
export declare interface ClusterPicture {
    readonly reach: Reach;
    /** The roles that other workloads are kept off. */
    readonly reservedRoles: readonly string[];
    /** Null if nothing can be simulated. */
    readonly simulation: Simulation | null;
    /** Why nothing can be simulated; null if something was. */
    readonly notSimulated: string | null;
}

export declare type Column = (typeof COLUMNS)[number];

/** The columns of the component table, in the document's order. */
declare const COLUMNS: readonly ['type', 'replicas', 'nodeRole', 'antiAffinity', 'disruptionControl'];

/** A row of the table. A column that is absent is not checked. */
export declare interface Component {
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

/** A component of the table, and its objects in the input. */
export declare interface ComponentState {
    readonly name: string;
    /** The environment whose profile has it; null if there are none. */
    readonly environment: string | null;
    readonly state: 'present' | 'missing';
    readonly objects: readonly ObjectReference[];
}

/** What bulkhead.yaml says. Its paths are as written: relative to its directory. */
export declare interface Config {
    readonly file: string;
    readonly profile?: Named;
    /** What is checked; absent if it is not said. */
    readonly inputs?: readonly Source[];
    /** The clusters that are checked by themselves; none if there is just one. */
    readonly environments: readonly Environment[];
    /** Patterns as in .gitignore. */
    readonly exclude: readonly string[];
    readonly namespace?: string;
    readonly scope?: Scope;
    readonly requireComponents?: boolean;
    readonly failOn?: FailOn;
    /** By the id of the policy. */
    readonly severity: Readonly<Record<string, SeverityOrOff>>;
    readonly waivers: readonly Waiver[];
    /** The policies whose findings an annotation may waive. */
    readonly inlineWaivers: readonly string[];
    readonly baseline?: BaselineSetting;
}

/**
 * Loads the policies and profiles of a release from what is given.
 *
 * @throws TypeError if something is missing or is something else.
 */
export declare function createBulkhead(files: BuiltFiles): Promise<Bulkhead>;

/** A workload that can run where the profile wants none of its kind, and could not before. */
export declare interface Crossing {
    readonly environment: string | null;
    readonly object: ObjectReference;
    /** The component that it is; null for other workloads. */
    readonly component: string | null;
    /** The node roles that it can run on now, in the order of the profile. */
    readonly roles: readonly string[];
    /** The Nodes of the input that it can run on now. */
    readonly nodes: readonly string[];
}

/** A kind of custom resource with pod specs at these paths; "*" stands for every item. */
export declare interface CustomWorkload {
    readonly group: string;
    readonly kind: string;
    readonly pods: readonly (readonly string[])[];
}

/** What is different between two inputs. The header is that of the new one. */
export declare interface Diff extends Header {
    readonly old: DiffSide;
    readonly now: DiffSide;
    /** How many files of the inputs are different. */
    readonly changedFiles: number;
    /** Open findings that were not there, or were accepted, before. */
    readonly added: readonly NewFinding[];
    /** Open findings of the old input that the new one has no longer. */
    readonly fixed: readonly Finding[];
    /** Findings that a waiver or the baseline accepts, and did not before. */
    readonly accepted: readonly Finding[];
    /** How many open findings are in both. */
    readonly unchanged: number;
    readonly crossing: readonly Crossing[];
    /** Waivers that were not there before, or say something else now. */
    readonly waivers: readonly WaiverState[];
    readonly gone: readonly GoneComponent[];
    /** Notes that were not there before. */
    readonly notes: readonly Note[];
}

/** The formats of a difference. */
export declare type DiffFormat = ReportFormat;

/** One of the two inputs. */
export declare interface DiffSide {
    /** How a user knows it: a path or a revision. */
    readonly name: string;
    /** The commit, if it is a revision, and how many commits the current one has that it has not; null if that is not known. */
    readonly revision: {
        readonly commit: string;
        readonly ahead: number | null;
    } | null;
    /** What was found in it. Its input errors are what could not be read of this side. */
    readonly report: Report;
}

/** What happens when a node is drained, with what earlier drains left. */
export declare interface Drain extends Outcome {
    readonly node: string;
}

/** One change of an object. */
export declare type Edit = {
    readonly op: 'remove';
    readonly path: Path;
} | {
    readonly op: 'set' | 'add';
    readonly path: Path;
    readonly value: JsonValue;
};

/** The policy engine failed: nothing it returned can be trusted, and no report may say "clean". */
export declare class EngineError extends Error {
    readonly name = "EngineError";
}

/** One cluster of several, and what is different for it. */
export declare interface Environment {
    readonly name: string;
    readonly profile?: Named;
    readonly inputs: readonly Source[];
    readonly namespace?: string;
}

/** A cluster among several, and the profile that it was checked against. */
export declare interface EnvironmentProfile {
    readonly name: string;
    readonly profile: string;
}

/**
 * Every problem that a user of Bulkhead can fix, by code.
 *
 * A code never changes its meaning: scripts match on it, prose may improve.
 */
export declare type ErrorCode = 'MANIFEST_SYNTAX' | 'MANIFEST_ENCODING' | 'MANIFEST_TOO_LARGE' | 'MANIFEST_OBJECT' | 'MANIFEST_TEMPLATE' | 'MANIFEST_PATCH' | 'MANIFEST_PLACEHOLDER' | 'NOT_RENDERED' | 'RENDER_FAILED' | 'RENDER_TOOL_MISSING' | 'RENDER_EMPTY' | 'FILE_UNREADABLE' | 'NOTHING_TO_CHECK' | 'NODES_UNKNOWN' | 'PROFILE_SYNTAX' | 'PROFILE_INVALID' | 'PROFILE_UNKNOWN' | 'PROFILE_CYCLE' | 'PROFILE_NEWER' | 'PROFILE_ROLE_UNKNOWN' | 'PROFILE_ROLE_UNMARKED' | 'PROFILE_COMPONENT_DUPLICATE' | 'PROFILE_ROW_UNMATCHABLE' | 'CONFIG_SYNTAX' | 'CONFIG_INVALID' | 'BASELINE_SYNTAX' | 'BASELINE_INVALID' | 'GIT_FAILED' | 'TOOL_MISSING' | 'CLUSTER_CONTEXT' | 'CLUSTER_UNREACHABLE' | 'CLUSTER_NAMESPACE' | 'KIND_FORBIDDEN' | 'KIND_UNREADABLE' | 'KIND_ABSENT' | 'SNAPSHOT_INVALID' | 'ENGINE_FAILED' | 'NOT_SIMULATED' | 'POLICY_UNKNOWN' | 'OUTPUT_UNWRITABLE' | 'NOT_BUILT' | 'USAGE';

/** A directory or a file that was left out, and why. */
export declare interface Excluded {
    readonly path: string;
    readonly reason: 'hidden' | 'dependencies' | 'pattern';
}

/** When a report makes a run fail. */
export declare interface ExitStatusOptions {
    /** The least severity that fails: `error` (the default), `warning`, `note`; or `never`. */
    readonly failOn?: FailOn | undefined;
    /** Whether a component that is missing fails; false by default. */
    readonly requireComponents?: boolean | undefined;
}

export declare type Expectation = (typeof EXPECTATIONS)[number];

/**
 * What the profile says of a workload and a node or a role: a pod must be able to run there, may run there, or must
 * not.
 */
declare const EXPECTATIONS: readonly ['required', 'allowed', 'forbidden'];

/** How to explain a policy. */
export declare interface ExplainOptions {
    /** A summary (the default), one with examples, or the whole page in Markdown. */
    readonly form?: 'summary' | 'examples' | 'markdown' | undefined;
    /** The columns of a line, 40 or more; 100 by default. */
    readonly width?: number | undefined;
}

/** What makes a run fail, the most serious first; each includes those before it, apart from `never`. */
declare const FAIL_ON: readonly ["error", "warning", "note", "never"];

export declare type FailOn = (typeof FAIL_ON)[number];

/**
 * Manifests by the names that places in the report have: text, or bytes as they are in a file. Names are paths
 * with `/`: a kustomization names others by theirs, and a chart is a `Chart.yaml` with what is beside it.
 */
export declare type Files = Readonly<Record<string, string | Uint8Array>> | ReadonlyMap<string, string | Uint8Array>;

/** One violation of one object, with the place where it is written. */
export declare interface Finding {
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
    /** What is so now, as far as the input has the pods: `1 of its 3 pods runs on cp-0: web-6d4-1`. */
    readonly now?: string;
    /** The command of kubectl that fixes it in a cluster, or opens the object. */
    readonly command?: string;
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

/** What to do about a finding. */
export declare interface Fix {
    readonly title: string;
    /** Whether the edits change nothing else that the object does. */
    readonly safe: boolean;
    /** The changes of the object; empty where only the title is known. */
    readonly edits: readonly Edit[];
}

/** Fixes, and what comes of them. */
export declare interface Fixed {
    readonly fixes: readonly FoundFix[];
    /** The bytes of the files that they change, by name; the fixes that were applied before are in them, too. */
    readonly files: ReadonlyMap<string, Uint8Array>;
    /** The check of the input with them. */
    readonly report: Report;
}

/** The fixes of an input. */
export declare interface Fixes {
    /** What was found before. */
    readonly before: Report;
    /** The safe ones. */
    readonly safe: Fixed;
    /** Those that are only suggested, with the safe ones already applied. */
    readonly suggested: Fixed;
}

/** A change of a file that removes findings, adds none, and changes nothing else. */
export declare interface FoundFix {
    readonly file: string;
    /** What it changes, in the order of the file. */
    readonly hunks: readonly Hunk[];
    /** What it removes; at least one. */
    readonly findings: readonly Finding[];
}

/** What to generate. */
export declare interface GenerateOptions extends Omit<ClusterOptions, 'namespace'> {
    /** What admission does with a violation; `dryrun` by default. Not for conftest. */
    readonly enforcement?: Stage | undefined;
    /** The day on which the waivers of the configuration count, in UTC; today by default. */
    readonly today?: string | undefined;
}

/** The engines that files can be generated for. */
export declare type GenerateTarget = 'gatekeeper' | 'vap' | 'conftest';

/** A component that was in the old input, and is not in the new one. */
export declare interface GoneComponent {
    readonly name: string;
    readonly environment: string | null;
}

/** What every document that Bulkhead prints says of itself and of its input. */
export declare interface Header {
    readonly version: typeof VERSION;
    readonly tool: {
        readonly name: 'bulkhead';
        readonly version: string;
    };
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
    readonly inputs: readonly {
        readonly path: string;
    }[];
    /** Every file that was found there, and whether it could be read. */
    readonly read: readonly ReadFile[];
    /** What of it was left out. */
    readonly excluded: readonly Excluded[];
    /** The documents that are not Kubernetes objects, and that nothing was checked of. */
    readonly otherDocuments: readonly OtherDocument[];
}

/** Lines of a file that others replace. */
export declare interface Hunk {
    /** The first of them, 1-based, in the file as it was read; where only new ones come, the line that follows them. */
    readonly line: number;
    readonly removed: readonly string[];
    readonly added: readonly string[];
}

/** Something that could not be checked: the exit status is 2. */
export declare interface InputError extends Problem {
    readonly code: ErrorCode;
}

/** A map of the above. */
export declare type JsonObject = {
    readonly [key: string]: JsonValue;
};

/** A value as Kubernetes sees it: any value of JSON. */
export declare type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** `notServed`: the cluster has no such kind, so it has no such objects. */
export declare type KindState = 'listed' | 'forbidden' | 'notServed' | 'unreadable';

/** Where something is written: null as far as it is not known. */
export declare interface Location {
    readonly file: string | null;
    readonly line: number | null;
    readonly column: number | null;
    readonly endLine: number | null;
    readonly endColumn: number | null;
    /** Where it is in the rendered text, in what comes of a chart or kustomization. */
    readonly rendered?: RenderedPlace;
}

/** The identity of a row's objects; `namespace` and `name` are exact or have one `*`. */
export declare interface Match {
    readonly namespace: string;
    readonly name: string;
    readonly kind?: WorkloadKind;
}

/** A name or path, and where it is written. */
export declare interface Named {
    readonly name: string;
    readonly place: Place;
}

/** An open finding that was not there before. */
export declare interface NewFinding extends Finding {
    /** Whether its own object is the same as before. */
    readonly isUntouched: boolean;
    /** The other objects without whose change it would not be there, as far as that could be found out. */
    readonly why: readonly Cause[];
}

/** Whether a pod can run on a Node, why, and what the profile says of that. */
export declare interface NodeReach {
    readonly runs: boolean;
    readonly expected: Expectation;
    /** What keeps it off the Node or lets it in, in words: `does not tolerate the taint a=b:NoSchedule`. */
    readonly reason: string;
}

/**
 * A node role: a node with any of the labels has it, unless it has one that the role's nodes lack, and must have
 * all taints of one of the sets.
 */
export declare interface NodeRole {
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

/** Something that the findings do not cover, or that may surprise: the exit status changes only if `--fail-on` says so. */
export declare interface Note extends Problem {
    readonly code: NoteCode;
}

/** Every code of a note, by what it is about. A code never changes its meaning. */
declare const NOTE_CODES: readonly ['NODE_UNKNOWN', 'NODE_UNCONFIRMED', 'NODES_INCOMPLETE', 'ROLE_LABEL_VALUE_UNKNOWN', 'SCHEDULER_UNKNOWN', 'RUNTIME_CLASS_UNKNOWN', 'RUNTIME_CLASS_UNCONFIRMED', 'TOLERATION_OPERATOR_GATED', 'STATIC_POD_ASSUMED', 'OBJECT_ABSENT', 'TARGET_UNKNOWN', 'NULL_SELECTOR_VALUE', 'VALUE_REJECTED', 'VALUE_PARAMETER', 'KIND_UNSUPPORTED', 'OBJECT_EMBEDDED', 'PLACEMENT_MENTIONED', 'NODE_COMMAND', 'REPLICAS_OVERRIDDEN', 'REPLICAS_UNKNOWN', 'NODES_TOO_SMALL', 'QUOTA_WITHOUT_PODS', 'VOLUME_EXCLUSIVE', 'FEATURE_GATED', 'DAEMONSET_PODS_UNKNOWN', 'KUBELET_FLAGS_UNKNOWN', 'REGISTRATION_UNKNOWN', 'NAMESPACE_UNKNOWN', 'NAMESPACE_EXEMPT', 'OTHER_WORKLOADS_UNCHECKED', 'OTHER_DISTRIBUTION', 'NOTHING_CHECKED', 'SHAPE_ASSUMED', 'REGISTRATION_UNREAD', 'WAIVER_EXPIRED', 'WAIVER_EXPIRING', 'WAIVER_UNUSED', 'WAIVER_IN_CLUSTER', 'KIND_UNREAD', 'WAIVER_WIDE', 'WAIVER_IGNORED', 'BASELINE_EXPIRED', 'BASELINE_EXPIRING', 'BASELINE_FIXED', 'DUPLICATE_OBJECT', 'DUPLICATE_KEY'];

export declare type NoteCode = (typeof NOTE_CODES)[number];

/** The identity of an object; null where the manifest does not have it. */
export declare interface ObjectReference {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string | null;
    readonly name: string | null;
}

/** Called regularly with the progress of a run. */
export declare type OnProgress = (verb: 'read' | 'checked', done: number, total: number) => void;

/** The operation of an admission request. */
export declare type Operation = 'CREATE' | 'UPDATE' | 'DELETE';

/** A document that is not a Kubernetes object, and what it is instead. */
export declare interface OtherDocument extends Location {
    readonly reason: string;
}

/** The last row: the columns of workloads that no component matches. */
export declare interface OtherWorkloads {
    readonly nodeRole?: string;
    readonly antiAffinity?: boolean;
    readonly disruptionControl?: boolean;
    readonly drainable?: boolean;
}

/** The result of a drain or an update. */
export declare interface Outcome {
    readonly steps: readonly Step[];
    /** The fewest pods of each workload that ran at any time. */
    readonly least: Readonly<Record<string, number>>;
    /** Evictions that budgets blocked. */
    readonly refusals: number;
    /** Why it never completes, if it does not. */
    readonly stop?: string;
}

export declare type ParameterName = (typeof PARAMETERS)[number];

/** A part of the profile that a policy's parameters carry. */
declare const PARAMETERS: readonly ['components', 'nodeRoles', 'nodeLabels', 'otherWorkloads', 'kubernetes', 'schedulers', 'schedulerUsers', 'customWorkloads'];

/** A path into an object: keys of objects and indexes of lists. */
export declare type Path = readonly (string | number)[];

/** Everything that the page of who can run where shows. */
export declare interface Picture {
    readonly report: Report;
    /** One for each environment, or just one. */
    readonly clusters: readonly ClusterPicture[];
    /** The component table, if that was asked for. */
    readonly table: Table | null;
}

/** The formats of a picture. */
export declare type PictureFormat = 'html';

/** A place in a file, and where it ends if that is known: 1-based, columns in UTF-16 code units. */
export declare interface Place {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly endLine?: number;
    /** Of the first character that is not part of it. */
    readonly endColumn?: number;
    /** Where it is in a rendered text, if it comes from one. */
    readonly rendered?: RenderedPlace;
}

/** The METADATA of a policy (docs/metadata.md), and what the build finds in its rules. */
export declare interface Policy {
    readonly id: PolicyId;
    /** The release of Bulkhead that it belongs to. */
    readonly version: string;
    readonly title: string;
    readonly description: string;
    readonly category: string;
    readonly severity: Severity;
    /** How much it weighs as a security problem, on the scale of CVSS; absent if it is none. */
    readonly security?: number;
    /** Why the fault matters. */
    readonly rationale: string;
    readonly remediation: string;
    readonly resources: readonly string[];
    /** The kinds it checks. */
    readonly kinds: readonly Resource[];
    /** The columns of the table's rows that it checks. */
    readonly columns: readonly CheckedColumn[];
    /** The parts of the profile that it takes. */
    readonly parameters: readonly ParameterName[];
    /** Those of its parameters that it does not need to check something. */
    readonly optional: readonly ParameterName[];
    /** The kinds that it reads of other objects. */
    readonly inventory: readonly Resource[];
    /** Those of them without which it has no verdict. */
    readonly required: readonly Resource[];
    /** Whether it leaves out the namespaces that a profile exempts. */
    readonly isExemptable: boolean;
    /** What admission does in the last stage: `warn` if another object, which may be created later, can fix it. */
    readonly admission: Admission;
    /** The operations that it checks at admission. */
    readonly operations: readonly Operation[];
}

/** The ids of the policies. */
export declare type PolicyId = 'blocking-disruption-budget' | 'component-impersonation' | 'control-plane-intrusion' | 'interrupting-update' | 'missing-disruption-budget' | 'off-role-placement' | 'overlapping-disruption-budgets' | 'powerless-disruption-budget' | 'repelled-component' | 'scheduler-bypass' | 'stopped-component' | 'stuck-rollout' | 'unevictable-unhealthy-pods' | 'unmatched-disruption-budget' | 'unreachable-node-role' | 'unspread-replicas' | 'untainted-control-plane-node' | 'wrong-replica-count' | 'wrong-workload-kind';

/** The policies that were not asked, and those whose severity is another one than their own. */
export declare interface PolicySettings {
    readonly off: readonly string[];
    readonly severity: Readonly<Record<string, Severity>>;
    /** Those that need what could not be read of a cluster; absent if nothing is missing. */
    readonly notAsked?: readonly string[];
}

/** Something about the input itself. */
export declare interface Problem extends Location {
    readonly code: string;
    readonly message: string;
}

/** The component table of a kind of cluster, and its node roles. */
export declare interface Profile {
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

/** Who can run where in a cluster: every workload of the input beside every node role and every Node. */
export declare interface Reach {
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
export declare interface ReachedNode {
    readonly name: string;
    /** Its roles of the profile; none if it has none of their labels. */
    readonly roles: readonly string[];
}

/** What was read of a cluster, and with which rights. */
export declare interface ReadCluster {
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

/** A file of the input, and whether it could be read. */
export declare interface ReadFile {
    readonly file: string;
    readonly state: 'read' | 'unreadable';
    /** What was read of a cluster: only of a file that is one. */
    readonly cluster?: ReadCluster;
}

/** Whether objects of a kind could be read. */
export declare interface ReadKind {
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

/** How to read a file of Bulkhead's own. */
export declare interface ReadOptions {
    /** The name that places in it have. */
    readonly file?: string | undefined;
}

/** How to read a profile. */
export declare interface ReadProfileOptions extends ReadOptions {
    /**
     * Returns the text of a file that the profile extends, by the path that it is named by. It may throw. Without it,
     * a profile can extend what is built in.
     *
     * @param from the file that names it.
     */
    readonly readFile?: ((path: string, from: string) => string) | undefined;
}

/** Why a cell deviates: the part of a finding that a table shows. */
export declare type Reason = Pick<Finding, 'policy' | 'message' | 'object' | 'file' | 'line' | 'column'>;

/** What a cluster looks like. */
export declare interface Recognition {
    /** Null if no distribution shows two signs. */
    readonly distribution: string | null;
    /** The name of the built-in profile for it; null if it is not known. */
    readonly profile: string | null;
    /** The names of built-in profiles that are right for it as well. */
    readonly also: readonly string[];
    /** What manages the cluster, such as Rancher. */
    readonly layers: readonly string[];
    /** The signs of the distribution, or all that were seen if it is not known. */
    readonly signs: readonly string[];
}

/** The same with its place, if the object is in the input. */
export declare interface Related extends RelatedObject, Location {
}

/** Another object that takes part in a finding, with the field that matters and what it says. */
export declare interface RelatedObject extends ObjectReference {
    readonly path: Path;
    readonly says: string;
}

/** A place in what Helm or kustomize printed. */
export declare interface RenderedPlace {
    /** The name of the input, such as `helm charts/shop`. */
    readonly input: string;
    readonly line: number;
    readonly column: number;
    readonly endLine?: number;
    readonly endColumn?: number;
}

/** How to render a document. */
export declare interface RenderOptions {
    /** The files that were checked, to quote their lines. */
    readonly files?: Files | undefined;
    /** Whether to use the colours of a terminal; false by default. */
    readonly color?: boolean | undefined;
    /** The columns of a line, 40 or more; 100 by default. */
    readonly width?: number | undefined;
    /** Whether to list the documents that are not Kubernetes objects; false by default. */
    readonly verbose?: boolean | undefined;
    /** What a page for people has besides open findings; notes by default. */
    readonly show?: readonly Shown[] | undefined;
}

/** Everything a check found out. */
export declare interface Report extends Header {
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

/** The formats of a report. */
export declare type ReportFormat = 'human' | 'concise' | 'json' | 'sarif' | 'github' | 'gitlab' | 'junit' | 'markdown';

/** A kind of object with the API groups that ever served it; the core group is ''. */
export declare interface Resource {
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

/** A label with a value, or one that nodes have with any value (`exists: true`) or lack (`exists: false`). */
export declare interface RoleLabel {
    readonly key: string;
    readonly value?: string;
    readonly exists?: boolean;
}

/** Whether a pod can run on nodes of a role, and what the profile says of that. */
export declare interface RoleReach {
    readonly share: Share;
    readonly expected: Expectation;
}

/** One row: a component, or all other workloads. */
export declare interface Row {
    readonly component: string;
    readonly state: 'present' | 'missing';
    readonly objects: readonly ObjectReference[];
    readonly cells: Readonly<Record<Column, Cell>>;
}

/** How required anti-affinity or a topology spread constraint bounds the pods of a domain (lib.scheduling.domains). */
export declare interface Rule {
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

export declare type Scope = (typeof SCOPES)[number];

/** Whether the input is a part of a cluster, or all of it, so that a component can be missing. */
declare const SCOPES: readonly ['part', 'cluster'];

/** How much a finding weighs: `--fail-on` compares by this order, worst first. */
declare const SEVERITIES: readonly ['error', 'warning'];

export declare type Severity = (typeof SEVERITIES)[number];

export declare type SeverityOrOff = Severity | 'off';

export declare type Share = (typeof SHARES)[number];

/** On how many nodes of a role a pod can run. */
declare const SHARES: readonly ['none', 'some', 'every'];

/** What a page for people may have besides open findings. */
declare const SHOWN: readonly ['notes', 'waived', 'baseline', 'all'];

export declare type Shown = (typeof SHOWN)[number];

/** How to simulate drains and rollouts. */
export declare interface SimulateOptions extends ClusterOptions {
    /** How many nodes of a role there are, beside the Nodes in the files. */
    readonly nodes?: Readonly<Record<string, number>> | undefined;
}

/** What happens to the components while nodes are drained and updates roll. */
export declare interface Simulation extends Header {
    readonly nodes: readonly string[];
    /** Each node drained in turn; one that never completes is the last. */
    readonly drains: readonly Drain[];
    readonly updates: readonly WorkloadUpdate[];
    readonly workloads: readonly Workload[];
    /** Workloads of 0 replicas: nothing of them moves, and none of them runs. */
    readonly stopped: readonly Workload[];
    /** Components that are not in the input. */
    readonly missing: readonly string[];
    readonly inputErrors: readonly InputError[];
    readonly notes: readonly Note[];
}

/** The formats of a simulation. */
export declare type SimulationFormat = 'human' | 'json';

/** When a simulation makes a run fail. */
export declare interface SimulationStatusOptions {
    /** The profile that it was simulated with, which says what components have disruption control. */
    readonly profile?: ClusterOptions['profile'];
}

/** Something to check. */
export declare type Source = {
    readonly kind: 'path';
    readonly path: string;
} | {
    readonly kind: 'kustomize';
    readonly directory: string;
} | {
    readonly kind: 'helm';
    readonly chart: string;
    /** Files of values. */
    readonly values: readonly string[];
    readonly release?: string;
    readonly namespace?: string;
};

export declare type Stage = (typeof STAGES)[number];

/** A stage of the rollout of a profile: what the Constraints do with a violation. */
declare const STAGES: readonly ['dryrun', 'warn', 'deny'];

/** Whether a finding needs attention: it does unless a waiver or the baseline accepts it. */
export declare type Status = 'open' | 'waived' | 'baseline';

/** Something that happened, and how many pods of each workload then run. */
export declare interface Step {
    readonly words: string;
    readonly running: Readonly<Record<string, number>>;
}

/** Numbers that show that nothing was skipped silently. */
export declare interface Summary {
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

/** The component table, filled in from manifests. */
export declare interface Table {
    readonly profile: string;
    readonly title: string;
    readonly rows: readonly Row[];
}

/** The formats of a component table. */
export declare type TableFormat = 'human' | 'json' | 'markdown';

/** A table with the report that it was filled in from: what `bulkhead table` prints. */
export declare interface TableReport {
    readonly table: Table;
    readonly report: Report;
}

/** A taint with a value, '' if the profile has none, or with any value (`exists`). */
export declare interface Taint {
    readonly key: string;
    readonly value?: string;
    readonly exists?: true;
    readonly effect: TaintEffect;
}

export declare type TaintEffect = 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';

/** A toleration as a manifest has it. */
export declare interface Toleration {
    readonly key?: string;
    readonly operator?: 'Equal' | 'Exists';
    readonly value?: string;
    readonly effect?: TaintEffect;
    readonly tolerationSeconds?: number;
}

/** What a workload's controller does when its template changes; numbers are of pods. */
export declare type Update = {
    readonly type: 'rolling';
    readonly surge: number;
    readonly unavailable: number;
} | {
    readonly type: 'daemon';
    readonly surge: number;
    readonly unavailable: number;
} | {
    readonly type: 'ordered';
    readonly from: number;
    readonly unavailable: number;
} | {
    readonly type: 'recreate';
} | {
    readonly type: 'none';
};

/** A problem of the input, not of Bulkhead: what is wrong, what to do, and where. */
export declare class UserError extends Error {
    readonly name = "UserError";
    readonly code: ErrorCode;
    readonly place: Place | undefined;
    /** Every mistake of a file that has several, this one included; else none. */
    readonly errors: readonly UserError[];
    constructor(code: ErrorCode, message: string, options?: {
        place?: Place;
        cause?: unknown;
        errors?: readonly UserError[];
    });
}

/** The version of the JSON contract: docs/report.schema.json and its neighbours. */
declare const VERSION = 2;

/** A finding of a policy that is accepted for an object, until a day. */
export declare interface Waiver {
    /** The ids of the policies. */
    readonly policies: readonly string[];
    readonly match: WaiverMatch;
    /** The one field that it is for: a path into the object, `*` for any index. Without it, any field. */
    readonly path?: Path;
    /** The environments that it is for; absent for all. */
    readonly environments?: readonly string[];
    readonly reason: string;
    readonly owner: string;
    /** The last day on which it counts, in UTC: `2027-03-31`; or `never`. */
    readonly expires: string;
    readonly ticket?: string;
    /** Where it is written. */
    readonly place: Place;
}

/** The objects that a waiver is for: an exact kind and namespace, and a name with at most one `*`. */
export declare interface WaiverMatch {
    readonly kind: string;
    /** The API group, '' for the core group. Without it, a kind of Kubernetes itself is meant where there is one. */
    readonly group?: string;
    /** Absent for objects of cluster-scoped kinds. */
    readonly namespace?: string;
    readonly name: string;
}

/**
 * A waiver and what became of it: it counts (`active`, or `expiring` within 14 days), its day is over (`expired`:
 * its findings are open again), or it applies to nothing (`unused`).
 */
export declare interface WaiverState extends AppliedWaiver {
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

/** A workload of a component, as far as it matters for who runs when. */
export declare interface Workload {
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

export declare type WorkloadKind = 'Pod' | 'Deployment' | 'ReplicaSet' | 'ReplicationController' | 'DaemonSet' | 'StatefulSet' | 'Job' | 'CronJob';

/** A workload, and where its pods can run. */
export declare interface WorkloadReach {
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

/** The update of one workload; no outcome where no pod restarts by itself. */
export declare interface WorkloadUpdate {
    readonly workload: Workload;
    readonly outcome?: Outcome;
}

export { }
