import type { Config } from '../config/config.ts';
import type { Fixes } from '../fixing/fixes.ts';
import type { Picture } from '../formats/html/picture.ts';
import type {
  DiffFormat,
  PictureFormat,
  ReportFormat,
  SimulationFormat,
  TableFormat,
} from '../formats/index.ts';
import type { BuiltInAddon, BuiltInProfile, PolicyId } from '../names.generated.ts';
import type { Policy } from '../policy/policy.ts';
import type { Addon, Profile } from '../profile/profile.ts';
import type { Recognition } from '../recognition/recognise.ts';
import type { TableReport } from '../report/component-table.ts';
import type { Diff } from '../report/diff.ts';
import type { Reach } from '../report/reach.ts';
import type { Report } from '../report/report.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { Files } from './arguments.ts';
import type {
  CheckOptions,
  ClusterOptions,
  ExitStatusOptions,
  ExplainOptions,
  GenerateOptions,
  ReadOptions,
  ReadProfileOptions,
  RenderOptions,
  SimulateOptions,
  SimulationStatusOptions,
} from './options.ts';

/** A cluster among several: its files, and what is different for it. */
export interface ClusterFiles extends Omit<ClusterOptions, 'config'> {
  readonly files: Files;
}

/** The policies and profiles of a release, and what to do with them. Every call answers at once. */
export interface Bulkhead {
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

/** The engines that files can be generated for. */
export type GenerateTarget = 'gatekeeper' | 'vap' | 'conftest';
