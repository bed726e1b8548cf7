import { UserError } from '../errors.ts';
import { renderProblem } from '../formats/human.ts';
import { visible } from '../formats/text.ts';
import { HELP, inWords, parse, suggestion, usage } from './args.ts';
import { COMMANDS, type Command, type Outcome } from './commands.ts';
import type { Deps } from './deps.ts';
import { commandHelp, overview } from './help.ts';
import type { Io } from './io.ts';

/**
 * Runs a command line and says its exit status.
 *
 * Never throws: a fault of the user is one sentence, any other is a bug with its stack, and both are
 * exit status 2, because something was not checked.
 */
export async function main(argv: readonly string[], io: Io, deps: Deps): Promise<number> {
  const { stdout, stderr, status } = await outcomeOf(argv, io, deps);
  if (stderr !== '') io.stderr(stderr);
  if (stdout !== '') io.stdout(stdout);
  return status;
}

async function outcomeOf(argv: readonly string[], io: Io, deps: Deps): Promise<Outcome> {
  try {
    return await dispatch(argv, io, deps);
  } catch (error) {
    return { stdout: '', stderr: `${complaint(error)}\n`, status: 2 };
  }
}

async function dispatch(argv: readonly string[], io: Io, deps: Deps): Promise<Outcome> {
  const [first, ...rest] = argv;
  if (first === undefined) throw usage('give a command; bulkhead help lists them');
  if (first === '--version' || first === '-V') return told(`${deps.version()}\n`);
  if (first === '--help' || first === '-h') return told(overview());
  if (first === 'help') return told(rest.length === 0 ? overview() : helpOn(rest));
  if (first.startsWith('-')) throw flagFirst(first);
  const { command, args } = commandOf(argv);
  const parsed = parse(command, args);
  if (parsed.values.has(HELP.name)) return told(commandHelp(command));
  return command.run(parsed, io, deps);
}

function told(stdout: string): Outcome {
  return { stdout, stderr: '', status: 0 };
}

function helpOn(words: readonly string[]): string {
  const group = COMMANDS.filter(({ name }) => name.startsWith(`${words.join(' ')} `));
  if (group.length > 0) return group.map(commandHelp).join('\n');
  const { command, args } = commandOf(words);
  if (args.length > 0) throw usage(`help takes one command: ${args.join(' ')} is too much`);
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
    return usage(`${first} takes ${inWords(kinds, 'or')}${near}`);
  }
  const names = [...new Set([...COMMANDS.map(({ name }) => name.split(' ')[0] ?? ''), 'help'])];
  const hint = suggestion(first, names) || '; bulkhead help lists them';
  return usage(`there is no command ${first}${hint}`);
}

function flagFirst(flag: string): UserError {
  const name = flag.replace(/=.*$/s, '');
  const flags = COMMANDS.flatMap(({ options }) => options);
  if (flags.some((option) => name === `--${option.name}` || name === `-${option.short}`)) {
    return usage(`${name} belongs after a command, as in bulkhead check PATH ${name}`);
  }
  const hint = suggestion(name, ['--help', '--version']) || '; bulkhead help lists what there is';
  return usage(`there is no flag ${name}${hint}`);
}

function complaint(error: unknown): string {
  if (error instanceof UserError) {
    const { message, place } = error;
    return renderProblem({ message, ...(place ?? { file: null, line: null, column: null }) });
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const lines = stack.split('\n').map(visible).join('\n');
  return `bulkhead: this is a bug in Bulkhead, and nothing it said can be trusted:\n${lines}`;
}
