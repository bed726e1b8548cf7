import { FAIL_ON } from '../config/config.ts';
import { SHOWN } from '../formats/context.ts';
import { type Documents, formatsOf } from '../formats/index.ts';
import { FIRST_STAGE, STAGES } from '../gatekeeper/enforcement.ts';
import { SCOPES } from '../report/report.ts';
import { inWords } from '../words.ts';
import type { Option } from './args.ts';
import { RENDERING } from './inputs.ts';

// Every flag of every command, as the help shows it.

export const PROFILE: Option = {
  name: 'profile',
  short: 'p',
  value: 'NAME|FILE',
  help: 'Profile to check against: a built-in name or a file.',
};
export const CONFIG: Option = {
  name: 'config',
  short: 'c',
  value: 'FILE',
  help: 'Configuration. Default: the nearest bulkhead.yaml, up to the directory with .git.',
};
export const NO_CONFIG: Option = { name: 'no-config', help: 'Use no configuration.' };
export const ENVIRONMENT: Option = {
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
/** What names the input of a command. */
export const INPUT = [PROFILE, CONFIG, NO_CONFIG, TRUST, ENVIRONMENT, ...RENDERING, EXCLUDE];
export const FAILING: Option = {
  name: 'fail-on',
  value: FAIL_ON.join('|'),
  choices: [...FAIL_ON],
  shown: 'error',
  help: 'Exit with 1 on findings of this severity or above; with note on notes, too.',
};
export const SCOPE: Option = {
  name: 'scope',
  value: SCOPES.join('|'),
  choices: [...SCOPES],
  shown: 'part',
  help: 'Whether the input is part of a cluster or all of it. With cluster, components that are not in the input are reported.',
};
/** What names the input of a command that writes it. */
export const FIX_INPUT = INPUT.filter((option) => option !== TRUST);
/** The policies whose findings are fixed. */
export const FIX_POLICIES: readonly Option[] = [
  {
    name: 'policy',
    value: 'ID',
    isRepeatable: true,
    help: 'Fix only findings of this policy; repeatable.',
  },
  {
    name: 'skip-policy',
    value: 'ID',
    isRepeatable: true,
    help: 'Fix no findings of this policy; repeatable.',
  },
];
export const POLICIES: readonly Option[] = [
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
export const BASELINE: readonly Option[] = [
  {
    name: 'baseline',
    value: 'FILE',
    help: 'Baseline: findings that do not fail the check. Default: that of the configuration.',
  },
  { name: 'no-baseline', help: 'Use no baseline.' },
];
export const WRITE_BASELINE: Option = {
  name: 'write-baseline',
  help: 'Write what is found to the baseline, in place of a report.',
};
export const WATCH: Option = {
  name: 'watch',
  help: 'Check again after every change, until Ctrl-C; the exit status is that of the last check.',
};
export const WRITE: Option = { name: 'write', help: 'Write the fixes to the files.' };
export const UNSAFE: Option = {
  name: 'unsafe',
  help: 'Also write the fixes that are only suggested: they may change more than where pods run.',
};
export const REQUIRE_COMPONENTS: Option = {
  name: 'require-components',
  help: 'Exit with 1 if a component of the profile is not in the input.',
};
export const SHOW: Option = {
  name: 'show',
  value: SHOWN.join('|'),
  choices: [...SHOWN],
  isRepeatable: true,
  help: 'What to print besides open findings; repeatable. Default: notes.',
};
export const NAMESPACE: Option = {
  name: 'namespace',
  short: 'n',
  value: 'NS',
  help: 'Namespace of the objects that name none, as with kubectl.',
};
export const CONTEXT: Option = {
  name: 'context',
  value: 'NAME',
  help: 'Read the cluster of this context of the kubeconfig, through kubectl.',
};
export const KUBECONFIG: Option = {
  name: 'kubeconfig',
  value: 'FILE',
  help: 'Read the cluster of this kubeconfig, through kubectl.',
};
export const DUMP: Option = {
  name: 'from',
  value: 'FILE',
  isRepeatable: true,
  help: 'Derive from this dump of a cluster; repeatable.',
};
export const BASE_PROFILE: Option = {
  name: 'profile',
  short: 'p',
  value: 'PROFILE',
  help: 'Built-in profile to extend. Default: that of the distribution that is recognised.',
};
export const FORCE: Option = { name: 'force', help: 'Overwrite the files if they exist.' };
export const OUT: Option = {
  name: 'out',
  value: 'DIR',
  required: true,
  help: 'Directory to write to; created if missing.',
};

export const ENFORCEMENT: Option = {
  name: 'enforcement',
  value: STAGES.join('|'),
  choices: [...STAGES],
  default: FIRST_STAGE,
  help: 'What admission does with a violation: dryrun records, warn warns, deny rejects.',
};

export const NODES: Option = {
  name: 'nodes',
  value: 'ROLE=N,…',
  help: 'Number of nodes of a role, in addition to the Nodes in the manifests.',
};

export const SINCE: Option = {
  name: 'since',
  value: 'REV',
  help: 'Compare the work tree with this revision of git, in place of OLD and NEW.',
};

export const WIDTH: Option = {
  name: 'width',
  value: 'N',
  least: 40,
  help: 'Columns of a line, 40 or more. Default: those of the terminal, else 100.',
};
export const VERBOSE: Option = {
  name: 'verbose',
  help: 'List the documents that are no Kubernetes objects.',
};
export const EXAMPLES: Option = { name: 'examples', help: 'Add examples.' };
export const PAGE: Option = {
  name: 'output',
  short: 'o',
  value: 'human|markdown',
  choices: ['human', 'markdown'],
  default: 'human',
  help: 'Output format; markdown is the whole page.',
};

/** The flag that names the formats of the documents of a command, and their files. */
export function output(...documents: readonly (keyof Documents)[]): Option {
  const choices = documents.flatMap((document) => Object.keys(formatsOf(document)));
  return {
    name: 'output',
    short: 'o',
    value: 'FORMAT[=FILE]',
    choices,
    takesFile: true,
    isRepeatable: true,
    shown: 'human',
    help: `Output format: ${inWords(choices, 'or')}. With a file it is written there; repeatable.`,
  };
}

/** What audit passes on to kubectl, and what it makes of the cluster. */
export const CLUSTER: readonly Option[] = [
  { name: 'context', value: 'NAME', help: 'Context of the kubeconfig. Default: the current one.' },
  { name: 'kubeconfig', value: 'FILE', help: 'Kubeconfig, as with kubectl.' },
  { name: 'as', value: 'USER', help: 'User to impersonate, as with kubectl.' },
  {
    name: 'namespace',
    short: 'n',
    value: 'NS',
    help: 'Read only this namespace, and what is in none: then no component is reported as missing.',
  },
  { name: 'all-namespaces', short: 'A', help: 'Read all namespaces: the default.' },
  {
    name: 'request-timeout',
    value: 'TIME',
    help: 'How long one request may take, as with kubectl: 30s.',
  },
];
export const SAVE: Option = {
  name: 'save',
  value: 'FILE',
  help: 'Also write what was read to this file: no Secrets, no values of env and data.',
};
export const FROM: Option = {
  name: 'from',
  value: 'FILE',
  help: 'Read such a file in place of a cluster; - for standard input.',
};
export const PRINT_RBAC: Option = {
  name: 'print-rbac',
  help: 'Print the ClusterRole that the audit needs, bound to the user of --as, and read nothing.',
};
