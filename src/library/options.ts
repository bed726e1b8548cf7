import type { Config, FailOn, SeverityOrOff } from '../config/config.ts';
import type { Shown } from '../formats/context.ts';
import type { Stage } from '../gatekeeper/enforcement.ts';
import type { OnProgress } from '../input.ts';
import type { BuiltInProfile, PolicyId } from '../names.generated.ts';
import type { Profile } from '../profile/profile.ts';
import type { Scope } from '../report/report.ts';
import type { Files } from './arguments.ts';

/** Which cluster the files are of. */
export interface ClusterOptions {
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

/** How to check files. */
export interface CheckOptions extends ClusterOptions {
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

/** How to simulate drains and rollouts. */
export interface SimulateOptions extends ClusterOptions {
  /** How many nodes of a role there are, beside the Nodes in the files. */
  readonly nodes?: Readonly<Record<string, number>> | undefined;
}

/** What to generate. */
export interface GenerateOptions extends Omit<ClusterOptions, 'namespace'> {
  /** What admission does with a violation; `dryrun` by default. Not for conftest. */
  readonly enforcement?: Stage | undefined;
  /** The day on which the waivers of the configuration count, in UTC; today by default. */
  readonly today?: string | undefined;
}

/** How to render a document. */
export interface RenderOptions {
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

/** How to explain a policy. */
export interface ExplainOptions {
  /** A summary (the default), one with examples, or the whole page in Markdown. */
  readonly form?: 'summary' | 'examples' | 'markdown' | undefined;
  /** The columns of a line, 40 or more; 100 by default. */
  readonly width?: number | undefined;
}

/** How to read a file of Bulkhead's own. */
export interface ReadOptions {
  /** The name that places in it have. */
  readonly file?: string | undefined;
}

/** How to read a profile. */
export interface ReadProfileOptions extends ReadOptions {
  /**
   * Returns the text of a file that the profile extends, by the path that it is named by. It may throw. Without it,
   * a profile can extend what is built in.
   *
   * @param from the file that names it.
   */
  readonly readFile?: ((path: string, from: string) => string) | undefined;
}

/** When a report makes a run fail. */
export interface ExitStatusOptions {
  /** The least severity that fails: `error` (the default), `warning`, `note`; or `never`. */
  readonly failOn?: FailOn | undefined;
  /** Whether a component that is missing fails; false by default. */
  readonly requireComponents?: boolean | undefined;
}

/** When a simulation makes a run fail. */
export interface SimulationStatusOptions {
  /** The profile that it was simulated with, which says what components have disruption control. */
  readonly profile?: ClusterOptions['profile'];
}
