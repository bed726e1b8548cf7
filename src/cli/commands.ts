import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { Context } from '../formats/context.ts';
import { type Documents, formatsOf } from '../formats/index.ts';
import { problemLine } from '../formats/names.ts';
import { counted, visible } from '../formats/text.ts';
import { FIRST_STAGE, STAGES } from '../gatekeeper/enforcement.ts';
import { CONFIGURATION } from '../gatekeeper/webhook.ts';
import type { InputFile } from '../input.ts';
import type { Profile } from '../profile/profile.ts';
import { type InputError, SCOPES } from '../report/report.ts';
import { type Arguments, type Option, type Syntax, usage } from './args.ts';
import type { Deps } from './deps.ts';
import { writeBelow } from './disk.ts';
import { exitStatus, FAIL_ON, type FailOn, simulationStatus } from './exit.ts';
import { readInputs } from './files.ts';
import { type Io, lineWidth, wantsColor } from './io.ts';
import { isFile, profileIn, profileList, profileNamed, unknownProfile } from './profile.ts';
import { progressLine } from './progress.ts';
import { sourceOf } from './source.ts';

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
  least: 1,
  most: Number.POSITIVE_INFINITY,
  help: 'a file, a directory, or - for standard input',
} as const;
const NO_POSITIONAL = { label: '', least: 0, most: 0, help: '' } as const;

const PROFILE: Option = {
  name: 'profile',
  short: 'p',
  value: 'NAME|FILE',
  help: 'Profile to check against: a built-in name or a file.',
};
const FAILING: Option = {
  name: 'fail-on',
  value: FAIL_ON.join('|'),
  choices: [...FAIL_ON],
  default: 'error',
  help: 'Exit with 1 on findings of this severity or above; with note on notes, too.',
};
const SCOPE: Option = {
  name: 'scope',
  value: SCOPES.join('|'),
  choices: [...SCOPES],
  default: 'part',
  help: 'Whether the input is part of a cluster or all of it. With cluster, components that are not in the input are reported.',
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
    options: [PROFILE, output('report'), FAILING, SCOPE, NAMESPACE, VERBOSE, WIDTH],
    run: runCheck,
  },
  {
    name: 'table',
    summary: 'fill in the component table, and mark what deviates',
    description: EXIT_STATUS,
    positional: PATHS,
    options: [PROFILE, output('table'), FAILING, NAMESPACE, VERBOSE, WIDTH],
    run: runTable,
  },
  {
    name: 'simulate',
    summary: 'simulate draining every node and rolling out every component',
    description: `Exit status: 0 every drain and rollout completes, and every component with disruption control
always has a pod running; 1 otherwise; 2 something could not be read.`,
    positional: PATHS,
    options: [PROFILE, output('simulation'), NODES, NAMESPACE, VERBOSE, WIDTH],
    run: runSimulate,
  },
  {
    name: 'generate gatekeeper',
    summary: 'write the templates and Constraints for Gatekeeper',
    description:
      'Overwrites the files that it generates, and leaves others alone. With --enforcement deny it also writes the settings that ' +
      "Gatekeeper's webhook needs to fail closed.",
    positional: NO_POSITIONAL,
    options: [PROFILE, ENFORCEMENT, OUT],
    run: (args, io, deps) => {
      const stage = STAGES.find((one) => one === args.values.get('enforcement')) ?? FIRST_STAGE;
      const generate = (profile: Profile) => deps.generateGatekeeper(profile, stage);
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
    options: [PROFILE, OUT],
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
  return withProfile(args, { io, deps }, async (profile) => {
    const { files, excluded } = await readInputs(args.positionals, io);
    const progress = progressLine(io);
    const report = deps.check(profile, files, {
      scope: SCOPES.find((scope) => scope === args.values.get('scope')) ?? 'part',
      inputs: args.positionals,
      excluded,
      namespace: namespaceOf(args),
      onProgress: progress.update,
    });
    progress.clear();
    const status = exitStatus(report, failOn(args));
    const { inputErrors: errors } = report;
    const context = contextOf(files, io, deps, args);
    return printed('report', report, { args, status, errors, context });
  });
}

async function runTable(args: Arguments, io: Io, deps: Deps): Promise<Outcome> {
  return withProfile(args, { io, deps }, async (profile) => {
    const { files, excluded } = await readInputs(args.positionals, io);
    const progress = progressLine(io);
    const table = deps.table(profile, files, {
      inputs: args.positionals,
      excluded,
      namespace: namespaceOf(args),
      onProgress: progress.update,
    });
    progress.clear();
    const status = exitStatus(table.report, failOn(args));
    const { inputErrors: errors } = table.report;
    const context = contextOf(files, io, deps, args);
    return printed('table', table, { args, status, errors, context });
  });
}

async function runSimulate(args: Arguments, io: Io, deps: Deps): Promise<Outcome> {
  return withProfile(args, { io, deps }, async (profile) => {
    const nodes = nodeCounts(args.values.get('nodes') ?? '');
    const { files, excluded } = await readInputs(args.positionals, io);
    const simulation = deps.simulate(profile, files, {
      nodes,
      inputs: args.positionals,
      excluded,
      namespace: namespaceOf(args),
    });
    const status = simulationStatus(simulation, profile);
    const { inputErrors: errors } = simulation;
    const context = contextOf(files, io, deps, args);
    return printed('simulation', simulation, { args, status, errors, context });
  });
}

function namespaceOf({ values }: Arguments): string | undefined {
  const namespace = values.get('namespace');
  if (namespace !== undefined && !/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace)) {
    throw usage(
      `--namespace takes the name of a namespace (lowercase letters, digits and -), not ${namespace}`,
    );
  }
  return namespace;
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
  readonly generate: (profile: Profile) => Promise<ReadonlyMap<string, string>>;
  /** What else a user must do, given the directory of the files. */
  readonly demand?: (out: string) => string;
}

async function runGenerate(args: Arguments, io: Io, generation: Generation): Promise<Outcome> {
  const { deps, generate, demand } = generation;
  return withProfile(args, { io, deps }, async (profile) => {
    const out = args.values.get('out') ?? '';
    const files = await generate(profile);
    writeBelow(resolve(io.cwd, out), files);
    const stdout = `${counted(files.size, 'file')} written to ${visible(out)}\n`;
    return { ...success(stdout), stderr: demand?.(visible(out)) ?? '' };
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
  const read = await profileIn(name, io.cwd, deps);
  return read.kind === 'profile'
    ? success(await deps.resolvedText(read.profile))
    : invalidProfile(read.errors);
}

/** Runs a command with the profile that `--profile` names, or reports all that is wrong with it. */
async function withProfile(
  args: Arguments,
  { io, deps }: { readonly io: Io; readonly deps: Deps },
  use: (profile: Profile) => Promise<Outcome>,
): Promise<Outcome> {
  const read = await profileNamed(args.values.get('profile'), io.cwd, deps).catch(
    async (error: unknown) => {
      throw await withGuess(error, args.positionals, { io, deps });
    },
  );
  return read.kind === 'profile' ? use(read.profile) : invalidProfile(read.errors);
}

/** Adds to the error of a profile that is missing which one the input looks like. */
async function withGuess(
  error: unknown,
  paths: readonly string[],
  { io, deps }: { readonly io: Io; readonly deps: Deps },
): Promise<unknown> {
  if (!(error instanceof UserError) || !['USAGE', 'PROFILE_UNKNOWN'].includes(error.code))
    return error;
  const { distribution, profile } = deps.recognise(await filesOrNone(paths, io));
  if (distribution === null) return error;
  const end = error.message.endsWith('?') ? ' The' : '; the';
  const guess = `${error.message}${end} Nodes in the input look like ${distribution}: --profile ${profile}`;
  return new UserError(error.code, guess);
}

/** Standard input is read once, and what cannot be read is another error. */
async function filesOrNone(paths: readonly string[], io: Io): Promise<readonly InputFile[]> {
  try {
    const named = paths.filter((path) => path !== '-');
    return (await readInputs(named, io)).files;
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}

function invalidProfile(errors: readonly UserError[]): Outcome {
  const sentences = errors.map(({ message, place }) =>
    problemLine({ message, ...(place ?? { file: null, line: null, column: null }) }),
  );
  return { stdout: '', stderr: sentences.map((text) => `${text}\n`).join(''), status: 2 };
}

interface Printing {
  readonly args: Arguments;
  readonly status: number;
  /** What could not be checked, which standard error says beside a format for programs. */
  readonly errors: readonly InputError[];
  readonly context: Context;
}

/** Prints a document in the format that `--output` names. */
function printed<Name extends keyof Documents>(
  name: Name,
  document: Documents[Name],
  { args, status, errors, context }: Printing,
): Outcome {
  const format = args.values.get('output') ?? '';
  const render = formatsOf(name)[format];
  if (render === undefined) throw new Error(`${name} has no such format`);
  return {
    stdout: render(document, context),
    // The page for people has them at its end; standard output of the others is for programs.
    stderr: format === 'human' ? '' : errors.map((error) => `${problemLine(error)}\n`).join(''),
    status,
  };
}

function contextOf(files: readonly InputFile[], io: Io, deps: Deps, args: Arguments): Context {
  return {
    source: sourceOf(files),
    color: wantsColor(io),
    width: lineWidth(io, args.values.get('width')),
    verbose: args.values.has(VERBOSE.name),
    policies: deps.policies(),
  };
}

function failOn(args: Arguments): FailOn {
  return FAIL_ON.find((one) => one === args.values.get('fail-on')) ?? 'error';
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
