import type { UserError } from '../errors.ts';
import { inWords } from '../words.ts';
import { HELP, parse, suggestion, usage } from './args.ts';
import { COMMANDS, type Command } from './commands.ts';
import type { Deps } from './deps.ts';
import { commandHelp, groupHelp, overview } from './help.ts';
import type { Io } from './io.ts';
import { failed, type Outcome, success, written } from './outcome.ts';

const VERSION = ['version', '--version', '-v', '-V'];
const HELP_FLAGS = ['--help', '-h'];

/**
 * Runs a command line and returns its exit status.
 *
 * Never throws: a user's error is one sentence, any other is a bug with its stack. Both are exit
 * status 2, because something was not checked.
 */
export async function main(argv: readonly string[], io: Io, deps: Deps): Promise<number> {
  const outcome = await outcomeOf(argv, io, deps);
  written(outcome, io);
  return outcome.status;
}

async function outcomeOf(argv: readonly string[], io: Io, deps: Deps): Promise<Outcome> {
  try {
    return await dispatch(argv, io, deps);
  } catch (error) {
    return failed(error);
  }
}

async function dispatch(argv: readonly string[], io: Io, deps: Deps): Promise<Outcome> {
  const [first, ...rest] = argv;
  if (first === undefined) return incomplete(overview());
  if (VERSION.includes(first)) return success(`${deps.version()}\n`);
  if (HELP_FLAGS.includes(first)) return success(overview());
  if (first === 'help') return success(rest.length === 0 ? overview() : helpOn(rest));
  if (first.startsWith('-')) throw flagFirst(first);
  const group = groupHelp([first]);
  if (group !== undefined && rest.length === 0) return incomplete(group);
  if (group !== undefined && HELP_FLAGS.includes(rest[0] ?? '')) return success(group);
  const { command, args } = commandOf(argv);
  const parsed = parse(command, args);
  if (parsed.values.has(HELP.name)) return success(commandHelp(command));
  return command.run(parsed, io, deps);
}

/** A command line that ends too early: what could follow, and the exit status of an error. */
function incomplete(help: string): Outcome {
  return { stdout: '', stderr: help, status: 2 };
}

function helpOn(words: readonly string[]): string {
  const group = groupHelp(words);
  if (group !== undefined) return group;
  const { command, args } = commandOf(words);
  if (args.length > 0) throw usage(`unexpected argument: ${args.join(' ')}`);
  return commandHelp(command);
}

/** The command that the first word names, or the first two. */
function commandOf(argv: readonly string[]): {
  readonly command: Command;
  readonly args: readonly string[];
} {
  for (const words of [2, 1]) {
    const command = COMMANDS.find(({ name }) => name === argv.slice(0, words).join(' '));
    if (command !== undefined) return { command, args: argv.slice(words) };
  }
  throw unknownCommand(argv[0] ?? '', argv[1]);
}

function unknownCommand(first: string, second: string | undefined): UserError {
  const kinds = COMMANDS.map(({ name }) => name.split(' '))
    .filter(([group, kind]) => group === first && kind !== undefined)
    .map(([, kind]) => kind ?? '');
  if (kinds.length > 0) {
    const got = second === undefined || second.startsWith('-') ? undefined : second;
    const near = got === undefined ? '' : `, not ${got}${suggestion(got, kinds)}`;
    return usage(`${first} needs ${inWords(kinds, 'or')}${near}`);
  }
  const groups = new Set(COMMANDS.map(({ name }) => name.split(' ')[0] ?? ''));
  const hint = suggestion(first, [...groups, 'help', 'version']) || '; bulkhead help lists them';
  return usage(`unknown command: ${first}${hint}`);
}

function flagFirst(flag: string): UserError {
  const name = flag.replace(/=.*$/s, '');
  const flags = COMMANDS.flatMap(({ options }) => options);
  if (flags.some((option) => name === `--${option.name}` || name === `-${option.short}`)) {
    return usage(`${name} comes after the command, as in bulkhead check PATH ${name}`);
  }
  const hint = suggestion(name, ['--help', '--version']) || '; bulkhead help lists the commands';
  return usage(`unknown flag: ${name}${hint}`);
}
