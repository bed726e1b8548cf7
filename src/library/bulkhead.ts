import type { Built } from '../built.ts';
import { type Cluster, checkClusters } from '../check.ts';
import type { Acceptance } from '../config/acceptance.ts';
import { type Config, FAIL_ON, type SeverityOrOff } from '../config/config.ts';
import { dayOf, isDay } from '../config/days.ts';
import { isForEnvironment } from '../config/waiver.ts';
import { UserError } from '../errors.ts';
import { exitStatus, simulationStatus } from '../exit-status.ts';
import { explain } from '../explain.ts';
import { type Context, SHOWN } from '../formats/context.ts';
import {
  type Documents,
  formatsOf,
  type ReportFormat,
  type SimulationFormat,
  type TableFormat,
} from '../formats/index.ts';
import { STAGES } from '../gatekeeper/enforcement.ts';
import { generateConftest, generateGatekeeper } from '../generate.ts';
import { readInput } from '../input.ts';
import { isNamespaceName } from '../kubernetes/objects.ts';
import type { BuiltInAddon, BuiltInProfile, PolicyId } from '../names.generated.ts';
import { readOwnBaseline, readOwnConfig, readOwnProfile } from '../own-files.ts';
import type { Policy } from '../policy/policy.ts';
import type { Addon, Profile } from '../profile/profile.ts';
import { profileText } from '../profile/write.ts';
import { type Recognition, recognise } from '../recognition/recognise.ts';
import type { TableReport } from '../report/component-table.ts';
import { type Report, SCOPES, type Scope, SEVERITIES, type Severity } from '../report/report.ts';
import type { SessionOptions } from '../session.ts';
import { simulate } from '../simulate.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { sourceOf } from '../source.ts';
import { table } from '../table.ts';
import { inWords, similar } from '../words.ts';
import {
  checkOptions,
  type Files,
  FLAG,
  FUNCTION,
  firstOf,
  inputFiles,
  type Kind,
  listOf,
  OBJECT,
  oneOf,
  TEXT,
  textLike,
  wholeNumber,
  wrong,
} from './arguments.ts';
import { checkDocument } from './document.ts';
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
import { unknownIn } from './profile.ts';

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
   * Generates the files of another engine: their texts by their paths.
   *
   * @throws TypeError; UserError PROFILE_UNKNOWN.
   */
  generate(target: GenerateTarget, options: GenerateOptions): ReadonlyMap<string, string>;
  /**
   * Renders a report, a table or a simulation in one of its formats.
   *
   * @throws TypeError
   */
  render(report: Report, format: ReportFormat, options?: RenderOptions): string;
  render(table: TableReport, format: TableFormat, options?: RenderOptions): string;
  render(simulation: Simulation, format: SimulationFormat, options?: RenderOptions): string;
  /**
   * Explains a policy: what it finds, why that matters, and how to fix it.
   *
   * @throws TypeError; UserError POLICY_UNKNOWN.
   */
  explain(id: PolicyId | (string & {}), options?: ExplainOptions): string;
  /**
   * The exit status that the command line has for a report or a table: 2 not everything could be checked, 1 something
   * is at or above `failOn`, 0 neither. Of a simulation: 1 something never ends, or leaves no pod of a component with
   * disruption control.
   *
   * @throws TypeError
   */
  exitStatus(document: Report | TableReport, options?: ExitStatusOptions): 0 | 1 | 2;
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
export type GenerateTarget = 'gatekeeper' | 'conftest';

const CLUSTER_OPTIONS = {
  profile: {
    expected: 'the name of a profile, or one that readProfile has read',
    is: (value) => TEXT.is(value) || OBJECT.is(value),
  },
  config: OBJECT,
  environment: textLike(
    /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/,
    'a name of lower case letters, digits and -',
  ),
  namespace: {
    expected: 'the name of a namespace',
    is: (value) => TEXT.is(value) && isNamespaceName(String(value)),
  },
} satisfies Readonly<Record<string, Kind>>;
const DAY: Kind = {
  expected: 'a day such as 2027-03-31',
  is: (value) => typeof value === 'string' && isDay(value),
};
const TABLE_OPTIONS = {
  ...CLUSTER_OPTIONS,
  severity: OBJECT,
  baseline: TEXT,
  today: DAY,
  onProgress: FUNCTION,
};
const CHECK_OPTIONS = { ...TABLE_OPTIONS, scope: oneOf(SCOPES) };
const WIDTH = wholeNumber(40);
/** Read, and checked, by something else. */
const ANYTHING: Kind = { expected: 'something', is: () => true };
const { config: _, ...ONE_OF_SEVERAL } = CLUSTER_OPTIONS;
const RENDER_OPTIONS = {
  files: ANYTHING,
  color: FLAG,
  width: WIDTH,
  verbose: FLAG,
  show: listOf(oneOf(SHOWN)),
} satisfies Readonly<Record<string, Kind>>;
/** The columns of a line of a page. */
const COLUMNS = 100;

/** Makes the door of the library from what the build made. */
export function bulkheadOf(built: Built): Bulkhead {
  const { catalogue } = built;
  const profiles = deepFrozen(built.profiles()) as Bulkhead['profiles'];
  const read = new WeakSet<object>(Object.values(profiles));
  const configs = new WeakSet<object>();

  const readProfile: Bulkhead['readProfile'] = (text, options = {}) => {
    checkText(text);
    checkOptions(options, { file: TEXT, readFile: FUNCTION });
    const { file = 'profile.yaml', readFile } = options;
    const found = readOwnProfile(built, { file, text }, (path, from) => {
      if (readFile !== undefined) {
        const base: unknown = readFile(path, from);
        if (typeof base !== 'string')
          throw wrong(`what readFile returns for ${path}`, TEXT.expected, base);
        return { file: path, text: base };
      }
      throw new UserError('FILE_UNREADABLE', `cannot read ${path}: give readFile to readProfile`);
    });
    if (found.kind === 'errors') throw firstOf(found.errors);
    read.add(deepFrozen(found.profile));
    return found.profile;
  };

  /** A profile that a program made is read as if it were written. */
  const sound = (profile: Profile, name: string): Profile => {
    if (read.has(profile)) return profile;
    const own = asWritten(profile, name);
    const [unknown] = unknownIn(profile, own);
    if (unknown === undefined) return own;
    throw new TypeError(`${name} is not a profile: it has the unknown field ${unknown}`);
  };

  const asWritten = (profile: Profile, name: string): Profile => {
    try {
      return readProfile(profileText(profile));
    } catch (error) {
      const reason = error instanceof UserError ? error.message : 'it lacks fields of a profile';
      throw new TypeError(`${name} is not a profile: ${reason}`, { cause: error });
    }
  };

  const profileNamed = (name: string): Profile => {
    const profile = Object.hasOwn(profiles, name) ? profiles[name as BuiltInProfile] : undefined;
    if (profile !== undefined) return profile;
    const names = Object.keys(profiles);
    const near = similar(name, names);
    const hint =
      near.length === 0 ? `built in: ${names.join(', ')}` : `did you mean ${inWords(near, 'or')}?`;
    throw new UserError('PROFILE_UNKNOWN', `unknown profile: ${name}; ${hint}`);
  };

  /** What the options and the configuration say of a cluster, the options first. */
  const clusterOf = (options: ClusterOptions): Omit<Cluster, 'files'> => {
    const { config } = options;
    if (config !== undefined && !configs.has(config)) {
      throw wrong('options.config', 'a configuration that readConfig has read', config);
    }
    const own = environmentOf(options);
    const named = options.profile ?? own?.profile?.name ?? config?.profile?.name;
    if (named === undefined)
      throw wrong('options.profile', CLUSTER_OPTIONS.profile.expected, named);
    const namespace = options.namespace ?? own?.namespace ?? config?.namespace;
    return {
      profile: typeof named === 'string' ? profileNamed(named) : sound(named, 'options.profile'),
      environment: options.environment,
      ...(namespace !== undefined && { namespace }),
    };
  };

  const settingsOf = (options: CheckOptions): Settings => {
    const { config, onProgress } = options;
    const scope = scopeOf(options);
    const severity: Readonly<Record<string, SeverityOrOff | undefined>> = {
      ...config?.severity,
      ...options.severity,
    };
    const known = new Set<string>(catalogue.policies.map(({ id }) => id));
    const set = Object.entries(severity).filter((one): one is [string, SeverityOrOff] => {
      const [id, value] = one;
      if (!known.has(id)) throw new TypeError(`options.severity has the unknown policy ${id}`);
      if (value !== undefined && !SEVERITY.is(value)) {
        throw wrong(`options.severity["${id}"]`, SEVERITY.expected, value);
      }
      return value !== undefined;
    });
    const isAsked = (one: readonly [string, SeverityOrOff]): one is [string, Severity] =>
      one[1] !== 'off';
    return {
      severity: Object.fromEntries(set.filter(isAsked)),
      off: set.flatMap(([id, value]) => (value === 'off' ? [id] : [])),
      acceptance: acceptanceOf(options),
      ...(scope !== undefined && { scope }),
      ...(onProgress !== undefined && { onProgress }),
    };
  };

  const render = <Name extends keyof Documents>(
    name: Name,
    document: Documents[Name],
    format: string,
    options: RenderOptions,
  ): string => {
    const formats = formatsOf(name);
    const kind = oneOf(Object.keys(formats));
    const one = kind.is(format) ? formats[format] : undefined;
    if (one === undefined) throw wrong('format', kind.expected, format);
    const {
      files = {},
      color = false,
      width = COLUMNS,
      verbose = false,
      show = ['notes'],
    } = options;
    const context: Context = {
      source: sourceOf(inputFiles(files, 'options.files')),
      color,
      width,
      verbose,
      show: new Set(show.includes('all') ? SHOWN : show),
      catalogue,
      pages: built.pages,
    };
    return one(document, context);
  };

  return {
    version: catalogue.version,
    policies: deepFrozen(catalogue.policies),
    profiles,
    addons: deepFrozen(built.addons()) as Bulkhead['addons'],
    check: (files, options) => {
      checkOptions(options, CHECK_OPTIONS);
      const cluster = { ...clusterOf(options), files: inputFiles(files) };
      return checkClusters(built, [cluster], settingsOf(options));
    },
    checkClusters: (clusters, options = {}) => {
      checkOptions(options, CHECK_OPTIONS);
      if (!Array.isArray(clusters) || clusters.length === 0) {
        throw wrong('clusters', 'a list of clusters, at least one', clusters);
      }
      const each = Array.from(clusters, (given: ClusterFiles, index): Cluster => {
        const name = `clusters[${index}]`;
        checkOptions(given, { ...ONE_OF_SEVERAL, files: ANYTHING }, name);
        const { files, ...own } = given;
        const said = Object.entries(own).filter(([, value]) => value !== undefined);
        const cluster = clusterOf({ ...options, ...Object.fromEntries(said) });
        return { ...cluster, files: inputFiles(files, `${name}.files`) };
      });
      checkEnvironments(each);
      return checkClusters(built, each, settingsOf(options));
    },
    table: (files, options) => {
      checkOptions(options, TABLE_OPTIONS);
      const { profile, ...cluster } = clusterOf(options);
      return table(built, profile, inputFiles(files), { ...cluster, ...settingsOf(options) });
    },
    simulate: (files, options) => {
      checkOptions(options, { ...CLUSTER_OPTIONS, nodes: OBJECT });
      const { profile, namespace } = clusterOf(options);
      const nodes = new Map(Object.entries(options.nodes ?? {}));
      for (const [role, count] of nodes) {
        if (!NODES.is(count)) throw wrong(`options.nodes["${role}"]`, NODES.expected, count);
      }
      return simulate(built, profile, inputFiles(files), { nodes, namespace });
    },
    generate: (target, options) => {
      if (!TARGET.is(target)) throw wrong('target', TARGET.expected, target);
      checkOptions(options, {
        profile: CLUSTER_OPTIONS.profile,
        config: OBJECT,
        environment: CLUSTER_OPTIONS.environment,
        today: DAY,
        ...(target === 'gatekeeper' && { enforcement: oneOf(STAGES) }),
      });
      const { profile, environment } = clusterOf(options);
      const { waivers, today } = acceptanceOf(options);
      const waiving = {
        waivers: waivers.filter((one) => isForEnvironment(one, environment)),
        today,
      };
      if (target === 'conftest') return generateConftest(built, profile, waiving);
      return generateGatekeeper(built, profile, options.enforcement, waiving);
    },
    render: (
      document: Report | TableReport | Simulation,
      format: string,
      options: RenderOptions = {},
    ) => {
      checkOptions(options, RENDER_OPTIONS);
      checkDocument(document);
      if ('table' in document) return render('table', document, format, options);
      if ('drains' in document) return render('simulation', document, format, options);
      return render('report', document, format, options);
    },
    explain: (id, options = {}) => {
      checkText(id, 'id');
      checkOptions(options, { form: oneOf(['summary', 'examples', 'markdown']), width: WIDTH });
      const { form = 'summary', width = COLUMNS } = options;
      return explain(built, id, { form, width });
    },
    exitStatus: (
      document: Report | TableReport | Simulation,
      options: ExitStatusOptions & SimulationStatusOptions = {},
    ) => {
      checkDocument(document);
      if ('drains' in document) {
        checkOptions(options, { profile: CLUSTER_OPTIONS.profile });
        const { profile } = clusterOf(options);
        if (profile.name === document.profile) return simulationStatus(document, profile);
        throw wrong('options.profile', `that of the simulation, ${document.profile}`, profile.name);
      }
      checkOptions(options, { failOn: oneOf(FAIL_ON), requireComponents: FLAG });
      const { failOn = 'error', requireComponents = false } = options;
      return exitStatus(
        'table' in document ? document.report : document,
        failOn,
        requireComponents,
      );
    },
    readProfile,
    readConfig: (text, options = {}) => {
      checkText(text);
      checkOptions(options, { file: TEXT });
      const found = readOwnConfig(built, { file: options.file ?? 'bulkhead.yaml', text });
      if (found.kind === 'errors') throw firstOf(found.errors);
      configs.add(deepFrozen(found.config));
      return found.config;
    },
    recognise: (files) => recognise(readInput(inputFiles(files)).objects.map(({ value }) => value)),
  };
}

type Settings = Pick<SessionOptions, 'severity' | 'off' | 'scope' | 'onProgress'> & {
  readonly acceptance: Acceptance;
};

const TARGET = oneOf(['gatekeeper', 'conftest']);
const SEVERITY = oneOf([...SEVERITIES, 'off']);
const NODES = wholeNumber(0);

/** @throws TypeError */
function checkText(value: unknown, name = 'text'): void {
  if (typeof value !== 'string') throw wrong(name, TEXT.expected, value);
}

function environmentOf({
  config,
  environment,
}: ClusterOptions): Config['environments'][number] | undefined {
  const names = config?.environments.map(({ name }) => name) ?? [];
  if (environment === undefined) {
    if (names.length === 0) return undefined;
    throw new TypeError(
      `options.environment is missing: the configuration has ${inWords(names, 'and')}`,
    );
  }
  const own = config?.environments.find(({ name }) => name === environment);
  if (own === undefined && config !== undefined) {
    throw new TypeError(
      `options.environment is ${environment}, which the configuration does not have`,
    );
  }
  return own;
}

/** As on the command line: who requires components has them all. */
function scopeOf({ scope, config }: CheckOptions): Scope | undefined {
  return scope ?? config?.scope ?? (config?.requireComponents === true ? 'cluster' : undefined);
}

/** @throws TypeError unless the findings of each cluster can be told from those of the others. */
function checkEnvironments(clusters: readonly Cluster[]): void {
  if (clusters.length === 1) return;
  const names = clusters.map(({ environment }) => environment);
  for (const [index, name] of names.entries()) {
    const own = `clusters[${index}].environment`;
    if (name === undefined) throw wrong(own, 'a name: there are several clusters', name);
    if (names.indexOf(name) < index) throw wrong(own, 'a name that no other cluster has', name);
  }
}

/** Which findings are accepted. */
function acceptanceOf(options: CheckOptions): Acceptance {
  const { config, baseline, today } = options;
  const whole = scopeOf(options) === 'cluster' && (config?.environments ?? []).length === 0;
  return {
    waivers: config?.waivers ?? [],
    inlineWaivers: config?.inlineWaivers ?? [],
    ...(baseline !== undefined && { baseline: baselineOf(baseline, config) }),
    today: today ?? dayOf(Date.now()),
    isWhole: whole,
  };
}

function baselineOf(text: string, config: Config | undefined): NonNullable<Acceptance['baseline']> {
  const file = config?.baseline?.file ?? 'bulkhead.baseline.json';
  const found = readOwnBaseline({ file, text });
  if (found.kind === 'errors') throw firstOf(found.errors);
  return { place: { file, line: 1, column: 1 }, ...config?.baseline, file, counts: found.baseline };
}

/** What is built in is the same for all of a program: none may change it. */
function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFrozen(part);
  }
  return value;
}
