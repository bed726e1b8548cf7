import { resolve } from 'node:path';
import type { Cluster } from '../check.ts';
import { baselineOf } from '../checking/baseline.ts';
import { baselineText } from '../config/baseline.ts';
import { FAIL_ON } from '../config/config.ts';
import { leftOut, type WaiversOn } from '../config/expiry.ts';
import { isForEnvironment } from '../config/waiver.ts';
import type { UserError } from '../errors.ts';
import { type Context, SHOWN, type Shown } from '../formats/context.ts';
import { type Documents, formatsOf } from '../formats/index.ts';
import { problemLine } from '../formats/names.ts';
import { counted, visible } from '../formats/text.ts';
import { FIRST_STAGE, STAGES } from '../gatekeeper/enforcement.ts';
import { CONFIGURATION } from '../gatekeeper/webhook.ts';
import type { Profile } from '../profile/profile.ts';
import { type Report, SCOPES } from '../report/report.ts';
import { inWords } from '../words.ts';
import { type Arguments, type Option, type Syntax, usage } from './args.ts';
import type { Deps } from './deps.ts';
import { writeBelow } from './disk.ts';
import { exitStatus, simulationStatus } from './exit.ts';
import { RENDERING } from './inputs.ts';
import { type Io, lineWidth, wantsColor } from './io.ts';
import { isFile, profileIn, profileList, unknownProfile } from './profile.ts';
import { progressLine } from './progress.ts';
import { profileOf, type Run, readClusters } from './read-clusters.ts';
import { nothingNamed, readSettings, type Settings } from './settings.ts';
import { sourceOf } from './source.ts';
import { textsOnDisk } from './texts.ts';

/** What a command prints, and its exit status. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** One command of the command line. */
export interface Command extends Syntax {
  readonly summary: string;
  /** The end of its help. */
  readonly description: string;
  readonly run: (args: Arguments, io: Io, deps: Deps) => Promise<Outcome>;
}

const PATHS = {
  label: 'PATH',
  least: 0,
  most: Number.POSITIVE_INFINITY,
  help: 'a file, a directory, or - for standard input; without one, the inputs of bulkhead.yaml',
} as const;
const NO_POSITIONAL = { label: '', least: 0, most: 0, help: '' } as const;

const PROFILE: Option = {
  name: 'profile',
  short: 'p',
  value: 'NAME|FILE',
  help: 'Profile to check against: a built-in name or a file.',
};
const CONFIG: Option = {
  name: 'config',
  short: 'c',
  value: 'FILE',
  help: 'Configuration. Default: the nearest bulkhead.yaml, up to the directory with .git.',
};
const NO_CONFIG: Option = { name: 'no-config', help: 'Use no configuration.' };
const ENVIRONMENT: Option = {
  name: 'environment',
  short: 'e',
  value: 'NAME',
  isRepeatable: true,
  help: 'Environment of the configuration, one of several; repeatable. Default: all.',
};
const TRUST: Option = {
  name: 'trust',
  value: 'REV',
  help: 'Read the configuration, its profiles and its baseline from this revision of git, and count only the annotations in it.',
};
const EXCLUDE: Option = {
  name: 'exclude',
  value: 'PATTERN',
  isRepeatable: true,
  help: 'What to leave out of directories, as in .gitignore; repeatable.',
};
const INPUT = [PROFILE, CONFIG, NO_CONFIG, TRUST, ENVIRONMENT, ...RENDERING, EXCLUDE];
const FAILING: Option = {
  name: 'fail-on',
  value: FAIL_ON.join('|'),
  choices: [...FAIL_ON],
  shown: 'error',
  help: 'Exit with 1 on findings of this severity or above; with note on notes, too.',
};
const SCOPE: Option = {
  name: 'scope',
  value: SCOPES.join('|'),
  choices: [...SCOPES],
  shown: 'part',
  help: 'Whether the input is part of a cluster or all of it. With cluster, components that are not in the input are reported.',
};
const POLICIES: readonly Option[] = [
  {
    name: 'policy',
    value: 'ID',
    isRepeatable: true,
    help: 'Check only this policy; repeatable.',
  },
  {
    name: 'skip-policy',
    value: 'ID',
    isRepeatable: true,
    help: 'Do not check this policy; repeatable.',
  },
];
const BASELINE: readonly Option[] = [
  {
    name: 'baseline',
    value: 'FILE',
    help: 'Baseline: findings that do not fail the check. Default: that of the configuration.',
  },
  { name: 'no-baseline', help: 'Use no baseline.' },
];
const WRITE_BASELINE: Option = {
  name: 'write-baseline',
  help: 'Write what is found to the baseline, in place of a report.',
};
const REQUIRE_COMPONENTS: Option = {
  name: 'require-components',
  help: 'Exit with 1 if a component of the profile is not in the input.',
};
const SHOW: Option = {
  name: 'show',
  value: SHOWN.join('|'),
  choices: [...SHOWN],
  isRepeatable: true,
  help: 'What to print besides open findings; repeatable. Default: notes.',
};
const NAMESPACE: Option = {
  name: 'namespace',
  short: 'n',
  value: 'NS',
  help: 'Namespace of the objects that name none, as with kubectl.',
};
const OUT: Option = {
  name: 'out',
  value: 'DIR',
  required: true,
  help: 'Directory to write to; created if missing.',
};

const ENFORCEMENT: Option = {
  name: 'enforcement',
  value: STAGES.join('|'),
  choices: [...STAGES],
  default: FIRST_STAGE,
  help: 'What Gatekeeper does with a violation: dryrun records, warn warns, deny rejects.',
};

const NODES: Option = {
  name: 'nodes',
  value: 'ROLE=N,…',
  help: 'Number of nodes of a role, in addition to the Nodes in the manifests.',
};

const WIDTH: Option = {
  name: 'width',
  value: 'N',
  least: 40,
  help: 'Columns of a line, 40 or more. Default: those of the terminal, else 100.',
};
const VERBOSE: Option = {
  name: 'verbose',
  help: 'List the documents that are no Kubernetes objects.',
};
const EXAMPLES: Option = { name: 'examples', help: 'Add examples.' };
const PAGE: Option = {
  name: 'output',
  short: 'o',
  value: 'human|markdown',
  choices: ['human', 'markdown'],
  default: 'human',
  help: 'Output format; markdown is the whole page.',
};

const EXIT_STATUS = `Exit status: 0 nothing of the severity of --fail-on or above; 1 such findings or notes; 2
something could not be read or checked, whatever --fail-on says. Everything else is checked and
reported even then.`;

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'check',
    summary: 'check manifests against a profile',
    description: EXIT_STATUS,
    positional: PATHS,
    options: [
      ...INPUT,
      output('report'),
      FAILING,
      SCOPE,
      REQUIRE_COMPONENTS,
      ...POLICIES,
      ...BASELINE,
      WRITE_BASELINE,
      SHOW,
      VERBOSE,
      NAMESPACE,
      WIDTH,
    ],
    run: runCheck,
  },
  {
    name: 'table',
    summary: 'fill in the component table, and mark what deviates',
    description: EXIT_STATUS,
    positional: PATHS,
    options: [...INPUT, output('table'), FAILING, ...BASELINE, NAMESPACE, VERBOSE, WIDTH],
    run: runTable,
  },
  {
    name: 'simulate',
    summary: 'simulate draining every node and rolling out every component',
    description: `Exit status: 0 every drain and rollout completes, and every component with disruption control
always has a pod running; 1 otherwise; 2 something could not be read.`,
    positional: PATHS,
    options: [...INPUT, output('simulation'), NODES, NAMESPACE, VERBOSE, WIDTH],
    run: runSimulate,
  },
  {
    name: 'generate gatekeeper',
    summary: 'write the templates and Constraints for Gatekeeper',
    description:
      'Overwrites the files that it generates, and leaves others alone. With --enforcement deny it also writes the settings that ' +
      "Gatekeeper's webhook needs to fail closed.",
    positional: NO_POSITIONAL,
    options: [PROFILE, CONFIG, NO_CONFIG, ENVIRONMENT, ENFORCEMENT, OUT],
    run: (args, io, deps) => {
      const stage = STAGES.find((one) => one === args.values.get('enforcement')) ?? FIRST_STAGE;
      const generate = (profile: Profile, waiving: WaiversOn) =>
        deps.generateGatekeeper(profile, stage, waiving);
      return runGenerate(args, io, {
        deps,
        generate,
        ...(stage === 'deny' && { demand: failClosed }),
      });
    },
  },
  {
    name: 'generate conftest',
    summary: 'write the parameters for conftest',
    description: 'Overwrites the files that it generates, and leaves others alone.',
    positional: NO_POSITIONAL,
    options: [PROFILE, CONFIG, NO_CONFIG, ENVIRONMENT, OUT],
    run: (args, io, deps) => runGenerate(args, io, { deps, generate: deps.generateConftest }),
  },
  {
    name: 'explain',
    summary: 'explain a policy: what it finds, why, and how to fix it',
    description: 'Lists all policies if no ID is given.',
    positional: { label: 'ID', least: 0, most: 1, help: 'the id of a policy' },
    options: [EXAMPLES, PAGE, WIDTH],
    run: async (args, io, deps) => runExplain(args, io, deps),
  },
  {
    name: 'profiles',
    summary: 'list the built-in profiles and add-ons, or print one',
    description: `Prints a profile with all that it extends; of a file it also reports the mistakes. For your own, write a
file that extends a built-in one.`,
    positional: { label: 'NAME|FILE', least: 0, most: 1, help: 'a profile, an add-on or a file' },
    options: [],
    run: async (args, io, deps) => runProfiles(args.positionals[0], io, deps),
  },
];

async function runCheck(args: Arguments, io: Io, deps: Deps): Promise<Outcome> {
  return withClusters({ args, io, deps }, async (clusters, settings) => {
    const { scope, failOn, requireComponents } = settings;
    const policies = await withTrust(settings, clusters);
    const progress = progressLine(io);
    const report = deps.check(clusters, { ...policies, scope, onProgress: progress.update });
    progress.clear();
    if (args.values.has('write-baseline')) return writeBaseline(report, settings, io);
    const status = exitStatus(report, failOn, requireComponents);
    return printed('report', report, { args, status, settings, clusters, io, deps });
  });
}

async function runTable(args: Arguments, io: Io, deps: Deps): Promise<Outcome> {
  return withCluster({ args, io, deps }, async ({ profile, files, ...own }, settings) => {
    const progress = progressLine(io);
    const policies = await withTrust(settings, [{ files }]);
    const options = { ...own, ...policies, onProgress: progress.update };
    const table = deps.table(profile, files, options);
    progress.clear();
    const status = exitStatus(table.report, settings.failOn);
    const clusters = [{ profile, files }];
    return printed('table', table, { args, status, settings, clusters, io, deps });
  });
}

async function runSimulate(args: Arguments, io: Io, deps: Deps): Promise<Outcome> {
  return withCluster({ args, io, deps }, async ({ profile, files, ...own }, settings) => {
    const nodes = nodeCounts(args.values.get('nodes') ?? '');
    const simulation = deps.simulate(profile, files, { nodes, ...own });
    const status = simulationStatus(simulation, profile);
    const clusters = [{ profile, files }];
    return printed('simulation', simulation, { args, status, settings, clusters, io, deps });
  });
}

/** With a trusted revision, annotations count only as it has them. */
async function withTrust(
  { policies, trusted }: Settings,
  clusters: readonly Pick<Cluster, 'files'>[],
): Promise<Settings['policies']> {
  const { acceptance } = policies;
  if (trusted === undefined || acceptance.inlineWaivers.length === 0) return policies;
  const { trustIn } = await import('./git.ts');
  const trusts = await trustIn(
    trusted,
    clusters.flatMap(({ files }) => files),
  );
  return { ...policies, acceptance: { ...acceptance, trusts } };
}

/** Reads the settings and the clusters of a run, or reports all that is wrong with them. */
async function withClusters(
  run: Run,
  use: (clusters: readonly Cluster[], settings: Settings) => Promise<Outcome>,
): Promise<Outcome> {
  const { args, io, deps } = run;
  checkNamespace(args);
  const read = await readSettings(args, io, deps);
  if (read.kind === 'errors') return invalidFiles(read.errors);
  const { settings } = read;
  if (settings.clusters.every(({ sources }) => sources.length === 0)) throw nothingNamed();
  const found = await readClusters(settings, run);
  return found.kind === 'errors' ? invalidFiles(found.errors) : use(found.clusters, settings);
}

/** The same for a command that is about one cluster. */
async function withCluster(
  run: Run,
  use: (cluster: Cluster, settings: Settings) => Promise<Outcome>,
): Promise<Outcome> {
  return withClusters(run, (clusters, settings) => {
    const [cluster, ...others] = clusters;
    if (cluster !== undefined && others.length === 0) return use(cluster, settings);
    const names = inWords(
      clusters.map(({ environment }) => environment ?? ''),
      'or',
    );
    throw usage(`this command is about one cluster: add --environment ${names}`);
  });
}

/** Writes the baseline in place of a report. What could not be read is said, and keeps its entries. */
function writeBaseline(report: Report, settings: Settings, io: Io): Outcome {
  const { policies, baselineFile: file, config } = settings;
  const { baseline, acceptance } = { baseline: policies.acceptance.baseline, ...policies };
  const counts = baselineOf(report, baseline?.counts ?? {}, acceptance.isWhole);
  writeBelow(io.cwd, new Map([[file, baselineText(counts)]]));
  const found = Object.values(counts).flatMap((keys) => Object.values(keys));
  const total = found.reduce((sum, count) => sum + count, 0);
  const of = counted(Object.keys(counts).length, 'policy').replace('policys', 'policies');
  const isRead = config?.baseline !== undefined;
  const next = isRead
    ? 'They do not fail a check any more; new ones do. Commit the file.'
    : `Add "baseline: ${file}" to bulkhead.yaml, or use --baseline ${file}: then they do not fail a check, and new ones do.`;
  return {
    stdout: `Wrote ${visible(file)}: ${counted(total, 'finding')} of ${of}.\n${next}\n`,
    stderr: report.inputErrors.map((error) => `${problemLine(error)}\n`).join(''),
    status: report.inputErrors.length > 0 ? 2 : 0,
  };
}

function checkNamespace({ values }: Arguments): void {
  const namespace = values.get('namespace');
  if (namespace !== undefined && !/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace)) {
    throw usage(
      `--namespace takes the name of a namespace (lowercase letters, digits and -), not ${namespace}`,
    );
  }
}

/** Reads `master=3,worker=5`. */
function nodeCounts(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const part of text === '' ? [] : text.split(',')) {
    const [, role, count] = /^([^=]+)=(\d{1,4})$/.exec(part) ?? [];
    if (role === undefined) throw usage(`--nodes takes ROLE=N, N below 10000, not ${part}`);
    if (counts.has(role)) throw usage(`--nodes has ${role} twice: give each role once`);
    counts.set(role, Number(count));
  }
  return counts;
}

interface Generation {
  readonly deps: Deps;
  readonly generate: (profile: Profile, waiving: WaiversOn) => Promise<ReadonlyMap<string, string>>;
  /** What else a user must do, given the directory of the files. */
  readonly demand?: (out: string) => string;
}

async function runGenerate(args: Arguments, io: Io, generation: Generation): Promise<Outcome> {
  const { deps, generate, demand } = generation;
  return withProfile({ args, io, deps }, async (profile, { policies, clusters }) => {
    const out = args.values.get('out') ?? '';
    const { waivers, today } = policies.acceptance;
    const environment = clusters[0]?.environment;
    const waiving = { waivers: waivers.filter((one) => isForEnvironment(one, environment)), today };
    const files = await generate(profile, waiving);
    writeBelow(resolve(io.cwd, out), files);
    const stdout = `${counted(files.size, 'file')} written to ${visible(out)}\n`;
    const expired = leftOut(waiving).map((text) => `bulkhead: ${visible(text)}\n`);
    return { ...success(stdout), stderr: expired.join('') + (demand?.(visible(out)) ?? '') };
  });
}

/** What a user of Gatekeeper must set besides: its defaults admit what it does not answer in time. */
function failClosed(out: string): string {
  return `Before these Constraints deny, make Gatekeeper fail closed: by default, a request that it does not answer
within 3 seconds is admitted unchecked. With its Helm chart: --values ${out}/webhook/values.yaml. Without:
kubectl patch validatingwebhookconfiguration ${CONFIGURATION} --patch-file ${out}/webhook/patch.yaml
`;
}

async function runExplain(args: Arguments, io: Io, deps: Deps): Promise<Outcome> {
  const [id] = args.positionals;
  const isMarkdown = args.values.get('output') === 'markdown';
  if (id === undefined) {
    if (isMarkdown || args.values.has('examples')) throw usage('missing argument ID: a policy');
    return success(deps.policyIndex());
  }
  const form = isMarkdown ? 'markdown' : args.values.has('examples') ? 'examples' : 'summary';
  return success(deps.explain(id, { form, width: lineWidth(io, args.values.get('width')) }));
}

async function runProfiles(name: string | undefined, io: Io, deps: Deps): Promise<Outcome> {
  const names = deps.profileNames();
  const addons = deps.addons();
  if (name === undefined) return success(profileList(names.map(deps.shippedProfile), addons));
  if (addons.some((addon) => addon.name === name)) return success(deps.profileText(name));
  if (names.includes(name)) {
    const text = deps.profileText(name);
    // Its own text has the comments; only what it extends must be added.
    if (!/^extends:/m.test(text)) return success(text);
    return success(await deps.resolvedText(deps.shippedProfile(name)));
  }
  if (!isFile(name)) throw unknownProfile(name, deps);
  const read = await profileIn(name, { deps, texts: textsOnDisk(io.cwd) });
  return read.kind === 'profile'
    ? success(await deps.resolvedText(read.profile))
    : invalidFiles(read.errors);
}

/** Runs a command with the profile that `--profile` or the configuration names, or reports all that is wrong. */
async function withProfile(
  run: Run,
  use: (profile: Profile, settings: Settings) => Promise<Outcome>,
): Promise<Outcome> {
  const read = await readSettings(run.args, run.io, run.deps);
  if (read.kind === 'errors') return invalidFiles(read.errors);
  const [cluster, ...others] = read.settings.clusters;
  if (cluster === undefined || others.length > 0) {
    throw usage('this command is about one cluster: add --environment NAME');
  }
  const found = await profileOf(cluster, read.settings, run);
  return found.kind === 'profile' ? use(found.profile, read.settings) : invalidFiles(found.errors);
}

function invalidFiles(errors: readonly UserError[]): Outcome {
  const sentences = errors.map(({ message, place }) =>
    problemLine({ message, ...(place ?? { file: null, line: null, column: null }) }),
  );
  return { stdout: '', stderr: sentences.map((text) => `${text}\n`).join(''), status: 2 };
}

interface Printing extends Run {
  readonly status: number;
  readonly settings: Settings;
  readonly clusters: readonly Pick<Cluster, 'files'>[];
}

/** Prints a document in the format that `--output` names. */
function printed<Name extends keyof Documents>(
  name: Name,
  document: Documents[Name],
  { args, status, settings, clusters, io, deps }: Printing,
): Outcome {
  const format = args.values.get('output') ?? '';
  const render = formatsOf(name)[format];
  if (render === undefined) throw new Error(`${name} has no such format`);
  const context: Context = {
    source: sourceOf([...settings.sources, ...clusters.flatMap(({ files }) => files)]),
    color: wantsColor(io),
    width: lineWidth(io, args.values.get('width')),
    policies: deps.policies(),
    verbose: args.values.has(VERBOSE.name),
    show: shownBy(args),
  };
  const { inputErrors } = 'report' in document ? document.report : document;
  return {
    stdout: render(document, context),
    // The page for people has them at its end; standard output of the others is for programs.
    stderr:
      format === 'human' ? '' : inputErrors.map((error) => `${problemLine(error)}\n`).join(''),
    status,
  };
}

function shownBy({ lists }: Arguments): ReadonlySet<Shown> {
  const named = lists.get('show') ?? ['notes'];
  return new Set(SHOWN.filter((one) => named.includes(one) || named.includes('all')));
}

/** The outcome of a command that prints a text and has nothing to complain about. */
export function success(stdout: string): Outcome {
  return { stdout, stderr: '', status: 0 };
}

function output(document: keyof Documents): Option {
  const choices = Object.keys(formatsOf(document));
  return {
    name: 'output',
    short: 'o',
    value: choices.join('|'),
    choices,
    default: 'human',
    help: 'Output format.',
  };
}
