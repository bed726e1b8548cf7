import { resolve } from 'node:path';
import type { Context } from '../formats/context.ts';
import { renderErrors, renderProblem } from '../formats/human.ts';
import { type Documents, formatsOf } from '../formats/index.ts';
import { counted, visible } from '../formats/text.ts';
import { FIRST_STAGE, STAGES } from '../gatekeeper/enforcement.ts';
import type { InputFile } from '../input.ts';
import type { Profile } from '../profile/profile.ts';
import type { Problem, Severity } from '../report/report.ts';
import { type Arguments, type Option, type Syntax, usage } from './args.ts';
import type { Deps } from './deps.ts';
import { writeBelow } from './disk.ts';
import { exitStatus, simulationStatus } from './exit.ts';
import { readInputs } from './files.ts';
import { type Io, wantsColor } from './io.ts';
import { profileNamed, unknownProfile } from './profile.ts';
import { progressLine } from './progress.ts';
import { sourceOf } from './source.ts';

/** What a command has to say, and how it ends. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** One command of the command line. */
export interface Command extends Syntax {
  readonly summary: string;
  /** What the help says below the usage. */
  readonly description: string;
  readonly run: (args: Arguments, io: Io, deps: Deps) => Promise<Outcome>;
}

const PATHS = {
  label: 'PATH',
  least: 1,
  most: Number.POSITIVE_INFINITY,
  help: 'a manifest file, a folder of them, or - for standard input',
} as const;
const NO_POSITIONAL = { label: '', least: 0, most: 0, help: '' } as const;

const PROFILE: Option = {
  name: 'profile',
  short: 'p',
  value: 'NAME|FILE',
  help: 'The component table to hold the manifests against: one that ships, or a file.',
};
const FAIL_ON: Option = {
  name: 'fail-on',
  value: 'error|warning',
  choices: ['error', 'warning'],
  default: 'error',
  help: 'The least severity that makes the exit status 1.',
};
const OUT: Option = {
  name: 'out',
  value: 'DIR',
  required: true,
  help: 'The folder to write to; it is made if need be.',
};

const ENFORCEMENT: Option = {
  name: 'enforcement',
  value: STAGES.join('|'),
  choices: [...STAGES],
  default: FIRST_STAGE,
  help: 'What is done about a fault at admission: it is only recorded, or warned of, or refused.',
};

const NODES: Option = {
  name: 'nodes',
  value: 'ROLE=N,…',
  help: 'How many nodes of a role there are, beside those that the manifests give.',
};

const EXIT_STATUS = `Exit status: 0 everything was checked and is clean; 1 there are findings at or above
--fail-on; 2 not everything could be checked. What could be checked is reported even then.`;

/** The columns of a line where no terminal says how many it has. */
const WIDTH = 100;

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'check',
    summary: 'judge manifests against a profile, with file:line:column',
    description: EXIT_STATUS,
    positional: PATHS,
    options: [PROFILE, output('report'), FAIL_ON],
    run: runCheck,
  },
  {
    name: 'table',
    summary: 'fill in the component table from manifests, deviations marked',
    description: EXIT_STATUS,
    positional: PATHS,
    options: [PROFILE, output('table'), FAIL_ON],
    run: runTable,
  },
  {
    name: 'simulate',
    summary: 'drain every node and update every component, step by step',
    description: `Exit status: 0 every drain and update ends with an instance of each component running; 1 one
never ends, or leaves none of a component that demands disruption control; 2 not everything could be read.`,
    positional: PATHS,
    options: [PROFILE, output('simulation'), NODES],
    run: runSimulate,
  },
  {
    name: 'generate gatekeeper',
    summary: 'write ConstraintTemplates, Constraints and the SyncSet of a profile',
    description: 'Files that are there already are overwritten; others are left alone.',
    positional: NO_POSITIONAL,
    options: [PROFILE, ENFORCEMENT, OUT],
    run: (args, io, deps) => {
      const stage = STAGES.find((one) => one === args.values.get('enforcement')) ?? FIRST_STAGE;
      const generate = (profile: Profile) => deps.generateGatekeeper(profile, stage);
      return runGenerate(args, io, { deps, generate });
    },
  },
  {
    name: 'generate conftest',
    summary: 'write the parameters of a profile for conftest',
    description: 'Files that are there already are overwritten; others are left alone.',
    positional: NO_POSITIONAL,
    options: [PROFILE, OUT],
    run: (args, io, deps) => runGenerate(args, io, { deps, generate: deps.generateConftest }),
  },
  {
    name: 'explain',
    summary: 'explain a policy: what, why, and how to mend it',
    description: 'Without an ID it lists the policies.',
    positional: { label: 'ID', least: 0, most: 1, help: 'the id of a policy' },
    options: [],
    run: async (args, _io, deps) => success(deps.explain(args.positionals[0])),
  },
  {
    name: 'profiles',
    summary: 'list the profiles that ship, or print one',
    description: 'A profile that is printed to a file is the start of one of your own.',
    positional: { label: 'NAME', least: 0, most: 1, help: 'the name of a profile' },
    options: [],
    run: async (args, _io, deps) => runProfiles(args.positionals[0], deps),
  },
];

async function runCheck(args: Arguments, io: Io, deps: Deps): Promise<Outcome> {
  return withProfile(args, { io, deps }, async (profile) => {
    const files = await readInputs(args.positionals, io);
    const progress = progressLine(io);
    const report = deps.check(profile, files, progress.update);
    progress.clear();
    const status = exitStatus(report, failOn(args));
    return printed('report', report, {
      args,
      status,
      errors: report.errors,
      context: contextOf(files, io, deps),
    });
  });
}

async function runTable(args: Arguments, io: Io, deps: Deps): Promise<Outcome> {
  return withProfile(args, { io, deps }, async (profile) => {
    const files = await readInputs(args.positionals, io);
    const progress = progressLine(io);
    const table = deps.table(profile, files, progress.update);
    progress.clear();
    const { errors } = table.report;
    const status = exitStatus(table.report, failOn(args));
    return printed('table', table, { args, status, errors, context: contextOf(files, io, deps) });
  });
}

async function runSimulate(args: Arguments, io: Io, deps: Deps): Promise<Outcome> {
  return withProfile(args, { io, deps }, async (profile) => {
    const nodes = nodeCounts(args.values.get('nodes') ?? '');
    const files = await readInputs(args.positionals, io);
    const simulation = deps.simulate(profile, files, nodes);
    const status = simulationStatus(simulation, profile);
    const { errors } = simulation;
    return printed('simulation', simulation, {
      args,
      status,
      errors,
      context: contextOf(files, io, deps),
    });
  });
}

/** Reads `master=3,worker=5`. */
function nodeCounts(text: string): ReadonlyMap<string, number> {
  const parts = text === '' ? [] : text.split(',');
  return new Map(
    parts.map((part) => {
      const [, role, count] = /^([^=]+)=(\d{1,4})$/.exec(part) ?? [];
      if (role === undefined) throw usage(`--nodes takes ROLE=N, not ${part}: say how many`);
      return [role, Number(count)] as const;
    }),
  );
}

interface Generation {
  readonly deps: Deps;
  readonly generate: (profile: Profile) => Promise<ReadonlyMap<string, string>>;
}

async function runGenerate(args: Arguments, io: Io, generation: Generation): Promise<Outcome> {
  const { deps, generate } = generation;
  return withProfile(args, { io, deps }, async (profile) => {
    const out = args.values.get('out') ?? '';
    const files = await generate(profile);
    writeBelow(resolve(io.cwd, out), files);
    return success(`${counted(files.size, 'file')} written to ${visible(out)}\n`);
  });
}

function runProfiles(name: string | undefined, deps: Deps): Outcome {
  const names = deps.profileNames();
  if (name === undefined) return success(names.map((shipped) => `${shipped}\n`).join(''));
  if (!names.includes(name)) throw unknownProfile(name, deps);
  return success(deps.profileText(name));
}

/** Goes on with the profile that was asked for, or says all that is wrong with it. */
async function withProfile(
  args: Arguments,
  { io, deps }: { readonly io: Io; readonly deps: Deps },
  use: (profile: Profile) => Promise<Outcome>,
): Promise<Outcome> {
  const read = await profileNamed(args.values.get('profile'), io.cwd, deps);
  if (read.kind === 'profile') return use(read.profile);
  const sentences = read.errors.map(({ message, place }) =>
    renderProblem({ message, ...(place ?? { file: null, line: null, column: null }) }),
  );
  return { stdout: '', stderr: sentences.map((text) => `${text}\n`).join(''), status: 2 };
}

interface Printing {
  readonly args: Arguments;
  readonly status: number;
  /** What could not be checked, which standard error tells in every format. */
  readonly errors: readonly Problem[];
  readonly context: Context;
}

/** Prints a document in the format that `--output` names. */
function printed<Name extends keyof Documents>(
  name: Name,
  document: Documents[Name],
  { args, status, errors, context }: Printing,
): Outcome {
  const render = formatsOf(name)[args.values.get('output') ?? ''];
  if (render === undefined) throw new Error(`${name} has no such format`);
  return {
    stdout: render(document, context),
    stderr: renderErrors(errors, { ...context, color: false }),
    status,
  };
}

function contextOf(files: readonly InputFile[], io: Io, deps: Deps): Context {
  return {
    source: sourceOf(files),
    color: wantsColor(io),
    width: WIDTH,
    policies: deps.policies(),
  };
}

function failOn(args: Arguments): Severity {
  return args.values.get('fail-on') === 'warning' ? 'warning' : 'error';
}

function success(stdout: string): Outcome {
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
    help: 'The form of the answer.',
  };
}
