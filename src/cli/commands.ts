import { type Arguments, type Syntax, usage } from './args.ts';
import { runCheck, runSimulate, runTable } from './check-commands.ts';
import { runCompletion } from './completion.ts';
import { SHELLS } from './completion-scripts.ts';
import type { Deps } from './deps.ts';
import { runFix } from './fix-command.ts';
import { runGenerateConftest, runGenerateGatekeeper, runGenerateVap } from './generate-commands.ts';
import { type Io, lineWidth } from './io.ts';
import {
  BASE_PROFILE,
  BASELINE,
  CLUSTER,
  CONFIG,
  CONTEXT,
  DUMP,
  ENFORCEMENT,
  ENVIRONMENT,
  EXAMPLES,
  FAILING,
  FIX_INPUT,
  FIX_POLICIES,
  FORCE,
  FROM,
  INPUT,
  KUBECONFIG,
  NAMESPACE,
  NO_CONFIG,
  NODES,
  OUT,
  output,
  PAGE,
  POLICIES,
  PRINT_RBAC,
  PROFILE,
  REQUIRE_COMPONENTS,
  SAVE,
  SCOPE,
  SHOW,
  SINCE,
  UNSAFE,
  VERBOSE,
  WATCH,
  WIDTH,
  WRITE,
  WRITE_BASELINE,
} from './options.ts';
import { invalidFiles, type Outcome, success } from './outcome.ts';
import { isFile, profileIn, profileList, unknownProfile } from './profile.ts';
import { textsOnDisk } from './texts.ts';
import { watchable } from './watch.ts';

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

const EXIT_STATUS = `Exit status: 0 nothing of the severity of --fail-on or above; 1 such findings or notes; 2
something could not be read or checked, whatever --fail-on says. Everything else is checked and
reported even then.`;

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'init',
    summary: 'write bulkhead.yaml and a profile for a cluster or directory',
    description: `Recognises the distribution, and extends its built-in profile and the add-ons that are there. What else can
run on reserved nodes is a comment in the profile: no workload is admitted because the cluster has it.

Exit status: 0 both files were written; 2 they were not, or something could not be read.`,
    positional: {
      label: 'DIR',
      least: 0,
      most: 1,
      help: 'where to write, and what to check; the current directory by default',
    },
    options: [CONTEXT, KUBECONFIG, DUMP, BASE_PROFILE, FORCE, WIDTH],
    run: async (args, io, deps) => (await import('./init-command.ts')).runInit(args, io, deps),
  },
  {
    name: 'check',
    summary: 'check manifests against a profile',
    description: EXIT_STATUS,
    positional: PATHS,
    options: [
      ...INPUT,
      output('report', 'picture'),
      FAILING,
      SCOPE,
      REQUIRE_COMPONENTS,
      ...POLICIES,
      ...BASELINE,
      WRITE_BASELINE,
      WATCH,
      SHOW,
      VERBOSE,
      NAMESPACE,
      WIDTH,
    ],
    run: watchable(runCheck),
  },
  {
    name: 'audit',
    summary: 'check a live cluster, through kubectl',
    description: `Lists only the kinds that policies read: never Secrets or ConfigMaps. What the user may not
list is reported, and the policies that need it are not asked: exit status 2.

${EXIT_STATUS}`,
    positional: NO_POSITIONAL,
    rest: { label: 'KUBECTL FLAGS', help: 'other flags for each call of kubectl' },
    options: [
      ...CLUSTER,
      PROFILE,
      CONFIG,
      NO_CONFIG,
      ENVIRONMENT,
      SAVE,
      FROM,
      PRINT_RBAC,
      output('report', 'picture'),
      FAILING,
      REQUIRE_COMPONENTS,
      ...POLICIES,
      ...BASELINE,
      WRITE_BASELINE,
      SHOW,
      VERBOSE,
      WIDTH,
    ],
    // What only one command needs is loaded with it.
    run: async (args, io, deps) => (await import('./audit-command.ts')).runAudit(args, io, deps),
  },
  {
    name: 'diff',
    summary: 'compare two inputs, or the work tree with a revision of git',
    description: `Exit status: 0 no new finding of the severity of --fail-on or above; 1 such findings; 2 something of either
side could not be read or checked. Both sides are checked as a whole, with the configuration of the work tree.`,
    positional: {
      label: 'PATH',
      least: 0,
      most: Number.POSITIVE_INFINITY,
      help: 'OLD and NEW: files, directories, or - for standard input; with --since, what to compare, by default the inputs of bulkhead.yaml',
    },
    options: [
      SINCE,
      ...INPUT,
      output('diff'),
      FAILING,
      ...POLICIES,
      ...BASELINE,
      NAMESPACE,
      VERBOSE,
      WIDTH,
    ],
    run: async (args, io, deps) => (await import('./diff-command.ts')).runDiff(args, io, deps),
  },
  {
    name: 'fix',
    summary: 'edit what can be fixed in the files, or show how',
    description: `A fix removes findings, adds none to what is checked, and leaves every other value and byte of its file
alone. Without --write nothing is written.

Exit status: 0 nothing can be fixed, 1 something can; with --write that of check afterwards; 2 something could not be
read, checked or written.`,
    positional: PATHS,
    options: [
      ...FIX_INPUT,
      WRITE,
      UNSAFE,
      ...FIX_POLICIES,
      ...BASELINE,
      FAILING,
      SCOPE,
      REQUIRE_COMPONENTS,
      NAMESPACE,
      WIDTH,
    ],
    run: runFix,
  },
  {
    name: 'table',
    summary: 'fill in the component table, and mark what deviates',
    description: EXIT_STATUS,
    positional: PATHS,
    options: [
      ...INPUT,
      output('table', 'picture'),
      FAILING,
      ...BASELINE,
      NAMESPACE,
      VERBOSE,
      WIDTH,
    ],
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
    run: runGenerateGatekeeper,
  },
  {
    name: 'generate vap',
    summary: 'write ValidatingAdmissionPolicies for the API server',
    description:
      'Needs Kubernetes 1.30 or later. Overwrites the files that it generates, and leaves others alone. A policy for which the ' +
      'profile has nothing to check is not written.',
    positional: NO_POSITIONAL,
    options: [PROFILE, CONFIG, NO_CONFIG, ENVIRONMENT, ENFORCEMENT, OUT],
    run: runGenerateVap,
  },
  {
    name: 'generate conftest',
    summary: 'write the policies and their parameters for conftest',
    description: 'Overwrites the files that it generates, and leaves others alone.',
    positional: NO_POSITIONAL,
    options: [PROFILE, CONFIG, NO_CONFIG, ENVIRONMENT, OUT],
    run: runGenerateConftest,
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
  {
    name: 'completion',
    summary: 'print the script that completes commands, flags and names',
    description: `Once, for your shell:

bash: bulkhead completion bash >> ~/.bashrc

zsh: bulkhead completion zsh >> ~/.zshrc

fish: bulkhead completion fish > ~/.config/fish/completions/bulkhead.fish`,
    positional: {
      label: SHELLS.join('|'),
      least: 1,
      most: Number.POSITIVE_INFINITY,
      help: 'the shell; its script adds the words to complete',
    },
    options: [],
    run: async (args, _io, deps) => runCompletion(args, COMMANDS, deps),
  },
];

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
  const read = await profileIn(name, { deps, texts: textsOnDisk(io) });
  return read.kind === 'profile'
    ? success(await deps.resolvedText(read.profile))
    : invalidFiles(read.errors);
}
