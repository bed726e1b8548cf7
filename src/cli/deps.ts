import type { Cluster } from '../check.ts';
import type { WaiversOn } from '../config/expiry.ts';
import type { ReadConfig } from '../config/read.ts';
import type { ReadBaseline } from '../config/read-baseline.ts';
import type { DiffInput, DiffOptions } from '../diff.ts';
import type { UserError } from '../errors.ts';
import type { Explanation } from '../explain.ts';
import type { FixOptions } from '../fix.ts';
import type { Fixes } from '../fixing/fixes.ts';
import type { Picture } from '../formats/html/picture.ts';
import type { Stage } from '../gatekeeper/enforcement.ts';
import type { Derivation, InitInput } from '../init.ts';
import type { InputFile } from '../input.ts';
import type { Catalogue } from '../policy/policy.ts';
import type { Profile } from '../profile/profile.ts';
import type { Recognition } from '../recognition/recognise.ts';
import type { TableReport } from '../report/component-table.ts';
import type { Diff } from '../report/diff.ts';
import type { Report } from '../report/report.ts';
import type { SessionOptions } from '../session.ts';
import type { SimulateOptions } from '../simulate.ts';
import type { Simulation } from '../simulation/simulation.ts';

/** A profile that was read, or every mistake in it. */
export type ReadProfile =
  | { readonly kind: 'profile'; readonly profile: Profile }
  | { readonly kind: 'errors'; readonly errors: readonly UserError[] };

/** Reads a file that a profile extends, by the path that the file `from` has of it. */
export type ReadBase = (
  path: string,
  from: string,
) => { readonly file: string; readonly text: string };

/** The use cases that the commands call, and the files of the package. */
export interface Deps {
  readonly version: () => string;
  readonly catalogue: () => Catalogue;
  /** The page of each policy in Markdown, by id. */
  readonly pages: () => Readonly<Record<string, string>>;
  /** The names of the built-in profiles, sorted. */
  readonly profileNames: () => readonly string[];
  /** The names and titles of the built-in add-ons, sorted. */
  readonly addons: () => readonly { readonly name: string; readonly title: string }[];
  /** The text of a built-in profile or add-on. */
  readonly profileText: (name: string) => string;
  /** The text of a profile with all that it extends. */
  readonly resolvedText: (profile: Profile) => Promise<string>;
  /** A built-in profile, as it was read when the project was built. */
  readonly shippedProfile: (name: string) => Profile;
  readonly readProfile: (file: string, text: string, readBase: ReadBase) => Promise<ReadProfile>;
  readonly readConfig: (file: string, text: string) => Promise<ReadConfig>;
  readonly readBaseline: (file: string, text: string) => Promise<ReadBaseline>;
  readonly diff: (old: DiffInput, now: DiffInput, options: DiffOptions) => Diff;
  readonly check: (clusters: readonly Cluster[], options: SessionOptions) => Report;
  readonly fix: (clusters: readonly Cluster[], options: FixOptions) => Promise<Fixes>;
  readonly table: (
    profile: Profile,
    files: readonly InputFile[],
    options: Omit<SessionOptions, 'scope'>,
  ) => TableReport;
  /** A check whose report is part of a picture. */
  readonly picture: (clusters: readonly Cluster[], options: SessionOptions) => Promise<Picture>;
  /** A component table that is part of one. */
  readonly tablePicture: (
    cluster: Cluster,
    options: Omit<SessionOptions, 'scope'>,
  ) => Promise<Picture>;
  /** @throws UserError NODES_UNKNOWN, PROFILE_ROLE_UNKNOWN */
  readonly simulate: (
    profile: Profile,
    files: readonly InputFile[],
    options: SimulateOptions,
  ) => Simulation;
  readonly generateGatekeeper: (
    profile: Profile,
    stage: Stage,
    waiving?: WaiversOn,
  ) => Promise<ReadonlyMap<string, string>>;
  readonly generateAdmission: (
    profile: Profile,
    stage: Stage,
    waiving?: WaiversOn,
  ) => Promise<ReadonlyMap<string, string>>;
  readonly generateConftest: (
    profile: Profile,
    waiving?: WaiversOn,
  ) => Promise<ReadonlyMap<string, string>>;
  /**
   * Derives a configuration and a profile.
   *
   * @throws UserError NOTHING_TO_CHECK
   */
  readonly init: (input: InitInput) => Promise<Derivation>;
  /** Recognises the distribution of the Nodes and other objects in the files. */
  readonly recognise: (files: readonly InputFile[]) => Recognition;
  readonly policyIndex: () => string;
  /** @throws UserError POLICY_UNKNOWN */
  readonly explain: (id: string, explanation: Explanation) => string;
}
