import { inWords } from '../words.ts';
import { type Arguments, HELP, type Option, suggestion, usage } from './args.ts';
import type { Command } from './commands.ts';
import { SCRIPTS, SHELLS } from './completion-scripts.ts';
import type { Deps } from './deps.ts';
import { type Outcome, success } from './outcome.ts';

// The scripts ask this program what may follow. So there is one set of rules for all shells, and policies and profiles are those of
// the version that is installed. It takes as long as the start of Node.js, and reads nothing of the current directory.

/** What may follow on a command line, besides what the shell finds on the disk. */
interface Candidates {
  readonly words: readonly (readonly [word: string, says: string])[];
  readonly paths?: 'files' | 'directories';
}

const NOTHING: Candidates = { words: [] };
const FILES: Candidates = { words: [], paths: 'files' };
const DIRECTORIES: Candidates = { words: [], paths: 'directories' };

/** What stands for a value, by what the help calls it. A name of the user's own cannot be completed. */
export const VALUES: Readonly<Record<string, (deps: Deps) => Candidates>> = {
  ID: ({ catalogue }) => ({ words: catalogue().policies.map(({ id, title }) => [id, title]) }),
  PROFILE: (deps) => ({ words: profileWords(deps) }),
  'NAME|FILE': (deps) => ({ ...FILES, words: profileWords(deps) }),
  'profiles NAME|FILE': (deps) => ({
    ...FILES,
    words: [
      ...profileWords(deps),
      ...deps.addons().map(({ name, title }) => [name, title] as const),
    ],
  }),
  [SHELLS.join('|')]: () => ({ words: SHELLS.map((shell) => [shell, '']) }),
  PATH: () => FILES,
  FILE: () => FILES,
  DIR: () => DIRECTORIES,
  CHART: () => DIRECTORIES,
};

function profileWords({ profileNames, shippedProfile }: Deps): Candidates['words'] {
  return profileNames().map((name) => [name, shippedProfile(name).title]);
}

/** Prints the script of a shell, or for that script what completes the last of some words. */
export function runCompletion(
  { positionals }: Arguments,
  commands: readonly Command[],
  deps: Deps,
): Outcome {
  const [name = '', ...words] = positionals;
  const shell = SHELLS.find((one) => one === name);
  if (shell === undefined) {
    throw usage(
      `completion is for ${inWords(SHELLS, 'or')}, not ${name}${suggestion(name, SHELLS)}`,
    );
  }
  if (words.length === 0) return success(SCRIPTS[shell]);
  return success(answer(shell === 'bash' ? joined(words) : { words, cut: 0 }, commands, deps));
}

/** Words, and how much of the last one the shell has set apart from what it completes. */
interface Line {
  readonly words: readonly string[];
  readonly cut: number;
}

/** Puts together what Bash sets apart: `--output=json` is three words to it. */
function joined(words: readonly string[]): Line {
  const whole: string[] = [];
  let cut = 0;
  for (const [index, word] of words.entries()) {
    const isPart = index > 0 && (word === '=' || words[index - 1] === '=');
    const before = isPart ? (whole.pop() ?? '') : '';
    cut = before.length + (isPart && word === '=' ? 1 : 0);
    whole.push(before + word);
  }
  return { words: whole, cut };
}

/** One candidate a line, with a tab before what it says; at the end, where the path starts that the shell completes. */
function answer({ words, cut }: Line, commands: readonly Command[], deps: Deps): string {
  const current = words.at(-1) ?? '';
  const { start, ...found } = completed(words.slice(0, -1), current, { commands, deps });
  const lines = found.words
    .map(([word, says]) => [current.slice(0, start) + word, says] as const)
    .filter(([word]) => word.startsWith(current))
    .map(([word, says]) => `${word.slice(cut)}\t${says}\n`);
  const paths = found.paths === undefined ? '' : `:${found.paths}\t${start}\n`;
  return lines.join('') + paths;
}

/** Candidates for the end of a word, from `start` on. */
type Completed = Candidates & { readonly start: number };

function completed(
  before: readonly string[],
  current: string,
  { commands, deps }: { readonly commands: readonly Command[]; readonly deps: Deps },
): Completed {
  const command = [2, 1]
    .map((count) => before.slice(0, count).join(' '))
    .flatMap((name) => commands.filter((one) => one.name === name))[0];
  if (command === undefined) return { ...commandWords(before, current, commands), start: 0 };
  const options = [...command.options, HELP];
  const given = read(before.slice(command.name.split(' ').length), options);
  if (given.pending !== undefined) return candidatesFor(given.pending, current, { deps, start: 0 });
  const [flag] = /^(?:--[^=]+=|-[^-](?=.))/.exec(given.isEnded ? '' : current) ?? [];
  const option = flag === undefined ? undefined : optionOf(options, flag);
  if (flag !== undefined && option?.value !== undefined) {
    return candidatesFor(option, current, { deps, start: flag.length });
  }
  const own = argumentOf(command, given.count, deps);
  const isFlag = !given.isEnded && (current.startsWith('-') || own === NOTHING);
  return { ...(isFlag ? flags(options, given.used) : own), start: 0 };
}

/** The commands, one word after the other; those of the help, too. */
function commandWords(
  before: readonly string[],
  current: string,
  commands: readonly Command[],
): Candidates {
  const path = before[0] === 'help' ? before.slice(1) : before;
  const depth = path.length;
  const found = commands
    .map(({ name, summary }) => ({ names: name.split(' '), summary }))
    .filter(({ names }) => names.length > depth && path.every((word, at) => word === names[at]))
    .map(
      ({ names, summary }) =>
        [names[depth] ?? '', names.length > depth + 1 ? '' : summary] as const,
    );
  const others: Candidates['words'] = [
    ['help', 'print the help, or that of a command'],
    ['version', 'print the version'],
  ];
  if (current.startsWith('-')) {
    const version = before.length === 0 ? [['--version', 'Print the version.'] as const] : [];
    return { words: [['--help', HELP.help], ...version] };
  }
  return { words: [...new Map(found), ...(before.length === 0 ? others : [])] };
}

/** What the words after a command say. */
interface Given {
  readonly used: ReadonlySet<string>;
  /** The flag whose value comes next. */
  readonly pending: Option | undefined;
  /** How many arguments there are that are not of a flag. */
  readonly count: number;
  /** After `--` there are no flags. */
  readonly isEnded: boolean;
}

function read(words: readonly string[], options: readonly Option[]): Given {
  const used = new Set<string>();
  let pending: Option | undefined;
  let count = 0;
  for (const [index, word] of words.entries()) {
    if (pending !== undefined) {
      pending = undefined;
    } else if (word === '--') {
      return { used, pending, count: count + words.length - index - 1, isEnded: true };
    } else if (isFlag(word)) {
      const option = optionOf(options, word);
      if (option !== undefined) used.add(option.name);
      pending = takesNext(option, word) ? option : undefined;
    } else {
      count += 1;
    }
  }
  return { used, pending, count, isEnded: false };
}

function isFlag(word: string): boolean {
  return word.startsWith('-') && word !== '-';
}

/** Whether the value of a flag is the word after it. */
function takesNext(option: Option | undefined, word: string): boolean {
  if (option?.value === undefined) return false;
  return word.startsWith('--') ? !word.includes('=') : word.length === 2;
}

/** The flag of a word such as `--output=json` or `-ojson`. */
function optionOf(options: readonly Option[], word: string): Option | undefined {
  return options.find(({ name, short }) =>
    word.startsWith('--') ? word.replace(/=.*$/s, '') === `--${name}` : word[1] === short,
  );
}

function flags(options: readonly Option[], used: ReadonlySet<string>): Candidates {
  const left = options.filter(({ name, isRepeatable }) => isRepeatable || !used.has(name));
  return { words: left.map(({ name, help }) => [`--${name}`, help]) };
}

function candidatesFor(
  { value = '', choices }: Option,
  current: string,
  { deps, start }: { readonly deps: Deps; readonly start: number },
): Completed {
  // In FORMAT=FILE the shell completes the file.
  const [before] = value.includes('=FILE') ? (/^[^=]*=/.exec(current.slice(start)) ?? []) : [];
  if (before !== undefined) return { ...FILES, start: start + before.length };
  const found =
    choices === undefined
      ? (VALUES[value]?.(deps) ?? NOTHING)
      : { words: choices.map((choice) => [choice, ''] as const) };
  return { ...found, start };
}

function argumentOf({ name, positional }: Command, count: number, deps: Deps): Candidates {
  const { label, most } = positional;
  if (count >= most) return NOTHING;
  return (VALUES[`${name} ${label}`] ?? VALUES[label])?.(deps) ?? NOTHING;
}
